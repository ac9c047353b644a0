// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/content_coding.h"

#include "transport/ascii.h"
#include "transport/brotli_decoder.h"
#include "transport/gzip_decoder.h"
#include "transport/lz4_decoder.h"
#include "transport/zstd_decoder.h"

#include <optional>

namespace freshet::transport {

namespace {

/// Above so much output the ratio is checked; below it, any ratio is harmless.
constexpr ByteCount kRatioCheckedFrom = 64_MiB;

/// One decoder after the other. Keeps the first error, and stops what grows out of proportion.
class DecoderChain final : public ContentDecoder
{
public:
    DecoderChain(std::vector<std::unique_ptr<ContentDecoder>> stages, const Limits &limits)
        : m_stages(std::move(stages)), m_ratio(limits.compressionRatio)
    {
        m_produced.resize(m_stages.size());
    }

    Status feed(std::string_view bytes, const Output &output) override
    {
        m_encoded += ByteCount(static_cast<std::int64_t>(bytes.size()));
        return keep([&] { return feedStage(0, bytes, output); });
    }

    Status finish(const Output &output) override
    {
        return keep([&]() -> Status {
            for (std::size_t stage = 0; stage < m_stages.size(); ++stage)
                FRESHET_TRY(m_stages[stage]->finish(outputOf(stage, output)));
            return {};
        });
    }

private:
    template <typename Work>
    Status keep(Work work)
    {
        if (m_error)
            return fail(*m_error);
        Status status = work();
        if (!status)
            m_error = status.error();
        return status;
    }

    Status feedStage(std::size_t stage, std::string_view bytes, const Output &output)
    {
        if (stage == m_stages.size())
            return output(bytes);
        return m_stages[stage]->feed(bytes, outputOf(stage, output));
    }

    Output outputOf(std::size_t stage, const Output &output)
    {
        return [this, stage, &output](std::string_view bytes) -> Status {
            m_produced[stage] += ByteCount(static_cast<std::int64_t>(bytes.size()));
            FRESHET_TRY(checkRatio(m_produced[stage]));
            return feedStage(stage + 1, bytes, output);
        };
    }

    [[nodiscard]] Status checkRatio(ByteCount produced) const
    {
        if (produced <= kRatioCheckedFrom || produced.value() / m_ratio < m_encoded.value())
            return {};
        return fail(Error{.code = ErrorCode::SizeLimitExceeded,
                          .detail = std::to_string(m_encoded.value()) + " encoded bytes gave " +
                                    std::to_string(produced.value()) +
                                    " bytes, which is more than the limit of " +
                                    std::to_string(m_ratio) + " to 1",
                          .byteOffset = ByteOffset(m_encoded.value())});
    }

    std::vector<std::unique_ptr<ContentDecoder>> m_stages;
    std::vector<ByteCount> m_produced;
    ByteCount m_encoded;
    std::int64_t m_ratio;
    std::optional<Error> m_error;
};

Result<std::unique_ptr<ContentDecoder>> makeStage(std::string_view coding)
{
    if (equalsIgnoringCase(coding, "gzip") || equalsIgnoringCase(coding, "x-gzip"))
        return makeGzipDecoder();
    if (equalsIgnoringCase(coding, "deflate"))
        return makeDeflateDecoder();
    if (equalsIgnoringCase(coding, "zstd"))
        return makeZstdDecoder();
    if (equalsIgnoringCase(coding, "br"))
        return makeBrotliDecoder();
    if (equalsIgnoringCase(coding, "lz4"))
        return makeLz4Decoder();
    return fail(ErrorCode::CodingUnsupported,
                "the content coding \"" + std::string(coding) + "\" is not supported");
}

} // namespace

Result<std::unique_ptr<ContentDecoder>> makeContentDecoder(const std::vector<std::string> &codings,
                                                           const Limits &limits)
{
    if (limits.compressionRatio < 1)
        return fail(ErrorCode::InvalidArgument, "the compression ratio limit must be at least 1");
    std::vector<std::unique_ptr<ContentDecoder>> stages;
    for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
        if (equalsIgnoringCase(*coding, "identity"))
            continue;
        auto stage = makeStage(*coding);
        if (!stage)
            return fail(std::move(stage).error());
        stages.push_back(std::move(*stage));
    }
    return std::make_unique<DecoderChain>(std::move(stages), limits);
}

std::string codingOfFile(std::string_view name, std::string_view firstBytes)
{
    using namespace std::string_view_literals;
    if (firstBytes.starts_with("\x1f\x8b\x08"sv))
        return "gzip";
    if (firstBytes.starts_with("\x28\xb5\x2f\xfd"sv))
        return "zstd";
    if (firstBytes.starts_with("\x04\x22\x4d\x18"sv))
        return "lz4";
    if (endsWithIgnoringCase(name, ".br"))
        return "br";
    return {};
}

} // namespace freshet::transport

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/lz4_decoder.h"

#include "transport/coding_error.h"

#include <lz4frame.h>

#include <vector>

namespace freshet::transport {

namespace {

struct FreeContext
{
    void operator()(LZ4F_dctx *context) const { LZ4F_freeDecompressionContext(context); }
};
using Context = std::unique_ptr<LZ4F_dctx, FreeContext>;

class Lz4Decoder final : public ContentDecoder
{
public:
    explicit Lz4Decoder(Context context) : m_context(std::move(context)), m_output(kDecodedPiece) {}

    Status feed(std::string_view bytes, const Output &output) override
    {
        bool outputFilled = false;
        while (!bytes.empty() || outputFilled) {
            std::size_t produced = m_output.size();
            std::size_t used = bytes.size();
            const std::size_t code = LZ4F_decompress(m_context.get(), m_output.data(), &produced,
                                                     bytes.data(), &used, nullptr);
            if (LZ4F_isError(code))
                return fail(corruptCoding("lz4", LZ4F_getErrorName(code), m_offset));
            m_offset += ByteCount(static_cast<std::int64_t>(used));
            bytes.remove_prefix(used);
            if (produced > 0)
                FRESHET_TRY(output({m_output.data(), produced}));
            m_isBetweenFrames = code == 0;
            outputFilled = produced == m_output.size() && !m_isBetweenFrames;
        }
        return {};
    }

    Status finish(const Output &) override
    {
        const bool isWhole = m_isBetweenFrames && m_offset > ByteOffset();
        return isWhole ? Status() : fail(truncatedCoding("lz4", m_offset));
    }

private:
    Context m_context;
    std::vector<char> m_output;
    ByteOffset m_offset;
    bool m_isBetweenFrames = true;
};

} // namespace

Result<std::unique_ptr<ContentDecoder>> makeLz4Decoder()
{
    LZ4F_dctx *context = nullptr;
    const auto code = LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
    if (LZ4F_isError(code))
        return fail(ErrorCode::Internal, LZ4F_getErrorName(code));
    return std::make_unique<Lz4Decoder>(Context(context));
}

} // namespace freshet::transport

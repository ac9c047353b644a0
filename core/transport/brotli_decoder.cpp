// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/brotli_decoder.h"

#include "transport/coding_error.h"

#include <brotli/decode.h>

#include <vector>

namespace freshet::transport {

namespace {

struct FreeState
{
    void operator()(BrotliDecoderState *state) const { BrotliDecoderDestroyInstance(state); }
};
using State = std::unique_ptr<BrotliDecoderState, FreeState>;

class BrotliDecoder final : public ContentDecoder
{
public:
    explicit BrotliDecoder(State state) : m_state(std::move(state)), m_output(kDecodedPiece) {}

    Status feed(std::string_view bytes, const Output &output) override
    {
        const auto *next = reinterpret_cast<const std::uint8_t *>(bytes.data());
        std::size_t left = bytes.size();
        bool hasMoreOutput = false;
        while (left > 0 || hasMoreOutput) {
            if (m_isFinished)
                return fail(corruptCoding("br", "bytes after the end", placeBefore(bytes, left)));
            std::uint8_t *into = m_output.data();
            std::size_t room = m_output.size();
            const BrotliDecoderResult result =
                BrotliDecoderDecompressStream(m_state.get(), &left, &next, &room, &into, nullptr);
            if (room < m_output.size())
                FRESHET_TRY(output(
                    {reinterpret_cast<const char *>(m_output.data()), m_output.size() - room}));
            if (result == BROTLI_DECODER_RESULT_ERROR)
                return fail(corruptCoding("br", reason(), placeBefore(bytes, left)));
            m_isFinished = result == BROTLI_DECODER_RESULT_SUCCESS;
            hasMoreOutput = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
        }
        m_offset += ByteCount(static_cast<std::int64_t>(bytes.size()));
        return {};
    }

    Status finish(const Output &) override
    {
        return m_isFinished ? Status() : fail(truncatedCoding("br", m_offset));
    }

private:
    [[nodiscard]] std::string_view reason() const
    {
        return BrotliDecoderErrorString(BrotliDecoderGetErrorCode(m_state.get()));
    }
    [[nodiscard]] ByteOffset placeBefore(std::string_view bytes, std::size_t left) const
    {
        return m_offset + ByteCount(static_cast<std::int64_t>(bytes.size() - left));
    }

    State m_state;
    std::vector<std::uint8_t> m_output;
    ByteOffset m_offset;
    bool m_isFinished = false;
};

} // namespace

Result<std::unique_ptr<ContentDecoder>> makeBrotliDecoder()
{
    State state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state)
        return fail(ErrorCode::Internal, "no memory for a br decoder");
    return std::make_unique<BrotliDecoder>(std::move(state));
}

} // namespace freshet::transport

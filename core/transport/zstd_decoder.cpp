// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/zstd_decoder.h"

#include "transport/coding_error.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <vector>

namespace freshet::transport {

namespace {

struct FreeContext
{
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};
using Context = std::unique_ptr<ZSTD_DCtx, FreeContext>;

class ZstdDecoder final : public ContentDecoder
{
public:
    explicit ZstdDecoder(Context context) : m_context(std::move(context)), m_output(kDecodedPiece)
    {}

    Status feed(std::string_view bytes, const Output &output) override
    {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        bool outputFilled = false;
        while (in.pos < in.size || outputFilled) {
            ZSTD_outBuffer out{m_output.data(), m_output.size(), 0};
            const std::size_t code = ZSTD_decompressStream(m_context.get(), &out, &in);
            if (out.pos > 0)
                FRESHET_TRY(output({m_output.data(), out.pos}));
            if (ZSTD_isError(code))
                return fail(errorOf(code, in.pos));
            m_isBetweenFrames = code == 0;
            outputFilled = out.pos == out.size && !m_isBetweenFrames;
        }
        m_offset += ByteCount(static_cast<std::int64_t>(bytes.size()));
        return {};
    }

    Status finish(const Output &) override
    {
        const bool isWhole = m_isBetweenFrames && m_offset > ByteOffset();
        return isWhole ? Status() : fail(truncatedCoding("zstd", m_offset));
    }

private:
    [[nodiscard]] Error errorOf(std::size_t code, std::size_t used) const
    {
        const ByteOffset place = m_offset + ByteCount(static_cast<std::int64_t>(used));
        Error error = corruptCoding("zstd", ZSTD_getErrorName(code), place);
        const ZSTD_ErrorCode reason = ZSTD_getErrorCode(code);
        if (reason == ZSTD_error_frameParameter_windowTooLarge ||
            reason == ZSTD_error_memory_allocation)
            error.code = ErrorCode::SizeLimitExceeded;
        return error;
    }

    Context m_context;
    std::vector<char> m_output;
    ByteOffset m_offset;
    bool m_isBetweenFrames = true;
};

} // namespace

Result<std::unique_ptr<ContentDecoder>> makeZstdDecoder()
{
    Context context(ZSTD_createDCtx());
    if (!context)
        return fail(ErrorCode::Internal, "no memory for a zstd decoder");
    return std::make_unique<ZstdDecoder>(std::move(context));
}

} // namespace freshet::transport

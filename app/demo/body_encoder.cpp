// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/body_encoder.h"

#include <brotli/encode.h>
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace freshet::demo {

namespace {

class CopyingEncoder : public BodyEncoder
{
public:
    Status encode(std::string_view bytes, Mode, std::string &out) override
    {
        out.append(bytes);
        return {};
    }
};

class GzipEncoder : public BodyEncoder
{
public:
    GzipEncoder()
    {
        isal_deflate_init(&m_stream);
        m_stream.gzip_flag = IGZIP_GZIP;
        m_stream.level = 1;
        m_stream.level_buf = m_level.data();
        m_stream.level_buf_size = static_cast<std::uint32_t>(m_level.size());
    }

    Status encode(std::string_view bytes, Mode mode, std::string &out) override
    {
        std::array<std::uint8_t, 64 * 1024> chunk;
        std::string copy(bytes); // ISA-L takes input that it could write to
        m_stream.next_in = reinterpret_cast<std::uint8_t *>(copy.data());
        m_stream.avail_in = static_cast<std::uint32_t>(copy.size());
        m_stream.end_of_stream = mode == Mode::End ? 1 : 0;
        m_stream.flush = mode == Mode::Flush ? SYNC_FLUSH : NO_FLUSH;
        do {
            m_stream.next_out = chunk.data();
            m_stream.avail_out = static_cast<std::uint32_t>(chunk.size());
            if (const int code = isal_deflate(&m_stream); code != COMP_OK)
                return fail(ErrorCode::Internal, "gzip encoder: error " + std::to_string(code));
            out.append(reinterpret_cast<const char *>(chunk.data()),
                       chunk.size() - m_stream.avail_out);
        } while (m_stream.avail_out == 0 || m_stream.avail_in != 0);
        return {};
    }

private:
    isal_zstream m_stream = {};
    std::vector<std::uint8_t> m_level = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
};

class ZstdEncoder : public BodyEncoder
{
public:
    ZstdEncoder() : m_context(ZSTD_createCCtx(), ZSTD_freeCCtx) {}

    Status encode(std::string_view bytes, Mode mode, std::string &out) override
    {
        const ZSTD_EndDirective directive = mode == Mode::End     ? ZSTD_e_end
                                            : mode == Mode::Flush ? ZSTD_e_flush
                                                                  : ZSTD_e_continue;
        ZSTD_inBuffer input = {bytes.data(), bytes.size(), 0};
        std::vector<char> chunk(ZSTD_CStreamOutSize());
        for (;;) {
            ZSTD_outBuffer output = {chunk.data(), chunk.size(), 0};
            const std::size_t left =
                ZSTD_compressStream2(m_context.get(), &output, &input, directive);
            if (ZSTD_isError(left))
                return fail(ErrorCode::Internal,
                            std::string("zstd encoder: ") + ZSTD_getErrorName(left));
            out.append(chunk.data(), output.pos);
            const bool done = directive == ZSTD_e_continue ? input.pos == input.size : left == 0;
            if (done)
                return {};
        }
    }

private:
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> m_context;
};

class BrotliEncoder : public BodyEncoder
{
public:
    BrotliEncoder()
        : m_state(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr),
                  BrotliEncoderDestroyInstance)
    {
        constexpr std::uint32_t kFast = 3;
        BrotliEncoderSetParameter(m_state.get(), BROTLI_PARAM_QUALITY, kFast);
    }

    Status encode(std::string_view bytes, Mode mode, std::string &out) override
    {
        const BrotliEncoderOperation operation = mode == Mode::End     ? BROTLI_OPERATION_FINISH
                                                 : mode == Mode::Flush ? BROTLI_OPERATION_FLUSH
                                                                       : BROTLI_OPERATION_PROCESS;
        std::size_t left = bytes.size();
        const auto *next = reinterpret_cast<const std::uint8_t *>(bytes.data());
        do {
            std::size_t room = 0;
            if (!BrotliEncoderCompressStream(m_state.get(), operation, &left, &next, &room, nullptr,
                                             nullptr))
                return fail(ErrorCode::Internal, "brotli encoder failed");
            std::size_t size = 0;
            const std::uint8_t *made = BrotliEncoderTakeOutput(m_state.get(), &size);
            out.append(reinterpret_cast<const char *>(made), size);
        } while (left != 0 || BrotliEncoderHasMoreOutput(m_state.get()) ||
                 (mode == Mode::End && !BrotliEncoderIsFinished(m_state.get())));
        return {};
    }

private:
    std::unique_ptr<BrotliEncoderState, decltype(&BrotliEncoderDestroyInstance)> m_state;
};

/// Whether the list names `coding` and does not refuse it with `q=0`.
bool accepts(std::string_view list, std::string_view coding)
{
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        while (item.starts_with(' '))
            item.remove_prefix(1);
        const std::string_view name = item.substr(0, item.find_first_of("; "));
        if (name != coding)
            continue;
        const std::size_t weight = item.find("q=");
        if (weight == item.npos)
            return true;
        return item.substr(weight + 2).find_first_of("123456789") != item.npos;
    }
    return false;
}

} // namespace

std::string_view negotiatedCoding(std::string_view acceptEncoding)
{
    using namespace std::string_view_literals;
    for (const std::string_view coding : {"zstd"sv, "br"sv, "gzip"sv}) {
        if (accepts(acceptEncoding, coding))
            return coding;
    }
    return {};
}

Result<std::unique_ptr<BodyEncoder>> makeBodyEncoder(std::string_view coding)
{
    if (coding.empty())
        return std::make_unique<CopyingEncoder>();
    if (coding == "gzip")
        return std::make_unique<GzipEncoder>();
    if (coding == "zstd")
        return std::make_unique<ZstdEncoder>();
    if (coding == "br")
        return std::make_unique<BrotliEncoder>();
    return fail(ErrorCode::CodingUnsupported, "no encoder for " + std::string(coding));
}

} // namespace freshet::demo

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/buffer_compression.h"

#include <lz4frame.h>
#include <zstd.h>

#include <bit>
#include <cstring>
#include <string>

namespace freshet::store {

using columnar::Buffer;
using columnar::MutableBuffer;

namespace {

/// Below this a frame costs more than it saves.
constexpr std::size_t kWorthCompressing = 64;
constexpr int kSkipAfterFailure = 15;
constexpr std::int64_t kStoredRaw = -1;

static_assert(std::endian::native == std::endian::little, "Arrow files are little-endian");

void storeLength(std::byte *place, std::int64_t length)
{
    std::memcpy(place, &length, sizeof length);
}

Error damaged(std::string why)
{
    return Error{.code = ErrorCode::LibraryDamaged, .detail = std::move(why)};
}

struct DecompressionDeleter
{
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
    void operator()(LZ4F_dctx *context) const { LZ4F_freeDecompressionContext(context); }
};

Status restoreZstd(std::span<const std::byte> frame, MutableBuffer &into)
{
    thread_local const std::unique_ptr<ZSTD_DCtx, DecompressionDeleter> context(ZSTD_createDCtx());
    if (!context)
        return fail(ErrorCode::Internal, "no memory for Zstandard");
    const std::size_t n =
        ZSTD_decompressDCtx(context.get(), into.data(), into.size(), frame.data(), frame.size());
    if (ZSTD_isError(n) != 0)
        return fail(damaged(std::string("a buffer does not decompress: ") + ZSTD_getErrorName(n)));
    if (n != into.size())
        return fail(damaged("a buffer is shorter than it says"));
    return {};
}

Status restoreLz4(std::span<const std::byte> frame, MutableBuffer &into)
{
    LZ4F_dctx *created = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&created, LZ4F_VERSION)) != 0)
        return fail(ErrorCode::Internal, "no memory for LZ4");
    const std::unique_ptr<LZ4F_dctx, DecompressionDeleter> context(created);
    std::size_t written = 0;
    std::size_t read = 0;
    std::size_t hint = 1;
    while (hint != 0 && read < frame.size()) {
        std::size_t room = into.size() - written;
        std::size_t chunk = frame.size() - read;
        hint = LZ4F_decompress(context.get(), into.data() + written, &room, frame.data() + read,
                               &chunk, nullptr);
        if (LZ4F_isError(hint) != 0) {
            return fail(
                damaged(std::string("a buffer does not decompress: ") + LZ4F_getErrorName(hint)));
        }
        if (room == 0 && chunk == 0)
            return fail(damaged("a buffer is longer than it says"));
        written += room;
        read += chunk;
    }
    if (hint != 0 || written != into.size())
        return fail(damaged("a buffer is shorter than it says"));
    return {};
}

} // namespace

void BufferCompressor::ContextDeleter::operator()(void *context) const
{
    ZSTD_freeCCtx(static_cast<ZSTD_CCtx *>(context));
}

BufferCompressor::BufferCompressor() : m_context(ZSTD_createCCtx())
{
    auto *context = static_cast<ZSTD_CCtx *>(m_context.get());
    // A checksum in each frame finds a flipped bit; it costs a percent of the time.
    if (context != nullptr &&
        (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel)) != 0 ||
         ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)) != 0))
        m_context.reset();
}

Status BufferCompressor::append(MutableBuffer &body, std::span<const std::byte> bytes, Habit &habit)
{
    auto *context = static_cast<ZSTD_CCtx *>(m_context.get());
    if (context == nullptr)
        return fail(ErrorCode::Internal, "no memory for Zstandard");
    const std::size_t start = body.size();
    const bool tries = bytes.size() >= kWorthCompressing && habit.batchesToSkip == 0;
    if (habit.batchesToSkip > 0)
        --habit.batchesToSkip;
    if (tries) {
        body.reserve(start + kStoredPrefix + ZSTD_compressBound(bytes.size()));
        const std::size_t n =
            ZSTD_compress2(context, body.data() + start + kStoredPrefix,
                           ZSTD_compressBound(bytes.size()), bytes.data(), bytes.size());
        if (ZSTD_isError(n) != 0)
            return fail(ErrorCode::Internal, std::string("Zstandard: ") + ZSTD_getErrorName(n));
        // Less than a twentieth saved is not worth the reader's time.
        if (n < bytes.size() - bytes.size() / 20) {
            storeLength(body.data() + start, static_cast<std::int64_t>(bytes.size()));
            body.setSize(start + kStoredPrefix + n);
            return {};
        }
        habit.batchesToSkip = kSkipAfterFailure;
    }
    body.reserve(start + kStoredPrefix + bytes.size());
    storeLength(body.data() + start, kStoredRaw);
    std::memcpy(body.data() + start + kStoredPrefix, bytes.data(), bytes.size());
    body.setSize(start + kStoredPrefix + bytes.size());
    return {};
}

Result<Buffer> restoreBuffer(ipc::Codec codec, const Buffer &stored, std::int64_t limit)
{
    if (stored.size() == 0)
        return stored;
    if (stored.size() < kStoredPrefix)
        return fail(damaged("a compressed buffer without its length"));
    std::int64_t length = 0;
    std::memcpy(&length, stored.data(), sizeof length);
    const Buffer content = stored.slice(kStoredPrefix, stored.size() - kStoredPrefix);
    if (length == kStoredRaw)
        return content;
    if (length < 0 || length > limit)
        return fail(damaged("a buffer of " + std::to_string(length) + " bytes"));

    MutableBuffer restored;
    restored.resize(static_cast<std::size_t>(length));
    const std::span<const std::byte> frame(content.data(), content.size());
    switch (codec) {
    case ipc::Codec::Zstd:
        FRESHET_TRY(restoreZstd(frame, restored));
        break;
    case ipc::Codec::Lz4Frame:
        FRESHET_TRY(restoreLz4(frame, restored));
        break;
    default:
        return fail(ErrorCode::Unsupported, "a compression that is not known");
    }
    return restored.finish();
}

} // namespace freshet::store

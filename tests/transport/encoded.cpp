// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/encoded.h"

#include <brotli/encode.h>
#include <lz4frame.h>
#include <zstd.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace freshet::test {

namespace {

void require(bool isGood)
{
    if (!isGood)
        throw std::runtime_error("an encoder of the test failed");
}

constexpr std::array<std::uint32_t, 256> crcTable()
{
    std::array<std::uint32_t, 256> table = {};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
        table[byte] = crc;
    }
    return table;
}

/// CRC-32 of RFC 1952 §8.
std::uint32_t crc32(std::string_view bytes)
{
    static constexpr auto kTable = crcTable();
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : bytes)
        crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
    return ~crc;
}

std::string littleEndian(std::uint32_t value, int bytes)
{
    std::string result;
    for (int i = 0; i < bytes; ++i)
        result += static_cast<char>(value >> (8 * i));
    return result;
}

} // namespace

std::string sampleText(std::size_t size)
{
    constexpr std::array kWords{"alpha", "beta", "gamma", "delta", "épsilon", "zeta"};
    std::mt19937 random(7);
    std::string text;
    text.reserve(size + 128);
    for (std::uint32_t id = 0; text.size() < size; ++id) {
        text += "{\"id\":" + std::to_string(id) + ",\"value\":" + std::to_string(random()) +
                ",\"word\":\"" + kWords[random() % kWords.size()] + "\"}\n";
    }
    text.resize(size);
    return text;
}

std::string zlibOf(std::string_view text)
{
    if (text.empty()) // qCompress gives nothing for it
        return {"\x78\x9c\x03\0\0\0\0\x01", 8};
    constexpr qsizetype kQtLength = 4; // qCompress puts the length in front
    const QByteArray packed =
        qCompress(reinterpret_cast<const uchar *>(text.data()), qsizetype(text.size()));
    return packed.mid(kQtLength).toStdString();
}

std::string rawDeflateOf(std::string_view text)
{
    const std::string wrapped = zlibOf(text);
    return wrapped.substr(2, wrapped.size() - 6);
}

std::string gzipOf(std::string_view text, const GzipHeader &header)
{
    enum Flag { HeaderCrc = 2, Extra = 4, Name = 8, Comment = 16 };
    int flags = 0;
    std::string fields;
    if (!header.extra.empty()) {
        flags |= Extra;
        fields += littleEndian(static_cast<std::uint32_t>(header.extra.size()), 2) + header.extra;
    }
    if (!header.name.empty()) {
        flags |= Name;
        fields += header.name + '\0';
    }
    if (!header.comment.empty()) {
        flags |= Comment;
        fields += header.comment + '\0';
    }
    if (header.hasChecksum)
        flags |= HeaderCrc;
    std::string member = "\x1f\x8b\x08";
    member += static_cast<char>(flags);
    member += littleEndian(1'700'000'000, 4) + std::string("\0\x03", 2) + fields;
    if (header.hasChecksum)
        member += littleEndian(crc32(member) & 0xFFFF, 2);
    return member + rawDeflateOf(text) + littleEndian(crc32(text), 4) +
           littleEndian(static_cast<std::uint32_t>(text.size()), 4);
}

std::string zstdOf(std::string_view text)
{
    ZSTD_CCtx *const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size());
    ZSTD_freeCCtx(context);
    require(!ZSTD_isError(size));
    packed.resize(size);
    return packed;
}

std::string brotliOf(std::string_view text)
{
    std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 16;
    std::vector<std::uint8_t> packed(size);
    require(BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
                                  reinterpret_cast<const std::uint8_t *>(text.data()), &size,
                                  packed.data()) == BROTLI_TRUE);
    return {reinterpret_cast<const char *>(packed.data()), size};
}

std::string lz4Of(std::string_view text)
{
    LZ4F_preferences_t preferences = {};
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    std::string packed(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
    const std::size_t size =
        LZ4F_compressFrame(packed.data(), packed.size(), text.data(), text.size(), &preferences);
    require(!LZ4F_isError(size));
    packed.resize(size);
    return packed;
}

} // namespace freshet::test

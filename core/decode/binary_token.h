// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace freshet::decode {

/// One token of MessagePack or CBOR: a value, or the head of a container, tag or chunked string.
struct BinaryToken
{
    enum class Kind : std::uint8_t {
        Null, ///< also CBOR's undefined
        Bool,
        Int,      ///< `number` as two's complement
        UInt,     ///< `number`
        Negative, ///< -1 - `number`, below what an int64 holds
        Real,
        Text,      ///< `bytes`, UTF-8 not checked; or chunks up to a Break
        Bytes,     ///< likewise
        Array,     ///< `number` elements, or up to a Break
        Map,       ///< `number` pairs, or up to a Break
        Extension, ///< MessagePack: `bytes` of type `number` (two's complement)
        Tag,       ///< CBOR: `number`, about the item that follows
        Simple,    ///< CBOR: a simple value without a meaning
        Break
    };

    Kind kind = Kind::Null;
    bool isIndefinite = false; ///< ends with a Break
    std::uint64_t number = 0;  ///< Bool: 0 or 1
    double real = 0;
    std::string_view bytes;
};

/// Reads tokens. Threads: thread-safe, has no state.
class BinaryReader
{
public:
    enum class Outcome {
        Whole,     ///< `at` is just after it
        NeedsMore, ///< it ends beyond the input, of which `needed` bytes from `at` on
        Broken     ///< `reason()` says why
    };
    struct Answer
    {
        Outcome outcome;
        std::uint64_t needed = 0; ///< at least; may be as much as the wire claims
    };

    virtual ~BinaryReader() = default;
    [[nodiscard]] virtual Answer read(const char *&at, const char *end,
                                      BinaryToken &token) const = 0;
    /// Why a token is Broken.
    [[nodiscard]] virtual const char *reason() const = 0;
};

/// Source: MessagePack specification of 2017-08-09.
[[nodiscard]] const BinaryReader &msgPackReader();
/// Source: RFC 8949.
[[nodiscard]] const BinaryReader &cborReader();

} // namespace freshet::decode

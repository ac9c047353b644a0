// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::columnar {

/// The unscaled value of a decimal.
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

enum class TypeKind : std::uint8_t {
    Null,    ///< no value seen yet
    Bool,    ///< bitmap
    Int64,   ///< 8 bytes
    UInt64,  ///< 8 bytes
    Double,  ///< IEEE 754 binary64; holds no NaN or infinity that JSON or CSV text could not spell
    Decimal, ///< decimal128: 16 bytes, two's complement, little endian, `precision` ≤ 38, `scale`
    Date,    ///< int32 days since 1970-01-01 (Arrow date32)
    Time,    ///< int64 microseconds since midnight
    Timestamp, ///< int64 microseconds since 1970-01-01T00:00:00; UTC if the form has a zone
    String,    ///< UTF-8 with 32-bit offsets
    Binary,    ///< bytes with 32-bit offsets
    Json,      ///< the text of a nested value, exactly as sent (Arrow extension `arrow.json`)
};

/// How the date or time values of a column were spelled. All values of a column share one form, so
/// that writing them gives back the text that came, byte for byte.
struct TimeForm
{
    enum class Zone : std::uint8_t { None, Z, Offset }; ///< nothing, `Z`, `+00:00`

    char separator = 'T';            ///< 'T' or ' ' between date and time
    std::uint8_t fractionDigits = 0; ///< 0 to 6
    Zone zone = Zone::None;
    /// Nobody spelled the values: they came as numbers, from Parquet or Arrow. `fractionDigits` are
    /// as many as they need, and the form gives way to one that was sent and has room for them.
    bool isFree = false;

    bool operator==(const TimeForm &) const = default;
};

/// The type of a column, small enough to copy.
struct LogicalType
{
    TypeKind kind = TypeKind::Null;
    std::uint8_t precision = 0; ///< Decimal only: 18 or 38
    /// Decimal: digits after the point. Double: how the values were spelled, so that text comes
    /// back as it was: 0 as JavaScript does (`1`, `1e-7`), 1 as Python does (`1.0`, `1e-07`).
    std::uint8_t scale = 0;
    TimeForm form; ///< Timestamp and Time only

    bool operator==(const LogicalType &) const = default;

    [[nodiscard]] static LogicalType decimal(int precision, int scale);
    [[nodiscard]] static LogicalType timestamp(TimeForm form);

    [[nodiscard]] bool isText() const
    {
        return kind == TypeKind::String || kind == TypeKind::Binary || kind == TypeKind::Json;
    }
    [[nodiscard]] bool isNumber() const
    {
        return kind >= TypeKind::Int64 && kind <= TypeKind::Decimal;
    }

    /// Stable name for `--json`, manifests and the header: `int64`, `decimal(18,2)`, `timestamp`,
    /// `timestamp with time zone`, `string`, `json` …
    [[nodiscard]] std::string name() const;
    /// Everything of the type in one token, for file metadata: `timestamp;T;3;Z` (a blank between
    /// date and time is `_`, the zone `+00:00` is `+`).
    [[nodiscard]] std::string encode() const;
    /// Output: the Null type if `token` is not understood.
    [[nodiscard]] static LogicalType decode(std::string_view token);
};

/// Whether values of the kind are spelled in a TimeForm.
[[nodiscard]] constexpr bool isTime(TypeKind kind)
{
    return kind == TypeKind::Time || kind == TypeKind::Timestamp;
}

/// Bytes of one value in the value buffer; 0 for Null, Bool (a bitmap) and the text kinds.
[[nodiscard]] int valueWidth(TypeKind kind);

/// The narrowest type that holds every value of both types, which is where a column goes that has
/// values of both (design §5, Widening). Where the types alone do not decide, `bothExact` says
/// whether the values at hand fit: Int64 with UInt64 (no negative one: uint64, else decimal),
/// integers with Double (|value| ≤ 2^53: double, else string), numbers with Decimal (within 38
/// digits: decimal, else string). Times meet under `commonForm`, else as string.
/// Commutative; never narrows.
[[nodiscard]] LogicalType widened(LogicalType a, LogicalType b, bool bothExact);

/// The spelling for times of both forms: one of them is free, and the other has room for its
/// digits. Output: nothing if there is none, and for times of day against instants.
[[nodiscard]] std::optional<TimeForm> commonForm(TimeForm a, TimeForm b);

} // namespace freshet::columnar

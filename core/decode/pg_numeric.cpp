// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pg_numeric.h"

#include "transport/big_endian.h"

#include <algorithm>

namespace freshet::decode {

namespace {

using columnar::Int128;
using columnar::UInt128;
using transport::bigEndian16;

constexpr std::size_t kHeaderBytes = 8;
constexpr unsigned kBase = 10'000;
constexpr int kDigitsEach = 4;
constexpr unsigned kPositive = 0x0000;
constexpr unsigned kNegative = 0x4000;
constexpr unsigned kNaN = 0xC000;
constexpr unsigned kInfinity = 0xD000;
constexpr unsigned kMinusInfinity = 0xF000;
constexpr unsigned kPowers[] = {1, 10, 100, 1000};
/// Groups that fit into 64 bits whatever they are.
constexpr int kSmallGroups = 4;
/// Groups that 38 digits may lie in.
constexpr int kMostGroups = 11;

constexpr UInt128 mostValue()
{
    UInt128 value = 0;
    for (int i = 0; i < columnar::kMaxDecimalDigits; ++i)
        value = value * 10 + 9;
    return value;
}
constexpr UInt128 kMostValue = mostValue();
/// What may be followed by so many more digits, 4 first.
constexpr UInt128 kMostBefore[] = {kMostValue / 10'000, kMostValue / 1000, kMostValue / 100,
                                   kMostValue / 10};

} // namespace

bool PgNumeric::read(std::string_view bytes)
{
    if (bytes.size() < kHeaderBytes)
        return false;
    m_count = static_cast<std::int16_t>(bigEndian16(bytes.data()));
    m_weight = static_cast<std::int16_t>(bigEndian16(bytes.data() + 2));
    const unsigned sign = bigEndian16(bytes.data() + 4);
    m_scale = bigEndian16(bytes.data() + 6);
    m_digits = bytes.data() + kHeaderBytes;
    if (m_count < 0 || bytes.size() - kHeaderBytes != static_cast<std::size_t>(m_count) * 2)
        return false;
    for (int i = 0; i < m_count; ++i) {
        if (bigEndian16(m_digits + 2 * i) >= kBase)
            return false;
    }
    m_isNegative = sign == kNegative;
    switch (sign) {
    case kPositive:
    case kNegative:
        m_kind = Kind::Finite;
        return true;
    case kNaN:
        m_kind = Kind::NaN;
        return true;
    case kInfinity:
        m_kind = Kind::Infinity;
        return true;
    case kMinusInfinity:
        m_kind = Kind::MinusInfinity;
        return true;
    default:
        return false;
    }
}

/// The group of weight 10,000^`place`.
int PgNumeric::digitAt(int place) const
{
    const int index = m_weight - place;
    return index < 0 || index >= m_count ? 0 : bigEndian16(m_digits + 2 * index);
}

std::optional<columnar::ScaledDecimal> PgNumeric::decimal() const
{
    if (m_kind != Kind::Finite || m_scale > columnar::kMaxDecimalDigits)
        return std::nullopt;
    // Of the last group, so many digits lie beyond the decimals shown; of whole numbers, so many
    // zeros are missing behind it.
    const int shift = m_count == 0 ? 0 : kDigitsEach * (m_weight - m_count + 1) + m_scale;
    if (m_count > kMostGroups || shift <= -kDigitsEach || shift > columnar::kMaxDecimalDigits)
        return std::nullopt;
    const unsigned beyond = shift < 0 ? kPowers[-shift] : 1;
    const unsigned last = m_count == 0 ? 0 : bigEndian16(m_digits + 2 * (m_count - 1));
    if (last % beyond != 0)
        return std::nullopt;
    UInt128 value = 0;
    if (m_count <= kSmallGroups) {
        std::uint64_t small = 0;
        for (int i = 0; i + 1 < m_count; ++i)
            small = small * kBase + bigEndian16(m_digits + 2 * i);
        value = small * (kBase / beyond) + last / beyond;
    } else {
        for (int i = 0; i + 1 < m_count; ++i) {
            if (value > kMostBefore[0])
                return std::nullopt;
            value = value * kBase + bigEndian16(m_digits + 2 * i);
        }
        if (value > kMostBefore[shift < 0 ? -shift : 0])
            return std::nullopt;
        value = value * (kBase / beyond) + last / beyond;
    }
    if (shift > 0 && value != 0) {
        if (columnar::digitCount(value) + shift > columnar::kMaxDecimalDigits)
            return std::nullopt;
        value *= columnar::powerOfTen(shift);
    }
    if (value > kMostValue)
        return std::nullopt;
    const auto magnitude = static_cast<Int128>(value);
    return columnar::ScaledDecimal{m_isNegative ? -magnitude : magnitude, m_scale};
}

void PgNumeric::appendText(std::string &out) const
{
    switch (m_kind) {
    case Kind::NaN:
        out += "NaN";
        return;
    case Kind::Infinity:
        out += "Infinity";
        return;
    case Kind::MinusInfinity:
        out += "-Infinity";
        return;
    case Kind::Finite:
        break;
    }
    const auto appendGroup = [&out](int group) {
        for (const int power : {1000, 100, 10, 1})
            out += static_cast<char>('0' + group / power % 10);
    };
    if (m_isNegative)
        out += '-';
    const std::size_t first = out.size();
    for (int place = std::max(m_weight, 0); place >= 0; --place)
        appendGroup(digitAt(place));
    out.erase(first, std::min(out.find_first_not_of('0', first), out.size() - 1) - first);
    out += '.';
    const std::size_t shown = out.size() + static_cast<std::size_t>(m_scale);
    // There may be more decimals than are meant to be shown: then they are, to keep the value.
    const int groups = std::max((m_scale + kDigitsEach - 1) / kDigitsEach, m_count - 1 - m_weight);
    for (int i = 1; i <= groups; ++i)
        appendGroup(digitAt(-i));
    while (out.size() > shown && out.back() == '0')
        out.pop_back();
    if (out.back() == '.')
        out.pop_back();
}

columnar::LogicalType numericType(std::int32_t modifier)
{
    // A modifier is 4 more than precision << 16 | scale, the scale being signed in 11 bits.
    constexpr std::int32_t kOffset = 4;
    using columnar::kSmallDecimalDigits;
    int precision = kSmallDecimalDigits;
    int scale = 0;
    if (modifier >= kOffset) {
        precision = (modifier - kOffset) >> 16 & 0xFFFF;
        scale = (((modifier - kOffset) & 0x7FF) ^ 1024) - 1024;
    }
    scale = std::clamp(scale, 0, columnar::kMaxDecimalDigits);
    const bool isSmall = precision <= kSmallDecimalDigits && scale <= kSmallDecimalDigits;
    return columnar::LogicalType::decimal(
        isSmall ? kSmallDecimalDigits : columnar::kMaxDecimalDigits, scale);
}

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Single values, and the JSON text of nested ones.
#include "columnar/time_text.h"
#include "columnar/value_text.h"
#include "decode/binary_row.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace freshet::decode {

namespace {

enum Tag : std::uint64_t {
    kTimeText = 0,
    kEpoch = 1,
    kBignum = 2,
    kNegativeBignum = 3,
    kDecimalFraction = 4,
    kDays = 100,
    kDateText = 1004,
    kSelfDescribed = 55799
};

constexpr std::int64_t kTimestampType = -1;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
/// The longest bignum that is a number here; its decimal digits cost the square of its size.
constexpr std::size_t kMostBignumBytes = 1024;

template <typename Write>
std::string written(const Write &write)
{
    std::array<char, columnar::kMaxScalarText> text;
    return {text.data(), write(text.data())};
}

std::string realText(double value)
{
    return written([value](char *out) { return columnar::writeDouble(out, value); });
}

std::string signedText(std::uint64_t bits)
{
    return written(
        [bits](char *out) { return columnar::writeInt64(out, static_cast<std::int64_t>(bits)); });
}

std::string unsignedText(std::uint64_t value)
{
    return written([value](char *out) { return columnar::writeUInt64(out, value); });
}

/// -1 - `n`.
std::string negativeText(std::uint64_t n)
{
    return n == std::numeric_limits<std::uint64_t>::max() ? "-18446744073709551616"
                                                          : '-' + unsignedText(n + 1);
}

/// An integer that an int64 holds.
std::optional<std::int64_t> integerOf(const BinaryToken &token)
{
    const auto value = static_cast<std::int64_t>(token.number);
    const bool holds = token.kind == BinaryToken::Kind::Int ||
                       (token.kind == BinaryToken::Kind::UInt && value >= 0);
    return holds ? std::optional(value) : std::nullopt;
}

/// The decimal digits of a big-endian number; with `plusOne`, of the next one.
std::string decimalDigits(std::string_view bytes, bool plusOne)
{
    constexpr std::uint64_t kBase = 1'000'000'000;
    std::vector<std::uint64_t> parts = {0}; // the lowest first
    const auto fold = [&parts](std::uint64_t factor, std::uint64_t carry) {
        for (std::uint64_t &part : parts) {
            part = part * factor + carry;
            carry = part / kBase;
            part %= kBase;
        }
        if (carry != 0)
            parts.push_back(carry);
    };
    for (const char byte : bytes)
        fold(256, static_cast<unsigned char>(byte));
    if (plusOne)
        fold(1, 1);
    std::string digits = unsignedText(parts.back());
    for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part) {
        const std::string low = unsignedText(*part);
        digits.append(9 - low.size(), '0').append(low);
    }
    return digits;
}

/// `mantissa` × 10^`exponent` as JSON writes a number; nothing if it has no digits to show.
std::string scaledText(std::string mantissa, std::int64_t exponent)
{
    constexpr std::int64_t kMostZeros = 38;
    if (exponent >= 0 || exponent < -kMostZeros)
        return exponent == 0 ? mantissa : mantissa + 'e' + std::to_string(exponent);
    const bool isNegative = mantissa.starts_with('-');
    std::string digits = mantissa.substr(isNegative ? 1 : 0);
    const auto fraction = static_cast<std::size_t>(-exponent);
    if (digits.size() <= fraction)
        digits.insert(0, fraction + 1 - digits.size(), '0');
    digits.insert(digits.size() - fraction, 1, '.');
    return (isNegative ? "-" : "") + digits;
}

std::string timeText(std::int64_t seconds, std::uint32_t nanos)
{
    std::array<char, columnar::kMaxScalarText> text;
    const columnar::TimeForm form{.separator = 'T', .fractionDigits = 0};
    char *const end =
        columnar::writeTimestamp(text.data(), seconds * columnar::kMicrosPerSecond, form);
    const std::string digits = unsignedText(nanos);
    return std::string(text.data(), end) + '.' + std::string(9 - digits.size(), '0') + digits + 'Z';
}

/// The days that a year of four digits holds.
const std::int64_t kFirstDay = columnar::daysFromCivil({1, 1, 1});
const std::int64_t kEndDay = columnar::daysFromCivil({10'000, 1, 1});

bool isOrdinary(std::int64_t seconds)
{
    return seconds >= kFirstDay * 86'400 && seconds < kEndDay * 86'400;
}

struct Instant
{
    std::int64_t seconds = 0;
    std::uint32_t nanos = 0;
};

std::uint64_t bigEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char byte : bytes)
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

/// Source: MessagePack specification, "Timestamp extension type".
std::optional<Instant> instantOf(const BinaryToken &extension)
{
    if (static_cast<std::int64_t>(extension.number) != kTimestampType)
        return std::nullopt;
    const std::string_view bytes = extension.bytes;
    Instant instant;
    if (bytes.size() == 4) {
        instant.seconds = static_cast<std::int64_t>(bigEndian(bytes));
    } else if (bytes.size() == 8) {
        const std::uint64_t both = bigEndian(bytes);
        instant = {static_cast<std::int64_t>(both & 0x3'FFFF'FFFF),
                   static_cast<std::uint32_t>(both >> 34)};
    } else if (bytes.size() == 12) {
        instant = {static_cast<std::int64_t>(bigEndian(bytes.substr(4))),
                   static_cast<std::uint32_t>(bigEndian(bytes.substr(0, 4)))};
    } else {
        return std::nullopt;
    }
    return instant.nanos < 1'000'000'000 && isOrdinary(instant.seconds) ? std::optional(instant)
                                                                        : std::nullopt;
}

constexpr columnar::TimeForm kInstantForm{
    .separator = 'T', .fractionDigits = 6, .zone = columnar::TimeForm::Zone::Z};

} // namespace

std::string hexText(std::string_view bytes)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text = "\\x";
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4];
        text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

bool BinaryRow::scalar(int column, const BinaryToken &token)
{
    std::string_view whole;
    switch (token.kind) {
    case Kind::Null:
        m_builder.appendNull(column);
        return true;
    case Kind::Bool:
        m_builder.appendBool(column, token.number != 0);
        return true;
    case Kind::Int:
        m_builder.appendInt64(column, static_cast<std::int64_t>(token.number));
        return true;
    case Kind::UInt:
        if (token.number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            m_builder.appendInt64(column, static_cast<std::int64_t>(token.number));
        else
            m_builder.appendUInt64(column, token.number);
        return true;
    case Kind::Negative:
        m_builder.appendNumber(column, negativeText(token.number));
        return true;
    case Kind::Real:
        m_builder.appendDouble(column, token.real);
        return true;
    case Kind::Text:
    case Kind::Bytes:
        if (!text(token, whole))
            return false;
        if (token.kind == Kind::Text)
            m_builder.appendText(column, whole);
        else
            m_builder.appendBinary(column, whole);
        return true;
    case Kind::Extension:
        return extension(column, token);
    case Kind::Tag:
        return tagged(column, token.number);
    case Kind::Simple:
        m_builder.appendText(column, "simple(" + unsignedText(token.number) + ')',
                             columnar::TextInference::Off);
        return true;
    case Kind::Array:
    case Kind::Map:
    case Kind::Break:
        break;
    }
    return fail(ErrorCode::SyntaxError, "no value where one belongs", m_at);
}

bool BinaryRow::extension(int column, const BinaryToken &token)
{
    if (const auto instant = instantOf(token)) {
        timestamp(column, instant->seconds, instant->nanos);
        return true;
    }
    noteExtension(token);
    m_builder.appendBinary(column, token.bytes);
    return true;
}

void BinaryRow::timestamp(int column, std::int64_t seconds, std::uint32_t nanos)
{
    if (nanos % 1000 != 0)
        return m_builder.appendText(column, timeText(seconds, nanos));
    m_builder.appendTimestamp(column, seconds * columnar::kMicrosPerSecond + nanos / 1000,
                              kInstantForm);
}

/// The item behind a tag. Source: RFC 8949 §3.4, RFC 8943.
bool BinaryRow::tagged(int column, std::uint64_t tag)
{
    const char *const first = m_at;
    BinaryToken token;
    if (const auto number = taggedNumber(tag)) {
        m_builder.appendNumber(column, *number);
        return true;
    }
    if (!next(token))
        return false;
    if (tag == kEpoch && epoch(column, token))
        return true;
    const auto integer = integerOf(token);
    if (tag == kDays && integer && *integer >= kFirstDay && *integer < kEndDay) {
        m_builder.appendDate(column, static_cast<std::int32_t>(*integer));
        return true;
    }
    notePassedOver(tag);
    if (token.kind != Kind::Array && token.kind != Kind::Map)
        return scalar(column, token);
    m_at = first;
    m_scratch.clear();
    if (!json(m_scratch))
        return false;
    m_builder.appendJson(column, m_scratch);
    return true;
}

void BinaryRow::noteExtension(const BinaryToken &token)
{
    m_columns.note("extension type " + std::to_string(static_cast<std::int64_t>(token.number)) +
                   " kept as its bytes");
}

void BinaryRow::notePassedOver(std::uint64_t tag)
{
    if (tag != kTimeText && tag != kDateText && tag != kSelfDescribed)
        m_columns.note("tag " + unsignedText(tag) + " passed over");
}

bool BinaryRow::epoch(int column, const BinaryToken &token)
{
    if (const auto seconds = integerOf(token)) {
        if (!isOrdinary(*seconds))
            return false;
        timestamp(column, *seconds, 0);
        return true;
    }
    if (token.kind != Kind::Real || !(std::fabs(token.real) < 1e12))
        return false;
    const double whole = std::floor(token.real);
    // As many digits as tell the number from its neighbours: for today's seconds, six do for most
    // clocks and nine for all.
    for (const std::int64_t unit : {std::int64_t{1'000'000}, kNanosPerSecond}) {
        const auto parts = static_cast<std::int64_t>(
            std::llround((token.real - whole) * static_cast<double>(unit)));
        const auto seconds = static_cast<std::int64_t>(whole) + parts / unit;
        const auto meant =
            static_cast<double>(static_cast<long double>(whole) +
                                static_cast<long double>(parts) / static_cast<long double>(unit));
        if (meant != token.real || !isOrdinary(seconds))
            continue;
        timestamp(column, seconds,
                  static_cast<std::uint32_t>(parts % unit * (kNanosPerSecond / unit)));
        return true;
    }
    return false;
}

/// The number behind a tag that makes one; nothing, and nothing taken, if there is none.
std::optional<std::string> BinaryRow::taggedNumber(std::uint64_t tag)
{
    const char *const first = m_at;
    std::optional<std::string> number;
    if (tag == kDecimalFraction)
        number = decimalFraction();
    else if (tag == kBignum || tag == kNegativeBignum)
        number = bignum(tag == kNegativeBignum);
    if (!number)
        m_at = first;
    return number;
}

std::optional<std::string> BinaryRow::bignum(bool isNegative)
{
    BinaryToken token;
    std::string_view whole;
    if (!next(token) || token.kind != Kind::Bytes || !text(token, whole) ||
        whole.size() > kMostBignumBytes)
        return std::nullopt;
    // A negative one is -1 - n.
    const std::string digits = decimalDigits(whole, isNegative);
    return isNegative ? '-' + digits : digits;
}

std::optional<std::string> BinaryRow::decimalFraction()
{
    BinaryToken head;
    BinaryToken exponent;
    BinaryToken mantissa;
    if (!next(head) || head.kind != Kind::Array || head.isIndefinite || head.number != 2 ||
        !next(exponent) || !next(mantissa))
        return std::nullopt;
    const auto power = integerOf(exponent);
    if (!power || (mantissa.kind != Kind::UInt && mantissa.kind != Kind::Int))
        return std::nullopt;
    return scaledText(mantissa.kind == Kind::UInt ? unsignedText(mantissa.number)
                                                  : signedText(mantissa.number),
                      *power);
}

bool BinaryRow::json(std::string &out)
{
    BinaryToken token;
    for (;;) {
        if (!next(token))
            return false;
        if (token.kind != Kind::Tag)
            break;
        if (const auto number = taggedNumber(token.number)) {
            out += *number;
            return true;
        }
        notePassedOver(token.number);
    }
    if (token.kind == Kind::Map)
        return jsonMap(out, token);
    if (token.kind == Kind::Array)
        return jsonArray(out, token);
    return jsonScalar(out, token);
}

bool BinaryRow::jsonArray(std::string &out, const BinaryToken &head)
{
    out += '[';
    for (std::uint64_t i = 0; head.isIndefinite ? !peekIsBreak() : i < head.number; ++i) {
        if (i != 0)
            out += ',';
        if (!json(out))
            return false;
    }
    out += ']';
    return true;
}

bool BinaryRow::jsonMap(std::string &out, const BinaryToken &head)
{
    out += '{';
    for (std::uint64_t i = 0; head.isIndefinite ? !peekIsBreak() : i < head.number; ++i) {
        if (i != 0)
            out += ',';
        const std::size_t start = out.size();
        if (!jsonKey(out))
            return false;
        if (out[start] != '"') { // JSON's keys are strings
            const std::string key = out.substr(start);
            out.resize(start);
            columnar::appendJsonString(out, key);
        }
        out += ':';
        if (!json(out))
            return false;
    }
    out += '}';
    return true;
}

/// A key's JSON text, which has yet to become a string if it is none. Of a map as a key of a map as
/// a key … each level would double the backslashes of the one inside.
bool BinaryRow::jsonKey(std::string &out)
{
    constexpr int kMostLevels = 4;
    if (m_keyLevel == kMostLevels)
        return fail(ErrorCode::NestingTooDeep, "too many keys inside each other", m_at);
    ++m_keyLevel;
    const bool isRead = json(out);
    --m_keyLevel;
    return isRead;
}

bool BinaryRow::jsonScalar(std::string &out, const BinaryToken &token)
{
    std::string_view whole;
    switch (token.kind) {
    case Kind::Null:
        out += "null";
        return true;
    case Kind::Bool:
        out += token.number != 0 ? "true" : "false";
        return true;
    case Kind::Int:
        out += signedText(token.number);
        return true;
    case Kind::UInt:
        out += unsignedText(token.number);
        return true;
    case Kind::Negative:
        out += negativeText(token.number);
        return true;
    case Kind::Real:
        if (std::isfinite(token.real))
            out += realText(token.real);
        else
            columnar::appendJsonString(out, realText(token.real));
        return true;
    case Kind::Text:
    case Kind::Bytes:
        if (!text(token, whole))
            return false;
        if (token.kind == Kind::Text)
            columnar::appendJsonString(out, whole);
        else
            columnar::appendJsonString(out, hexText(whole));
        return true;
    case Kind::Extension:
        if (const auto instant = instantOf(token)) {
            out += '"' + timeText(instant->seconds, instant->nanos) + '"';
        } else {
            noteExtension(token);
            columnar::appendJsonString(out, hexText(token.bytes));
        }
        return true;
    case Kind::Simple:
        out += "\"simple(" + unsignedText(token.number) + ")\"";
        return true;
    default:
        break;
    }
    return fail(ErrorCode::SyntaxError, "no value where one belongs", m_at);
}

} // namespace freshet::decode

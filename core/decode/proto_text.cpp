// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The texts of single values in the JSON mapping.
#include "columnar/time_text.h"
#include "columnar/value_text.h"
#include "decode/proto_json.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace freshet::decode {

namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800; // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t kDurationSeconds = 315'576'000'000;
constexpr std::int32_t kNanosPerSecond = 1'000'000'000;

/// `.500`, with 0, 3, 6 or 9 digits.
std::string fractionText(std::int32_t nanos)
{
    if (nanos == 0)
        return {};
    std::array<char, 16> digits{};
    std::snprintf(digits.data(), digits.size(), ".%09d", nanos);
    std::string text(digits.data(), 10);
    while (text.ends_with("000"))
        text.resize(text.size() - 3);
    return text;
}

/// For times that are none: what is in the message.
std::string rawTimeText(ProtoTime time)
{
    return std::to_string(time.seconds) + "s " + std::to_string(time.nanos) + "ns";
}

void appendDouble(std::string &out, double value)
{
    const bool isFinite = std::isfinite(value);
    std::array<char, columnar::kMaxScalarText> text;
    char *const end = columnar::writeDouble(text.data(), value);
    if (!isFinite)
        out += '"';
    out.append(text.data(), end);
    if (!isFinite)
        out += '"';
}

/// `first_name` as `firstName`. A path that could not be told from that way back stays as it is.
void appendPath(std::string &out, std::string_view path)
{
    const auto isLower = [](char c) {
        return c >= 'a' && c <= 'z';
    };
    bool isReversible = true;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool isLost = path[i] == '_' && (i + 1 == path.size() || !isLower(path[i + 1]));
        isReversible = isReversible && !isLost && !(path[i] >= 'A' && path[i] <= 'Z');
    }
    if (!isReversible) {
        out += path;
        return;
    }
    for (std::size_t i = 0; i < path.size(); ++i)
        out += path[i] == '_' ? static_cast<char>(path[++i] - 'a' + 'A') : path[i];
}

} // namespace

double shortestDouble(float value)
{
    constexpr float kExactIntegers = 16'777'216;
    if (!std::isfinite(value) || (std::fabs(value) <= kExactIntegers && value == std::trunc(value)))
        return static_cast<double>(value);
    std::array<char, 48> text;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
    double result = 0;
    std::from_chars(text.data(), written.ptr, result);
    return result;
}

void appendProtoNumber(std::string &out, const ProtoField &field, std::uint64_t bits, bool quoted)
{
    switch (field.kind) {
    case ProtoKind::Double:
        return appendDouble(out, std::bit_cast<double>(bits));
    case ProtoKind::Float:
        return appendDouble(out,
                            shortestDouble(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    case ProtoKind::Bool:
        out += bits != 0 ? "true" : "false";
        return;
    case ProtoKind::Enum: {
        const auto number = static_cast<std::int32_t>(bits);
        if (const std::string *name = field.names->name(number); name != nullptr) {
            if (quoted)
                out += '"';
            out += *name;
            if (quoted)
                out += '"';
        } else {
            out += std::to_string(number);
        }
        return;
    }
    default:
        break;
    }
    const bool isUnsigned = field.kind == ProtoKind::UInt64 || field.kind == ProtoKind::Fixed64;
    const bool isWide = isUnsigned || field.kind == ProtoKind::Int64 ||
                        field.kind == ProtoKind::SInt64 || field.kind == ProtoKind::SFixed64;
    if (isWide && quoted)
        out += '"';
    out += isUnsigned ? std::to_string(bits) : std::to_string(static_cast<std::int64_t>(bits));
    if (isWide && quoted)
        out += '"';
}

bool ProtoTime::read(WireReader &reader, const ProtoType &type, SchemaFit &fit)
{
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        std::uint64_t bits = 0;
        WirePiece other;
        if (!reader.tag(tag))
            return false;
        if (tag == (1u << 3)) {
            if (!readNumber(reader, ProtoKind::Int64, bits))
                return false;
            seconds = static_cast<std::int64_t>(bits);
        } else if (tag == (2u << 3)) {
            if (!readNumber(reader, ProtoKind::Int32, bits))
                return false;
            nanos = static_cast<std::int32_t>(static_cast<std::int64_t>(bits));
        } else {
            fit.passedOver(type, tag);
            if (!reader.piece(tag, other, 1))
                return false;
        }
    }
    return true;
}

bool ProtoTime::isTimestamp() const
{
    return seconds >= kFirstSecond && seconds <= kLastSecond && nanos >= 0 &&
           nanos < kNanosPerSecond;
}

bool ProtoTime::isDuration() const
{
    return seconds >= -kDurationSeconds && seconds <= kDurationSeconds &&
           nanos > -kNanosPerSecond && nanos < kNanosPerSecond &&
           (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0));
}

std::string timestampText(ProtoTime time)
{
    if (!time.isTimestamp())
        return rawTimeText(time);
    std::array<char, columnar::kMaxScalarText> text;
    char *const end = columnar::writeTimestamp(
        text.data(), time.seconds * columnar::kMicrosPerSecond, columnar::TimeForm{});
    return std::string(text.data(), end) + fractionText(time.nanos) + 'Z';
}

std::string durationText(ProtoTime time)
{
    if (!time.isDuration())
        return rawTimeText(time);
    const bool isNegative = time.seconds < 0 || time.nanos < 0;
    return (isNegative ? "-" : "") + std::to_string(std::abs(time.seconds)) +
           fractionText(std::abs(time.nanos)) + 's';
}

bool fieldMaskText(std::string &out, WireReader &reader, const ProtoType &type, SchemaFit &fit)
{
    bool isFirst = true;
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        WirePiece piece;
        if (!reader.tag(tag) || !reader.piece(tag, piece, 1))
            return false;
        if (tag != (1u << 3 | 2u)) {
            fit.passedOver(type, tag);
            continue;
        }
        if (!std::exchange(isFirst, false))
            out += ',';
        appendPath(out, piece.bytes);
    }
    return true;
}

} // namespace freshet::decode

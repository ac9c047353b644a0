// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_rule.h"

#include "transfer/page_place.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace freshet::transfer {

namespace {

using Overlap = SinceRule::Overlap;
using Origin = SinceRule::Origin;

constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits = {
    {{'s', 1}, {'m', 60}, {'h', 60 * 60}, {'d', 24 * 60 * 60}}};
/// Longer than any history, short enough for every calculation.
constexpr std::int64_t kMostSeconds = 100LL * 366 * 24 * 60 * 60;
constexpr std::size_t kMaxText = 16 * 1024;

tl::unexpected<Error> wrong(const std::string &what)
{
    return fail(ErrorCode::InvalidArgument, "since: " + what);
}

std::string decoded(std::string_view text)
{
    return QByteArray::fromPercentEncoding(
               QByteArray(text.data(), static_cast<qsizetype>(text.size())))
        .toStdString();
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

Status readFrom(SinceRule &rule, std::string_view value)
{
    constexpr std::array<std::pair<std::string_view, Origin>, 3> kPrefixes = {
        {{"column:", Origin::Column}, {"header:", Origin::Header}, {"body:", Origin::Envelope}}};
    rule.origin = Origin::Column;
    if (value == "event-id") {
        rule.origin = Origin::EventId;
        rule.from.clear();
        return {};
    }
    for (const auto &[prefix, origin] : kPrefixes) {
        if (!value.starts_with(prefix))
            continue;
        rule.origin = origin;
        value.remove_prefix(prefix.size());
        break;
    }
    rule.from = decoded(value);
    return {};
}

Status readPart(SinceRule &rule, std::string_view name, std::string_view value)
{
    if (name == "param") {
        rule.sendAs = decoded(value);
    } else if (name == "header" || name == "body") {
        rule.sendAs = std::string(name) + ':' + decoded(value);
    } else if (name == "from") {
        return readFrom(rule, value);
    } else if (name == "inclusive" || name == "exclusive") {
        if (!value.empty())
            return wrong(std::string(name) + " takes no value");
        rule.isInclusive = name == "inclusive";
    } else if (name == "initial") {
        rule.initial = decoded(value);
    } else if (name == "overlap") {
        auto overlap = parseOverlap(value);
        if (!overlap)
            return fail(std::move(overlap).error());
        rule.overlap = *overlap;
    } else if (name == "key") {
        rule.key.clear();
        for (const std::string_view column : split(value, '+'))
            rule.key.push_back(decoded(column));
    } else if (name == "mode") {
        if (value != "insert" && value != "upsert")
            return wrong("mode is insert or upsert");
        rule.mode = value == "upsert" ? SinceRule::Mode::Upsert : SinceRule::Mode::Insert;
    } else {
        return wrong("\"" + std::string(name) + "\" is not known");
    }
    return {};
}

std::string fromText(const SinceRule &rule)
{
    switch (rule.origin) {
    case Origin::EventId:
        return "event-id";
    case Origin::Header:
        return "header:" + SinceRule::escaped(rule.from);
    case Origin::Envelope:
        return "body:" + SinceRule::escaped(rule.from);
    case Origin::Column:
        break;
    }
    return "column:" + SinceRule::escaped(rule.from);
}

std::string overlapText(const Overlap &overlap)
{
    if (const auto *number = std::get_if<std::uint64_t>(&overlap))
        return std::to_string(*number);
    if (const auto *seconds = std::get_if<std::chrono::seconds>(&overlap))
        return std::to_string(seconds->count()) + 's';
    return {};
}

std::string sendAsText(const std::string &place)
{
    for (const std::string_view prefix : {"header:", "body:"}) {
        if (place.starts_with(prefix))
            return std::string(prefix.substr(0, prefix.size() - 1)) + '=' +
                   SinceRule::escaped(std::string_view(place).substr(prefix.size()));
    }
    return "param=" + SinceRule::escaped(place);
}

} // namespace

Result<Overlap> parseOverlap(std::string_view text)
{
    std::uint64_t number = 0;
    const char *const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end)
        return number;
    if (read.ec == std::errc() && read.ptr == end - 1) {
        for (const auto &[unit, seconds] : kUnits) {
            if (*read.ptr == unit && number <= static_cast<std::uint64_t>(kMostSeconds / seconds))
                return std::chrono::seconds(static_cast<std::int64_t>(number) * seconds);
        }
    }
    return wrong("an overlap is a number such as 100 or a duration such as 90s, 10m, 2h, 1d");
}

std::string SinceRule::escaped(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c == ',' || c == '+' || c == '%' || static_cast<unsigned char>(c) < 0x20) {
            constexpr std::string_view kDigits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        } else {
            result += c;
        }
    }
    return result;
}

Result<SinceRule> SinceRule::parse(std::string_view text)
{
    if (text.size() > kMaxText)
        return wrong("the rule is too long");
    SinceRule rule;
    for (const std::string_view part : split(text, ',')) {
        const std::size_t equals = part.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        FRESHET_TRY(readPart(rule, part.substr(0, equals), value));
    }
    FRESHET_TRY(rule.validate());
    return rule;
}

std::string SinceRule::text() const
{
    std::string text = sendAsText(sendAs) + ",from=" + fromText(*this);
    if (isInclusive)
        text += ",inclusive";
    if (!std::holds_alternative<std::monostate>(overlap))
        text += ",overlap=" + overlapText(overlap);
    if (!initial.empty())
        text += ",initial=" + SinceRule::escaped(initial);
    for (std::size_t i = 0; i < key.size(); ++i)
        text += (i == 0 ? ",key=" : "+") + SinceRule::escaped(key[i]);
    if (mode == Mode::Upsert)
        text += ",mode=upsert";
    return text;
}

Status SinceRule::validate() const
{
    if (const auto checked = checkRequestPlace(sendAs); !checked)
        return wrong("param, header or body says where the token goes: " + checked.error().detail);
    if (origin != Origin::EventId && from.empty())
        return wrong("from says where the token comes from");
    if (origin == Origin::Header || origin == Origin::Envelope) {
        const std::string place = origin == Origin::Header ? "header:" + from : from;
        if (const auto checked = checkAnswerPlace(place); !checked)
            return wrong("from: " + checked.error().detail);
    }
    if (std::ranges::any_of(key, &std::string::empty))
        return wrong("key names columns, joined by +");
    if (key.empty() && mode == Mode::Upsert)
        return wrong("upsert needs a key");
    if (key.empty() && !std::holds_alternative<std::monostate>(overlap))
        return wrong("an overlap brings known rows again, so it needs a key");
    return {};
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/byte_range.h"

#include "base/grouped_digits.h"

#include <charconv>
#include <limits>

namespace freshet::transport {

namespace {

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
        value < 0)
        return std::nullopt;
    return value;
}

bool startsWithBytesUnit(std::string_view value)
{
    constexpr std::string_view kUnit = "bytes";
    if (value.size() <= kUnit.size() || value[kUnit.size()] != ' ')
        return false;
    for (std::size_t i = 0; i < kUnit.size(); ++i) {
        if ((value[i] | 0x20) != kUnit[i])
            return false;
    }
    return true;
}

std::string headerText(const ResponseHead &head, std::string_view name)
{
    return std::string(findHeader(head.headers, name).value_or(std::string_view()));
}

std::string figure(ByteOffset offset)
{
    return groupedDigits(offset.value());
}
std::string figure(ByteCount count)
{
    return groupedDigits(count.value());
}

/// Why a 206 belongs to another representation than the one held; empty if it does not.
std::string differenceTo(const Validator &held, const Validator &now, const ContentRange &range)
{
    if (!held.etag.empty() && !now.etag.empty() && now.etag != held.etag)
        return "the entity tag changed from " + held.etag + " to " + now.etag;
    if (held.etag.empty() && !now.lastModified.empty() && now.lastModified != held.lastModified)
        return "the date of modification changed from " + held.lastModified + " to " +
               now.lastModified;
    if (held.length && range.completeLength && *held.length != *range.completeLength)
        return "the length changed from " + figure(*held.length) + " to " +
               figure(*range.completeLength) + " bytes";
    return {};
}

RangeDecision judgePartial(const ResponseHead &head, ByteOffset offset, const Validator &held)
{
    if (head.contentType.starts_with("multipart/byteranges"))
        return {RangeAnswer::Refuse, "several parts came for one range"};
    const std::string value = headerText(head, "Content-Range");
    const auto range = ContentRange::parse(value);
    if (!range || !range->first)
        return {RangeAnswer::Refuse, "status 206 with Content-Range \"" + value + '"'};
    if (*range->first != offset)
        return {RangeAnswer::Refuse, "the range begins at byte " + figure(*range->first) +
                                         ", and byte " + figure(offset) + " was asked for"};
    const ByteCount part = *range->last - *range->first + ByteCount(1);
    if (head.contentLength && *head.contentLength != part)
        return {RangeAnswer::Refuse, "a range of " + figure(part) + " bytes in a body of " +
                                         figure(*head.contentLength)};
    if (const Validator now = Validator::of(head); now.contentEncoding != held.contentEncoding)
        return {RangeAnswer::Refuse, "the content coding changed from \"" + held.contentEncoding +
                                         "\" to \"" + now.contentEncoding + '"'};
    if (held.ifRange().empty())
        return {RangeAnswer::StartOver, "the server gave no strong validator"};
    if (const auto difference = differenceTo(held, Validator::of(head), *range);
        !difference.empty())
        return {RangeAnswer::StartOver, difference};
    return {RangeAnswer::Append, "the server continues at byte " + figure(offset)};
}

RangeDecision judgeUnsatisfiable(const ResponseHead &head, ByteOffset offset, const Validator &held)
{
    const auto range = ContentRange::parse(headerText(head, "Content-Range"));
    if (!range || !range->completeLength)
        return {RangeAnswer::Refuse,
                "the range cannot be had, and the server does not say how long the whole is"};
    const ByteCount whole = *range->completeLength;
    const Validator now = Validator::of(head);
    const bool changed = !held.etag.empty() && !now.etag.empty() && now.etag != held.etag;
    if (whole.value() == offset.value() && !changed)
        return {RangeAnswer::AlreadyComplete, "all " + figure(whole) + " bytes are here"};
    if (whole.value() > offset.value() && !changed)
        return {RangeAnswer::Refuse, "the server has no bytes from " + figure(offset) +
                                         " on, though the whole has " + figure(whole)};
    return {RangeAnswer::StartOver,
            "the whole now has " + figure(whole) + " bytes, and " + figure(offset) + " are here"};
}

} // namespace

Validator Validator::of(const ResponseHead &head)
{
    Validator validator{.etag = headerText(head, "ETag"),
                        .lastModified = headerText(head, "Last-Modified"),
                        .contentEncoding = headerText(head, "Content-Encoding")};
    if (head.status == 206) {
        const auto range = ContentRange::parse(headerText(head, "Content-Range"));
        validator.length = range ? range->completeLength : std::nullopt;
    } else {
        validator.length = head.contentLength;
    }
    if (validator.contentEncoding == "identity")
        validator.contentEncoding.clear();
    return validator;
}

std::string Validator::ifRange() const
{
    // A weak tag, and one without quotes, says nothing about bytes; the date does not replace it.
    if (!etag.empty())
        return etag.starts_with("W/") || etag.starts_with("w/") ? std::string() : etag;
    return lastModified;
}

std::optional<ContentRange> ContentRange::parse(std::string_view value)
{
    if (!startsWithBytesUnit(value))
        return std::nullopt;
    value.remove_prefix(6);
    const std::size_t slash = value.find('/');
    if (slash == value.npos)
        return std::nullopt;
    const std::string_view positions = value.substr(0, slash);
    const std::string_view length = value.substr(slash + 1);

    ContentRange range;
    if (length != "*") {
        const auto complete = wholeNumber(length);
        if (!complete)
            return std::nullopt;
        range.completeLength = ByteCount(*complete);
    }
    if (positions == "*")
        return range.completeLength ? std::optional(range) : std::nullopt;

    const std::size_t dash = positions.find('-');
    if (dash == positions.npos)
        return std::nullopt;
    const auto first = wholeNumber(positions.substr(0, dash));
    const auto last = wholeNumber(positions.substr(dash + 1));
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    if (!first || !last || *last < *first || *last == kMost || // so that it has a length
        (range.completeLength && *last >= range.completeLength->value()))
        return std::nullopt;
    range.first = ByteOffset(*first);
    range.last = ByteOffset(*last);
    return range;
}

RangeDecision judgeRangeAnswer(const ResponseHead &head, ByteOffset offset, const Validator &held)
{
    switch (head.status) {
    case 206:
        return judgePartial(head, offset, held);
    case 416:
        return judgeUnsatisfiable(head, offset, held);
    case 200:
        return {RangeAnswer::StartOver, "the server sends the whole again"};
    default:
        return {RangeAnswer::Refuse, "status " + std::to_string(head.status)};
    }
}

} // namespace freshet::transport

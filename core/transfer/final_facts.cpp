// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/final_facts.h"

#include <array>
#include <cstdio>

namespace freshet::transfer {

namespace {

using Facts = std::map<std::string, std::string>;

void addHead(Facts &facts, const transport::ResponseHead &head)
{
    const auto add = [&facts](const char *name, std::string value) {
        if (!value.empty())
            facts.emplace(name, std::move(value));
    };
    add("httpVersion", head.httpVersion);
    if (head.status != 0)
        add("httpStatus", std::to_string(head.status));
    add("contentType", head.contentType);
    add("finalUrl", transport::withoutSecrets(head.finalUrl));
    if (head.redirects > 0)
        add("redirects", std::to_string(head.redirects));
    if (head.contentLength)
        add("contentLength", std::to_string(head.contentLength->value()));
    std::string codings;
    for (const auto &coding : head.contentCodings)
        codings += (codings.empty() ? "" : ", ") + coding;
    add("contentCodings", codings);
}

void addTiming(Facts &facts, const Progress &progress)
{
    const auto add = [&facts](const char *name, std::optional<std::chrono::microseconds> time) {
        if (time)
            facts.emplace(name, millisecondsText(*time));
    };
    add("connectMs", progress.timeline.transport.connected);
    add("ttfbMs", progress.timeline.transport.firstByte);
    add("firstRowMs", progress.timeline.firstRow);
    add("totalMs", progress.elapsed);
    if (progress.retries > 0)
        facts.emplace("retries", std::to_string(progress.retries));
}

void addFindings(Facts &facts, const DecodeOutcome &decoded)
{
    if (!decoded.findings.rowsAt.empty())
        facts.emplace("rowsAt", decoded.findings.rowsAt);
    for (const auto &[path, json] : decoded.findings.envelope)
        facts.emplace("envelope." + path, json);
    int number = 0;
    for (const auto &note : decoded.findings.notes)
        facts.emplace("note." + std::to_string(++number), note);
    number = 0;
    for (const auto &event : decoded.widenings)
        facts.emplace("widening." + std::to_string(++number),
                      '"' + event.column + "\" from " + event.from.name() + " to " +
                          event.to.name() + " at row " + groupedDigits(event.row.value()));
}

void addError(Facts &facts, const Error &error)
{
    facts.emplace("error.code", errorCodeName(error.code));
    if (error.line)
        facts.emplace("error.line", std::to_string(*error.line));
    if (error.byteOffset)
        facts.emplace("error.byteOffset", std::to_string(error.byteOffset->value()));
    if (error.nativeCode != 0)
        facts.emplace("error.nativeCode", std::to_string(error.nativeCode));
    if (!error.excerpt.empty())
        facts.emplace("error.excerpt", error.excerpt);
}

} // namespace

std::string millisecondsText(std::chrono::microseconds time)
{
    std::array<char, 40> text{};
    const auto micros = static_cast<long long>(time.count());
    const int size =
        std::snprintf(text.data(), text.size(), "%lld.%03lld", micros / 1000, micros % 1000);
    return {text.data(), static_cast<std::size_t>(size)};
}

Facts finalFacts(const Progress &progress, const transport::ResponseHead *head,
                 const DecodeOutcome &decoded, const std::optional<Error> &error)
{
    Facts facts;
    if (progress.format != decode::Format::Auto)
        facts.emplace("format", decode::formatName(progress.format));
    if (!progress.formatReason.empty())
        facts.emplace("formatReason", progress.formatReason);
    if (head != nullptr)
        addHead(facts, *head);
    addTiming(facts, progress);
    addFindings(facts, decoded);
    if (error)
        addError(facts, *error);
    return facts;
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/recording_text.h"

#include <array>
#include <charconv>
#include <utility>

namespace freshet::transport::recording {

namespace {

using std::chrono::microseconds;

void line(std::string &text, std::string_view name, std::string_view value)
{
    text.append(name).append(" ");
    for (const char c : value)
        text.push_back(c == '\n' || c == '\r' ? ' ' : c);
    text.push_back('\n');
}

void line(std::string &text, std::string_view name, std::optional<microseconds> time)
{
    if (time)
        line(text, name, std::to_string(time->count()));
}

/// Calls `take(name, value)` for each line.
template <typename Take>
void eachLine(std::string_view text, Take take)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto blank = std::min(one.find(' '), one.size());
        take(one.substr(0, blank), one.substr(std::min(blank + 1, one.size())));
    }
}

std::int64_t numberFrom(std::string_view text)
{
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// A header's value with the secrets of the addresses in it masked: `<https://…?token=x>;
/// rel=next`.
std::string withoutSecretAddresses(const std::string &value)
{
    std::string masked;
    std::string_view rest = value;
    for (auto scheme = rest.find("://"); scheme != std::string_view::npos;
         scheme = rest.find("://")) {
        const auto begin = rest.find_last_of(" <\"'", scheme) + 1; // npos + 1 is 0
        const auto end = std::min(rest.find_first_of(" >\"'", scheme), rest.size());
        masked.append(rest.substr(0, begin));
        masked.append(withoutSecrets(rest.substr(begin, end - begin)));
        rest.remove_prefix(end);
    }
    return masked.append(rest);
}

/// A value of several lines on one; `unfolded` gives it back.
std::string folded(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '\n' || c == '\r')
            text.push_back('\\');
        text.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
    return text;
}

std::string unfolded(std::string_view text)
{
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            value.push_back(text[i]);
            continue;
        }
        const char c = text[++i];
        value.push_back(c == 'n' ? '\n' : c == 'r' ? '\r' : c);
    }
    return value;
}

/// Of trailers; what would come behind that is left out.
constexpr std::size_t kMostTrailerBytes = 64 << 10;

void trailerLines(std::string &text, const std::vector<Header> &trailers)
{
    std::size_t bytes = 0;
    for (const auto &[name, value] : trailers) {
        bytes += name.size() + value.size();
        if (bytes > kMostTrailerBytes)
            return;
        if (!isSecretHeader(name))
            line(text, "trailer", name + ": " + folded(withoutSecretAddresses(value)));
    }
}

std::optional<Header> headerFrom(std::string_view text)
{
    const auto colon = text.find(": ");
    if (colon == std::string_view::npos)
        return std::nullopt;
    return Header{std::string(text.substr(0, colon)), std::string(text.substr(colon + 2))};
}

constexpr std::array<std::pair<BodyEnd, std::string_view>, 3> kEnds = {{
    {BodyEnd::LengthReached, "length"},
    {BodyEnd::FramingComplete, "framing"},
    {BodyEnd::ConnectionClosed, "closed"},
}};

ErrorCode codeByName(std::string_view name)
{
    for (int i = 0; i <= static_cast<int>(ErrorCode::SqlError); ++i) {
        if (errorCodeName(static_cast<ErrorCode>(i)) == name)
            return static_cast<ErrorCode>(i);
    }
    return ErrorCode::Internal;
}

/// The member of `phases` for a line's name; null for another line.
std::optional<microseconds> *phaseFor(TransportTiming &phases, std::string_view name)
{
    if (name == "nameLookup")
        return &phases.nameLookup;
    if (name == "connected")
        return &phases.connected;
    if (name == "tlsDone")
        return &phases.tlsDone;
    if (name == "answerBegan")
        return &phases.answerBegan;
    return name == "requestSent" ? &phases.requestSent : nullptr;
}

} // namespace

std::string headText(const ResponseHead &head)
{
    std::string text;
    line(text, "status", std::to_string(head.status));
    line(text, "version", head.httpVersion);
    line(text, "url", head.finalUrl);
    line(text, "type", head.contentType);
    if (head.contentLength)
        line(text, "length", std::to_string(head.contentLength->value()));
    for (const std::string &coding : head.contentCodings)
        line(text, "coding", coding);
    line(text, "redirects", std::to_string(head.redirects));
    for (const auto &[name, value] : head.headers) {
        if (!isSecretHeader(name))
            line(text, "header", name + ": " + withoutSecretAddresses(value));
    }
    return text;
}

ResponseHead headFrom(std::string_view text)
{
    ResponseHead head;
    eachLine(text, [&head](std::string_view name, std::string_view value) {
        if (name == "status")
            head.status = static_cast<int>(numberFrom(value));
        else if (name == "version")
            head.httpVersion = value;
        else if (name == "url")
            head.finalUrl = value;
        else if (name == "type")
            head.contentType = value;
        else if (name == "length")
            head.contentLength = ByteCount(numberFrom(value));
        else if (name == "coding")
            head.contentCodings.emplace_back(value);
        else if (name == "redirects")
            head.redirects = static_cast<int>(numberFrom(value));
        else if (auto header = name == "header" ? headerFrom(value) : std::nullopt)
            head.headers.push_back(std::move(*header));
    });
    return head;
}

std::string endText(const End &end)
{
    std::string text;
    if (end.outcome) {
        for (const auto &[kind, name] : kEnds) {
            if (kind == *end.outcome)
                line(text, "end", name);
        }
    } else {
        const Error &error = end.outcome.error();
        line(text, "error", errorCodeName(error.code));
        line(text, "detail", error.detail);
        line(text, "excerpt", error.excerpt);
        line(text, "native", std::to_string(error.nativeCode));
    }
    line(text, "nameLookup", end.phases.nameLookup);
    line(text, "connected", end.phases.connected);
    line(text, "tlsDone", end.phases.tlsDone);
    line(text, "requestSent", end.phases.requestSent);
    line(text, "answerBegan", end.phases.answerBegan);
    trailerLines(text, end.trailers);
    return text;
}

End endFrom(std::string_view text)
{
    End end;
    std::optional<Error> error;
    eachLine(text, [&](std::string_view name, std::string_view value) {
        if (auto *const phase = phaseFor(end.phases, name)) {
            *phase = microseconds(numberFrom(value));
        } else if (auto trailer = name == "trailer" ? headerFrom(value) : std::nullopt) {
            end.trailers.push_back({std::move(trailer->name), unfolded(trailer->value)});
        } else if (name == "error") {
            error = Error{.code = codeByName(value)};
        } else if (name == "end") {
            for (const auto &[kind, endName] : kEnds) {
                if (endName == value)
                    end.outcome = kind;
            }
        } else if (error && name == "detail") {
            error->detail = value;
        } else if (error && name == "excerpt") {
            error->excerpt = value;
        } else if (error && name == "native") {
            error->nativeCode = static_cast<int>(numberFrom(value));
        }
    });
    if (error)
        end.outcome = fail(std::move(*error));
    return end;
}

} // namespace freshet::transport::recording

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_server.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>

namespace freshet::test {

namespace {

bool equalsWithoutCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

} // namespace

std::string Asked::target() const
{
    const std::size_t begin = text.find(' ') + 1;
    return text.substr(begin, text.find(' ', begin) - begin);
}

std::optional<std::string> Asked::header(std::string_view name) const
{
    std::size_t line = text.find("\r\n");
    while (line != std::string::npos) {
        line += 2;
        const std::size_t end = text.find("\r\n", line);
        if (end == std::string::npos || end == line)
            break;
        const std::string_view one = std::string_view(text).substr(line, end - line);
        const std::size_t colon = one.find(':');
        if (colon != one.npos && equalsWithoutCase(one.substr(0, colon), name)) {
            const std::size_t value = one.find_first_not_of(' ', colon + 1);
            return value == one.npos ? std::string() : std::string(one.substr(value));
        }
        line = end;
    }
    return std::nullopt;
}

std::optional<std::size_t> Asked::rangeStart() const
{
    constexpr std::string_view kUnit = "bytes=";
    const auto range = header("Range");
    if (!range || !range->starts_with(kUnit))
        return std::nullopt;
    std::size_t start = 0;
    const char *const end = range->data() + range->size();
    const auto read = std::from_chars(range->data() + kUnit.size(), end, start);
    return read.ec == std::errc() && read.ptr != end && *read.ptr == '-' ? std::optional(start)
                                                                         : std::nullopt;
}

std::optional<std::size_t> Asked::rangeEnd() const
{
    const auto range = header("Range");
    if (!range || !rangeStart() || range->ends_with('-'))
        return std::nullopt;
    std::size_t last = 0;
    const char *const end = range->data() + range->size();
    const auto read = std::from_chars(range->data() + range->find('-') + 1, end, last);
    return read.ec == std::errc() && read.ptr == end ? std::optional(last + 1) : std::nullopt;
}

std::string Resource::head(std::string_view status, std::string_view more) const
{
    std::string text = "HTTP/1.1 " + std::string(status) + "\r\n";
    const auto add = [&text](std::string_view name, const std::string &value) {
        if (!value.empty())
            text += std::string(name) + ": " + value + "\r\n";
    };
    add("Content-Type", contentType);
    add("ETag", etag);
    add("Last-Modified", lastModified);
    add("Content-Encoding", contentEncoding);
    add("Accept-Ranges", hasRanges ? "bytes" : "");
    text += more;
    return text + "\r\n";
}

std::string Resource::length(std::size_t bytes)
{
    return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

std::string Resource::whole() const
{
    return head("200 OK", length(body.size())) + body;
}

std::string Resource::rest(std::size_t from, std::size_t end) const
{
    const std::string all = std::to_string(body.size());
    end = std::min(end, body.size());
    return head("206 Partial Content", "Content-Range: bytes " + std::to_string(from) + '-' +
                                           std::to_string(end - 1) + '/' + all + "\r\n" +
                                           length(end - from)) +
           body.substr(from, end - from);
}

std::string Resource::answerTo(const Asked &asked) const
{
    const auto from = asked.rangeStart();
    const auto condition = asked.header("If-Range");
    const bool isSame = !condition || (!etag.empty() && *condition == etag) ||
                        (!lastModified.empty() && *condition == lastModified);
    if (!hasRanges || !from || !isSame)
        return whole();
    if (*from >= body.size())
        return "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */" +
               std::to_string(body.size()) + "\r\nContent-Length: 0\r\n\r\n";
    return rest(*from, asked.rangeEnd().value_or(body.size()));
}

std::string chunk(std::string_view text)
{
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + std::string(text) + "\r\n";
}

FaultServer::FaultServer(Resource resource, std::vector<Answer> answers, const RawServer::Tls &tls)
    : m_resource(std::move(resource)),
      m_answers(std::move(answers)),
      m_server(
          [this](const std::string &request, std::size_t number) {
              const Asked asked{request};
              return number < m_answers.size() ? m_answers[number](asked)
                                               : Script().send(m_resource.answerTo(asked));
          },
          tls)
{}

std::string FaultServer::url(std::string_view path) const
{
    return m_server.url(path);
}

std::vector<Asked> FaultServer::asked() const
{
    std::vector<Asked> all;
    for (std::string &request : m_server.requests())
        all.push_back({std::move(request)});
    return all;
}

} // namespace freshet::test

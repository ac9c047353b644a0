// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_table.h"

#include <algorithm>

namespace freshet::test {

namespace {

using Faults = std::vector<Fault>;

/// A fault in one answer, whatever is asked; then the server is honest.
void add(Faults &faults, int number, std::string words,
         const std::function<Answer(const Resource &, const Sample &)> &answer,
         const Expected &expected, const std::function<void(Plan &)> &adjust = {})
{
    faults.push_back({number, std::move(words), [=](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          plan.answers = {answer(plan.resource, sample)};
                          plan.runs = {expected};
                          if (adjust)
                              adjust(plan);
                          return plan;
                      }});
}

std::string chunked(const Resource &resource, std::size_t bytes)
{
    std::string text = resource.head("200 OK", kChunked);
    constexpr std::size_t kPiece = 700;
    for (std::size_t at = 0; at < bytes; at += kPiece)
        text += chunk(std::string_view(resource.body).substr(at, std::min(kPiece, bytes - at)));
    return text;
}

void wantRange(Plan &plan)
{
    plan.ranges = Ranges::Used;
}

void addCuts(Faults &faults)
{
    const Expected lost = broken({ErrorCode::ConnectionLost});
    add(
        faults, 1, "closed before the length is reached",
        [](const Resource &resource, const Sample &sample) {
            return cutAt(resource, sample.midRow());
        },
        lost, wantRange);
    add(
        faults, 1, "closed at a row's border before the length is reached",
        [](const Resource &resource, const Sample &sample) {
            return cutAt(resource, sample.border());
        },
        lost, wantRange);
    add(
        faults, 2, "chunked, closed without the last chunk",
        [](const Resource &resource, const Sample &sample) {
            return raw(chunked(resource, sample.midRow()));
        },
        lost, wantRange);
    add(
        faults, 2, "chunked, all rows, closed without the last chunk",
        [](const Resource &resource, const Sample &) {
            return raw(chunked(resource, resource.body.size()));
        },
        lost, wantRange);
    add(
        faults, 3, "illegal chunk size after good chunks",
        [](const Resource &resource, const Sample &sample) {
            return raw(chunked(resource, sample.midRow()) + "xyz\r\n" + std::string(kLastChunk));
        },
        broken({ErrorCode::ProtocolViolation}), wantRange);
    add(
        faults, 4, "chunk size beyond 64 bits",
        [](const Resource &resource, const Sample &sample) {
            return raw(chunked(resource, sample.midRow()) + "fffffffffffffffff\r\n{\"id\":1}\n");
        },
        broken({ErrorCode::ProtocolViolation}), wantRange);
    add(
        faults, 5, "no length, TLS closed without close_notify",
        [](const Resource &resource, const Sample &sample) -> Answer {
            return [text = resource.head("200 OK") +
                           sample.body.substr(0, sample.border())](const Asked &) {
                return Script().send(text).closeBare();
            };
        },
        lost,
        [](Plan &plan) {
            plan.isTls = true;
            plan.ranges = Ranges::Used;
        });
}

void addPoliteCuts(Faults &faults)
{
    add(
        faults, 6, "no length, closed in the middle of a row",
        [](const Resource &resource, const Sample &sample) {
            return raw(resource.head("200 OK") + sample.body.substr(0, sample.midRow()));
        },
        broken({ErrorCode::Truncated}));
    faults.push_back({6, "no length, closed inside the last field",
                      [](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          if (!sample.isCsv())
                              plan.skipped = "its rows have an end of their own";
                          // Before the line end and the last letter of the row in front of the
                          // border.
                          plan.answers = {raw(plan.resource.head("200 OK") +
                                              sample.body.substr(0, sample.border() - 3))};
                          plan.runs = {broken({ErrorCode::Truncated})};
                          return plan;
                      }});
    faults.push_back(
        {6, "no length, closed at a row's border", [](const Sample &sample, const std::string &) {
             Plan plan{.skipped = {}, .resource = sample.resource()};
             plan.answers = {
                 raw(plan.resource.head("200 OK") + sample.body.substr(0, sample.border()))};
             // Only the document's own end tells.
             plan.runs = {sample.form == Form::Json ? broken({ErrorCode::Truncated})
                                                    : shortOfRows()};
             return plan;
         }});
}

void addLengths(Faults &faults)
{
    const auto withHeaders = [](std::string headers) {
        return [headers](const Resource &resource, const Sample &) {
            return raw(resource.head("200 OK", headers) + resource.body);
        };
    };
    const Expected refused = broken({ErrorCode::ProtocolViolation});
    add(
        faults, 7, "chunked and a length that is shorter",
        [](const Resource &resource, const Sample &) {
            return raw(resource.head("200 OK", "Content-Length: 3\r\n" + std::string(kChunked)) +
                       chunk(resource.body) + std::string(kLastChunk));
        },
        whole());
    add(
        faults, 7, "chunked and a length that is longer",
        [](const Resource &resource, const Sample &) {
            return raw(
                resource.head("200 OK", std::string(kChunked) + "Content-Length: 9999999\r\n") +
                chunk(resource.body) + std::string(kLastChunk));
        },
        whole());
    add(
        faults, 8, "two different lengths",
        [](const Resource &resource, const Sample &sample) {
            return raw(resource.head("200 OK", Resource::length(resource.body.size()) +
                                                   Resource::length(sample.border())) +
                       resource.body);
        },
        refused);
    add(faults, 9, "negative length", withHeaders("Content-Length: -5\r\n"), refused);
    add(faults, 9, "length with rubbish", withHeaders("Content-Length: 6badness\r\n"), refused);
    add(faults, 9, "length of 2^65", withHeaders("Content-Length: 36893488147419103232\r\n"),
        refused);
    add(
        faults, 10, "equal lengths in two headers and a list",
        [](const Resource &resource, const Sample &) {
            const std::string size = std::to_string(resource.body.size());
            return raw(resource.head("200 OK", "Content-Length: " + size + ",  " + size + "\r\n" +
                                                   Resource::length(resource.body.size())) +
                       resource.body);
        },
        whole());
    add(faults, 11, "unknown transfer coding", withHeaders("Transfer-Encoding: shrunk\r\n"),
        refused);
    add(faults, 11, "chunked is not the last coding",
        withHeaders("Transfer-Encoding: chunked, gzip\r\n"), refused);
}

void addMessages(Faults &faults)
{
    const Expected refused = broken({ErrorCode::ProtocolViolation});
    const auto text = [](std::string bytes) {
        return [bytes](const Resource &, const Sample &) {
            return raw(bytes);
        };
    };
    add(
        faults, 12, "another answer behind the declared end",
        [](const Resource &resource, const Sample &) {
            return raw(resource.whole() + resource.whole());
        },
        whole());
    add(
        faults, 12, "rows behind the last chunk",
        [](const Resource &resource, const Sample &) {
            return raw(resource.head("200 OK", kChunked) + chunk(resource.body) +
                       std::string(kLastChunk) + "{\"id\":1}\n");
        },
        whole());
    add(faults, 13, "304 that announces a body",
        text("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
        broken({ErrorCode::HttpStatus}));
    add(
        faults, 14, "100 and 103 come first",
        [](const Resource &resource, const Sample &) {
            return raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n"
                       "\r\n" +
                       resource.whole());
        },
        whole());
    add(faults, 14, "100 and nothing else", text("HTTP/1.1 100 Continue\r\n\r\n"),
        broken({ErrorCode::ConnectionLost}));
    add(faults, 15, "no HTTP at all", text("SSH-2.0-OpenSSH_9.2\r\n"), refused);
    add(faults, 15, "status of a hundred digits",
        text("HTTP/1.1 " + std::string(100, '2') + " OK\r\n\r\n{}"), refused);
    add(
        faults, 15, "zero byte in a trailer",
        [](const Resource &resource, const Sample &) {
            return raw(resource.head("200 OK", kChunked) + chunk(resource.body) + "0\r\n" +
                       std::string("A: b\0c\r\n\r\n", 10));
        },
        refused);
    add(
        faults, 15, "headers beyond the limit",
        [](const Resource &resource, const Sample &) {
            return raw(resource.head("200 OK", "X: " + std::string(2 << 20, 'x') + "\r\n") +
                       resource.body);
        },
        broken({ErrorCode::SizeLimitExceeded}));
}

} // namespace

std::vector<Fault> faultsOfFraming()
{
    Faults faults;
    addCuts(faults);
    addPoliteCuts(faults);
    addLengths(faults);
    addMessages(faults);
    faults.push_back({13, "204 that announces a body, when asked for the rest",
                      [](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          const Answer noContent = [resource = plan.resource](const Asked &asked) {
                              return Script().send(
                                  asked.rangeStart()
                                      ? "HTTP/1.1 204 No Content\r\nContent-Length: 500\r\n\r\n"
                                      : resource.whole());
                          };
                          plan.answers = {cutAt(plan.resource, sample.midRow()), noContent};
                          // It is no answer to a range, so that the whole is asked for.
                          plan.runs = {broken({ErrorCode::ConnectionLost}), whole()};
                          plan.ranges = Ranges::Used;
                          return plan;
                      }});
    return faults;
}

} // namespace freshet::test

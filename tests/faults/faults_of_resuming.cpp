// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_table.h"
#include "transport/encoded.h"

#include <algorithm>

namespace freshet::test {

namespace {

using Faults = std::vector<Fault>;
using Make = std::function<Answer(const Resource &, const Sample &)>;

const Expected kLost = broken({ErrorCode::ConnectionLost});

/// The connection is cut in the middle of a row; the request for the rest meets `answers`. `runs`
/// are those behind the first.
void add(Faults &faults, int number, std::string words, const std::vector<Make> &answers,
         const std::vector<Expected> &runs, const std::function<void(Plan &)> &adjust = {})
{
    faults.push_back({number, std::move(words), [=](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          if (adjust)
                              adjust(plan);
                          plan.answers = {cutAt(plan.resource, sample.midRow())};
                          for (const Make &make : answers)
                              plan.answers.push_back(make(plan.resource, sample));
                          plan.runs = {kLost};
                          plan.runs.insert(plan.runs.end(), runs.begin(), runs.end());
                          return plan;
                      }});
}

/// 206 for what was asked, with `Content-Range: <range>`, where `%` stands for the first position
/// and `$` for the last.
Make partial(std::string range, std::string etag = "\"v1\"")
{
    return [=](const Resource &resource, const Sample &) -> Answer {
        return [=](const Asked &asked) {
            const std::size_t from = asked.rangeStart().value_or(0);
            std::string value;
            for (const char c : range)
                value += c == '%'   ? std::to_string(from)
                         : c == '$' ? std::to_string(resource.body.size() - 1)
                         : c == '#' ? std::to_string(resource.body.size())
                                    : std::string(1, c);
            Resource tagged = resource;
            tagged.etag = etag;
            return Script().send(
                tagged.head("206 Partial Content",
                            (value.empty() ? "" : "Content-Range: " + value + "\r\n") +
                                Resource::length(resource.body.size() - from)) +
                resource.body.substr(from));
        };
    };
}

/// An answer without rows.
Make refusal(std::string status, std::string more = {}, std::string body = "no\n")
{
    return [=](const Resource &, const Sample &) {
        return raw("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\n" + more +
                   Resource::length(body.size()) + "\r\n" + body);
    };
}

Make honest()
{
    return [](const Resource &resource, const Sample &) -> Answer {
        return [resource](const Asked &asked) {
            return Script().send(resource.answerTo(asked));
        };
    };
}

/// 206 that holds only some of the bytes asked for, and says so.
Make shorterPartial(std::size_t bytes)
{
    return [=](const Resource &resource, const Sample &) -> Answer {
        return [=](const Asked &asked) {
            const std::size_t from = asked.rangeStart().value_or(0);
            const std::string range = "Content-Range: bytes " + std::to_string(from) + '-' +
                                      std::to_string(from + bytes - 1) + '/' +
                                      std::to_string(resource.body.size()) + "\r\n";
            return Script().send(
                resource.head("206 Partial Content", range + Resource::length(bytes)) +
                resource.body.substr(from, bytes));
        };
    };
}

void useRange(Plan &plan)
{
    plan.ranges = Ranges::Used;
}

void addGoodAnswers(Faults &faults)
{
    add(faults, 21, "206, same tag, right range", {honest()}, {whole()}, useRange);
    add(faults, 21, "206, no tag but a date", {honest()}, {whole()}, [](Plan &plan) {
        plan.resource.etag.clear();
        plan.resource.lastModified = "Wed, 18 Nov 2026 10:00:00 GMT";
        plan.ranges = Ranges::Used;
    });
    const Make again = [](const Resource &resource, const Sample &) {
        return raw(resource.whole());
    };
    add(faults, 22, "200 for a range: the whole again", {again}, {whole()}, useRange);
    add(faults, 22, "no ranges at all", {again}, {whole()}, [](Plan &plan) {
        plan.resource.hasRanges = false;
        plan.resource.etag.clear();
        plan.ranges = Ranges::Forbidden;
    });
    const auto without = [](std::string etag) {
        return [etag](Plan &plan) {
            plan.resource.etag = etag;
            plan.ranges = Ranges::Forbidden;
        };
    };
    add(faults, 24, "only a weak tag", {again}, {whole()}, without("W/\"v1\""));
    add(faults, 24, "no validator", {again}, {whole()}, without(""));
    add(faults, 24, "a weak tag and a date", {again}, {whole()}, [](Plan &plan) {
        plan.resource.etag = "W/\"v1\"";
        plan.resource.lastModified = "Wed, 18 Nov 2026 10:00:00 GMT";
        plan.ranges = Ranges::Forbidden;
    });
}

void addBadPartials(Faults &faults)
{
    const Expected changed = broken({ErrorCode::SourceChanged});
    add(faults, 23, "206 with another tag", {partial("bytes %-$/#", "\"v2\"")}, {changed},
        useRange);
    add(faults, 25, "206 that begins elsewhere",
        {[](const Resource &resource, const Sample &) -> Answer {
            return [resource](const Asked &asked) {
                return Script().send(resource.rest(asked.rangeStart().value_or(9) - 7));
            };
        }},
        {whole()}, useRange);
    add(faults, 26, "206 without Content-Range", {partial("")}, {whole()}, useRange);
    add(faults, 26, "206 with a malformed Content-Range", {partial("bytes %:$/#")}, {whole()},
        useRange);
    add(faults, 26, "206 with a Content-Range that contradicts itself", {partial("bytes %-$/7")},
        {whole()}, useRange);
    add(faults, 27, "206 with another length of the whole", {partial("bytes %-$/9999999")},
        {changed}, useRange);
    add(faults, 27, "206 with an unknown length of the whole", {partial("bytes %-$/*")}, {whole()},
        useRange);
    add(faults, 28, "206 in several parts",
        {[](const Resource &resource, const Sample &) -> Answer {
            return [resource](const Asked &asked) {
                const std::string from = std::to_string(asked.rangeStart().value_or(0));
                const std::string part =
                    "--b\r\nContent-Type: text/plain\r\nContent-Range: bytes " + from + "-" + from +
                    "/" + std::to_string(resource.body.size()) + "\r\n\r\nx\r\n--b--\r\n";
                return Script().send("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
                                     "Content-Type: multipart/byteranges; boundary=b\r\n" +
                                     Resource::length(part.size()) + "\r\n" + part);
            };
        }},
        {whole()}, useRange);
    add(faults, 29, "206 shorter than asked, time and again",
        {shorterPartial(300), shorterPartial(1), shorterPartial(200)}, {whole()}, useRange);
    add(faults, 29, "206 shorter than asked, 404, 200, 206",
        {shorterPartial(300), refusal("404 Not Found"),
         [](const Resource &resource, const Sample &sample) {
             return cutAt(resource, sample.midRow() + 400);
         },
         honest()},
        {broken({ErrorCode::HttpStatus}), kLost, whole()}, useRange);
    add(faults, 31, "200 with the rest and a Content-Range",
        {[](const Resource &resource, const Sample &) -> Answer {
            return [resource](const Asked &asked) {
                std::string answer = resource.rest(asked.rangeStart().value_or(0));
                return Script().send(answer.replace(9, 19, "200 OK"));
            };
        }},
        {changed}, useRange);
    add(faults, 31, "206 with a Content-Range without its unit", {partial("%-$/#")}, {whole()},
        useRange);
    add(faults, 32, "206 that is compressed now",
        {[](const Resource &resource, const Sample &) -> Answer {
            Resource coded = resource;
            coded.contentEncoding = "gzip";
            coded.body = gzipOf(resource.body);
            return [coded](const Asked &asked) {
                return Script().send(
                    coded.rest(std::min(asked.rangeStart().value_or(0), coded.body.size() - 1)));
            };
        }},
        {whole()}, useRange);
    add(faults, 32, "200 that is compressed now, with a tag per coding",
        {[](const Resource &resource, const Sample &) {
            Resource coded = resource;
            coded.contentEncoding = "gzip";
            coded.etag = "\"v1-gzip\"";
            coded.body = gzipOf(resource.body);
            return raw(coded.whole());
        }},
        {changed}, useRange);
}

/// All rows are here, but nobody said that they were all.
void addUnsatisfiable(Faults &faults)
{
    const auto addAtEnd = [&faults](std::string words, std::string range, const Expected &last) {
        faults.push_back(
            {30, std::move(words), [=](const Sample &sample, const std::string &) {
                 Plan plan{.skipped = {}, .resource = sample.resource()};
                 if (sample.form == Form::Json) {
                     plan.skipped = "what follows the last row of a document is always asked for";
                     return plan;
                 }
                 std::string value = range;
                 if (const auto place = value.find('#'); place != value.npos)
                     value.replace(place, 1, std::to_string(plan.resource.body.size()));
                 plan.answers = {
                     raw(plan.resource.head("200 OK", kChunked) + chunk(plan.resource.body)),
                     raw("HTTP/1.1 416 Range Not Satisfiable\r\n" +
                         (value.empty() ? "" : "Content-Range: " + value + "\r\n") +
                         Resource::length(9) + "\r\n{\"id\":1}\n")};
                 plan.runs = {kLost, last};
                 plan.ranges = Ranges::Used;
                 return plan;
             }});
    };
    addAtEnd("416 at the size that is here", "bytes */#", whole());
    addAtEnd("416 below the size that is here", "bytes */700", broken({ErrorCode::SourceChanged}));
    addAtEnd("416 beyond the size that is here", "bytes */9999999", whole());
    addAtEnd("416 without Content-Range", "", whole());
}

void addRefusals(Faults &faults)
{
    const Expected refused = broken({ErrorCode::HttpStatus});
    for (const char *status :
         {"401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Internal Server Error"})
        add(faults, 33, std::string(status) + " for the rest", {refusal(status)}, {refused});
    const std::string page = "<!doctype html><html><body>Please log in</body></html>\n";
    add(faults, 33, "200 with a login page for the rest",
        {refusal("200 OK", "", page + std::string(9000, ' '))},
        {broken({ErrorCode::SourceChanged, ErrorCode::WrongContentType})});
    faults.push_back(
        {33, "200 with a login page at once", [page](const Sample &sample, const std::string &) {
             Plan plan{.skipped = {}, .resource = sample.resource()};
             plan.answers = {raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" +
                                 Resource::length(page.size()) + "\r\n" + page)};
             plan.runs = {broken({ErrorCode::WrongContentType})};
             return plan;
         }});
}

Answer redirectTo(std::string location)
{
    return raw("HTTP/1.1 302 Found\r\n" +
               (location.empty() ? "" : "Location: " + location + "\r\n") + Resource::length(0) +
               "\r\n");
}

void addRedirects(Faults &faults)
{
    const auto redirected = [&faults](std::string words, bool isElsewhere, std::string location,
                                      std::size_t times, const Expected &expected) {
        faults.push_back(
            {34, std::move(words), [=](const Sample &sample, const std::string &elsewhere) {
                 Plan plan{.skipped = {}, .resource = sample.resource()};
                 plan.answers = {cutAt(plan.resource, sample.midRow())};
                 for (std::size_t i = 0; i < times; ++i)
                     plan.answers.push_back(redirectTo((isElsewhere ? elsewhere : "") + location));
                 plan.runs = {kLost, expected};
                 plan.hasCredentials = true;
                 return plan;
             }});
    };
    redirected("redirect to another origin for the rest", true, "/rows", 1, whole());
    redirected("redirect to another path for the rest", false, "/elsewhere", 1, whole());
    redirected("redirect without a Location", false, "", 1, broken({ErrorCode::ProtocolViolation}));
    redirected("redirect in a loop", false, "/rows", 2, broken({ErrorCode::TooManyRedirects}));
    faults.push_back({34, "redirect to another origin at once",
                      [](const Sample &sample, const std::string &elsewhere) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          plan.answers = {redirectTo(elsewhere + "/rows")};
                          plan.runs = {whole()};
                          plan.hasCredentials = true;
                          return plan;
                      }});
}

void addTransient(Faults &faults)
{
    const auto retried = [](Plan &plan) {
        plan.retries = 3;
    };
    const auto addRetried = [&](int number, std::string words, const std::vector<Make> &answers,
                                const Expected &expected) {
        faults.push_back({number, std::move(words), [=](const Sample &sample, const std::string &) {
                              Plan plan{.skipped = {}, .resource = sample.resource()};
                              for (const Make &make : answers)
                                  plan.answers.push_back(make(plan.resource, sample));
                              plan.runs = {expected};
                              retried(plan);
                              return plan;
                          }});
    };
    const Expected refused = broken({ErrorCode::HttpStatus});
    const Make cut = [](const Resource &resource, const Sample &sample) {
        return cutAt(resource, sample.midRow());
    };
    const auto after = [](std::string value) {
        return refusal("503 Service Unavailable", "Retry-After: " + value + "\r\n");
    };
    addRetried(35, "429 with seconds", {refusal("429 Too Many Requests", "Retry-After: 0\r\n")},
               whole());
    addRetried(35, "503 for the rest, with a date of each form, all past",
               {cut, after("Wed, 18 Nov 2020 10:00:00 GMT"),
                after("Wednesday, 18-Nov-20 10:00:00 GMT"), honest()},
               whole());
    addRetried(35, "503 with an asctime date in the past", {after("Wed Nov 18 10:00:00 2020")},
               whole());
    addRetried(35, "503 with a wait that is no time", {after("soon")}, whole());
    addRetried(35, "503 with a wait beyond the budget", {after("999999")}, refused);
    addRetried(35, "503 until 2138", {after("Wed, 18 Nov 2138 10:00:00 GMT")}, refused);
    addRetried(36, "500, 502 and 504, then the answer",
               {refusal("500 Oops"), refusal("502 Bad Gateway"), refusal("504 Late")}, whole());
    addRetried(36, "500 once too often",
               {refusal("500 Oops"), refusal("500 Oops"), refusal("500 Oops"), refusal("500 Oops")},
               refused);
    addRetried(36, "reset before the first byte", {[](const Resource &, const Sample &) -> Answer {
                   return [](const Asked &) {
                       return Script().reset();
                   };
               }},
               whole());
    addRetried(36, "reset in the middle of the body",
               {[](const Resource &resource, const Sample &sample) -> Answer {
                   return [text = resource.head("200 OK", Resource::length(resource.body.size())) +
                                  resource.body.substr(0, sample.midRow())](const Asked &) {
                       return Script().send(text, 500).reset();
                   };
               }},
               whole());
}

} // namespace

std::vector<Fault> faultsOfResuming()
{
    Faults faults;
    addGoodAnswers(faults);
    addBadPartials(faults);
    addUnsatisfiable(faults);
    addRefusals(faults);
    addRedirects(faults);
    addTransient(faults);
    return faults;
}

} // namespace freshet::test

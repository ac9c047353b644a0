// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/json_text.h"
#include "page_simulation.h"

#include <algorithm>
#include <array>
#include <string>

namespace freshet::test {

/// Simulated servers of a table with rows {"id": 0} … {"id": count - 1}, in the manner of APIs that
/// exist.

inline std::string rowsText(std::int64_t first, std::int64_t end)
{
    std::string text = "[";
    for (std::int64_t id = first; id < end; ++id)
        text += (id == first ? "" : ",") + std::string("{\"id\":") + std::to_string(id) + '}';
    return text + ']';
}

inline std::int64_t numberIn(const transport::ByteRequest &request, const std::string &place,
                             std::int64_t fallback)
{
    const auto text = transfer::valueIn(request, place);
    return text && !text->empty() ? std::stoll(*text) : fallback;
}

struct Table
{
    std::int64_t count = 23;
    std::int64_t most = 1000; ///< rows a page has at most

    [[nodiscard]] std::int64_t end(std::int64_t first, std::int64_t size) const
    {
        return std::min(count, first + std::min(size, most));
    }
    [[nodiscard]] std::string rows(std::int64_t first, std::int64_t size) const
    {
        return rowsText(std::min(first, count), end(first, size));
    }
};

/// Socrata: a bare array by $offset and $limit.
inline PageSimulation::Server bareOffsets(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        return {.body =
                    table.rows(numberIn(request, "$offset", 0), numberIn(request, "$limit", 5))};
    };
}

/// GBIF: the page size is capped, `endOfRecords` says when it is over.
inline PageSimulation::Server gbif(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t offset = numberIn(request, "offset", 0);
        const std::int64_t limit = std::min<std::int64_t>(numberIn(request, "limit", 20), 5);
        const bool isLast = table.end(offset, limit) >= table.count;
        return {.body = "{\"offset\":" + std::to_string(offset) + ",\"limit\":" +
                        std::to_string(limit) + ",\"endOfRecords\":" + (isLast ? "true" : "false") +
                        ",\"count\":" + std::to_string(table.count) +
                        ",\"results\":" + table.rows(offset, limit) + '}'};
    };
}

/// CKAN: a relative address of the next page on every page, also behind the last.
inline PageSimulation::Server ckan(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t offset = numberIn(request, "offset", 0);
        return {.body = R"({"success":true,"result":{"records":)" + table.rows(offset, 5) +
                        R"(,"_links":{"start":"/api/3/rows","next":"/api/3/rows?offset=)" +
                        std::to_string(offset + 5) + R"("}}})"};
    };
}

/// Crossref: the same cursor on every page, with new rows; the server keeps the place.
inline PageSimulation::Server crossref(Table table)
{
    auto place = std::make_shared<std::int64_t>(0);
    return [table, place](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::string cursor = transfer::valueIn(request, "cursor").value_or("");
        if (cursor != "*" && cursor != "DnF1=")
            return {.status = 400};
        const std::int64_t first = std::exchange(*place, *place + 5);
        return {.body = R"({"status":"ok","message":{"next-cursor":"DnF1=","total-results":)" +
                        std::to_string(table.count) + ",\"items\":" + table.rows(first, 5) + "}}"};
    };
}

/// Cursors by `{nextCursor, hasMore}`; the last page says null.
inline PageSimulation::Server cursors(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t first = numberIn(request, "cursor", 0);
        const std::int64_t size = numberIn(request, "limit", 5);
        const std::int64_t end = table.end(first, size);
        const bool hasMore = end < table.count;
        return {.body = "{\"data\":" + table.rows(first, size) +
                        ",\"nextCursor\":" + (hasMore ? '"' + std::to_string(end) + '"' : "null") +
                        ",\"hasMore\":" + (hasMore ? "true" : "false") + '}'};
    };
}

/// Google: a page in the middle may be empty; no token means the end.
inline PageSimulation::Server google(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t step = numberIn(request, "pageToken", 0);
        const std::int64_t first = step / 2 * 5;
        const bool isEmpty = step % 2 == 1;
        const bool isLast = !isEmpty && table.end(first, 5) >= table.count;
        std::string body = "{\"items\":" + (isEmpty ? std::string("[]") : table.rows(first, 5));
        if (!isLast)
            body += ",\"nextPageToken\":\"" + std::to_string(step + 1) + '"';
        if (isEmpty)
            return {.body = body + '}'};
        return {.body = body + '}'};
    };
}

/// Stripe: `has_more`, and the last row's id as `starting_after`.
inline PageSimulation::Server stripe(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t first = numberIn(request, "starting_after", -1) + 1;
        const bool hasMore = table.end(first, 5) < table.count;
        return {.body = R"({"object":"list","has_more":)" +
                        std::string(hasMore ? "true" : "false") +
                        ",\"data\":" + table.rows(first, 5) + '}'};
    };
}

/// GitHub: Link, with another path from the second page on.
inline PageSimulation::Server github(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t page = numberIn(request, "page", 1);
        SimulatedAnswer answer{.body = table.rows((page - 1) * 5, 5)};
        if (page * 5 < table.count)
            answer.headers = {
                {"Link", "</repositories/1000?x=a%2Cb&page=" + std::to_string(page + 1) +
                             ">; rel=\"next\", </last>; rel=\"last\""}};
        return answer;
    };
}

/// Page numbers with `pagination {page, limit, total, totalPages}`.
inline PageSimulation::Server numbers(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t page = numberIn(request, "page", 1);
        return {.body = "{\"data\":" + table.rows((page - 1) * 5, 5) +
                        ",\"pagination\":{\"page\":" + std::to_string(page) +
                        ",\"limit\":5,\"total\":" + std::to_string(table.count) +
                        ",\"totalPages\":" + std::to_string((table.count + 4) / 5) + "}}"};
    };
}

/// Page numbers that count from 0, of which nothing but an empty page tells the end.
inline PageSimulation::Server bareNumbers(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        return {.body = "{\"items\":" + table.rows(numberIn(request, "page", 0) * 5, 5) + '}'};
    };
}

/// Django: a page beyond the last does not exist.
inline PageSimulation::Server strictNumbers(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t page = numberIn(request, "page", 1);
        if ((page - 1) * 5 >= table.count)
            return {.status = 404};
        return {.body = table.rows((page - 1) * 5, 5)};
    };
}

/// Trino: pages without data, the address of the next one until it is over.
inline PageSimulation::Server trino(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const auto slash = request.url.rfind('/');
        const std::int64_t step =
            request.method == "POST" ? 0 : std::stoll(request.url.substr(slash + 1));
        std::string body = R"({"id":"q","stats":{"state":"FINISHED","nodes":1})";
        const std::int64_t pages = (table.count + 4) / 5;
        if (step < pages + 2)
            body += R"(,"nextUri":"http://api.test/v1/q/)" + std::to_string(step + 1) + '"';
        if (step >= 1 && step <= pages) {
            std::string cells;
            for (std::int64_t id = (step - 1) * 5; id < table.end((step - 1) * 5, 5); ++id)
                cells += (cells.empty() ? "[" : ",[") + std::to_string(id) + ']';
            body += R"(,"columns":[{"name":"id","type":"bigint"}],"data":[)" + cells + ']';
        }
        return {.body = body + '}'};
    };
}

/// OData: `@odata.nextLink`, missing on the last page.
inline PageSimulation::Server odata(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t skip = numberIn(request, "$skiptoken", 0);
        std::string body = R"({"@odata.context":"x","@odata.count":)" +
                           std::to_string(table.count) + ",\"value\":" + table.rows(skip, 5);
        if (skip + 5 < table.count)
            body += R"(,"@odata.nextLink":"rows?$skiptoken=)" + std::to_string(skip + 5) + '"';
        return {.body = body + '}'};
    };
}

/// JSON:API: `links.next` as an object, null on the last page.
inline PageSimulation::Server jsonApi(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t page = numberIn(request, "page[number]", 1);
        const std::string next = R"({"href":"/v1/rows?page%5Bnumber%5D=)" +
                                 std::to_string(page + 1) + R"(","meta":{"count":10}})";
        return {.body = R"({"links":{"self":"/v1/rows","next":)" +
                        (page * 5 < table.count ? next : "null") +
                        "},\"data\":" + table.rows((page - 1) * 5, 5) + '}'};
    };
}

/// GraphQL: pageInfo, and the cursor in a variable of the body.
inline PageSimulation::Server graphQl(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t first = numberIn(request, "body:$.variables.cursor", 0);
        const std::int64_t end = table.end(first, 5);
        std::string edges;
        for (std::int64_t id = first; id < end; ++id)
            edges += (id == first ? "" : ",") + std::string("{\"id\":") + std::to_string(id) + '}';
        return {.body = R"({"data":{"users":{"nodes":[)" + edges +
                        R"(],"pageInfo":{"endCursor":")" + std::to_string(end) +
                        R"(","hasNextPage":)" + (end < table.count ? "true" : "false") + "}}}}"};
    };
}

/// Elasticsearch: a scroll, whose token may change.
inline PageSimulation::Server scroll(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        std::int64_t first = 0;
        if (request.url == "http://api.test/_search/scroll")
            first = std::stoll(transfer::valueIn(request, "body:$.scroll_id")->substr(1));
        std::string hits;
        for (std::int64_t id = first; id < table.end(first, 5); ++id)
            hits += (hits.empty() ? "" : ",") + std::string(R"({"_source":{"id":)") +
                    std::to_string(id) + "}}";
        return {.body = R"({"_scroll_id":"s)" + std::to_string(first + 5) +
                        R"(","timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":)" +
                        std::to_string(table.count) + R"(,"relation":"eq"},"hits":[)" + hits +
                        "]}}"};
    };
}

/// Salesforce Bulk: the token comes in a header, "null" on the last page.
inline PageSimulation::Server locator(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t first = numberIn(request, "locator", 0);
        const bool isLast = table.end(first, 5) >= table.count;
        return {.body = table.rows(first, 5),
                .headers = {{"Sforce-Locator", isLast ? "null" : std::to_string(first + 5)}}};
    };
}

/// OpenSearch SQL: only the first page says what the columns are called.
inline PageSimulation::Server openSearch(Table table)
{
    return [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t first = numberIn(request, "body:$.cursor", 0);
        std::string rows;
        for (std::int64_t id = first; id < table.end(first, 5); ++id)
            rows += (rows.empty() ? "[" : ",[") + std::to_string(id) + ",\"x\"]";
        std::string body = "{";
        if (first == 0)
            body += R"("schema":[{"name":"id"},{"name":"name"}],)";
        if (first + 5 < table.count)
            body += "\"cursor\":\"" + std::to_string(first + 5) + "\",";
        return {.body = body + "\"datarows\":[" + rows + "]}"};
    };
}

} // namespace freshet::test

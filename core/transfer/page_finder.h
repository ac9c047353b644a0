// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "transfer/declared_totals.h"
#include "transfer/page_rule.h"
#include "transport/transport.h"

#include <optional>
#include <string>

namespace freshet::transfer {

/// One page as it was answered.
struct PageAnswer
{
    const transport::ResponseHead &head;
    const decode::DecodeFindings &findings;
    std::int64_t rows = 0;
};

/// What an answer says about the whole, with the place that says it.
struct PageSigns
{
    template <typename T>
    struct Sign
    {
        T value;
        std::string from;
    };
    std::optional<Sign<bool>> hasMore;
    /// Rows in all. What cannot be a total, being less than the rows of this page, is left out.
    std::optional<Sign<std::int64_t>> total;
    std::optional<Sign<std::int64_t>> lastNumber; ///< pages in all
};

/// `moreFrom` as in PageRule; empty: by the usual names.
[[nodiscard]] PageSigns readSigns(const PageAnswer &answer, const std::string &moreFrom);

struct FoundPages
{
    PageRule rule;
    /// "looks like pages by cursor: $.nextCursor → cursor; 1,000 of 1,000,000 rows"
    std::string sentence;
    /// The answer itself says that there is more; else only the request looks like it.
    bool isCertain = false;
};

/// How the server of this first answer hands out the rest, by the places and names that APIs use;
/// nothing if nothing points to more pages.
/// Source: RFC 8288; OData 4.01 §11.2.6.7; GraphQL Cursor Connections; the APIs of GitHub,
/// Salesforce, Datasette, CKAN, Crossref, GBIF, Elasticsearch, OpenSearch, BigQuery, Stripe, Trino,
/// JSON:API, HAL and Spring Data.
[[nodiscard]] std::optional<FoundPages> findPages(const transport::ByteRequest &request,
                                                  const PageAnswer &answer);

/// The rows in all that a JSON document of one answer declares beside its rows; nothing where no
/// member says so by a name that means that and nothing else.
[[nodiscard]] std::optional<DeclaredTotal> totalOfDocument(const PageAnswer &answer);

/// The sentence for a download of one answer that is visibly only the first page: "the server says
/// there is more: …"; nothing unless the answer says so in a way that is hardly ever said of
/// anything else.
[[nodiscard]] std::optional<std::string> tellsOfMore(const transport::ByteRequest &request,
                                                     const PageAnswer &answer);

} // namespace freshet::transfer

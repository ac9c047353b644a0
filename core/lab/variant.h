// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/recipe.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace freshet::lab {

/// One way of getting a dataset, to be held against others.
struct Variant
{
    std::string name;   ///< unique within a plan: "NDJSON, gzip"
    std::string detail; ///< what is asked for: "application/x-ndjson · gzip"
    transfer::DownloadRequest request;
    /// Recorded answers that take the server's place; empty: the server is asked.
    std::filesystem::path recording;
    /// With a recording: times as fast as recorded; 0: as fast as it goes.
    double speed = 1;
};

/// What is varied of one request. An empty list leaves the request as it is in that respect; of
/// the others, every combination that makes sense becomes a variant.
struct VariantChoices
{
    /// Formats by their names in `decode::formatByName`; each asks with its own Accept.
    std::vector<std::string> formats;
    std::vector<std::string> encodings; ///< values of Accept-Encoding: "identity", "gzip", "br"
    std::vector<transport::HttpVersion> versions;
    /// Rows of a page; each size asks for all pages by the request's rule, or finds one.
    std::vector<std::int64_t> pageSizes;
};

/// Variants of `base`: formats × encodings × versions, then page sizes × encodings × versions.
/// Of several versions, HTTP/2 is for https:// only, where both sides agree on it. A URL that is
/// not of HTTP has nothing to be varied: it is one variant. Names tell only what differs. A login
/// in the URL becomes a header field. Errors: InvalidArgument naming the choice; those of
/// `DownloadRequest::validate`.
[[nodiscard]] Result<std::vector<Variant>> variantsOf(const transfer::DownloadRequest &given,
                                                      const VariantChoices &choices);
/// The variant that a recipe describes, under the recipe's name.
[[nodiscard]] Variant variantOf(const transfer::Recipe &recipe);
/// What `request` asks for in a few words: "text/csv · gzip · HTTP/2".
[[nodiscard]] std::string describe(const transfer::DownloadRequest &request);
/// Give variants of the same name numbers: "users", "users 2".
void makeNamesUnique(std::vector<Variant> &variants);

} // namespace freshet::lab

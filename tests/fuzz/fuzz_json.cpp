// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON decoder must give the same however its input is split, never crash, and agree with
// simdjson on what is JSON. The first bytes of an input choose the options and the split, the rest
// is the document.
#include "split_run.h"

#include <simdjson.h>

namespace {

using namespace freshet;

/// Whether our verdict on the syntax must be simdjson's. Ours keeps numbers of any size and lone
/// surrogates, which simdjson refuses, and takes two objects in a row for NDJSON.
void compareWithSimdjson(std::string_view text, const fuzz::Outcome &outcome)
{
    if (text.starts_with("\xEF\xBB\xBF")) // simdjson 3.0 knows no byte order mark
        return;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    const simdjson::error_code theirs = parser.parse(text.data(), text.size()).get(root);
    const bool isBroken = !outcome.status &&
                          outcome.status.error().code != ErrorCode::InBandError &&
                          outcome.status.error().code != ErrorCode::RowsNotFound;
    const bool weAccept = !isBroken && outcome.rejects.empty();
    if (theirs == simdjson::SUCCESS && !weAccept) {
        std::fprintf(stderr, "simdjson accepts, we do not: %s\n", outcome.text().c_str());
        std::abort();
    }
    const bool mayDiffer = theirs == simdjson::NUMBER_ERROR ||
                           theirs == simdjson::NUMBER_OUT_OF_RANGE ||
                           theirs == simdjson::STRING_ERROR || theirs == simdjson::EMPTY ||
                           outcome.findings.find(" closed") == std::string::npos;
    if (theirs != simdjson::SUCCESS && weAccept && outcome.status && !mayDiffer) {
        std::fprintf(stderr, "we accept, simdjson does not (%s): %s\n",
                     simdjson::error_message(theirs), outcome.text().c_str());
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    if (size < kHeaderBytes)
        return 0;
    static constexpr std::string_view kPaths[] = {"",         "$",         "$.data",
                                                  "$.a[*].b", "$[*].a[*]", "$[1]"};
    decode::DecodeOptions options;
    options.format = decode::Format::Json;
    options.flatten = (data[0] & 1) == 0;
    options.rowsAt = kPaths[(data[0] >> 1) % std::size(kPaths)];
    const std::string text(data + kHeaderBytes, data + size);
    const fuzz::Outcome outcome = fuzz::decodeBothWays(text, options, 1u + data[1] % 40);
    if (options.rowsAt.empty())
        compareWithSimdjson(text, outcome);
    return 0;
}

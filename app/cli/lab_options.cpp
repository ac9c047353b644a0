// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lab_options.h"

#include "cli/command.h"
#include "cli/get_options.h"
#include "cli/grpc_options.h"
#include "cli/lab_variants.h"
#include "cli/page_options.h"
#include "cli/postgres_options.h"
#include "cli/recording_options.h"
#include "cli/remote_options.h"
#include "cli/transport_options.h"

#include <algorithm>
#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kSources = {
    Option{"recipe", '\0', "FILE", "a saved request as a variant; may be repeated"},
    Option{"formats", '\0', "LIST", "ask for each by Accept: json,ndjson,csv,tsv,sse,msgpack,cbor"},
    Option{"encodings", '\0', "LIST", "ask for each by Accept-Encoding: identity,gzip,zstd,br"},
    Option{"http", '\0', "LIST", "HTTP versions: 1.1,2; of http:// addresses 1.1 alone, if asked"},
    Option{"pages", '\0', "LIST", "page sizes: 1000,5000"},
    Option{"pages-of", '\0', "URL", "first page for --pages (default: the URLs themselves)"},
    Option{"message", '\0', "TEXT", "opening message of ws:// addresses"},
    Option{"grpc", '\0', "URL", "call --call there: gRPC-web, or gRPC to grpc://; may be repeated"},
    Option{"data", '\0', "TEXT", "gRPC: the request as JSON"},
    kSqlOption,
    kTableOption,
    kHeaderOption,
    kRowsAtOption,
    kCaFileOption,
    kSpeedOption,
};
constexpr std::array kRuns = {
    Option{"runs", '\0', "N", "runs of each variant (default: 5)"},
    Option{"warm-up", '\0', "", "one more run of each before, which does not count"},
    Option{"connections", '\0', "cold|warm",
           "new connections for each run (default), or kept ones"},
    Option{"discard", '\0', "", "drop decoded rows in place of storing them"},
    Option{"name", '\0', "NAME", "name of the session (default: from the URL)"},
    Option{"repeat", '\0', "NAME", "make the runs of a kept session again"},
    Option{"compare", '\0', "NAME", "say what changed since that session"},
    Option{"report", '\0', "FILE", "also write FILE (.html .json .csv); may be repeated"},
    Option{"list", '\0', "", "list the kept sessions"},
    Option{"json", '\0', "", "print one JSON object with every raw mark"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

constexpr auto kOptions =
    joined(joined(kSources, joined(kCallOptions, kPageOptions)), joined(kRemoteOptions, kRuns));

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

} // namespace

std::span<const Option> labOptions()
{
    return kOptions;
}

Result<lab::LabPlan> labPlanFrom(const Arguments &arguments)
{
    lab::LabPlan plan{.name = arguments.value("name").value_or("")};
    auto variants = variantsFrom(arguments);
    if (!variants)
        return fail(std::move(variants).error());
    plan.variants = std::move(*variants);
    if (plan.variants.empty())
        return usage("lab takes URLs, files or --recipe FILE");
    const auto runs = arguments.number("runs", 1);
    if (!runs)
        return fail(runs.error());
    if (*runs)
        plan.runs = static_cast<int>(std::min<std::int64_t>(**runs, lab::LabPlan::kMostRuns));
    plan.warmUp = arguments.has("warm-up");
    const auto connections = arguments.value("connections").value_or("cold");
    if (connections != "cold" && connections != "warm")
        return usage("--connections is cold or warm, not \"" + connections + '"');
    if (connections == "warm")
        plan.connections = lab::Connections::Warm;
    if (arguments.has("discard"))
        plan.rows = lab::RowsGo::Nowhere;
    FRESHET_TRY(plan.validate());
    return plan;
}

} // namespace freshet::cli

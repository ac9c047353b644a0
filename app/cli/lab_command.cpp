// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/get_options.h"
#include "cli/interrupt.h"
#include "cli/lab_options.h"
#include "cli/lab_text.h"
#include "cli/library_folder.h"
#include "cli/progress_line.h"
#include "cli/remote_options.h"
#include "cli/standard_output.h"
#include "lab/plan_preparation.h"
#include "lab/plan_secrets.h"
#include "lab/report.h"
#include "transfer/request_places.h"

#include <algorithm>

namespace freshet::cli {

namespace {

constexpr std::chrono::milliseconds kProgressInterval{200};

/// Everything that is looked at before the first run.
struct Wish
{
    std::filesystem::path library;
    lab::LabPlan plan;
    std::optional<lab::LabSession> before;
    std::vector<std::filesystem::path> reports;
};

std::string howToGive(const transfer::DownloadRequest &request)
{
    const auto missing = transfer::missingSecrets(request);
    if (!missing.headers.empty())
        return "give it again with -H '" + missing.headers.front() + ": …'";
    std::string text = "give the whole command again";
    if (!missing.parameters.empty())
        text += ", with " + missing.parameters.front();
    else if (!missing.logins.empty())
        text += ", with the login at " + missing.logins.front();
    return text;
}

Result<lab::LabPlan> planFor(const std::filesystem::path &library, const Arguments &arguments)
{
    const auto repeated = arguments.value("repeat");
    if (!repeated)
        return labPlanFrom(arguments);
    if (!arguments.operands().empty() || arguments.has("recipe"))
        return fail(ErrorCode::InvalidArgument,
                    "--repeat takes the variants of the kept session, and no others");
    auto session = lab::loadSession(library, *repeated);
    if (!session)
        return fail(std::move(session).error());
    const auto headers = headersFrom(arguments);
    if (!headers)
        return fail(headers.error());
    const std::vector<lab::Variant> kept = session->plan.variants;
    for (const auto &variant : kept)
        lab::giveSecrets(session->plan, variant.request, {.headers = *headers});
    const auto *lacking = lab::variantLackingSecrets(session->plan);
    if (lacking == nullptr)
        return std::move(session->plan);
    return fail(ErrorCode::InvalidArgument,
                "\"" + lacking->name +
                    "\" had a secret that is not kept: " + howToGive(lacking->request));
}

Result<Wish> wishFrom(const Arguments &arguments)
{
    Wish wish;
    auto library = libraryFolder(arguments);
    if (!library)
        return fail(std::move(library).error());
    wish.library = std::move(*library);
    for (const std::string &report : arguments.values("report")) {
        FRESHET_TRY(lab::checkReportName(report));
        wish.reports.emplace_back(report);
    }
    auto plan = planFor(wish.library, arguments);
    if (!plan)
        return fail(std::move(plan).error());
    wish.plan = std::move(*plan);
    if (const auto name = arguments.value("compare")) {
        auto before = lab::loadSession(wish.library, *name);
        if (!before)
            return fail(std::move(before).error());
        wish.before = std::move(*before);
    }
    return wish;
}

/// What the variants need before they can be asked for.
Status prepare(lab::LabPlan &plan, const Arguments &arguments)
{
    std::vector<std::string> places;
    for (const lab::Variant &variant : plan.variants) {
        const auto these = transfer::placesOf(variant.request);
        places.insert(places.end(), these.begin(), these.end());
    }
    FRESHET_TRY(checkRemoteOptions(arguments, places));
    const Interrupt interrupt;
    return lab::preparePlan(
        plan,
        [&arguments](transport::ByteRequest &bytes, const std::vector<std::string> &own) {
            return readOwnRemoteAccess(arguments, own, bytes);
        },
        interrupt.token());
}

void follow(lab::LabRun &run, const Arguments &arguments)
{
    const Interrupt interrupt;
    const auto wish = interrupt.token().onCancel([&run] { run.cancel(); });
    ProgressLine line(arguments.has("quiet"));
    while (!run.waitFor(kProgressInterval))
        line.show(labProgressText(run.plan(), run.progress()));
    line.clear();
}

ExitCode exitCodeOf(const lab::LabSession &session)
{
    if (session.isCancelled)
        return ExitCode::Cancelled;
    const auto summaries = session.summaries();
    const auto isMeasured = [](const auto &summary) {
        return summary.runs > 0;
    };
    const auto isWhole = [](const auto &summary) {
        return summary.failed == 0;
    };
    if (std::ranges::none_of(summaries, isMeasured))
        return ExitCode::Refused;
    return std::ranges::all_of(summaries, isWhole) ? ExitCode::Done : ExitCode::Incomplete;
}

Status report(const Wish &wish, const lab::LabSession &session, const Arguments &arguments)
{
    const lab::LabSession *before = wish.before ? &*wish.before : nullptr;
    for (const auto &file : wish.reports)
        FRESHET_TRY(lab::writeReport(file, session, before));
    if (arguments.has("json"))
        FRESHET_TRY(writeOutput(lab::reportJson(session, before)));
    else if (!arguments.has("quiet"))
        FRESHET_TRY(writeOutput(labText(session, before)));
    return flushOutput();
}

ExitCode complain(const Error &error)
{
    if (error.code == ErrorCode::InvalidArgument)
        printUsageError(error.detail, "lab");
    else
        printError(error);
    return exitCodeFor(error.code);
}

ExitCode list(const Arguments &arguments)
{
    const auto library = libraryFolder(arguments);
    if (!library)
        return complain(library.error());
    const auto sessions = lab::listSessions(*library);
    if (!sessions)
        return complain(sessions.error());
    const auto written = writeOutput(labListText(*sessions)).and_then(flushOutput);
    return written ? ExitCode::Done : complain(written.error());
}

ExitCode run(const Arguments &arguments)
{
    if (arguments.has("list"))
        return list(arguments);
    auto wish = wishFrom(arguments);
    if (!wish)
        return complain(wish.error());
    if (const auto prepared = prepare(wish->plan, arguments); !prepared)
        return complain(prepared.error());
    auto lab = lab::LabRun::start(std::move(wish->plan), {.library = wish->library});
    if (!lab)
        return complain(lab.error());
    follow(**lab, arguments);
    const lab::LabSession session = (*lab)->session();
    if (const auto reported = report(*wish, session, arguments); !reported)
        return complain(reported.error());
    if (const auto &error = (*lab)->progress().error)
        return complain(*error);
    return exitCodeOf(session);
}

} // namespace

const Command &labCommand()
{
    static const Command kCommand{
        .name = "lab",
        .synopsis =
            "[NAME=]URL… [--formats LIST] [--encodings LIST] [--pages LIST] [--recipe FILE]… "
            "[--runs N] [--report FILE]…",
        .summary = "Measure ways of getting the same rows against each other.",
        .options = labOptions(),
        .leastOperands = 0,
        .mostOperands = -1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli

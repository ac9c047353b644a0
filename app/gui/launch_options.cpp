// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/launch_options.h"

#include "cli/human_text.h"
#include "cli/library_folder.h"

namespace freshet::gui {

namespace {

constexpr cli::Option kOptions[] = {
    {"format", '\0', "FORMAT", "auto, ndjson, json, csv or tsv"},
    {"rows-at", '\0', "PATH", "where the rows are in a JSON document"},
    {"save", '\0', "FILE", "save as FILE when all rows are there; may be repeated"},
    {"screenshot", '\0', "PNG", "take a picture of the window when done"},
    {"screenshot-running", '\0', "PNG", "take a picture while rows are coming"},
    {"theme", '\0', "SCHEME", "light or dark"},
    {"exit-when-done", '\0', "", "wait for the verdict, save, and leave"},
    {"library", '\0', "DIR", "where datasets are kept"},
    {"demo", '\0', "", "fetch the demo dataset from a server inside the program"},
    {"demo-rows", '\0', "N", "how many rows of it (1000000)"},
    {"help", 'h', "", "say this"},
    {"version", '\0', "", "say the version"},
};

Result<ui::SchemeChoice> schemeByName(const std::string &name)
{
    if (name == "light")
        return ui::SchemeChoice::Light;
    if (name == "dark")
        return ui::SchemeChoice::Dark;
    return fail(ErrorCode::InvalidArgument, "--theme takes light or dark, not \"" + name + '"');
}

Result<std::vector<cli::SaveTarget>> saveTargets(const cli::Arguments &arguments)
{
    std::vector<cli::SaveTarget> targets;
    for (const auto &file : arguments.values("save")) {
        auto options = exporters::optionsForFile(file);
        if (!options)
            return fail(std::move(options).error());
        targets.push_back({file, std::move(*options)});
    }
    return targets;
}

Status readChoices(const cli::Arguments &arguments, LaunchOptions &launch)
{
    if (const auto name = arguments.value("format")) {
        const auto format = decode::formatByName(*name);
        if (!format)
            return fail(ErrorCode::InvalidArgument,
                        "--format takes auto, ndjson, json, csv or tsv, not \"" + *name + '"');
        launch.format = *format;
    }
    if (const auto name = arguments.value("theme")) {
        const auto scheme = schemeByName(*name);
        if (!scheme)
            return fail(scheme.error());
        launch.scheme = *scheme;
    }
    const auto rows = arguments.number("demo-rows", 0);
    if (!rows)
        return fail(rows.error());
    launch.demoRows = rows->value_or(launch.demoRows);
    return {};
}

} // namespace

Result<LaunchOptions> parseLaunch(std::span<const std::string_view> words)
{
    const auto arguments = cli::Arguments::parse(kOptions, words);
    if (!arguments)
        return fail(arguments.error());
    LaunchOptions launch;
    launch.wantsHelp = arguments->has("help");
    launch.wantsVersion = arguments->has("version");
    launch.operands = arguments->operands();
    FRESHET_TRY(readChoices(*arguments, launch));
    auto saves = saveTargets(*arguments);
    if (!saves)
        return fail(std::move(saves).error());
    launch.saves = std::move(*saves);
    const auto text = [&arguments](std::string_view name) {
        return QString::fromStdString(arguments->value(name).value_or(std::string()));
    };
    launch.rowsAt = arguments->value("rows-at").value_or(std::string());
    launch.screenshot = text("screenshot");
    launch.screenshotRunning = text("screenshot-running");
    launch.exitWhenDone = arguments->has("exit-when-done");
    launch.isDemo = arguments->has("demo");
    auto folder = cli::libraryFolder(*arguments);
    if (!folder)
        return fail(std::move(folder).error());
    launch.library = std::move(*folder);
    launch.isLibraryGiven = arguments->has("library");

    const std::size_t sources = launch.operands.size() + (launch.isDemo ? 1 : 0);
    if (!launch.saves.empty() && sources != 1)
        return fail(ErrorCode::InvalidArgument, "--save needs exactly one source to be fetched");
    if (launch.exitWhenDone && sources == 0)
        return fail(ErrorCode::InvalidArgument, "--exit-when-done needs something to be fetched");
    return launch;
}

std::string launchHelp()
{
    std::vector<std::vector<std::string>> rows;
    for (const auto &option : kOptions)
        rows.push_back({"  --" + std::string(option.name) +
                            (option.value.empty() ? "" : ' ' + std::string(option.value)),
                        std::string(option.help)});
    return "freshet [URL|FILE|DATASET]… [OPTIONS]\n\n"
           "Pulls large datasets out of APIs, shows rows while they arrive, and keeps them.\n\n" +
           cli::alignedTable(rows, {false, false}) +
           "\nfreshet-cli does the same without a window.\n";
}

} // namespace freshet::gui

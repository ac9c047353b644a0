// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"
#include "cli/standard_output.h"
#include "gui/demo_host.h"
#include "gui/launch_options.h"
#include "gui/scripted_run.h"
#include "main_window.h"
#include "theme/theme.h"

#include <QApplication>
#include <QFileInfo>

#include <cstdio>

namespace {

using namespace freshet;

int complain(const Error &error)
{
    cli::printError(error);
    return static_cast<int>(cli::exitCodeFor(error.code));
}

int say(const std::string &text)
{
    const auto written = cli::writeOutput(text).and_then(cli::flushOutput);
    return written ? 0 : complain(written.error());
}

/// A URL or an existing file is fetched; everything else is the name of a dataset.
bool isSource(const QString &operand)
{
    return operand.contains(QLatin1String("://")) || QFileInfo::exists(operand);
}

void fetch(ui::MainWindow &window, const gui::LaunchOptions &options, const std::string &url)
{
    transfer::DownloadRequest request;
    request.bytes.url = url;
    request.decode.format = options.format;
    request.decode.rowsAt = options.rowsAt;
    window.get(request);
}

Status startWork(ui::MainWindow &window, const gui::LaunchOptions &options, gui::DemoHost &demo)
{
    if (options.isDemo) {
        const auto url = demo.url(options.demoRows);
        if (!url)
            return fail(url.error());
        fetch(window, options, *url);
    }
    for (const auto &operand : options.operands) {
        const QString text = QString::fromStdString(operand);
        if (isSource(text))
            fetch(window, options, operand);
        else
            window.openDataset(text);
    }
    if (!options.isDemo && options.operands.empty())
        window.restoreTabs();
    return {};
}

int runWindow(QApplication &application, const gui::LaunchOptions &options)
{
    auto library = store::Library::open(options.library);
    if (!library)
        return complain(library.error());
    ui::Theme theme(application);
    gui::DemoHost demo;
    // A library of its own has a window of its own, so that scripts do not meet the user's.
    const QString stateFile =
        options.isLibraryGiven ? QString::fromStdString((options.library / "window.ini").string())
                               : QString();
    const ui::WindowState state(stateFile);
    theme.choose(options.scheme.value_or(state.schemeChoice()));
    theme.setFontScale(state.fontScale());
    ui::MainWindow window({.library = std::move(*library),
                           .demoUrl = [&] { return demo.url(options.demoRows); },
                           .stateFile = stateFile},
                          theme);
    gui::ScriptedRun script(window, options);
    if (options.exitWhenDone)
        QObject::connect(&script, &gui::ScriptedRun::done, &application, &QCoreApplication::exit);
    window.show();
    if (const auto started = startWork(window, options, demo); !started)
        return complain(started.error());
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    // Qt takes its own options (-platform …) out of argv first.
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("freshet"));
    QApplication::setApplicationDisplayName(QStringLiteral("Freshet"));
    QApplication::setApplicationVersion(QStringLiteral(FRESHET_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.freshet.Freshet"));
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    const auto options = gui::parseLaunch(words);
    if (!options) {
        std::fprintf(stderr, "freshet: %s\n", options.error().detail.c_str());
        return static_cast<int>(cli::ExitCode::Usage);
    }
    if (options->wantsHelp)
        return say(gui::launchHelp());
    if (options->wantsVersion)
        return say("Freshet " FRESHET_VERSION "\n");
    return runWindow(application, *options);
}

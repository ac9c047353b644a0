// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actions.h"
#include "dataset_tab.h"
#include "demo/demo_server.h"
#include "grid/grid_view.h"
#include "main_window.h"
#include "request_bar.h"
#include "store/library.h"
#include "text/dataset_text.h"
#include "theme/theme.h"
#include "widgets/badge.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

namespace freshet::test {

/// The real window over a library of its own, with a demo server beside it. `restart` is what
/// closing the program and starting it again does.
class WindowFixture
{
public:
    WindowFixture() : theme(*qApp)
    {
        auto started = demo::DemoServer::start();
        Q_ASSERT(started.has_value());
        server = std::move(*started);
        restart();
    }

    void restart()
    {
        if (window)
            window->close();
        window.reset();
        library.reset();
        auto opened =
            store::Library::open(folder.filePath(QStringLiteral("library")).toStdString());
        Q_ASSERT(opened.has_value());
        library = std::move(*opened);
        window = std::make_unique<ui::MainWindow>(
            ui::MainWindow::Setup{
                .library = library,
                .demoUrl = [this]() -> Result<std::string> { return demoUrl("rows=1000"); },
                .stateFile = folder.filePath(QStringLiteral("window.ini"))},
            theme);
        window->resize(1360, 850);
        window->show();
        QApplication::setActiveWindow(window.get());
    }

    [[nodiscard]] std::string demoUrl(const char *parameters,
                                      const char *path = "/api/users/stream") const
    {
        return server->origin() + path + '?' + parameters;
    }
    /// Enter a URL as a user does.
    void enterUrl(const std::string &url)
    {
        auto *field = window->findChild<QLineEdit *>(QStringLiteral("urlField"));
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QString::fromStdString(url));
        QTest::keyClick(field, Qt::Key_Return);
    }
    [[nodiscard]] ui::DatasetTab *tab() const { return window->currentTab(); }
    [[nodiscard]] bool isFinished() const { return tab() && !tab()->session()->isRunning(); }
    [[nodiscard]] QString badge() const
    {
        auto *shown = tab()->findChild<ui::Badge *>(QStringLiteral("verdictBadge"));
        return shown->isVisible() ? ui::markWord(*shown->mark()) : QString();
    }
    /// What the banner of the tab, or else of the window, says has happened.
    [[nodiscard]] QString errorWhat() const
    {
        for (auto *label : window->findChildren<QLabel *>(QStringLiteral("errorWhat"))) {
            if (label->isVisible())
                return label->text();
        }
        return {};
    }
    /// What the notice says; empty while none is shown.
    [[nodiscard]] QString noticeSentence() const
    {
        const auto *label = visibleChild<QLabel>("noticeSentence");
        return label != nullptr ? label->text() : QString();
    }
    template <typename T>
    [[nodiscard]] T *visibleChild(const char *name) const
    {
        for (auto *child : window->findChildren<T *>(QLatin1String(name))) {
            if (child->isVisible())
                return child;
        }
        return nullptr;
    }
    /// Keep a picture of `widget` if $FRESHET_SCREENSHOTS names a folder.
    static void keepPicture(QWidget *widget, const QString &name)
    {
        const QString folder = qEnvironmentVariable("FRESHET_SCREENSHOTS");
        if (folder.isEmpty())
            return;
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(widget->grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }

    QTemporaryDir folder;
    ui::Theme theme;
    std::unique_ptr<demo::DemoServer> server;
    std::shared_ptr<store::Library> library;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace freshet::test

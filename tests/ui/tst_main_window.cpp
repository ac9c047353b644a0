// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "command_palette.h"
#include "dialogs/export_dialog.h"
#include "dialogs/verify_dialog.h"
#include "empty_start.h"
#include "error_banner.h"
#include "library/library_model.h"
#include "library/library_panel.h"
#include "support/raw_server.h"
#include "widgets/notice_line.h"

#include <QClipboard>
#include <QListView>
#include <QSignalSpy>
#include <QTabWidget>

#include <future>

using namespace freshet;
using test::RawServer;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kRows = 3000;

/// A table as a server writes it: what stands before the rows, between them, and behind.
struct Writing
{
    QByteArray contentType;
    QByteArray begin;
    QByteArray row; ///< with %1 in place of its number
    QByteArray between;
    QByteArray end;
};

std::string rows(const Writing &writing, int first, int last)
{
    QByteArray text;
    for (int i = first; i < last; ++i) {
        if (i > 0)
            text += writing.between;
        text += QByteArray(writing.row).replace("%1", QByteArray::number(i));
    }
    return text.toStdString();
}

/// Sends a third of `kRows` rows, and the others when the test lets it.
Script heldBack(const Writing &writing, const std::shared_future<void> &gate)
{
    const std::string first = writing.begin.toStdString() + rows(writing, 0, kRows / 3);
    const std::string rest = rows(writing, kRows / 3, kRows) + writing.end.toStdString();
    return Script()
        .send("HTTP/1.1 200 OK\r\nContent-Type: " + writing.contentType.toStdString() +
              "\r\nX-Total-Count: " + std::to_string(kRows) + "\r\nContent-Length: " +
              std::to_string(first.size() + rest.size()) + "\r\n\r\n" + first)
        .wait(gate)
        .send(rest);
}

const Writing kNdjson{"application/x-ndjson", {}, "{\"id\":%1,\"name\":\"user %1\"}\n", {}, {}};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void startsWithTheUrlFocused();
    void recentSourcesAreSpelledAsTheyAre();
    void showsRowsWhileTheyCome_data();
    void showsRowsWhileTheyCome();
    void cancelKeepsTheRows();
    void errorsStayAndSayWhatHappened_data();
    void errorsStayAndSayWhatHappened();
    void aCutStreamIsIncomplete();
    void aRestartFindsTheDatasets();
    void exportsToAFile();
    void verifyingFindsASoundDatasetSound();
    void verifyingNamesWhatIsDamaged();
    void aPastedCurlCommandFillsEverything();
    void aFileReadingCurlCommandIsRefused();
    void themeFollowsTheMenu();
    void goesToARow();
    void paletteRunsAnAction();
    void removingAsksOnce();
    void renames();
    void escapeClosesWhatIsOnTop();
    void aClosedTabDoesNotStopItsDownload();
    void everyControlHasAName();
    void columnsAreKeptForEachSource();

private:
    void fetch(const char *parameters);
    /// Verify the dataset in front. Output: the dialog with what was found, if `isSound` was.
    ui::VerifyDialog *verify(bool isSound);
    QListView *libraryView() { return m->window->libraryPanel().findChild<QListView *>(); }

    std::unique_ptr<WindowFixture> m;
};

void TestMainWindow::fetch(const char *parameters)
{
    const QString before = m->tab() ? m->tab()->session()->id() : QString();
    m->enterUrl(m->demoUrl(parameters));
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->tab()->session()->id() != before, kPatienceMs);
}

ui::VerifyDialog *TestMainWindow::verify(bool isSound)
{
    m->window->actions()[ui::ActionId::Verify]->trigger();
    auto *dialog = m->window->findChild<ui::VerifyDialog *>();
    if (dialog == nullptr)
        return nullptr;
    QSignalSpy checked(dialog, &ui::VerifyDialog::checked);
    if (!QTest::qWaitFor([&checked] { return !checked.isEmpty(); }, kPatienceMs)) {
        qWarning("never checked: %s",
                 qPrintable(dialog->findChild<QLabel *>(QStringLiteral("verifyState"))->text()));
        return nullptr;
    }
    const bool isAsExpected = checked.constFirst().constFirst().toBool() == isSound;
    return isAsExpected ? dialog : nullptr;
}

void TestMainWindow::startsWithTheUrlFocused()
{
    auto *field = m->window->findChild<QLineEdit *>(QStringLiteral("urlField"));
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), field, kPatienceMs);
    int cards = 0;
    for (auto *button : m->window->findChildren<QPushButton *>())
        cards += button->property("card").toBool() && button->isVisible() ? 1 : 0;
    QCOMPARE(cards, 4);
    QVERIFY(m->tab() == nullptr);
}

void TestMainWindow::recentSourcesAreSpelledAsTheyAre()
{
    const ui::Theme theme(*qApp);
    ui::EmptyStart start(theme, false);
    start.setRecentSources({QStringLiteral("http://h/x?a=1&b=2")});
    const auto isSource = [](const QPushButton *button) {
        return button->text() == u"http://h/x?a=1&&b=2";
    };
    QCOMPARE(std::ranges::count_if(start.findChildren<QPushButton *>(), isSource), 1);
}

void TestMainWindow::showsRowsWhileTheyCome_data()
{
    QTest::addColumn<Writing>("writing");
    QTest::newRow("NDJSON") << kNdjson;
    QTest::newRow("JSON array") << Writing{"application/json", "[",
                                           "{\"id\":%1,\"name\":\"user %1\"}", ",\n", "]"};
    // How CSV is written is found out from its first 64 KiB.
    QTest::newRow("CSV") << Writing{
        "text/csv", "id,name\n", "%1,user %1 " + QByteArray(100, 'x') + '\n', {}, {}};
}

void TestMainWindow::showsRowsWhileTheyCome()
{
    QFETCH(Writing, writing);
    std::promise<void> gate;
    const RawServer server({heldBack(writing, gate.get_future().share())});
    m->enterUrl(server.url("/users"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() != nullptr, kPatienceMs);
    auto *tabs = m->window->findChild<QTabWidget *>();
    QTRY_VERIFY_WITH_TIMEOUT(m->tab()->grid()->rowCount().value() > 0, kPatienceMs);
    QVERIFY(m->tab()->session()->isRunning());
    QVERIFY(m->tab()->grid()->rowCount() < RowCount(kRows));
    QVERIFY(tabs->tabText(0).contains(QChar(0x25cf)));
    QCOMPARE(m->visibleChild<QPushButton>("getButton")->text(), QStringLiteral("Cancel"));
    QCOMPARE(m->badge(), QString());
    gate.set_value();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(kRows));
    QCOMPARE(m->badge(), QStringLiteral("verified"));
    QVERIFY(!tabs->tabText(0).contains(QChar(0x25cf)));
    QCOMPARE(m->visibleChild<QPushButton>("getButton")->text(), QStringLiteral("Get"));
    QCOMPARE(m->visibleChild<QLabel>("shownRows")->text(),
             QStringLiteral("3,000 rows · %1 columns")
                 .arg(m->tab()->grid()->source()->schema()->columnCount()));
}

void TestMainWindow::cancelKeepsTheRows()
{
    m->enterUrl(m->demoUrl("rows=1000000&rate=2000"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->grid()->rowCount().value() > 0, kPatienceMs);
    QTest::mouseClick(m->visibleChild<QPushButton>("getButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    const auto rows = m->tab()->grid()->rowCount();
    QVERIFY(rows.value() > 0 && rows < RowCount(1'000'000));
    const auto record = m->library->find(m->tab()->session()->id().toStdString());
    QVERIFY(record.has_value());
    QCOMPARE(record->rows, rows);
    QVERIFY(m->errorWhat().isEmpty());
}

void TestMainWindow::errorsStayAndSayWhatHappened_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("what");
    QTest::newRow("nobody listens")
        << QStringLiteral("http://127.0.0.1:1/x") << QStringLiteral("could not be reached");
    QTest::newRow("nothing there")
        << QStringLiteral("SERVER/nothing/here") << QStringLiteral("404");
    QTest::newRow("a web page") << QStringLiteral("HTML") << QStringLiteral("not data");
    QTest::newRow("no such file") << QStringLiteral("/nowhere/at/all.csv")
                                  << QStringLiteral("not found");
    QTest::newRow("an unknown scheme")
        << QStringLiteral("gopher://h/x") << QStringLiteral("not supported");
}

void TestMainWindow::errorsStayAndSayWhatHappened()
{
    QFETCH(QString, source);
    QFETCH(QString, what);
    source.replace(QLatin1String("SERVER"), QString::fromStdString(m->server->origin()));
    if (source == QLatin1String("HTML")) {
        source = m->folder.filePath(QStringLiteral("page.html"));
        QFile page(source);
        QVERIFY(page.open(QIODevice::WriteOnly));
        page.write("<!DOCTYPE html><html><body>Please log in</body></html>");
    }
    m->enterUrl(source.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!m->errorWhat().isEmpty(), kPatienceMs);
    QVERIFY2(m->errorWhat().contains(what), qPrintable(m->errorWhat()));
    ui::ErrorBanner *banner = m->visibleChild<ui::ErrorBanner>("errorBanner");
    QVERIFY(banner != nullptr);
    for (auto *button : banner->findChildren<QPushButton *>()) {
        if (button->accessibleName().startsWith(QLatin1String("Copy")))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), banner->text().toPlainText());
    QTest::keyClick(m->window.get(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(m->errorWhat().isEmpty(), kPatienceMs);
}

void TestMainWindow::aCutStreamIsIncomplete()
{
    fetch("rows=1000&fault=cut:400");
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QVERIFY(!m->errorWhat().isEmpty());
    QVERIFY(m->tab()->grid()->rowCount().value() > 0);
    QVERIFY(m->tab()->banner()->text().kept.contains(QLatin1String("kept")));
}

void TestMainWindow::aRestartFindsTheDatasets()
{
    fetch("rows=500");
    const QString id = m->tab()->session()->id();
    m->restart();
    auto *model = libraryView()->model();
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, kPatienceMs); // "Today" and the dataset
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("Today"));
    QCOMPARE(model->index(1, 0).data(ui::LibraryModel::FactRole).toString(),
             QStringLiteral("500 rows · verified"));
    QVERIFY(m->tab() == nullptr);
    m->window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() != nullptr, kPatienceMs);
    QCOMPARE(m->tab()->session()->id(), id);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(500));
    QCOMPARE(m->badge(), QStringLiteral("verified"));
}

void TestMainWindow::exportsToAFile()
{
    fetch("rows=700");
    m->window->actions()[ui::ActionId::Export]->trigger();
    auto *dialog = m->window->findChild<ui::ExportDialog *>();
    QVERIFY(dialog != nullptr && dialog->isVisible() && !dialog->isModal());
    dialog->setFormat(exporters::ExportFormat::Csv);
    const QString file = m->folder.filePath(QStringLiteral("users.csv"));
    dialog->setFile(m->folder.filePath(QStringLiteral("users")));
    QCOMPARE(dialog->file(), file);
    QSignalSpy saved(dialog, &ui::ExportDialog::saved);
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("exportButton")),
                      Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, kPatienceMs);
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray text = written.readAll();
    QVERIFY(text.startsWith("id,"));
    QVERIFY(text.count('\n') >= 701);
    QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("exportState"))
                ->text()
                .startsWith(QLatin1String("Saved 700 rows")));
}

void TestMainWindow::verifyingFindsASoundDatasetSound()
{
    QVERIFY(!m->window->actions()[ui::ActionId::Verify]->isEnabled());
    fetch("rows=100&fault=bad:40");
    const auto record = m->library->find(m->tab()->session()->id().toStdString());
    QVERIFY(record.has_value() && record->rejected > RowCount());
    auto *dialog = verify(true);
    QVERIFY(dialog != nullptr);
    // Progress that comes behind the outcome does not take its place.
    QCoreApplication::processEvents();
    const auto outcome = dialog->findChild<ui::NoticeLine *>()->sentence();
    QVERIFY2(outcome.startsWith(
                 QStringLiteral("Read again: %1 rows in 1 file").arg(record->rows.value())),
             qPrintable(outcome));
    const auto state = dialog->findChild<QLabel *>(QStringLiteral("verifyState"))->text();
    QVERIFY2(state.startsWith(QStringLiteral("%1 bad rows are kept aside.\nThe download itself: ")
                                  .arg(record->rejected.value())),
             qPrintable(state));
}

void TestMainWindow::verifyingNamesWhatIsDamaged()
{
    fetch("rows=100");
    const auto id = m->tab()->session()->id();
    const QString part = QStringLiteral("part-000001.arrow");
    QVERIFY(
        QFile::remove(m->folder.filePath(QStringLiteral("library/datasets/%1/%2").arg(id, part))));
    auto *dialog = verify(false);
    QVERIFY(dialog != nullptr);
    const auto outcome = dialog->findChild<ui::NoticeLine *>()->sentence();
    QVERIFY2(outcome.startsWith(QStringLiteral("Damaged.")), qPrintable(outcome));
    const auto state = dialog->findChild<QLabel *>(QStringLiteral("verifyState"))->text();
    QVERIFY2(state.contains(part), qPrintable(state));
}

void TestMainWindow::aPastedCurlCommandFillsEverything()
{
    QGuiApplication::clipboard()->setText(
        QStringLiteral("curl 'https://api.example.com/v2/users' \\\n -H 'A: 1' \\\n -H 'B: 2' "
                       "\\\n --data-raw '{}'"));
    auto *field = m->window->findChild<ui::UrlField *>();
    field->setFocus();
    QTest::keySequence(field, QKeySequence::Paste);
    QCOMPARE(field->text(), QStringLiteral("https://api.example.com/v2/users"));
    const auto request = m->window->requestBar().request();
    QCOMPARE(request.bytes.method, std::string("POST"));
    QCOMPARE(request.bytes.body, std::string("{}"));
    QCOMPARE(request.bytes.headers.size(), std::size_t(3));
    bool isCounted = false;
    for (auto *button : m->window->findChildren<QPushButton *>())
        isCounted = isCounted || button->text() == QLatin1String("Headers 3");
    QVERIFY(isCounted);
}

void TestMainWindow::aFileReadingCurlCommandIsRefused()
{
    QGuiApplication::clipboard()->setText(QStringLiteral("curl -d @/etc/passwd http://h/"));
    auto *field = m->window->findChild<ui::UrlField *>();
    field->setFocus();
    QTest::keySequence(field, QKeySequence::Paste);
    QTRY_VERIFY_WITH_TIMEOUT(!m->errorWhat().isEmpty(), kPatienceMs);
    QCOMPARE(field->text(), QString());
}

void TestMainWindow::themeFollowsTheMenu()
{
    const auto &actions = m->window->actions();
    actions[ui::ActionId::ThemeDark]->trigger();
    QCOMPARE(m->theme.scheme(), ui::Scheme::Dark);
    QVERIFY(actions[ui::ActionId::ThemeDark]->isChecked());
    const QColor dark = m->window->grab().toImage().pixelColor(5, 840);
    actions[ui::ActionId::ThemeLight]->trigger();
    QVERIFY(!actions[ui::ActionId::ThemeDark]->isChecked());
    const QColor light = m->window->grab().toImage().pixelColor(5, 840);
    QVERIFY(light.lightness() > 200 && dark.lightness() < 60);
}

void TestMainWindow::goesToARow()
{
    fetch("rows=5000");
    m->window->actions()[ui::ActionId::GoToRow]->trigger();
    auto *dialog = m->window->findChild<QDialog *>(QStringLiteral("goToRow"));
    QVERIFY(dialog != nullptr);
    auto *field = dialog->findChild<QLineEdit *>();
    QTest::keyClicks(field, QStringLiteral("4,321"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(m->tab()->grid()->currentCell()->row, RowIndex(4320));
    QVERIFY(m->tab()->grid()->visibleRows().contains(RowIndex(4320)));
}

void TestMainWindow::paletteRunsAnAction()
{
    m->window->actions()[ui::ActionId::Palette]->trigger();
    auto *palette = m->window->findChild<ui::CommandPalette *>();
    QVERIFY(palette != nullptr);
    const int all = palette->matchCount();
    auto *field = palette->findChild<QLineEdit *>();
    QTest::keyClicks(field, QStringLiteral("dark view"));
    QCOMPARE(palette->matchCount(), 1);
    QVERIFY(all > 10);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(m->theme.choice(), ui::SchemeChoice::Dark);
}

void TestMainWindow::removingAsksOnce()
{
    fetch("rows=100");
    const QString id = m->tab()->session()->id();
    QTRY_COMPARE_WITH_TIMEOUT(libraryView()->model()->rowCount(), 2, kPatienceMs);
    m->window->actions()[ui::ActionId::Remove]->trigger();
    QTest::keyClick(m->window.get(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(m->visibleChild<QPushButton>("confirmRemove") == nullptr, kPatienceMs);
    QVERIFY(m->library->find(id.toStdString()).has_value());
    m->window->actions()[ui::ActionId::Remove]->trigger();
    QTest::mouseClick(m->visibleChild<QPushButton>("confirmRemove"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(libraryView()->model()->rowCount() == 0, kPatienceMs);
    QVERIFY(m->tab() == nullptr);
    QCOMPARE(m->library->find(id.toStdString()).error().code, ErrorCode::DatasetNotFound);
    QVERIFY(m->errorWhat().isEmpty());
}

void TestMainWindow::renames()
{
    fetch("rows=100");
    QTRY_COMPARE_WITH_TIMEOUT(libraryView()->model()->rowCount(), 2, kPatienceMs);
    auto *model = libraryView()->model();
    QVERIFY(model->setData(model->index(1, 0), QStringLiteral("my users"), Qt::EditRole));
    QTRY_COMPARE_WITH_TIMEOUT(model->index(1, 0).data().toString(), QStringLiteral("my users"),
                              kPatienceMs);
    QCOMPARE(m->window->findChild<QTabWidget *>()->tabText(0), QStringLiteral("my users"));
    QVERIFY(m->library->find("my users").has_value());
}

void TestMainWindow::escapeClosesWhatIsOnTop()
{
    fetch("rows=100");
    m->tab()->grid()->setFocus();
    m->tab()->grid()->setCurrentCell({RowIndex(3), 1});
    QTest::keyClick(m->tab()->grid(), Qt::Key_Space);
    QVERIFY(m->tab()->isInspectorOpen());
    QVERIFY(m->window->actions()[ui::ActionId::Inspector]->isChecked());
    m->window->showError({.code = ErrorCode::DiskFull}, QStringLiteral("x"));
    QVERIFY(!m->errorWhat().isEmpty());
    QTest::keyClick(m->window.get(), Qt::Key_Escape);
    QVERIFY(m->errorWhat().isEmpty());
    QVERIFY(m->tab()->isInspectorOpen());
    QTest::keyClick(m->window.get(), Qt::Key_Escape);
    QVERIFY(!m->tab()->isInspectorOpen());
}

void TestMainWindow::aClosedTabDoesNotStopItsDownload()
{
    std::promise<void> gate;
    const RawServer server({heldBack(kNdjson, gate.get_future().share())});
    m->enterUrl(server.url("/users"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->grid()->rowCount().value() > 0, kPatienceMs);
    m->window->actions()[ui::ActionId::CloseTab]->trigger();
    QTest::mouseClick(m->visibleChild<QPushButton>("closeAndRun"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() == nullptr, kPatienceMs);
    QCOMPARE(m->window->sessions().running().size(), std::size_t(1));
    auto *model = libraryView()->model();
    QTRY_COMPARE_WITH_TIMEOUT(model->index(0, 0).data().toString(), QStringLiteral("Running"),
                              kPatienceMs);
    gate.set_value();
    QTRY_VERIFY_WITH_TIMEOUT(m->window->sessions().running().empty(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(model->index(1, 0).data(ui::LibraryModel::FactRole).toString(),
                              QStringLiteral("3,000 rows · verified"), kPatienceMs);
}

void TestMainWindow::everyControlHasAName()
{
    fetch("rows=100");
    for (auto *button : m->window->findChildren<QAbstractButton *>()) {
        if (!button->isVisible() || button->focusPolicy() == Qt::NoFocus)
            continue;
        QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                 qPrintable(button->parent()->objectName() +
                            QLatin1String(button->parent()->metaObject()->className())));
    }
    for (auto *field : m->window->findChildren<QLineEdit *>())
        QVERIFY(!field->isVisible() || !field->accessibleName().isEmpty());
}

void TestMainWindow::columnsAreKeptForEachSource()
{
    fetch("rows=100");
    m->tab()->grid()->setColumnHidden(1, true);
    fetch("rows=200");
    QTRY_VERIFY_WITH_TIMEOUT(m->tab()->grid()->isColumnHidden(1), kPatienceMs);
    m->enterUrl(m->demoUrl("rows=100", "/api/users.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab()->session()->source().contains(QLatin1String("csv")) &&
                                 m->isFinished(),
                             kPatienceMs);
    QVERIFY(!m->tab()->grid()->isColumnHidden(1));
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"

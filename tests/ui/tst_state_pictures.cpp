// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "answers.h"
#include "pictures.h"
#include "window_fixture.h"

#include "bad_rows/bad_rows_page.h"
#include "dialogs/export_dialog.h"
#include "dialogs/verify_dialog.h"
#include "runs/runs_page.h"
#include "view_bar.h"
#include "widgets/detail_table.h"

#include <QDialog>
#include <QSignalSpy>
#include <QTableView>

using namespace freshet;
using test::busy;
using test::RawServer;
using test::requestOf;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;

std::string rowsOf(int count)
{
    std::string body;
    for (int i = 0; i < count; ++i)
        body += "{\"id\":" + std::to_string(i) + ",\"name\":\"user " + std::to_string(i) +
                "\",\"level\":" + std::to_string(i % 7) + ",\"signed_up\":\"2026-03-0" +
                std::to_string(1 + i % 9) + "T08:00:00Z\"}\n";
    return body;
}

Script cutAfter(int rows, int announced)
{
    return Script().send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nX-Total-Count: " +
        std::to_string(announced) + "\r\nETag: \"5f1c\"\r\nContent-Length: " +
        std::to_string(rowsOf(announced).size()) + "\r\n\r\n" + rowsOf(rows));
}

Script allOf(const std::string &body)
{
    return Script().send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                         "Content-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// News whose columns are not those of `rowsOf`: one is gone, one is of another type, some are new.
std::string otherRows(int first, int count)
{
    std::string body;
    for (int i = first; i < first + count; ++i)
        body += "{\"id\":" + std::to_string(i) + ",\"name\":\"user " + std::to_string(i) +
                "\",\"level\":" + std::to_string(i % 7) +
                ".5,\"country\":\"DE\",\"billing_address.street_and_number_as_printed_on_the_last_"
                "invoice_of_the_year_before\":\"Long Street " +
                std::to_string(i) + "\",\"balance\":12.50}\n";
    return body;
}

} // namespace

/// Every state a dataset can be in, in each look.
class TestStatePictures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachState_data() { test::addLooks(); }
    void eachState();
    void eachPage_data() { test::addLooks(); }
    void eachPage();
    void columnsThatChanged_data() { test::addLooks(); }
    void columnsThatChanged();
};

void TestStatePictures::eachState()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    auto &window = *fixture.window;
    const auto keep = [&look](QWidget *widget, const char *stage) {
        test::keepChecked(widget, look.name, QLatin1String(stage));
    };
    const auto state = [&fixture] {
        return fixture.tab()->session()->progress()->state;
    };
    const auto inFront = [&fixture](const char *name) {
        return fixture.tab() && fixture.tab()->session()->name() == QLatin1String(name);
    };

    window.get(requestOf(fixture.demoUrl("rows=2000"), 0, "customers"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    window.get(requestOf(fixture.server->origin() + "/nothing/here", 0, "broken"));
    QTRY_VERIFY_WITH_TIMEOUT(inFront("broken") && fixture.isFinished(), kPatienceMs);
    keep(&window, "failed");

    RawServer cut({cutAfter(41'200, 100'000), cutAfter(41'200, 100'000), busy(48)});
    auto incomplete = requestOf(cut.url("/v2/orders?api_key=s3cret"), 0, "orders-2026");
    incomplete.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    window.get(incomplete);
    QTRY_VERIFY_WITH_TIMEOUT(inFront("orders-2026") && fixture.isFinished(), kPatienceMs);
    keep(&window, "incomplete");

    window.get(requestOf(cut.url("/v2/invoices"), 5, "invoices"));
    QTRY_VERIFY_WITH_TIMEOUT(cut.requests().size() == 3 && inFront("invoices"), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(state(), transfer::TransferState::WaitingToRetry, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.visibleChild<QLabel>("noticeSentence") != nullptr,
                             kPatienceMs);
    keep(&window, "waiting");
    fixture.tab()->showDetails();
    auto *popover = window.findChild<QFrame *>(QStringLiteral("popover"));
    QVERIFY(popover != nullptr);
    keep(popover, "waiting-details");
    popover->close();

    window.get(requestOf(fixture.demoUrl("rows=90000&rate=9000"), 0, "events"));
    QTRY_VERIFY_WITH_TIMEOUT(inFront("events") && fixture.tab()->grid()->rowCount().value() > 9000,
                             kPatienceMs);
    fixture.tab()->session()->pause();
    QTRY_COMPARE_WITH_TIMEOUT(state(), transfer::TransferState::Paused, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.visibleChild<QLabel>("noticeSentence") != nullptr,
                             kPatienceMs);
    keep(&window, "paused");

    window.sessions().setLimit(2);
    window.get(requestOf(fixture.demoUrl("rows=10"), 0, "payments"));
    QTRY_COMPARE_WITH_TIMEOUT(window.sessions().queue().waiting().size(), std::size_t(1),
                              kPatienceMs);
    keep(&window, "library");

    window.actions()[ui::ActionId::CloseTab]->trigger();
    auto *question = fixture.visibleChild<QDialog>("closeRunning");
    QVERIFY(question != nullptr);
    keep(question, "close-running");
    question->close();

    fixture.restart();
    fixture.window->openDataset(QStringLiteral("orders-2026"));
    QTRY_VERIFY_WITH_TIMEOUT(inFront("orders-2026"), kPatienceMs);
    fixture.window->actions()[ui::ActionId::Resume]->trigger();
    auto *secrets = fixture.visibleChild<QDialog>("secretsDialog");
    QVERIFY(secrets != nullptr);
    keep(secrets, "secrets");
}

void TestStatePictures::eachPage()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    auto &window = *fixture.window;
    const auto keep = [&look](QWidget *widget, const char *stage) {
        test::keepChecked(widget, look.name, QLatin1String(stage));
    };

    window.get(requestOf(fixture.demoUrl("rows=5000&fault=bad:40"), 0, "customers"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.tab()->showPage(ui::TabPage::BadRows);
    auto *bad = fixture.visibleChild<QTableView>("badRows");
    QVERIFY(bad != nullptr);
    bad->selectRow(2);
    auto *page = qobject_cast<ui::BadRowsPage *>(fixture.tab()->page(ui::TabPage::BadRows));
    QTRY_VERIFY_WITH_TIMEOUT(!page->table()->detail().isEmpty(), kPatienceMs);
    keep(&window, "bad-rows");

    RawServer cut({cutAfter(41'200, 100'000)});
    window.get(requestOf(cut.url("/v2/orders"), 0, "orders-2026"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab()->session()->name() == QLatin1String("orders-2026") &&
                                 fixture.isFinished(),
                             kPatienceMs);
    window.exportCurrent();
    auto *exporting = window.findChild<ui::ExportDialog *>();
    QVERIFY(exporting != nullptr);
    keep(exporting, "export-incomplete");
    exporting->close();

    window.actions()[ui::ActionId::Verify]->trigger();
    auto *verifying = window.findChild<ui::VerifyDialog *>();
    QVERIFY(verifying != nullptr);
    QVERIFY(QSignalSpy(verifying, &ui::VerifyDialog::checked).wait(kPatienceMs));
    keep(verifying, "verify");
    verifying->close();

    window.actions()[ui::ActionId::Resume]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab()->hasPage(ui::TabPage::Runs) && fixture.isFinished(),
                             kPatienceMs);
    fixture.tab()->showPage(ui::TabPage::Runs);
    keep(&window, "runs");
}

void TestStatePictures::columnsThatChanged()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    const RawServer server({allOf(rowsOf(1200)), allOf(otherRows(1200, 300))});
    auto request = requestOf(server.url("/v2/customers"), 0, "customers");
    request.since = *transfer::SinceRule::parse("param=since,from=id,key=id");
    fixture.window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.window->actions()[ui::ActionId::FetchNew]->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.tab()->grid()->rowCount(), RowCount(1500), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab()->hasPage(ui::TabPage::Runs) && fixture.isFinished(),
                             kPatienceMs);
    fixture.tab()->grid()->setCurrentCell({RowIndex(1210), 1});
    test::keepChecked(fixture.window.get(), look.name, QStringLiteral("columns-changed"));

    fixture.tab()->showPage(ui::TabPage::Runs);
    auto *page = qobject_cast<ui::RunsPage *>(fixture.tab()->page(ui::TabPage::Runs));
    QVERIFY(page != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(page->table()->detail().contains(QLatin1String("is new")),
                             kPatienceMs);
    test::keepChecked(fixture.window.get(), look.name, QStringLiteral("runs-of-other-columns"));
    const QString detail = page->table()->detail();
    for (const char *sentence : {"\"country\" is new (string), from row 1,201 on.",
                                 "\"signed_up\" has vanished: no row from 1,201 on names it.",
                                 "\"level\" was int64 and is now double."})
        QVERIFY2(detail.contains(QLatin1String(sentence)), qPrintable(detail));
}

QTEST_MAIN(TestStatePictures)
#include "tst_state_pictures.moc"

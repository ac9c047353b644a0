// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"

#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "support/raw_server.h"
#include "text/figures.h"
#include "transfer_strip.h"
#include "widgets/figure.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabBar>

#include <atomic>
#include <cmath>
#include <future>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

DownloadRequest exportOf(const WindowFixture &fixture, const char *parameters)
{
    DownloadRequest request;
    request.bytes.url = fixture.demoUrl(parameters, "/api/export/request");
    request.bytes.method = "POST";
    request.retry.isSafe = true;
    request.job.emplace();
    return request;
}

/// What the strip counts at this moment: "FIGURE: MEANING".
QStringList shownFigures(const WindowFixture &fixture)
{
    QStringList texts;
    for (const auto *figure : fixture.tab()->findChildren<ui::Figure *>()) {
        if (figure->isVisible())
            texts += figure->figure() + u": "_s + figure->meaning();
    }
    return texts;
}

} // namespace

/// Exports that the server prepares, in the window.
class TestJobPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatIsEntered();
    void refusesWhatIsNoPlace();
    void tellsHowFarTheJobIs();
    void pictures_data() { test::addLooks(); }
    void pictures();
    void picturesOnTheWay_data() { test::addLooks(); }
    void picturesOnTheWay();
};

void TestJobPage::saysWhatIsEntered()
{
    const ui::Theme theme(*qApp);
    DownloadRequest request;
    request.bytes.url = "https://h/exports";
    request.job = transfer::ExportJobRule{.statusUrlFrom = "/jobs/{$.id}",
                                          .stateFrom = "$.state",
                                          .doneStates = "READY",
                                          .failedStates = "GONE",
                                          .progressFrom = "$.percent",
                                          .resultsFrom = "$.parts[].link",
                                          .rowsFrom = "$.rows",
                                          .pollEvery = std::chrono::milliseconds(2500),
                                          .patience = std::chrono::seconds(90),
                                          .connections = 7};
    SourceDialog dialog(request, {}, theme, nullptr);
    QCOMPARE(QByteArray(dialog.kind().id), QByteArray("job"));
    QVERIFY(dialog.request().job == request.job);
    dialog.findChild<QSpinBox *>(QStringLiteral("jobConnections"))->setValue(2);
    QCOMPARE(dialog.request().job->connections, 2);
}

void TestJobPage::refusesWhatIsNoPlace()
{
    const ui::Theme theme(*qApp);
    DownloadRequest request;
    request.bytes.url = "https://h/exports";
    request.job.emplace();
    SourceDialog dialog(request, {}, theme, nullptr);
    dialog.show();
    dialog.findChild<QLineEdit *>(QStringLiteral("jobResults"))->setText(QStringLiteral("$.a["));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.findChild<QPushButton *>(QStringLiteral("getSource"))->click();
    const auto *notice = dialog.findChild<ui::NoticeLine *>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->sentence().contains(u"results"), qPrintable(notice->sentence()));
    QCOMPARE(dialog.findChild<QTabBar *>(QStringLiteral("sourceTabs"))->currentIndex(), 1);
}

void TestJobPage::tellsHowFarTheJobIs()
{
    WindowFixture fixture;
    // Half an hour: it is certainly under way when it is looked at.
    fixture.window->get(exportOf(fixture, "rows=1000&seconds=1800"));
    const auto sentence = [&fixture] {
        auto *shown = fixture.visibleChild<ui::NoticeLine>("noticeLine");
        return shown == nullptr ? QString() : shown->sentence();
    };
    // Before the server has answered it is "asking for it".
    QTRY_VERIFY2_WITH_TIMEOUT(sentence().startsWith(u"Export job: ") &&
                                  sentence().contains(u"pending"),
                              qPrintable(sentence()), kPatienceMs);
    fixture.tab()->session()->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);

    fixture.window->get(exportOf(fixture, "rows=3000&parts=3&seconds=0.2"));
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.isFinished() && fixture.tab()->grid()->rowCount() == RowCount(3000), kPatienceMs);
    QCOMPARE(fixture.badge(), QStringLiteral("verified"));
}

void TestJobPage::pictures()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    const DownloadRequest request = exportOf(fixture, "rows=200000&parts=3&seconds=12");
    auto *dialog = new SourceDialog(request, QString(), fixture.theme, fixture.window.get());
    dialog->show();
    if (look.fontScale > 1)
        dialog->resize(look.size);
    const auto keep = [&look](QWidget *widget, const char *stage) {
        QTest::qWait(60); // for the picture: the grid reads on a worker
        test::keepChecked(widget, look.name, QStringLiteral("job-") + QLatin1String(stage));
    };
    keep(dialog, "request");
    dialog->findChild<QTabBar *>(QStringLiteral("sourceTabs"))->setCurrentIndex(1);
    keep(dialog, "page");
    dialog->close();

    fixture.window->get(request);
    const auto says = [&fixture](QStringView part) {
        auto *shown = fixture.visibleChild<ui::NoticeLine>("noticeLine");
        return shown != nullptr && shown->sentence().contains(part);
    };
    QTRY_VERIFY_WITH_TIMEOUT(says(u"running"), kPatienceMs);
    // The line under the tab shows the share that the job states.
    QTRY_VERIFY(ui::fractionOf(*fixture.tab()->session()->progress()).has_value());
    keep(fixture.window.get(), "under-way");
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    keep(fixture.window.get(), "done");
}

/// A job that waits, then a file of which two thirds are here: a server that goes on when it is
/// told to holds both still.
void TestJobPage::picturesOnTheWay()
{
    QFETCH(test::Look, look);
    const std::string rows = "id,name\n" + std::string(3'000'000, '1');
    std::promise<void> ready;
    const test::RawServer server([&rows, gate = ready.get_future().share(),
                                  asked = std::make_shared<std::atomic<int>>(0)](
                                     const std::string &request, std::size_t) -> test::Script {
        const auto answer = [](const char *status, const std::string &json) {
            return test::Script().send("HTTP/1.1 " + std::string(status) +
                                       "\r\nContent-Type: application/json\r\nRetry-After: 0"
                                       "\r\nContent-Length: " +
                                       std::to_string(json.size()) + "\r\n\r\n" + json);
        };
        if (request.starts_with("POST"))
            return answer("202 Accepted", R"({"statusUrl": "/jobs/7", "status": "queued"})");
        if (request.find(" /jobs/7 ") != std::string::npos) {
            if ((*asked)++ == 0)
                return answer("200 OK", R"({"status": "running", "progress": 35})");
            const std::string done = R"({"status": "completed", "downloadUrl": "/orders.csv"})";
            return test::Script().wait(gate).send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(done.size()) + "\r\n\r\n" + done);
        }
        return test::Script()
            .send("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: " +
                  std::to_string(rows.size()) + "\r\n\r\n" + rows.substr(0, rows.size() * 2 / 3))
            .stall();
    });
    WindowFixture fixture;
    test::takeLook(fixture, look);
    DownloadRequest request;
    request.bytes.url = server.url("/export?table=orders");
    request.bytes.method = "POST";
    request.job.emplace();
    fixture.window->get(request);
    const auto share = [&fixture] {
        const auto progress = fixture.tab() ? fixture.tab()->session()->progress() : std::nullopt;
        return progress ? ui::fractionOf(*progress).value_or(0) : 0;
    };
    const auto keep = [&](const char *stage) {
        QTest::qWait(60); // for the picture: the strip follows once a frame
        test::keepChecked(fixture.window.get(), look.name,
                          QStringLiteral("job-") + QLatin1String(stage));
    };
    QTRY_VERIFY_WITH_TIMEOUT(std::abs(share() - 0.35) < 0.001, kPatienceMs);
    keep("pending");
    QVERIFY(shownFigures(fixture).contains(u"Preparing: no rows yet"_s));
    ready.set_value();
    QTRY_VERIFY_WITH_TIMEOUT(std::abs(share() - 0.667) < 0.01, kPatienceMs);
    keep("downloading");
    // Of the one file it is told how much is here; nothing is being prepared any more.
    const QStringList figures = shownFigures(fixture);
    QVERIFY2(figures.contains(u"Receiving: one file, no rows yet"_s),
             qPrintable(figures.join(u'|')));
    const auto size = [](std::size_t bytes) {
        return ui::bytesText(ByteCount(static_cast<std::int64_t>(bytes)));
    };
    QVERIFY2(figures.contains(size(rows.size() * 2 / 3) + u": of "_s + size(rows.size())),
             qPrintable(figures.join(u'|')));
    fixture.tab()->session()->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
}

QTEST_MAIN(TestJobPage)
#include "tst_job_page.moc"

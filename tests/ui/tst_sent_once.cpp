// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "answers.h"
#include "window_fixture.h"

#include "source/source_dialog.h"
#include "widgets/elided_label.h"

#include <QCheckBox>
#include <QTabBar>

using namespace freshet;
using test::busy;
using test::RawServer;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;

Script rows()
{
    const std::string body = "{\"id\":1}\n{\"id\":2}\n";
    return Script().send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                         "X-Total-Count: 2\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
}

transfer::DownloadRequest postTo(const RawServer &server)
{
    transfer::DownloadRequest request;
    request.bytes.url = server.url("/search");
    request.bytes.method = "POST";
    request.bytes.body = "{\"year\":2026}";
    request.retry.maxRetries = 3;
    return request;
}

bool isSaid(const WindowFixture &fixture, const QString &words)
{
    for (const auto *label : fixture.window->findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(words))
            return true;
    }
    return false;
}

} // namespace

/// A request that may do something each time is not sent again unless its source is said to be
/// safe; that is told, and so is where to say so.
class TestSentOnce : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isNotTriedAgain();
    void isTriedAgainWhereItIsSafe();
};

void TestSentOnce::isNotTriedAgain()
{
    WindowFixture fixture;
    const RawServer server({busy(), rows()});
    fixture.window->get(postTo(server));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished() && !fixture.errorWhat().isEmpty(), kPatienceMs);
    QCOMPARE(server.requests().size(), std::size_t(1));
    QVERIFY(
        isSaid(fixture, QStringLiteral("The POST was not tried again, for that may do something "
                                       "twice: where it does no harm, say so under Options.")));
    // Whoever does it all the same knows what it does.
    const auto *plan = fixture.visibleChild<ui::ElidedLabel>("resumePlan");
    QVERIFY(plan != nullptr);
    QCOMPARE(plan->text(),
             QStringLiteral("Sends the same request again. The POST is sent once more: if it does "
                            "something each time, it does that again."));
}

void TestSentOnce::isTriedAgainWhereItIsSafe()
{
    WindowFixture fixture;
    const RawServer server({busy(), rows()});
    auto *dialog = new ui::SourceDialog(postTo(server), {}, fixture.theme, fixture.window.get());
    dialog->show();
    auto *tabs = dialog->findChild<QTabBar *>(QStringLiteral("sourceTabs"));
    QVERIFY(tabs != nullptr);
    tabs->setCurrentIndex(tabs->count() - 1);
    QCheckBox *safe = nullptr;
    for (auto *box : dialog->findChildren<QCheckBox *>()) {
        if (box->isVisible() && box->text().contains(QLatin1String("twice does no harm")))
            safe = box;
    }
    QVERIFY(safe != nullptr);
    QVERIFY(!safe->isChecked());
    QTest::mouseClick(safe, Qt::LeftButton, {}, QPoint(8, safe->height() / 2));
    const transfer::DownloadRequest request = dialog->request();
    QVERIFY(request.retry.isSafe);
    dialog->close();

    fixture.window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QCOMPARE(server.requests().size(), std::size_t(2));
    QCOMPARE(fixture.badge(), QStringLiteral("verified"));
    QVERIFY(!isSaid(fixture, QStringLiteral("not tried again")));
}

QTEST_MAIN(TestSentOnce)
#include "tst_sent_once.moc"

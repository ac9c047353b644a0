// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "answers.h"
#include "window_fixture.h"

#include "error_banner.h"
#include "library/library_model.h"
#include "library/library_panel.h"
#include "widgets/elided_label.h"

#include <QDialog>
#include <QListView>
#include <QSpinBox>
#include <QTabWidget>

using namespace freshet;
using test::busy;
using test::RawServer;
using test::requestOf;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;
constexpr int kRows = 4000;

std::string rowsText(int count)
{
    std::string body;
    for (int i = 0; i < count; ++i)
        body += "{\"id\":" + std::to_string(i) + ",\"name\":\"user " + std::to_string(i) + "\"}\n";
    return body;
}

std::string head(std::size_t length)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nETag: \"v1\"\r\n"
           "Content-Length: " +
           std::to_string(length) + "\r\n\r\n";
}

/// All rows are announced, so many come, then the connection is cut.
Script cutAfter(int rows)
{
    return Script().send(head(rowsText(kRows).size()) + rowsText(rows)).reset();
}

Script whole()
{
    return Script().send(head(rowsText(kRows).size()) + rowsText(kRows));
}

} // namespace

/// Pausing, trying again, resuming and waiting for one's turn, as a user meets them.
class TestGoingOn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void anIncompleteDatasetGoesOn_data();
    void anIncompleteDatasetGoesOn();
    void secretsAreAskedForAfterARestart();
    void secretsOfThisRunAreKnown();
    void aFailedDownloadIsTriedAgain();
    void pauseHoldsAndContinues();
    void aWaitIsCountedDownAndEnded_data();
    void aWaitIsCountedDownAndEnded();
    void downloadsWaitForTheirTurn();
    void whatWaitsCanBeCancelled();
    void aResumeWaitsForItsTurn();
    void theLimitIsKept();
    void closingARunningTabAsks_data();
    void closingARunningTabAsks();

private:
    QPushButton *button(const char *name) { return m->visibleChild<QPushButton>(name); }
    QListView *libraryView() { return m->window->libraryPanel().findChild<QListView *>(); }
    /// Name, fact and offer of each entry, sections by their titles.
    QStringList libraryTexts();
    void clickOffer(const QString &name);
    [[nodiscard]] transfer::TransferState state() const
    {
        return m->tab()->session()->progress()->state;
    }
    void getCut(const RawServer &server, const std::string &path = "/users.ndjson");

    std::unique_ptr<WindowFixture> m;
};

QStringList TestGoingOn::libraryTexts()
{
    QStringList texts;
    const auto *model = libraryView()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        QStringList parts{index.data().toString()};
        for (const int role : {ui::LibraryModel::FactRole, ui::LibraryModel::OfferTextRole}) {
            if (!index.data(role).toString().isEmpty())
                parts += index.data(role).toString();
        }
        texts += parts.join(QStringLiteral(" | "));
    }
    return texts;
}

void TestGoingOn::clickOffer(const QString &name)
{
    const auto *model = libraryView()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        if (index.data().toString() != name)
            continue;
        // The word stands somewhere on the second line: go along it until it is met.
        const QRect entry = libraryView()->visualRect(index);
        const QString before = libraryTexts().join(QLatin1Char('\n'));
        for (int x = entry.right() - 4; x > entry.left(); x -= 12) {
            QTest::mouseClick(libraryView()->viewport(), Qt::LeftButton, {},
                              QPoint(x, entry.bottom() - entry.height() / 4));
            if (libraryTexts().join(QLatin1Char('\n')) != before)
                return;
        }
    }
}

void TestGoingOn::getCut(const RawServer &server, const std::string &path)
{
    m->window->get(requestOf(server.url(path)));
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(1500));
}

void TestGoingOn::anIncompleteDatasetGoesOn_data()
{
    QTest::addColumn<bool>("afterRestart");
    QTest::addColumn<bool>("fromLibrary");
    QTest::newRow("from its tab") << false << false;
    QTest::newRow("from the library") << false << true;
    QTest::newRow("after a restart, from its tab") << true << false;
    QTest::newRow("after a restart, from the library, without a tab") << true << true;
}

void TestGoingOn::anIncompleteDatasetGoesOn()
{
    QFETCH(bool, afterRestart);
    QFETCH(bool, fromLibrary);
    RawServer server({cutAfter(1500),
                      Script().send(head(rowsText(kRows).size()) + rowsText(1500)).stall(),
                      whole()});
    getCut(server);
    if (afterRestart) {
        m->restart();
        if (!fromLibrary)
            m->window->restoreTabs();
    }
    if (!fromLibrary) {
        QTRY_VERIFY_WITH_TIMEOUT(button("resumeButton"), kPatienceMs);
        const auto *plan = m->visibleChild<ui::ElidedLabel>("resumePlan");
        QVERIFY(plan != nullptr);
        QVERIFY2(plan->text().startsWith(QLatin1String("Resume ")) &&
                     plan->text().contains(QLatin1String("1,500")),
                 qPrintable(plan->text()));
        QCOMPARE(button("resumeButton")->toolTip(), plan->text());
        QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    } else {
        QTRY_VERIFY_WITH_TIMEOUT(
            libraryTexts().contains(QStringLiteral("users | 1,500 rows · incomplete | Resume")),
            kPatienceMs);
        clickOffer(QStringLiteral("users"));
    }
    // It runs, and the earlier rows are there before any new one comes.
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->session()->isRunning(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(1500));
    QCOMPARE(m->window->findChild<QTabWidget *>()->count(), 1);
    QVERIFY(m->errorWhat().isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(server.hanging(), 1, kPatienceMs);
    // The second try hangs; stopped, it leaves what was there, and a third one gets the rest.
    QTest::mouseClick(button("cancelDownload"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(1500));
    m->window->actions()[ui::ActionId::Resume]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(kRows));
    QVERIFY(button("resumeButton") == nullptr);
    QVERIFY(!m->window->actions()[ui::ActionId::Resume]->isEnabled());
    QTRY_VERIFY(libraryTexts().contains(QStringLiteral("users | 4,000 rows · verified")));
}

void TestGoingOn::secretsAreAskedForAfterARestart()
{
    RawServer server({cutAfter(1500), whole()});
    auto request = requestOf(server.url("/users.ndjson?api_key=s3cret&page=1"));
    request.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    m->restart();
    m->window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(button("resumeButton"), kPatienceMs);
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    auto *dialog = m->visibleChild<QDialog>("secretsDialog");
    QVERIFY(dialog != nullptr && !dialog->isModal());
    const auto fields = dialog->findChildren<QLineEdit *>();
    QCOMPARE(fields.size(), 2);
    auto *resume = dialog->findChild<QPushButton *>(QStringLiteral("resumeWithSecrets"));
    QVERIFY(!resume->isEnabled());
    for (auto *field : fields) {
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        QVERIFY(!field->accessibleName().isEmpty());
    }
    QTest::keyClicks(fields[0], QStringLiteral("Bearer s3cret"));
    QVERIFY(!resume->isEnabled());
    QTest::keyClicks(fields[1], QStringLiteral("s3cret"));
    QTest::mouseClick(resume, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(kRows));
    QCOMPARE(server.requests().size(), std::size_t(2));
    const QByteArray sent = QByteArray::fromStdString(server.requests().back());
    QVERIFY2(sent.startsWith("GET /users.ndjson?api_key=s3cret&page=1 "), sent.constData());
    QVERIFY2(sent.contains("Authorization: Bearer s3cret\r\n"), sent.constData());
    const auto record = m->library->find(m->tab()->session()->id().toStdString());
    QVERIFY(record.has_value());
    QVERIFY(record->request.find("s3cret") == std::string::npos);
    QVERIFY(record->resumePoint.find("s3cret") == std::string::npos);
}

void TestGoingOn::secretsOfThisRunAreKnown()
{
    RawServer server({cutAfter(1500), whole()});
    auto request = requestOf(server.url("/users.ndjson?api_key=s3cret"));
    request.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(button("resumeButton"), kPatienceMs);
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QVERIFY(m->visibleChild<QDialog>("secretsDialog") == nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
    const QByteArray sent = QByteArray::fromStdString(server.requests().back());
    QVERIFY2(sent.contains("api_key=s3cret") && sent.contains("Bearer s3cret"), sent.constData());
}

void TestGoingOn::aFailedDownloadIsTriedAgain()
{
    RawServer server({busy(1), whole()});
    m->window->get(requestOf(server.url("/users.ndjson")));
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("failed"));
    QCOMPARE(button("resumeButton")->text(), QStringLiteral("Try again"));
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(kRows));
}

void TestGoingOn::pauseHoldsAndContinues()
{
    m->enterUrl(m->demoUrl("rows=30000&rate=6000"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->grid()->rowCount().value() > 0, kPatienceMs);
    QTRY_VERIFY(button("pauseDownload")->isEnabled());
    QCOMPARE(button("pauseDownload")->text(), QStringLiteral("Pause"));
    QTest::mouseClick(button("pauseDownload"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(state(), transfer::TransferState::Paused, kPatienceMs);
    QTRY_COMPARE(button("pauseDownload")->text(), QStringLiteral("Continue"));
    QTRY_VERIFY(m->noticeSentence().startsWith(QLatin1String("Paused")));
    QTRY_VERIFY(libraryTexts().value(1).endsWith(QLatin1String("paused")));
    m->window->actions()[ui::ActionId::PauseDownload]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(30'000));
    QCOMPARE(m->badge(), QStringLiteral("verified"));
    QVERIFY(m->visibleChild<QLabel>("noticeSentence") == nullptr);
}

void TestGoingOn::aWaitIsCountedDownAndEnded_data()
{
    QTest::addColumn<bool>("stop");
    QTest::newRow("try now") << false;
    QTest::newRow("stop") << true;
}

void TestGoingOn::aWaitIsCountedDownAndEnded()
{
    QFETCH(bool, stop);
    RawServer server({cutAfter(1500), busy(600), whole()});
    m->window->get(requestOf(server.url("/users.ndjson"), 5));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && server.requests().size() == 2, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(state(), transfer::TransferState::WaitingToRetry, kPatienceMs);
    // The cut has a wait of its own, and between the two nothing is said.
    QTRY_VERIFY(m->noticeSentence().contains(QLatin1String("(503)")));
    const QString sentence = m->noticeSentence();
    QVERIFY2(sentence.contains(QLatin1String("; trying again in ")), qPrintable(sentence));
    QTRY_VERIFY(m->noticeSentence() != sentence);
    QVERIFY(libraryTexts().value(1).contains(QLatin1String("trying again in ")));
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(1500));
    QCOMPARE(button("cancelDownload")->text(), QStringLiteral("Stop"));
    QTest::mouseClick(button(stop ? "cancelDownload" : "pauseDownload"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->badge(), stop ? QStringLiteral("incomplete") : QStringLiteral("verified"));
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(stop ? 1500 : kRows));
    QCOMPARE(server.requests().size(), std::size_t(stop ? 2 : 3));
}

void TestGoingOn::downloadsWaitForTheirTurn()
{
    m->window->sessions().setLimit(1);
    RawServer server({Script().send(head(rowsText(kRows).size()) + rowsText(1500)).stall()});
    m->window->get(requestOf(server.url("/first.ndjson")));
    QTRY_COMPARE_WITH_TIMEOUT(server.hanging(), 1, kPatienceMs);
    auto second = requestOf(m->demoUrl("rows=700"));
    second.name = "second";
    m->window->get(second);
    QTRY_VERIFY(libraryTexts().contains(QStringLiteral("second | queued | Cancel")));
    QCOMPARE(libraryTexts().value(0), QStringLiteral("Running"));
    QTRY_VERIFY(m->tab() != nullptr);
    QCOMPARE(m->window->sessions().running().size(), std::size_t(1));
    const QString first = m->tab()->session()->id();
    m->tab()->session()->cancel();
    // It begins by itself and does not push itself in front.
    QTRY_VERIFY_WITH_TIMEOUT(
        libraryTexts().contains(QStringLiteral("second | 700 rows · verified")), kPatienceMs);
    QCOMPARE(m->window->findChild<QTabWidget *>()->count(), 2);
    QCOMPARE(m->tab()->session()->id(), first);
}

void TestGoingOn::whatWaitsCanBeCancelled()
{
    m->window->sessions().setLimit(1);
    RawServer server({Script().send(head(rowsText(kRows).size()) + rowsText(1500)).stall()});
    m->window->get(requestOf(server.url("/first.ndjson")));
    QTRY_COMPARE_WITH_TIMEOUT(server.hanging(), 1, kPatienceMs);
    auto second = requestOf(m->demoUrl("rows=700"));
    second.name = "second";
    m->window->get(second);
    QTRY_VERIFY(libraryTexts().contains(QStringLiteral("second | queued | Cancel")));
    clickOffer(QStringLiteral("second"));
    QVERIFY(m->window->sessions().queue().waiting().empty());
    QTRY_VERIFY(m->tab() != nullptr);
    m->tab()->session()->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->library->list()->size(), std::size_t(1));
    QVERIFY(m->errorWhat().isEmpty());
}

void TestGoingOn::aResumeWaitsForItsTurn()
{
    m->window->sessions().setLimit(1);
    RawServer server({cutAfter(1500), whole()});
    getCut(server);
    RawServer slow({Script().send(head(rowsText(kRows).size()) + rowsText(10)).stall()});
    m->window->get(requestOf(slow.url("/slow.ndjson")));
    QTRY_COMPARE_WITH_TIMEOUT(slow.hanging(), 1, kPatienceMs);
    QTRY_COMPARE(m->tab()->session()->name(), QStringLiteral("slow"));
    m->window->openDataset(QStringLiteral("users"));
    QTRY_VERIFY(button("resumeButton") != nullptr);
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QCOMPARE(m->badge(), QStringLiteral("queued"));
    QVERIFY(button("resumeButton") == nullptr);
    QTest::mouseClick(button("dequeueButton"), Qt::LeftButton);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QCOMPARE(m->badge(), QStringLiteral("queued"));
    m->window->sessions().running().front()->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
}

void TestGoingOn::theLimitIsKept()
{
    m->window->actions()[ui::ActionId::DownloadLimit]->trigger();
    auto *dialog = m->visibleChild<QDialog>("limitDialog");
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->findChild<QSpinBox *>()->value(), 4);
    QTest::keyClicks(dialog->findChild<QSpinBox *>(), QStringLiteral("7"));
    QTest::keyClick(dialog, Qt::Key_Return);
    QCOMPARE(m->window->sessions().queue().limit(), 7);
    m->restart();
    QCOMPARE(m->window->sessions().queue().limit(), 7);
}

void TestGoingOn::closingARunningTabAsks_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<int>("tabs");
    QTest::addColumn<bool>("runsOn");
    QTest::newRow("run on") << QStringLiteral("closeAndRun") << 0 << true;
    QTest::newRow("stop") << QStringLiteral("closeAndStop") << 0 << false;
    QTest::newRow("keep the tab") << QString() << 1 << true;
}

void TestGoingOn::closingARunningTabAsks()
{
    QFETCH(QString, answer);
    QFETCH(int, tabs);
    QFETCH(bool, runsOn);
    RawServer server({Script().send(head(rowsText(kRows).size()) + rowsText(1500)).stall()});
    m->window->get(requestOf(server.url("/users.ndjson")));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->grid()->rowCount() == RowCount(1500),
                             kPatienceMs);
    m->window->actions()[ui::ActionId::CloseTab]->trigger();
    auto *question = m->visibleChild<QDialog>("closeRunning");
    QVERIFY(question != nullptr && !question->isModal());
    QApplication::setActiveWindow(question);
    if (answer.isEmpty())
        QTest::keyClick(question, Qt::Key_Escape);
    else
        QTest::mouseClick(question->findChild<QPushButton *>(answer), Qt::LeftButton);
    QTRY_VERIFY(m->visibleChild<QDialog>("closeRunning") == nullptr);
    QTRY_COMPARE(m->window->findChild<QTabWidget *>()->count(), tabs);
    if (runsOn) {
        QCOMPARE(m->window->sessions().running().size(), std::size_t(1));
        QCOMPARE(libraryTexts().value(0), QStringLiteral("Running"));
        return;
    }
    QTRY_VERIFY_WITH_TIMEOUT(
        libraryTexts().contains(QStringLiteral("users | 1,500 rows · incomplete | Resume")),
        kPatienceMs);
}

QTEST_MAIN(TestGoingOn)
#include "tst_going_on.moc"

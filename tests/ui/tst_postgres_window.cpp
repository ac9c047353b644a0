// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "error_banner.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "support/postgres_server.h"
#include "verdict_line.h"

#include <QLineEdit>
#include <QPlainTextEdit>

using namespace freshet;
using test::PostgresServer;
using test::WindowFixture;
using transfer::DownloadRequest;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// PostgreSQL queries in the window when they do not go as wished, on a real server.
class TestPostgresWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void aStatementThatWouldWriteIsRefused_data();
    void aStatementThatWouldWriteIsRefused();
    void theDialogSaysSoToo();
    void aWrongPasswordIsTold();
    void cancelStopsTheQueryOnTheServer();
    void theServerStopsASlowQuery();

private:
    [[nodiscard]] DownloadRequest requestFor(const std::string &query,
                                             const std::string &user = "postgres") const;
    /// What the visible banner says, once there is one.
    [[nodiscard]] QString banner() const;
    /// How many statements with `mark` in them run on the server.
    [[nodiscard]] int running(const QString &mark) const;

    PostgresServer m_server;
    std::unique_ptr<WindowFixture> m;
};

void TestPostgresWindow::initTestCase()
{
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed; packaging/setup.sh installs it");
    QVERIFY(m_server.start());
    m_server.run(QStringLiteral("create table notes (id int primary key, note text)"));
    m_server.run(QStringLiteral("insert into notes values (1, 'one'), (2, 'two')"));
}

DownloadRequest TestPostgresWindow::requestFor(const std::string &query,
                                               const std::string &user) const
{
    DownloadRequest request;
    request.name = "notes";
    request.bytes.url =
        "postgresql://" + user + "@127.0.0.1:" + std::to_string(m_server.port()) + "/postgres";
    request.bytes.body = query;
    request.decode.format = decode::Format::Postgres;
    return request;
}

QString TestPostgresWindow::banner() const
{
    const auto *shown = m->visibleChild<ui::ErrorBanner>("errorBanner");
    return shown == nullptr ? QString() : shown->text().toPlainText();
}

int TestPostgresWindow::running(const QString &mark) const
{
    return m_server
        .run(QStringLiteral("select count(*) from pg_stat_activity where state <> 'idle' and "
                            "pid <> pg_backend_pid() and query like '%%1%'")
                 .arg(mark))
        .trimmed()
        .toInt();
}

void TestPostgresWindow::aStatementThatWouldWriteIsRefused_data()
{
    QTest::addColumn<std::string>("query");
    QTest::newRow("insert") << std::string("insert into notes values (3, 'x') returning id");
    QTest::newRow("update") << std::string("update notes set note = 'x' returning id");
    QTest::newRow("delete") << std::string("delete from notes returning id");
    QTest::newRow("a function that writes") << std::string("select nextval('numbers')");
}

void TestPostgresWindow::aStatementThatWouldWriteIsRefused()
{
    QFETCH(std::string, query);
    m_server.run(QStringLiteral("create sequence if not exists numbers"));
    m->window->get(requestFor(query));
    QTRY_VERIFY_WITH_TIMEOUT(!banner().isEmpty(), kPatienceMs);
    QVERIFY2(banner().startsWith(u"The database refused"), qPrintable(banner()));
    QVERIFY2(banner().contains(u"the statement would write, and Freshet only reads"),
             qPrintable(banner()));
    QVERIFY2(banner().contains(u"25006"), qPrintable(banner()));
    QCOMPARE(m_server.run(QStringLiteral("select string_agg(note, ',' order by id) from notes"))
                 .trimmed(),
             QStringLiteral("one,two"));
}

void TestPostgresWindow::theDialogSaysSoToo()
{
    m->window->requestBar().setRequest(requestFor("delete from notes returning id"));
    m->window->actions()[ui::ActionId::EditSource]->trigger();
    auto *dialog = m->window->findChild<ui::SourceDialog *>();
    QVERIFY(dialog != nullptr);
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(banner().contains(u"Freshet only reads"), kPatienceMs);
    QCOMPARE(m_server.run(QStringLiteral("select count(*) from notes")).trimmed(),
             QStringLiteral("2"));
}

void TestPostgresWindow::aWrongPasswordIsTold()
{
    DownloadRequest request = requestFor("select 1 as one", "guarded");
    request.bytes.postgres.password = "n0t-the-one";
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(!banner().isEmpty(), kPatienceMs);
    QVERIFY2(banner().startsWith(u"The database refused"), qPrintable(banner()));
    QVERIFY2(banner().contains(u"password authentication failed for user \"guarded\""),
             qPrintable(banner()));
    QVERIFY2(banner().contains(u"Options"), qPrintable(banner())); // what to do about it
    QVERIFY(!banner().contains(u"n0t-the-one"));
    const auto kept = m->library->list();
    QVERIFY(kept.has_value());
    for (const auto &record : *kept)
        QVERIFY(!QByteArray::fromStdString(record.request).contains("n0t-the-one"));
}

void TestPostgresWindow::cancelStopsTheQueryOnTheServer()
{
    // A row a hundredth of a second, large enough that each few of them are sent at once.
    m->window->get(requestFor("select i as id, repeat('x', 2000) as filler, pg_sleep(0.01) is null "
                              "as slept from generate_series(1, 1000000) i"));
    QTRY_VERIFY_WITH_TIMEOUT(m->tab() && m->tab()->grid()->rowCount().value() > 0, kPatienceMs);
    QCOMPARE(running(QStringLiteral("pg_sleep(0.01)")), 1);
    QTest::mouseClick(m->visibleChild<QPushButton>("getButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(running(QStringLiteral("pg_sleep(0.01)")), 0, kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QVERIFY(m->tab()->grid()->rowCount().value() > 0);
    QVERIFY2(banner().isEmpty(), qPrintable(banner()));
}

void TestPostgresWindow::theServerStopsASlowQuery()
{
    DownloadRequest request = requestFor("select pg_sleep(600) is null as slept");
    request.bytes.postgres.statementTimeout = std::chrono::milliseconds(200);
    request.retry.maxRetries = 3; // which would be of no use
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(!banner().isEmpty(), kPatienceMs);
    QVERIFY2(banner().startsWith(u"The database refused") &&
                 banner().contains(u"statement timeout"),
             qPrintable(banner()));
    QCOMPARE(running(QStringLiteral("pg_sleep(600)")), 0);
}

QTEST_MAIN(TestPostgresWindow)
#include "tst_postgres_window.moc"

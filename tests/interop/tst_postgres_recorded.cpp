// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/postgres_server.h"
#include "transfer/recorded_downloads.h"

#include <QFile>

using namespace freshet;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;
using test::PostgresServer;
using test::RecordedDownloads;
using transport::PostgresVia;

/// Queries are made again from their recordings, with the server's count and notices, without the
/// server.
class TestPostgresRecorded : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void saysTheSameAgain_data();
    void saysTheSameAgain();

private:
    PostgresServer m_server;
    RecordedDownloads m_downloads;
};

void TestPostgresRecorded::initTestCase()
{
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed");
    QVERIFY(m_server.start());
    m_server.run(
        u"create table users as select n as id, 'user ' || n as name, n * 1.25 as balance, "
        "now() as seen from generate_series(1, 5000) n;"
        "create function noisy(n int) returns int language plpgsql as $$ begin "
        "if n % 2000 = 0 then raise notice 'row %: and\na second line', n; end if; "
        "if n = 4500 and current_setting('application_name') = 'fails' then "
        "raise exception 'no further'; end if; return n; end $$"_s);
}

void TestPostgresRecorded::saysTheSameAgain_data()
{
    QTest::addColumn<PostgresVia>("via");
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<VerdictKind>("verdict");
    const auto row = [](const char *name, PostgresVia via, const char *sql, const char *key,
                        const char *options, VerdictKind verdict) {
        QTest::newRow(name) << via << QByteArray(sql) << QByteArray(key) << QByteArray(options)
                            << verdict;
    };
    const auto verified = VerdictKind::Verified;
    row("COPY", PostgresVia::Copy, "select * from users", "", "", verified);
    row("cursor", PostgresVia::Cursor, "select * from users", "", "", verified);
    row("keyset, several queries", PostgresVia::Keyset, "select * from users", "id", "", verified);
    row("nothing", PostgresVia::Copy, "select * from users where false", "", "", verified);
    row("with notices", PostgresVia::Copy, "select noisy(id) from users", "", "", verified);
    row("fails within", PostgresVia::Copy, "select noisy(id) from users", "",
        "?application_name=fails", VerdictKind::Incomplete);
}

void TestPostgresRecorded::saysTheSameAgain()
{
    QFETCH(PostgresVia, via);
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, options);
    QFETCH(VerdictKind, verdict);
    DownloadRequest request;
    request.bytes.url = m_server.url() + options.toStdString();
    request.bytes.body = sql.toStdString();
    request.bytes.postgres.via = via;
    request.bytes.postgres.batchRows = 1000;
    if (!key.isEmpty())
        request.bytes.postgres.range.columns = {key.toStdString()};
    request.decode.format = decode::Format::Postgres;
    request.retry.maxRetries = 0;
    const auto live = m_downloads.record(request);
    QCOMPARE(live.progress.verdict->kind, verdict);
    RecordedDownloads::compareWhole(live, m_downloads.replay());
}

QTEST_GUILESS_MAIN(TestPostgresRecorded)
#include "tst_postgres_recorded.moc"

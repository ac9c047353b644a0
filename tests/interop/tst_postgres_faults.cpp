// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/postgres_download.h"
#include "support/postgres_server.h"
#include "support/test_certificate.h"

#include <QElapsedTimer>
#include <QFile>
#include <QScopeGuard>

#include <condition_variable>
#include <mutex>
#include <utility>

using namespace freshet;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using test::PostgresDownloads;
using test::PostgresServer;
using transport::PostgresVia;

namespace {

/// Holds the writer up, so that the server is in the middle of the query for sure.
class Gate
{
public:
    /// To be called before each batch is written.
    void pass()
    {
        std::unique_lock lock(m_mutex);
        m_hasArrived = true;
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_isOpen; });
    }
    void waitForArrival()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_hasArrived; });
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_hasArrived = false;
    bool m_isOpen = false;
};

Transfer::Options heldBack(Gate &gate)
{
    return {.networkQueue = 1_MiB, .batchQueue = 1_MiB, .beforeWrite = [&gate] {
                gate.pass();
            }};
}

/// With their texts more than all buffers on the way hold, two batches of 24 MiB among them.
constexpr int kRows = 60'000;
constexpr int kFillers = 36; // of 32 characters
constexpr auto kAll = "select * from big";

} // namespace

/// Against a real PostgreSQL: what goes wrong.
class TestPostgresFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void goesOnBehindTheKey_data();
    void goesOnBehindTheKey();
    void withoutAKeyStopsAndRunsAgain();
    void noticesThatTheTableChanged();
    void keysThatAreNone_data();
    void keysThatAreNone();
    void holdsTheServerBack();
    void cancelsAtTheServer();
    void refusesToWrite_data();
    void refusesToWrite();
    void errors_data();
    void errors();
    void keepsRowsBeforeAnError();
    void keepsNotices();
    void signsIn_data();
    void signsIn();
    void keepsNoSecrets();

private:
    void endBackends() const;
    test::TableText expected();

    PostgresServer m_server;
    std::optional<test::TableText> m_expected;
};

void TestPostgresFaults::initTestCase()
{
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed; packaging/setup.sh does that");
    qputenv("PGTZ", "UTC");
    QVERIFY(m_server.start());
    m_server.run(u"create table big as select i as id, repeat(md5(i::text), %2) as filler "
                 "from generate_series(1, %1) i; alter table big add primary key (id); "
                 "create table small (a int, b int); insert into small values (1, 1), (1, 2); "
                 "create sequence counter; "
                 "create function noisy() returns int language plpgsql as "
                 "$$ begin raise notice 'mind the gap'; return 1; end $$"_s.arg(kRows)
                     .arg(kFillers));
}

void TestPostgresFaults::endBackends() const
{
    m_server.run(u"select pg_terminate_backend(pid) from pg_stat_activity "
                 "where application_name = 'freshet'"_s);
}

/// The table in the order of its key, in one piece.
test::TableText TestPostgresFaults::expected()
{
    if (!m_expected) {
        const PostgresDownloads downloads;
        const auto transfer =
            downloads.start(PostgresDownloads::request(m_server.url(), kAll, "id"));
        (void)PostgresDownloads::finish(*transfer);
        m_expected = PostgresDownloads::table(*transfer);
    }
    return *m_expected;
}

void TestPostgresFaults::goesOnBehindTheKey_data()
{
    QTest::addColumn<int>("via");
    QTest::addColumn<QString>("fault");
    for (const auto via : {PostgresVia::Copy, PostgresVia::Cursor, PostgresVia::Keyset}) {
        for (const auto &fault : {u"backend killed"_s, u"server restarted"_s, u"resumed"_s})
            QTest::addRow("%s, %s", std::string(postgresViaName(via)).c_str(), qPrintable(fault))
                << static_cast<int>(via) << fault;
    }
}

void TestPostgresFaults::goesOnBehindTheKey()
{
    QFETCH(int, via);
    QFETCH(QString, fault);
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(m_server.url(), kAll, "id");
    request.name = "big";
    request.bytes.postgres.via = static_cast<PostgresVia>(via);
    request.bytes.postgres.batchRows = kRows - 1;
    if (fault == u"resumed"_s)
        request.retry.maxRetries = 0;
    Gate gate;
    auto transfer = downloads.start(std::move(request), heldBack(gate));
    const auto opener = qScopeGuard([&] { gate.open(); });
    gate.waitForArrival();
    if (fault == u"server restarted"_s)
        QVERIFY(m_server.restartImmediately());
    else
        endBackends();
    gate.open();
    auto progress = PostgresDownloads::finish(*transfer);
    if (fault == u"resumed"_s) {
        QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
        const RowCount held = transfer->dataset()->snapshot().rowCount();
        QVERIFY(held > RowCount() && held < RowCount(kRows));
        transfer = nullptr;
        transfer = downloads.resume("big");
        progress = PostgresDownloads::finish(*transfer);
    }
    const QString evidence = PostgresDownloads::evidence(progress);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified, qPrintable(evidence));
    QVERIFY2(evidence.contains(u"several snapshots"_s), qPrintable(evidence));
    QVERIFY(PostgresDownloads::table(*transfer) == expected());
}

void TestPostgresFaults::withoutAKeyStopsAndRunsAgain()
{
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(m_server.url(), kAll);
    request.name = "big";
    Gate gate;
    auto transfer = downloads.start(std::move(request), heldBack(gate));
    const auto opener = qScopeGuard([&] { gate.open(); });
    gate.waitForArrival();
    endBackends();
    gate.open();
    auto progress = PostgresDownloads::finish(*transfer);
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QVERIFY2(PostgresDownloads::evidence(progress).contains(u"there is no key to go on by"_s),
             qPrintable(PostgresDownloads::evidence(progress)));
    transfer = nullptr;
    transfer = downloads.resume("big");
    progress = PostgresDownloads::finish(*transfer);
    const QString evidence = PostgresDownloads::evidence(progress);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified, qPrintable(evidence));
    QVERIFY2(evidence.contains(u"run again as a whole, and each row that was here was found"_s),
             qPrintable(evidence));
    auto rows = PostgresDownloads::table(*transfer).rows;
    auto whole = expected().rows;
    std::ranges::sort(rows);
    std::ranges::sort(whole);
    QVERIFY(rows == whole);
}

void TestPostgresFaults::noticesThatTheTableChanged()
{
    m_server.run(u"create table changing as select * from big"_s);
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(m_server.url(), "select * from changing");
    request.name = "changing";
    Gate gate;
    auto transfer = downloads.start(std::move(request), heldBack(gate));
    const auto opener = qScopeGuard([&] { gate.open(); });
    gate.waitForArrival();
    endBackends();
    gate.open();
    (void)PostgresDownloads::finish(*transfer);
    // Where a scan begins is the server's choice: any row that is held will do.
    const auto held = PostgresDownloads::table(*transfer).rows;
    transfer = nullptr;
    const QString id = QString::fromStdString(held.front()).section(u'|', 0, 0);
    m_server.run(u"update changing set filler = 'other' where "_s + id);
    transfer = downloads.resume("changing");
    const auto progress = PostgresDownloads::finish(*transfer);
    const QString evidence = PostgresDownloads::evidence(progress);
    QVERIFY2(progress.verdict->kind == VerdictKind::Incomplete, qPrintable(evidence));
    QVERIFY2(evidence.contains(u"1 row of those that were here did not come again"_s),
             qPrintable(evidence));
}

void TestPostgresFaults::keysThatAreNone_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("not unique") << u"select * from small"_s << u"a"_s
                                << u"it is not unique: a is 1 in more than one row"_s;
    QTest::newRow("null") << u"select * from (values (1), (null)) as t (a)"_s << u"a"_s
                          << u"\"a\" is null in some rows"_s;
    QTest::newRow("unknown") << u"select * from small"_s << u"z"_s
                             << u"the query gives no column \"z\""_s;
    QTest::newRow("ambiguous") << u"select 1 as a, 2 as a"_s << u"a"_s
                               << u"the query gives several columns \"a\""_s;
    QTest::newRow("without an order")
        << u"select json '{}' as a"_s << u"a"_s << u"could not identify an ordering operator"_s;
}

void TestPostgresFaults::keysThatAreNone()
{
    QFETCH(QString, sql);
    QFETCH(QString, key);
    QFETCH(QString, sentence);
    const PostgresDownloads downloads;
    const auto transfer = downloads.start(
        PostgresDownloads::request(m_server.url(), sql.toStdString(), key.toStdString()));
    const auto progress = PostgresDownloads::finish(*transfer);
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QVERIFY2(PostgresDownloads::evidence(progress).contains(sentence),
             qPrintable(PostgresDownloads::evidence(progress)));
}

/// A full queue is felt by the server, which waits for us.
void TestPostgresFaults::holdsTheServerBack()
{
    const PostgresDownloads downloads;
    Gate gate;
    const auto transfer = downloads.start(
        PostgresDownloads::request(
            m_server.url(),
            "select generate_series(1, 1000000000) as i, repeat('x', 400) as filler"),
        heldBack(gate));
    const auto opener = qScopeGuard([&] { gate.open(); });
    gate.waitForArrival();
    // It may wait for a moment on the way; here it waits for good.
    ByteCount held;
    QTRY_VERIFY_WITH_TIMEOUT(
        m_server.run(u"select wait_event from pg_stat_activity where application_name = "
                     "'freshet' and state = 'active'"_s) == u"ClientWrite"_s &&
            std::exchange(held, transfer->progress().wireBytes) == transfer->progress().wireBytes,
        60'000);
    QVERIFY(transfer->progress().wireBytes < 64_MiB); // of 400 GB
    transfer->cancel();
    gate.open();
    QCOMPARE(PostgresDownloads::finish(*transfer).state, TransferState::Cancelled);
}

void TestPostgresFaults::cancelsAtTheServer()
{
    const PostgresDownloads downloads;
    const auto transfer =
        downloads.start(PostgresDownloads::request(m_server.url(), "select pg_sleep(600)"));
    const QString active = u"select count(*) from pg_stat_activity where application_name = "
                           "'freshet' and state = 'active' and query like 'copy%'"_s;
    QTRY_COMPARE_WITH_TIMEOUT(m_server.run(active), u"1"_s, 60'000);
    QElapsedTimer timer;
    timer.start();
    transfer->cancel();
    const auto progress = PostgresDownloads::finish(*transfer);
    qInfo("cancelled in %lld ms", static_cast<long long>(timer.elapsed()));
    QCOMPARE(progress.state, TransferState::Cancelled);
    QTRY_COMPARE_WITH_TIMEOUT(m_server.run(active), u"0"_s, 60'000);
}

void TestPostgresFaults::refusesToWrite_data()
{
    QTest::addColumn<QString>("sql");
    for (const char *sql :
         {"insert into small values (2, 2)", "insert into small values (2, 2) returning a",
          "insert into small values (2, 2) returning '1.1.1.1'::inet", "update small set a = 2",
          "delete from small", "create table other (a int)", "drop table small", "truncate small",
          "select nextval('counter')", "with x as (delete from small returning a) select a from x"})
        QTest::newRow(sql) << QString::fromLatin1(sql);
}

void TestPostgresFaults::refusesToWrite()
{
    QFETCH(QString, sql);
    const PostgresDownloads downloads;
    const auto transfer =
        downloads.start(PostgresDownloads::request(m_server.url(), sql.toStdString()));
    const auto progress = PostgresDownloads::finish(*transfer);
    QVERIFY(progress.error.has_value());
    QCOMPARE(progress.error->code, ErrorCode::DatabaseRefused);
    const QString text = QString::fromStdString(progress.error->detail);
    QVERIFY2(text.startsWith(u"the statement would write, and Freshet only reads: ERROR 25006"_s),
             qPrintable(text));
    QCOMPARE(m_server.run(u"select count(*), sum(a) from small"_s), u"2|2"_s);
}

void TestPostgresFaults::errors_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("there");
    const auto row = [](const char *name, const char *sql, ErrorCode code, const char *detail,
                        const char *there = "") {
        QTest::newRow(name) << QString::fromUtf8(sql) << static_cast<int>(code)
                            << QString::fromUtf8(detail) << QString::fromUtf8(there);
    };
    row("a table that is not there", "select *\nfrom nowhere\nwhere true",
        ErrorCode::DatabaseRefused, "ERROR 42P01: relation \"nowhere\" does not exist", "nowhere");
    row("a column with a hint", "select é, fillr from (select 1 as é, 2 as filler) x",
        ErrorCode::DatabaseRefused, "hint: Perhaps you meant to reference the column",
        "fillr from (select 1 as é, 2 as filler) x");
    row("no SQL", "selec 1", ErrorCode::DatabaseRefused, "ERROR 42601: syntax error", "selec 1");
    row("two statements", "select 1; select 2", ErrorCode::DatabaseRefused,
        "cannot insert multiple commands");
    row("out of the parentheses", "select 1) to stdout; select (2", ErrorCode::DatabaseRefused,
        "ERROR 42601: syntax error", ") to stdout; select (2");
    row("parameters", "select $1::int", ErrorCode::InvalidArgument, "has parameters");
    row("no query", "set search_path = public", ErrorCode::InvalidArgument,
        "only queries can be downloaded");
    row("too slow", "select pg_sleep(600)", ErrorCode::DatabaseRefused,
        "57014: canceling statement due to statement timeout");
}

void TestPostgresFaults::errors()
{
    QFETCH(QString, sql);
    QFETCH(int, code);
    QFETCH(QString, detail);
    QFETCH(QString, there);
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(m_server.url(), sql.toStdString());
    request.bytes.postgres.statementTimeout = 300ms;
    const auto transfer = downloads.start(std::move(request));
    const auto progress = PostgresDownloads::finish(*transfer);
    QVERIFY(progress.error.has_value());
    QCOMPARE(static_cast<int>(progress.error->code), code);
    QVERIFY2(QString::fromStdString(progress.error->detail).contains(detail),
             progress.error->detail.c_str());
    QCOMPARE(QString::fromStdString(progress.error->excerpt), there);
    QCOMPARE(progress.retries, 0);
}

void TestPostgresFaults::keepsRowsBeforeAnError()
{
    const PostgresDownloads downloads;
    const auto transfer = downloads.start(PostgresDownloads::request(
        m_server.url(), "select i, 1 / (1000 - i) as x from generate_series(1, 2000) i"));
    const auto progress = PostgresDownloads::finish(*transfer);
    QCOMPARE(progress.error->code, ErrorCode::DatabaseRefused);
    QVERIFY2(PostgresDownloads::evidence(progress).contains(u"22012: division by zero"_s),
             qPrintable(PostgresDownloads::evidence(progress)));
    QCOMPARE(progress.rows, RowCount(999));
}

void TestPostgresFaults::keepsNotices()
{
    const PostgresDownloads downloads;
    const auto transfer =
        downloads.start(PostgresDownloads::request(m_server.url(), "select noisy()"));
    const auto progress = PostgresDownloads::finish(*transfer);
    QVERIFY2(
        PostgresDownloads::evidence(progress).contains(u"the server says: NOTICE: mind the gap"_s),
        qPrintable(PostgresDownloads::evidence(progress)));
}

void TestPostgresFaults::signsIn_data()
{
    QTest::addColumn<QString>("url"); // with {port} and so on
    QTest::addColumn<int>("code");    // -1: it works
    const auto row = [](const char *name, const QString &url, int code = -1) {
        QTest::newRow(name) << u"postgresql://"_s + url << code;
    };
    const auto refused = static_cast<int>(ErrorCode::DatabaseRefused);
    const auto noTls = static_cast<int>(ErrorCode::TlsFailed);
    const QString host = u"127.0.0.1:{port}/postgres"_s;
    row("a password", u"guarded:p%40ss%20word%2F1@"_s + host);
    row("a wrong password", u"guarded:wrong@"_s + host, refused);
    row("no password", u"guarded@"_s + host, refused);
    row("a password file", u"guarded@"_s + host + u"?passfile={folder}/pgpass"_s);
    row("a service file", u"/?service=freshet_test"_s);
    row("no such database", u"postgres@127.0.0.1:{port}/nothing"_s, refused);
    row("no such role", u"nobody_here@"_s + host, refused);
    row("TLS demanded", u"postgres@"_s + host + u"?sslmode=require"_s);
    row("TLS verified",
        u"postgres@"_s + host + u"?sslmode=verify-full&sslrootcert={certificate}"_s);
    row("TLS with another authority",
        u"postgres@"_s + host + u"?sslmode=verify-ca&sslrootcert={other}"_s, noTls);
    row("TLS for another name",
        u"postgres@otherhost:{port}/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={certificate}"_s,
        noTls);
    row("TLS only, and used", u"secure@"_s + host + u"?sslmode=prefer"_s);
    row("TLS only, and not used", u"secure@"_s + host + u"?sslmode=disable"_s, refused);
    row("nobody listens", u"postgres@127.0.0.1:1/postgres"_s,
        static_cast<int>(ErrorCode::ConnectFailed));
    row("the first of two hosts is down", u"postgres@127.0.0.1:1,127.0.0.1:{port}/postgres"_s);
}

void TestPostgresFaults::signsIn()
{
    QFETCH(QString, url);
    QFETCH(int, code);
    QTemporaryDir folder;
    const auto other = test::TestCertificate::create(folder.path());
    QVERIFY(other.has_value());
    const auto write = [&](const QString &name, const QString &text) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) > 0 &&
               file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    };
    QVERIFY(write(u"pgpass"_s, u"127.0.0.1:%1:*:guarded:p@ss word/1\n"_s.arg(m_server.port())));
    QVERIFY(
        write(u"service.conf"_s,
              u"[freshet_test]\nhost=127.0.0.1\nport=%1\nuser=postgres\ndbname=postgres\n"_s.arg(
                  m_server.port())));
    qputenv("PGSERVICEFILE", folder.filePath(u"service.conf"_s).toUtf8());
    url.replace(u"{port}"_s, QString::number(m_server.port()))
        .replace(u"{certificate}"_s, m_server.certificateFile())
        .replace(u"{other}"_s, other->certificateFile)
        .replace(u"{folder}"_s, folder.path());
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(url.toStdString(), "select 1 as a");
    request.retry.maxRetries = 0;
    const auto transfer = downloads.start(std::move(request));
    const auto progress = PostgresDownloads::finish(*transfer);
    QCOMPARE(progress.error ? static_cast<int>(progress.error->code) : -1, code);
    QVERIFY2(!PostgresDownloads::evidence(progress).contains(u"p@ss"_s),
             qPrintable(PostgresDownloads::evidence(progress)));
    if (code < 0)
        QCOMPARE(progress.rows, RowCount(1));
}

void TestPostgresFaults::keepsNoSecrets()
{
    const PostgresDownloads downloads;
    const std::string url =
        "postgresql://guarded:p%40ss%20word%2F1@127.0.0.1:" + std::to_string(m_server.port()) +
        "/postgres";
    auto request = PostgresDownloads::request(url, "select 1 as a", "a");
    request.name = "one";
    (void)PostgresDownloads::finish(*downloads.start(std::move(request)));
    const auto record = downloads.library()->find("one").value();
    QVERIFY(record.request.find("p%40ss") == std::string::npos);
    QVERIFY(record.request.find("p@ss") == std::string::npos);
    QVERIFY(record.source.find("p%40ss") == std::string::npos);
    const auto kept = DownloadRequest::fromJson(record.request).value();
    QCOMPARE(kept.bytes.postgres.user, "guarded");
    QCOMPARE(kept.bytes.postgres.range.columns, std::vector<std::string>{"a"});
    QCOMPARE(kept.bytes.body, "select 1 as a");
    // A URL that cannot be read is not quoted.
    const auto odd = Transfer::start(
        downloads.library(),
        PostgresDownloads::request("postgresql://u:se%zzcret@h/db", "select 1"), {});
    QVERIFY(!odd && odd.error().code == ErrorCode::UrlInvalid);
    QVERIFY(odd.error().toString().find("cret") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestPostgresFaults)
#include "tst_postgres_faults.moc"

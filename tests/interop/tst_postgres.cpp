// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/postgres_download.h"
#include "support/postgres_server.h"
#include "transfer/sync.h"
#include "transport/postgres_catalogue.h"

#include <QFile>
#include <QRegularExpression>

using namespace freshet;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;
using test::PostgresDownloads;
using test::PostgresServer;
using transport::PostgresVia;

namespace {

constexpr auto kIsoTime = "^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?(Z?)$";

/// Our text of a value in psql's spelling.
QString inPsqlSpelling(QString text, const QString &type)
{
    if (type == u"boolean"_s)
        return text.left(1);
    static const QRegularExpression kZeros(u"\\.?0+$"_s);
    if (type.startsWith(u"timestamp"_s)) {
        static const QRegularExpression kPattern(QString::fromLatin1(kIsoTime));
        const auto match = kPattern.match(text);
        if (!match.hasMatch())
            return text;
        QString fraction = match.captured(3);
        fraction.remove(kZeros);
        return match.captured(1) + u' ' + match.captured(2) + fraction +
               (match.captured(4).isEmpty() ? QString() : u"+00"_s);
    }
    if ((type.startsWith(u"numeric"_s) && !type.endsWith(u']')) ||
        type.endsWith(u"without time zone"_s)) {
        if (text.contains(u'.'))
            text.remove(kZeros);
        return text;
    }
    return text;
}

QString psqlText(QString text, const QString &type)
{
    static const QRegularExpression kZeros(u"\\.?0+$"_s);
    if (type.startsWith(u"numeric"_s) && !type.endsWith(u']') && text.contains(u'.'))
        text.remove(kZeros);
    return text;
}

std::vector<std::optional<QString>> columnOf(const Transfer &transfer, const std::string &name)
{
    std::vector<std::optional<QString>> values;
    const auto reader = transfer.dataset()->snapshot().scan();
    for (auto batch = reader->next(); batch && *batch; batch = reader->next()) {
        const auto index = (*batch)->schema->indexOf(name);
        const auto &column = (*batch)->columns[static_cast<std::size_t>(index.value())];
        for (std::int64_t row = 0; row < column.length; ++row) {
            std::string text;
            if (!column.isNull(row))
                columnar::appendText(text, column, row);
            values.push_back(column.isNull(row) ? std::nullopt
                                                : std::optional(QString::fromStdString(text)));
        }
    }
    return values;
}

std::int64_t manyRows()
{
    // A million for the record, fewer wherever tests are run often.
    bool isGiven = false;
    const auto given = qEnvironmentVariable("FRESHET_POSTGRES_ROWS").toLongLong(&isGiven);
    return isGiven ? given : 30'000;
}

} // namespace

/// Against a real PostgreSQL: what comes, by every way it can come.
class TestPostgres : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyTypeEqualsPsql_data();
    void everyTypeEqualsPsql();
    void waysGiveTheSame();
    void pagesByKeysOfEveryKind_data();
    void pagesByKeysOfEveryKind();
    void pagesAcrossServers();
    void oddQueries_data();
    void oddQueries();
    void showsWhatThereIs();
    void syncsBehindTheKey();
    void goesOnBehindAFile();

private:
    PostgresServer m_server;
};

void TestPostgres::initTestCase()
{
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed; packaging/setup.sh does that");
    qputenv("PGTZ", "UTC");
    QVERIFY(m_server.start());
    QFile types(qEnvironmentVariable("FRESHET_SOURCE") + u"/tests/interop/postgres_types.sql"_s);
    QVERIFY(types.open(QIODevice::ReadOnly));
    m_server.run(QString::fromUtf8(types.readAll()));
    m_server.run(u"create table users as select i as id, 'user' || i as name, "
                 "(i::bigint * 7919 % 100000) / 100.0::numeric(12,2) as balance, "
                 "timestamptz '2020-01-01 00:00+00' + i * interval '37 seconds' as created, "
                 "i % 3 = 0 as active, md5(i::text)::uuid as token, "
                 "case when i % 5 <> 0 then 'Land ' || i % 200 end as country "
                 "from generate_series(1, %1) i; "
                 "alter table users add primary key (id); analyze users"_s.arg(manyRows()));
}

void TestPostgres::everyTypeEqualsPsql_data()
{
    QTest::addColumn<int>("via");
    QTest::newRow("copy") << static_cast<int>(PostgresVia::Copy);
    QTest::newRow("cursor") << static_cast<int>(PostgresVia::Cursor);
    QTest::newRow("keyset") << static_cast<int>(PostgresVia::Keyset);
}

void TestPostgres::everyTypeEqualsPsql()
{
    QFETCH(int, via);
    const PostgresDownloads downloads;
    auto request =
        PostgresDownloads::request(m_server.url(), "select * from types order by id", "id");
    request.bytes.postgres.via = static_cast<PostgresVia>(via);
    request.bytes.postgres.batchRows = 2;
    const auto transfer = downloads.start(std::move(request));
    const auto progress = PostgresDownloads::finish(*transfer);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             qPrintable(PostgresDownloads::evidence(progress)));

    const QStringList options{u"-R"_s, u"\x1E"_s, u"-P"_s, u"null=\x1D"_s};
    const QStringList columns =
        m_server
            .run(u"select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute "
                 "where attrelid = 'types'::regclass and attnum > 0 order by attnum"_s)
            .split(u'\n');
    QVERIFY(columns.size() > 50);
    for (const QString &column : columns) {
        const QString name = column.section(u' ', 0, 0);
        const QString type = column.section(u' ', 1);
        QString sql = u"select %1 from types order by id"_s;
        if (type.endsWith(u"[]"_s))
            sql = u"select array_to_json(%1) from types order by id"_s;
        else if (type == u"pair"_s)
            sql = u"select row_to_json(%1) from types order by id"_s;
        const QStringList expected = m_server.run(sql.arg(name), options).split(u'\x1E');
        const auto values = columnOf(*transfer, name.toStdString());
        QCOMPARE(static_cast<qsizetype>(values.size()), expected.size());
        for (qsizetype row = 0; row < expected.size(); ++row) {
            const auto &value = values[static_cast<std::size_t>(row)];
            const QString ours = value ? inPsqlSpelling(*value, type) : u"\x1D"_s;
            const QString theirs = psqlText(expected[row], type);
            QVERIFY2(ours == theirs, qPrintable(u"%1, row %2: \"%3\" against \"%4\""_s.arg(
                                         column, QString::number(row + 1), ours, theirs)));
        }
    }
}

void TestPostgres::waysGiveTheSame()
{
    const PostgresDownloads downloads;
    std::optional<test::TableText> first;
    for (const auto via : {PostgresVia::Copy, PostgresVia::Cursor, PostgresVia::Keyset}) {
        for (const auto &url : {m_server.url(), m_server.socketUrl()}) {
            auto request =
                PostgresDownloads::request(url, "select * from users order by id;\n-- all", "");
            request.bytes.postgres.via = via;
            if (via == PostgresVia::Keyset)
                request.bytes.postgres.range.columns = {"id"};
            request.bytes.postgres.batchRows = manyRows() / 3;
            const auto transfer = downloads.start(std::move(request));
            const auto progress = PostgresDownloads::finish(*transfer);
            QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
                     qPrintable(PostgresDownloads::evidence(progress)));
            const auto table = PostgresDownloads::table(*transfer);
            if (!first)
                first = table;
            QVERIFY(table == *first);
        }
    }
    QCOMPARE(static_cast<std::int64_t>(first->rows.size()), manyRows());
    QCOMPARE(first->schema, "id:int64|name:string|balance:decimal;38;20|created:timestamp;T;6;Z|"
                            "active:bool|token:string|country:string|");
    // What the server itself makes of the rows is equal too, value by value.
    const QStringList expected =
        m_server
            .run(u"select id || '|' || name || '|' || coalesce(country, 'null') || '|' || token "
                 "from users order by id"_s)
            .split(u'\n');
    const auto transfer = downloads.start(PostgresDownloads::request(
        m_server.url(), "select id, name, country, token from users order by id"));
    (void)PostgresDownloads::finish(*transfer);
    const auto ids = columnOf(*transfer, "id");
    const auto names = columnOf(*transfer, "name");
    const auto countries = columnOf(*transfer, "country");
    const auto tokens = columnOf(*transfer, "token");
    QCOMPARE(static_cast<qsizetype>(ids.size()), expected.size());
    for (std::size_t row = 0; row < ids.size(); ++row)
        QCOMPARE(*ids[row] + u'|' + *names[row] + u'|' + countries[row].value_or(u"null"_s) + u'|' +
                     *tokens[row],
                 expected[static_cast<qsizetype>(row)]);
}

void TestPostgres::pagesByKeysOfEveryKind_data()
{
    QTest::addColumn<QString>("values"); // of a row with the number i
    QTest::addColumn<QString>("key");
    QTest::newRow("text with quotes") << u"'it''s \\ ' || i as a"_s << u"a"_s;
    QTest::newRow("uuid") << u"md5(i::text)::uuid as a"_s << u"a"_s;
    QTest::newRow("timestamptz")
        << u"timestamptz '2024-01-01 00:00+00' + i * interval '1 microsecond' as a"_s << u"a"_s;
    QTest::newRow("dates around year 1") << u"date '0001-01-10' - i as a"_s << u"a"_s;
    QTest::newRow("numeric") << u"(i - 10) / 7.0 as a"_s << u"a"_s;
    QTest::newRow("float8") << u"(i - 10) / 7.0::float8 as a"_s << u"a"_s;
    QTest::newRow("float4") << u"((i - 10) / 7.0)::float4 as a"_s << u"a"_s;
    QTest::newRow("bytea") << u"decode(md5(i::text), 'hex') as a"_s << u"a"_s;
    QTest::newRow("interval") << u"(i - 10) * interval '1 day 1 second' as a"_s << u"a"_s;
    QTest::newRow("inet") << u"('10.0.0.' || i)::inet as a"_s << u"a"_s;
    QTest::newRow("several columns") << u"i / 4 as a, chr(65 + i % 4) as b, i as c"_s << u"a,b"_s;
    QTest::newRow("several columns with odd names")
        << u"i % 3 = 0 as \"a b\", i as \"B\"\"\""_s << u"B\",a b"_s;
}

void TestPostgres::pagesByKeysOfEveryKind()
{
    QFETCH(QString, values);
    QFETCH(QString, key);
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(
        m_server.url(), u"select %1 from generate_series(1, 20) i"_s.arg(values).toStdString());
    const auto whole = downloads.start(request);
    (void)PostgresDownloads::finish(*whole);
    request.bytes.postgres.via = PostgresVia::Keyset;
    request.bytes.postgres.batchRows = 3;
    for (const QString &column : key.split(u','))
        request.bytes.postgres.range.columns.push_back(column.toStdString());
    const auto paged = downloads.start(request);
    const auto progress = PostgresDownloads::finish(*paged);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             qPrintable(PostgresDownloads::evidence(progress)));
    auto expected = PostgresDownloads::table(*whole);
    auto got = PostgresDownloads::table(*paged);
    std::ranges::sort(expected.rows);
    std::ranges::sort(got.rows);
    QVERIFY(got == expected);
    QCOMPARE(got.rows.size(), 20U);
    QCOMPARE(progress.requests, 7);
}

/// A table whose partitions lie on two further servers.
void TestPostgres::pagesAcrossServers()
{
    PostgresServer shards[2];
    m_server.run(u"create extension if not exists postgres_fdw; "
                 "create table orders (id bigint not null, region int not null, amount "
                 "numeric(10,2), placed timestamptz) partition by list (region)"_s);
    for (int shard = 0; shard < 2; ++shard) {
        QVERIFY(shards[shard].start());
        shards[shard].run(u"create table orders as select i * 2 + %1 as id, %1 as region, "
                          "(i % 9999)::numeric(10,2) as amount, "
                          "timestamptz '2024-01-01 00:00+00' + i * interval '1 s' as placed "
                          "from generate_series(1::bigint, 10000) i"_s.arg(shard));
        m_server.run(u"create server shard%1 foreign data wrapper postgres_fdw options (host "
                     "'127.0.0.1', port '%2', dbname 'postgres'); "
                     "create user mapping for postgres server shard%1 options (user 'postgres'); "
                     "create foreign table orders%1 partition of orders for values in (%1) "
                     "server shard%1 options (table_name 'orders')"_s.arg(shard)
                         .arg(shards[shard].port()));
    }
    const PostgresDownloads downloads;
    std::optional<test::TableText> first;
    for (const auto via : {PostgresVia::Copy, PostgresVia::Cursor, PostgresVia::Keyset}) {
        auto request =
            PostgresDownloads::request(m_server.url(), "select * from orders where id > 10", "id");
        request.bytes.postgres.via = via;
        request.bytes.postgres.batchRows = 7000;
        const auto transfer = downloads.start(std::move(request));
        const auto progress = PostgresDownloads::finish(*transfer);
        QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
                 qPrintable(PostgresDownloads::evidence(progress)));
        const auto table = PostgresDownloads::table(*transfer);
        if (!first)
            first = table;
        QVERIFY(table == *first);
    }
    QCOMPARE(QString::number(first->rows.size()),
             m_server.run(u"select count(*) from orders where id > 10"_s));
    // Filter, aggregate and order go into the query.
    const auto transfer = downloads.start(PostgresDownloads::request(
        m_server.url(), "select region, count(*) as n, sum(amount) as total from orders "
                        "group by region order by region"));
    (void)PostgresDownloads::finish(*transfer);
    QCOMPARE(PostgresDownloads::table(*transfer).rows.size(), 2U);
    QCOMPARE(*columnOf(*transfer, "n")[1], u"10000"_s);
}

void TestPostgres::oddQueries_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("rows");
    QTest::newRow("two columns of one name")
        << u"select 1 as a, '1.1.1.1'::inet as a"_s << u"a=1|a#2=\"1.1.1.1\"|"_s;
    QTest::newRow("a column without a name") << u"select 1"_s << u"?column?=1|"_s;
    QTest::newRow("odd names") << u"select 1 as \"a\"\"b.c;--\", point '(1,2)' as \"é\""_s
                               << u"a\"b.c;--=1|é=\"(1,2)\"|"_s;
    QTest::newRow("values") << u"values (1, 'x'), (2, null)"_s
                            << u"column1=1|column2=\"x\"|,column1=2|column2=null|"_s;
    QTest::newRow("table") << u"table pg_catalog.pg_am limit 0"_s << QString();
    QTest::newRow("with, and a comment at the end")
        << u"with x as (select 1 as a) select a, '{1}'::int[] as b from x -- the end"_s
        << u"a=1|b=[1]|"_s;
    QTest::newRow("comments and parentheses first")
        << u"/* a /* nested */ comment */ -- and one more\n ((select 1 as a))"_s << u"a=1|"_s;
    QTest::newRow("a record") << u"select (1, 'x') as r"_s << u"r={\"f1\":1,\"f2\":\"x\"}|"_s;
    QTest::newRow("void") << u"select pg_sleep(0) as v"_s << u"v=\"\"|"_s;
    QTest::newRow("order is kept where the columns are written by the server")
        << u"select i, ('10.0.0.' || i)::inet as a from generate_series(1, 3) i order by i desc"_s
        << u"i=3|a=\"10.0.0.3\"|,i=2|a=\"10.0.0.2\"|,i=1|a=\"10.0.0.1\"|"_s;
}

void TestPostgres::oddQueries()
{
    QFETCH(QString, sql);
    QFETCH(QString, rows);
    const PostgresDownloads downloads;
    for (const auto via : {PostgresVia::Copy, PostgresVia::Cursor}) {
        auto request = PostgresDownloads::request(m_server.url(), sql.toStdString());
        request.bytes.postgres.via = via;
        const auto transfer = downloads.start(std::move(request));
        const auto progress = PostgresDownloads::finish(*transfer);
        QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
                 qPrintable(PostgresDownloads::evidence(progress)));
        QStringList all;
        for (const auto &row : PostgresDownloads::table(*transfer).rows)
            all += QString::fromStdString(row);
        QCOMPARE(all.join(u','), rows);
    }
}

void TestPostgres::showsWhatThereIs()
{
    m_server.run(
        u"create schema if not exists shop; "
        "create table shop.items (sku text not null, lot int not null, price numeric(8,2), "
        "note text unique, unique (sku, lot), primary key (lot, sku)); "
        "comment on table shop.items is 'what is sold'; "
        "create view shop.cheap as select * from shop.items where price < 1; "
        "create table shop.log (at timestamptz not null) partition by range (at); "
        "create table shop.log2024 partition of shop.log for values from ('2024-01-01') "
        "to ('2025-01-01'); "
        "insert into shop.log select '2024-05-05' from generate_series(1, 40); "
        "analyze shop.log; analyze shop.items"_s);
    transport::ByteRequest request{.url = m_server.url()};
    auto catalogue = transport::PostgresCatalogue::open(request, CancelToken());
    QVERIFY2(catalogue.has_value(), catalogue ? "" : catalogue.error().toString().c_str());
    QCOMPARE((*catalogue)->databases().value(), std::vector<std::string>{"postgres"});
    QVERIFY(std::ranges::count((*catalogue)->schemas().value(), "shop") == 1);

    const auto relations = (*catalogue)->relations().value();
    QStringList shown;
    for (const auto &relation : relations) {
        if (relation.schema == "shop")
            shown += QString::fromStdString(relation.name) + u' ' +
                     QUtf8StringView(relationKindName(relation.kind)).toString() + u' ' +
                     (relation.estimatedRows ? QString::number(*relation.estimatedRows) : u"?"_s) +
                     u' ' + QString::fromStdString(relation.comment);
    }
    QCOMPARE(shown.join(u'\n'),
             u"cheap view ? \nitems table 0 what is sold\nlog partitioned table 40 "_s);

    const auto table = (*catalogue)->table("shop", "items").value();
    QCOMPARE(table.columns.size(), 4U);
    QCOMPARE(table.columns[2].type, "numeric(8,2)");
    QVERIFY(table.columns[2].isNullable && !table.columns[0].isNullable);
    QCOMPARE(table.keys.size(), 2U); // the nullable note is no key to go by
    QVERIFY(table.keys[0].isPrimary);
    QCOMPARE(table.keys[0].columns, (std::vector<std::string>{"lot", "sku"}));
    QCOMPARE(table.keys[1].columns, (std::vector<std::string>{"sku", "lot"}));
    const auto none = (*catalogue)->table("shop", "nothing");
    QVERIFY(!none && none.error().code == ErrorCode::DatabaseRefused);
    QCOMPARE(transport::databaseUrl("postgresql://u@h:5/a?sslmode=require", "b/c"),
             "postgresql://u@h:5/b%2Fc?sslmode=require");
}

void TestPostgres::syncsBehindTheKey()
{
    m_server.run(u"create table events (id int primary key, note text); "
                 "insert into events select i, 'n' || i from generate_series(1, 100) i"_s);
    const PostgresDownloads downloads;
    auto request = PostgresDownloads::request(m_server.url(), "select * from events", "id");
    request.name = "events";
    (void)PostgresDownloads::finish(*downloads.start(std::move(request)));
    m_server.run(u"insert into events select i, 'n' || i from generate_series(101, 150) i"_s);
    for (int again = 0; again < 2; ++again) { // the second time nothing is new
        const auto synced =
            PostgresDownloads::begun(Transfer::sync(downloads.library(), "events", {}, {}, {}));
        const auto progress = PostgresDownloads::finish(*synced);
        QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
                 qPrintable(PostgresDownloads::evidence(progress)));
        QCOMPARE(synced->dataset()->snapshot().rowCount(), RowCount(150));
    }
    QCOMPARE(downloads.library()->runs(downloads.library()->find("events")->id).value().size(), 3U);
}

/// The first load comes from a file, what follows from the database.
void TestPostgres::goesOnBehindAFile()
{
    m_server.run(u"create table metrics (id int primary key, v float8); "
                 "insert into metrics select i, i / 4.0 from generate_series(1, 100) i"_s);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"metrics.ndjson"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 80; i >= 1; --i) // in whatever order
        file.write(u"{\"id\":%1,\"v\":%2}\n"_s.arg(i).arg(i / 4.0).toUtf8());
    file.close();
    const PostgresDownloads downloads;
    DownloadRequest fromFile;
    fromFile.bytes.url = file.fileName().toStdString();
    (void)PostgresDownloads::finish(*downloads.start(std::move(fromFile)));

    SyncChange change;
    change.source = PostgresDownloads::request(m_server.url(), "select * from metrics");
    const auto keyless = Transfer::sync(downloads.library(), "metrics", change, {}, {});
    QVERIFY(!keyless && keyless.error().code == ErrorCode::InvalidArgument);
    change.key = {"id"};
    const auto synced =
        PostgresDownloads::begun(Transfer::sync(downloads.library(), "metrics", change, {}, {}));
    const auto progress = PostgresDownloads::finish(*synced);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             qPrintable(PostgresDownloads::evidence(progress)));
    const auto table = PostgresDownloads::table(*synced);
    QCOMPARE(table.rows.size(), 100U);
    QCOMPARE(table.rows[80], "id=81|v=20.25|");
    QCOMPARE(table.rows[99], "id=100|v=25|");
}

QTEST_GUILESS_MAIN(TestPostgres)
#include "tst_postgres.moc"

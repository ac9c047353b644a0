// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/dataset_fixture.h"
#include "query/query_engine.h"

#include <atomic>
#include <thread>

using namespace freshet;
using query::QueryEngine;
using test::DatasetFixture;

namespace {

constexpr std::string_view kRows =
    R"({"id":9223372036854775807,"big":18446744073709551615,"money":"x","price":9.50,"long":12345678901234567890123456789.012345678,"seen":"2024-02-29T23:59:59.120Z","local":"2024-01-31 08:00:00","day":"2024-02-29","ok":true,"name":"Ada","tags":[1,2],"x":1.5}
{"id":-9223372036854775808,"big":0,"money":"","price":-0.05,"long":-0.000000001,"seen":"1969-12-31T23:59:59.999Z","local":"2024-02-01 00:00:01","day":"1900-03-01","ok":false,"name":"a name that is longer than twelve bytes","tags":[],"x":-0.0}
{"id":null,"big":7,"money":null,"price":10.00,"long":1.000000001,"seen":null,"local":"2024-02-01 00:00:02","day":"2024-01-01","ok":null,"name":"naïve 数据","tags":[{"k":"v"}],"x":1e300}
{"big":8,"late":"here"}
)";

constexpr std::string_view kLikeNames =
    "{\"id\":1,\"ID\":2,\"id_1\":3,\"a \\\"b\\\"\":4,\"freshet_row\":5}\n";

class QueryFixture : public DatasetFixture
{
public:
    explicit QueryFixture(int threads = 2)
    {
        QueryEngine::Options options;
        options.threads = threads;
        options.temporaryFolder = temporary.path().toStdString();
        auto opened = QueryEngine::open(options);
        if (!opened)
            qFatal("%s", opened.error().toString().c_str());
        engine = std::move(*opened);
    }

    Result<columnar::RecordBatch> run(std::string_view sql)
    {
        const auto reader = engine->query(sql, {});
        if (!reader)
            return fail(reader.error());
        return test::readAll(**reader);
    }

    std::unique_ptr<QueryEngine> engine;
};

/// Batches of one int64 column "n" that counts, and a text beside it.
std::vector<columnar::RecordBatch> counting(std::int64_t batches, std::int64_t rows)
{
    std::vector<columnar::RecordBatch> made;
    for (std::int64_t i = 0; i < batches; ++i)
        made.push_back(test::countingBatch(i * rows, rows));
    return made;
}

} // namespace

class TestQueryEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void results_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *sql, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(sql) << QString::fromUtf8(expected);
        };
        row("the ends of int64 and uint64", "select id, big from data",
            "id:int64 [9223372036854775807 | -9223372036854775808 | null | null]\n"
            "big:uint64 [18446744073709551615 | 0 | 7 | 8]");
        row("null and the empty text differ", "select money from data",
            "money:string [\"x\" | \"\" | null | null]");
        row("money keeps its digits", "select price from data order by price",
            "price:decimal;18;2 [-0.05 | 9.50 | 10.00 | null]");
        row("decimals of 38 digits", "select long from data",
            "long:decimal;38;9 [12345678901234567890123456789.012345678 | -0.000000001 | "
            "1.000000001 | null]");
        row("negative zero and large doubles", "select x from data",
            "x:double [1.5 | -0 | 1e+300 | null]");
        row("a time keeps the spelling it came in", "select seen, local from data limit 2",
            "seen:timestamp;T;3;Z [2024-02-29T23:59:59.120Z | 1969-12-31T23:59:59.999Z]\n"
            "local:timestamp;_;0; [2024-01-31 08:00:00 | 2024-02-01 00:00:01]");
        row("and under a star with a condition",
            "select * exclude (id, big, money, price, long, day,"
            " ok, name, tags, x, late, local) from data d where d.big = 0",
            "seen:timestamp;T;3;Z [1969-12-31T23:59:59.999Z]");
        row("a computed time shows every digit",
            "select seen + interval 1 microsecond as seen from data limit 1",
            "seen:timestamp;T;6;Z [2024-02-29T23:59:59.120001Z]");
        row("a computed time inside a subquery too",
            "select seen from (select seen + interval 1 microsecond as seen from data) limit 1",
            "seen:timestamp;T;6;Z [2024-02-29T23:59:59.120001Z]");
        row("dates", "select day, day + 1 as next from data where day is not null order by day",
            "day:date [1900-03-01 | 2024-01-01 | 2024-02-29]\n"
            "next:date [1900-03-02 | 2024-01-02 | 2024-03-01]");
        row("booleans", "select ok from data", "ok:bool [true | false | null | null]");
        row("texts short and long", "select name from data",
            "name:string [\"Ada\" | \"a name that is longer than twelve bytes\" | "
            "\"naïve 数据\" | null]");
        row("nested values are json", "select tags, tags->>0 as first from data",
            "tags:json [[1,2] | [] | [{\"k\":\"v\"}] | null]\n"
            "first:string [\"1\" | null | \"{\"k\":\"v\"}\" | null]");
        row("a column that came late", "select late from data where late is not null",
            "late:string [\"here\"]");
        row("counting", "select count(*) as n, count(id) as ids from data",
            "n:int64 [4]\nids:int64 [2]");
        row("a sum beyond int64", "select sum(id::hugeint * 4) as s, sum(big) as b from data",
            "s:decimal;38;0 [-4]\nb:decimal;38;0 [18446744073709551630]");
        row("lists become json with all digits",
            "select list(big order by big) as l, {'d': 1.10::decimal(30,2)} as s from data",
            "l:json [[0,7,8,18446744073709551615]]\ns:json [{\"d\":1.10}]");
        row("types without a counterpart become text",
            "select interval 90 minute as i, 'a'::enum('a','b') as e, "
            "'00000000-0000-0000-0000-000000000001'::uuid as u -- the end",
            "i:string [\"01:30:00\"]\ne:string [\"a\"]\n"
            "u:string [\"00000000-0000-0000-0000-000000000001\"]");
        row("and keep the order of rows",
            "select big::varchar as b, [big] as l from data order by big desc;",
            "b:string [\"18446744073709551615\" | \"8\" | \"7\" | \"0\"]\n"
            "l:json [[18446744073709551615] | [8] | [7] | [0]]");
        row("small numbers", "select 1::tinyint a, 2::usmallint b, 3::uinteger c, 0.5::float d",
            "a:int64 [1]\nb:int64 [2]\nc:int64 [3]\nd:double [0.5]");
        row("decimals of every width",
            "select 1.5::decimal(4,1) a, -2.25::decimal(9,2) b, 3.125::decimal(18,3) c, "
            "-4.5::decimal(38,1) d",
            "a:decimal;18;1 [1.5]\nb:decimal;18;2 [-2.25]\nc:decimal;18;3 [3.125]\n"
            "d:decimal;38;1 [-4.5]");
        row("times in other units",
            "select timestamp_s '2024-01-01 00:00:01' s, "
            "timestamp_ms '1960-01-01 00:00:00.5' ms, time '01:02:03.000004' t",
            "s:timestamp;T;0; [2024-01-01T00:00:01]\nms:timestamp;T;3; [1960-01-01T00:00:00.500]\n"
            "t:time;6 [01:02:03.000004]");
        row("nanoseconds stay exact as text",
            "select timestamp_ns '2024-01-01 00:00:00.123456789' n",
            "n:string [\"2024-01-01 00:00:00.123456789\"]");
        row("binary", "select '\\x00\\xff'::blob as b", "b:binary [\\x00ff]");
        row("two columns of one name", "select 1 as a, 2 as a", "a:int64 [1]\na_1:int64 [2]");
        row("no rows", "select big, name from data where big > 100 and big < 101",
            "big:uint64 []\nname:string []");
        row("a result without a type", "select null as n", "n:int64 [null]");
        row("zones are UTC", "select timestamptz '2024-01-01 00:00:00+02' at time zone 'UTC' as t",
            "t:timestamp;T;6; [2023-12-31T22:00:00.000000]");
        row("values, with and from first",
            "with a as (from (values (1), (2)) v(k)) from a select k + 1 as k", "k:int64 [2 | 3]");
    }

    void results()
    {
        QFETCH(const QString, sql);
        QFETCH(const QString, expected);
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromNdjson(kRows)));
        const auto result = fixture.run(sql.toStdString());
        QVERIFY_OK(result);
        QCOMPARE(test::batchFault(*result), QString());
        QCOMPARE(test::batchText(*result), expected);
    }

    void everyTypePassesUnchanged_data()
    {
        QTest::addColumn<test::Gaps>("gaps");
        QTest::newRow("no gaps") << test::Gaps::None;
        QTest::newRow("nulls") << test::Gaps::Nulls;
        QTest::newRow("missing") << test::Gaps::Missing;
        QTest::newRow("both") << test::Gaps::Mixed;
        QTest::newRow("nothing but gaps") << test::Gaps::Everything;
    }

    void everyTypePassesUnchanged()
    {
        QFETCH(const test::Gaps, gaps);
        QueryFixture fixture;
        std::vector<columnar::RecordBatch> batches;
        // More rows than a DuckDB vector holds, and a ragged end.
        for (std::uint64_t seed = 1; seed <= 3; ++seed)
            batches.push_back(test::sampleBatch(test::everyTypeSchema(), 5003, seed, gaps));
        const auto snapshot = fixture.fromBatches(batches);
        QVERIFY_OK(fixture.engine->attach("data", snapshot));
        const auto result = fixture.run("select * from data");
        QVERIFY_OK(result);
        QCOMPARE(test::batchFault(*result), QString());
        const auto expected = test::texts(snapshot);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto &field = snapshot.schema()->fields[i];
            QCOMPARE(result->schema->fields[i].name, field.name);
            if (field.type.kind != columnar::TypeKind::Null)
                QCOMPARE(test::typeName(result->schema->fields[i].type),
                         test::typeName(field.type));
            auto withoutMissing = expected[i];
            std::ranges::replace(withoutMissing, std::string("‹missing›"), std::string("‹null›"));
            QCOMPARE(test::texts(result->columns[i]), withoutMissing);
        }
    }

    void onlyTheColumnsNamedAreRead_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("read");
        QTest::newRow("counting reads none") << "select count(*) from data"
                                             << "";
        QTest::newRow("a constant reads none") << "select 1 from data limit 5"
                                               << "";
        QTest::newRow("an aggregate reads its column") << "select sum(int64) from data"
                                                       << "int64";
        QTest::newRow("a condition reads its column too")
            << "select max(double) from data where string like 'a%'"
            << "double string";
    }

    void onlyTheColumnsNamedAreRead()
    {
        QFETCH(const QString, sql);
        QFETCH(const QString, read);
        QueryFixture fixture;
        const auto snapshot =
            fixture.fromBatches({test::sampleBatch(test::everyTypeSchema(), 3000, 1)});
        QVERIFY_OK(fixture.engine->attach("data", snapshot));
        QVERIFY_OK(fixture.run(sql.toStdString()));
        QStringList cached;
        for (int i = 0; i < snapshot.schema()->columnCount(); ++i) {
            if (snapshot.cachedColumn(0, i))
                cached += QString::fromStdString(
                    snapshot.schema()->fields[static_cast<std::size_t>(i)].name);
        }
        QCOMPARE(cached.join(u' '), read);
    }

    void rowsKeepTheirOrder_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("all") << "select n from data";
        QTest::newRow("computed") << "select n + 0 as n, [n] as l from data";
        QTest::newRow("filtered") << "select n from data where n >= 0";
    }

    void rowsKeepTheirOrder()
    {
        QFETCH(const QString, sql);
        QueryFixture fixture(4);
        const std::int64_t rows = 20 * 10'000;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromBatches(counting(20, 10'000))));
        const auto result = fixture.run(sql.toStdString());
        QVERIFY_OK(result);
        QCOMPARE(result->rowCount, rows);
        for (std::int64_t i = 0; i < rows; ++i) {
            if (result->columns[0].valueAt<std::int64_t>(i) != i)
                QFAIL(qPrintable(QStringLiteral("row %1 is out of order").arg(i)));
        }
    }

    void batchesStayWithinTheirBounds()
    {
        QueryFixture fixture;
        // 600 texts of 100,000 bytes pass the 8 MiB of a column several times.
        const auto reader = fixture.engine->query(
            "select repeat('x', 100000) as t, range as n from range(600)", {});
        QVERIFY_OK(reader);
        std::int64_t rows = 0;
        while (true) {
            const auto batch = (*reader)->next();
            QVERIFY_OK(batch);
            if (!*batch)
                break;
            QCOMPARE(test::batchFault(**batch), QString());
            QVERIFY((*batch)->rowCount > 0);
            QVERIFY((*batch)->columns[0].values.size() <= columnar::kMaxColumnBytes.asSize());
            QCOMPARE((*batch)->columns[1].valueAt<std::int64_t>(0), rows);
            rows += (*batch)->rowCount;
        }
        QCOMPARE(rows, 600);
    }

    void aTextLargerThanABatchComesAlone()
    {
        QueryFixture fixture;
        const auto result = fixture.run("select repeat('x', 20000000) as t from range(2)");
        QVERIFY_OK(result);
        QCOMPARE(result->rowCount, 2);
        QCOMPARE(result->columns[0].textAt(1).size(), std::size_t(20'000'000));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *sql, ErrorCode code, const char *says) {
            QTest::newRow(name) << QString::fromUtf8(sql) << code << QString::fromUtf8(says);
        };
        row("a syntax error", "selec 1", ErrorCode::SqlError, "syntax error");
        row("an unknown column", "select nope from data", ErrorCode::SqlError, "\"nope\"");
        row("an unknown table", "select 1 from nowhere", ErrorCode::SqlError, "nowhere");
        row("a value that does not cast", "select 'x'::int from data", ErrorCode::SqlError, "'x'");
        row("two statements", "select 1; select 2", ErrorCode::SqlError, "multiple statements");
        row("no statement", "", ErrorCode::SqlError, "");
        row("a parameter", "select ?", ErrorCode::SqlError, "parameter");
        row("a number past 38 digits", "select 170141183460469231731687303715884105727 as h",
            ErrorCode::SqlError, "CAST(\"h\" AS VARCHAR)");
        row("an infinite date", "select 'infinity'::date as d", ErrorCode::SqlError, "infinite");
        row("making a table", "create table t(a int)", ErrorCode::Unsupported, "read");
        row("changing a setting", "set threads = 8", ErrorCode::Unsupported, "read");
        row("dropping the view", "drop view data", ErrorCode::Unsupported, "read");
        row("a change inside EXPLAIN ANALYZE", "explain analyze create table t as select 1",
            ErrorCode::SqlError, "read-only");
        row("an extension", "install httpfs", ErrorCode::Unsupported, "read");
        row("another database", "attach 'x.db'", ErrorCode::Unsupported, "read");
        row("writing a file", "copy data to '/tmp/freshet-never.csv'", ErrorCode::SqlError,
            "disabled");
        row("reading a file", "select * from read_csv('/etc/passwd')", ErrorCode::SqlError,
            "disabled");
        row("reading a file by its name", "select * from '/etc/passwd.csv'", ErrorCode::SqlError,
            "");
        row("reading text", "select * from read_text('/etc/hostname')", ErrorCode::SqlError,
            "disabled");
        row("listing files", "select * from glob('/etc/*')", ErrorCode::SqlError, "disabled");
        row("a dataset that is not attached", "from freshet_scan('other')", ErrorCode::SqlError,
            "other");
    }

    void refusals()
    {
        QFETCH(const QString, sql);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, says);
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromNdjson(kRows)));
        const auto result = fixture.run(sql.toStdString());
        QVERIFY(!result);
        QVERIFY2(QString::fromStdString(result.error().detail).contains(says),
                 result.error().toString().c_str());
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(code));
        // The engine goes on working.
        QVERIFY_OK(fixture.run("select count(*) from data"));
    }

    void aDatasetWithoutColumnsCannotBeAttached()
    {
        QueryFixture fixture;
        const auto attached = fixture.engine->attach("data", store::DatasetSnapshot());
        QVERIFY(!attached);
        QCOMPARE(attached.error().code, ErrorCode::InvalidArgument);
    }

    void namesThatSqlWouldMix()
    {
        QueryFixture fixture;
        const auto snapshot = fixture.fromNdjson(kLikeNames);
        QVERIFY_OK(fixture.engine->attach("da\"ta", snapshot));
        const auto result = fixture.run("select * from \"da\"\"ta\"");
        QVERIFY_OK(result);
        QCOMPARE(test::batchText(*result), QStringLiteral("id:int64 [1]\nID_2:int64 [2]\n"
                                                          "id_1:int64 [3]\na \"b\":int64 [4]\n"
                                                          "freshet_row:int64 [5]"));
        const auto rows = fixture.engine->matchingRows("da\"ta", "freshet_row = 5", {});
        QVERIFY_OK(rows);
        const auto found = test::readAll(**rows);
        QVERIFY_OK(found);
        QCOMPARE(found->columns[0].valueAt<std::int64_t>(0), 0);
    }

    void supersededRowsAreNotThere()
    {
        QueryFixture fixture;
        const auto whole = fixture.fromBatches(counting(3, 4));
        QVERIFY_OK(fixture.engine->attach("data", whole));
        const auto all = fixture.run("select count(*), sum(n) from data");
        QVERIFY_OK(all);
        QCOMPARE(test::batchText(*all), QStringLiteral("count_star():int64 [12]\n"
                                                       "sum(n):decimal;38;0 [66]"));
        // The first batch wholly, of the second one row, and one of the new ones.
        const auto snapshot = fixture.superseded(
            {RowIndex(0), RowIndex(1), RowIndex(2), RowIndex(3), RowIndex(6), RowIndex(12)},
            {test::countingBatch(100, 2)});
        QVERIFY_OK(fixture.engine->attach("data", snapshot));
        const auto left = fixture.run("select n from data order by n");
        QVERIFY_OK(left);
        QCOMPARE(test::batchText(*left),
                 QStringLiteral("n:int64 [4 | 5 | 7 | 8 | 9 | 10 | 11 | 101]"));
        const auto numbers = fixture.engine->matchingRows("data", "n in (7, 101)", {});
        QVERIFY_OK(numbers);
        const auto found = test::readAll(**numbers);
        QVERIFY_OK(found);
        QCOMPARE(test::texts(found->columns.at(0)), (std::vector<std::string>{"2", "7"}));
        QCOMPARE(whole.rowCount(), RowCount(12)); // a snapshot taken before stays
    }

    void attachingAgainReplaces()
    {
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromNdjson("{\"a\":1}\n")));
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromNdjson("{\"b\":2}\n{\"b\":3}\n")));
        const auto result = fixture.run("select * from data");
        QVERIFY_OK(result);
        QCOMPARE(test::batchText(*result), QStringLiteral("b:int64 [2 | 3]"));
    }

    void matchingRowsAreNumbered_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("rows");
        QTest::newRow("some") << "n % 30000 = 7"
                              << "7 | 30007 | 60007";
        QTest::newRow("none") << "n < 0"
                              << "";
        QTest::newRow("by the view's name") << "data.n = 99999"
                                            << "99999";
        QTest::newRow("a comment at the end") << "n = 1 -- or n = 2"
                                              << "1";
        QTest::newRow("null is not true") << "n = 1 or null"
                                          << "1";
    }

    void matchingRowsAreNumbered()
    {
        QFETCH(const QString, condition);
        QFETCH(const QString, rows);
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromBatches(counting(9, 10'000))));
        const auto reader = fixture.engine->matchingRows("data", condition.toStdString(), {});
        QVERIFY_OK(reader);
        const auto found = test::readAll(**reader);
        QVERIFY_OK(found);
        QCOMPARE(test::columnText(found->columns[0]),
                 condition.contains(QStringLiteral("99999")) ? QString() : rows);
    }

    void aResultOutlivesItsEngine()
    {
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromBatches(counting(9, 10'000))));
        const auto reader = fixture.engine->query("select n from data", {});
        QVERIFY_OK(reader);
        fixture.engine.reset();
        const auto result = test::readAll(**reader);
        QVERIFY_OK(result);
        QCOMPARE(result->rowCount, 90'000);
    }

    void twoResultsAtOnce()
    {
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromBatches(counting(9, 10'000))));
        const auto first = fixture.engine->query("select n from data", {});
        QVERIFY_OK(first);
        const auto second = fixture.engine->query("select n from data where n > 5", {});
        QVERIFY_OK(second);
        const auto ofSecond = test::readAll(**second);
        const auto ofFirst = test::readAll(**first);
        QVERIFY_OK(ofFirst);
        QVERIFY_OK(ofSecond);
        QCOMPARE(ofFirst->rowCount, 90'000);
        QCOMPARE(ofSecond->rowCount, 89'994);
    }

    void cancelling_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("an endless count") << "select count(*) from range(1000000000000) a";
        QTest::newRow("an endless join")
            << "select count(*) from data a, data b, data c where a.n + b.n + c.n < 0";
        QTest::newRow("an endless stream") << "select * from range(1000000000000)";
    }

    void cancelling()
    {
        QFETCH(const QString, sql);
        QueryFixture fixture;
        QVERIFY_OK(fixture.engine->attach("data", fixture.fromBatches(counting(9, 10'000))));
        const CancelToken cancel;
        std::atomic<bool> started = false;
        std::jthread canceller([&] {
            started.wait(false);
            cancel.cancel();
        });
        started = true;
        started.notify_one();
        const auto reader = fixture.engine->query(sql.toStdString(), cancel);
        Result<std::optional<columnar::RecordBatch>> batch = fail(ErrorCode::Internal, "unset");
        if (reader) {
            do
                batch = (*reader)->next();
            while (batch && *batch);
        }
        QVERIFY(!reader || !batch);
        QCOMPARE(errorCodeName(reader ? batch.error().code : reader.error().code),
                 errorCodeName(ErrorCode::Cancelled));
        QVERIFY_OK(fixture.run("select count(*) from data"));
    }

    void cancelledBeforehand()
    {
        QueryFixture fixture;
        const CancelToken cancel;
        cancel.cancel();
        const auto reader =
            fixture.engine->query("select count(*) from range(1000000000000)", cancel);
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::Cancelled);
    }

    void aDamagedDatasetSaysSo()
    {
        QueryFixture fixture;
        fixture.fromBatches({test::sampleBatch(test::everyTypeSchema(), 5000, 1)});
        const auto part = fixture.folderOf(fixture.id) / fixture.files(fixture.id).front();
        {
            // Over the first batch's buffers, which follow the schema.
            std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
            const auto size = static_cast<std::streamoff>(std::filesystem::file_size(part));
            file.seekp(size / 4);
            const std::string rubbish(static_cast<std::size_t>(size / 2), '\x5a');
            file.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
        }
        QVERIFY_OK(fixture.engine->attach("data", fixture.reopened()));
        const auto result = fixture.run("select * from data");
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::LibraryDamaged));
    }

    void sortingMoreThanMemoryHolds()
    {
        DatasetFixture fixture;
        QueryEngine::Options options;
        options.memoryLimit = 100_MiB;
        options.temporaryFolder = fixture.temporary.path().toStdString();
        const auto engine = QueryEngine::open(options);
        QVERIFY_OK(engine);
        const auto reader = (*engine)->query(
            "select range as n, repeat(md5(range::varchar), 8) as t from range(800000) order by t",
            {});
        QVERIFY_OK(reader);
        const auto result = test::readAll(**reader);
        QVERIFY_OK(result);
        QCOMPARE(result->rowCount, 800'000);
    }
};

QTEST_GUILESS_MAIN(TestQueryEngine)
#include "tst_query_engine.moc"

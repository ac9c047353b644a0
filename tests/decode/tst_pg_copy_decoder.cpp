// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pg_copy_decoder.h"
#include "support/corpora.h"
#include "support/json_decoding.h"
#include "transport/big_endian.h"
#include "transport/postgres_columns.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <bit>
#include <limits>
#include <optional>
#include <random>

using namespace freshet;
using namespace freshet::decode;
using transport::PostgresColumn;
using transport::PostgresType;

namespace {

constexpr std::string_view kTrailer = "\xFF\xFF";

/// One field, in network byte order.
std::string field(std::string_view bytes)
{
    std::string out;
    transport::appendBigEndian32(out, static_cast<std::uint32_t>(bytes.size()));
    return out.append(bytes);
}

template <typename Number>
std::string number(Number value)
{
    std::string out;
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
    return out;
}

const std::string kNull = number(std::int32_t{-1});

std::string real(double value)
{
    return number(std::bit_cast<std::int64_t>(value));
}

std::string numeric(std::initializer_list<int> digits, int weight, int sign, int scale)
{
    std::string out = number(static_cast<std::int16_t>(digits.size())) +
                      number(static_cast<std::int16_t>(weight)) +
                      number(static_cast<std::int16_t>(sign)) +
                      number(static_cast<std::int16_t>(scale));
    for (const int digit : digits)
        out += number(static_cast<std::int16_t>(digit));
    return out;
}

std::string row(std::initializer_list<std::string> fields)
{
    std::string out = number(static_cast<std::int16_t>(fields.size()));
    for (const std::string &one : fields)
        out += one;
    return out;
}

/// A stream of one column with these values.
QByteArray column(PostgresType type, std::initializer_list<std::optional<std::string>> values,
                  std::int32_t modifier = -1)
{
    std::string bytes = transport::copyHeader({{"a", type, modifier}});
    for (const auto &value : values)
        bytes += row({value ? field(*value) : kNull});
    return QByteArray::fromStdString(bytes.append(kTrailer));
}

std::string plainHeader()
{
    return std::string(transport::kCopySignature) + number(std::int64_t{0});
}

DecodeOptions options()
{
    DecodeOptions options;
    options.format = Format::Postgres;
    return options;
}

} // namespace

class TestPgCopyDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void streams_data();
    void streams();
    void breaks_data();
    void breaks();
    void rejects_data();
    void rejects();
    void damaged();
    void corpus();
};

void TestPgCopyDecoder::values_data()
{
    using Type = PostgresType;
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char *name, const QByteArray &bytes, const char *rows) {
        QTest::newRow(name) << bytes << QString::fromUtf8(rows);
    };
    constexpr auto kInfinite = std::numeric_limits<double>::infinity();
    row("bool", column(Type::Bool, {std::string(1, '\1'), std::string(1, '\0'), std::nullopt}),
        "a:bool [true | false | null]");
    row("int2", column(Type::Int2, {number(std::int16_t{-32768}), number(std::int16_t{32767})}),
        "a:int64 [-32768 | 32767]");
    row("int4", column(Type::Int4, {number(INT32_MIN), number(INT32_MAX)}),
        "a:int64 [-2147483648 | 2147483647]");
    row("int8", column(Type::Int8, {number(INT64_MIN), number(INT64_MAX)}),
        "a:int64 [-9223372036854775808 | 9223372036854775807]");
    row("oid", column(Type::Oid, {number(UINT32_MAX)}), "a:int64 [4294967295]");
    row("float8", column(Type::Float8, {real(0.1), real(-0.0), real(1e300)}),
        "a:double [0.1 | -0 | 1e+300]");
    row("float8, not finite", column(Type::Float8, {real(kInfinite), real(-kInfinite)}),
        "a:double [Infinity | -Infinity]");
    row("float4", column(Type::Float4, {number(std::bit_cast<std::int32_t>(0.1F))}),
        "a:double [0.1]");
    row("numeric",
        column(Type::Numeric, {numeric({1, 5000}, 0, 0, 1), numeric({12, 3456}, 0, 0x4000, 4)}),
        "a:decimal;38;4 [1.5000 | -12.3456]");
    row("numeric with a scale",
        column(Type::Numeric, {numeric({1, 5000}, 0, 0, 2), numeric({}, 0, 0, 2)},
               ((12 << 16) | 2) + 4),
        "a:decimal;18;2 [1.50 | 0.00]");
    row("numeric, zeros left out", column(Type::Numeric, {numeric({7}, 3, 0, 0)}),
        "a:decimal;18;0 [7000000000000]");
    row("numeric below one", column(Type::Numeric, {numeric({1}, -2, 0, 8)}),
        "a:decimal;38;8 [0.00000001]");
    row("numeric of 38 digits",
        column(Type::Numeric,
               {numeric({12, 3456, 7890, 1234, 5678, 9012, 3456, 7890, 1234, 5678}, 9, 0, 0)}),
        "a:decimal;38;0 [12345678901234567890123456789012345678]");
    row("numeric of 38 digits in 11 groups",
        column(Type::Numeric,
               {numeric({1, 2345, 6789, 123, 4567, 8901, 2345, 6789, 123, 4567, 8000}, 9, 0, 1)}),
        "a:decimal;38;1 [1234567890123456789012345678901234567.8]");
    row("numeric of 39 digits",
        column(Type::Numeric,
               {numeric({1}, 0, 0, 0),
                numeric({123, 3456, 7890, 1234, 5678, 9012, 3456, 7890, 1234, 5678}, 9, 0, 0)}),
        "a:string [\"1\" | \"123345678901234567890123456789012345678\"]");
    row("numeric with many decimals", column(Type::Numeric, {numeric({5}, -11, 0x4000, 44)}),
        "a:string [\"-0.00000000000000000000000000000000000000000005\"]");
    row("numeric with more decimals than are shown",
        column(Type::Numeric, {numeric({1, 2345, 6000}, 0, 0, 2), numeric({7, 8900}, 0, 0, 0)}),
        "a:string [\"1.23456\" | \"7.89\"]");
    row("numeric, not finite",
        column(Type::Numeric, {numeric({25}, 0, 0, 0), numeric({}, 0, 0xC000, 0),
                               numeric({}, 0, 0xD000, 0), numeric({}, 0, 0xF000, 0)}),
        "a:string [\"25\" | \"NaN\" | \"Infinity\" | \"-Infinity\"]");
    row("text", column(Type::Text, {"", "\\N", "h\xC3\xA9", std::nullopt}),
        "a:string [\"\" | \"\\N\" | \"h\xC3\xA9\" | null]");
    row("bytea", column(Type::Bytea, {std::string("\0\xFF", 2)}), "a:binary [\\x00ff]");
    row("date", column(Type::Date, {number(std::int32_t{0}), number(std::int32_t{-10957})}),
        "a:date [2000-01-01 | 1970-01-01]");
    row("date beyond",
        column(Type::Date, {number(std::int32_t{0}), number(INT32_MAX), number(INT32_MIN),
                            number(std::int32_t{-746'416}), number(std::int32_t{2'921'940})}),
        "a:string [\"2000-01-01\" | \"infinity\" | \"-infinity\" | \"0045-05-20 BC\" | "
        "\"10000-01-01\"]");
    row("time", column(Type::Time, {number(std::int64_t{45'296'789'012})}),
        "a:time;6 [12:34:56.789012]");
    row("time of milliseconds", column(Type::Time, {number(std::int64_t{45'296'789'000})}, 3),
        "a:time;3 [12:34:56.789]");
    row("time at the end of the day", column(Type::Time, {number(std::int64_t{86'400'000'000})}),
        "a:string [\"24:00:00\"]");
    row("timetz",
        column(Type::TimeTz, {number(std::int64_t{0}) + number(std::int32_t{-19800}),
                              number(std::int64_t{500'000}) + number(std::int32_t{57599})}),
        "a:string [\"00:00:00+05:30\" | \"00:00:00.5-15:59:59\"]");
    row("timestamp", column(Type::Timestamp, {number(std::int64_t{-1})}),
        "a:timestamp;T;6; [1999-12-31T23:59:59.999999]");
    row("timestamp of seconds", column(Type::Timestamp, {number(std::int64_t{0})}, 0),
        "a:timestamp;T;0; [2000-01-01T00:00:00]");
    row("timestamptz", column(Type::TimestampTz, {number(std::int64_t{0})}),
        "a:timestamp;T;6;Z [2000-01-01T00:00:00.000000Z]");
    row("timestamptz beyond",
        column(Type::TimestampTz, {number(INT64_MAX), number(INT64_MIN),
                                   number(std::int64_t{-63'113'904'000'000'001})}),
        "a:string [\"infinity\" | \"-infinity\" | \"0002-12-31 23:59:59.999999+00 BC\"]");
    const auto interval = [](std::int64_t micros, std::int32_t days, std::int32_t months) {
        return number(micros) + number(days) + number(months);
    };
    row("interval",
        column(Type::Interval, {interval(0, 0, 0), interval(14'706'789'000, -3, 14),
                                interval(-1, 0, -12), interval(0, 1, 0), interval(0, 2, -1)}),
        "a:string [\"00:00:00\" | \"1 year 2 mons -3 days +04:05:06.789\" | "
        "\"-1 years -00:00:00.000001\" | \"1 day\" | \"-1 mons +2 days\"]");
    row("uuid",
        column(Type::Uuid,
               {std::string("\xA0\xEE\xBC\x99\x9C\x0B\x4E\xF8\xBB\x6D\x6B\xB9\xBD\x38\x0A\x11")}),
        "a:string [\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]");
    row("json", column(Type::Json, {"{\"a\": 1,  \"a\":2}", "null", std::nullopt}),
        "a:json [{\"a\": 1,  \"a\":2} | null | null]");
    row("jsonb", column(Type::Jsonb, {"\1[1.50]"}), "a:json [[1.50]]");
}

void TestPgCopyDecoder::values()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(bytes, options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.position, bytes.size());
}

void TestPgCopyDecoder::streams_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    const auto add = [](const char *name, const std::string &bytes, const char *rows) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(rows);
    };
    const std::string trailer(kTrailer);
    const std::string three = transport::copyHeader(
        {{"id", PostgresType::Int4}, {"name", PostgresType::Text}, {"id", PostgresType::Int4}});
    add("no rows", three + trailer, "id:int64 []\nname:string []\nid#2:int64 []");
    add("two columns of one name",
        three + row({field(number(1)), kNull, field(number(2))}) + trailer,
        "id:int64 [1]\nname:string [null]\nid#2:int64 [2]");
    add("columns of no known type",
        plainHeader() + row({field("x"), kNull}) + row({kNull, field("")}) + trailer,
        "column1:binary [\\x78 | null]\ncolumn2:binary [null | \\x]");
    add("no columns, no rows", plainHeader() + trailer, "");
    std::string foreign(transport::kCopySignature);
    foreign += number(std::int32_t{0}) + number(std::int32_t{11}) + number(std::int32_t{7}) +
               number(std::int32_t{3}) + "abc";
    add("an extension of somebody else", foreign + row({field("x")}) + trailer,
        "column1:binary [\\x78]");
}

void TestPgCopyDecoder::streams()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(bytes, options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.position, bytes.size());
}

void TestPgCopyDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("error");
    const auto add = [](const char *name, const std::string &bytes, const char *rows,
                        const char *error) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(rows)
                            << QString::fromUtf8(error);
    };
    const std::string one = transport::copyHeader({{"a", PostgresType::Int4}});
    const std::string good = row({field(number(1))});
    const auto at = [&](const char *format, std::size_t offset) {
        static QByteArray text;
        text = QString::fromUtf8(format).arg(offset).toUtf8();
        return text.constData();
    };
    add("nothing", "", "", "line -1, byte 0: Truncated: the COPY stream stops within its header");
    add("no COPY stream", "id,name\n", "",
        "line -1, byte 0: SyntaxError: this is no binary COPY stream");
    add("half a header", one.substr(0, 15), "",
        "line -1, byte 15: Truncated: the COPY stream stops within its header");
    add("no trailer", one + good, "a:int64 [1]",
        at("line -1, byte %1: Truncated: the COPY stream stops before its trailer",
           one.size() + good.size()));
    add("half a row", one + good + good.substr(0, 8), "a:int64 [1]",
        at("line -1, byte %1: Truncated: the COPY stream stops before its trailer",
           one.size() + good.size() + 8));
    add("another count of fields", one + good + row({kNull, kNull}) + std::string(kTrailer),
        "a:int64 [1]",
        at("line -1, byte %1: WrongFieldCount: a row has 2 fields, and there are 1 columns",
           one.size() + good.size()));
    add("a length below null", one + good + row({number(std::int32_t{-2})}), "a:int64 [1]",
        at("line -1, byte %1: SyntaxError: a field has the length -2",
           one.size() + good.size() + 2));
    add("a row too large", one + good + row({number(std::int32_t{0x7FFFFFFF})}), "a:int64 [1]",
        at("line -1, byte %1: RowTooLarge: a row is longer than 67108864 bytes",
           one.size() + good.size()));
    add("bytes behind the trailer", one + good + std::string(kTrailer) + "x", "a:int64 [1]",
        at("line -1, byte %1: SyntaxError: bytes follow the COPY stream's trailer",
           one.size() + good.size() + 2));
    std::string flags(transport::kCopySignature);
    add("critical flags", flags + number(std::int32_t{1 << 16}) + number(std::int32_t{0}), "",
        "line -1, byte 0: Unsupported: the COPY stream has critical flags that are not known");
    std::string damaged = one;
    damaged[transport::kCopyHeaderBytes + 8] = '\x7F';
    add("a column of an unknown type", damaged, "",
        "line -1, byte 0: SyntaxError: the header's description of the columns is damaged");
}

void TestPgCopyDecoder::breaks()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    QFETCH(QString, error);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(bytes, options());
    QCOMPARE(outcome.error, error);
    QCOMPARE(outcome.rows, rows);
}

void TestPgCopyDecoder::rejects_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<QString>("reason");
    const auto add = [](const char *name, PostgresType type, const std::string &bad,
                        const char *reason) {
        QTest::newRow(name) << static_cast<int>(type) << QByteArray::fromStdString(bad)
                            << QString::fromUtf8(reason);
    };
    add("an int4 of three bytes", PostgresType::Int4, "abc",
        "SyntaxError: a value is not as long as its type is");
    add("text that is not UTF-8", PostgresType::Text, "a\xE9",
        "InvalidUtf8: the text is not UTF-8");
    add("a numeric digit of 10000", PostgresType::Numeric, numeric({10000}, 0, 0, 0),
        "SyntaxError: this is no numeric value");
    add("a numeric without its digits", PostgresType::Numeric,
        numeric({1, 2}, 0, 0, 0).substr(0, 10), "SyntaxError: this is no numeric value");
    add("json that is none", PostgresType::Json, "{\"a\":1",
        "SyntaxError: the json value is not valid");
    add("json with more behind it", PostgresType::Jsonb, "\1[1]2",
        "SyntaxError: the json value is not valid");
    add("nothing in place of json", PostgresType::Json, "",
        "SyntaxError: the json value is not valid");
    add("jsonb of another version", PostgresType::Jsonb, "\2{}",
        "SyntaxError: the jsonb value is of an unknown version");
}

void TestPgCopyDecoder::rejects()
{
    QFETCH(int, type);
    QFETCH(QByteArray, bad);
    QFETCH(QString, reason);
    const std::string bytes = transport::copyHeader({{"id", PostgresType::Int4},
                                                     {"a", static_cast<PostgresType>(type)}}) +
                              row({field(number(1)), kNull}) +
                              row({field(number(2)), field(bad.toStdString())}) +
                              row({field(number(3)), kNull}) + std::string(kTrailer);
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(QByteArray::fromStdString(bytes), options());
    QCOMPARE(outcome.error, QString());
    QVERIFY2(outcome.rejects.contains(reason), qPrintable(outcome.rejects));
    QVERIFY2(outcome.rows.startsWith(QStringLiteral("id:int64 [1 | 3]")), qPrintable(outcome.rows));
}

/// Whatever a bit flips into: the same in every split, and no crash.
void TestPgCopyDecoder::damaged()
{
    using Type = PostgresType;
    const std::string good =
        transport::copyHeader({{"i", Type::Int4}, {"n", Type::Numeric}, {"t", Type::Text}}) +
        row({field(number(1)), field(numeric({1, 5000}, 0, 0, 1)), field("abc")}) +
        row({field(number(2)), kNull, field("")}) +
        row({kNull, field(numeric({}, 0, 0xC000, 0)), field("h\xC3\xA9")}) + std::string(kTrailer);
    std::mt19937 random(1);
    int broken = 0;
    for (int round = 0; round < 400; ++round) {
        QByteArray bytes = QByteArray::fromStdString(good);
        for (unsigned flips = 1 + random() % 3; flips > 0; --flips) {
            const auto at = static_cast<qsizetype>(random() % good.size());
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        }
        const auto outcome = test::decodeInEverySplit(bytes, options(), 40);
        QVERIFY2(!outcome.error.startsWith(QStringLiteral("differs")), qPrintable(outcome.error));
        broken += outcome.error.isEmpty() && outcome.rejects.isEmpty() ? 0 : 1;
    }
    QVERIFY(broken > 100); // most damage is noticed; a flipped digit cannot be
}

/// The payloads of PostgreSQL's own documentation.
void TestPgCopyDecoder::corpus()
{
    const QString path = test::corpusPath(QStringLiteral("postgres/copy_vectors.json"));
    if (path.isEmpty())
        QSKIP("the corpora are not there");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray();
    int seen = 0;
    for (const QJsonValue &one : cases) {
        if (one[u"format"] != QStringLiteral("binary"))
            continue;
        ++seen;
        // What its columns are is known elsewhere: here it is said in front.
        std::string bytes =
            QByteArray::fromBase64(one[u"data_b64"].toString().toLatin1()).toStdString();
        const QJsonArray rows = one[u"rows"].toArray();
        QVERIFY(!rows.isEmpty());
        std::vector<PostgresColumn> columns;
        for (qsizetype i = 0; i < rows[0].toArray().size(); ++i)
            columns.push_back({"c" + std::to_string(i), PostgresType::Text});
        bytes = transport::copyHeader(columns) + bytes.substr(transport::kCopyHeaderBytes);
        const auto outcome = test::decodeInEverySplit(QByteArray::fromStdString(bytes), options());
        QCOMPARE(outcome.error, QString());
        QStringList expected;
        for (qsizetype i = 0; i < rows[0].toArray().size(); ++i) {
            QStringList values;
            for (const QJsonValue &line : rows) {
                const QJsonValue value = line.toArray()[i];
                values += value.isNull() ? QStringLiteral("null")
                                         : QStringLiteral("\"%1\"").arg(value.toString());
            }
            expected +=
                QStringLiteral("c%1:string [%2]").arg(i).arg(values.join(QStringLiteral(" | ")));
        }
        QCOMPARE(outcome.rows, expected.join(u'\n'));
    }
    QVERIFY(seen > 0);
}

QTEST_GUILESS_MAIN(TestPgCopyDecoder)
#include "tst_pg_copy_decoder.moc"

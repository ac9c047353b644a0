// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_text.h"

#include <QTest>

using namespace freshet;
using namespace freshet::columnar;
using namespace freshet::test;

/// One column a case: the cells that come, the type it ends with, and the cells as shown then. Each
/// case runs with the batch sealed behind every possible set of rows (up to a bound), and the
/// earlier batches cast to the last schema must show the same: where a batch ends changes nothing.
class TestWidening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesJson_data();
    void takesJson();
    void takesCsv_data();
    void takesCsv();
    void tellsEachChange_data();
    void tellsEachChange();

private:
    using Append = void (*)(BatchBuilder &, int, const std::string &);
    static void check(Append append);
};

void TestWidening::check(Append append)
{
    QFETCH(const QString, cells);
    QFETCH(const QString, type);
    QFETCH(const QString, shown);
    const std::vector<std::string> values = cellsOf(cells);
    const unsigned plans = 1u << std::min<std::size_t>(values.size(), 6);
    for (unsigned plan = 0; plan < plans; ++plan) {
        BatchBuilder builder;
        const int id = builder.column("c");
        std::vector<RecordBatch> batches;
        for (std::size_t row = 0; row < values.size(); ++row) {
            builder.beginRow();
            append(builder, id, values[row]);
            QVERIFY(builder.endRow());
            if (((plan >> row) & 1u) != 0 || builder.isFull())
                batches.push_back(builder.seal());
        }
        batches.push_back(builder.seal());
        QCOMPARE(typeName(builder.schema()->fields[0].type), type);
        SchemaPtr unified;
        for (RecordBatch &batch : batches) {
            unified = unifySchemas(unified, batch.schema);
            QCOMPARE(columnFault(batch.columns[0]), QString());
            auto conformed = conform(batch, builder.schema());
            QVERIFY2(conformed, conformed ? "" : conformed.error().toString().c_str());
            QCOMPARE(columnFault(conformed->columns[0]), QString());
            batch = *conformed;
        }
        QCOMPARE(typeName(unified->fields[0].type), type);
        QCOMPARE(columnText(concatenate(batches).columns[0]), shown);
    }
}

void TestWidening::takesJson_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const char *cells, const char *type,
                        const char *shown = nullptr) {
        QTest::newRow(name) << QString::fromUtf8(cells) << QString::fromUtf8(type)
                            << QString::fromUtf8(shown ? shown : cells);
    };
    row("nothing but nulls", "null | null", "null");
    row("null and missing stay apart", "null | ? | null | ?", "null");
    row("missing first, then a value", "? | ? | 7", "int64");
    row("missing, null, value, null, missing", "? | null | 7 | null | ?", "int64");
    row("missing text", "? | \"a\" | ? | null | \"\"", "string");

    row("booleans", "true | false | null | true", "bool");
    row("bool then number", "true | 1", "string", "\"true\" | \"1\"");
    row("number then bool", "1 | false", "string", "\"1\" | \"false\"");
    row("bool then text", "false | \"x\"", "string", "\"false\" | \"x\"");
    row("bool then date", "false | \"2024-01-01\"", "string", "\"false\" | \"2024-01-01\"");
    row("bool then object", "true | {\"a\":1}", "json");

    row("int64 to its ends", "9223372036854775807 | -9223372036854775808", "int64");
    row("int64 then uint64", "1 | 18446744073709551615", "uint64");
    row("uint64 then int64", "9223372036854775808 | 0", "uint64");
    row("negative then uint64", "-1 | 18446744073709551615", "decimal;38;0");
    row("uint64 then negative", "18446744073709551615 | -1", "decimal;38;0");
    row("negative, positive, uint64", "-5 | 7 | 9223372036854775808", "decimal;38;0");
    row("int64 then 20 digits", "1 | 18446744073709551616", "decimal;38;0");
    row("38 digits", "99999999999999999999999999999999999999 | 1", "decimal;38;0");
    row("39 digits are text", "1 | 100000000000000000000000000000000000000", "string",
        "\"1\" | \"100000000000000000000000000000000000000\"");
    row("decimal integers then text", "18446744073709551616 | \"x\"", "string",
        "\"18446744073709551616\" | \"x\"");

    row("doubles", "1.5 | -0.25 | 1e300", "double", "1.5 | -0.25 | 1e+300");
    row("int64 then double", "1 | 2.5", "double");
    row("double then int64", "2.5 | 1", "double");
    row("2^53 is exact", "9007199254740992 | 0.5", "double");
    row("-2^53 is exact", "-9007199254740992 | 0.5", "double");
    row("2^53+1 is not", "9007199254740993 | 0.5", "string", "\"9007199254740993\" | \"0.5\"");
    row("double then 2^53+1", "0.5 | 9007199254740993", "string", "\"0.5\" | \"9007199254740993\"");
    row("uint64 then double", "18446744073709551615 | 0.5", "string",
        "\"18446744073709551615\" | \"0.5\"");
    row("double then uint64", "0.5 | 18446744073709551615", "string",
        "\"0.5\" | \"18446744073709551615\"");
    row("minus zero alone", "-0", "double");
    row("minus zero among integers", "1 | -0 | 2", "double");
    row("minus zero beyond 2^53", "9007199254740993 | -0", "string",
        "\"9007199254740993\" | \"-0\"");
    row("minus zero with a fraction", "-0.0 | 1.5", "double;1");
    row("exponents", "1E6 | 1e-7 | 1.5E+3", "double", "1000000 | 1e-7 | 1500");
    row("17 digits that a double holds", "0.30000000000000004 | 0.1", "double");
    row("the ends of the range", "5e-324 | 2.2250738585072014e-308 | 1.7976931348623157e308",
        "double", "5e-324 | 2.2250738585072014e-308 | 1.7976931348623157e+308");

    row("whole doubles as Python writes them", "1.0 | 2.5 | 100.0", "double;1");
    row("whole doubles behind others", "2.5 | 1.0", "double;1");
    row("whole doubles, then an integer", "1.0 | 2", "double", "1 | 2");
    row("integers, then whole doubles", "2 | 1.0", "double", "2 | 1");
    row("Python's exponents", "1.0 | 1e-07 | 1e+16", "double;1");

    row("money", "9.50 | 10.25", "decimal;18;2");
    row("money, the zero late", "9.55 | 10.25 | 9.50", "decimal;18;2");
    row("money, negative", "-9.50 | 1234.50 | -0.05", "decimal;18;2");
    row("money of nothing", "0.00 | 0.10", "decimal;18;2");
    row("money with 20 digits", "123456789012345678.50 | 1.00", "decimal;38;2");
    row("large money late", "1.50 | 123456789012345678.50", "decimal;38;2");
    row("money then an integer", "9.50 | 10", "decimal;18;2", "9.50 | 10.00");
    row("money then one digit", "9.50 | 0.5", "decimal;18;2", "9.50 | 0.50");
    row("money then three digits", "9.50 | 0.125", "decimal;38;3", "9.500 | 0.125");
    row("money then an exponent", "9.50 | 1e3", "decimal;18;2", "9.50 | 1000.00");
    row("money then minus zero", "9.50 | -0.00", "string", "\"9.50\" | \"-0.00\"");
    row("money then too much", "9.50 | 1e37", "string", "\"9.50\" | \"1e37\"");
    row("money then text", "9.50 | \"x\"", "string", "\"9.50\" | \"x\"");
    row("one and two digits stay double", "1.5 | 9.50", "double", "1.5 | 9.5");
    row("integers in it stay double", "1 | 9.50", "double", "1 | 9.5");
    row("minus zero in it stays double", "-0.01 | -0.00 | 9.50", "double", "-0.01 | -0 | 9.5");
    row("an exponent in it stays double", "1.25 | 1.25e0 | 9.50", "double", "1.25 | 1.25 | 9.5");

    row("more digits than a double", "1.000000000000000005", "decimal;38;18");
    row("18 digits", "123456789.123456789 | 1", "decimal;18;9",
        "123456789.123456789 | 1.000000000");
    row("int64 then more digits", "7 | 1.000000000000000005", "decimal;38;18",
        "7.000000000000000000 | 1.000000000000000005");
    row("same fraction, then more digits", "0.25 | 12345678901234567890.12", "decimal;38;2");
    row("double then more digits", "0.5 | 1.000000000000000005", "string",
        "\"0.5\" | \"1.000000000000000005\"");
    row("more digits, then a double", "1.000000000000000005 | 0.5", "decimal;38;18",
        "1.000000000000000005 | 0.500000000000000000");
    row("more digits, then a large one", "1.000000000000000005 | 1e20", "string",
        "\"1.000000000000000005\" | \"1e20\"");
    row("a wide integer part, then a long fraction",
        "12345678901234567890.12 | 0.12345678901234567890", "string",
        "\"12345678901234567890.12\" | \"0.12345678901234567890\"");
    row("too large for a double", "1e400", "string", "\"1e400\"");
    row("number then too large", "1 | 1e400", "string", "\"1\" | \"1e400\"");
    row("too small for a double", "0.5 | 1e-999", "string", "\"0.5\" | \"1e-999\"");
    row("40 digits", "0.1234567890123456789012345678901234567891", "string",
        "\"0.1234567890123456789012345678901234567891\"");

    row("text", "\"a\" | \"\" | \"null\"", "string");
    row("text then number", "\"a\" | 1.50", "string", "\"a\" | \"1.50\"");
    row("number then text", "1.5 | \"a\"", "string", "\"1.5\" | \"a\"");
    row("digits in quotes stay text", "\"1\" | \"2\"", "string");

    row("dates", "\"2024-02-29\" | \"0001-01-01\" | \"9999-12-31\"", "date",
        "2024-02-29 | 0001-01-01 | 9999-12-31");
    row("date then no date", "\"2024-02-29\" | \"2023-02-29\"", "string");
    row("date then timestamp", "\"2024-02-29\" | \"2024-02-29T00:00:00\"", "string");
    row("date then number", "\"2024-02-29\" | 5", "string", "\"2024-02-29\" | \"5\"");
    row("times", "\"23:59:59\" | \"00:00:00\"", "time;0", "23:59:59 | 00:00:00");
    row("times with fractions", "\"23:59:59.25\" | \"00:00:00.00\"", "time;2",
        "23:59:59.25 | 00:00:00.00");
    row("time then date", "\"23:59:59\" | \"2024-01-01\"", "string");
    row("timestamps", "\"2024-02-29T12:30:00\" | \"1969-12-31T23:59:59\"", "timestamp;T;0;",
        "2024-02-29T12:30:00 | 1969-12-31T23:59:59");
    row("timestamps with milliseconds in UTC", "\"2024-02-29T12:30:00.120Z\"", "timestamp;T;3;Z",
        "2024-02-29T12:30:00.120Z");
    row("timestamps with a blank and an offset", "\"2024-02-29 12:30:00+00:00\"", "timestamp;_;0;+",
        "2024-02-29 12:30:00+00:00");
    row("another offset is text", "\"2024-02-29T12:30:00+02:00\"", "string");
    row("two forms are text", "\"2024-02-29T12:30:00Z\" | \"2024-02-29T12:30:00.5Z\"", "string");
    row("two zones are text", "\"2024-02-29T12:30:00Z\" | \"2024-02-29T12:30:00\"", "string");
    row("text then date", "\"soon\" | \"2024-02-29\"", "string");
    row("timestamp then object", "\"2024-02-29T12:30:00Z\" | {}", "json",
        "\"2024-02-29T12:30:00Z\" | {}");

    row("objects and arrays", "{\"a\":1} | [1,2]", "json");
    row("numbers then array", "1 | 2.5 | [3]", "json");
    row("text then object", "\"say \" | {}", "json");
    row("object, then all else", "{} | \"a\" | 1e400 | -0 | true | null | ?", "json");
    row("money then array", "9.50 | []", "json");
}

void TestWidening::takesJson()
{
    check(&appendJsonCell);
}

void TestWidening::takesCsv_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("shown");
    // From CSV the shown text is the text that came, always; strings are only told by quotes.
    const auto row = [](const char *name, const char *cells, const char *type) {
        QStringList shown = QString::fromUtf8(cells).split(QStringLiteral(" | "));
        if (qstrcmp(type, "string") == 0)
            for (QString &cell : shown)
                if (cell != QStringLiteral("null") && cell != QStringLiteral("?"))
                    cell = u'"' + cell + u'"';
        QTest::newRow(name) << QString::fromUtf8(cells) << QString::fromUtf8(type)
                            << shown.join(QStringLiteral(" | "));
    };
    row("booleans", "true | false | null", "bool");
    row("booleans in capitals", "True | False", "string");
    row("bool then something else", "true | yes", "string");
    row("bool then number", "true | 1", "string");

    row("integers", "1 | -20 | 0", "int64");
    row("leading zeros", "007 | 8", "string");
    row("leading zeros late", "8 | 007", "string");
    row("a plus sign", "+5", "string");
    row("blanks around", "4 |  5", "string");
    row("minus zero", "-0", "string");
    row("minus zero late", "1 | -0", "string");
    row("int64 then uint64", "1 | 18446744073709551615", "uint64");
    row("38 digits", "1 | 99999999999999999999999999999999999999", "decimal;38;0");
    row("39 digits", "1 | 999999999999999999999999999999999999999", "string");
    row("integers then date", "1 | 2024-01-01", "string");
    row("integers then text", "1 | 18446744073709551615 | x", "string");

    row("doubles", "1.5 | 0.25 | -3.125", "double");
    row("integers and doubles", "1 | 2.5 | 3", "double");
    row("doubles as Python writes them", "1.0 | 2.5 | 1e-07 | 1e+16", "double;1");
    row("Python's, then an integer", "1.0 | 2", "string");
    row("an integer, then Python's", "2 | 1.0", "string");
    row("a large integer, then a double", "9007199254740993 | 0.5", "string");
    row("an exponent as JavaScript writes it", "1e-7 | 1e+21", "double");
    row("another spelling of an exponent", "1e5", "string");
    row("another spelling late", "1.5 | 1E5", "string");
    row("no digit before the point", ".5", "string");
    row("no digit behind the point", "5.", "string");
    row("no digits", "- | -", "string");
    row("not numbers", "NaN | inf", "string");

    row("money", "9.50 | 1234.00", "decimal;18;2");
    row("money, the zero late", "9.55 | 9.50", "decimal;18;2");
    row("money then an integer", "9.50 | 10", "string");
    row("money then one digit", "9.50 | 9.5", "string");
    row("money then three digits", "9.50 | 9.125", "string");
    row("money then minus zero", "9.50 | -0.00", "string");
    row("integer then money", "10 | 9.50", "string");
    row("one digit then money", "9.5 | 9.50", "string");
    row("money then text", "9.50 | n/a", "string");
    row("more digits than a double", "1.000000000000000005 | 1.000000000000000006",
        "decimal;38;18");
    row("more digits, then fewer", "1.000000000000000005 | 1.5", "string");
    row("too large", "1.5 | 1e400", "string");

    row("dates", "2024-02-29 | null | 2025-01-01", "date");
    row("date then text", "2024-02-29 | soon", "string");
    row("timestamps", "2024-02-29 12:00:00 | 2024-02-29 12:00:01", "timestamp;_;0;");
    row("timestamps in two forms", "2024-02-29 12:00:00 | 2024-02-29T12:00:01", "string");
    row("times", "12:00:00.5 | 12:00:01.0", "time;1");
    row("time then number", "12:00:00 | 5", "string");
}

void TestWidening::takesCsv()
{
    check(&appendCsvCell);
}

void TestWidening::tellsEachChange_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("events");
    QTest::newRow("a first type is no change") << "null | 1 | 2"
                                               << "";
    QTest::newRow("one change") << "1 | 2.5"
                                << "c int64→double at 1";
    QTest::newRow("three changes") << "true | ? | 1 | x | []"
                                   << "c bool→string at 2, c string→json at 4";
    QTest::newRow("a wider decimal") << "9.50 | 0.125"
                                     << "c decimal(18,2)→decimal(38,3) at 1";
    QTest::newRow("another spelling of doubles is no change") << "1.5 | 1.0 | 2"
                                                              << "";
}

void TestWidening::tellsEachChange()
{
    QFETCH(const QString, cells);
    QFETCH(const QString, events);
    BatchBuilder builder;
    for (const std::string &cell : cellsOf(cells)) {
        builder.beginRow();
        appendJsonCell(builder, builder.column("c"), cell == "x" ? "\"x\"" : cell);
        QVERIFY(builder.endRow());
    }
    QStringList told;
    for (const WideningEvent &event : builder.wideningEvents())
        told += QStringLiteral("%1 %2→%3 at %4")
                    .arg(QString::fromStdString(event.column),
                         QString::fromStdString(event.from.name()),
                         QString::fromStdString(event.to.name()))
                    .arg(event.row.value());
    QCOMPARE(told.join(QStringLiteral(", ")), events);
}

QTEST_APPLESS_MAIN(TestWidening)
#include "tst_widening.moc"

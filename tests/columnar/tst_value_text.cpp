// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_text.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace freshet;
using namespace freshet::columnar;
using namespace freshet::test;

namespace {

template <typename T>
Column columnOf(LogicalType type, std::vector<T> values)
{
    return {.type = type,
            .length = static_cast<std::int64_t>(values.size()),
            .values = Buffer::copyOf(std::as_bytes(std::span(values)))};
}

std::string doubleText(double value, LogicalType type = {TypeKind::Double})
{
    char text[kMaxScalarText];
    return {text, writeDouble(text, value, type)};
}

} // namespace

class TestValueText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesDoubles_data();
    void writesDoubles();
    void doublesReadBack_data();
    void doublesReadBack();
    void writesIntegers();
    void writesDecimals_data();
    void writesDecimals();
    void writesTimesBeyondTheCalendar_data();
    void writesTimesBeyondTheCalendar();
    void readsTimesStrictly_data();
    void readsTimesStrictly();
    void everyDayReadsBack();
    void writesJson_data();
    void writesJson();
    void escapesJsonStrings_data();
    void escapesJsonStrings();
    void everyByteSurvivesJson();
};

void TestValueText::writesDoubles_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("python");
    const auto row = [](double value, const char *plain, const char *python) {
        QTest::newRow(plain) << value << QByteArray(plain) << QByteArray(python);
    };
    row(0.0, "0", "0.0");
    row(-0.0, "-0", "-0.0");
    row(1.0, "1", "1.0");
    row(100.0, "100", "100.0");
    row(-2.5, "-2.5", "-2.5");
    row(0.1, "0.1", "0.1");
    row(0.1 + 0.2, "0.30000000000000004", "0.30000000000000004");
    row(1e6, "1000000", "1000000.0");
    row(123456789.123456, "123456789.123456", "123456789.123456");
    row(999999999.999999, "999999999.999999", "999999999.999999");
    row(0.001, "0.001", "0.001");
    row(0.0001, "0.0001", "0.0001");
    row(0.00001, "0.00001", "1e-05");
    row(0.000001, "1e-6", "1e-06");
    row(1.5e-7, "1.5e-7", "1.5e-07");
    row(9007199254740992.0, "9007199254740992", "9007199254740992.0");
    row(1e16, "10000000000000000", "1e+16");
    row(1e20, "100000000000000000000", "1e+20");
    row(1e21, "1e+21", "1e+21");
    row(1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308");
    row(5e-324, "5e-324", "5e-324");
    row(std::numeric_limits<double>::infinity(), "Infinity", "Infinity");
    row(-std::numeric_limits<double>::infinity(), "-Infinity", "-Infinity");
    row(std::numeric_limits<double>::quiet_NaN(), "NaN", "NaN");
}

void TestValueText::writesDoubles()
{
    QFETCH(const double, value);
    QFETCH(const QByteArray, plain);
    QFETCH(const QByteArray, python);
    QCOMPARE(doubleText(value), plain.toStdString());
    QCOMPARE(doubleText(value, {.kind = TypeKind::Double, .scale = 1}), python.toStdString());
}

void TestValueText::doublesReadBack_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("any bits") << 0;
    QTest::newRow("up to six fraction digits") << 1;
    QTest::newRow("neighbours of those") << 2;
}

void TestValueText::doublesReadBack()
{
    QFETCH(const int, kind);
    std::mt19937_64 random(20240229);
    for (int i = 0; i < 200'000; ++i) {
        double value = std::bit_cast<double>(random());
        if (kind != 0)
            value = static_cast<double>(random() % 1'000'000'000'000) /
                    static_cast<double>(powerOfTen(static_cast<int>(random() % 7)));
        if (kind == 2)
            value = std::nextafter(value, (random() & 1u) != 0 ? 1e300 : -1e300);
        if (!std::isfinite(value))
            continue;
        for (const std::uint8_t spelling : {0, 1}) {
            const std::string text =
                doubleText(value, {.kind = TypeKind::Double, .scale = spelling});
            const NumberText scanned = scanNumber(text);
            QVERIFY2(scanned.isValid, text.c_str());
            const double back = nearestDouble(scanned, text);
            if (std::bit_cast<quint64>(back) != std::bit_cast<quint64>(value))
                QFAIL(text.c_str());
            if (exactDecimal(scanned, text) != shortestDecimal(value))
                QFAIL(("not the shortest: " + text).c_str());
        }
    }
}

void TestValueText::writesIntegers()
{
    const Column column = columnOf<std::int64_t>(
        {TypeKind::Int64}, {0, -1, 99, 100, 12345, std::numeric_limits<std::int64_t>::max(),
                            std::numeric_limits<std::int64_t>::min()});
    QCOMPARE(columnText(column), QStringLiteral("0 | -1 | 99 | 100 | 12345 | 9223372036854775807 | "
                                                "-9223372036854775808"));
    QCOMPARE(columnText(columnOf<std::uint64_t>({TypeKind::UInt64}, {0, 10, UINT64_MAX})),
             QStringLiteral("0 | 10 | 18446744073709551615"));
    for (std::uint64_t power = 1;; power *= 10) {
        for (const std::uint64_t value : {power - 1, power, power + 1, 2 * power - 1}) {
            char text[kMaxScalarText];
            QCOMPARE(std::string(text, writeUInt64(text, value)), std::to_string(value));
        }
        if (power == 10'000'000'000'000'000'000u)
            break;
    }
}

void TestValueText::writesDecimals_data()
{
    QTest::addColumn<QByteArray>("digits");
    QTest::addColumn<int>("scale");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *digits, int scale, const char *text) {
        QTest::newRow(text) << QByteArray(digits) << scale << QString::fromUtf8(text);
    };
    row("0", 0, "0");
    row("0", 2, "0.00");
    row("-5", 2, "-0.05");
    row("123450", 2, "1234.50");
    row("18446744073709551616", 0, "18446744073709551616");
    row("18446744073709551616", 3, "18446744073709551.616");
    row("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999");
    row("-99999999999999999999999999999999999999", 38, "-0.99999999999999999999999999999999999999");
    row("100000000000000000000000000000000000", 38, "0.00100000000000000000000000000000000000");
    row("10000000000000000000", 19, "1.0000000000000000000");
    row("1", 19, "0.0000000000000000001");
}

void TestValueText::writesDecimals()
{
    QFETCH(const QByteArray, digits);
    QFETCH(const int, scale);
    QFETCH(const QString, text);
    const std::string spelled = digits.toStdString();
    const auto value = scaledDecimal(scanNumber(spelled), spelled);
    QVERIFY(value);
    QCOMPARE(columnText(columnOf<Int128>(LogicalType::decimal(38, scale), {value->unscaled})),
             text);
}

void TestValueText::writesTimesBeyondTheCalendar_data()
{
    QTest::addColumn<qint64>("days");
    QTest::addColumn<QString>("text");
    QTest::newRow("the epoch") << qint64(0) << "1970-01-01";
    QTest::newRow("the day before") << qint64(-1) << "1969-12-31";
    QTest::newRow("the year 0") << qint64(daysFromCivil({0, 2, 29})) << "0000-02-29";
    QTest::newRow("before the year 0") << qint64(daysFromCivil({-44, 3, 15})) << "-0044-03-15";
    QTest::newRow("five digits") << qint64(daysFromCivil({12345, 1, 2})) << "+12345-01-02";
    QTest::newRow("the last day") << qint64(INT32_MAX) << "+5881580-07-11";
    QTest::newRow("the first day") << qint64(INT32_MIN) << "-5877641-06-23";
}

void TestValueText::writesTimesBeyondTheCalendar()
{
    QFETCH(const qint64, days);
    QFETCH(const QString, text);
    QCOMPARE(
        columnText(columnOf<std::int32_t>({TypeKind::Date}, {static_cast<std::int32_t>(days)})),
        text);
    const LogicalType stamp = LogicalType::timestamp({.zone = TimeForm::Zone::Offset});
    for (const std::int64_t micros :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        const QString shown = columnText(columnOf<std::int64_t>(stamp, {micros}));
        QVERIFY2(shown.endsWith(QStringLiteral("+00:00")), qPrintable(shown));
        const LogicalType clock{.kind = TypeKind::Time, .form = {.fractionDigits = 6}};
        QVERIFY(columnText(columnOf<std::int64_t>(clock, {micros})).size() < int(kMaxScalarText));
    }
}

void TestValueText::readsTimesStrictly_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *text, const char *type) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(type);
    };
    row("2024-02-29", "date");
    row("2023-02-29", "null");
    row("1900-02-29", "null");
    row("2000-02-29", "date");
    row("2024-13-01", "null");
    row("2024-00-01", "null");
    row("2024-04-31", "null");
    row("2024-01-00", "null");
    row("0000-01-01", "null");
    row("0001-01-01", "date");
    row("12024-01-01", "null");
    row("2024-1-1", "null");
    row("2024/01/01", "null");
    row("20240101", "null");
    row(" 2024-01-01", "null");
    row("2024-01-01 ", "null");
    row("2024-01-01T", "null");
    row("2024-01-01T00:00", "null");
    row("2024-01-01t00:00:00", "null");
    row("2024-01-01T00:00:00z", "null");
    row("2024-01-01T23:59:59", "timestamp;T;0;");
    row("2024-01-01T24:00:00", "null");
    row("2024-01-01T23:60:00", "null");
    row("2016-12-31T23:59:60Z", "null");
    row("2024-01-01 23:59:59.123456+00:00", "timestamp;_;6;+");
    row("2024-01-01T23:59:59.1234567Z", "null");
    row("2024-01-01T23:59:59.Z", "null");
    row("2024-01-01T23:59:59-00:00", "null");
    row("2024-01-01T23:59:59+01:00", "null");
    row("2024-01-01T23:59:59 Z", "null");
    row("23:59:59", "time;0");
    row("23:59:59.000", "time;3");
    row("23:59:59Z", "null");
    row("23:59", "null");
    row("2\xC3\xA4", "null");
    row("", "null");
}

void TestValueText::readsTimesStrictly()
{
    QFETCH(const QString, text);
    QFETCH(const QString, type);
    const TimeText parsed = parseTime(text.toStdString());
    const LogicalType asType{.kind = parsed.kind, .form = parsed.form};
    QCOMPARE(typeName(asType), type);
    if (parsed.kind == TypeKind::Null)
        return;
    const Column column =
        parsed.kind == TypeKind::Date
            ? columnOf<std::int32_t>(asType, {static_cast<std::int32_t>(parsed.value)})
            : columnOf<std::int64_t>(asType, {parsed.value});
    QCOMPARE(columnText(column), text);
    QCOMPARE(typeName(LogicalType::decode(asType.encode())), type);
}

void TestValueText::everyDayReadsBack()
{
    const std::int64_t first = daysFromCivil({1, 1, 1});
    const std::int64_t last = daysFromCivil({9999, 12, 31});
    for (std::int64_t day = first; day <= last; ++day) {
        char text[kMaxScalarText];
        char *const end = writeDate(text, day);
        const TimeText parsed = parseTime({text, static_cast<std::size_t>(end - text)});
        if (parsed.kind != TypeKind::Date || parsed.value != day)
            QFAIL(std::string(text, end).c_str());
    }
}

void TestValueText::writesJson_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("json");
    QTest::newRow("integers") << "1 | null | -2"
                              << "[1,null,-2]";
    QTest::newRow("uint64") << "18446744073709551615"
                            << "[18446744073709551615]";
    QTest::newRow("doubles") << "1.5 | 1e300"
                             << "[1.5,1e+300]";
    QTest::newRow("money") << "9.50 | 10.00"
                           << "[9.50,10.00]";
    QTest::newRow("booleans") << "true | false | ?"
                              << "[true,false,null]";
    QTest::newRow("text") << "\"a\tb\" | \"\""
                          << "[\"a\\tb\",\"\"]";
    QTest::newRow("dates") << "\"2024-02-29\""
                           << "[\"2024-02-29\"]";
    QTest::newRow("nested") << "{\"a\": [1, 2]} | \"x\""
                            << "[{\"a\": [1, 2]},\"x\"]";
}

void TestValueText::writesJson()
{
    QFETCH(const QString, cells);
    QFETCH(const QString, json);
    BatchBuilder builder;
    for (const std::string &cell : cellsOf(cells)) {
        builder.beginRow();
        appendJsonCell(builder, builder.column("c"), cell);
        QVERIFY(builder.endRow());
    }
    const Column column = concatenate(std::vector{builder.seal()}).columns[0];
    std::string text = "[";
    for (std::int64_t row = 0; row < column.length; ++row) {
        text += row == 0 ? "" : ",";
        appendJson(text, column, row);
    }
    text += ']';
    QCOMPARE(QString::fromStdString(text), json);
}

void TestValueText::escapesJsonStrings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("\"\"");
    QTest::newRow("plain, longer than a vector")
        << QByteArray(100, 'a') << '"' + QByteArray(100, 'a') + '"';
    QTest::newRow("short escapes")
        << QByteArray("\"\\\b\f\n\r\t/") << QByteArray(R"("\"\\\b\f\n\r\t/")");
    QTest::newRow("controls") << QByteArray("\x01\x1f\x7f", 3)
                              << QByteArray("\"\\u0001\\u001f\x7f\"");
    QTest::newRow("letters beyond ASCII") << QByteArray("äöü 😀") << QByteArray("\"äöü 😀\"");
    for (int at : {0, 1, 15, 16, 17, 31, 32, 40}) {
        QByteArray text(41, 'x');
        text[at] = '"';
        QByteArray json = text;
        json.replace(at, 1, "\\\"");
        QTest::addRow("a quote at %d", at) << text << '"' + json + '"';
    }
}

void TestValueText::escapesJsonStrings()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, json);
    std::string out = "before ";
    appendJsonString(out, text.toStdString());
    QCOMPARE(out, "before " + json.toStdString());
}

void TestValueText::everyByteSurvivesJson()
{
    std::string text;
    for (int c = 1; c < 128; ++c)
        text += std::string(static_cast<std::size_t>(c % 19), 'x') + static_cast<char>(c);
    std::string json = "[";
    appendJsonString(json, text);
    json += ']';
    const QJsonDocument parsed = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    QCOMPARE(parsed.array().at(0).toString().toStdString(), text);
}

QTEST_APPLESS_MAIN(TestValueText)
#include "tst_value_text.moc"

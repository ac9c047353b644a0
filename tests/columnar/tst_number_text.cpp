// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/number_text.h"
#include "support/corpora.h"

#include <QFile>
#include <QTest>

#include <bit>
#include <cmath>

using namespace freshet;
using namespace freshet::columnar;

class TestNumberText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheGrammar_data();
    void knowsTheGrammar();
    void classifies_data();
    void classifies();
    void findsTheNearestDouble_data();
    void findsTheNearestDouble();
    void scalesDecimals_data();
    void scalesDecimals();
};

void TestNumberText::knowsTheGrammar_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isValid");
    for (const char *text : {"0", "-0", "1", "-10", "0.5", "10.05", "1e5", "1E5", "1e+5", "1e-5",
                             "1.5e10", "0e0", "-0.0", "123456789012345678901234567890"})
        QTest::addRow("takes %s", text) << QByteArray(text) << true;
    for (const char *text :
         {"",   "-",   "+1", "01", "-01", "00",  ".5",  "5.",       "1.e5",  "1e",   "1e+",
          "e5", "0x1", "1 ", " 1", "1,5", "--1", "NaN", "Infinity", "1.5.5", "1e5.5"})
        QTest::addRow("refuses '%s'", text) << QByteArray(text) << false;
}

void TestNumberText::knowsTheGrammar()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, isValid);
    QCOMPARE(scanNumber(text.toStdString()).isValid, isValid);
}

void TestNumberText::classifies_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<NumberClass>("kind");
    const auto row = [](const char *text, NumberClass kind) {
        QTest::newRow(text) << QByteArray(text) << kind;
    };
    row("0", NumberClass::Int64);
    row("9223372036854775807", NumberClass::Int64);
    row("-9223372036854775808", NumberClass::Int64);
    row("9223372036854775808", NumberClass::UInt64);
    row("18446744073709551615", NumberClass::UInt64);
    row("18446744073709551616", NumberClass::Decimal);
    row("-9223372036854775809", NumberClass::Decimal);
    row("10000000000000000999", NumberClass::UInt64);
    row("99999999999999999999999999999999999999", NumberClass::Decimal);
    row("100000000000000000000000000000000000000", NumberClass::Text);
    row("-0", NumberClass::Double);
    row("-0.0", NumberClass::Double);
    row("0.1", NumberClass::Double);
    row("1E6", NumberClass::Double);
    row("0.30000000000000004", NumberClass::Double);
    row("0.3000000000000000400", NumberClass::Double);
    row("0.30000000000000001", NumberClass::Decimal);
    row("1.000000000000000005", NumberClass::Decimal);
    row("5e-324", NumberClass::Double);
    row("4.94e-324", NumberClass::Text); // the same double, but another value
    row("1e308", NumberClass::Double);
    row("1e309", NumberClass::Text);
    row("-1e400", NumberClass::Text);
    row("1E-999", NumberClass::Text);
    row("0e999", NumberClass::Double);
    row("123456789012345678901234567890.5e-5", NumberClass::Decimal);
    row("0.000000000000000000000000000000000000001234567890123456789", NumberClass::Text);
    row("1.0000000000000000000000000000000000000000000000", NumberClass::Double);
    row("abc", NumberClass::Text);
}

void TestNumberText::classifies()
{
    QFETCH(const QByteArray, text);
    QFETCH(const NumberClass, kind);
    const std::string spelled = text.toStdString();
    QCOMPARE(static_cast<int>(classifyNumber(scanNumber(spelled), spelled).kind),
             static_cast<int>(kind));
}

void TestNumberText::findsTheNearestDouble_data()
{
    QTest::addColumn<QString>("file");
    for (const char *name :
         {"freetype-2-7", "lemire-fast-float", "more-test-cases", "tencent-rapidjson"})
        QTest::newRow(name) << QStringLiteral("json-numbers/%1.txt").arg(QLatin1StringView(name));
}

/// Lines of `<16-bit hex> <32-bit hex> <64-bit hex> <text>`; texts outside of the JSON grammar are
/// passed over.
void TestNumberText::findsTheNearestDouble()
{
    QFETCH(const QString, file);
    const QString path = test::corpusPath(file);
    if (path.isEmpty())
        QSKIP("the corpora are not here");
    QFile lines(path);
    QVERIFY(lines.open(QIODevice::ReadOnly));
    int checked = 0;
    while (!lines.atEnd()) {
        const QByteArray line = lines.readLine().trimmed();
        const std::string text = line.mid(31).toStdString();
        const NumberText scanned = scanNumber(text);
        if (!scanned.isValid)
            continue;
        bool isHex = false;
        const quint64 expected = line.mid(14, 16).toULongLong(&isHex, 16);
        QVERIFY2(isHex, line.constData());
        const double value = nearestDouble(scanned, text);
        if (std::bit_cast<quint64>(value) != expected)
            QFAIL(line.constData());
        const Number number = classifyNumber(scanned, text);
        if (number.kind == NumberClass::Double)
            QCOMPARE(std::bit_cast<quint64>(number.real), expected);
        else if (!scanned.isInteger() && std::isfinite(value)) // value lost in a double, then
            QVERIFY2(exactDecimal(scanned, text) != shortestDecimal(value), line.constData());
        ++checked;
    }
    QVERIFY(checked > 20);
}

void TestNumberText::scalesDecimals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("unscaled");
    QTest::addColumn<int>("scale");
    QTest::newRow("as written") << QByteArray("12.50") << qint64(1250) << 2;
    QTest::newRow("negative") << QByteArray("-0.05") << qint64(-5) << 2;
    QTest::newRow("an integer") << QByteArray("700") << qint64(700) << 0;
    QTest::newRow("an exponent") << QByteArray("1.25e1") << qint64(125) << 1;
    QTest::newRow("an exponent that fills up") << QByteArray("1.25e4") << qint64(12500) << 0;
    QTest::newRow("zero") << QByteArray("0.000") << qint64(0) << 3;
    QTest::newRow("more zeros than fit")
        << QByteArray("1.5000000000000000000000000000000000000000") << qint64(15) << 1;
}

void TestNumberText::scalesDecimals()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qint64, unscaled);
    QFETCH(const int, scale);
    const std::string spelled = text.toStdString();
    const auto scaled = scaledDecimal(scanNumber(spelled), spelled);
    QVERIFY(scaled);
    QCOMPARE(static_cast<qint64>(scaled->unscaled), unscaled);
    QCOMPARE(scaled->scale, scale);
}

QTEST_APPLESS_MAIN(TestNumberText)
#include "tst_number_text.moc"

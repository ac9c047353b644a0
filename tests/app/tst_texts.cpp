// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"
#include "cli/exit_code.h"
#include "cli/human_text.h"
#include "cli/json_text.h"
#include "cli/progress_line.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace freshet;
using namespace freshet::cli;
using namespace std::chrono_literals;

/// What the program writes, as far as it can be told without running it.
class TestTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesSizes_data();
    void writesSizes();
    void writesDurations_data();
    void writesDurations();
    void alignsTables();
    void writesJson();
    void tellsProgress_data();
    void tellsProgress();
    void tellsThePartThatTheStreamStates();
    void countsDownToTheNextTry();
    void countsRows();
    void hasWordsForEveryError();
    void advisesByStatus();
};

void TestTexts::writesSizes_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << qint64(0) << QByteArray("0 B");
    QTest::newRow("bytes") << qint64(999) << QByteArray("999 B");
    QTest::newRow("kilobytes") << qint64(1000) << QByteArray("1.0 kB");
    QTest::newRow("below a megabyte") << qint64(999'499) << QByteArray("999 kB");
    QTest::newRow("rounded up to one") << qint64(999'600) << QByteArray("1.0 MB");
    QTest::newRow("megabytes") << qint64(48'112'233) << QByteArray("48.1 MB");
    QTest::newRow("gigabytes") << qint64(4'900'000'000) << QByteArray("4.9 GB");
    QTest::newRow("the most") << std::numeric_limits<qint64>::max() << QByteArray("9.2 EB");
}

void TestTexts::writesSizes()
{
    QFETCH(qint64, size);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(sizeText(ByteCount(size))), text);
}

void TestTexts::writesDurations_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("short") << qint64(420) << QByteArray("0.4 s");
    QTest::newRow("seconds") << qint64(12'300) << QByteArray("12 s");
    QTest::newRow("minutes") << qint64(187'000) << QByteArray("3:07");
    QTest::newRow("hours") << qint64(3'723'000) << QByteArray("1:02:03");
    QTest::newRow("rounded up to a minute") << qint64(59'600) << QByteArray("1:00");
}

void TestTexts::writesDurations()
{
    QFETCH(qint64, milliseconds);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(durationText(std::chrono::milliseconds(milliseconds))),
             text);
}

void TestTexts::alignsTables()
{
    const std::string table = alignedTable(
        {{"NAME", "ROWS", ""}, {"é", "1,000", "x"}, {"long", "7", ""}}, {false, true, false});
    QCOMPARE(QByteArray::fromStdString(table), QByteArray("NAME   ROWS\n"
                                                          "é     1,000  x\n"
                                                          "long      7\n"));
}

void TestTexts::writesJson()
{
    JsonText json;
    json.beginObject()
        .member("n", std::numeric_limits<std::int64_t>::max())
        .member("text", "a\"\n\u00e9")
        .null("nothing")
        .beginArray("list")
        .item("x")
        .item("y")
        .endArray()
        .beginObject("inner")
        .raw("raw", "[1.50]")
        .endObject()
        .beginArray("objects");
    json.beginObject().endObject();
    json.beginObject().member("a", std::int64_t(1)).endObject();
    json.endArray().endObject();
    QCOMPARE(QByteArray::fromStdString(json.text()),
             QByteArray("{\"n\":9223372036854775807,\"text\":\"a\\\"\\n\u00e9\",\"nothing\":null,"
                        "\"list\":[\"x\",\"y\"],\"inner\":{\"raw\":[1.50]},"
                        "\"objects\":[{},{\"a\":1}]}"));
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(json.text())).isObject());
}

void TestTexts::tellsProgress_data()
{
    QTest::addColumn<qint64>("totalRows");  // -1: none
    QTest::addColumn<qint64>("totalBytes"); // -1: none
    QTest::addColumn<QByteArray>("text");
    const QByteArray figures("250,000 rows  100 MB  125,000 rows/s  2.0 s");
    QTest::newRow("no total") << qint64(-1) << qint64(-1) << figures;
    QTest::newRow("rows declared")
        << qint64(1'000'000) << qint64(-1) << figures + "  25 %  6.0 s left";
    QTest::newRow("bytes announced")
        << qint64(-1) << qint64(200'000'000) << figures + "  50 %  2.0 s left";
    QTest::newRow("rows count more")
        << qint64(500'000) << qint64(1'000'000'000) << figures + "  50 %  2.0 s left";
    QTest::newRow("more than declared") << qint64(1000) << qint64(-1) << figures;
}

void TestTexts::tellsProgress()
{
    QFETCH(qint64, totalRows);
    QFETCH(qint64, totalBytes);
    QFETCH(QByteArray, text);
    transfer::Progress progress;
    progress.state = transfer::TransferState::Receiving;
    progress.rows = RowCount(250'000);
    progress.wireBytes = ByteCount(100'000'000);
    progress.elapsed = 2s;
    if (totalRows >= 0)
        progress.totalRows = RowCount(totalRows);
    if (totalBytes >= 0)
        progress.totalWireBytes = ByteCount(totalBytes);
    QCOMPARE(QByteArray::fromStdString(progressText(progress)), text);
}

void TestTexts::tellsThePartThatTheStreamStates()
{
    transfer::Progress progress;
    progress.state = transfer::TransferState::Receiving;
    progress.rows = RowCount(10);
    progress.elapsed = 500ms;
    progress.statedPart = 0.42;
    QVERIFY(progressText(progress).ends_with("  42 %"));
    progress.statedPart = 1;
    QVERIFY(progressText(progress).ends_with("  99 %")); // it has not ended
}

void TestTexts::countsDownToTheNextTry()
{
    transfer::Progress progress;
    progress.state = transfer::TransferState::WaitingToRetry;
    progress.retryCause = Error{.code = ErrorCode::HttpStatus, .detail = "long", .nativeCode = 503};
    progress.retryIn = 2100ms;
    QCOMPARE(progressText(progress),
             "The server refused: it answered 503; trying again in 3.0 s (Ctrl+C stops)");
    progress.retryCause = Error{.code = ErrorCode::ConnectionLost};
    progress.retryIn = 75s;
    QCOMPARE(progressText(progress),
             "The connection was lost; trying again in 1:15 (Ctrl+C stops)");
}

void TestTexts::countsRows()
{
    QCOMPARE(rowsText(RowCount(0)), "0 rows");
    QCOMPARE(rowsText(RowCount(1)), "1 row");
    QCOMPARE(rowsText(RowCount(1234)), "1,234 rows");
}

void TestTexts::hasWordsForEveryError()
{
    const std::string unknown = whatHappened(Error{.code = ErrorCode::Internal});
    int count = 0;
    for (int code = 1; code <= static_cast<int>(ErrorCode::SqlError); ++code, ++count) {
        const Error error{.code = static_cast<ErrorCode>(code)};
        QVERIFY2(whatHappened(error) != unknown, errorCodeName(error.code).data());
        QVERIFY(exitCodeFor(error.code) != ExitCode::Done);
    }
    QVERIFY(count > 30);
    QCOMPARE(whatHappened(Error{.code = ErrorCode::Truncated, .detail = "in a string"}),
             "The data stops in the middle: in a string");
}

void TestTexts::advisesByStatus()
{
    const auto advice = [](int status) {
        return whatNext(Error{.code = ErrorCode::HttpStatus, .nativeCode = status});
    };
    QVERIFY(advice(401).find("Authorization") != std::string::npos);
    QVERIFY(advice(404).find("path") != std::string::npos);
    QVERIFY(advice(429).find("later") != std::string::npos);
    QVERIFY(advice(418).empty());
}

QTEST_APPLESS_MAIN(TestTexts)
#include "tst_texts.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/dataset_text.h"
#include "text/details_text.h"
#include "text/error_text.h"
#include "text/figures.h"
#include "text/resume_text.h"
#include "transfer/resume_point.h"

#include <QSet>
#include <QTest>

using namespace freshet;
using namespace std::chrono_literals;

class TestTexts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bytes_data();
    void bytes();
    void durations_data();
    void durations();
    void rates_data();
    void rates();
    void rows();
    void everyCodeHasWordsOfItsOwn();
    void anErrorNamesItsPlace();
    void statusesHaveTheirOwnWords_data();
    void statusesHaveTheirOwnWords();
    void marksOfRecords_data();
    void marksOfRecords();
    void aRecordIsDescribed();
    void anExportOfWhatIsNotWholeSaysSo_data();
    void anExportOfWhatIsNotWholeSaysSo();
    void aShareIsKnownOnlyWithATotal();
    void beginningAgainIsNotCalledResuming();
};

void TestTexts::bytes_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("text");
    const auto row = [](qint64 count, const char *text) {
        QTest::newRow(text) << count << QString::fromUtf8(text);
    };
    row(0, "0 B");
    row(999, "999 B");
    row(1'000, "1 kB");
    row(31'400'000, "31.4 MB");
    row(298'000'000, "298 MB");
    row(999'499, "999 kB");
    row(999'600, "1 MB");
    row(1'230'000'000, "1.23 GB");
    row(9'223'372'036'854'775'807, "9223 PB");
}

void TestTexts::bytes()
{
    QFETCH(qint64, count);
    QFETCH(QString, text);
    QCOMPARE(ui::bytesText(ByteCount(count)), text);
}

void TestTexts::durations_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("text");
    const auto row = [](qint64 microseconds, const char *text) {
        QTest::newRow(text) << microseconds << QString::fromUtf8(text);
    };
    row(400, "0.4 ms");
    row(12'300, "12 ms");
    row(999'400, "999 ms");
    row(999'600, "1.0 s");
    row(59'900'000, "59.9 s");
    row(59'960'000, "1 min 00 s");
    row(125'000'000, "2 min 05 s");
    row(11'220'000'000, "3 h 07 min");
}

void TestTexts::durations()
{
    QFETCH(qint64, microseconds);
    QFETCH(QString, text);
    QCOMPARE(ui::durationText(std::chrono::microseconds(microseconds)), text);
}

void TestTexts::rates_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shortText");
    QTest::newRow("none") << 0.0 << QStringLiteral("0 rows/s") << QStringLiteral("0 /s");
    QTest::newRow("hundreds") << 850.4 << QStringLiteral("850 rows/s") << QStringLiteral("850 /s");
    QTest::newRow("thousands") << 412'000.0 << QStringLiteral("412 k rows/s")
                               << QStringLiteral("412 k/s");
    QTest::newRow("millions") << 1'900'000.0 << QStringLiteral("1.9 M rows/s")
                              << QStringLiteral("1.9 M/s");
}

void TestTexts::rates()
{
    QFETCH(double, rate);
    QFETCH(QString, text);
    QFETCH(QString, shortText);
    QCOMPARE(ui::rateText(rate), text);
    QCOMPARE(ui::shortRateText(rate), shortText);
}

void TestTexts::rows()
{
    QCOMPARE(ui::rowsText(RowCount(1)), QStringLiteral("1 row"));
    QCOMPARE(ui::rowsText(RowCount(0)), QStringLiteral("0 rows"));
    QCOMPARE(ui::rowsText(RowCount(1'000'000)), QStringLiteral("1,000,000 rows"));
}

void TestTexts::everyCodeHasWordsOfItsOwn()
{
    QSet<QString> seen;
    for (int i = 0; i <= static_cast<int>(ErrorCode::SqlError); ++i) {
        const Error error{.code = static_cast<ErrorCode>(i)};
        const QString what = ui::errorText(error).what;
        QVERIFY2(!what.isEmpty() && !seen.contains(what),
                 std::string(errorCodeName(error.code)).c_str());
        seen += what;
    }
}

void TestTexts::anErrorNamesItsPlace()
{
    const Error error{.code = ErrorCode::SyntaxError,
                      .detail = "unexpected ','",
                      .byteOffset = ByteOffset(512),
                      .row = RowIndex(6),
                      .line = 7,
                      .column = "balance",
                      .excerpt = "{\"a\":,}"};
    const auto text = ui::errorText(error, QStringLiteral("http://h/x"), RowCount(412'007));
    QCOMPARE(text.where, QStringLiteral("row 7, line 7, byte 512, column “balance” of http://h/x"));
    QCOMPARE(text.kept, QStringLiteral("412,007 rows are kept."));
    const QString all = text.toPlainText();
    for (const QString &part : {text.what, text.where, text.kept, text.next,
                                QStringLiteral("unexpected ','"), QStringLiteral("{\"a\":,}")})
        QVERIFY2(!part.isEmpty() && all.contains(part), qPrintable(part));
}

void TestTexts::statusesHaveTheirOwnWords_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("names");
    QTest::addColumn<QString>("advice");
    QTest::newRow("wants credentials")
        << 401 << QStringLiteral("credentials") << QStringLiteral("Authorization");
    QTest::newRow("nothing there") << 404 << QStringLiteral("nothing") << QStringLiteral("path");
    QTest::newRow("too many") << 429 << QStringLiteral("too many") << QStringLiteral("Wait");
    QTest::newRow("busy") << 503 << QStringLiteral("failed") << QStringLiteral("Wait");
    QTest::newRow("broken") << 500 << QStringLiteral("failed") << QStringLiteral("later");
    QTest::newRow("another") << 418 << QStringLiteral("refused") << QStringLiteral("Options");
}

void TestTexts::statusesHaveTheirOwnWords()
{
    QFETCH(int, status);
    QFETCH(QString, names);
    QFETCH(QString, advice);
    const auto text = ui::errorText({.code = ErrorCode::HttpStatus, .nativeCode = status});
    QVERIFY2(text.what.contains(names), qPrintable(text.what));
    QVERIFY2(text.what.contains(QString::number(status)), qPrintable(text.what));
    QVERIFY2(text.next.contains(advice), qPrintable(text.next));
}

void TestTexts::marksOfRecords_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, transfer::TransferState state, const char *verdict,
                        const char *word) {
        QTest::newRow(name) << QString::fromStdString(
                                   std::string(transfer::transferStateName(state)))
                            << QString::fromUtf8(verdict) << QString::fromUtf8(word);
    };
    using transfer::TransferState;
    row("all there", TransferState::Complete, "verified", "verified");
    row("ended", TransferState::Ended, "ended", "ended");
    row("cut", TransferState::Incomplete, "incomplete", "incomplete");
    row("cancelled", TransferState::Cancelled, "incomplete", "incomplete");
    row("nothing came", TransferState::Failed, "incomplete", "failed");
    row("the program died", TransferState::Receiving, "", "incomplete");
}

void TestTexts::marksOfRecords()
{
    QFETCH(QString, state);
    QFETCH(QString, verdict);
    QFETCH(QString, word);
    store::DatasetRecord record;
    record.state = state.toStdString();
    record.verdict = verdict.toStdString();
    QCOMPARE(ui::markWord(ui::markOf(record)), word);
}

void TestTexts::aRecordIsDescribed()
{
    store::DatasetRecord record;
    record.state = transfer::transferStateName(transfer::TransferState::Complete);
    record.verdict = "verified";
    record.rows = RowCount(1'000);
    record.wireBytes = ByteCount(2'000'000);
    record.decodedBytes = ByteCount(5'000'000);
    record.evidence = {"array closed at byte 7", "the gzip stream reached its proper end"};
    record.facts = {{"totalMs", "1234.5"}, {"contentCodings", "gzip"}, {"widening.1", "first"}};
    for (int i = 2; i <= 11; ++i)
        record.facts["widening." + std::to_string(i)] = "change " + std::to_string(i);
    QCOMPARE(ui::factLine(record), QStringLiteral("1,000 rows · verified"));
    QCOMPARE(ui::verdictSentence(record),
             QStringLiteral("1,000 rows, 2 MB in 1.2 s. Array closed at byte 7."));
    QCOMPARE(ui::evidenceOf(record).size(), 2);
    QCOMPARE(ui::wideningsOf(record).size(), 11);
    QCOMPARE(ui::wideningsOf(record).constLast(), QStringLiteral("change 11"));
    QStringList facts;
    for (const auto &fact : ui::factsOf(record))
        facts += fact.name + QLatin1Char('=') + fact.value;
    QVERIFY2(facts.contains(QStringLiteral("Received=2 MB → 5 MB (gzip)")),
             qPrintable(facts.join(QLatin1Char('\n'))));
}

void TestTexts::anExportOfWhatIsNotWholeSaysSo_data()
{
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<bool>("isRunning");
    QTest::addColumn<QString>("notice");
    const QString manifest = QStringLiteral(" The file’s manifest will say so.");
    QTest::newRow("whole") << QStringLiteral("verified") << false << QString();
    QTest::newRow("as far as is known") << QStringLiteral("ended") << false << QString();
    QTest::newRow("cut") << QStringLiteral("incomplete") << false
                         << QStringLiteral("1,200 rows, incomplete: the connection was cut.") +
                                manifest;
    QTest::newRow("running") << QString() << true
                             << QStringLiteral(
                                    "1,200 rows so far, incomplete: rows are still coming.") +
                                    manifest;
}

void TestTexts::anExportOfWhatIsNotWholeSaysSo()
{
    QFETCH(QString, verdict);
    QFETCH(bool, isRunning);
    store::DatasetRecord record;
    record.state = transfer::transferStateName(transfer::TransferState::Incomplete);
    if (verdict == QLatin1String("verified"))
        record.state = transfer::transferStateName(transfer::TransferState::Complete);
    if (verdict == QLatin1String("ended"))
        record.state = transfer::transferStateName(transfer::TransferState::Ended);
    record.verdict = verdict.toStdString();
    record.evidence = {"the connection was cut"};
    QTEST(ui::exportNotice(record, RowCount(1'200), isRunning), "notice");
}

void TestTexts::aShareIsKnownOnlyWithATotal()
{
    transfer::Progress progress;
    progress.rows = RowCount(250);
    QVERIFY(!ui::fractionOf(progress));
    progress.wireBytes = ByteCount(10);
    progress.totalWireBytes = ByteCount(100);
    QCOMPARE(*ui::fractionOf(progress), 0.1);
    progress.statedPart = 0.5;
    QCOMPARE(*ui::fractionOf(progress), 0.5);
    progress.totalRows = RowCount(1000);
    QCOMPARE(*ui::fractionOf(progress), 0.25);
    progress.totalRows = RowCount(100);
    QCOMPARE(*ui::fractionOf(progress), 1.0);
    progress.totalRows = RowCount(0);
    QVERIFY(!ui::fractionOf(progress));
}

void TestTexts::beginningAgainIsNotCalledResuming()
{
    transfer::ResumePoint point;
    point.planned = transfer::PlanPoint{"{}", "begins again, as there is no resume message", false};
    store::DatasetRecord record;
    record.resumePoint = point.toJson();
    QCOMPARE(ui::resumeWord(record), QStringLiteral("Try again"));
    record.rows = RowCount(3);
    QCOMPARE(ui::resumeWord(record), QStringLiteral("Begin again"));
    QVERIFY(ui::resumePlan(record).startsWith(QStringLiteral("Resume begins again")));
    point.planned->goesOn = true;
    record.resumePoint = point.toJson();
    QCOMPARE(ui::resumeWord(record), QStringLiteral("Resume"));
}

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"

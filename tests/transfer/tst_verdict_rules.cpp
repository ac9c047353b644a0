// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/verdict_rules.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using transport::BodyEnd;

namespace {

/// A chunked NDJSON answer of ten rows that ended as it should.
VerdictFacts chunkedLines()
{
    VerdictFacts facts;
    facts.head = transport::ResponseHead{.status = 200, .httpVersion = "1.1"};
    facts.end = transport::TransportEnd{BodyEnd::FramingComplete, ByteCount(1000), ByteCount(1000)};
    facts.format = decode::Format::Ndjson;
    facts.rows = RowCount(10);
    facts.wireBytes = ByteCount(1000);
    return facts;
}

VerdictFacts withLength(std::vector<transport::Header> headers = {})
{
    VerdictFacts facts = chunkedLines();
    facts.head->contentLength = ByteCount(1000);
    facts.head->headers = std::move(headers);
    facts.end->end = BodyEnd::LengthReached;
    return facts;
}

VerdictFacts closedArray()
{
    VerdictFacts facts = chunkedLines();
    facts.format = decode::Format::Json;
    facts.findings.arrayClosed = true;
    facts.findings.arrayClosedAt = ByteOffset(48'112'233);
    return facts;
}

VerdictFacts localFile()
{
    VerdictFacts facts = chunkedLines();
    facts.head = transport::ResponseHead{};
    facts.end->end = BodyEnd::LengthReached;
    return facts;
}

VerdictFacts cutShort(ErrorCode code)
{
    VerdictFacts facts = withLength();
    facts.end.reset();
    facts.wireBytes = ByteCount(400);
    facts.error = Error{.code = code, .detail = "why"};
    return facts;
}

template <typename Change>
VerdictFacts changed(VerdictFacts facts, Change change)
{
    change(facts);
    return facts;
}

} // namespace

Q_DECLARE_METATYPE(freshet::transfer::VerdictFacts)

class TestVerdictRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weighs_data();
    void weighs();
    void tellsWhatWasSetAside();
    void tellsTheAnnouncedLengthOfACutBody();
    void countsWhatWasReadAgainOnce();
    void tellsRequestsThatWereSentAgain_data();
    void tellsRequestsThatWereSentAgain();
    void saysWhyItWasSentOnce();
    void groupsDigits_data();
    void groupsDigits();
    void readsItsNamesBack();
};

void TestVerdictRules::weighs_data()
{
    QTest::addColumn<VerdictFacts>("facts");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("decisive");
    const auto row = [](const char *name, VerdictFacts facts, const char *verdict,
                        const char *decisive) {
        QTest::newRow(name) << std::move(facts) << QString::fromUtf8(verdict)
                            << QString::fromUtf8(decisive);
    };
    using Facts = VerdictFacts;

    row("array closed", closedArray(), "verified", "array closed at byte 48,112,233");
    row("array closed though the connection said nothing",
        changed(closedArray(), [](Facts &f) { f.end->end = BodyEnd::ConnectionClosed; }),
        "verified", "array closed at byte 48,112,233");
    row("header total reached",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.declared = {{RowCount(10), "X-Total-Count"}};
                }),
        "verified", "X-Total-Count 10 = rows 10");
    row("total counts rows set aside",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.declared = {{RowCount(13), "X-Total-Count"}};
                    f.rejected = RowCount(3);
                }),
        "verified", "X-Total-Count 13 = rows 13");
    row("document's own total reached",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.findings.declaredTotal = RowCount(10);
                    f.findings.declaredTotalFrom = "$.meta.total";
                }),
        "verified", "$.meta.total 10 = rows 10");
    row("file read whole", localFile(), "verified", "file read to its end, 1,000 bytes");
    row("length of a file with an ETag", withLength({{"ETag", "\"a\""}}), "verified",
        "Content-Length 1,000 = bytes received of a file the server holds");
    row("length of a file with Last-Modified", withLength({{"last-modified", "Sat"}}), "verified",
        "Content-Length 1,000 = bytes received of a file the server holds");
    row("length of a file that is compressed itself",
        changed(withLength({{"ETag", "\"a\""}}),
                [](Facts &f) { f.head->contentCodings = {"zstd"}; }),
        "verified", "Content-Length 1,000 = bytes received of a file the server holds");
    row("length of a gzip file",
        changed(withLength({{"ETag", "\"a\""}}),
                [](Facts &f) { f.head->contentCodings = {"gzip"}; }),
        "verified", "Content-Length 1,000 = bytes received of a file the server holds");

    constexpr auto kNothingStates = "the transfer ended cleanly, but nothing states a row count";
    row("chunked lines", chunkedLines(), "ended", kNothingStates);
    row("length of something made up", withLength(), "ended", kNothingStates);
    row("length where ranges are refused", withLength({{"Accept-Ranges", "none"}}), "ended",
        kNothingStates);
    row("length of a coding without a checksum",
        changed(withLength({{"ETag", "\"a\""}, {"Content-Encoding", "br"}}),
                [](Facts &f) { f.head->contentCodings = {"br"}; }),
        "ended", kNothingStates);
    row("only the close",
        changed(chunkedLines(), [](Facts &f) { f.end->end = BodyEnd::ConnectionClosed; }), "ended",
        kNothingStates);
    row("empty body",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.rows = RowCount();
                    f.end->decodedBytes = ByteCount();
                }),
        "ended", kNothingStates);

    row("header total missed",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.declared = {{RowCount(12), "X-Total-Count"}};
                }),
        "incomplete", "X-Total-Count 12 ≠ rows 10");
    row("one page of an array",
        changed(closedArray(),
                [](Facts &f) {
                    f.declared = {{RowCount(100), "Content-Range"}};
                }),
        "incomplete", "Content-Range 100 ≠ rows 10");
    row("cancelled",
        changed(cutShort(ErrorCode::Cancelled),
                [](Facts &f) {
                    f.cancelled = true;
                    f.error.reset();
                }),
        "incomplete", "cancelled by the user after 10 rows");
    row("cancelled before a total was reached",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.end.reset();
                    f.cancelled = true;
                    f.declared = {{RowCount(12), "X-Total"}};
                }),
        "incomplete", "cancelled by the user after 10 rows");
    row("limit",
        changed(chunkedLines(),
                [](Facts &f) {
                    f.end.reset();
                    f.limitReached = RowCount(10);
                }),
        "incomplete", "limit of 10 rows reached");
    row("connection cut", cutShort(ErrorCode::ConnectionLost), "incomplete",
        "the connection was cut after 400 bytes of 1,000: why");
    row("silence", cutShort(ErrorCode::Timeout), "incomplete",
        "the server fell silent after 400 bytes of 1,000: why");
    row("gzip without its trailer", cutShort(ErrorCode::CodingTruncated), "incomplete",
        "the compressed stream stops without its proper end after 400 bytes of 1,000: why");
    row("broken data",
        changed(cutShort(ErrorCode::SyntaxError),
                [](Facts &f) {
                    f.error->line = 7;
                    f.error->byteOffset = ByteOffset(5120);
                }),
        "incomplete", "stopped by SyntaxError at line 7, byte 5,120: why");
    row("array closed, then the connection broke",
        changed(cutShort(ErrorCode::ConnectionLost),
                [](Facts &f) { f.findings.arrayClosed = true; }),
        "incomplete", "the connection was cut after 400 bytes of 1,000: why");
    row("error inside the data", changed(chunkedLines(), [](Facts &f) { f.inBandErrors = 1; }),
        "incomplete", "the server reported 1 error inside the data");
    row("nothing known", VerdictFacts(), "incomplete", "the transfer stopped before its end");
}

void TestVerdictRules::weighs()
{
    QFETCH(VerdictFacts, facts);
    QFETCH(QString, verdict);
    QFETCH(QString, decisive);
    const Verdict found = judge(facts);
    QCOMPARE(QString::fromStdString(std::string(verdictName(found.kind))), verdict);
    QVERIFY(!found.evidence.empty());
    QCOMPARE(QString::fromStdString(found.evidence.front()), decisive);
}

void TestVerdictRules::tellsWhatWasSetAside()
{
    VerdictFacts facts = closedArray();
    facts.rejected = RowCount(3);
    const Verdict three = judge(facts);
    QCOMPARE(three.kind, VerdictKind::Verified);
    QCOMPARE(three.evidence.back(), "3 rows could not be read and are kept aside as sent");
    facts.rejected = RowCount(1);
    QCOMPARE(judge(facts).evidence.back(), "1 row could not be read and is kept aside as sent");
}

void TestVerdictRules::tellsTheAnnouncedLengthOfACutBody()
{
    VerdictFacts facts = cutShort(ErrorCode::ConnectionLost);
    facts.head->contentLength.reset();
    QCOMPARE(judge(facts).evidence.front(), "the connection was cut after 400 bytes: why");
}

void TestVerdictRules::countsWhatWasReadAgainOnce()
{
    VerdictFacts facts = cutShort(ErrorCode::ConnectionLost);
    facts.wireBytes = ByteCount(700);
    facts.bytesReadAgain = ByteCount(300);
    QCOMPARE(judge(facts).evidence.front(), "the connection was cut after 400 bytes of 1,000: why");
}

void TestVerdictRules::tellsRequestsThatWereSentAgain_data()
{
    QTest::addColumn<int>("retries");
    QTest::addColumn<int>("continuations");
    QTest::addColumn<int>("earlierRows");
    QTest::addColumn<QString>("told"); // empty: nothing
    const QString once = QStringLiteral("1 request failed and was sent again, the last because "
                                        "the server answered 503");
    QTest::newRow("refused once") << 1 << 0 << 0 << once;
    QTest::newRow("refused twice")
        << 2 << 0 << 0
        << QStringLiteral("2 requests failed and were sent again, the last because the server "
                          "answered 503");
    QTest::newRow("interrupted, then continued") << 1 << 1 << 0 << QString();
    QTest::newRow("interrupted, refused, then continued") << 2 << 1 << 0 << once;
    QTest::newRow("a run that goes on") << 0 << 1 << 5 << QString();
    QTest::newRow("a run that goes on, refused once") << 1 << 1 << 5 << once;
    QTest::newRow("all went well") << 0 << 0 << 0 << QString();
}

void TestVerdictRules::tellsRequestsThatWereSentAgain()
{
    QFETCH(int, retries);
    QFETCH(int, continuations);
    QFETCH(int, earlierRows);
    QFETCH(QString, told);
    VerdictFacts facts = chunkedLines();
    facts.retries = retries;
    facts.retryCause = Error{.code = ErrorCode::HttpStatus, .detail = "the server answered 503"};
    facts.continuations.resize(static_cast<std::size_t>(continuations), "by a range");
    facts.earlierRows = RowCount(earlierRows);
    QStringList sentences;
    for (const std::string &sentence : judge(facts).evidence) {
        if (sentence.find("sent again") != std::string::npos)
            sentences += QString::fromStdString(sentence);
    }
    QCOMPARE(sentences.join(QStringLiteral("; ")), told);
}

void TestVerdictRules::saysWhyItWasSentOnce()
{
    VerdictFacts facts = cutShort(ErrorCode::ConnectionLost);
    facts.sentOnce = "POST";
    const auto isTold = [](const VerdictFacts &told) {
        return std::ranges::any_of(judge(told).evidence, [](const std::string &sentence) {
            return sentence.starts_with("the POST was not sent again") &&
                   sentence.find("--safe") != std::string::npos;
        });
    };
    QVERIFY(isTold(facts));
    QVERIFY(judge(facts).evidence.front().starts_with("the connection was cut"));
    facts.sentOnce.clear();
    QVERIFY(!isTold(facts));
}

void TestVerdictRules::groupsDigits_data()
{
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << QStringLiteral("0");
    QTest::newRow("three digits") << qint64(999) << QStringLiteral("999");
    QTest::newRow("four digits") << qint64(1000) << QStringLiteral("1,000");
    QTest::newRow("seven digits") << qint64(1234567) << QStringLiteral("1,234,567");
    QTest::newRow("negative") << qint64(-123456) << QStringLiteral("-123,456");
    QTest::newRow("the largest") << std::numeric_limits<qint64>::max()
                                 << QStringLiteral("9,223,372,036,854,775,807");
}

void TestVerdictRules::groupsDigits()
{
    QFETCH(qint64, value);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(groupedDigits(value)), text);
}

void TestVerdictRules::readsItsNamesBack()
{
    for (const auto kind : {VerdictKind::Verified, VerdictKind::Ended, VerdictKind::Incomplete})
        QCOMPARE(verdictByName(verdictName(kind)), std::optional(kind));
    QVERIFY(!verdictByName(""));
}

QTEST_APPLESS_MAIN(TestVerdictRules)
#include "tst_verdict_rules.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice.h"
#include "lab/report.h"

#include <QTest>

using namespace freshet;
using namespace freshet::lab;
using std::chrono::milliseconds;

namespace {

struct Made
{
    std::string name;
    std::string format = "ndjson";
    int firstRowMs = 10;
    int lastRowMs = 1000;
    std::int64_t decoded = 100'000'000;
    std::int64_t wire = 100'000'000;
    std::string encoding = "identity";
    int memoryMb = 70;
    std::int64_t pages = 0;
};

/// Five runs of each, a few milliseconds apart.
LabSession sessionOf(const std::vector<Made> &variants, int runs = 5)
{
    LabSession session{.id = "s", .plan = {.name = "users", .runs = runs}};
    for (const Made &made : variants) {
        Variant &variant = session.plan.variants.emplace_back();
        variant.name = made.name;
        variant.request.bytes.url = "http://127.0.0.1/" + made.format;
        variant.request.bytes.acceptEncoding = made.encoding;
        if (made.pages > 0)
            variant.request.pages = transfer::PageRule{.size = made.pages};
    }
    for (int repeat = 0; repeat < runs; ++repeat) {
        for (int i = 0; i < static_cast<int>(variants.size()); ++i) {
            const Made &made = variants[static_cast<std::size_t>(i)];
            RunRecord run{.variant = i, .repeat = repeat};
            run.verdict = transfer::VerdictKind::Verified;
            run.format = made.format;
            run.requests = made.pages > 0 ? 20 : 1;
            run.marks.first = milliseconds(made.firstRowMs + repeat);
            run.marks.last = milliseconds(made.lastRowMs + 5 * repeat);
            run.total = milliseconds(made.lastRowMs + 5 * repeat);
            run.rows = RowCount(200'000);
            run.decodedBytes = ByteCount(made.decoded);
            run.wireBytes = ByteCount(made.wire);
            run.peakMemory = ByteCount(made.memoryMb * std::int64_t(1'000'000) + repeat);
            if (made.encoding != "identity")
                run.contentCodings = {made.encoding};
            run.arrivals.rows = {{milliseconds(made.firstRowMs), 1},
                                 {milliseconds(made.lastRowMs), 200'000}};
            session.runs.push_back(std::move(run));
        }
    }
    return session;
}

/// The sentence on a topic that says so; the first on it if none does.
AdviceSentence sentenceOn(const LabSession &session, AdviceTopic topic, const std::string &says)
{
    AdviceSentence first{.text = "nothing"};
    for (const auto &sentence : adviceFor(session)) {
        if (sentence.topic != topic)
            continue;
        if (sentence.text.find(says) != std::string::npos)
            return sentence;
        if (first.basis.empty())
            first = sentence;
    }
    return first;
}

const Made kBatch{.name = "Batch JSON", .format = "json", .firstRowMs = 1370, .lastRowMs = 2010};
const Made kStream{.name = "NDJSON", .firstRowMs = 9, .lastRowMs = 1230};

} // namespace

class TestAdvice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentences_data()
    {
        QTest::addColumn<int>("topic");
        QTest::addColumn<int>("session");
        QTest::addColumn<bool>("decided");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, AdviceTopic topic, int session, bool decided,
                            const char *says) {
            QTest::newRow(name) << int(topic) << session << decided << QByteArray(says);
        };
        row("the faster way", AdviceTopic::Way, 0, true, "NDJSON is through first");
        row("the first row", AdviceTopic::FirstRow, 0, true, "1.36 s earlier than Batch JSON");
        row("100 MB: stream", AdviceTopic::Volume, 0, true, "stream it");
        row("memory alike", AdviceTopic::Memory, 0, false, "Memory does not decide");
        row("limits", AdviceTopic::Limits, 0, false, "this machine");
        row("equal within the spread", AdviceTopic::Way, 1, false, "no difference");
        row("half a megabyte: batch", AdviceTopic::Volume, 2, true, "batch answer is as good");
        row("10 MB: open", AdviceTopic::Volume, 3, false, "decides nothing");
        row("600 MB: a file", AdviceTopic::Volume, 4, true, "Parquet");
        row("gzip pays", AdviceTopic::Compression, 5, true, "200 ms faster: on this link it pays");
        row("gzip does not pay", AdviceTopic::Compression, 6, true, "300 ms longer");
        row("gzip holds rows back", AdviceTopic::FirstRow, 6, true, "is not flushed");
        row("several encodings in one sentence", AdviceTopic::Compression, 12, true,
            "faster; NDJSON, br saves");
        row("page sizes", AdviceTopic::PageSize, 7, true, "pages of 5,000 is fastest");
        row("memory apart", AdviceTopic::Memory, 8, true, "needs 130 MB more memory");
        row("one alone", AdviceTopic::Way, 9, false, "One variant alone");
        row("two runs", AdviceTopic::Way, 10, false, "too few runs");
        row("none", AdviceTopic::Limits, 11, false, "No run counts");
    }

    void sentences()
    {
        QFETCH(int, topic);
        QFETCH(int, session);
        QFETCH(bool, decided);
        QFETCH(QByteArray, says);
        const LabSession made = sessionNumber(session);
        const auto sentence = sentenceOn(made, static_cast<AdviceTopic>(topic), says.toStdString());
        QVERIFY2(sentence.text.find(says.toStdString()) != std::string::npos,
                 sentence.text.c_str());
        QCOMPARE(sentence.weight == AdviceWeight::Decided, decided);
    }

    /// Whatever the session, every sentence rests on a figure.
    void everySentenceNamesItsFigure()
    {
        for (int number = 0; number <= 12; ++number) {
            const LabSession session = sessionNumber(number);
            for (const auto &sentence : adviceFor(session))
                QVERIFY2(sentence.basis.find_first_of("0123456789") != std::string::npos,
                         sentence.text.c_str());
        }
    }

    void reportsHoldForeignTextAsText()
    {
        LabSession session = sessionNumber(0);
        session.plan.variants[0].name = "<script>alert(1)</script> & \"co\"";
        const std::string page = reportHtml(session, &session);
        QVERIFY(page.find("<script") == std::string::npos);
        QVERIFY(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;") !=
                std::string::npos);
        const std::string csv = reportCsv(session);
        QVERIFY(csv.find("\"<script>alert(1)</script> & \"\"co\"\"\",1,false") !=
                std::string::npos);
    }

    void curvesOfTheChart()
    {
        const std::string csv = curvesCsv(sessionNumber(0));
        QVERIFY(
            csv.starts_with("variant,seconds,rows_median,rows_least,rows_most\r\nBatch JSON,0,"));
        QVERIFY(csv.find("\r\nNDJSON,") != std::string::npos);
        QVERIFY(csv.ends_with(",200000,200000,200000\r\n"));
    }

    void medianLineHasNoEnds()
    {
        const std::vector<CurvePoint> curve = {
            {0, 0, 0, 0}, {1, 0, 0, 5}, {2, 5, 0, 10}, {3, 10, 5, 10}, {4, 10, 10, 10}};
        const auto line = medianLine(curve);
        QCOMPARE(line.size(), std::size_t(3));
        QCOMPARE(line.front().seconds, 1.0);
        QCOMPARE(line.back().seconds, 3.0);
        QVERIFY(medianLine({{0, 0, 0, 0}}).empty());
        QVERIFY(medianLine({}).empty());
    }

private:
    static LabSession sessionNumber(int number)
    {
        Made small = kStream;
        small.decoded = small.wire = 500'000;
        Made middle = kStream;
        middle.decoded = middle.wire = 10'000'000;
        Made huge = kStream;
        huge.decoded = 600'000'000;
        Made twin = kStream;
        twin.name = "CSV";
        twin.format = "csv";
        twin.lastRowMs += 10;
        Made gzip = kStream;
        gzip.name = "NDJSON, gzip";
        gzip.encoding = "gzip";
        gzip.wire = 10'000'000;
        gzip.lastRowMs -= 200;
        Made held = gzip;
        held.lastRowMs = kStream.lastRowMs + 300;
        held.firstRowMs = 1500;
        Made few = kStream;
        few.name = "pages of 1,000";
        few.pages = 1000;
        few.lastRowMs = 4000;
        Made many = few;
        many.name = "pages of 5,000";
        many.pages = 5000;
        many.lastRowMs = 2000;
        Made heavy = kBatch;
        heavy.memoryMb = 200;
        switch (number) {
        case 0:
            return sessionOf({kBatch, kStream});
        case 1:
            return sessionOf({kStream, twin});
        case 2:
            return sessionOf({small});
        case 3:
            return sessionOf({middle});
        case 4:
            return sessionOf({huge});
        case 5:
            return sessionOf({kStream, gzip});
        case 6:
            return sessionOf({kStream, held});
        case 7:
            return sessionOf({few, many});
        case 8:
            return sessionOf({kStream, heavy});
        case 9:
            return sessionOf({kStream});
        case 12: {
            Made br = gzip;
            br.name = "NDJSON, br";
            br.encoding = "br";
            return sessionOf({kStream, gzip, br});
        }
        case 10:
            return sessionOf({kBatch, kStream}, 2);
        default:
            return sessionOf({kStream}, 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestAdvice)
#include "tst_advice.moc"

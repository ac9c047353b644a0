// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/arrival_trace.h"

#include <QTest>

#include <thread>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

class TestArrivalTrace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void curvesStayBounded_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("as many as there is room for") << 1000;
        QTest::newRow("a million") << 1'000'000;
    }

    void curvesStayBounded()
    {
        QFETCH(int, count);
        ArrivalCurve curve;
        for (int i = 0; i < count; ++i)
            curve.add({std::chrono::microseconds(10 * i), i + 1});
        const auto points = curve.points();
        QVERIFY(points.size() <= 2 * ArrivalCurve::kMostPoints + 1);
        QCOMPARE(points.empty(), count == 0);
        if (count == 0)
            return;
        QCOMPARE(points.front(), (ArrivalPoint{0us, 1}));
        QCOMPARE(points.back(), (ArrivalPoint{std::chrono::microseconds(10 * (count - 1)), count}));
        QVERIFY(std::ranges::is_sorted(points));
        // Evenly: no gap is longer than a few of the shortest.
        for (std::size_t i = 1; i + 1 < points.size(); ++i)
            QVERIFY((points[i].at - points[i - 1].at).count() <= 10 * count / 100 + 10);
    }

    void silenceMakesBursts()
    {
        ArrivalTrace trace;
        trace.onWire("abc");
        trace.onWire("de");
        std::this_thread::sleep_for(2 * ArrivalTrace::kSilence);
        trace.onWire("fgh");
        const auto figures = trace.figures();
        // A machine that pauses here makes more of them, never fewer.
        QVERIFY(figures.burstCount >= 2);
        QCOMPARE(figures.bursts.back().bytes, 3);
        QCOMPARE(figures.bytes.back().total, 8);
    }

    /// The time in the sink is ours: what comes right after it belongs to the same burst.
    void ourOwnTimeIsNoSilence()
    {
        ArrivalTrace trace;
        trace.onWire("abc");
        std::this_thread::sleep_for(5 * ArrivalTrace::kSilence);
        trace.onHandedOn();
        trace.onWire("def");
        QTRY_COMPARE(trace.figures().burstCount, 1); // at once; nothing changes any more
    }

    void flushedBursts()
    {
        ArrivalTrace trace;
        for (const char *piece : {"x", "y"}) {
            trace.onWire(piece);
            trace.onWire(std::string_view("\0\0", 2)); // the mark is cut in the middle
            trace.onWire("\xFF\xFF");
            std::this_thread::sleep_for(2 * ArrivalTrace::kSilence);
        }
        trace.onWire("z");
        QCOMPARE(trace.figures().flushedBursts, 2);
    }

    void marksOfRows()
    {
        ArrivalTrace trace;
        trace.onRows(0);
        QVERIFY(!trace.figures().firstRow);
        trace.onRows(7);
        trace.onRows(7);
        std::this_thread::sleep_for(1ms); // longer than the clock's own step
        trace.onRows(1000);
        const auto figures = trace.figures();
        QVERIFY(figures.firstRow && figures.row1k && !figures.row10k);
        QVERIFY(*figures.firstRow <= *figures.row1k);
        QCOMPARE(figures.rows.front().total, 7);
        QCOMPARE(figures.rows.size(), std::size_t(2));
        QCOMPARE(figures.rowsBeforeLongestGap.value(), 7);
    }

    void chunksAreBounded()
    {
        ArrivalTrace trace;
        for (std::size_t i = 0; i < 2 * ArrivalTrace::kMostChunks; ++i)
            trace.onChunk(4096);
        QCOMPARE(trace.figures().chunks.size(), ArrivalTrace::kMostChunks);
        QCOMPARE(trace.figures().chunkCount, std::int64_t(2 * ArrivalTrace::kMostChunks));
    }
};

QTEST_GUILESS_MAIN(TestArrivalTrace)
#include "tst_arrival_trace.moc"

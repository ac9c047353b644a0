// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/charts.h"
#include "lab/made_session.h"
#include "lab/plot_area.h"
#include "lab/report.h"

#include <QRegularExpression>
#include <QTest>

using namespace freshet;
using namespace freshet::lab;

namespace {

ChartFocus focusOfEnds(const std::vector<double> &ends)
{
    std::vector<LineEnd> lines;
    for (const double end : ends)
        lines.push_back({end, end});
    return focusOf(lines);
}

/// Ends from 1 s on, a tenth apart; the last `slow` of them at 93 s.
std::vector<double> endsOf(int count, int slow)
{
    std::vector<double> ends;
    for (int i = 0; i < count; ++i)
        ends.push_back(i < count - slow ? 1 + i * 0.1 : 93);
    return ends;
}

qsizetype countOf(const std::string &text, const char *part)
{
    return QByteArray::fromStdString(text).count(part);
}

/// The rightmost place that a line or a band of a chart reaches.
double rightmost(const std::string &svg)
{
    static const QRegularExpression shape(
        QStringLiteral("<poly(?:line|gon) points=\"([^\"]*)\" class=\"(?:curve|band)"));
    double most = 0;
    auto found = shape.globalMatch(QString::fromStdString(svg));
    while (found.hasNext()) {
        const QString points = found.next().captured(1);
        for (const QString &point : points.split(u' ', Qt::SkipEmptyParts))
            most = std::max(most, point.section(u',', 0, 0).toDouble());
    }
    return most;
}

constexpr double kPlotRight = 960 - 24;

} // namespace

/// What charts of few and of many variants put forward.
class TestCharts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bulkOfTheTime_data();
    void bulkOfTheTime();
    void coloursGoToTheQuickest();
    void nothingIsNoChart();
    void oneSlowRunDoesNotSetTheAxis();
    void rowsChartOf_data();
    void rowsChartOf();
    void nothingIsDrawnBehindTheEdge();
    void theReportShowsAllAsWell();
    void ticks_data();
    void ticks();
};

void TestCharts::bulkOfTheTime_data()
{
    QTest::addColumn<std::vector<double>>("ends");
    QTest::addColumn<double>("seconds");
    QTest::addColumn<int>("runOn");
    const auto row = [](const char *name, std::vector<double> ends, double seconds, int runOn) {
        QTest::newRow(name) << std::move(ends) << seconds << runOn;
    };
    row("one", {2}, 2, 0);
    row("three alike", endsOf(3, 0), 1.2, 0);
    row("of three one is four times as slow", {0.8, 1.2, 4}, 4, 0);
    row("of three one is far behind", {0.8, 1.2, 93}, 7.2, 1);
    row("of ten one is far behind", endsOf(10, 1), 1.8, 1);
    row("of ten two are far behind", endsOf(10, 2), 6 * 1.4, 2);
    row("of forty four are far behind", endsOf(40, 4), 4.5, 4);
    row("of forty ten are far behind", endsOf(40, 10), 6 * 2.9, 10);
    row("of forty one is a little behind", {1, 1, 1, 1, 1, 1, 1, 1, 1, 1.4}, 1.4, 0);
}

void TestCharts::bulkOfTheTime()
{
    QFETCH(std::vector<double>, ends);
    const ChartFocus focus = focusOfEnds(ends);
    const double margin = 1.02;
    QTEST(focus.seconds / margin, "seconds");
    QTEST(static_cast<int>(focus.runOn), "runOn");
    QCOMPARE(focus.whole / margin, *std::ranges::max_element(ends));
    QCOMPARE(focus.isCut(), focus.runOn > 0);
    QCOMPARE(focus.lastRow, *std::ranges::max_element(ends));
}

void TestCharts::coloursGoToTheQuickest()
{
    const ChartFocus few = focusOfEnds({3, 1, 2});
    QVERIFY(!few.isCrowded());
    QCOMPARE(few.colours, (std::vector<int>{0, 1, 2}));
    QCOMPARE(few.inFront, (std::vector<std::size_t>{1, 2, 0}));

    const ChartFocus many = focusOfEnds({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
    QVERIFY(many.isCrowded());
    QCOMPARE(many.colours, (std::vector<int>{-1, -1, 0, 1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(many.inFront, (std::vector<std::size_t>{9, 8, 7, 6, 5, 4, 3, 2}));
}

void TestCharts::nothingIsNoChart()
{
    const ChartFocus focus = focusOf({});
    QVERIFY(!focus.isCut() && !focus.isCrowded() && focus.inFront.empty());
    LabSession session = test::madeSession(3);
    session.runs.clear();
    QCOMPARE(countOf(rowsChart(session, session.summaries()), "<poly"), 0);
}

void TestCharts::oneSlowRunDoesNotSetTheAxis()
{
    const std::vector<LineEnd> lines{{1, 1.1}, {2, 40}};
    const ChartFocus focus = focusOf(lines);
    QVERIFY(focus.isCut());
    QCOMPARE(focus.runOn, std::size_t(0));
    QCOMPARE(runOnText(focus), std::string("single runs go on, to 40.0 s"));
}

void TestCharts::rowsChartOf_data()
{
    QTest::addColumn<int>("variants");
    QTest::addColumn<int>("bands");
    QTest::addColumn<int>("grey");
    QTest::addColumn<QByteArray>("note");
    QTest::newRow("3") << 3 << 3 << 0 << QByteArray();
    QTest::newRow("8") << 8 << 8 << 0 << QByteArray("1 variant runs on, to 9");
    QTest::newRow("12") << 12 << 0 << 4 << QByteArray("1 variant runs on, to 9");
    QTest::newRow("40") << 40 << 0 << 32 << QByteArray("4 variants run on, the slowest to 9");
}

void TestCharts::rowsChartOf()
{
    QFETCH(int, variants);
    QFETCH(int, grey);
    QFETCH(QByteArray, note);
    const LabSession session = test::madeSession(variants);
    const std::string svg = rowsChart(session, session.summaries());
    QTEST(static_cast<int>(countOf(svg, "class=\"band ")), "bands");
    QCOMPARE(countOf(svg, "<polyline"), variants);
    QCOMPARE(countOf(svg, "class=\"curve rest\"><title>"), grey);
    QCOMPARE(countOf(svg, "s</title></polyline>"), variants); // whose name and time it is
    if (grey > 0)
        QVERIFY(countOf(svg, (std::to_string(grey) + " others").c_str()) == 1);
    QVERIFY(note.isEmpty() ? !countOf(svg, " on, ") : countOf(svg, note.constData()) == 1);
    QVERIFY(countOf(rowsChart(session, session.summaries(), ChartSpan::Whole), " on, ") == 0);
}

void TestCharts::nothingIsDrawnBehindTheEdge()
{
    for (const int variants : {3, 8, 12, 40}) {
        const LabSession session = test::madeSession(variants);
        for (const ChartSpan span : {ChartSpan::Bulk, ChartSpan::Whole}) {
            const double right = rightmost(rowsChart(session, session.summaries(), span));
            QVERIFY2(right > kPlotRight * 0.9 && right <= kPlotRight + 0.1,
                     qPrintable(QString::number(right)));
        }
    }
}

void TestCharts::theReportShowsAllAsWell()
{
    const std::string many = reportHtml(test::madeSession(40));
    QCOMPARE(countOf(many, "Rows arrived over time, by variant"), 2);
    QVERIFY(countOf(many, "<summary>All of the time, to 9") == 1);
    const std::string few = reportHtml(test::madeSession(3));
    QCOMPARE(countOf(few, "Rows arrived over time, by variant"), 1);
}

void TestCharts::ticks_data()
{
    QTest::addColumn<double>("most");
    QTest::addColumn<double>("step");
    QTest::addColumn<int>("count");
    QTest::newRow("a million") << 1e6 << 2e5 << 6;
    QTest::newRow("3.9 s") << 3.9 << 1.0 << 4;
    QTest::newRow("120 ms") << 0.12 << 0.05 << 3;
    QTest::newRow("one row") << 1.0 << 0.2 << 6;
}

void TestCharts::ticks()
{
    QFETCH(double, most);
    QFETCH(double, step);
    const auto ticks = ticksFor(most);
    QVERIFY(ticks.size() > 1);
    QTEST(int(ticks.size()), "count");
    QVERIFY(std::abs(ticks[1] - step) < 1e-9);
}

QTEST_APPLESS_MAIN(TestCharts)
#include "tst_charts.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/statistics.h"

#include <QTest>

#include <cmath>

using namespace freshet::lab;

namespace {

using Values = std::vector<double>;

} // namespace

class TestStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spread_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<double>("median");
        QTest::addColumn<double>("p95");
        QTest::newRow("one") << QList<double>{3} << 3.0 << 3.0;
        QTest::newRow("even: the mean of the middle two")
            << QList<double>{4, 1, 3, 2} << 2.5 << 4.0;
        QTest::newRow("five, unsorted") << QList<double>{5, 1, 4, 2, 3} << 3.0 << 5.0;
        QList<double> twenty;
        for (int i = 1; i <= 20; ++i)
            twenty << i;
        QTest::newRow("from twenty on p95 leaves one out") << twenty << 10.5 << 19.0;
    }

    void spread()
    {
        QFETCH(QList<double>, values);
        const auto spread = spreadOf(values);
        QVERIFY(spread);
        QCOMPARE(spread->n, int(values.size()));
        QTEST(spread->median, "median");
        QTEST(spread->p95, "p95");
        QCOMPARE(spread->least, *std::ranges::min_element(values));
        QCOMPARE(spread->most, *std::ranges::max_element(values));
    }

    void nothingOfNothing() { QVERIFY(!spreadOf({})); }

    /// Tail shares of the exact distribution, as in the tables of Mann and Whitney.
    void mannWhitneyTables_data()
    {
        QTest::addColumn<QList<double>>("first");
        QTest::addColumn<QList<double>>("second");
        QTest::addColumn<double>("p");
        QTest::newRow("3 and 3 apart: 2 of 20 orders")
            << QList<double>{1, 2, 3} << QList<double>{4, 5, 6} << 0.1;
        QTest::newRow("4 and 4 apart: 2 of 70")
            << QList<double>{1, 2, 3, 4} << QList<double>{5, 6, 7, 8} << 2.0 / 70;
        QTest::newRow("5 and 5 apart: 2 of 252")
            << QList<double>{1, 2, 3, 4, 5} << QList<double>{6, 7, 8, 9, 10} << 2.0 / 252;
        QTest::newRow("5 and 5, U = 2: 8 of 252")
            << QList<double>{1, 2, 3, 4, 7} << QList<double>{5, 6, 8, 9, 10} << 8.0 / 252;
        QTest::newRow("the same values") << QList<double>{1, 2, 3} << QList<double>{1, 2, 3} << 1.0;
        QTest::newRow("none on one side") << QList<double>{} << QList<double>{1} << 1.0;
    }

    void mannWhitneyTables()
    {
        QFETCH(QList<double>, first);
        QFETCH(QList<double>, second);
        QFETCH(double, p);
        QVERIFY(std::abs(mannWhitney(first, second) - p) < 1e-12);
        QVERIFY(std::abs(mannWhitney(second, first) - p) < 1e-12);
    }

    void approximationMeetsTheExactValue()
    {
        Values a;
        Values b;
        for (int i = 0; i < 20; ++i) {
            a.push_back(i);
            b.push_back(i + 5.5);
        }
        const double exact = mannWhitney(a, b);
        a.push_back(20); // the twenty-first makes it approximate
        b.push_back(25.5);
        QVERIFY(std::abs(mannWhitney(a, b) - exact) < 0.005);
    }

    void comparing_data()
    {
        QTest::addColumn<QList<double>>("first");
        QTest::addColumn<QList<double>>("second");
        QTest::addColumn<Outcome>("outcome");
        QTest::newRow("two runs say nothing")
            << QList<double>{1, 1} << QList<double>{9, 9} << Outcome::TooFewRuns;
        QTest::newRow("three runs, far apart")
            << QList<double>{1, 1.1, 1.2} << QList<double>{2, 2.1, 2.2} << Outcome::FirstSmaller;
        QTest::newRow("the other way")
            << QList<double>{2, 2.1, 2.2} << QList<double>{1, 1.1, 1.2} << Outcome::SecondSmaller;
        QTest::newRow("medians closer than the spread")
            << QList<double>{1, 1.5, 2.0} << QList<double>{1.4, 1.9, 2.4} << Outcome::NoDifference;
        QTest::newRow("a gap as wide as the spread is none")
            << QList<double>{1, 2, 3} << QList<double>{3, 4, 5} << Outcome::NoDifference;
        QTest::newRow("the wider spread counts, not the narrower")
            << QList<double>{1, 1, 1} << QList<double>{1, 3, 5} << Outcome::NoDifference;
        QTest::newRow("equal to the last digit")
            << QList<double>{7, 7, 7} << QList<double>{7, 7, 7} << Outcome::NoDifference;
        // Medians 10 and 21 are further apart than either spread of 10, and yet the values mix.
        QTest::newRow("five runs that mix, p = 0.056")
            << QList<double>{1, 10, 10, 10, 11} << QList<double>{10.5, 10.6, 21, 20, 20.5}
            << Outcome::NoDifference;
    }

    void comparing()
    {
        QFETCH(QList<double>, first);
        QFETCH(QList<double>, second);
        const Comparison comparison = compare(first, second);
        QTEST(comparison.outcome, "outcome");
    }

    void comparisonTellsItsFigures()
    {
        const Comparison comparison = compare(Values{1, 2, 1.5, 1.5, 1.5}, Values{6, 6, 6, 6.5, 6});
        QCOMPARE(comparison.outcome, Outcome::FirstSmaller);
        QCOMPARE(comparison.difference, 4.5);
        QCOMPARE(comparison.spread, 1.0);
        QCOMPARE(comparison.ratio, 4.0);
        QCOMPARE(comparison.n, 5);
        QVERIFY(comparison.p && *comparison.p < 0.01);
    }
};

QTEST_GUILESS_MAIN(TestStatistics)
#include "tst_statistics.moc"

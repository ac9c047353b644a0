// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_plan.h"

#include <QTest>

#include <map>
#include <set>

using namespace freshet;
using namespace freshet::lab;

namespace {

LabPlan planOf(int variants, int runs, bool warmUp)
{
    LabPlan plan{.runs = runs, .warmUp = warmUp};
    for (int i = 0; i < variants; ++i) {
        Variant &variant = plan.variants.emplace_back();
        variant.name = "variant " + std::to_string(i);
        variant.request.bytes.url = "http://127.0.0.1/users";
    }
    return plan;
}

} // namespace

class TestLabPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Each variant runs as often as every other, once a round, and is each place's as often.
    void orderIsFair()
    {
        const auto order = runOrder(planOf(3, 6, false));
        QCOMPARE(order.size(), std::size_t(18));
        std::map<std::pair<int, std::size_t>, int> places;
        for (std::size_t i = 0; i < order.size(); ++i) {
            QCOMPARE(order[i].repeat, int(i / 3));
            ++places[{order[i].variant, i % 3}];
        }
        QCOMPARE(places.size(), std::size_t(9));
        for (const auto &[place, times] : places)
            QCOMPARE(times, 2);
    }

    void warmUpComesFirst()
    {
        const auto order = runOrder(planOf(2, 1, true));
        QCOMPARE(order.size(), std::size_t(4));
        QVERIFY(order[0].isWarmUp && order[1].isWarmUp);
        QVERIFY(!order[2].isWarmUp && !order[3].isWarmUp);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("no variants") << "none"
                                     << "no variant";
        QTest::newRow("no runs") << "runs"
                                 << "runs: 0";
        QTest::newRow("one name twice") << "names"
                                        << "two variants";
        QTest::newRow("a bad request") << "url"
                                       << "variant 1: ";
        QTest::newRow("a negative speed") << "speed"
                                          << "variant 0: the speed";
    }

    void refusals()
    {
        QFETCH(QString, what);
        LabPlan plan = planOf(2, 5, true);
        QVERIFY(plan.validate());
        if (what == QLatin1String("none"))
            plan.variants.clear();
        else if (what == QLatin1String("runs"))
            plan.runs = 0;
        else if (what == QLatin1String("names"))
            plan.variants[1].name = plan.variants[0].name;
        else if (what == QLatin1String("url"))
            plan.variants[1].request.bytes.url.clear();
        else
            plan.variants[0].speed = -1;
        const auto status = plan.validate();
        QVERIFY(!status);
        QCOMPARE(status.error().code == ErrorCode::UrlInvalid ||
                     status.error().code == ErrorCode::InvalidArgument,
                 true);
        QFETCH(QString, says);
        QVERIFY2(status.error().detail.starts_with(says.toStdString()) ||
                     status.error().detail.find(says.toStdString()) != std::string::npos,
                 status.error().detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestLabPlan)
#include "tst_lab_plan.moc"

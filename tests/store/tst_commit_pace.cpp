// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/commit_pace.h"

#include <QtTest>

using namespace freshet;
using namespace std::chrono_literals;
using store::CommitPace;

class TestCommitPace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNextIsDueAfter_data()
    {
        QTest::addColumn<int>("tookMs");
        QTest::addColumn<int>("dueAfterMs");
        QTest::newRow("no time at all") << 0 << 250;
        QTest::newRow("a fast disk") << 2 << 250;
        QTest::newRow("a slow disk: a twentieth of the time") << 40 << 760;
        QTest::newRow("a disk that hardly moves: rows do not wait for ever") << 4'000 << 5'000;
    }

    void theNextIsDueAfter()
    {
        QFETCH(const int, tookMs);
        QFETCH(const int, dueAfterMs);
        const CommitPace::Clock::time_point start{};
        CommitPace pace(250ms, 5s, start);
        QVERIFY(!pace.isDue(start + 249ms));
        QVERIFY(pace.isDue(start + 250ms));
        const auto began = start + 300ms;
        const auto ended = began + std::chrono::milliseconds(tookMs);
        pace.committed(began, ended);
        QVERIFY(!pace.isDue(ended + std::chrono::milliseconds(dueAfterMs - 1)));
        QVERIFY(pace.isDue(ended + std::chrono::milliseconds(dueAfterMs)));
    }
};

QTEST_GUILESS_MAIN(TestCommitPace)
#include "tst_commit_pace.moc"

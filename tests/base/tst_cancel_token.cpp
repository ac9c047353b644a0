// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel_token.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace freshet;

class TestCancelToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isSeenByEveryCopy();
    void wakesWhoeverRegistered();
    void wakesAtOnceWhenCancelledBefore();
    void forgetsAReleasedRegistration();
    void letsAWakeUpReleaseItself();
    void wakesOnceThoughManyThreadsCancel();
    void waitsForARunningWakeUpBeforeItForgetsIt();
};

void TestCancelToken::isSeenByEveryCopy()
{
    const CancelToken token;
    const CancelToken copy = token;
    QVERIFY(!copy.isCancelled());
    token.cancel();
    QVERIFY(copy.isCancelled());
}

void TestCancelToken::wakesWhoeverRegistered()
{
    const CancelToken token;
    int woken = 0;
    const auto first = token.onCancel([&] { ++woken; });
    const auto second = token.onCancel([&] { ++woken; });
    token.cancel();
    token.cancel();
    QCOMPARE(woken, 2);
}

void TestCancelToken::wakesAtOnceWhenCancelledBefore()
{
    const CancelToken token;
    token.cancel();
    bool woken = false;
    const auto registration = token.onCancel([&] { woken = true; });
    QVERIFY(woken);
}

void TestCancelToken::forgetsAReleasedRegistration()
{
    const CancelToken token;
    bool woken = false;
    {
        const auto registration = token.onCancel([&] { woken = true; });
    }
    token.cancel();
    QVERIFY(!woken);
}

void TestCancelToken::letsAWakeUpReleaseItself()
{
    const CancelToken token;
    CancelToken::Registration registration;
    registration = token.onCancel([&] { registration = {}; });
    token.cancel();
    QVERIFY(token.isCancelled());
}

void TestCancelToken::wakesOnceThoughManyThreadsCancel()
{
    const CancelToken token;
    std::atomic<int> woken = 0;
    const auto registration = token.onCancel([&] { ++woken; });
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([token] { token.cancel(); });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(woken.load(), 1);
}

void TestCancelToken::waitsForARunningWakeUpBeforeItForgetsIt()
{
    const CancelToken token;
    std::atomic<bool> entered = false;
    std::atomic<bool> left = false;
    auto registration = token.onCancel([&] {
        entered = true;
        std::this_thread::yield();
        left = true;
    });
    std::thread canceller([token] { token.cancel(); });
    while (!entered)
        std::this_thread::yield();
    registration = {};
    QVERIFY(left);
    canceller.join();
}

QTEST_APPLESS_MAIN(TestCancelToken)
#include "tst_cancel_token.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "task_runner.h"

#include <QSemaphore>
#include <QTest>

using freshet::ui::TaskRunner;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// The way from the window to its workers and back.
class TestTaskRunner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersAfterItReturned();
    void dropsEarlierAnswers();
    void dropsAnswersToWhoIsGone();
};

void TestTaskRunner::answersAfterItReturned()
{
    // A worker is often done before its answer is asked for: it must wait all the same.
    TaskRunner runner;
    for (int i = 0; i < 3000; ++i) {
        int answer = -1;
        runner.run([i] { return i; }, [&answer](int value) { answer = value; });
        QCOMPARE(answer, -1);
        QVERIFY(QTest::qWaitFor([&] { return answer == i; }, kPatienceMs));
    }
}

void TestTaskRunner::dropsEarlierAnswers()
{
    TaskRunner runner;
    QSemaphore gate;
    QList<int> answers;
    const auto keep = [&answers](int value) {
        answers += value;
    };
    runner.runLatest(
        [&gate] {
            gate.acquire();
            return 1;
        },
        keep);
    runner.runLatest([] { return 2; }, keep);
    gate.release();
    QVERIFY(QTest::qWaitFor([&answers] { return !answers.isEmpty(); }, kPatienceMs));
    QVERIFY(QThreadPool::globalInstance()->waitForDone());
    QCoreApplication::sendPostedEvents();
    QCOMPARE(answers, QList<int>{2});
}

void TestTaskRunner::dropsAnswersToWhoIsGone()
{
    bool isAnswered = false;
    {
        TaskRunner runner;
        runner.run([] { return 1; }, [&isAnswered](int) { isAnswered = true; });
        QVERIFY(QThreadPool::globalInstance()->waitForDone());
    }
    QCoreApplication::sendPostedEvents();
    QVERIFY(!isAnswered);
}

QTEST_GUILESS_MAIN(TestTaskRunner)
#include "tst_task_runner.moc"

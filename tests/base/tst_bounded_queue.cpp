// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bounded_queue.h"

#include <QTest>

#include <atomic>
#include <string>
#include <thread>

using namespace freshet;

class TestBoundedQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handsOutInOrder();
    void takesOneItemLargerThanTheBound();
    void holdsTheProducerBackUntilThereIsRoom();
    void drainsAfterClose();
    void dropsEverythingOnAbort();
    void wakesAProducerThatWaitsWhenAborted();
    void tellsATimeOutFromTheEnd();
    void neverHoldsMoreThanTheBound();
};

void TestBoundedQueue::handsOutInOrder()
{
    BoundedQueue<int> queue(ByteCount(100));
    QVERIFY(queue.push(1, ByteCount(10)));
    QVERIFY(queue.push(2, ByteCount(10)));
    QCOMPARE(queue.held().value(), 20);
    QCOMPARE(queue.pop().value(), 1);
    QCOMPARE(queue.pop().value(), 2);
    QVERIFY(queue.isEmpty());
}

void TestBoundedQueue::takesOneItemLargerThanTheBound()
{
    BoundedQueue<int> queue(ByteCount(4));
    QVERIFY(queue.push(1, ByteCount(1000)));
    QCOMPARE(queue.pop().value(), 1);
}

void TestBoundedQueue::holdsTheProducerBackUntilThereIsRoom()
{
    BoundedQueue<int> queue(ByteCount(10));
    QVERIFY(queue.push(1, ByteCount(10)));
    std::atomic<bool> pushed = false;
    std::thread producer([&] {
        queue.push(2, ByteCount(1));
        pushed = true;
    });
    // The producer cannot have got through while the first item is inside.
    QVERIFY(!pushed);
    QCOMPARE(queue.pop().value(), 1);
    QCOMPARE(queue.pop().value(), 2);
    producer.join();
    QVERIFY(pushed);
}

void TestBoundedQueue::drainsAfterClose()
{
    BoundedQueue<std::string> queue(ByteCount(100));
    QVERIFY(queue.push("last", ByteCount(4)));
    queue.close();
    QVERIFY(!queue.push("too late", ByteCount(8)));
    QVERIFY(!queue.isDrained());
    QCOMPARE(queue.pop().value(), std::string("last"));
    QVERIFY(!queue.pop().has_value());
    QVERIFY(queue.isDrained());
}

void TestBoundedQueue::dropsEverythingOnAbort()
{
    BoundedQueue<int> queue(ByteCount(100));
    QVERIFY(queue.push(1, ByteCount(1)));
    queue.abort();
    QVERIFY(!queue.pop().has_value());
    QCOMPARE(queue.held().value(), 0);
}

void TestBoundedQueue::wakesAProducerThatWaitsWhenAborted()
{
    BoundedQueue<int> queue(ByteCount(1));
    QVERIFY(queue.push(1, ByteCount(1)));
    bool accepted = true;
    std::thread producer([&] { accepted = queue.push(2, ByteCount(1)); });
    queue.abort();
    producer.join();
    QVERIFY(!accepted);
}

void TestBoundedQueue::tellsATimeOutFromTheEnd()
{
    BoundedQueue<int> queue(ByteCount(1));
    QVERIFY(!queue.popFor(std::chrono::milliseconds(1)).has_value());
    QVERIFY(!queue.isDrained());
    queue.close();
    QVERIFY(!queue.popFor(std::chrono::milliseconds(1)).has_value());
    QVERIFY(queue.isDrained());
}

void TestBoundedQueue::neverHoldsMoreThanTheBound()
{
    constexpr int kItems = 20'000;
    BoundedQueue<int> queue(ByteCount(64));
    std::atomic<std::int64_t> most = 0;
    std::thread producer([&] {
        for (int i = 0; i < kItems; ++i) {
            queue.push(i, ByteCount(1 + i % 16));
            most = std::max(most.load(), queue.held().value());
        }
        queue.close();
    });
    int expected = 0;
    while (const auto item = queue.pop())
        QCOMPARE(*item, expected++);
    producer.join();
    QCOMPARE(expected, kItems);
    QVERIFY2(most <= 64, qPrintable(QString::number(most)));
}

QTEST_APPLESS_MAIN(TestBoundedQueue)
#include "tst_bounded_queue.moc"

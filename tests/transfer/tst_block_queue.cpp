// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/block_queue.h"

#include <QTest>

#include <atomic>
#include <string>
#include <thread>

using namespace freshet;
using namespace freshet::transfer;

namespace {

constexpr std::size_t kBlock = BlockQueue::kBlockBytes;

std::string numbered(std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 23);
    return text;
}

std::string drain(BlockQueue &queue)
{
    std::string all;
    while (auto block = queue.take(std::nullopt)) {
        all += block->text();
        queue.recycle(std::move(*block));
    }
    return all;
}

} // namespace

class TestBlockQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryByteInOrder_data();
    void keepsEveryByteInOrder();
    void joinsSmallPieces();
    void handsOutWhatThereIsToOneWhoWaits();
    void givesUpAtTheDeadline();
    void neverHoldsMoreThanTheBound();
    void releasesAWriterOnAbort();
    void releasesAReaderOnAbort();
    void drainsAfterClose();
};

void TestBlockQueue::keepsEveryByteInOrder_data()
{
    QTest::addColumn<int>("piece");
    QTest::newRow("single bytes") << 1;
    QTest::newRow("odd pieces") << 1009;
    QTest::newRow("a block each") << int(kBlock);
    QTest::newRow("larger than a block") << int(kBlock * 2 + 7);
}

void TestBlockQueue::keepsEveryByteInOrder()
{
    QFETCH(int, piece);
    const std::string sent = numbered(piece == 1 ? 40'000 : 3 * kBlock + 5);
    BlockQueue queue(1_MiB);
    bool isAllTaken = true;
    std::thread writer([&] {
        for (std::size_t at = 0; at < sent.size(); at += static_cast<std::size_t>(piece))
            isAllTaken &=
                queue.write(std::string_view(sent).substr(at, static_cast<std::size_t>(piece)));
        queue.close();
    });
    const std::string received = drain(queue);
    writer.join();
    QVERIFY(isAllTaken);
    QVERIFY(received == sent);
}

void TestBlockQueue::joinsSmallPieces()
{
    BlockQueue queue(4_MiB);
    for (int i = 0; i < 100; ++i)
        QVERIFY(queue.write("0123456789"));
    const auto block = queue.take(std::nullopt);
    QVERIFY(block.has_value());
    QCOMPARE(block->text().size(), 1000u);
    QCOMPARE(queue.held().value(), 0);
}

void TestBlockQueue::handsOutWhatThereIsToOneWhoWaits()
{
    BlockQueue queue(4_MiB);
    std::string received;
    // Nothing follows the three bytes: they must not wait for a block to become full.
    std::thread reader([&] { received = queue.take(std::nullopt)->text(); });
    QVERIFY(queue.write("abc"));
    reader.join();
    QCOMPARE(received, "abc");
}

void TestBlockQueue::givesUpAtTheDeadline()
{
    BlockQueue queue(4_MiB);
    QVERIFY(!queue.take(BlockQueue::Clock::now()));
    QVERIFY(!queue.isDrained());
}

void TestBlockQueue::neverHoldsMoreThanTheBound()
{
    const ByteCount bound = 300_KiB;
    BlockQueue queue(bound);
    std::thread writer([&] {
        const std::string piece = numbered(77'777);
        for (int i = 0; i < 100; ++i)
            (void)queue.write(piece);
        queue.close();
    });
    std::int64_t most = 0;
    std::size_t taken = 0;
    while (auto block = queue.take(std::nullopt)) {
        taken += block->text().size();
        most = std::max(most, queue.held().value());
        queue.recycle(std::move(*block));
    }
    writer.join();
    QCOMPARE(taken, 7'777'700u);
    QVERIFY(most <= bound.value());
}

void TestBlockQueue::releasesAWriterOnAbort()
{
    BlockQueue queue(ByteCount(10));
    std::atomic<bool> wasTaken = true;
    std::thread writer([&] { wasTaken = queue.write("more than ten bytes"); });
    QTRY_COMPARE(queue.held().value(), 10);
    queue.abort();
    writer.join();
    QVERIFY(!wasTaken);
    QVERIFY(queue.isAborted());
    QVERIFY(queue.isDrained());
}

void TestBlockQueue::releasesAReaderOnAbort()
{
    BlockQueue queue(1_MiB);
    std::atomic<bool> gotNothing = false;
    std::thread reader([&] { gotNothing = !queue.take(std::nullopt); });
    queue.abort();
    reader.join();
    QVERIFY(gotNothing);
}

void TestBlockQueue::drainsAfterClose()
{
    BlockQueue queue(1_MiB);
    QVERIFY(queue.write("abc"));
    queue.close();
    QVERIFY(!queue.write("def"));
    QVERIFY(!queue.isDrained());
    QCOMPARE(drain(queue), "abc");
    QVERIFY(queue.isDrained());
    QVERIFY(!queue.isAborted());
}

QTEST_APPLESS_MAIN(TestBlockQueue)
#include "tst_block_queue.moc"

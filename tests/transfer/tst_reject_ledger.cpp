// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/reject_ledger.h"

#include <QTest>

using namespace freshet;
using freshet::transfer::RejectLedger;

class TestRejectLedger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatLiesBeforeABorder()
    {
        RejectLedger ledger;
        QVERIFY(ledger.take("a", ByteOffset(10), RowIndex(1)));
        QVERIFY(ledger.take("b", ByteOffset(20), RowIndex(2)));
        ledger.pass(ByteOffset(10)); // the position has not moved on from where it was found
        QCOMPARE(ledger.passed(), std::int64_t(0));
        ledger.pass(ByteOffset(20));
        QCOMPARE(ledger.passed(), std::int64_t(1));
        ledger.passAll();
        QCOMPARE(ledger.passed(), std::int64_t(2));
        QCOMPARE(ledger.taken(), std::int64_t(2));
    }

    void passesOverThoseOfAStreamReadAgain()
    {
        RejectLedger ledger;
        ledger.holds(2, true);
        QVERIFY(!ledger.take("a", ByteOffset(1), RowIndex(0)));
        QVERIFY(!ledger.take("b", ByteOffset(2), RowIndex(0)));
        QVERIFY(ledger.take("c", ByteOffset(3), RowIndex(0)));
        ledger.pass(ByteOffset(9));
        QCOMPARE(ledger.passed(), std::int64_t(3));
        QCOMPARE(ledger.taken(), std::int64_t(1));
    }

    void goesOnBehindTheHeldOnes()
    {
        RejectLedger ledger;
        ledger.holds(2, false);
        QVERIFY(ledger.take("a", ByteOffset(1), RowIndex(0)));
        ledger.pass(ByteOffset(9));
        QCOMPARE(ledger.passed(), std::int64_t(3));
    }

    void knowsWhatAnAnswerRepeats()
    {
        RejectLedger ledger;
        ledger.holds(1, false);
        ledger.remember({RejectLedger::hashOf("held")});
        QVERIFY(ledger.take("early", ByteOffset(1), RowIndex(3)));
        QVERIFY(ledger.take("late", ByteOffset(2), RowIndex(8)));
        ledger.passAll();
        ledger.beginLeg(RowIndex(5));
        QVERIFY(!ledger.take("held", ByteOffset(0), RowIndex(9)));
        QVERIFY(!ledger.take("late", ByteOffset(0), RowIndex(9)));
        QVERIFY(ledger.take("late", ByteOffset(0), RowIndex(9))); // as often as it is held
        QVERIFY(ledger.take("early", ByteOffset(0), RowIndex(9)));
        ledger.beginLeg(std::nullopt);
        QVERIFY(ledger.take("held", ByteOffset(0), RowIndex(9)));
    }

    void expectsThoseOfABrokenAnswerAgain()
    {
        RejectLedger ledger;
        QVERIFY(ledger.take("a", ByteOffset(5), RowIndex(1)));
        ledger.beginLeg(std::nullopt); // the answer broke behind it
        QVERIFY(!ledger.take("a", ByteOffset(0), RowIndex(1)));
        ledger.pass(ByteOffset(1));
        QCOMPARE(ledger.passed(), std::int64_t(1));
        QCOMPARE(ledger.taken(), std::int64_t(1));
    }
};

QTEST_APPLESS_MAIN(TestRejectLedger)
#include "tst_reject_ledger.moc"

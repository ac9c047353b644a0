// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/transfer_state.h"

#include <QTest>

#include <array>

using namespace freshet::transfer;

namespace {

constexpr std::array kStates = {
    TransferState::Queued,   TransferState::Connecting,     TransferState::Receiving,
    TransferState::Paused,   TransferState::WaitingToRetry, TransferState::Stopping,
    TransferState::Complete, TransferState::Ended,          TransferState::Incomplete,
    TransferState::Failed,   TransferState::Cancelled};

constexpr std::array kEvents = {
    TransferEvent::Started,         TransferEvent::HeadArrived,   TransferEvent::PauseAsked,
    TransferEvent::ResumeAsked,     TransferEvent::RetryPlanned,  TransferEvent::RetryBegan,
    TransferEvent::StopAsked,       TransferEvent::FoundVerified, TransferEvent::FoundEnded,
    TransferEvent::FoundIncomplete, TransferEvent::FoundNothing,  TransferEvent::FoundCancelled};

/// One letter for each state, a dot for "no place here".
char letter(std::optional<TransferState> state)
{
    constexpr std::string_view kLetters = "QCRPWSceifx";
    return state ? kLetters[static_cast<std::size_t>(*state)] : '.';
}

} // namespace

class TestTransferState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheTable_data();
    void followsTheTable();
    void staysFinal();
    void readsItsNamesBack();
};

void TestTransferState::followsTheTable_data()
{
    QTest::addColumn<int>("state");
    // Started HeadArrived Pause Resume RetryPlanned RetryBegan Stop | Verified Ended Incomplete
    // Nothing Cancelled
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, TransferState state, const char *expected) {
        QTest::newRow(name) << static_cast<int>(state) << QByteArray(expected);
    };
    row("queued", TransferState::Queued, "C.....S.....");
    row("connecting", TransferState::Connecting, ".R..W.S..if.");
    row("receiving", TransferState::Receiving, "..P.W.Sceif.");
    row("paused", TransferState::Paused, "...RW.Sceif.");
    row("waiting to retry", TransferState::WaitingToRetry, ".....CS..if.");
    row("stopping", TransferState::Stopping, ".......ceifx");
}

void TestTransferState::followsTheTable()
{
    QFETCH(int, state);
    QFETCH(QByteArray, expected);
    QByteArray found;
    for (const auto event : kEvents)
        found += letter(nextState(static_cast<TransferState>(state), event));
    QCOMPARE(found, expected);
}

void TestTransferState::staysFinal()
{
    for (const auto state : kStates) {
        for (const auto event : kEvents) {
            if (isFinal(state))
                QVERIFY(!nextState(state, event));
        }
    }
}

void TestTransferState::readsItsNamesBack()
{
    for (const auto state : kStates)
        QCOMPARE(transferStateByName(transferStateName(state)), std::optional(state));
    QVERIFY(!transferStateByName("done"));
}

QTEST_APPLESS_MAIN(TestTransferState)
#include "tst_transfer_state.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/resume_point.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

namespace {

ResumePoint fullPoint()
{
    ResumePoint point;
    point.border.offset = ByteOffset(9'007'199'254'740'993);
    point.border.digest = {ByteCount(9'007'199'254'740'990), 0xFEDC'BA98'7654'3210};
    point.border.numberMemory = "2,0,17,1,0;";
    point.row = RowIndex(17);
    point.validator = {.etag = "\"a\\b\"",
                       .lastModified = "Sat, 21 Nov 2026 08:00:00 GMT",
                       .length = ByteCount(1),
                       .contentEncoding = "gzip"};
    point.isIdentity = false;
    point.preamble = {std::string("a;\"\0\xFF\n", 6), RowCount(1)};
    point.format = decode::Format::Csv;
    point.delimiter = ';';
    point.quote = '"';
    point.hasHeader = true;
    return point;
}

} // namespace

class TestResumePoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackFromJson();
    void refusesWhatIsNoPoint_data();
    void refusesWhatIsNoPoint();
    void entersMidwayOnlyWithEverythingItTakes();
    void tellsItsPlan();
    void followsAStreamToEachBorder();
};

void TestResumePoint::comesBackFromJson()
{
    const ResumePoint point = fullPoint();
    const auto read = ResumePoint::fromJson(point.toJson());
    QVERIFY(read.has_value());
    QVERIFY(*read == point);

    ResumePoint doubted = fullPoint();
    doubted.doubt = HeldDoubt::FailedChecksum;
    const auto stillDoubted = ResumePoint::fromJson(doubted.toJson());
    QVERIFY(stillDoubted.has_value());
    QVERIFY(*stillDoubted == doubted);

    ResumePoint planned = fullPoint();
    planned.planned = PlanPoint{"{}", "begins again", false};
    QVERIFY(planned.beginsAgain());
    const auto again = ResumePoint::fromJson(planned.toJson());
    QVERIFY(again.has_value());
    QVERIFY(*again == planned);
}

void TestResumePoint::refusesWhatIsNoPoint_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("no json");
    QTest::newRow("another object") << QByteArray("{}");
    QTest::newRow("another kind") << QByteArray(R"({"kind":"cursor","offset":1,"row":1})");
}

void TestResumePoint::refusesWhatIsNoPoint()
{
    QFETCH(const QByteArray, text);
    const auto read = ResumePoint::fromJson(text.toStdString());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::LibraryDamaged);
}

void TestResumePoint::entersMidwayOnlyWithEverythingItTakes()
{
    QVERIFY(fullPoint().canEnterMidway());
    ResumePoint withoutHeader = fullPoint();
    withoutHeader.hasHeader.reset();
    QVERIFY(!withoutHeader.canEnterMidway());
    ResumePoint doubted = fullPoint();
    doubted.doubt = HeldDoubt::Damaged;
    QVERIFY(!doubted.canEnterMidway());
    QVERIFY(doubted.heldPrefix().isOnePiece);
    ResumePoint withoutStart = fullPoint();
    withoutStart.preamble = {};
    QVERIFY(!withoutStart.canEnterMidway());
    QCOMPARE(withoutStart.heldPrefix().offset.value(), 0);
    QVERIFY(!withoutStart.heldPrefix().isOnePiece);
}

void TestResumePoint::tellsItsPlan()
{
    ResumePoint point = fullPoint();
    point.border.offset = ByteOffset(48112);
    QVERIFY(point.plan().starts_with("reads everything again, makes sure"));
    point.isIdentity = true;
    QVERIFY(point.plan().starts_with("asks for the bytes from 48,112 on"));
    point.validator.etag = "W/\"weak\"";
    QVERIFY(point.plan().starts_with("reads everything again, makes sure"));
    point.preamble = {};
    QVERIFY(point.plan().starts_with("reads everything again from the start and passes over"));
    point.doubt = HeldDoubt::FailedChecksum;
    QCOMPARE(point.plan(), std::string("reads everything again from the start and holds it to its "
                                       "checksum, which the 17 rows that are here failed"));
}

void TestResumePoint::followsAStreamToEachBorder()
{
    const std::string stream = "first\nsecond\nthird\n";
    const auto digest = [&](std::size_t bytes) {
        transport::PrefixDigest of;
        of.append(std::string_view(stream).substr(0, bytes));
        return of;
    };
    StreamLedger ledger;
    ledger.enter(std::string_view(stream).substr(0, 9));
    QVERIFY(ledger.wantsPreamble());
    ledger.setPreamble(ByteOffset(6), RowCount(1));
    QVERIFY(ledger.digestAt(ByteOffset(6)) == digest(6));
    ledger.leave(ByteOffset(6));
    QVERIFY(!ledger.wantsPreamble());
    QCOMPARE(ledger.preamble().bytes, std::string("first\n"));
    QVERIFY(ledger.digestAt(ByteOffset(6)) == digest(6));

    ledger.enter(std::string_view(stream).substr(9));
    QVERIFY(ledger.digestAt(ByteOffset(13)) == digest(13));
    ledger.leave(ByteOffset(19));
    QVERIFY(ledger.digestAt(ByteOffset(19)) == digest(19));

    // A decoder that holds back what it was fed says late where the rows ended.
    StreamLedger held;
    held.enter(std::string_view(stream).substr(0, 9));
    held.leave(ByteOffset(0));
    held.enter(std::string_view(stream).substr(9, 8));
    held.leave(ByteOffset(6));
    QVERIFY(held.digestAt(ByteOffset(6)) == digest(6));
    QVERIFY(held.digestAt(ByteOffset(13)) == digest(13));
    held.enter(std::string_view(stream).substr(17));
    held.leave(ByteOffset(13));
    QVERIFY(held.digestAt(ByteOffset(19)) == digest(19));
    StreamLedger tooMuch;
    const std::string more(StreamLedger::kMaxOpen, 'x');
    tooMuch.enter(stream);
    tooMuch.leave(ByteOffset(6));
    tooMuch.enter(more);
    tooMuch.leave(ByteOffset(6));
    QVERIFY(tooMuch.digestAt(ByteOffset(13)) == digest(6));

    StreamLedger later;
    later.startAt(ByteOffset(9), digest(6), {});
    later.enter(std::string_view(stream).substr(9));
    QVERIFY(later.digestAt(ByteOffset(13)) == digest(6));
}

QTEST_APPLESS_MAIN(TestResumePoint)
#include "tst_resume_point.moc"

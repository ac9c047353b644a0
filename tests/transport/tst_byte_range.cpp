// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/byte_range.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

Q_DECLARE_METATYPE(freshet::transport::RangeAnswer)
Q_DECLARE_METATYPE(freshet::transport::Validator)
Q_DECLARE_METATYPE(freshet::transport::ResponseHead)

namespace {

ResponseHead answer(int status, std::vector<Header> headers, std::string contentType = "text/plain")
{
    ResponseHead head;
    head.status = status;
    head.headers = std::move(headers);
    head.contentType = std::move(contentType);
    return head;
}

const Validator kStrong{.etag = "\"a\"", .length = ByteCount(6)};

} // namespace

class TestByteRange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parsesContentRange_data();
    void parsesContentRange();
    void sendsOnlyStrongValidators_data();
    void sendsOnlyStrongValidators();
    void judgesTheAnswer_data();
    void judgesTheAnswer();
};

void TestByteRange::parsesContentRange_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("read");
    QTest::newRow("whole") << QByteArray("bytes 3-5/6") << QStringLiteral("3-5/6");
    QTest::newRow("unknown length") << QByteArray("bytes 3-5/*") << QStringLiteral("3-5/*");
    QTest::newRow("unsatisfied") << QByteArray("bytes */6") << QStringLiteral("*/6");
    QTest::newRow("unit in capitals") << QByteArray("Bytes 0-0/1") << QStringLiteral("0-0/1");
    QTest::newRow("no unit") << QByteArray("3-5/6") << QString();
    QTest::newRow("other unit") << QByteArray("rows 3-5/6") << QString();
    QTest::newRow("last before first") << QByteArray("bytes 5-3/6") << QString();
    QTest::newRow("last beyond the length") << QByteArray("bytes 3-6/6") << QString();
    QTest::newRow("negative") << QByteArray("bytes -3-5/6") << QString();
    QTest::newRow("words") << QByteArray("bytes bad") << QString();
    QTest::newRow("nothing known") << QByteArray("bytes */*") << QString();
    QTest::newRow("the largest number there is")
        << QByteArray("bytes 0-9223372036854775807/*") << QString();
    QTest::newRow("one less") << QByteArray("bytes 0-9223372036854775806/*")
                              << QStringLiteral("0-9223372036854775806/*");
    QTest::newRow("too many digits") << QByteArray("bytes 0-5/99999999999999999999") << QString();
}

void TestByteRange::parsesContentRange()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QString, read);
    const auto range = ContentRange::parse(value.toStdString());
    QString text;
    if (range) {
        text = range->first
                   ? QStringLiteral("%1-%2").arg(range->first->value()).arg(range->last->value())
                   : QStringLiteral("*");
        text += QLatin1Char('/');
        text += range->completeLength ? QString::number(range->completeLength->value())
                                      : QStringLiteral("*");
    }
    QCOMPARE(text, read);
}

void TestByteRange::sendsOnlyStrongValidators_data()
{
    QTest::addColumn<Validator>("validator");
    QTest::addColumn<QByteArray>("ifRange");
    QTest::newRow("strong tag") << Validator{.etag = "\"a\""} << QByteArray("\"a\"");
    QTest::newRow("tag before date")
        << Validator{.etag = "\"a\"", .lastModified = "Mon, 03 Jun 2019 11:30:12 GMT"}
        << QByteArray("\"a\"");
    QTest::newRow("weak tag") << Validator{.etag = "W/\"a\""} << QByteArray();
    QTest::newRow("weak tag is not replaced by the date")
        << Validator{.etag = "W/\"a\"", .lastModified = "Mon, 03 Jun 2019 11:30:12 GMT"}
        << QByteArray();
    QTest::newRow("date alone") << Validator{.lastModified = "Mon, 03 Jun 2019 11:30:12 GMT"}
                                << QByteArray("Mon, 03 Jun 2019 11:30:12 GMT");
    QTest::newRow("nothing") << Validator{} << QByteArray();
}

void TestByteRange::sendsOnlyStrongValidators()
{
    QFETCH(const Validator, validator);
    QFETCH(const QByteArray, ifRange);
    QCOMPARE(QByteArray::fromStdString(validator.ifRange()), ifRange);
}

void TestByteRange::judgesTheAnswer_data()
{
    QTest::addColumn<ResponseHead>("head");
    QTest::addColumn<Validator>("held");
    QTest::addColumn<RangeAnswer>("expected");
    const auto row = [](const char *name, ResponseHead head, RangeAnswer expected,
                        Validator held = kStrong) {
        QTest::newRow(name) << std::move(head) << std::move(held) << expected;
    };
    row("206, same strong tag, right range",
        answer(206, {{"Content-Range", "bytes 3-5/6"}, {"ETag", "\"a\""}}), RangeAnswer::Append);
    row("206 without a tag of its own", answer(206, {{"Content-Range", "bytes 3-5/6"}}),
        RangeAnswer::Append);
    row("206 with an unknown complete length",
        answer(206, {{"Content-Range", "bytes 3-5/*"}, {"ETag", "\"a\""}}), RangeAnswer::Append);
    row("206 shorter than asked",
        answer(206, {{"Content-Range", "bytes 3-3/6"}, {"ETag", "\"a\""}}), RangeAnswer::Append);
    row("206 with another tag", answer(206, {{"Content-Range", "bytes 3-5/6"}, {"ETag", "\"b\""}}),
        RangeAnswer::StartOver);
    row("206 with another length",
        answer(206, {{"Content-Range", "bytes 3-5/7"}, {"ETag", "\"a\""}}), RangeAnswer::StartOver);
    row("206 with a content coding that was not there",
        answer(206,
               {{"Content-Range", "bytes 3-5/6"}, {"ETag", "\"a\""}, {"Content-Encoding", "gzip"}}),
        RangeAnswer::Refuse);
    row("206 with the same date and no tag",
        answer(206, {{"Content-Range", "bytes 3-5/6"}, {"Last-Modified", "d1"}}),
        RangeAnswer::Append, Validator{.lastModified = "d1", .length = ByteCount(6)});
    row("206 with another date and no tag",
        answer(206, {{"Content-Range", "bytes 3-5/6"}, {"Last-Modified", "d2"}}),
        RangeAnswer::StartOver, Validator{.lastModified = "d1", .length = ByteCount(6)});
    row("206 for a weak tag", answer(206, {{"Content-Range", "bytes 3-5/6"}, {"ETag", "W/\"a\""}}),
        RangeAnswer::StartOver, Validator{.etag = "W/\"a\"", .length = ByteCount(6)});
    row("206 that begins elsewhere",
        answer(206, {{"Content-Range", "bytes 0-5/6"}, {"ETag", "\"a\""}}), RangeAnswer::Refuse);
    row("206 without Content-Range", answer(206, {{"ETag", "\"a\""}}), RangeAnswer::Refuse);
    row("206 with a broken Content-Range", answer(206, {{"Content-Range", "bytes bad"}}),
        RangeAnswer::Refuse);
    row("206 in several parts",
        answer(206, {{"Content-Range", "bytes 3-5/6"}}, "multipart/byteranges; boundary=x"),
        RangeAnswer::Refuse);
    row("200 although a range was asked for", answer(200, {{"ETag", "\"a\""}}),
        RangeAnswer::StartOver);
    row("200 with Content-Range",
        answer(200, {{"Content-Range", "bytes 3-5/6"}, {"ETag", "\"a\""}}), RangeAnswer::StartOver);
    row("416 at full size", answer(416, {{"Content-Range", "bytes */3"}}),
        RangeAnswer::AlreadyComplete);
    row("416 at full size, another tag",
        answer(416, {{"Content-Range", "bytes */3"}, {"ETag", "\"b\""}}), RangeAnswer::StartOver);
    row("416, now shorter", answer(416, {{"Content-Range", "bytes */2"}}), RangeAnswer::StartOver);
    row("416, longer", answer(416, {{"Content-Range", "bytes */9"}}), RangeAnswer::Refuse);
    row("416, longer, another tag",
        answer(416, {{"Content-Range", "bytes */9"}, {"ETag", "\"b\""}}), RangeAnswer::StartOver);
    row("416 without Content-Range", answer(416, {}), RangeAnswer::Refuse);
    row("404", answer(404, {}), RangeAnswer::Refuse);
}

void TestByteRange::judgesTheAnswer()
{
    QFETCH(const ResponseHead, head);
    QFETCH(const Validator, held);
    QFETCH(const RangeAnswer, expected);
    const RangeDecision decision = judgeRangeAnswer(head, ByteOffset(3), held);
    QVERIFY2(decision.answer == expected, decision.reason.c_str());
    QVERIFY(!decision.reason.empty());
}

QTEST_APPLESS_MAIN(TestByteRange)
#include "tst_byte_range.moc"

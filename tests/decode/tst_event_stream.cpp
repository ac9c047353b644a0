// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/event_stream.h"
#include "support/corpora.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;

namespace {

/// Everything a stream said, as text that can be compared.
struct Heard
{
    QStringList events;
    QString lastEventId;
    qint64 retryMs = -1;
    qint64 position = 0;

    bool operator==(const Heard &) const = default;
};

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString eventText(const QString &type, const QString &data, const QString &id)
{
    return type + QLatin1Char('|') + data + QLatin1Char('|') + id;
}

Heard listen(const QList<QByteArray> &pieces)
{
    EventStreamParser parser;
    Heard heard;
    for (const QByteArray &piece : pieces) {
        const Status fed = parser.feed(piece.toStdString(), [&](const ServerEvent &event) {
            heard.events << eventText(text(event.type), text(event.data), text(event.id));
            return Status();
        });
        if (!fed)
            heard.events << QStringLiteral("error");
    }
    heard.lastEventId = text(parser.lastEventId());
    if (parser.retry())
        heard.retryMs = parser.retry()->count();
    heard.position = parser.position().value();
    return heard;
}

QList<QByteArray> bytewise(const QByteArray &stream)
{
    QList<QByteArray> pieces;
    for (const char byte : stream)
        pieces << QByteArray(1, byte);
    return pieces;
}

} // namespace

class TestEventStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheCorpora_data();
    void followsTheCorpora();
    void givesTheSameForEveryCut();
    void knowsWhereTheLastEventEnded_data();
    void knowsWhereTheLastEventEnded();
    void refusesAnEventPastTheLimit();
    void stopsWhenTheSinkSaysSo();
};

void TestEventStream::followsTheCorpora_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QStringList>("events");
    QTest::addColumn<QString>("lastEventId");
    QTest::addColumn<qint64>("retryMs");

    for (const char *name : {"launchdarkly.json", "eventsource-parser_undici.json"}) {
        const QString path = test::corpusPath(QStringLiteral("sse/") + QLatin1String(name));
        if (path.isEmpty())
            QSKIP("the corpora are not here");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject document = QJsonDocument::fromJson(file.readAll()).object();
        const QJsonArray cases = document[QStringLiteral("cases")].toArray();
        for (const QJsonValue &value : cases) {
            const QJsonObject one = value.toObject();
            const QJsonObject expect = one[QStringLiteral("expect")].toObject();
            if (!one.contains(QStringLiteral("stream_b64")) ||
                !expect.contains(QStringLiteral("events")))
                continue;
            QStringList events;
            const QJsonArray expected = expect[QStringLiteral("events")].toArray();
            for (const QJsonValue &event : expected)
                events << eventText(event[QStringLiteral("event")].toString(),
                                    event[QStringLiteral("data")].toString(),
                                    event[QStringLiteral("id")].toString());
            const QJsonValue retry = expect[QStringLiteral("retry_ms")];
            QTest::newRow(qPrintable(one[QStringLiteral("id")].toString()))
                << QByteArray::fromBase64(one[QStringLiteral("stream_b64")].toString().toLatin1())
                << events << expect[QStringLiteral("last_event_id")].toString()
                << (retry.isDouble() ? static_cast<qint64>(retry.toDouble()) : qint64(-1));
        }
    }
}

void TestEventStream::followsTheCorpora()
{
    QFETCH(const QByteArray, stream);
    QFETCH(const QStringList, events);
    QFETCH(const QString, lastEventId);
    QFETCH(const qint64, retryMs);
    const Heard whole = listen({stream});
    QCOMPARE(whole.events, events);
    QCOMPARE(whole.lastEventId, lastEventId);
    QCOMPARE(whole.retryMs, retryMs);
    QVERIFY(listen(bytewise(stream)) == whole);
}

void TestEventStream::givesTheSameForEveryCut()
{
    const QByteArray stream(
        "\xEF\xBB\xBF: hello\r\nid: 1\rdata: a\ndata: b\r\n\r\nevent: x\n"
        "data\nretry: 250\n\n\r\rid:2\ndata:  two spaces\r\n\nid: lost\ndata: lost");
    const Heard whole = listen({stream});
    QCOMPARE(whole.events, (QStringList{QStringLiteral("message|a\nb|1"), QStringLiteral("x||1"),
                                        QStringLiteral("message| two spaces|2")}));
    QCOMPARE(whole.retryMs, 250);
    QVERIFY(listen(bytewise(stream)) == whole);
    for (qsizetype cut = 0; cut <= stream.size(); ++cut)
        QVERIFY2(listen({stream.left(cut), stream.mid(cut)}) == whole,
                 qPrintable(QString::number(cut)));
    QRandomGenerator random(7);
    for (int round = 0; round < 200; ++round) {
        QList<QByteArray> pieces;
        for (qsizetype at = 0; at < stream.size();) {
            const qsizetype size = 1 + random.bounded(9);
            pieces << stream.mid(at, size);
            at += size;
        }
        QVERIFY(listen(pieces) == whole);
    }
}

void TestEventStream::knowsWhereTheLastEventEnded_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<qint64>("position");
    QTest::newRow("nothing yet") << QByteArray("data: a") << qint64(0);
    QTest::newRow("one event") << QByteArray("data: a\n\n") << qint64(9);
    QTest::newRow("after CRLF CRLF") << QByteArray("data: a\r\n\r\n") << qint64(11);
    QTest::newRow("half of the next") << QByteArray("data: a\n\ndata: b\n") << qint64(9);
}

void TestEventStream::knowsWhereTheLastEventEnded()
{
    QFETCH(const QByteArray, stream);
    QFETCH(const qint64, position);
    QCOMPARE(listen({stream}).position, position);
    QCOMPARE(listen(bytewise(stream)).position, position);
}

void TestEventStream::refusesAnEventPastTheLimit()
{
    EventStreamParser parser(Limits{.rowBytes = ByteCount(100)});
    const auto ignore = [](const ServerEvent &) {
        return Status();
    };
    QVERIFY(parser.feed("data: short\n\n", ignore));
    const Status fed = parser.feed("data: " + std::string(200, 'x'), ignore);
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::RowTooLarge);
    QCOMPARE(fed.error().byteOffset->value(), 13);
}

void TestEventStream::stopsWhenTheSinkSaysSo()
{
    EventStreamParser parser;
    int seen = 0;
    const Status fed = parser.feed("data: 1\n\ndata: 2\n\n", [&](const ServerEvent &) -> Status {
        ++seen;
        return fail(ErrorCode::Cancelled, "enough");
    });
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::Cancelled);
    QCOMPARE(seen, 1);
}

QTEST_APPLESS_MAIN(TestEventStream)
#include "tst_event_stream.moc"

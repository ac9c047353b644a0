// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transport/call_timeout.h"
#include "transport/collecting_sink.h"
#include "transport/grpc_status.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;
using namespace freshet::test;

/// The deadline of a call is kept on this side, too.
class TestCallTimeout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsHeaders_data();
    void readsHeaders();
    void endsACallWhoseServerGoesOn_data();
    void endsACallWhoseServerGoesOn();
};

void TestCallTimeout::readsHeaders_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("milliseconds"); // -1: none
    const auto row = [](const char *name, const char *value, qint64 expected) {
        QTest::addRow("%s: %s", name, value) << QByteArray(name) << QByteArray(value) << expected;
    };
    row("Grpc-Timeout", "300m", 300);
    row("grpc-timeout", "2S", 2000);
    row("Grpc-Timeout", "2M", 120'000);
    row("Grpc-Timeout", "1H", 3'600'000);
    row("Grpc-Timeout", "5u", 1);
    row("Grpc-Timeout", "99999999n", 1);
    row("Grpc-Timeout", "999999999m", -1);
    row("Grpc-Timeout", "300", -1);
    row("Grpc-Timeout", "300ms", -1);
    row("Grpc-Timeout", "-3m", -1);
    row("Grpc-Timeout", "", -1);
    row("Connect-Timeout-Ms", "300", 300);
    row("Connect-Timeout-Ms", "300m", -1);
    row("Timeout", "300m", -1);
}

void TestCallTimeout::readsHeaders()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QFETCH(const qint64, milliseconds);
    const auto timeout = callTimeoutIn({{name.toStdString(), value.toStdString()}});
    QCOMPARE(timeout ? qint64(timeout->count()) : qint64(-1), milliseconds);
}

void TestCallTimeout::endsACallWhoseServerGoesOn_data()
{
    QTest::addColumn<bool>("isSilent");
    QTest::newRow("says nothing") << true;
    QTest::newRow("sends for ever") << false;
}

void TestCallTimeout::endsACallWhoseServerGoesOn()
{
    QFETCH(const bool, isSilent);
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\n\r\n";
    Script script = Script().send(head);
    script = isSilent ? std::move(script).stall()
                      : std::move(script).flood(std::string("\0\0\0\0\x02\x08\x01", 7));
    const RawServer server({std::move(script)});
    const Fetched fetched = fetch(
        {.url = server.url("/t.S/M"), .method = "POST", .headers = {{"Grpc-Timeout", "200m"}}});
    QVERIFY(!fetched.end);
    QCOMPARE(fetched.end.error().code, ErrorCode::GrpcStatus);
    QCOMPARE(fetched.end.error().nativeCode, kGrpcDeadlineExceeded);
    QCOMPARE(fetched.end.error().detail,
             std::string("DEADLINE_EXCEEDED: the call did not end within its deadline of 200 ms"));
}

QTEST_GUILESS_MAIN(TestCallTimeout)
#include "tst_call_timeout.moc"

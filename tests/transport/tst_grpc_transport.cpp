// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/grpc_server.h"
#include "transport/collecting_sink.h"
#include "transport/grpc_status.h"
#include "transport/transport.h"

#include <QTest>

#include <thread>

using namespace freshet;
using namespace freshet::transport;
using namespace freshet::test;

namespace {

/// A users.ListUsersRequest { rows: … fault: … } in a frame.
std::string bodyFor(char rows, std::string_view fault = {})
{
    std::string message = {'\x20', rows};
    if (!fault.empty())
        message += std::string("\x32") + static_cast<char>(fault.size()) + std::string(fault);
    return std::string(4, '\0') + static_cast<char>(message.size()) + message;
}

struct Frames
{
    int messages = 0;
    std::string trailers;
    bool isWhole = false;
};

Frames framesIn(std::string_view body)
{
    Frames frames;
    while (body.size() >= 5) {
        std::size_t size = 0;
        for (std::size_t i = 1; i < 5; ++i)
            size = size << 8 | static_cast<unsigned char>(body[i]);
        if (static_cast<unsigned char>(body[0]) == 0x80)
            frames.trailers = body.substr(5, size);
        else
            ++frames.messages;
        body.remove_prefix(std::min(5 + size, body.size()));
    }
    frames.isWhole = body.empty();
    return frames;
}

} // namespace

class TestGrpcTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void handsOutFrames();
    void endsWithTheServersStatus_data();
    void endsWithTheServersStatus();
    void tellsWhatIsWrongWithTheConnection();
    void limitsMessages();
    void endsAtTheDeadline();
    void canBeCancelledWhileNothingComes();
    void stopsWithItsSink();
    void refusesRequests_data();
    void refusesRequests();

private:
    [[nodiscard]] ByteRequest request(std::string body, std::string method = "StreamUsers") const
    {
        ByteRequest request;
        request.url = m_server->origin() + "/users.UserService/" + method;
        request.method = "POST";
        request.body = std::move(body);
        return request;
    }
    static Fetched run(const ByteRequest &request, const CancelToken &cancel = {})
    {
        Fetched fetched;
        auto made = makeTransport(request);
        if (!made) {
            fetched.end = fail(made.error());
            return fetched;
        }
        fetched.end = (*made)->run(fetched.sink, cancel);
        fetched.progress = (*made)->progress();
        return fetched;
    }

    std::unique_ptr<demo::GrpcServer> m_server;
};

void TestGrpcTransport::initTestCase()
{
    auto server = demo::GrpcServer::start();
    QVERIFY2(server, server ? "" : server.error().detail.c_str());
    m_server = std::move(*server);
}

void TestGrpcTransport::handsOutFrames()
{
    const Fetched fetched = run(request(bodyFor(100)));
    QCOMPARE(fetched.outcome(), std::string("FramingComplete"));
    QCOMPARE(fetched.sink.heads, 1);
    QCOMPARE(fetched.sink.head.status, 200);
    QCOMPARE(fetched.sink.head.contentType, std::string("application/grpc+proto"));
    const Frames frames = framesIn(fetched.sink.text);
    QCOMPARE(frames.messages, 100);
    QVERIFY(frames.isWhole);
    QCOMPARE(frames.trailers, std::string("grpc-status: 0\r\n"));
    QCOMPARE(fetched.progress.decodedBytes.asSize(), fetched.sink.text.size());
}

void TestGrpcTransport::endsWithTheServersStatus_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("messages");
    QTest::addColumn<QString>("trailers");
    QTest::newRow("an error behind messages")
        << QStringLiteral("StreamUsers") << QStringLiteral("error:7") << 7
        << QStringLiteral("grpc-status: 13\r\ngrpc-message: internal server error\r\n");
    QTest::newRow("no such method")
        << QStringLiteral("Nothing") << QString() << 0
        << QStringLiteral("grpc-status: 12\r\ngrpc-message: there is no such method\r\n");
    QTest::newRow("a request that is refused")
        << QStringLiteral("StreamUsers") << QStringLiteral("odd") << 0
        << QStringLiteral("grpc-status: 3\r\n");
    QTest::newRow("a stream that is reset")
        << QStringLiteral("StreamUsers") << QStringLiteral("cut:9") << 9
        << QStringLiteral("grpc-status: 1\r\n");
}

void TestGrpcTransport::endsWithTheServersStatus()
{
    QFETCH(QString, method);
    QFETCH(QString, fault);
    QFETCH(int, messages);
    QFETCH(QString, trailers);
    const Fetched fetched = run(request(bodyFor(100, fault.toStdString()), method.toStdString()));
    const Frames frames = framesIn(fetched.sink.text);
    QVERIFY2(fetched.end, fetched.end ? "" : fetched.end.error().detail.c_str());
    // A reset may overtake messages.
    if (fault.startsWith(QStringLiteral("cut")))
        QVERIFY(frames.messages <= messages);
    else
        QCOMPARE(frames.messages, messages);
    QVERIFY2(frames.trailers.starts_with(trailers.toStdString()), frames.trailers.c_str());
}

void TestGrpcTransport::tellsWhatIsWrongWithTheConnection()
{
    int freePort = 0;
    {
        const auto other = demo::GrpcServer::start();
        QVERIFY(other);
        freePort = (*other)->port();
    }
    ByteRequest nobody = request(bodyFor(1));
    nobody.url = "grpc://127.0.0.1:" + std::to_string(freePort) + "/users.UserService/StreamUsers";
    QCOMPARE(run(nobody).outcome(), std::string("ConnectFailed"));
    // TLS where none is spoken.
    ByteRequest secure = request(bodyFor(1));
    secure.url = "grpcs" + secure.url.substr(4);
    const Fetched fetched = run(secure);
    QVERIFY2(fetched.outcome() == "TlsFailed" || fetched.outcome() == "ConnectFailed",
             fetched.outcome().c_str());
}

void TestGrpcTransport::limitsMessages()
{
    ByteRequest large = request(bodyFor(100), "ListUsers");
    large.limits.rowBytes = ByteCount(2000);
    const Fetched fetched = run(large);
    QCOMPARE(fetched.outcome(), std::string("RowTooLarge"));
    QVERIFY(fetched.end.error().detail.find("larger than max") != std::string::npos);
}

void TestGrpcTransport::endsAtTheDeadline()
{
    ByteRequest stalled = request(bodyFor(100, "stall:5"));
    stalled.headers.push_back({"Grpc-Timeout", "300m"});
    const Fetched fetched = run(stalled);
    const Frames frames = framesIn(fetched.sink.text);
    QCOMPARE(frames.messages, 5);
    QVERIFY2(frames.trailers.starts_with("grpc-status: 4\r\n"), frames.trailers.c_str());
}

void TestGrpcTransport::canBeCancelledWhileNothingComes()
{
    const CancelToken cancel;
    Fetched fetched;
    auto made = makeTransport(request(bodyFor(100, "stall:5")));
    QVERIFY(made);
    std::thread thread([&] { fetched.end = (*made)->run(fetched.sink, cancel); });
    QTRY_VERIFY((*made)->progress().decodedBytes > ByteCount(1000));
    cancel.cancel();
    thread.join();
    QCOMPARE(fetched.outcome(), std::string("Cancelled"));
    QCOMPARE(framesIn(fetched.sink.text).messages, 5);
}

void TestGrpcTransport::stopsWithItsSink()
{
    Fetched fetched;
    auto made = makeTransport(request(bodyFor(100)));
    QVERIFY(made);
    fetched.sink.onPiece = [](std::string_view) -> Status {
        return fail(ErrorCode::DiskFull, "full");
    };
    fetched.end = (*made)->run(fetched.sink, {});
    QCOMPARE(fetched.outcome(), std::string("DiskFull"));
    QCOMPARE(framesIn(fetched.sink.text).messages, 1);
}

void TestGrpcTransport::refusesRequests_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("no method") << QStringLiteral("grpc://127.0.0.1:1/users") << QByteArray()
                               << QStringLiteral("UrlInvalid");
    QTest::newRow("no host") << QStringLiteral("grpc:///users.UserService/List") << QByteArray()
                             << QStringLiteral("UrlInvalid");
    QTest::newRow("a body that is no frame")
        << QStringLiteral("grpc://127.0.0.1:1/users.UserService/List") << QByteArray("{}")
        << QStringLiteral("InvalidArgument");
}

void TestGrpcTransport::refusesRequests()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, body);
    QFETCH(QString, outcome);
    ByteRequest request;
    request.url = url.toStdString();
    request.body = body.toStdString();
    QCOMPARE(QString::fromStdString(run(request).outcome()), outcome);
}

QTEST_GUILESS_MAIN(TestGrpcTransport)
#include "tst_grpc_transport.moc"

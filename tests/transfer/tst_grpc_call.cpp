// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/proto_source.h"
#include "transfer/download_request.h"
#include "transfer/grpc_call.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using namespace freshet::test;

class TestGrpcCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesRequests_data();
    void makesRequests();
    void makesTheSameTwice();
    void refusesCalls_data();
    void refusesCalls();
    void isKeptWithoutSecrets();
    void namesHttpStatuses_data();
    void namesHttpStatuses();

private:
    ProtoSource m_source;
    DownloadRequest m_request;
};

void TestGrpcCall::init()
{
    m_source.add(QStringLiteral("t.proto"), R"(syntax = "proto3";
package t;
service S {
  rpc List (Ask) returns (stream Answer);
  rpc Get (Ask) returns (Answer);
  rpc Upload (stream Ask) returns (Answer);
}
message Ask { int32 n = 1; }
message Answer { repeated Item items = 1; }
message Item { string s = 1; }
)");
    m_request = {};
    m_request.bytes.url = "http://127.0.0.1:1/";
    m_request.grpc = GrpcCall{.schema = {.protoFiles = {m_source.path(QStringLiteral("t.proto"))}},
                              .method = "t.S/List",
                              .requestJson = R"({"n": 7})",
                              .rowsField = "items"};
}

void TestGrpcCall::makesRequests_data()
{
    QTest::addColumn<QString>("flavour");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("body");
    const QByteArray message("\x08\x07", 2);
    const QByteArray frame = QByteArray("\0\0\0\0\x02", 5) + message;
    QTest::newRow("gRPC-web") << QStringLiteral("web") << QStringLiteral("List")
                              << QStringLiteral("application/grpc-web+proto") << frame;
    QTest::newRow("gRPC-web in base64")
        << QStringLiteral("web-text") << QStringLiteral("List")
        << QStringLiteral("application/grpc-web-text+proto") << frame.toBase64();
    QTest::newRow("Connect") << QStringLiteral("connect") << QStringLiteral("List")
                             << QStringLiteral("application/connect+proto") << frame;
    QTest::newRow("Connect, unary") << QStringLiteral("connect") << QStringLiteral("Get")
                                    << QStringLiteral("application/proto") << message;
    QTest::newRow("Connect in JSON") << QStringLiteral("connect-json") << QStringLiteral("List")
                                     << QStringLiteral("application/connect+json")
                                     << QByteArray(QByteArray("\0\0\0\0\x08", 5) + R"({"n": 7})");
    QTest::newRow("gRPC") << QStringLiteral("grpc") << QStringLiteral("List")
                          << QStringLiteral("application/grpc+proto") << frame;
}

void TestGrpcCall::makesRequests()
{
    QFETCH(QString, flavour);
    QFETCH(QString, method);
    QFETCH(QString, type);
    QFETCH(QByteArray, body);
    m_request.grpc->flavour = grpcFlavourByName(flavour.toStdString()).value();
    m_request.grpc->method = "t.S/" + method.toStdString();
    m_request.grpc->deadline = std::chrono::milliseconds(1500);
    m_request.grpc->metadata = {{"X-Tenant", "a"}};
    if (flavour == QStringLiteral("grpc"))
        m_request.bytes.url = "grpc://127.0.0.1:1";
    const Status prepared = prepareGrpcCall(m_request, {});
    QVERIFY2(prepared, prepared ? "" : prepared.error().detail.c_str());
    const auto &bytes = m_request.bytes;
    QVERIFY(bytes.url.ends_with("://127.0.0.1:1/t.S/" + method.toStdString()));
    QCOMPARE(bytes.method, std::string("POST"));
    QCOMPARE(QByteArray::fromStdString(bytes.body), body);
    QCOMPARE(findHeader(bytes.headers, "content-type").value(), type.toStdString());
    QCOMPARE(findHeader(bytes.headers, "X-Tenant").value(), std::string_view("a"));
    const bool isConnect = flavour.startsWith(QStringLiteral("connect"));
    QCOMPARE(findHeader(bytes.headers, isConnect ? "connect-timeout-ms" : "grpc-timeout").value(),
             std::string_view(isConnect ? "1500" : "1500m"));
    QVERIFY(m_request.decode.format == decode::Format::GrpcWeb);
    QCOMPARE(m_request.decode.messages.typeName, std::string("t.Answer"));
    QCOMPARE(m_request.decode.messages.rowsField, std::string("items"));
}

void TestGrpcCall::makesTheSameTwice()
{
    QVERIFY(prepareGrpcCall(m_request, {}));
    const std::string once = m_request.toJson();
    QVERIFY(prepareGrpcCall(m_request, {}));
    QCOMPARE(m_request.toJson(), once);
}

void TestGrpcCall::refusesCalls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *url, const char *method, const char *json,
                        const char *error) {
        QTest::newRow(name) << QString::fromUtf8(url) << QString::fromUtf8(method)
                            << QString::fromUtf8(json) << QString::fromUtf8(error);
    };
    const char *const http = "http://127.0.0.1:1";
    row("no service", http, "List", "{}", "InvalidArgument: the method to call is written like");
    row("an unknown method", http, "t.S/Lost", "{}", "SchemaInvalid: there is no method t.S/Lost");
    row("a stream of requests", http, "t.S/Upload", "{}", "Unsupported: t.S/Upload wants a stream");
    row("JSON that does not fit", http, "t.S/List", R"({"m":1})",
        "InvalidArgument: the request is no t.Ask in JSON");
    row("gRPC-web to a gRPC address", "grpc://127.0.0.1:1", "t.S/List", "{}",
        "InvalidArgument: grpc:// addresses speak gRPC itself");
}

void TestGrpcCall::refusesCalls()
{
    QFETCH(QString, url);
    QFETCH(QString, method);
    QFETCH(QString, json);
    QFETCH(QString, error);
    m_request.bytes.url = url.toStdString();
    m_request.grpc->method = method.toStdString();
    m_request.grpc->requestJson = json.toStdString();
    const Status prepared = prepareGrpcCall(m_request, {});
    QVERIFY(!prepared);
    const std::string said =
        std::string(errorCodeName(prepared.error().code)) + ": " + prepared.error().detail;
    QVERIFY2(said.starts_with(error.toStdString()), said.c_str());
}

void TestGrpcCall::isKeptWithoutSecrets()
{
    m_request.grpc->metadata = {{"Authorization", "Bearer hidden"}, {"X-Tenant", "a"}};
    m_request.grpc->deadline = std::chrono::milliseconds(5);
    QVERIFY(prepareGrpcCall(m_request, {}));
    const std::string json = m_request.toJson();
    QVERIFY(json.find("hidden") == std::string::npos);
    const auto read = DownloadRequest::fromJson(json);
    QVERIFY(read && read->grpc);
    QCOMPARE(read->grpc->schema, m_request.grpc->schema);
    QCOMPARE(read->grpc->method, m_request.grpc->method);
    QCOMPARE(read->grpc->requestJson, m_request.grpc->requestJson);
    QCOMPARE(read->grpc->metadata.size(), std::size_t{1});
    QVERIFY(read->grpc->deadline == m_request.grpc->deadline);
    QVERIFY(read->grpc->flavour == m_request.grpc->flavour);
    // What it goes on with is all there, without the files.
    QCOMPARE(read->bytes.body, m_request.bytes.body);
    QCOMPARE(read->decode.messages.descriptorSet, m_request.decode.messages.descriptorSet);
    QCOMPARE(read->decode.messages.typeName, std::string("t.Answer"));
    QCOMPARE(read->missingSecrets, std::vector<std::string>{"Authorization"});
}

void TestGrpcCall::namesHttpStatuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    const auto row = [](int status, int code) {
        QTest::addRow("%d", status) << status << code;
    };
    row(400, 13);
    row(401, 16);
    row(403, 7);
    row(404, 12);
    for (const int status : {429, 502, 503, 504})
        row(status, 14);
    for (const int status : {409, 412, 413, 415, 418, 431, 500, 505, 800})
        row(status, 2);
}

void TestGrpcCall::namesHttpStatuses()
{
    QFETCH(int, status);
    QFETCH(int, code);
    const Error error = asGrpcError({.code = ErrorCode::HttpStatus,
                                     .detail = "the server answered",
                                     .excerpt = "sorry",
                                     .nativeCode = status});
    QCOMPARE(error.code, ErrorCode::GrpcStatus);
    QCOMPARE(error.nativeCode, code);
    QCOMPARE(error.excerpt, std::string("sorry"));
    QCOMPARE(asGrpcError({.code = ErrorCode::Timeout}).code, ErrorCode::Timeout);
}

QTEST_GUILESS_MAIN(TestGrpcCall)
#include "tst_grpc_call.moc"

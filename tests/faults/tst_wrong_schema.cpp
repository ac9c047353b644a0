// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "demo/grpc_server.h"
#include "demo/user_stream.h"
#include "support/grpc_frames.h"
#include "support/proto_source.h"
#include "support/raw_server.h"
#include "support/temporary_place.h"
#include "transfer/transfer.h"

#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kRows = 20;

/// What the client believes of the demo server's users.
struct Belief
{
    const char *fields; ///< of users.User
    const char *batch = "repeated User users = 1;";
    bool inBatches = false;
};

struct Expected
{
    VerdictKind verdict = VerdictKind::Incomplete;
    std::int64_t rows = kRows;
    QList<QByteArray> words; ///< in the evidence
};

/// The body of an answer with all users.
std::string bodyFor(GrpcFlavour flavour, bool inBatches)
{
    demo::UserQuery query;
    query.rows = kRows;
    query.batchSize = 8;
    demo::UserStream users(query, inBatches);
    QByteArray body;
    std::string message;
    while (users.next(message) == demo::UserStream::Step::Message)
        body += grpcFrame(QByteArrayView(message.data(), std::ssize(message)));
    body += flavour == GrpcFlavour::Connect ? grpcFrame("{}", 2) : grpcTrailers();
    const std::string bytes = body.toStdString();
    return flavour == GrpcFlavour::WebText ? toBase64(bytes) : bytes;
}

const char *contentTypeOf(GrpcFlavour flavour)
{
    switch (flavour) {
    case GrpcFlavour::WebText:
        return "application/grpc-web-text+proto";
    case GrpcFlavour::Connect:
        return "application/connect+proto";
    default:
        return "application/grpc-web+proto";
    }
}

} // namespace

Q_DECLARE_METATYPE(Belief)
Q_DECLARE_METATYPE(Expected)
Q_DECLARE_METATYPE(freshet::transfer::GrpcFlavour)

/// Messages read by a schema that is not the server's, whatever way they come: what came is kept,
/// but never called whole. An older schema is no wrong one.
class TestWrongSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isToldFromAnOlderOne_data();
    void isToldFromAnOlderOne();
};

void TestWrongSchema::isToldFromAnOlderOne_data()
{
    QTest::addColumn<GrpcFlavour>("flavour");
    QTest::addColumn<Belief>("belief");
    QTest::addColumn<Expected>("expected");

    const auto add = [](const char *name, const Belief &belief, const Expected &expected) {
        for (const GrpcFlavour flavour :
             {GrpcFlavour::Web, GrpcFlavour::WebText, GrpcFlavour::Connect, GrpcFlavour::Native})
            QTest::addRow("%s: %s", grpcFlavourName(flavour).data(), name)
                << flavour << belief << expected;
    };
    constexpr const char *kRight =
        "int64 id = 1; string name = 2; string email = 3; string balance = 4; bool active = 5;"
        "google.protobuf.Timestamp created_at = 6; string country = 7; Address address = 8;"
        "repeated string tags = 9; optional string nickname = 10; string note = 11;";
    const auto verified = VerdictKind::Verified;
    const auto incomplete = VerdictKind::Incomplete;

    add("the right one", {kRight}, {verified, kRows, {}});
    add("an older one", {"int64 id = 1; string name = 2; string email = 3; string balance = 4;"},
        {verified,
         kRows,
         {"that the schema does not know: fields 5, 6, 7, 8", "of users.User in users.proto"}});
    add("an older one, in batches", {.fields = "int64 id = 1; string name = 2;", .inBatches = true},
        {verified, kRows, {"that the schema does not know: fields 3, 4, 5, 6, 7, 8"}});
    add("a field in another wire type", {"string id = 1; string name = 2;"},
        {incomplete,
         kRows,
         {"field 1 \"id\" of users.User in users.proto is string there, but "
          "came as a varint 20 times"}});
    add("a field within a message in another wire type",
        {"int64 id = 1; Home address = 8; message Home { int32 street = 1; string city = 2; }"},
        {incomplete,
         kRows,
         {"field 1 \"street\" of users.User.Home in users.proto is int32 there, "
          "but came length-delimited"}});
    add("a time that is none",
        {"int64 id = 1; google.protobuf.Timestamp name = 6; google.protobuf.Duration address = 8;"},
        {incomplete, kRows, {"of google.protobuf.Duration in google/protobuf/duration.proto"}});
    add("an element of a list in another wire type",
        {"int64 id = 1; repeated int32 name = 2; repeated fixed64 active = 5;"},
        {incomplete,
         kRows,
         {"field 5 \"active\" of users.User in users.proto is repeated fixed64"}});
    add("other numbers", {"int64 id = 21; string name = 22;"},
        {incomplete,
         kRows,
         {"none of the fields that users.User in users.proto declares came, but "
          "fields 1, 2, 3, 4, 5, 6, 7"}});
    add("text that is none", {"int64 id = 1; string created_at = 6;"},
        {incomplete,
         0,
         {"20 of 20 could not be read as users.User in users.proto, the first "
          "because: the text is not UTF-8, in field 6 \"created_at\""}});
    add("a message that is text",
        {"int64 id = 1; Inner name = 2; message Inner { int64 a = 1; fixed64 b = 2; }"},
        {incomplete, 0, {"20 of 20 could not be read as users.User in users.proto"}});
    add("the rows in another field",
        {.fields = kRight, .batch = "repeated User users = 2;", .inBatches = true},
        {incomplete,
         0,
         {"none of the fields that users.ListUsersResponse in users.proto declares "
          "came, but field 1 did"}});
    add("text where the rows are",
        {.fields = kRight,
         .batch = "repeated User users = 2; string token = 1;",
         .inBatches = true},
        {incomplete,
         0,
         {"field 1 \"token\" of users.ListUsersResponse in users.proto is string "
          "there, but came as bytes that are no text"}});
    add("bytes where the rows are",
        {.fields = kRight, .batch = "repeated User users = 2; bytes token = 1;", .inBatches = true},
        {verified,
         0,
         {"field 2 \"users\" of users.ListUsersResponse in users.proto, which holds "
          "the rows, never came"}});
    add("rows of another kind", {.fields = "string id = 1; string name = 2;", .inBatches = true},
        {incomplete, kRows, {"field 1 \"id\" of users.User in users.proto"}});
}

void TestWrongSchema::isToldFromAnOlderOne()
{
    QFETCH(const GrpcFlavour, flavour);
    QFETCH(const Belief, belief);
    QFETCH(const Expected, expected);

    ProtoSource source;
    const QByteArray method = belief.inBatches ? "ListUsers" : "StreamUsers";
    const QByteArray answer = belief.inBatches ? "ListUsersResponse" : "User";
    const QByteArray text =
        "syntax = \"proto3\"; package users; import \"google/protobuf/timestamp.proto\";"
        "import \"google/protobuf/duration.proto\";"
        "message Query { int32 batch_size = 1; int64 rows = 4; }"
        "message Address { string street = 1; string city = 2; string zip = 3; }"
        "message User {" +
        QByteArray(belief.fields) +
        "}"
        "message ListUsersResponse {" +
        belief.batch +
        "}"
        "service UserService { rpc " +
        method + "(Query) returns (stream " + answer + "); }";
    source.add(QStringLiteral("users.proto"), text);

    std::unique_ptr<RawServer> web;
    std::unique_ptr<demo::GrpcServer> native;
    DownloadRequest request;
    if (flavour == GrpcFlavour::Native) {
        auto started = demo::GrpcServer::start();
        QVERIFY(started);
        native = *std::move(started);
        request.bytes.url = native->origin();
    } else {
        const std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: ";
        web = std::make_unique<RawServer>(std::vector{Script().send(
            head + contentTypeOf(flavour) + "\r\n\r\n" + bodyFor(flavour, belief.inBatches))});
        request.bytes.url = web->url("/").substr(0, web->url("/").size() - 1);
    }
    request.retry.maxRetries = 0;
    request.grpc = GrpcCall{.schema = {.protoFiles = {source.path(QStringLiteral("users.proto"))}},
                            .method = "users.UserService/" + method.toStdString(),
                            .requestJson = R"({"batch_size": 8, "rows": "20"})",
                            .flavour = flavour,
                            .rowsField = belief.inBatches ? "users" : ""};
    const Status prepared = prepareGrpcCall(request, {});
    QVERIFY2(prepared, prepared ? "" : prepared.error().toString().c_str());

    const QTemporaryDir folder(temporaryPlace());
    auto library = store::Library::open(folder.path().toStdString());
    QVERIFY(library);
    auto started = Transfer::start(*library, std::move(request), {});
    QVERIFY2(started, started ? "" : started.error().toString().c_str());
    QVERIFY((*started)->waitFor(60s));

    const Progress progress = (*started)->progress();
    QByteArray told;
    for (const std::string &sentence : progress.verdict->evidence)
        told += QByteArray::fromStdString(sentence) + "; ";
    QVERIFY2(progress.verdict->kind == expected.verdict, told.constData());
    QVERIFY2((*started)->dataset()->snapshot().rowCount().value() == expected.rows,
             told.constData());
    for (const QByteArray &words : expected.words)
        QVERIFY2(told.contains(words), told.constData());
    const bool isAccused = told.contains("do not fit their schema");
    QVERIFY2(isAccused == (expected.verdict == VerdictKind::Incomplete), told.constData());
}

QTEST_GUILESS_MAIN(TestWrongSchema)
#include "tst_wrong_schema.moc"

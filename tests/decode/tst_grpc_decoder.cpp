// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "decode/base64_stream.h"
#include "decode/grpc_decoder.h"
#include "decode/row_decoder.h"
#include "support/corpora.h"
#include "support/grpc_frames.h"
#include "support/json_decoding.h"
#include "support/proto_source.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

constexpr QByteArrayView kSource = R"(
syntax = "proto3";
package t;
message Row { int32 n = 1; string s = 2; }
message Batch { repeated Row rows = 1; }
)";

// Row { n: 1 s: "a" }, Row { n: 2 s: "é" }.
const QByteArray kFirst = QByteArray::fromHex("0801120161");
const QByteArray kSecond = QByteArray::fromHex("08021202c3a9");
/// The first message, gzipped by Python.
const QByteArray kGzipped =
    QByteArray::fromHex("1f8b08000000000002ffe36014624c040028cce27205000000");

DecodeOptions optionsFor(const QByteArray &contentType = "application/grpc-web+proto",
                         const QByteArray &headers = {})
{
    static const std::string set = [] {
        ProtoSource source;
        source.add(QStringLiteral("t.proto"), kSource);
        return source.load(QStringLiteral("t.proto"))->descriptorSet();
    }();
    DecodeOptions options{.format = Format::GrpcWeb, .contentType = contentType.toStdString()};
    options.messages = {.descriptorSet = set, .typeName = "t.Row"};
    options.headers = parseGrpcTrailers(
        std::string_view(headers.constData(), static_cast<std::size_t>(headers.size())));
    return options;
}

QString framesOf(const QByteArray &body, GrpcFraming framing)
{
    QStringList drawn;
    std::string_view left(body.constData(), static_cast<std::size_t>(body.size()));
    while (!left.empty()) {
        const auto frame = readGrpcFrame(left, framing, Limits());
        if (!frame)
            return (drawn << QStringLiteral("error")).join(u' ');
        if (!*frame)
            return (drawn << QStringLiteral("more")).join(u' ');
        drawn += ((*frame)->isLast ? QStringLiteral("trailer:") : QStringLiteral("data:")) +
                 QString::fromLatin1(QByteArray((*frame)->payload.data(),
                                                static_cast<qsizetype>((*frame)->payload.size()))
                                         .toHex());
        left.remove_prefix((*frame)->size());
    }
    return drawn.join(u' ');
}

} // namespace

class TestGrpcDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheCorpusOfGrpcWeb();
    void decodesBodies_data();
    void decodesBodies();
    void decodesTextBodies_data();
    void decodesTextBodies();
    void tellsHowItEnded();
    void showsTheDetailsOfAnError();
    void showsTheStartOfAForeignBody();
    void keepsTheRowsOfABrokenBatch();
    void goesOnBehindAMessage();
    void decodesBase64_data();
    void decodesBase64();
};

void TestGrpcDecoder::readsTheCorpusOfGrpcWeb()
{
    const QString path = corpusPath(QStringLiteral("grpc-web/grpc_web_stream_parser.json"));
    if (path.isEmpty())
        QSKIP("the corpora are not here");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject corpus = QJsonDocument::fromJson(file.readAll()).object();
    const auto expectedOf = [](const QJsonObject &vector) {
        QStringList drawn;
        const QJsonArray frames = vector[u"expect"].toArray();
        for (const QJsonValue &frame : frames)
            drawn += frame[0].toString() + u':' + frame[1].toString();
        return drawn.join(u' ');
    };
    int seen = 0;
    const QJsonArray binary = corpus[u"binary"].toArray();
    for (const QJsonValue &one : binary) {
        const QJsonObject vector = one.toObject();
        QByteArray body;
        const QJsonArray chunks = vector[u"chunks_hex"].toArray();
        for (const QJsonValue &chunk : chunks)
            body += QByteArray::fromHex(chunk.toString().toLatin1());
        const QString frames = framesOf(body, GrpcFraming::GrpcWeb);
        // The compressed flag is an error for a client that asked for no compression; we do, and
        // need more bytes to tell.
        if (vector[u"expect"].isString())
            QVERIFY2(frames.endsWith(QStringLiteral("error")) ||
                         frames.endsWith(QStringLiteral("more")),
                     qPrintable(vector[u"id"].toString()));
        else
            QCOMPARE(frames, expectedOf(vector));
        ++seen;
    }
    const QJsonArray text = corpus[u"text"].toArray();
    for (const QJsonValue &one : text) {
        const QJsonObject vector = one.toObject();
        std::string body;
        Base64Stream stream;
        QVERIFY(stream.feed(vector[u"body"].toString().toStdString(), body));
        QVERIFY(stream.finish());
        if (vector.contains(u"expect")) {
            QCOMPARE(framesOf(QByteArray::fromStdString(body), GrpcFraming::GrpcWeb),
                     expectedOf(vector));
        } else {
            WholeRun run;
            decodeWhole(run, vector[u"body"].toString().toLatin1(),
                        optionsFor("application/grpc-web-text"));
            QCOMPARE(run.status.error().code, ErrorCode::GrpcStatus);
            QCOMPARE(run.status.error().nativeCode, vector[u"expect_grpc_code"].toInt());
        }
        ++seen;
    }
    QCOMPARE(seen, 15);
}

void TestGrpcDecoder::decodesBodies_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("rows"); // values of n and s
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QByteArray &type, const QByteArray &headers,
                        const QByteArray &body, const char *rows, const char *error = "") {
        QTest::newRow(name) << type << headers << body << QString::fromUtf8(rows)
                            << QString::fromUtf8(error);
    };
    const QByteArray web = "application/grpc-web+proto";
    const QByteArray both = grpcFrame(kFirst) + grpcFrame(kSecond);
    const char *const two = "1 a;2 é";
    row("two messages", web, {}, both + grpcTrailers(), two);
    row("a status without line end", web, {}, both + grpcTrailers("grpc-status: 0"), two);
    row("a status in capitals", web, {}, both + grpcTrailers("Grpc-Status:0\r\n"), two);
    row("other trailers too", web, {}, both + grpcTrailers("x: y\r\ngrpc-status: 0\r\nz:\r\n"),
        two);
    row("no message", web, {}, grpcTrailers(), "");
    row("an empty message is a row", web, {}, grpcFrame(QByteArray()) + grpcTrailers(), "0 ");
    row("a content type with parameters", "application/grpc-web; charset=x", {},
        both + grpcTrailers(), two);
    row("gRPC's own", "application/grpc+proto", {}, both + grpcTrailers(), two);
    row("no content type", "", {}, both + grpcTrailers(), two);
    row("a status in the header fields", web, "grpc-status: 0", "", "");
    row("an error in the header fields", web, "grpc-status: 5\r\ngrpc-message: no%20such%20list",
        "", "", "GrpcStatus: NOT_FOUND: no such list");
    row("the trailers count, not the header fields", web, "grpc-status: 5", both + grpcTrailers(),
        two);
    row("a status in the header fields proves nothing of messages", web, "grpc-status: 0", both,
        two, "GrpcStatus: UNKNOWN: the stream ends without a status");
    row("rows before an error", web, {},
        both + grpcTrailers("grpc-status: 8\r\ngrpc-message: f%C3%BCr heute genug %zz 100%\r\n"),
        two, "GrpcStatus: RESOURCE_EXHAUSTED: für heute genug %zz 100%");
    row("an error without words", web, {}, grpcTrailers("grpc-status: 13\r\n"), "",
        "GrpcStatus: INTERNAL");
    row("a code that no document knows", web, {}, grpcTrailers("grpc-status: 99\r\n"), "",
        "GrpcStatus: code 99");
    row("the same status twice", web, {},
        both + grpcTrailers("grpc-status: 0\r\nGrpc-Status: 0\r\n"), two);
    row("two statuses", web, {}, grpcTrailers("grpc-status: 0\r\ngrpc-status: 13\r\n"), "",
        "ProtocolViolation: there are two kinds of grpc-status, \"0\" and \"13\"");
    row("a status that is no number", web, {}, grpcTrailers("grpc-status: none\r\n"), "",
        "ProtocolViolation: the grpc-status is no number: \"none\"");
    row("trailers without status", web, {}, both + grpcTrailers("a: b\r\n"), two,
        "GrpcStatus: UNKNOWN: the trailers say nothing of the call's status");
    row("no trailers", web, {}, both, two, "GrpcStatus: UNKNOWN: the stream ends without a status");
    row("nothing at all", web, {}, "", "", "GrpcStatus: UNKNOWN: the stream ends without a status");
    row("a frame cut short", web, {}, both.chopped(1), "1 a",
        "Truncated: the stream ends inside message 2");
    row("a header cut short", web, {}, both + QByteArray(3, '\0'), two,
        "Truncated: the stream ends inside message 3");
    row("something behind the trailers", web, {}, both + grpcTrailers() + "x", two,
        "ProtocolViolation: something follows the end");
    row("flags that do not exist", web, {}, both + grpcFrame(kFirst, 0x40), two,
        "ProtocolViolation: a frame starts with byte 0x40");
    row("a message that is too large", web, {}, both + QByteArray::fromHex("007fffffff"), two,
        "RowTooLarge: a message of 2,147,483,647 bytes; the limit is 67,108,864");
    row("trailers that are too large", web, {}, both + QByteArray::fromHex("8003ffffff"), two,
        "SizeLimitExceeded: trailers of 67,108,863 bytes; the limit is 1,048,576");
    row("a compressed message", web, "grpc-encoding: gzip",
        grpcFrame(kGzipped, 1) + grpcFrame(kSecond) + grpcTrailers(), two);
    row("compressed, but nobody says how", web, {}, grpcFrame(kGzipped, 1) + grpcTrailers(), "",
        "GrpcStatus: INTERNAL: a message is compressed, but the response names no coding");
    row("compressed by identity", web, "grpc-encoding: identity",
        grpcFrame(kGzipped, 1) + grpcTrailers(), "", "GrpcStatus: INTERNAL");
    row("compressed in an unknown way", web, "grpc-encoding: pigeon",
        grpcFrame(kGzipped, 1) + grpcTrailers(), "", "GrpcStatus: INTERNAL");
    row("a compressed message cut short", web, "grpc-encoding: gzip",
        grpcFrame(kGzipped.chopped(4), 1) + grpcTrailers(), "", "CodingTruncated");
    row("JSON that was not asked for", "application/grpc-web+json", {}, grpcFrame("{}"), "",
        "GrpcStatus: INTERNAL: the server answers in application/grpc-web+json");
    row("a picture", "image/jpeg", {}, "\xff\xd8\xff", "",
        "WrongContentType: UNKNOWN: the answer is image/jpeg, not a gRPC stream");

    const QByteArray connect = "application/connect+proto";
    row("Connect", connect, {}, both + grpcFrame("{}", 2), two);
    row("Connect with metadata", connect, {}, both + grpcFrame(R"({"metadata":{"a":["b"]}})", 2),
        two);
    row("Connect, compressed", connect, "connect-content-encoding: gzip",
        grpcFrame(kGzipped, 1) + grpcFrame(kSecond) + grpcFrame("{}", 2), two);
    row("a Connect error", connect, {},
        both + grpcFrame(R"({"error":{"code":"permission_denied","message":"not yours"}})", 2), two,
        "GrpcStatus: PERMISSION_DENIED: not yours");
    row("a Connect error of an unknown code", connect, {},
        grpcFrame(R"({"error":{"code":"odd"}})", 2), "", "GrpcStatus: UNKNOWN");
    row("a Connect error that is no object", connect, {},
        both + grpcFrame(R"({"error":"full"})", 2), two, "GrpcStatus: UNKNOWN: \"full\"");
    row("no Connect error", connect, {}, both + grpcFrame(R"({"error":null})", 2), two);
    row("Connect cut short between envelopes", connect, {}, both, two,
        "GrpcStatus: UNKNOWN: the stream ends without a status");
    row("Connect's end is no JSON", connect, {}, grpcFrame("nope", 2), "",
        "SyntaxError: the stream's last envelope is no JSON object");
    row("gRPC-web's trailers in Connect", connect, {}, both + grpcTrailers(), two,
        "ProtocolViolation: a frame starts with byte 0x80");
    const QByteArray json = "application/connect+json";
    row("Connect in JSON", json, {},
        grpcFrame(R"({"n":1,"s":"a"})") + grpcFrame(" {\"n\":2,\n\"s\":\"é\"} ") +
            grpcFrame("{}", 2),
        two);
    row("one message as it is", "application/proto", {}, kFirst, "1 a");
    row("an empty one", "application/proto", {}, "", "0 ");
}

void TestGrpcDecoder::decodesBodies()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, body);
    QFETCH(QString, rows);
    QFETCH(QString, error);
    const DecodeOutcome outcome = decodeInEverySplit(body, optionsFor(type, headers));
    if (error.isEmpty())
        QCOMPARE(outcome.error, QString());
    QVERIFY2(outcome.error.contains(error), qPrintable(outcome.error));
    QCOMPARE(outcome.rejects, QString());
    QStringList n;
    QStringList s;
    for (const QString &row : rows.split(u';', Qt::SkipEmptyParts)) {
        n += row.section(u' ', 0, 0);
        s += u'"' + row.section(u' ', 1) + u'"';
    }
    if (type == "application/connect+json" || !outcome.rows.isEmpty())
        QCOMPARE(outcome.rows,
                 QStringLiteral("n:int64 [%1]\ns:string [%2]")
                     .arg(n.join(QStringLiteral(" | ")), s.join(QStringLiteral(" | "))));
    else
        QCOMPARE(rows, QString());
}

void TestGrpcDecoder::decodesTextBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");
    const QByteArray both = grpcFrame(kFirst) + grpcFrame(kSecond);
    const QByteArray all = both + grpcTrailers();
    QTest::newRow("one value") << all.toBase64() << QString();
    QTest::newRow("a value for each frame")
        << grpcFrame(kFirst).toBase64() + grpcFrame(kSecond).toBase64() + grpcTrailers().toBase64()
        << QString();
    QByteArray bytes;
    for (const char byte : all)
        bytes += QByteArray(1, byte).toBase64();
    QTest::newRow("padding behind each byte") << bytes << QString();
    QByteArray pairs;
    for (qsizetype i = 0; i < all.size(); i += 2)
        pairs += all.mid(i, 2).toBase64();
    QTest::newRow("padding behind each second byte") << pairs << QString();
    QTest::newRow("lines") << all.left(9).toBase64() + "\r\n" + all.mid(9).toBase64() + "\n"
                           << QString();
    QTest::newRow("cut inside a group")
        << both.toBase64() + grpcTrailers().toBase64() + "AA"
        << QStringLiteral("Truncated: the base64 text ends inside a group of four");
    QTest::newRow("no trailers") << both.toBase64()
                                 << QStringLiteral("GrpcStatus: UNKNOWN: the stream ends without");
    QTest::newRow("no base64") << both.toBase64() + "<html>"
                               << QStringLiteral("SyntaxError: byte 0x3c is not base64");
}

void TestGrpcDecoder::decodesTextBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, error);
    const DecodeOutcome outcome =
        decodeInEverySplit(body, optionsFor("application/grpc-web-text+proto"));
    if (error.isEmpty())
        QCOMPARE(outcome.error, QString());
    QVERIFY2(outcome.error.contains(error), qPrintable(outcome.error));
    QCOMPARE(outcome.rows, QStringLiteral("n:int64 [1 | 2]\ns:string [\"a\" | \"é\"]"));
    QCOMPARE(outcome.position, 0);
}

void TestGrpcDecoder::tellsHowItEnded()
{
    WholeRun web;
    decodeWhole(web, grpcFrame(kFirst) + grpcTrailers(), optionsFor());
    QCOMPARE(web.findings.endStated, std::optional<std::string>("grpc-status 0"));
    WholeRun connect;
    decodeWhole(connect, grpcFrame(kFirst) + grpcFrame("{}", 2),
                optionsFor("application/connect+proto"));
    QCOMPARE(connect.findings.endStated, std::optional<std::string>("Connect's end of the stream"));
    WholeRun failed;
    decodeWhole(failed, grpcTrailers("grpc-status: 1\r\n"), optionsFor());
    QVERIFY(!failed.findings.endStated);
    QCOMPARE(failed.status.error().nativeCode, 1);
}

void TestGrpcDecoder::showsTheDetailsOfAnError()
{
    // google.rpc.Status { code: 3 details { type_url: ".../t.Row" value: <first> }
    //                              details { type_url: ".../google.rpc.BadRequest" } }
    const auto any = [](const QByteArray &name, const QByteArray &value) -> QByteArray {
        const QByteArray url = "type.googleapis.com/" + name;
        QByteArray bytes = QByteArray("\x0a") + static_cast<char>(url.size()) + url;
        bytes += QByteArray("\x12") + static_cast<char>(value.size()) + value;
        return QByteArray("\x1a") + static_cast<char>(bytes.size()) + bytes;
    };
    const QByteArray status =
        QByteArray("\x08\x03") + any("t.Row", kFirst) + any("google.rpc.BadRequest", {});
    const QByteArray lines = "grpc-status: 3\r\ngrpc-status-details-bin: " +
                             status.toBase64(QByteArray::OmitTrailingEquals) + "\r\n";
    WholeRun run;
    decodeWhole(run, grpcTrailers(lines), optionsFor());
    QCOMPARE(run.status.error().detail, std::string("INVALID_ARGUMENT"));
    QCOMPARE(run.status.error().excerpt,
             std::string(R"(t.Row {"n":1,"s":"a"}, google.rpc.BadRequest)"));
}

void TestGrpcDecoder::showsTheStartOfAForeignBody()
{
    WholeRun run;
    decodeWhole(run, "<html><title>Log in</title></html>", optionsFor("text/html; charset=utf-8"));
    QCOMPARE(run.status.error().code, ErrorCode::WrongContentType);
    QCOMPARE(run.status.error().excerpt, std::string("<html><title>Log in</title></html>"));
}

void TestGrpcDecoder::keepsTheRowsOfABrokenBatch()
{
    DecodeOptions options = optionsFor("application/grpc-web+proto", {});
    options.messages.typeName = "t.Batch";
    options.messages.rowsField = "rows";
    const auto row = [](const QByteArray &message) -> QByteArray {
        return "\x0a" + QByteArray(1, static_cast<char>(message.size())) + message;
    };
    const QByteArray good = row(kFirst) + row(kSecond);
    const DecodeOutcome outcome = decodeInEverySplit(
        grpcFrame(QByteArray(good + "\x0a\x7f")) + grpcFrame(good) + grpcTrailers(), options);
    QCOMPARE(outcome.error, QString());
    QVERIFY2(outcome.rejects.contains(QStringLiteral("in message 1")), qPrintable(outcome.rejects));
    QVERIFY2(outcome.rows.startsWith(QStringLiteral("n:int64 [1 | 2 | 1 | 2]")),
             qPrintable(outcome.rows));
}

void TestGrpcDecoder::goesOnBehindAMessage()
{
    WholeRun run;
    const QByteArray first = grpcFrame(kFirst);
    decodeWhole(run, first + grpcFrame(kSecond) + grpcTrailers(), optionsFor());
    QCOMPARE(run.position, first.size() + grpcFrame(kSecond).size());
    WholeRun rest;
    decodeWhole(rest, grpcFrame(kSecond) + grpcTrailers(), optionsFor());
    QCOMPARE(rest.recorder.rows(rest.schema), QStringLiteral("n:int64 [2]\ns:string [\"é\"]"));
}

void TestGrpcDecoder::decodesBase64_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (int size = 0; size < 20; ++size) {
        QByteArray bytes;
        for (int i = 0; i < size; ++i)
            bytes += static_cast<char>(i * 89 + size * 7);
        QTest::addRow("%d bytes", size) << bytes;
    }
}

void TestGrpcDecoder::decodesBase64()
{
    QFETCH(QByteArray, bytes);
    std::string written;
    appendBase64(written, bytes.toStdString());
    QCOMPARE(QByteArray::fromStdString(written), bytes.toBase64());
    QCOMPARE(fromBase64(written), std::optional(bytes.toStdString()));
    QCOMPARE(
        fromBase64(bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
                       .toStdString()),
        std::optional(bytes.toStdString()));
    QVERIFY(!fromBase64("a*bc"));
}

QTEST_GUILESS_MAIN(TestGrpcDecoder)
#include "tst_grpc_decoder.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/grpc_frames.h"
#include "support/proto_source.h"
#include "support/raw_server.h"
#include "support/web_socket_bytes.h"
#include "transfer/transfer.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace std::chrono_literals;
using decode::Format;

namespace {

/// A body in two pieces, each with a row of the column `id`; what comes first is enough for one.
struct Stream
{
    std::string contentType;
    std::string first;
    std::string rest;
    Format format = Format::Auto;
    int rowsAtFirst = 1;
};

} // namespace

Q_DECLARE_METATYPE(Stream)

/// The first row of a source is there before its second piece is sent, whatever the format: the
/// server waits until the test has seen it.
class TestSlowStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void showsTheFirstRowAtOnce_data();
    void showsTheFirstRowAtOnce();
    void showsTheFirstMessageAtOnce();

private:
    void runTwoPieces(DownloadRequest request, Script opening, std::string rest, int rowsAtFirst);

    std::string m_schema; ///< of `message Row { int64 id = 1; }`
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestSlowStreams::initTestCase()
{
    ProtoSource source;
    source.add(QStringLiteral("row.proto"),
               "syntax = \"proto3\"; package t; message Row { int64 id = 1; }");
    const auto schema = source.load(QStringLiteral("row.proto"));
    QVERIFY(schema.has_value());
    m_schema = schema->descriptorSet();
}

void TestSlowStreams::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
}

/// `opening` ends with the first piece.
void TestSlowStreams::runTwoPieces(DownloadRequest request, Script opening, std::string rest,
                                   int rowsAtFirst)
{
    std::promise<void> gate;
    const RawServer server(
        {std::move(opening).wait(gate.get_future().share()).send(std::move(rest))});
    bool isOpen = false;
    const auto open = [&] {
        if (!std::exchange(isOpen, true))
            gate.set_value();
    };
    const auto letGo = qScopeGuard(open);
    const std::string scheme = request.decode.format == Format::WebSocket ? "ws" : "http";
    request.bytes.url = scheme + "://127.0.0.1:" + std::to_string(server.port()) + "/rows";
    auto started = Transfer::start(m_library, std::move(request), {});
    QVERIFY(started.has_value());
    const auto rows = [&transfer = **started] {
        return transfer.dataset()->snapshot().rowCount().value();
    };
    QTRY_COMPARE(rows(), qint64(rowsAtFirst));
    QVERIFY((*started)->progress().timeline.firstRow.has_value());
    open();
    QVERIFY((*started)->waitFor(60s));
    const Progress progress = (*started)->progress();
    QVERIFY2(!progress.error, progress.error ? progress.error->toString().c_str() : "");
    QCOMPARE(rows(), qint64(rowsAtFirst) + 1);
}

void TestSlowStreams::showsTheFirstRowAtOnce_data()
{
    QTest::addColumn<Stream>("stream");
    const auto row = [](const char *name, const Stream &stream) {
        QTest::newRow(name) << stream;
    };
    const std::string lines = "application/x-ndjson";
    row("NDJSON", {lines, "{\"id\":1}\n", "{\"id\":2}\n"});
    row("NDJSON, asked for", {"text/plain", "{\"id\":1}\n", "{\"id\":2}\n", Format::Ndjson});
    row("a JSON array", {"application/json", "[{\"id\":1}", ",{\"id\":2}]"});
    row("a JSON array, asked for", {"text/plain", "[{\"id\":1}", ",{\"id\":2}]", Format::Json});
    row("rows in a JSON document",
        {"application/json", R"({"total":2,"rows":[{"id":1})", R"(,{"id":2}]})"});
    row("CSV", {"text/csv", "id,name\n1,Ada\n", "2,Bob\n"});
    row("CSV of an unknown type, asked for",
        {"text/plain", "id;name\r\n1;Ada\r\n", "2;Bob\r\n", Format::Csv});
    row("CSV without a header",
        {.contentType = "text/csv", .first = "1,2\n3,4\n", .rest = "5,6\n", .rowsAtFirst = 2});
    row("CSV of words", {.contentType = "text/csv",
                         .first = "name,city\nAda,London\nBob,Paris\n",
                         .rest = "Eve,Rome\n",
                         .rowsAtFirst = 2});
    row("TSV", {"text/tab-separated-values", "id\tname\n1\tAda\n", "2\tBob\n"});
    row("SSE", {"text/event-stream", "data: {\"id\":1}\n\n", "data: {\"id\":2}\n\n"});
    row("MessagePack, a sequence", {"application/x-msgpack", "\x81\xA2id\x01", "\x81\xA2id\x02"});
    row("MessagePack, an array", {"application/x-msgpack", "\x92\x81\xA2id\x01", "\x81\xA2id\x02"});
    row("CBOR, a sequence", {"application/cbor-seq", "\xA1\x62id\x01", "\xA1\x62id\x02"});
    row("CBOR, an open array", {"application/cbor", "\x9F\xA1\x62id\x01", "\xA1\x62id\x02\xFF"});
    const QByteArray first = grpcFrame("\x08\x01");
    const QByteArray rest = grpcFrame("\x08\x02") + grpcTrailers();
    row("gRPC-web",
        {"application/grpc-web+proto", first.toStdString(), rest.toStdString(), Format::GrpcWeb});
    row("gRPC-web, base64 text", {"application/grpc-web-text+proto", first.toBase64().toStdString(),
                                  rest.toBase64().toStdString(), Format::GrpcWeb});
}

void TestSlowStreams::showsTheFirstRowAtOnce()
{
    QFETCH(const Stream, stream);
    DownloadRequest request;
    request.decode.format = stream.format;
    request.decode.messages = {.descriptorSet = m_schema, .typeName = "t.Row"};
    const std::string head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(stream.first.size() + stream.rest.size()) +
                             "\r\nContent-Type: " + stream.contentType + "\r\n\r\n";
    runTwoPieces(std::move(request), Script().send(head + stream.first), stream.rest,
                 stream.rowsAtFirst);
}

void TestSlowStreams::showsTheFirstMessageAtOnce()
{
    DownloadRequest request;
    request.decode.format = Format::WebSocket;
    runTwoPieces(std::move(request), Script().upgrade().send(serverFrame(R"({"id":1})")),
                 serverFrame(R"({"id":2})") + closeFrame(1000), 1);
}

QTEST_GUILESS_MAIN(TestSlowStreams)
#include "tst_slow_streams.moc"

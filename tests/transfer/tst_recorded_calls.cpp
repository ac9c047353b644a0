// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "demo/grpc_server.h"
#include "transfer/grpc_call.h"
#include "transfer/recorded_downloads.h"
#include "transport/recording_transport.h"

#include <QFile>

using namespace freshet;
using namespace freshet::transfer;
using test::RecordedDownloads;

/// Calls are made again from their recordings, with the status that their server gave, without
/// server and reflection.
class TestRecordedCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysTheSameAgain_data();
    void saysTheSameAgain();
    void keepsWhatIsSaidAtTheEnd();
    void holdsNoSecretOfTheEnd();

private:
    /// A transport that says things at its end, recorded. Output: what its replay says.
    std::vector<transport::Header> endOf(std::vector<transport::Header> trailers);

    RecordedDownloads m_downloads;
};

void TestRecordedCalls::saysTheSameAgain_data()
{
    QTest::addColumn<GrpcFlavour>("flavour");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<VerdictKind>("verdict");
    constexpr std::pair<GrpcFlavour, const char *> kFlavours[] = {
        {GrpcFlavour::Native, "gRPC"},
        {GrpcFlavour::Web, "gRPC-web"},
        {GrpcFlavour::WebText, "gRPC-web in base64"},
        {GrpcFlavour::Connect, "Connect"}};
    for (const auto &[flavour, name] : kFlavours) {
        QTest::addRow("%s, a row a message", name)
            << flavour << QByteArray("StreamUsers") << QByteArray(R"({"rows": 700})")
            << VerdictKind::Verified;
        QTest::addRow("%s, batches", name)
            << flavour << QByteArray("ListUsers")
            << QByteArray(R"({"rows": 700, "batchSize": 100})") << VerdictKind::Verified;
        QTest::addRow("%s, cut", name)
            << flavour << QByteArray("StreamUsers")
            << QByteArray(R"({"rows": 700, "fault": "cut:300"})") << VerdictKind::Incomplete;
    }
}

void TestRecordedCalls::saysTheSameAgain()
{
    QFETCH(GrpcFlavour, flavour);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, message);
    QFETCH(VerdictKind, verdict);
    DownloadRequest request;
    std::unique_ptr<demo::GrpcServer> native;
    std::unique_ptr<demo::DemoServer> web;
    if (flavour == GrpcFlavour::Native) {
        auto started = demo::GrpcServer::start();
        QVERIFY(started);
        native = std::move(*started);
        request.bytes.url = native->origin();
    } else {
        auto started = demo::DemoServer::start();
        QVERIFY(started);
        web = std::move(*started);
        request.bytes.url = web->origin();
    }
    request.retry.maxRetries = 0;
    request.grpc = GrpcCall{.schema = {.protoFiles = {FRESHET_DEMO_PROTO}},
                            .method = "users.UserService/" + method.toStdString(),
                            .requestJson = message.toStdString(),
                            .flavour = flavour,
                            .rowsField = method == "ListUsers" ? "users" : ""};
    const auto prepared = prepareGrpcCall(request, CancelToken());
    QVERIFY2(prepared, prepared ? "" : prepared.error().toString().c_str());

    const auto live = m_downloads.record(request);
    native.reset();
    web.reset(); // nobody is left to ask
    QCOMPARE(live.progress.verdict->kind, verdict);
    QVERIFY(live.progress.rows > RowCount());
    RecordedDownloads::compareWhole(live, m_downloads.replay());
}

namespace {

class TalkingTransport final : public transport::Transport
{
public:
    explicit TalkingTransport(std::vector<transport::Header> trailers)
        : m_trailers(std::move(trailers))
    {}
    Result<transport::TransportEnd> run(transport::ByteSink &, const CancelToken &) override
    {
        return transport::TransportEnd{};
    }
    transport::TransportProgress progress() const override { return {}; }
    std::vector<transport::Header> trailers() const override { return m_trailers; }

private:
    const std::vector<transport::Header> m_trailers;
};

class NoSink final : public transport::ByteSink
{
public:
    Status onHead(const transport::ResponseHead &) override { return {}; }
    Status onBytes(std::string_view) override { return {}; }
};

} // namespace

std::vector<transport::Header> TestRecordedCalls::endOf(std::vector<transport::Header> trailers)
{
    auto writer = transport::RecordingWriter::create(m_downloads.file(), "");
    if (!writer)
        qFatal("%s", writer.error().toString().c_str());
    transport::ByteRequest request;
    request.url = "grpc://127.0.0.1:1/a.B/C";
    NoSink sink;
    transport::RecordingTransport live(request, *writer,
                                       std::make_unique<TalkingTransport>(std::move(trailers)));
    (void)live.run(sink, CancelToken());
    auto recording = (*writer)->close().and_then(
        [this] { return transport::Recording::load(m_downloads.file()); });
    if (!recording)
        qFatal("%s", recording.error().toString().c_str());
    transport::ReplayTransport replay(
        request, std::make_shared<transport::ReplayCursor>(*recording), {.speed = 0}, nullptr);
    (void)replay.run(sink, CancelToken());
    return replay.trailers();
}

void TestRecordedCalls::keepsWhatIsSaidAtTheEnd()
{
    const std::vector<transport::Header> said = {
        {"grpc-status", "0"}, {"Notice", "two\nlines: and a \\ of\r\nthree"}, {"empty", ""}};
    const auto again = endOf(said);
    QCOMPARE(again.size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        QCOMPARE(again[i].name, said[i].name);
        QCOMPARE(again[i].value, said[i].value);
    }
    // However much it is, the recording stays bounded.
    const std::vector<transport::Header> much(1000, {"Notice", std::string(1000, 'n')});
    const auto kept = endOf(much).size();
    QVERIFY2(kept > 50 && kept < 70, std::to_string(kept).c_str());
}

void TestRecordedCalls::holdsNoSecretOfTheEnd()
{
    const auto again = endOf({{"grpc-status", "0"},
                              {"x-session-token", "hush"},
                              {"next", "https://127.0.0.1/rows?api_key=hush"}});
    QCOMPARE(again.size(), 2U);
    QFile kept(QString::fromStdString(m_downloads.file().string()));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QVERIFY(!kept.readAll().contains("hush"));
}

QTEST_GUILESS_MAIN(TestRecordedCalls)
#include "tst_recorded_calls.moc"

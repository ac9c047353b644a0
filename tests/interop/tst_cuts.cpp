// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/table_fixture.h"
#include "support/cutting_proxy.h"
#include "support/nginx_server.h"
#include "transport/collecting_sink.h"

#include <random>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRows = 4000;
/// Connections that are cut, the first ones; the others come through.
constexpr std::size_t kCutConnections = 6;

/// A download from `port`, where a proxy stands before the server.
using RequestAt = std::function<DownloadRequest(int port)>;

/// FRESHET_SEEDS, for other cuts than those of every run: `5,6,7`. By itself each way is cut once,
/// and gRPC also by the seed that once took a lost connection for a source that had changed.
std::vector<unsigned> seedsFor(const std::string &way)
{
    std::vector<unsigned> seeds;
    const QString usual = way == "gRPC, rows" ? u"1,3"_s : u"1"_s;
    const auto asked = qEnvironmentVariable("FRESHET_SEEDS", usual).split(u',');
    for (const QString &seed : asked)
        seeds.push_back(seed.toUInt());
    return seeds;
}

struct Way
{
    int serverPort = 0;
    RequestAt request;
};

} // namespace

Q_DECLARE_METATYPE(Way)

/// Real servers behind a proxy that resets connections at random: whatever the protocol, the table
/// equals that of one whole answer, no row is lost and none comes twice.
class TestCuts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void leaveTheTableEqual_data();
    void leaveTheTableEqual();

private:
    [[nodiscard]] bool keepAsFile(const QString &path, const QString &name);

    TableFixture m_server;
    NginxServer m_nginx;
    QTemporaryDir m_files;
    TableDigest m_expected;
};

bool TestCuts::keepAsFile(const QString &path, const QString &name)
{
    transport::ByteRequest request =
        TableFixture::at(m_server.webPort(), path + u"?rows=%1"_s.arg(kRows)).bytes;
    request.acceptEncoding = "identity";
    const Fetched fetched = fetch(request);
    QFile file(m_files.filePath(name));
    return fetched.end && file.open(QIODevice::WriteOnly) &&
           file.write(QByteArray::fromStdString(fetched.sink.text)) > 0;
}

void TestCuts::initTestCase()
{
    if (const QString reason = m_server.start(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    if (NginxServer::isInstalled()) {
        for (const char *format : {"ndjson", "json", "msgpack", "cbor"}) {
            const QString name = QLatin1String(format);
            QVERIFY(keepAsFile(u'/' + name, u"rows."_s + name));
        }
        QVERIFY(m_nginx.start({.folder = m_files.path()}));
    }
    const auto whole =
        m_server.run(TableFixture::at(m_server.webPort(), u"/ndjson?rows=%1"_s.arg(kRows)));
    QCOMPARE(whole->progress().rows.value(), kRows);
    m_expected = contentOf(*whole);
}

void TestCuts::leaveTheTableEqual_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<unsigned>("seed");
    const auto add = [&](const std::string &name, int serverPort, const RequestAt &request) {
        for (const unsigned seed : seedsFor(name))
            QTest::addRow("%s, seed %u", name.c_str(), seed) << Way{serverPort, request} << seed;
    };
    const int web = m_server.webPort();
    const QString rows = QString::number(kRows);

    for (const char *format : {"ndjson", "json", "msgpack", "cbor"}) {
        const QString name = QLatin1String(format);
        const auto get = [](const QString &path) {
            return [path](int port) {
                DownloadRequest request = TableFixture::at(port, path);
                request.bytes.acceptEncoding = "identity";
                return request;
            };
        };
        add(std::string(format) + " read again", web, get(u'/' + name + u"?rows="_s + rows));
        if (NginxServer::isInstalled())
            add(std::string(format) + " by range", m_nginx.port(NginxServer::Scheme::Plain),
                get(u"/rows."_s + name));
    }
    add("NDJSON, gzip, read again", web, [rows](int port) {
        DownloadRequest request = TableFixture::at(port, u"/ndjson?rows="_s + rows);
        request.bytes.acceptEncoding = "gzip";
        return request;
    });
    add("NDJSON by since token", web, [rows](int port) {
        DownloadRequest request = TableFixture::at(port, u"/ndjson?rows="_s + rows);
        request.since = SinceRule::parse("param=since,from=at").value();
        return request;
    });
    add("events", web, [rows](int port) { return TableFixture::at(port, u"/sse?rows="_s + rows); });
    add("WebSocket", web, [rows](int port) {
        DownloadRequest request = TableFixture::at(port, u"/"_s, "ws");
        request.bytes.body = "{\"rows\":" + rows.toStdString() + "}";
        request.webSocket.resumeMessage =
            "{\"rows\":" + rows.toStdString() + R"(,"after":"${last.id}"})";
        return request;
    });
    for (const auto &[name, style] :
         {std::pair("offset", PageStyle::Offset), std::pair("page", PageStyle::Number),
          std::pair("cursor", PageStyle::Cursor), std::pair("keyset", PageStyle::Keyset),
          std::pair("link", PageStyle::Link), std::pair("next", PageStyle::Next)}) {
        PageRule rule{.style = style};
        if (style == PageStyle::Keyset)
            rule.positionTo = "after", rule.positionFrom = "id";
        if (style == PageStyle::Cursor)
            rule.positionTo = "cursor";
        const QString path = u"/pages/%1?limit=150&rows="_s.arg(QLatin1String(name)) + rows;
        add(std::string("pages by ") + name, web, [path, rule](int port) {
            DownloadRequest request = TableFixture::at(port, path);
            request.pages = rule;
            return request;
        });
    }
    for (const auto &[name, flavour] :
         {std::pair("gRPC-web", GrpcFlavour::Web), std::pair("Connect", GrpcFlavour::Connect),
          std::pair("gRPC", GrpcFlavour::Native)}) {
        const bool isNative = flavour == GrpcFlavour::Native;
        for (const bool inBatches : {false, true})
            add(std::string(name) + (inBatches ? ", batches" : ", rows"),
                isNative ? m_server.grpcPort() : web, [this, flavour, inBatches](int port) {
                    DownloadRequest request = m_server.callAt(port, flavour, kRows, inBatches);
                    request.grpc->schema.protoFiles = {m_server.proto()};
                    return request;
                });
    }
}

void TestCuts::leaveTheTableEqual()
{
    QFETCH(const Way, way);
    QFETCH(const unsigned, seed);
    const auto run = [&](CuttingProxy &proxy) {
        DownloadRequest request = way.request(proxy.port());
        request.retry = {.maxRetries = 50,
                         .firstDelay = std::chrono::milliseconds(1),
                         .maxDelay = std::chrono::milliseconds(5)};
        return m_server.run(std::move(request));
    };
    std::int64_t bytes = 0;
    {
        CuttingProxy proxy(way.serverPort, [](std::size_t) { return std::nullopt; });
        const auto transfer = run(proxy);
        QVERIFY2(transfer->progress().rows.value() == kRows,
                 toldBy(transfer->progress()).constData());
        bytes = proxy.bytesPassed() / proxy.connections();
        m_server.remove(transfer->dataset()->id());
    }
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::int64_t> place(1, bytes - 1);
    CuttingProxy proxy(way.serverPort, [&](std::size_t connection) {
        return connection < kCutConnections ? std::optional(place(random)) : std::nullopt;
    });
    const auto transfer = run(proxy);
    const Progress progress = transfer->progress();
    QVERIFY2(progress.verdict->kind != VerdictKind::Incomplete, toldBy(progress).constData());
    QCOMPARE(progress.rows.value(), kRows);
    const std::string different = differences(contentOf(*transfer), m_expected);
    QVERIFY2(different.empty(), different.c_str());
    QVERIFY(proxy.cuts() > 0);
    m_server.remove(transfer->dataset()->id());
}

QTEST_GUILESS_MAIN(TestCuts)
#include "tst_cuts.moc"

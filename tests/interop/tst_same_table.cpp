// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/table_fixture.h"
#include "support/nginx_server.h"

#include <QElapsedTimer>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;

/// The same rows through every protocol, from servers that others wrote, give the same table, value
/// for value: types and the contents of each column, in order. FRESHET_INTEROP_ROWS says how many.
class TestSameTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void equalsNdjson_data();
    void equalsNdjson();

private:
    const qint64 m_rows = qMax(1, qEnvironmentVariableIntValue("FRESHET_INTEROP_ROWS"));
    TableFixture m_server;
    NginxServer m_nginx;
    TableDigest m_expected;
};

Q_DECLARE_METATYPE(DownloadRequest)

void TestSameTable::initTestCase()
{
    if (const QString reason = m_server.start(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    if (NginxServer::isInstalled()) {
        const QString before = QStringLiteral(
            "location / { proxy_pass http://127.0.0.1:%1; proxy_http_version 1.1;"
            " proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_kind;"
            " proxy_set_header Accept-Encoding $http_accept_encoding; proxy_read_timeout 600s; }"
            " location /interop.Rows/ { if ($content_type ~ ^application/grpc$) { grpc_pass"
            " grpc://127.0.0.1:%2; } proxy_pass http://127.0.0.1:%1; proxy_http_version 1.1;"
            " grpc_read_timeout 600s; }"
            " location /grpc.reflection. { grpc_pass grpc://127.0.0.1:%2; }"
            " set $connection_kind close; if ($http_upgrade) { set $connection_kind upgrade; }");
        QVERIFY(m_nginx.start(
            {.folder = m_server.folder(),
             .extraServer = before.arg(m_server.webPort()).arg(m_server.grpcPort())}));
    }
    const auto transfer =
        m_server.run(TableFixture::at(m_server.webPort(), u"/ndjson?rows=%1"_s.arg(m_rows)));
    const Progress progress = transfer->progress();
    QVERIFY2(progress.verdict->kind != VerdictKind::Incomplete, toldBy(progress).constData());
    QCOMPARE(progress.rows.value(), m_rows);
    m_expected = contentOf(*transfer);
    QVERIFY(m_expected.size() >= 14);
}

void TestSameTable::equalsNdjson_data()
{
    QTest::addColumn<DownloadRequest>("request");
    const int web = m_server.webPort();
    const auto get = [&](const char *name, int port, const QString &path,
                         const char *codings = "identity", const char *scheme = "http") {
        DownloadRequest request = TableFixture::at(port, path.arg(m_rows), scheme);
        request.bytes.acceptEncoding = codings;
        QTest::newRow(name) << request;
        return request;
    };
    get("NDJSON, gzip", web, u"/ndjson?rows=%1"_s, "gzip");
    get("NDJSON, br", web, u"/ndjson?rows=%1"_s, "br");
    get("JSON", web, u"/json?rows=%1"_s);
    get("JSON, gzip", web, u"/json?rows=%1"_s, "gzip");
    get("server-sent events", web, u"/sse?rows=%1"_s);
    get("MessagePack", web, u"/msgpack?rows=%1"_s);
    get("CBOR", web, u"/cbor?rows=%1"_s);

    const auto socket = [&](int port, const char *scheme) {
        DownloadRequest request = TableFixture::at(port, u"/"_s, scheme);
        request.bytes.body = "{\"rows\":" + std::to_string(m_rows) + "}";
        return request;
    };
    QTest::newRow("WebSocket") << socket(web, "ws");

    for (const auto &[name, style] :
         {std::pair("offset", PageStyle::Offset), std::pair("page", PageStyle::Number),
          std::pair("cursor", PageStyle::Cursor), std::pair("keyset", PageStyle::Keyset),
          std::pair("link", PageStyle::Link), std::pair("next", PageStyle::Next)}) {
        DownloadRequest request = TableFixture::at(
            web, u"/pages/%1?rows=%2&limit=2000"_s.arg(QLatin1String(name)).arg(m_rows));
        request.pages = PageRule{.style = style};
        if (style == PageStyle::Keyset)
            request.pages->positionTo = "after", request.pages->positionFrom = "id";
        if (style == PageStyle::Cursor)
            request.pages->positionTo = "cursor";
        QTest::addRow("pages by %s", name) << request;
    }

    for (const bool inBatches : {false, true}) {
        const char *kind = inBatches ? "batches" : "rows";
        const auto call = [&](int port, GrpcFlavour flavour) {
            return m_server.callAt(port, flavour, m_rows, inBatches);
        };
        QTest::addRow("gRPC-web, %s", kind) << call(web, GrpcFlavour::Web);
        QTest::addRow("Connect, %s", kind) << call(web, GrpcFlavour::Connect);
        DownloadRequest text = call(m_server.textPort(), GrpcFlavour::WebText);
        text.bytes.version = transport::HttpVersion::Http2;
        QTest::addRow("gRPC-web in base64 over HTTP/2, %s", kind) << text;
        QTest::addRow("gRPC, %s", kind) << call(m_server.grpcPort(), GrpcFlavour::Native);
    }

    if (!NginxServer::isInstalled())
        return;
    using Scheme = NginxServer::Scheme;
    const auto behind = [&](const char *name, DownloadRequest request) {
        request.bytes.caFile = m_nginx.certificateFile().toStdString();
        QTest::addRow("%s behind nginx", name) << request;
    };
    const auto port = [&](Scheme scheme) {
        return m_nginx.port(scheme);
    };
    for (const auto &[name, path] : {std::pair("NDJSON over HTTP/2 and TLS", u"/ndjson?rows=%1"_s),
                                     std::pair("events over HTTP/2 and TLS", u"/sse?rows=%1"_s)})
        behind(name, TableFixture::at(port(Scheme::Http2), path.arg(m_rows), "https"));
    behind("WebSocket over TLS", socket(port(Scheme::Tls), "wss"));
    behind("gRPC-web over HTTP/2",
           m_server.callAt(port(Scheme::Http2), GrpcFlavour::Web, m_rows, true, "https"));
    behind("gRPC", m_server.callAt(port(Scheme::PlainHttp2), GrpcFlavour::Native, m_rows, true));
}

void TestSameTable::equalsNdjson()
{
    QFETCH(const DownloadRequest, request);
    QElapsedTimer timer;
    timer.start();
    const auto transfer = m_server.run(request);
    const qint64 elapsed = qMax<qint64>(1, timer.elapsed());
    const Progress progress = transfer->progress();
    QVERIFY2(progress.verdict->kind != VerdictKind::Incomplete, toldBy(progress).constData());
    QCOMPARE(progress.rows.value(), m_rows);
    const std::string different = differences(contentOf(*transfer), m_expected);
    QVERIFY2(different.empty(), different.c_str());
    qInfo("%lld rows in %lld ms, %lld rows/s", qlonglong(m_rows), elapsed, m_rows * 1000 / elapsed);
    m_server.remove(transfer->dataset()->id());
}

QTEST_GUILESS_MAIN(TestSameTable)
#include "tst_same_table.moc"

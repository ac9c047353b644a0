// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_sources.h"

#include "demo/body_encoder.h"
#include "support/nginx_server.h"

#include <QTest>

using namespace freshet;
using namespace freshet::lab;
using namespace freshet::test;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRows = 160;
constexpr int kLittle = 14; ///< 32 KB in all
constexpr int kMuch = 400;  ///< 900 KB in all, several blocks of a compressor

/// FRESHET_LAB_REPEATS runs of each case; one if it is not set.
int repeats()
{
    const int asked = qEnvironmentVariableIntValue("FRESHET_LAB_REPEATS");
    return asked > 0 ? asked : 1;
}

/// A row every 10 ms.
Script slowStream(int noiseWords)
{
    Script script = Script().send(ndjsonHead());
    for (int i = 0; i < kRows; ++i)
        script = std::move(script).send(chunk(rowText(i, noiseWords))).pause(10ms);
    return std::move(script).send(std::string(kLastChunk));
}

/// As servers answer a proxy that speaks HTTP/1.0 with them: nothing but the close ends the body.
Script slowOldStream()
{
    Script script = Script().send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n");
    for (int i = 0; i < kRows; ++i)
        script = std::move(script).send(rowText(i)).pause(10ms);
    return script;
}

/// Rows through a compressor that is flushed after each, or never.
Script compressedStream(bool isFlushed, int noiseWords)
{
    const auto encoder = demo::makeBodyEncoder("gzip");
    if (!encoder)
        qFatal("%s", encoder.error().toString().c_str());
    Script script = Script().send(ndjsonHead("Content-Encoding: gzip\r\n"));
    const auto piece = [&](std::string_view text, demo::BodyEncoder::Mode mode) {
        std::string out;
        if (!(*encoder)->encode(text, mode, out))
            qFatal("no gzip");
        if (!out.empty())
            script = std::move(script).send(chunk(out));
    };
    for (int i = 0; i < kRows; ++i) {
        piece(rowText(i, noiseWords),
              isFlushed ? demo::BodyEncoder::Mode::Flush : demo::BodyEncoder::Mode::More);
        script = std::move(script).pause(10ms);
    }
    piece({}, demo::BodyEncoder::Mode::End);
    return std::move(script).send(std::string(kLastChunk));
}

Script scriptFor(const std::string &request)
{
    const auto asks = [&request](std::string_view path) {
        return request.starts_with("GET " + std::string(path));
    };
    if (asks("/late"))
        return Script().pause(2000ms).send(ndjsonHead() + chunk(rowsText(0, 1000)) +
                                           std::string(kLastChunk));
    if (asks("/begins-late")) {
        Script script = Script().pause(1500ms).send(ndjsonHead());
        for (int i = 0; i < 60; ++i)
            script = std::move(script).send(chunk(rowText(i))).pause(20ms);
        return std::move(script).send(std::string(kLastChunk));
    }
    if (asks("/stall"))
        return Script()
            .send(ndjsonHead() + chunk(rowsText(0, 500)))
            .pause(3000ms)
            .send(chunk(rowsText(500, 500)) + std::string(kLastChunk));
    if (asks("/fast"))
        return Script().send(ndjsonHead() + chunk(rowsText(0, 1000)) + std::string(kLastChunk));
    if (asks("/bursts")) {
        Script script = Script().send(ndjsonHead());
        for (int i = 0; i < 8; ++i)
            script = std::move(script).send(chunk(rowsText(i * 50, 50))).pause(250ms);
        return std::move(script).send(std::string(kLastChunk));
    }
    if (asks("/flushed"))
        return compressedStream(true, kLittle);
    if (asks("/unflushed"))
        return compressedStream(false, kMuch);
    if (asks("/whole-gzip"))
        return compressedStream(false, kLittle);
    if (asks("/old"))
        return slowOldStream();
    return slowStream(asks("/much") ? kMuch : kLittle);
}

} // namespace

/// How streams come, judged against servers that do one thing on purpose and a real nginx.
class TestStreamHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!NginxServer::isInstalled())
            return;
        const auto location = [this](const QString &name, const QString &how, const QString &path) {
            return u"location %1 { %2 proxy_pass http://127.0.0.1:%3%4; } "_s.arg(name, how)
                .arg(m_server.port())
                .arg(path);
        };
        const QString on = u"proxy_buffering on;"_s;
        const QString off = u"proxy_buffering off;"_s;
        const QString newer = u" proxy_http_version 1.1;"_s;
        const QString gzip = u" gzip on; gzip_proxied any; gzip_types application/x-ndjson;"_s;
        m_hasNginx = m_nginx.start(
            {.extraServer = location(u"/on"_s, on, u"/old"_s) +
                            location(u"/off"_s, off, u"/old"_s) +
                            location(u"/chunked-on"_s, on + newer, u"/slow"_s) +
                            location(u"/chunked-off"_s, off + newer, u"/slow"_s) +
                            location(u"/zipped-on"_s, on + newer + gzip, u"/much"_s) +
                            location(u"/zipped-off"_s, off + newer + gzip, u"/much"_s)});
        QVERIFY(m_hasNginx);
    }

    void injectedFacts_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<StreamKind>("kind");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("waits 2 s, then all at once")
            << QByteArray("/late") << StreamKind::LateStart << QByteArray("nothing for 2.");
        QTest::newRow("waits 1.5 s, then streams")
            << QByteArray("/begins-late") << StreamKind::LateStart << QByteArray("then it begins");
        QTest::newRow("trickles") << QByteArray("/slow") << StreamKind::Trickle
                                  << QByteArray("row by row");
        QTest::newRow("stands still for 3 s at half")
            << QByteArray("/stall") << StreamKind::Stalled << QByteArray("after 500 rows");
        QTest::newRow("bursts of its own making")
            << QByteArray("/bursts") << StreamKind::Bursts << QByteArray("comes in bursts");
        QTest::newRow("too fast to tell")
            << QByteArray("/fast") << StreamKind::Unknown << QByteArray("too fast");
        QTest::newRow("gzip, flushed after each row")
            << QByteArray("/flushed") << StreamKind::Trickle << QByteArray("row by row");
        QTest::newRow("gzip, never flushed")
            << QByteArray("/unflushed") << StreamKind::Buffered << QByteArray("compressor");
        QTest::newRow("gzip, never flushed, and all of it in one block")
            << QByteArray("/whole-gzip") << StreamKind::LateStart << QByteArray("compressor");
    }

    void injectedFacts()
    {
        QFETCH(QByteArray, path);
        QFETCH(StreamKind, kind);
        QFETCH(QByteArray, says);
        for (int i = 0; i < repeats(); ++i) {
            const RunRecord run = m_bench.run(m_server.url(path.toStdString()), "gzip");
            QVERIFY2(run.counts(), run.error.c_str());
            QVERIFY2(run.health.kind == kind, told(run.health).constData());
            QVERIFY2(told(run.health).contains(says), told(run.health).constData());
        }
    }

    void behindNginx_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("isHttp2");
        QTest::addColumn<bool>("isBuffered");
        QTest::newRow("buffering on") << u"/on"_s << false << true;
        QTest::newRow("buffering off") << u"/off"_s << false << false;
        QTest::newRow("buffering on, HTTP/2") << u"/on"_s << true << true;
        QTest::newRow("buffering off, HTTP/2") << u"/off"_s << true << false;
        // nginx hands each chunk of a chunked answer on as it comes, buffering or not.
        QTest::newRow("buffering on, chunked answer") << u"/chunked-on"_s << false << false;
        QTest::newRow("buffering off, chunked answer") << u"/chunked-off"_s << false << false;
        QTest::newRow("buffering on, gzip") << u"/zipped-on"_s << false << true;
        QTest::newRow("buffering off, gzip") << u"/zipped-off"_s << false << false;
    }

    void behindNginx()
    {
        if (!m_hasNginx)
            QSKIP("nginx is not installed");
        QFETCH(QString, path);
        QFETCH(bool, isHttp2);
        QFETCH(bool, isBuffered);
        const auto scheme = isHttp2 ? NginxServer::Scheme::PlainHttp2 : NginxServer::Scheme::Plain;
        for (int i = 0; i < repeats(); ++i) {
            const RunRecord run = m_bench.run(m_nginx.url(scheme, path).toStdString(), "gzip",
                                              isHttp2 ? transport::HttpVersion::Http2
                                                      : transport::HttpVersion::Http1);
            QVERIFY2(run.counts(), run.error.c_str());
            QVERIFY2((run.health.kind == StreamKind::Buffered) == isBuffered,
                     told(run.health).constData());
            if (!isBuffered)
                QVERIFY2(run.health.kind == StreamKind::Trickle, told(run.health).constData());
            else
                QVERIFY(!run.health.findings.front().cures.empty());
        }
    }

    void mostRunsDecide()
    {
        const auto healthOf = [](StreamKind kind) {
            return StreamHealth{.kind = kind};
        };
        QCOMPARE(typicalHealth({healthOf(StreamKind::Steady), healthOf(StreamKind::Buffered),
                                healthOf(StreamKind::Buffered)})
                     .kind,
                 StreamKind::Buffered);
        QCOMPARE(typicalHealth({healthOf(StreamKind::Buffered), healthOf(StreamKind::Steady)}).kind,
                 StreamKind::Steady);
        QCOMPARE(typicalHealth({}).kind, StreamKind::Unknown);
    }

    void pagesAreNoStream()
    {
        const auto health = judgeStream({.requests = 3});
        QCOMPARE(health.kind, StreamKind::Unknown);
        QVERIFY(health.findings.front().sentence.starts_with("3 requests"));
    }

private:
    RawServer m_server{[](const std::string &request, std::size_t) {
        return scriptFor(request);
    }};
    RunBench m_bench;
    NginxServer m_nginx;
    bool m_hasNginx = false;
};

QTEST_GUILESS_MAIN(TestStreamHealth)
#include "tst_stream_health.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cutting_proxy.h"
#include "support/fault_server.h"
#include "support/file_fetch.h"
#include "support/nginx_server.h"
#include "transfer/part_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::Asked;
using freshet::test::contentOf;
using freshet::test::CuttingProxy;
using freshet::test::fetchFile;
using freshet::test::fetchUntil;
using freshet::test::NginxServer;
using freshet::test::RawServer;
using freshet::test::Script;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A request's range, half-open; the whole if there is none.
struct Range
{
    std::size_t first = 0;
    std::size_t end = 0;
    bool isAsked = false;
};

Range rangeOf(const Asked &asked, std::size_t size)
{
    const auto value = asked.header("Range");
    if (!value)
        return {0, size, false};
    const std::size_t dash = value->find('-');
    const std::size_t first = std::stoul(value->substr(6));
    const std::string last = value->substr(dash + 1);
    return {first, last.empty() ? size : std::min(size, std::stoul(last) + 1), true};
}

/// Answers with `body`, honestly: 206 for a range whose condition holds.
std::string honest(const Asked &asked, const std::string &body, const std::string &etag)
{
    Range range = rangeOf(asked, body.size());
    const auto condition = asked.header("If-Range");
    if (condition && *condition != etag)
        range = {0, body.size(), false};
    std::string head = range.isAsked
                           ? "HTTP/1.1 206 Partial\r\nContent-Range: bytes " +
                                 std::to_string(range.first) + '-' + std::to_string(range.end - 1) +
                                 '/' + std::to_string(body.size()) + "\r\n"
                           : std::string("HTTP/1.1 200 OK\r\n");
    head += "Connection: close\r\n" + (etag.empty() ? "" : "ETag: " + etag + "\r\n") +
            "Content-Length: " + std::to_string(range.end - range.first) + "\r\n\r\n";
    return head + body.substr(range.first, range.end - range.first);
}

std::string status(int code)
{
    return "HTTP/1.1 " + std::to_string(code) +
           " No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
}

} // namespace

/// Whole files over several connections: pieces side by side, each by rules R7, R8 and R12.
class TestFilePieces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cutsIntoPieces_data();
    void cutsIntoPieces();
    void fetchesFromNginx_data();
    void fetchesFromNginx();
    void goesOnWithNginx_data();
    void goesOnWithNginx();
    void survivesBadServers_data();
    void survivesBadServers();
    void neverMixesTwoFiles();
    void fetchesADamagedPieceAgain();
    void weighsTheDigestOfTheWhole_data();
    void weighsTheDigestOfTheWhole();

private:
    FileDownloadRequest request(const std::string &url, int connections = 4) const
    {
        FileDownloadRequest wanted;
        wanted.bytes.url = url;
        wanted.file = m_file;
        wanted.retry = {.maxRetries = 6, .firstDelay = 1ms, .maxDelay = 2ms};
        wanted.connections = connections;
        wanted.leastPiece = 64_KiB;
        return wanted;
    }
    void writeSource(const QByteArray &content) const
    {
        QVERIFY(test::writeFile(m_folder->filePath(u"source.bin"_s), content));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
    std::string m_body;
};

void TestFilePieces::initTestCase()
{
    m_body = test::randomBytes(4 << 20, 3).toStdString();
}

void TestFilePieces::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"got.bin"_s).toStdString();
}

void TestFilePieces::cutsIntoPieces_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("connections");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("pieces");
    QTest::newRow("a byte") << 0 << 1 << 4 << 10 << 1;
    QTest::newRow("nothing") << 5 << 5 << 4 << 10 << 0;
    QTest::newRow("shorter than a piece") << 0 << 9 << 4 << 10 << 1;
    QTest::newRow("just two") << 0 << 20 << 4 << 10 << 2;
    QTest::newRow("one byte more") << 0 << 21 << 4 << 10 << 3;
    QTest::newRow("four for each connection") << 0 << 1600 << 4 << 10 << 16;
    QTest::newRow("behind what is here") << 100 << 900 << 2 << 10 << 8;
}

void TestFilePieces::cutsIntoPieces()
{
    QFETCH(int, first);
    QFETCH(int, end);
    QFETCH(int, connections);
    QFETCH(int, least);
    QFETCH(int, pieces);
    const auto cut =
        cutIntoPieces(ByteOffset(first), ByteOffset(end), connections, ByteCount(least));
    QCOMPARE(std::ssize(cut), pieces);
    ByteOffset at(first);
    for (const auto &piece : cut) {
        QCOMPARE(piece.first, at);
        QVERIFY(piece.length > ByteCount());
        at += piece.length;
    }
    QCOMPARE(at, ByteOffset(end));
}

void TestFilePieces::fetchesFromNginx_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("connections");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("one") << (4 << 20) << 1 << QByteArray();
    QTest::newRow("two") << (4 << 20) << 2 << QByteArray("over 2 connections");
    QTest::newRow("four") << (4 << 20) << 4 << QByteArray("over 4 connections");
    QTest::newRow("sixteen") << (4 << 20) << 16 << QByteArray("over 16 connections");
    QTest::newRow("a file of one piece") << 1000 << 4 << QByteArray("over 1 connections");
    QTest::newRow("an empty file") << 0 << 4 << QByteArray();
}

void TestFilePieces::fetchesFromNginx()
{
    QFETCH(int, size);
    QFETCH(int, connections);
    QFETCH(QByteArray, says);
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    const QByteArray content = QByteArray(m_body.data(), size);
    writeSource(content);
    NginxServer server;
    QVERIFY(server.start({.folder = m_folder->path()}));
    const auto report = fetchFile(request(
        server.url(NginxServer::Scheme::Plain, u"source.bin"_s).toStdString(), connections));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
    QVERIFY(contentOf(report.file) == content);
    QByteArray evidence;
    for (const auto &sentence : report.verdict.evidence)
        evidence += QByteArray::fromStdString(sentence) + '\n';
    QVERIFY2(evidence.contains(says), evidence.constData());
}

void TestFilePieces::goesOnWithNginx_data()
{
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    QTest::newRow("four, then four") << 4 << 4;
    QTest::newRow("one, then four") << 1 << 4;
    QTest::newRow("four, then one") << 4 << 1;
}

void TestFilePieces::goesOnWithNginx()
{
    QFETCH(int, before);
    QFETCH(int, after);
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    writeSource(QByteArray::fromStdString(m_body));
    NginxServer server;
    QVERIFY(server.start({.folder = m_folder->path()}));
    CuttingProxy proxy(server.port(NginxServer::Scheme::Plain),
                       [](std::size_t) { return std::nullopt; });
    proxy.holdAt(2 << 20);
    const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port()) + "/source.bin";
    const auto cut = fetchUntil(request(url, before), 1_MiB);
    proxy.holdAt(std::nullopt);
    QVERIFY(cut.error.has_value());
    QCOMPARE(int(cut.error->code), int(ErrorCode::Cancelled));
    QVERIFY(cut.bytes >= 1_MiB);
    QVERIFY(cut.bytes < ByteCount(std::ssize(m_body)));
    const auto report = fetchFile(request(url, after));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(report.earlierBytes, cut.bytes);
    QCOMPARE(report.wireBytes, ByteCount(std::ssize(m_body)) - cut.bytes);
    QVERIFY(contentOf(report.file) == QByteArray::fromStdString(m_body));
}

void TestFilePieces::survivesBadServers_data()
{
    QTest::addColumn<QString>("fault");
    QTest::newRow("each answer is cut") << u"cut"_s;
    QTest::newRow("no ranges") << u"no ranges"_s;
    QTest::newRow("ranges at first only") << u"first only"_s;
    QTest::newRow("no validator") << u"no tag"_s;
    QTest::newRow("a weak validator") << u"weak"_s;
    QTest::newRow("another place than asked for") << u"shifted"_s;
    QTest::newRow("more than asked for") << u"longer"_s;
    QTest::newRow("less than asked for") << u"shorter"_s;
    QTest::newRow("503 now and then") << u"503"_s;
    QTest::newRow("one connection only") << u"one"_s;
}

void TestFilePieces::survivesBadServers()
{
    QFETCH(QString, fault);
    std::atomic<int> busy = 0;
    const std::string etag = fault == u"no tag" ? "" : fault == u"weak" ? "W/\"1\"" : "\"1\"";
    const RawServer server([&](const std::string &text, std::size_t number) -> Script {
        const Asked asked{text};
        const Range range = rangeOf(asked, m_body.size());
        const std::string answer = honest(asked, m_body, etag);
        const std::size_t head = answer.find("\r\n\r\n") + 4;
        const bool isLate = number > 0;
        if (fault == u"cut" && isLate && answer.size() > 10'000)
            return Script().send(answer.substr(0, head + (answer.size() - head) / 2 + 1)).reset();
        if (fault == u"no ranges" || (fault == u"first only" && isLate))
            return Script().send(honest(Asked{"GET / HTTP/1.1\r\n\r\n"}, m_body, etag));
        if (range.isAsked && isLate && (fault == u"shifted" || fault == u"longer")) {
            const std::size_t first = range.first + (fault == u"shifted" ? 1 : 0);
            const std::size_t end = std::min(m_body.size(), range.end + 100);
            const Asked other{"GET / HTTP/1.1\r\nRange: bytes=" + std::to_string(first) + '-' +
                              std::to_string(end - 1) + "\r\n\r\n"};
            return Script().send(honest(other, m_body, etag));
        }
        if (fault == u"shorter" && range.isAsked && range.end - range.first > 5000) {
            const Asked other{"GET / HTTP/1.1\r\nRange: bytes=" + std::to_string(range.first) +
                              '-' + std::to_string(range.first + 70'000) + "\r\n\r\n"};
            return Script().send(honest(other, m_body, etag));
        }
        if (fault == u"503" && number % 3 == 1)
            return Script().send(status(503));
        if (fault == u"one" && isLate && busy.fetch_add(1) % 4 != 0)
            return Script().send(status(429));
        return Script().send(answer);
    });
    const auto report = fetchFile(request(server.url("/data.bin")));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QVERIFY(contentOf(report.file) == QByteArray::fromStdString(m_body));
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
}

void TestFilePieces::neverMixesTwoFiles()
{
    const std::string other = test::randomBytes(std::ssize(m_body), 99).toStdString();
    std::atomic<int> asked = 0;
    const RawServer server([&](const std::string &text, std::size_t) -> Script {
        // The file is replaced while its pieces are on the way.
        const bool isNew = ++asked > 6;
        return Script().send(
            honest(Asked{text}, isNew ? other : m_body, isNew ? "\"2\"" : "\"1\""));
    });
    const auto report = fetchFile(request(server.url("/data.bin")));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QVERIFY(contentOf(report.file) == QByteArray::fromStdString(other));
    QVERIFY(asked > 6);
}

void TestFilePieces::fetchesADamagedPieceAgain()
{
    std::atomic<std::size_t> sent = 0;
    std::atomic<bool> isSlow = true;
    const RawServer server([&](const std::string &text, std::size_t number) -> Script {
        const Asked asked{text};
        const Range range = rangeOf(asked, m_body.size());
        if (isSlow && number > 6)
            return Script().stall();
        sent += range.end - range.first;
        return Script().send(honest(asked, m_body, "\"1\""));
    });
    const auto cut = fetchUntil(request(server.url("/data.bin")), ByteCount(1'200'000));
    QVERIFY(cut.error.has_value());
    QFile stateFile(QString::fromStdString(PartFile::statePath(m_file).string()));
    QVERIFY(stateFile.open(QIODevice::ReadOnly));
    const auto state = PartState::fromJson(stateFile.readAll().toStdString());
    QVERIFY(state);
    // Which of them came first is up to the threads.
    const auto damaged = std::ranges::find_if(
        state->pieces, [](const FilePiece &piece) { return piece.held.length > ByteCount(); });
    QVERIFY(damaged != state->pieces.end());
    const qint64 place = damaged->first.value();
    QFile part(QString::fromStdString(PartFile::partPath(m_file).string()));
    QVERIFY(part.open(QIODevice::ReadWrite));
    QVERIFY(part.seek(place));
    const char flipped = static_cast<char>(m_body[static_cast<std::size_t>(place)] ^ 1);
    QCOMPARE(part.write(&flipped, 1), 1);
    part.close();
    isSlow = false;
    const auto report = fetchFile(request(server.url("/data.bin")));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QVERIFY(contentOf(report.file) == QByteArray::fromStdString(m_body));
    QVERIFY(report.earlierBytes > ByteCount());
    QCOMPARE(report.earlierBytes, cut.bytes - damaged->held.length);
}

void TestFilePieces::weighsTheDigestOfTheWhole_data()
{
    QTest::addColumn<bool>("isRight");
    QTest::newRow("right") << true;
    QTest::newRow("wrong") << false;
}

void TestFilePieces::weighsTheDigestOfTheWhole()
{
    QFETCH(bool, isRight);
    const RawServer server([&](const std::string &text, std::size_t) -> Script {
        return Script().send(honest(Asked{text}, m_body, "\"1\""));
    });
    auto digest = Digest::create(DigestKind::Sha256);
    QVERIFY(digest.has_value());
    digest->append(isRight ? m_body : "something else");
    auto wanted = request(server.url("/data.bin"));
    wanted.sha256 = hexText(digest->value());
    const auto report = fetchFile(wanted);
    QCOMPARE(int(report.verdict.kind),
             int(isRight ? VerdictKind::Verified : VerdictKind::Incomplete));
    QCOMPARE(report.file, isRight ? m_file : PartFile::partPath(m_file));
}

QTEST_GUILESS_MAIN(TestFilePieces)
#include "tst_file_pieces.moc"

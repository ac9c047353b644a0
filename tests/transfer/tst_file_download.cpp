// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/nginx_server.h"
#include "transfer/file_download_case.h"
#include "transfer/part_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;

Q_DECLARE_METATYPE(freshet::ErrorCode)

/// Whole files: their bytes as sent, through every kind of interruption (rules R7–R12).
class TestFileDownload : public QObject, private FileDownloadCase
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeFolder(); }
    void survivesACutAtEveryByte_data();
    void survivesACutAtEveryByte();
    void combinesOnlyWhatBelongsTogether_data();
    void combinesOnlyWhatBelongsTogether();
    void asksForTheRest();
    void undiciSequence_data();
    void undiciSequence();
    void keepsTheEncodedBytes();
    void replacesTheFileOnlyWhenWhole();
    void startsOverWhenTheLocalBytesChanged();
    void dropsWhatIsNotVouchedFor();
    void twoDownloadsDoNotShareAFile();
    void fetchesFromNginxThroughRestarts_data();
    void fetchesFromNginxThroughRestarts();
};

void TestFileDownload::survivesACutAtEveryByte_data()
{
    QTest::addColumn<bool>("inOneRun");
    QTest::addColumn<bool>("byRange");
    QTest::newRow("by range, in one run") << true << true;
    QTest::newRow("by range, in a run of its own") << false << true;
    QTest::newRow("by reading again, in one run") << true << false;
    QTest::newRow("by reading again, in a run of its own") << false << false;
}

void TestFileDownload::survivesACutAtEveryByte()
{
    QFETCH(bool, inOneRun);
    QFETCH(bool, byRange);
    for (std::size_t cut = 1; cut < kBody.size(); ++cut) {
        const std::string headers = byRange ? kTag : std::string();
        RawServer server({whole(cut, headers), byRange ? rest(cut) : whole(kBody.size(), headers)});
        auto report = fetch(server, inOneRun ? kQuick : kNoRetry);
        if (!inOneRun) {
            QCOMPARE(report.verdict.kind, VerdictKind::Incomplete);
            QCOMPARE(report.bytes.value(), std::int64_t(cut));
            QVERIFY(!std::filesystem::exists(m_file));
            report = fetch(server, kNoRetry);
            QCOMPARE(report.earlierBytes.value(), std::int64_t(cut));
        }
        QCOMPARE(contentOf(m_file).toStdString(), kBody);
        QCOMPARE(report.verdict.kind, VerdictKind::Verified);
        QCOMPARE(report.bytesReadAgain.value(), byRange ? 0 : std::int64_t(cut));
        QCOMPARE(server.requests().size(), 2u);
        QVERIFY(!std::filesystem::exists(PartFile::partPath(m_file)));
        QVERIFY(!std::filesystem::exists(PartFile::statePath(m_file)));
        QVERIFY(std::filesystem::remove(m_file));
    }
}

void TestFileDownload::combinesOnlyWhatBelongsTogether_data()
{
    QTest::addColumn<QList<Script>>("scripts");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<VerdictKind>("verdict");
    const QByteArray same = QByteArray::fromStdString(kBody);
    const std::string otherText = "ANOTHER FILE ALTOGETHER";
    const QByteArray other = QByteArray::fromStdString(otherText);
    const std::string newTag = "ETag: \"v2\"\r\n";
    const auto another = [&](const std::string &headers) {
        return whole(otherText.size(), headers, otherText);
    };
    const auto row = [](const char *name, const QList<Script> &scripts, const QByteArray &content,
                        VerdictKind verdict = VerdictKind::Verified) {
        QTest::newRow(name) << scripts << content << verdict;
    };
    row("21: 206 of the same", {whole(12), rest(12)}, same);
    row("21: cut again and again", {whole(5), rest(5, kTag, 9), rest(9, kTag, 30), rest(30)}, same);
    row("22: 200 with the same", {whole(12), whole()}, same);
    row("22: 200 with another", {whole(12), another(newTag), another(newTag)}, other);
    row("23: 206 with another tag", {whole(12), rest(12, newTag), another(newTag)}, other);
    row("24: weak tag", {whole(12, "ETag: W/\"v1\"\r\n"), whole(36, "ETag: W/\"v1\"\r\n")}, same);
    row("24: no validator, other bytes", {whole(12, ""), another(""), another("")}, other);
    row("25: 206 from elsewhere", {whole(12), rest(10), whole()}, same);
    row("26: 206 without Content-Range", {whole(12), status(206, kTag), whole()}, same);
    row("26: Content-Range that is none",
        {whole(12), status(206, kTag + "Content-Range: bytes bad\r\n"), whole()}, same);
    row("27: complete length changed",
        {whole(12), status(206, kTag + "Content-Range: bytes 12-35/99\r\n", kBody.substr(12)),
         another(newTag)},
        other);
    row("27: complete length unknown, known before",
        {whole(12), status(206, kTag + "Content-Range: bytes 12-35/*\r\n", kBody.substr(12))},
        same);
    row("28: several parts",
        {whole(12), status(206, kTag + "Content-Type: multipart/byteranges; boundary=x\r\n"),
         whole()},
        same);
    row("29: 206 shorter than asked",
        {whole(12), status(206, kTag + "Content-Range: bytes 12-19/36\r\n", kBody.substr(12, 8)),
         rest(20)},
        same);
    row("30: 416 at full size",
        {Script().send("HTTP/1.1 200 OK\r\n" + kTag + "Transfer-Encoding: chunked\r\n\r\n24\r\n" +
                       kBody),
         status(416, kTag + "Content-Range: bytes */36\r\n")},
        same);
    row("30: 416 of a shorter one",
        {whole(30), status(416, "Content-Range: bytes */23\r\n"), another(newTag)}, other);
    row("32: a coding that was not there",
        {whole(12), rest(12, kTag + "Content-Encoding: gzip\r\n"), whole()}, same);
    row("36: 503, then the rest", {whole(12), status(503), rest(12)}, same);
    row("chunked body, no length",
        {Script().send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")},
        "abc", VerdictKind::Ended);
    row("body until the close", {Script().send("HTTP/1.1 200 OK\r\n\r\nabc")}, "abc",
        VerdictKind::Ended);
    row("empty file", {whole(0, kTag, "")}, "", VerdictKind::Verified);
}

void TestFileDownload::combinesOnlyWhatBelongsTogether()
{
    QFETCH(QList<Script>, scripts);
    QFETCH(QByteArray, content);
    QFETCH(VerdictKind, verdict);
    RawServer server({scripts.begin(), scripts.end()});
    const auto report = fetch(server);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(contentOf(m_file), content);
    QCOMPARE(report.verdict.kind, verdict);
    QCOMPARE(report.file, m_file);
    QCOMPARE(server.requests().size(), std::size_t(scripts.size()));
    QCOMPARE(QByteArray::fromStdString(report.sha256),
             QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

void TestFileDownload::asksForTheRest()
{
    RawServer server({whole(12), rest(12)});
    QVERIFY(!fetch(server).error);
    const auto asked = server.requests();
    QCOMPARE(headerOf(asked[0], "Range"), QByteArray());
    QCOMPARE(headerOf(asked[0], "Accept-Encoding"), QByteArray("identity"));
    QCOMPARE(headerOf(asked[1], "Range"), QByteArray("bytes=12-"));
    QCOMPARE(headerOf(asked[1], "If-Range"), QByteArray("\"v1\""));
    QCOMPARE(headerOf(asked[1], "Accept-Encoding"), QByteArray("identity"));
}

void TestFileDownload::undiciSequence_data()
{
    QTest::addColumn<QJsonObject>("sequence");
    QFile file(test::corpusPath(u"http-faults/undici_resume_sequences.json"_s));
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::newRow("no corpus") << QJsonObject();
        return;
    }
    const auto cases = QJsonDocument::fromJson(file.readAll()).object()[u"cases"_s].toArray();
    for (const auto &one : cases)
        QTest::newRow(one.toObject()[u"id"_s].toString().toUtf8().constData()) << one.toObject();
}

/// The corpus writes tags without their quotes and asks for its own header (If-Match); what counts
/// is that nothing is combined that does not belong together.
void TestFileDownload::undiciSequence()
{
    QFETCH(QJsonObject, sequence);
    if (sequence.isEmpty())
        QSKIP("the corpus http-faults is not here");
    std::vector<Script> scripts;
    const auto steps = sequence[u"steps"_s].toArray();
    for (const auto &step : steps) {
        const QJsonValue reply = step.toObject()[u"reply"_s];
        if (reply.isString()) {
            scripts.push_back(Script().reset());
            continue;
        }
        std::string text =
            "HTTP/1.1 " + std::to_string(reply.toObject()[u"status"_s].toInt()) + " Scripted\r\n";
        const auto headers = reply.toObject()[u"headers"_s].toObject();
        for (auto it = headers.begin(); it != headers.end(); ++it) {
            QString value = it.value().toString();
            if (it.key() == u"etag"_s)
                value = value.startsWith(u"W/"_s) ? u"W/\"%1\""_s.arg(value.mid(2))
                                                  : u"\"%1\""_s.arg(value);
            text += it.key().toStdString() + ": " + value.toStdString() + "\r\n";
        }
        const std::string body = reply.toObject()[u"body"_s].toString().toStdString();
        const bool isCut = reply.toObject()[u"then"_s].toString().startsWith(u"destroy"_s);
        text += isCut ? "Transfer-Encoding: chunked\r\n\r\n3\r\n" + body + "\r\n"
                      : "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        scripts.push_back(Script().send(text));
    }
    const auto expected = sequence[u"expect"_s].toObject();
    const QString final = expected[u"final"_s].toString();
    const bool isWeak = expected.contains(u"strict"_s);
    // Where it must not go on, it asks for the whole, from a server that has it.
    if (final.isEmpty() && !isWeak)
        scripts.push_back(whole());
    RawServer server(scripts);
    const auto report = fetch(server);
    if (isWeak) {
        // No range was asked for, and a part that comes unasked is refused.
        QCOMPARE(headerOf(server.requests()[1], "Range"), QByteArray());
        QVERIFY(report.error);
        QCOMPARE(report.error->code, ErrorCode::ProtocolViolation);
        QCOMPARE(contentOf(PartFile::partPath(m_file)), QByteArray("abc"));
        return;
    }
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    const QByteArray content = final.isEmpty() ? QByteArray::fromStdString(kBody) : final.toUtf8();
    QCOMPARE(contentOf(m_file), content);
}

void TestFileDownload::keepsTheEncodedBytes()
{
    const std::string notGzip = "\x1f\x8b these are the bytes as they were sent";
    RawServer server({whole(notGzip.size(), kTag + "Content-Encoding: gzip\r\n", notGzip)});
    const auto report = fetch(server);
    QCOMPARE(contentOf(m_file).toStdString(), notGzip);
    QCOMPARE(report.verdict.kind, VerdictKind::Verified);
}

void TestFileDownload::replacesTheFileOnlyWhenWhole()
{
    QFile earlier(QString::fromStdString(m_file.string()));
    QVERIFY(earlier.open(QIODevice::WriteOnly) && earlier.write("earlier") == 7);
    earlier.close();
    RawServer server({whole(12), rest(12)});
    QCOMPARE(fetch(server, kNoRetry).verdict.kind, VerdictKind::Incomplete);
    QCOMPARE(contentOf(m_file), QByteArray("earlier"));
    QCOMPARE(contentOf(PartFile::partPath(m_file)).toStdString(), kBody.substr(0, 12));
    QCOMPARE(fetch(server, kNoRetry).verdict.kind, VerdictKind::Verified);
    QCOMPARE(contentOf(m_file).toStdString(), kBody);
}

void TestFileDownload::startsOverWhenTheLocalBytesChanged()
{
    RawServer server({whole(12), whole()});
    QCOMPARE(fetch(server, kNoRetry).bytes.value(), 12);
    QFile part(QString::fromStdString(PartFile::partPath(m_file).string()));
    QVERIFY(part.open(QIODevice::ReadWrite) && part.seek(4) && part.write("X") == 1);
    part.close();
    const auto report = fetch(server, kNoRetry);
    QCOMPARE(contentOf(m_file).toStdString(), kBody);
    QCOMPARE(headerOf(server.requests()[1], "Range"), QByteArray());
    QVERIFY(evidenceOf(report).contains("changed on this machine"));
}

void TestFileDownload::dropsWhatIsNotVouchedFor()
{
    // As after a power cut: bytes behind the last commit, which may be anything.
    RawServer server({whole(12), rest(12)});
    QCOMPARE(fetch(server, kNoRetry).bytes.value(), 12);
    QFile part(QString::fromStdString(PartFile::partPath(m_file).string()));
    QVERIFY(part.open(QIODevice::Append) && part.write("\0\0\0\0", 4) == 4);
    part.close();
    QCOMPARE(fetch(server, kNoRetry).verdict.kind, VerdictKind::Verified);
    QCOMPARE(contentOf(m_file).toStdString(), kBody);
}

void TestFileDownload::twoDownloadsDoNotShareAFile()
{
    auto other = PartFile::open(m_file, CancelToken());
    QVERIFY(other);
    RawServer server({whole()});
    const auto report = fetch(server);
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::LibraryBusy);
    QCOMPARE(server.requests().size(), 0u);
}

void TestFileDownload::fetchesFromNginxThroughRestarts_data()
{
    QTest::addColumn<NginxServer::Scheme>("scheme");
    QTest::newRow("HTTP/1.1") << NginxServer::Scheme::Plain;
    QTest::newRow("HTTP/1.1 over TLS") << NginxServer::Scheme::Tls;
    QTest::newRow("HTTP/2 over TLS") << NginxServer::Scheme::Http2;
}

/// Cancelled wherever it happens to be, again and again, each time gone on with by a new object.
void TestFileDownload::fetchesFromNginxThroughRestarts()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    QFETCH(NginxServer::Scheme, scheme);
    QTemporaryDir folder;
    QByteArray content(24 << 20, '\0');
    QRandomGenerator random(7);
    random.generate(reinterpret_cast<quint32 *>(content.data()),
                    reinterpret_cast<quint32 *>(content.data() + content.size()));
    QFile file(folder.filePath(u"big.bin"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    NginxServer nginx;
    QVERIFY(nginx.start({.folder = folder.path()}));

    auto wanted = request(nginx.url(scheme, u"/big.bin"_s).toStdString());
    wanted.bytes.caFile = nginx.certificateFile().toStdString();
    FileDownloadReport report;
    int runs = 0;
    std::int64_t received = 0;
    do {
        const auto until = report.bytes + ByteCount(3'000'000 + random.bounded(3'000'000));
        // The run that would get all of it is left alone: cancelled with every byte here and
        // nothing concluded, it would be cancelled again by each run behind it.
        const bool isLast = until >= ByteCount(content.size());
        report = isLast ? fetchFile(wanted) : fetchUntil(wanted, until);
        received += report.wireBytes.value();
        ++runs;
    } while (report.verdict.kind == VerdictKind::Incomplete && runs < 100);
    QCOMPARE(report.verdict.kind, VerdictKind::Verified);
    QVERIFY(runs > 1);
    QVERIFY(contentOf(m_file) == content);
    // Nothing but what was under way when it was cancelled came twice.
    QVERIFY2(received < content.size() + runs * (4 << 20),
             QByteArray::number(received).constData());
}

QTEST_GUILESS_MAIN(TestFileDownload)
#include "tst_file_download.moc"

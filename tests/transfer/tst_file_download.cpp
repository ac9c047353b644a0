// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_download.h"

#include "support/corpora.h"
#include "support/nginx_server.h"
#include "support/raw_server.h"
#include "transfer/part_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::NginxServer;
using freshet::test::RawServer;
using freshet::test::Script;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

Q_DECLARE_METATYPE(freshet::ErrorCode)

namespace {

const std::string kBody = "0123456789abcdefghijklmnopqrstuvwxyz";
const std::string kTag = "ETag: \"v1\"\r\n";
constexpr transport::RetryPolicy kQuick{.maxRetries = 4, .firstDelay = 1ms, .maxDelay = 2ms};
constexpr transport::RetryPolicy kNoRetry{.maxRetries = 0};

std::string answer(int status, const std::string &headers, std::size_t length,
                   const std::string &body)
{
    return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n" + body;
}
/// The whole, of which only the first `sent` bytes come.
Script whole(std::size_t sent = kBody.size(), const std::string &headers = kTag,
             const std::string &body = kBody)
{
    return Script().send(answer(200, headers, body.size(), body.substr(0, sent)));
}
Script rest(std::size_t from, const std::string &headers = kTag, std::size_t sent = kBody.size())
{
    const std::string range = "Content-Range: bytes " + std::to_string(from) + "-" +
                              std::to_string(kBody.size() - 1) + '/' +
                              std::to_string(kBody.size()) + "\r\n";
    return Script().send(
        answer(206, headers + range, kBody.size() - from, kBody.substr(from, sent - from)));
}
Script status(int code, const std::string &headers = {}, const std::string &body = "no")
{
    return Script().send(answer(code, headers, body.size(), body));
}

QByteArray contentOf(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be opened)");
}

/// The value of a header in a request as it came; empty if it is not there.
QByteArray headerOf(const std::string &request, const QByteArray &name)
{
    const auto lines = QByteArray::fromStdString(request).split('\n');
    for (const QByteArray &line : lines) {
        if (line.left(name.size() + 1).toLower() == QByteArray(name + ':').toLower())
            return line.mid(name.size() + 1).trimmed();
    }
    return {};
}

QByteArray evidenceOf(const FileDownloadReport &report)
{
    QByteArray text;
    for (const auto &sentence : report.verdict.evidence)
        text += QByteArray::fromStdString(sentence) + '\n';
    return text;
}

} // namespace

/// Whole files: their bytes as sent, through every kind of interruption (rules R7–R12).
class TestFileDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
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
    void weighsDigests_data();
    void weighsDigests();
    void beginsAgainAfterADamagedFile();
    void takesTheDigestBeside();
    void cancelKeepsWhatIsHere();
    void leavesNothingOfARefusal();
    void takesNoPageForAFile_data();
    void takesNoPageForAFile();
    void keepsWhatIsHereFromAPage();
    void refusesBadRequests_data();
    void refusesBadRequests();
    void fetchesFromNginxThroughRestarts_data();
    void fetchesFromNginxThroughRestarts();

private:
    FileDownloadRequest request(const std::string &url,
                                const transport::RetryPolicy &retry = kQuick) const
    {
        FileDownloadRequest wanted;
        wanted.bytes.url = url;
        wanted.file = m_file;
        wanted.retry = retry;
        return wanted;
    }
    static FileDownloadReport run(const FileDownloadRequest &request)
    {
        auto download = FileDownload::create(request);
        return download ? (*download)->run(CancelToken())
                        : FileDownloadReport{.error = download.error()};
    }
    FileDownloadReport fetch(const RawServer &server,
                             const transport::RetryPolicy &retry = kQuick) const
    {
        return run(request(server.url("/data.bin"), retry));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
};

void TestFileDownload::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"data.bin"_s).toStdString();
}

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

void TestFileDownload::weighsDigests_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("sha256");
    QTest::addColumn<VerdictKind>("verdict");
    QTest::addColumn<QByteArray>("sentence");
    const QByteArray body = QByteArray::fromStdString(kBody);
    const auto hash = [&](QCryptographicHash::Algorithm kind) {
        return QCryptographicHash::hash(body, kind);
    };
    const QByteArray sha = hash(QCryptographicHash::Sha256);
    const QByteArray wrong = QCryptographicHash::hash("x", QCryptographicHash::Sha256);
    const auto good = VerdictKind::Verified;
    const auto bad = VerdictKind::Incomplete;
    QTest::newRow("Repr-Digest") << "Repr-Digest: sha-256=:" + sha.toBase64() + ":\r\n"
                                 << QByteArray() << good << QByteArray("which Repr-Digest states");
    QTest::newRow("Digest with SHA-512")
        << "Digest: SHA-512=" + hash(QCryptographicHash::Sha512).toBase64() + "\r\n"
        << QByteArray() << good << QByteArray("SHA-512 of the file = ");
    QTest::newRow("x-goog-hash of what is stored otherwise")
        << QByteArray("x-goog-hash: crc32c=AAAAAA==\r\nx-goog-stored-content-encoding: gzip\r\n")
        << QByteArray() << good << QByteArray("length 36");
    QTest::newRow("Content-MD5") << "Content-MD5: " + hash(QCryptographicHash::Md5).toBase64() +
                                        "\r\n"
                                 << QByteArray() << good << QByteArray("MD5 of the file = ");
    QTest::newRow("wrong Repr-Digest, right length")
        << "Repr-Digest: sha-256=:" + wrong.toBase64() + ":\r\n"
        << QByteArray() << bad << QByteArray("SHA-256 of the file is not ");
    QTest::newRow("wrong x-goog-hash") << QByteArray("x-goog-hash: crc32c=AAAAAA==\r\n")
                                       << QByteArray() << bad << QByteArray("CRC-32C");
    QTest::newRow("the caller's") << QByteArray() << sha.toHex() << good
                                  << QByteArray("which the caller states");
    QTest::newRow("the caller's, wrong")
        << QByteArray() << wrong.toHex() << bad << QByteArray("which the caller states");
}

void TestFileDownload::weighsDigests()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, sha256);
    QFETCH(VerdictKind, verdict);
    QFETCH(QByteArray, sentence);
    RawServer server({whole(12, kTag + headers.toStdString()), rest(12)});
    auto wanted = request(server.url());
    wanted.sha256 = sha256.toStdString();
    const auto report = run(wanted);
    QCOMPARE(report.verdict.kind, verdict);
    QVERIFY2(evidenceOf(report).contains(sentence), evidenceOf(report).constData());
    QCOMPARE(std::filesystem::exists(m_file), verdict == VerdictKind::Verified);
    QCOMPARE(report.file == m_file, verdict == VerdictKind::Verified);
}

void TestFileDownload::beginsAgainAfterADamagedFile()
{
    const std::string digest =
        "Digest: sha-256=" +
        QCryptographicHash::hash(QByteArray::fromStdString(kBody), QCryptographicHash::Sha256)
            .toBase64()
            .toStdString() +
        "\r\n";
    const std::string damaged = "0123456789ABCDEFghijklmnopqrstuvwxyz";
    RawServer server({whole(36, kTag + digest, damaged), whole(36, kTag + digest)});
    QCOMPARE(fetch(server).verdict.kind, VerdictKind::Incomplete);
    QCOMPARE(contentOf(PartFile::partPath(m_file)).toStdString(), damaged);
    const auto report = fetch(server);
    QCOMPARE(report.verdict.kind, VerdictKind::Verified);
    QCOMPARE(contentOf(m_file).toStdString(), kBody);
    QCOMPARE(headerOf(server.requests()[1], "Range"), QByteArray());
}

void TestFileDownload::takesTheDigestBeside()
{
    const std::string hex =
        QCryptographicHash::hash(QByteArray::fromStdString(kBody), QCryptographicHash::Sha256)
            .toHex()
            .toStdString();
    RawServer server({status(200, "", hex + "  data.bin\n"), whole()});
    auto wanted = request(server.url("/files/data.bin?key=1"));
    wanted.hasSha256Beside = true;
    const auto report = run(wanted);
    QCOMPARE(report.verdict.kind, VerdictKind::Verified);
    QVERIFY(evidenceOf(report).contains("which the .sha256 file states"));
    QVERIFY(server.requests()[0].starts_with("GET /files/data.bin.sha256?key=1 "));
}

void TestFileDownload::cancelKeepsWhatIsHere()
{
    RawServer server({Script().send(answer(200, kTag, 36, kBody.substr(0, 12))).stall(), rest(12)});
    auto download = FileDownload::create(request(server.url()));
    QVERIFY(download);
    const CancelToken cancel;
    FileDownloadReport report;
    std::thread worker([&] { report = (*download)->run(cancel); });
    const bool came = QTest::qWaitFor([&] { return (*download)->progress().held.value() == 12; });
    cancel.cancel();
    worker.join();
    QVERIFY(came);
    QCOMPARE(report.error->code, ErrorCode::Cancelled);
    QCOMPARE(report.verdict.kind, VerdictKind::Incomplete);
    QCOMPARE(run(request(server.url())).verdict.kind, VerdictKind::Verified);
    QCOMPARE(contentOf(m_file).toStdString(), kBody);
}

void TestFileDownload::leavesNothingOfARefusal()
{
    RawServer server({status(404)});
    const auto report = fetch(server);
    QCOMPARE(report.error->code, ErrorCode::HttpStatus);
    QCOMPARE(report.error->nativeCode, 404);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList());
}

void TestFileDownload::takesNoPageForAFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isTaken");
    const QByteArray page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>" +
                            QByteArray(2000, ' ') + "</html>";
    const QByteArray html = "text/html; charset=utf-8";
    QTest::newRow("a login page for a Parquet file") << u"rows.parquet"_s << html << page << false;
    QTest::newRow("one that is short") << u"rows.csv"_s << html << page.left(60) << false;
    QTest::newRow("one that calls itself data")
        << u"rows.csv.gz"_s << QByteArray("application/octet-stream") << page << false;
    QTest::newRow("a page that is wanted") << u"page.html"_s << html << page << true;
    QTest::newRow("a name that says nothing") << u"page"_s << html << page << true;
    QTest::newRow("a file that calls itself a page")
        << u"rows.csv"_s << html << QByteArray("a,b\n1,2\n") << true;
    QTest::newRow("an empty file") << u"rows.csv"_s << html << QByteArray() << true;
}

void TestFileDownload::takesNoPageForAFile()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(bool, isTaken);
    const std::string headers = kTag + "Content-Type: " + type.toStdString() + "\r\n";
    const std::string bytes = body.toStdString();
    const RawServer server(
        [=](const std::string &, std::size_t) { return whole(bytes.size(), headers, bytes); });
    auto wanted = request(server.url("/get"));
    wanted.file = std::filesystem::path(m_folder->filePath(name).toStdString());
    const auto report = run(wanted);
    QCOMPARE(report.verdict.kind != VerdictKind::Incomplete, isTaken);
    QCOMPARE(std::filesystem::exists(wanted.file), isTaken);
    if (isTaken) {
        QCOMPARE(contentOf(wanted.file), body);
        return;
    }
    QCOMPARE(report.error->code, ErrorCode::WrongContentType);
    QVERIFY2(report.error->detail.find("an HTML page in place of " + name.toStdString()) !=
                 std::string::npos,
             report.error->detail.c_str());
    QCOMPARE(report.error->detail.find("\"Sign in\"") != std::string::npos, true);
    QVERIFY(!std::filesystem::exists(PartFile::partPath(wanted.file)));
}

/// A page that comes where the file is to be begun again takes nothing away.
void TestFileDownload::keepsWhatIsHereFromAPage()
{
    const std::string page = "<html><body>" + std::string(3000, 'x') + "</body></html>";
    const RawServer server([=](const std::string &, std::size_t number) {
        // Cut; then another version, which is a page that does not call itself one.
        return number == 0
                   ? whole(20)
                   : whole(page.size(), "ETag: \"v2\"\r\nContent-Type: application/x\r\n", page);
    });
    auto wanted = request(server.url("/get"), kNoRetry);
    wanted.file = std::filesystem::path(m_folder->filePath(u"data.parquet"_s).toStdString());
    QCOMPARE(run(wanted).bytes.value(), 20);
    const auto report = run(wanted);
    QCOMPARE(report.error->code, ErrorCode::WrongContentType);
    QCOMPARE(contentOf(PartFile::partPath(wanted.file)),
             QByteArray::fromStdString(kBody.substr(0, 20)));
}

void TestFileDownload::refusesBadRequests_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<bool>("hasRange");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a path") << u"/etc/hostname"_s << QString() << false << ErrorCode::Unsupported;
    QTest::newRow("no URL") << QString() << QString() << false << ErrorCode::UrlInvalid;
    QTest::newRow("short digest") << u"http://127.0.0.1/"_s << u"abc"_s << false
                                  << ErrorCode::InvalidArgument;
    QTest::newRow("a range of the caller's")
        << u"http://127.0.0.1/"_s << QString() << true << ErrorCode::InvalidArgument;
}

void TestFileDownload::refusesBadRequests()
{
    QFETCH(QString, url);
    QFETCH(QString, sha256);
    QFETCH(bool, hasRange);
    auto wanted = request(url.toStdString());
    wanted.sha256 = sha256.toStdString();
    if (hasRange)
        wanted.bytes.headers.push_back({"range", "bytes=0-1"});
    const auto download = FileDownload::create(wanted);
    QVERIFY(!download);
    QTEST(download.error().code, "code");
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
        auto download = FileDownload::create(wanted);
        QVERIFY(download);
        const CancelToken cancel;
        const std::int64_t until = report.bytes.value() + 3'000'000 + random.bounded(3'000'000);
        std::thread worker([&] { report = (*download)->run(cancel); });
        while ((*download)->progress().held.value() < std::min<std::int64_t>(until, content.size()))
            std::this_thread::yield();
        cancel.cancel();
        worker.join();
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

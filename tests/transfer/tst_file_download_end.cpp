// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_download_case.h"
#include "transfer/part_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>

#include <thread>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;

Q_DECLARE_METATYPE(freshet::ErrorCode)

/// What becomes of a whole file in the end: digests, refusals, pages in its place.
class TestFileDownloadEnd : public QObject, private FileDownloadCase
{
    Q_OBJECT

private Q_SLOTS:
    void init() { makeFolder(); }
    void weighsDigests_data();
    void weighsDigests();
    void beginsAgainAfterADamagedFile();
    void takesTheDigestBeside();
    void cancelKeepsWhatIsHere();
    void leavesNothingOfARefusal();
    void tellsARefusalThatWasOvercome();
    void takesNoPageForAFile_data();
    void takesNoPageForAFile();
    void keepsWhatIsHereFromAPage();
    void refusesBadRequests_data();
    void refusesBadRequests();
};

void TestFileDownloadEnd::weighsDigests_data()
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

void TestFileDownloadEnd::weighsDigests()
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

void TestFileDownloadEnd::beginsAgainAfterADamagedFile()
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

void TestFileDownloadEnd::takesTheDigestBeside()
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

void TestFileDownloadEnd::cancelKeepsWhatIsHere()
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

void TestFileDownloadEnd::tellsARefusalThatWasOvercome()
{
    RawServer server({status(503), whole(12), status(502), rest(12)});
    const auto report = fetch(server);
    QCOMPARE(report.verdict.kind, VerdictKind::Verified);
    const QByteArray evidence = evidenceOf(report);
    QVERIFY2(evidence.contains("2 requests failed and were sent again, the last because the server "
                               "answered 502"),
             evidence.constData());
    QCOMPARE(evidence.count("interrupted, then continued"), 1);
}

void TestFileDownloadEnd::leavesNothingOfARefusal()
{
    RawServer server({status(404)});
    const auto report = fetch(server);
    QCOMPARE(report.error->code, ErrorCode::HttpStatus);
    QCOMPARE(report.error->nativeCode, 404);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList());
}

void TestFileDownloadEnd::takesNoPageForAFile_data()
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

void TestFileDownloadEnd::takesNoPageForAFile()
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
void TestFileDownloadEnd::keepsWhatIsHereFromAPage()
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

void TestFileDownloadEnd::refusesBadRequests_data()
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

void TestFileDownloadEnd::refusesBadRequests()
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

QTEST_GUILESS_MAIN(TestFileDownloadEnd)
#include "tst_file_download_end.moc"

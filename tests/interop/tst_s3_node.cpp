// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cutting_proxy.h"
#include "support/file_fetch.h"
#include "support/raw_server.h"
#include "support/s3_server.h"
#include "support/table_text.h"
#include "transfer/prepare.h"
#include "transfer/transfer.h"
#include "transport/remote_listing.h"
#include "transport/stated_digests.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::contentOf;
using freshet::test::CuttingProxy;
using freshet::test::fetchFile;
using freshet::test::fetchUntil;
using freshet::test::S3Server;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// Against S3 as npm's `s3rver` serves it, with signatures checked by AWS's own signer.
class TestS3Node : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void downloads_data();
    void downloads();
    void goesOnOverSeveralConnections();
    void goesOnAfterAStop_data();
    void goesOnAfterAStop();
    void beginsAgainWhenTheObjectChanged();
    void tellsWhatWentWrong_data();
    void tellsWhatWentWrong();
    void readsWithoutAKey();
    void checksTheMd5();
    void listsAPrefix_data();
    void listsAPrefix();
    void listsPageByPage();
    void opensManyAsOneTable_data();
    void opensManyAsOneTable();
    void checksWhatLiesBeside_data();
    void checksWhatLiesBeside();

private:
    transport::ByteRequest request(const QString &url) const
    {
        transport::ByteRequest wanted;
        wanted.url = url.toStdString();
        wanted.s3 = {.endpoint = m_server.endpoint(),
                     .region = S3Server::kRegion,
                     .accessKeyId = S3Server::kAccessKey,
                     .secretAccessKey = S3Server::kSecretKey};
        return wanted;
    }
    FileDownloadRequest fileRequest(transport::ByteRequest bytes, int connections = 1) const
    {
        FileDownloadRequest wanted;
        wanted.bytes = std::move(bytes);
        wanted.file = m_folder->filePath(u"got.bin"_s).toStdString();
        wanted.retry = {.maxRetries = 4, .firstDelay = 1ms, .maxDelay = 2ms};
        wanted.connections = connections;
        wanted.leastPiece = 256_KiB;
        return wanted;
    }
    FileDownloadReport run(transport::ByteRequest bytes, int connections = 1) const
    {
        return fetchFile(fileRequest(std::move(bytes), connections));
    }
    void put(const QString &path, const QByteArray &content) const
    {
        QVERIFY(m_server.put(path, content));
    }

    S3Server m_server;
    QByteArray m_content;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestS3Node::initTestCase()
{
    if (!S3Server::isInstalled())
        QSKIP("npm ci has not been run in tests/interop/node");
    m_content = test::randomBytes(3 << 20, 11);
    put(u"data/big.bin"_s, m_content);
    put(u"data/with blank/zoë & co+1.csv"_s, "id\n1\n");
    put(u"data/year=2026/part-1.csv"_s, "id\n1\n");
    put(u"data/year=2026/part-2.csv"_s, "id\n2\n");
    put(u"data/year=2026/deep/part-3.csv"_s, "id\n3\n");
    put(u"data/year=2026/read.me"_s, "no");
    put(u"data/orders/part-1.csv"_s, "id\n0\n1\n");
    put(u"data/orders/part-2.csv"_s, "id\n2\n3\n");
    put(u"data/orders/part-10.ndjson"_s, "{\"id\":4}\n{\"id\":5}\n");
    put(u"data/orders/read.me"_s, "no");
    put(u"public/open.txt"_s, "open to all");
}

void TestS3Node::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_server.start());
}

void TestS3Node::downloads_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("connections");
    QTest::newRow("one connection") << u"s3://data/big.bin"_s << m_content << 1;
    QTest::newRow("four connections") << u"s3://data/big.bin"_s << m_content << 4;
    QTest::newRow("a key that has to be encoded")
        << u"s3://data/with blank/zoë & co+1.csv"_s << QByteArray("id\n1\n") << 1;
    QTest::newRow("an equals sign")
        << u"s3://data/year=2026/part-2.csv"_s << QByteArray("id\n2\n") << 1;
}

void TestS3Node::downloads()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, content);
    QFETCH(int, connections);
    const auto report = run(request(url), connections);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QVERIFY(contentOf(report.file) == content);
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
    QByteArray evidence;
    for (const auto &sentence : report.verdict.evidence)
        evidence += QByteArray::fromStdString(sentence) + '\n';
    QVERIFY2(evidence.contains("MD5 of the file = "), evidence.constData());
}

void TestS3Node::goesOnOverSeveralConnections()
{
    QVERIFY(m_server.start(3));
    const auto report = run(request(u"s3://data/big.bin"_s), 4);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QVERIFY(report.retries > 0);
    QVERIFY(contentOf(report.file) == m_content);
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
}

void TestS3Node::goesOnAfterAStop_data()
{
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    QTest::newRow("one connection") << 1 << 1;
    QTest::newRow("four connections") << 4 << 4;
    QTest::newRow("one, then four") << 1 << 4;
}

void TestS3Node::goesOnAfterAStop()
{
    QFETCH(int, before);
    QFETCH(int, after);
    CuttingProxy proxy(m_server.port(), [](std::size_t) { return std::nullopt; });
    proxy.holdAt(2 << 20);
    auto wanted = request(u"s3://data/big.bin"_s);
    wanted.s3.endpoint = "http://127.0.0.1:" + std::to_string(proxy.port());
    const auto cut = fetchUntil(fileRequest(wanted, before), 1_MiB);
    proxy.holdAt(std::nullopt);
    QVERIFY(cut.error.has_value());
    QCOMPARE(int(cut.error->code), int(ErrorCode::Cancelled));
    QVERIFY(cut.bytes >= 1_MiB && cut.bytes < ByteCount(m_content.size()));
    const auto report = run(wanted, after);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(report.earlierBytes, cut.bytes);
    QCOMPARE(report.wireBytes, ByteCount(m_content.size()) - cut.bytes);
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
    QVERIFY(contentOf(report.file) == m_content);
}

void TestS3Node::beginsAgainWhenTheObjectChanged()
{
    const QByteArray other = test::randomBytes(m_content.size(), 12);
    put(u"data/changing.bin"_s, m_content);
    QVERIFY(m_server.start()); // which reads the objects when it starts
    CuttingProxy proxy(m_server.port(), [](std::size_t) { return std::nullopt; });
    proxy.holdAt(2 << 20);
    auto wanted = request(u"s3://data/changing.bin"_s);
    wanted.s3.endpoint = "http://127.0.0.1:" + std::to_string(proxy.port());
    const auto cut = fetchUntil(fileRequest(wanted, 4), 1_MiB);
    proxy.holdAt(std::nullopt);
    QVERIFY(cut.error.has_value() && cut.bytes >= 1_MiB);
    put(u"data/changing.bin"_s, other);
    QVERIFY(m_server.start());
    wanted.s3.endpoint = m_server.endpoint();
    const auto report = run(wanted, 4);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(report.earlierBytes, ByteCount());
    QVERIFY(contentOf(report.file) == other);
}

void TestS3Node::tellsWhatWentWrong_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("wrong secret") << u"secret"_s << 403 << QByteArray("SignatureDoesNotMatch");
    QTest::newRow("unknown key") << u"key"_s << 403 << QByteArray("InvalidAccessKeyId");
    QTest::newRow("expired token") << u"token"_s << 400 << QByteArray("ExpiredToken");
    QTest::newRow("another region")
        << u"region"_s << 400 << QByteArray("the bucket is in another region");
    QTest::newRow("no such object") << u"object"_s << 404 << QByteArray("NoSuchKey");
    QTest::newRow("no such bucket") << u"bucket"_s << 404 << QByteArray("NoSuchBucket");
    QTest::newRow("no key at all")
        << u"anonymous"_s << 403 << QByteArray("no access key was given");
}

void TestS3Node::tellsWhatWentWrong()
{
    QFETCH(QString, fault);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    auto wanted = request(fault == u"object"   ? u"s3://data/nothing.bin"_s
                          : fault == u"bucket" ? u"s3://nowhere/big.bin"_s
                                               : u"s3://data/big.bin"_s);
    if (fault == u"secret")
        wanted.s3.secretAccessKey = "another";
    if (fault == u"key")
        wanted.s3.accessKeyId = "AKIDOTHER";
    if (fault == u"token")
        wanted.s3.sessionToken = "expired";
    if (fault == u"region")
        wanted.s3.region = "us-east-1";
    if (fault == u"anonymous")
        wanted.s3.accessKeyId.clear();
    const auto report = run(wanted);
    QVERIFY(report.error.has_value());
    QCOMPARE(int(report.error->code), int(ErrorCode::HttpStatus));
    QCOMPARE(report.error->nativeCode, status);
    const QByteArray detail = QByteArray::fromStdString(report.error->detail);
    QVERIFY2(detail.contains(says), detail.constData());
    QVERIFY(!detail.contains("s3cr3t"));
}

void TestS3Node::readsWithoutAKey()
{
    auto wanted = request(u"s3://public/open.txt"_s);
    wanted.s3.accessKeyId.clear();
    const auto report = run(wanted);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(contentOf(report.file), QByteArray("open to all"));
}

void TestS3Node::checksTheMd5()
{
    auto wanted = request(u"s3://data/big.bin"_s);
    transport::ResponseHead head{.status = 200, .finalUrl = wanted.url};
    head.headers = {{"ETag", "\"0123456789abcdef0123456789abcdef\""}};
    const auto one = statedDigests(head);
    QCOMPARE(std::ssize(one), 1);
    QCOMPARE(int(one.front().kind), int(DigestKind::Md5));
    head.headers = {{"ETag", "\"0123456789abcdef0123456789abcdef-2\""}};
    QVERIFY(statedDigests(head).empty());
    head.headers = {{"ETag", "\"0123456789abcdef0123456789abcdef\""},
                    {"x-amz-server-side-encryption", "aws:kms"}};
    QVERIFY(statedDigests(head).empty());
}

void TestS3Node::listsAPrefix_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("names");
    QTest::newRow("a prefix") << u"s3://data/year=2026/"_s
                              << QByteArray("deep/part-3.csv part-1.csv part-2.csv read.me");
    QTest::newRow("a pattern") << u"s3://data/year=2026/*.csv"_s
                               << QByteArray("part-1.csv part-2.csv");
    QTest::newRow("a pattern with a folder in it")
        << u"s3://data/year=2026/*/part-?.csv"_s << QByteArray("deep/part-3.csv");
    QTest::newRow("nothing there") << u"s3://data/year=2026/*.json"_s << QByteArray();
}

void TestS3Node::listsAPrefix()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, names);
    QVERIFY(transport::namesSeveralFiles(url.toStdString()));
    const auto files = transport::listRemoteFiles(request(url), CancelToken());
    if (names.isEmpty()) {
        QVERIFY(!files.has_value());
        QCOMPARE(int(files.error().code), int(ErrorCode::FileNotFound));
        return;
    }
    QVERIFY2(files.has_value(), files ? "" : files.error().toString().c_str());
    QByteArrayList found;
    for (const auto &file : *files) {
        QVERIFY(file.url.starts_with("s3://data/year=2026/"));
        found << QByteArray::fromStdString(file.url.substr(20));
    }
    QCOMPARE(found.join(' '), names);
}

void TestS3Node::listsPageByPage()
{
    // Node 20 lacks what s3rver makes its continuation tokens with.
    const auto page = [](const std::string &key, const std::string &more) {
        const std::string body = "<ListBucketResult><Contents><Key>" + key +
                                 "</Key><Size>3</Size></Contents>" + more + "</ListBucketResult>";
        return test::Script().send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n\r\n" + body);
    };
    const test::RawServer server([&page](const std::string &asked, std::size_t) {
        return asked.find("continuation-token=t%2B%2F%3D&list-type=2&prefix=") != asked.npos
                   ? page("b.csv", {})
                   : page("a.csv", "<NextContinuationToken>t+/=</NextContinuationToken>");
    });
    auto wanted = request(u"s3://many/"_s);
    wanted.s3.endpoint = "http://127.0.0.1:" + std::to_string(server.port());
    const auto files = transport::listRemoteFiles(wanted, CancelToken());
    QVERIFY2(files.has_value(), files ? "" : files.error().toString().c_str());
    QCOMPARE(std::ssize(*files), 2);
    QCOMPARE(files->front().url, std::string("s3://many/a.csv"));
    QCOMPARE(files->back().url, std::string("s3://many/b.csv"));
    QCOMPARE(std::ssize(server.requests()), 2);
}

void TestS3Node::opensManyAsOneTable_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("rows");
    QTest::newRow("a prefix") << u"s3://data/orders/"_s << 3 << 6;
    QTest::newRow("a pattern") << u"s3://data/orders/*.csv"_s << 2 << 4;
}

void TestS3Node::opensManyAsOneTable()
{
    QFETCH(QString, url);
    QFETCH(int, files);
    QFETCH(int, rows);
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes = request(url);
    wanted.name = "rows";
    wanted.limit = RowCount(3);
    const Status prepared = prepareRequest(wanted, CancelToken());
    QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().toString().c_str());
    QCOMPARE(std::ssize(wanted.files->sources), files);
    {
        auto transfer = Transfer::start(*library, wanted, {});
        QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
        QVERIFY((*transfer)->waitFor(60s));
        QCOMPARE((*transfer)->progress().rows, RowCount(3));
    }
    auto transfer = Transfer::resume(*library, "rows", {.s3 = wanted.bytes.s3}, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    QCOMPARE(int((*transfer)->progress().verdict->kind), int(VerdictKind::Verified));
    const auto table = test::tableText((*transfer)->dataset()->snapshot());
    QVERIFY(table.has_value());
    QCOMPARE(std::ssize(table->rows), rows);
    for (int row = 0; row < rows; ++row) {
        const QByteArray text = QByteArray::fromStdString(table->rows[std::size_t(row)]);
        QVERIFY2(text.startsWith("file=\"s3://data/orders/part-") &&
                     text.endsWith(QByteArray("|id=" + QByteArray::number(row) + '|')),
                 text.constData());
    }
}

void TestS3Node::checksWhatLiesBeside_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("text") << u"rows.csv"_s << true;
    QTest::newRow("other text") << u"rows.csv"_s << false;
    QTest::newRow("an archive") << u"rows é.zip"_s << true;
    QTest::newRow("another archive") << u"rows é.zip"_s << false;
}

void TestS3Node::checksWhatLiesBeside()
{
    QFETCH(QString, name);
    QFETCH(bool, isRight);
    QByteArray bytes = "id\n1\n2\n";
    if (name.endsWith(u".zip")) {
        if (QStandardPaths::findExecutable(u"zip"_s).isEmpty())
            QSKIP("zip is not installed");
        QVERIFY(test::writeFile(m_folder->filePath(u"rows.csv"_s), bytes));
        QProcess zip;
        zip.setWorkingDirectory(m_folder->path());
        zip.start(u"zip"_s, {u"-q"_s, u"a.zip"_s, u"rows.csv"_s});
        QVERIFY(zip.waitForFinished() && zip.exitCode() == 0);
        bytes = contentOf(m_folder->filePath(u"a.zip"_s).toStdString());
    }
    const QByteArray digest =
        QCryptographicHash::hash(isRight ? bytes : QByteArray("x"), QCryptographicHash::Sha256)
            .toHex();
    put(u"data/beside/"_s + name, bytes);
    put(u"data/beside/"_s + name + u".sha256"_s, digest + "  " + name.toUtf8() + '\n');
    QVERIFY(m_server.start());
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes = request(u"s3://data/beside/"_s + name);
    auto transfer = Transfer::start(*library, wanted, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    const Progress progress = (*transfer)->progress();
    QByteArray said = progress.error ? QByteArray::fromStdString(progress.error->toString()) : "";
    for (const auto &sentence : progress.verdict->evidence)
        said += '\n' + QByteArray::fromStdString(sentence);
    QCOMPARE(int(progress.verdict->kind),
             int(isRight ? VerdictKind::Verified : VerdictKind::Incomplete));
    QVERIFY2(said.contains(QByteArray(digest + ", which the .sha256 file states")),
             said.constData());
    if (isRight)
        QCOMPARE(progress.rows, RowCount(2));
    else
        QCOMPARE(int(progress.error->code), int(ErrorCode::CodingCorrupt));
}

QTEST_GUILESS_MAIN(TestS3Node)
#include "tst_s3_node.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cutting_proxy.h"
#include "support/file_fetch.h"
#include "support/ssh_server.h"
#include "support/table_text.h"
#include "transfer/part_file.h"
#include "transfer/prepare.h"
#include "transfer/transfer.h"
#include "transport/remote_listing.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::contentOf;
using freshet::test::CuttingProxy;
using freshet::test::fetchFile;
using freshet::test::fetchUntil;
using freshet::test::SshServer;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// Files on OpenSSH's server.
class TestSftp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void downloads_data();
    void downloads();
    void goesOn_data();
    void goesOn();
    void beginsAgainWhenTheFileChanged();
    void tellsWhatWentWrong_data();
    void tellsWhatWentWrong();
    void refusesAnotherServer();
    void opensAsATable();
    void checksWhatLiesBeside_data();
    void checksWhatLiesBeside();
    void opensAFolderAsOneTable();
    void listsAFolder_data();
    void listsAFolder();

private:
    FileDownloadRequest request(int connections = 1) const
    {
        FileDownloadRequest wanted;
        wanted.bytes.url = m_server->url(m_source).toStdString();
        wanted.bytes.ssh = {.privateKeyFile = m_server->userKey().toStdString(),
                            .knownHostsFile = m_server->knownHosts().toStdString()};
        wanted.file = m_folder->filePath(u"got.bin"_s).toStdString();
        wanted.retry = {.maxRetries = 2, .firstDelay = 1ms, .maxDelay = 2ms};
        wanted.connections = connections;
        wanted.leastPiece = 256_KiB;
        return wanted;
    }
    void write(const QByteArray &content) const { QVERIFY(test::writeFile(m_source, content)); }
    /// Fetch through `proxy`, and stop behind kEnough bytes: it gives out less than the file.
    FileDownloadReport fetchPart(CuttingProxy &proxy, int connections = 1) const;

    static constexpr ByteCount kEnough = 1_MiB;
    /// What the proxy keeps back. Far more than kEnough passes it: each connection reads ahead of
    /// its piece, and what lies behind the piece's end is not kept.
    static constexpr ByteCount kKeptBack = 1_MiB;

    std::unique_ptr<SshServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_source;
    QByteArray m_content;
};

void TestSftp::initTestCase()
{
    if (!SshServer::isInstalled())
        QSKIP("openssh-server is not installed");
    m_content = test::randomBytes(16 << 20, 7);
}

void TestSftp::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_source = m_folder->filePath(u"a file.bin"_s);
    write(m_content);
    m_server = std::make_unique<SshServer>();
    QVERIFY(m_server->start());
}

FileDownloadReport TestSftp::fetchPart(CuttingProxy &proxy, int connections) const
{
    proxy.holdAt(m_content.size() - kKeptBack.value());
    auto wanted = request(connections);
    wanted.bytes.url = m_server->url(m_source, proxy.port()).toStdString();
    auto report = fetchUntil(wanted, kEnough);
    proxy.holdAt(std::nullopt);
    return report;
}

void TestSftp::downloads_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("connections");
    QTest::newRow("one connection") << (16 << 20) << 1;
    QTest::newRow("four connections") << (16 << 20) << 4;
    QTest::newRow("less than a piece") << 1000 << 4;
    QTest::newRow("an empty file") << 0 << 1;
    QTest::newRow("an empty file, four connections wanted") << 0 << 4;
}

void TestSftp::downloads()
{
    QFETCH(int, size);
    QFETCH(int, connections);
    const QByteArray content = m_content.left(size);
    write(content);
    const auto report = fetchFile(request(connections));
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
    QVERIFY(contentOf(report.file) == content);
    QCOMPARE(QByteArray::fromStdString(report.sha256),
             QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

void TestSftp::goesOn_data()
{
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    QTest::newRow("one connection") << 1 << 1;
    QTest::newRow("four connections") << 4 << 4;
    QTest::newRow("one, then four") << 1 << 4;
    QTest::newRow("four, then one") << 4 << 1;
}

void TestSftp::goesOn()
{
    QFETCH(int, before);
    QFETCH(int, after);
    CuttingProxy proxy(m_server->port(), [](std::size_t) { return std::nullopt; });
    QVERIFY(m_server->beKnownAt(proxy.port()));
    const auto cut = fetchPart(proxy, before);
    QVERIFY(cut.error.has_value());
    QCOMPARE(int(cut.error->code), int(ErrorCode::Cancelled));
    QVERIFY(cut.bytes >= kEnough);
    QVERIFY(cut.bytes < ByteCount(m_content.size()));

    auto wanted = request(after);
    wanted.bytes.url = m_server->url(m_source, proxy.port()).toStdString();
    const auto report = fetchFile(wanted);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(int(report.verdict.kind), int(VerdictKind::Verified));
    QCOMPARE(report.earlierBytes, cut.bytes);
    QCOMPARE(report.wireBytes, ByteCount(m_content.size()) - cut.bytes);
    QCOMPARE(QByteArray::fromStdString(report.sha256),
             QCryptographicHash::hash(m_content, QCryptographicHash::Sha256).toHex());
    QVERIFY(contentOf(report.file) == m_content);
}

void TestSftp::beginsAgainWhenTheFileChanged()
{
    CuttingProxy proxy(m_server->port(), [](std::size_t) { return std::nullopt; });
    QVERIFY(m_server->beKnownAt(proxy.port()));
    const auto cut = fetchPart(proxy);
    QVERIFY(cut.error.has_value() && cut.bytes >= kEnough);
    QByteArray other = m_content;
    std::reverse(other.begin(), other.end());
    write(other);
    QFile file(m_source);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-100),
                             QFileDevice::FileModificationTime));
    auto wanted = request();
    wanted.bytes.url = m_server->url(m_source, proxy.port()).toStdString();
    const auto report = fetchFile(wanted);
    QVERIFY2(!report.error, report.error ? report.error->toString().c_str() : "");
    QCOMPARE(report.earlierBytes, ByteCount());
    QVERIFY(contentOf(report.file) == other);
}

void TestSftp::tellsWhatWentWrong_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("a key that it does not know")
        << u"key"_s << QByteArray("HttpStatus") << 401 << QByteArray("refused the login");
    QTest::newRow("no such file") << u"file"_s << QByteArray("HttpStatus") << 404
                                  << QByteArray("no such file");
    QTest::newRow("a server that is not known")
        << u"unknown"_s << QByteArray("TlsFailed") << 0 << QByteArray("is not in");
    QTest::newRow("no known_hosts")
        << u"nothing"_s << QByteArray("InvalidArgument") << 0 << QByteArray("known_hosts");
}

void TestSftp::tellsWhatWentWrong()
{
    QFETCH(QString, fault);
    QFETCH(QByteArray, code);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    auto wanted = request();
    if (fault == u"key")
        wanted.bytes.ssh.privateKeyFile = m_server->strangerKey().toStdString();
    else if (fault == u"file")
        wanted.bytes.url += "x";
    else if (fault == u"unknown")
        wanted.bytes.ssh.knownHostsFile = m_folder->filePath(u"empty"_s).toStdString();
    else
        wanted.bytes.ssh.knownHostsFile.clear();
    const auto report = fetchFile(wanted);
    QVERIFY(report.error.has_value());
    QCOMPARE(QByteArray(std::string(errorCodeName(report.error->code)).c_str()), code);
    if (status != 0)
        QCOMPARE(report.error->nativeCode, status);
    QVERIFY2(QByteArray::fromStdString(report.error->detail).contains(says),
             report.error->detail.c_str());
}

void TestSftp::refusesAnotherServer()
{
    QVERIFY(m_server->restartAsAnother());
    const auto report = fetchFile(request());
    QVERIFY(report.error.has_value());
    const std::string said = report.error->toString();
    QVERIFY2(report.error->code == ErrorCode::TlsFailed, said.c_str());
    QVERIFY2(said.find("host key is not the one") != std::string::npos, said.c_str());
    QCOMPARE(report.bytes, ByteCount());
}

void TestSftp::opensAsATable()
{
    QByteArray lines;
    for (int row = 0; row < 1000; ++row)
        lines += "{\"id\":" + QByteArray::number(row) + "}\n";
    write(lines);
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes = request().bytes;
    wanted.limit = RowCount(400);
    wanted.name = "rows";
    {
        auto transfer = Transfer::start(*library, wanted, {});
        QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
        QVERIFY((*transfer)->waitFor(60s));
    }
    auto transfer = Transfer::resume(*library, "rows", {.ssh = wanted.bytes.ssh}, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    const auto table = test::tableText((*transfer)->dataset()->snapshot());
    QVERIFY(table.has_value());
    QCOMPARE(std::ssize(table->rows), 1000);
    QCOMPARE(QByteArray(table->rows.back().c_str()), QByteArray("id=999|"));
}

void TestSftp::checksWhatLiesBeside_data()
{
    QTest::addColumn<bool>("isRight");
    QTest::newRow("the file") << true;
    QTest::newRow("another") << false;
}

void TestSftp::checksWhatLiesBeside()
{
    QFETCH(bool, isRight);
    const QByteArray lines = "{\"id\":1}\n{\"id\":2}\n";
    write(lines);
    const QByteArray digest =
        QCryptographicHash::hash(isRight ? lines : "x", QCryptographicHash::Sha256).toHex();
    QVERIFY(test::writeFile(m_source + u".sha256"_s, digest + '\n'));
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes = request().bytes;
    auto transfer = Transfer::start(*library, wanted, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    const Progress progress = (*transfer)->progress();
    QCOMPARE(int(progress.verdict->kind),
             int(isRight ? VerdictKind::Verified : VerdictKind::Incomplete));
    QByteArray said = progress.error ? QByteArray::fromStdString(progress.error->detail) : "";
    for (const auto &sentence : progress.verdict->evidence)
        said += '\n' + QByteArray::fromStdString(sentence);
    QVERIFY2(said.contains(QByteArray(digest + ", which the .sha256 file states")),
             said.constData());
    QVERIFY(QFile::remove(m_source + u".sha256"_s));
}

void TestSftp::opensAFolderAsOneTable()
{
    const QString folder = m_folder->filePath(u"export"_s);
    QVERIFY(QDir().mkpath(folder));
    for (const auto &[name, content] :
         {std::pair(u"part-10.ndjson"_s, QByteArray("{\"id\":4}\n{\"id\":5}\n")),
          std::pair(u"part-2.csv"_s, QByteArray("id\n2\n3\n")),
          std::pair(u"part-1.csv"_s, QByteArray("id\n0\n1\n")),
          std::pair(u"read.me"_s, QByteArray("no rows"))})
        QVERIFY(test::writeFile(folder + u'/' + name, content));
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes = request().bytes;
    wanted.bytes.url = m_server->url(folder + u'/').toStdString();
    wanted.name = "rows";
    wanted.limit = RowCount(3);
    const Status prepared = prepareRequest(wanted, CancelToken());
    QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().toString().c_str());
    QCOMPARE(std::ssize(wanted.files->sources), 3);
    {
        auto transfer = Transfer::start(*library, wanted, {});
        QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
        QVERIFY((*transfer)->waitFor(60s));
        QCOMPARE((*transfer)->progress().rows, RowCount(3));
    }
    // In the middle of the second file, and on another run of the program.
    auto transfer = Transfer::resume(*library, "rows", {.ssh = wanted.bytes.ssh}, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    QCOMPARE(int((*transfer)->progress().verdict->kind), int(VerdictKind::Verified));
    const auto table = test::tableText((*transfer)->dataset()->snapshot());
    QVERIFY(table.has_value());
    const std::string at =
        "file=\"" + transport::withoutSecrets(m_server->url(folder + u'/').toStdString());
    QCOMPARE(table->rows, (std::vector<std::string>{
                              at + R"(part-1.csv"|id=0|)", at + R"(part-1.csv"|id=1|)",
                              at + R"(part-2.csv"|id=2|)", at + R"(part-2.csv"|id=3|)",
                              at + R"(part-10.ndjson"|id=4|)", at + R"(part-10.ndjson"|id=5|)"}));
}

void TestSftp::listsAFolder_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QByteArray>("names");
    QTest::newRow("a folder") << QString() << QByteArray("1.csv|2 b.csv|notes.txt");
    QTest::newRow("a pattern") << u"*.csv"_s << QByteArray("1.csv|2 b.csv");
    QTest::newRow("nothing") << u"*.json"_s << QByteArray();
}

void TestSftp::listsAFolder()
{
    QFETCH(QString, pattern);
    QFETCH(QByteArray, names);
    const QString folder = m_folder->filePath(u"list"_s);
    QVERIFY(QDir().mkpath(folder + u"/deep"_s));
    for (const auto &name : {u"1.csv"_s, u"2 b.csv"_s, u"notes.txt"_s, u".hidden.csv"_s}) {
        QFile file(folder + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("id\n"), 3);
    }
    auto bytes = request().bytes;
    bytes.url = m_server->url(folder + u'/' + pattern).toStdString();
    QVERIFY(transport::namesSeveralFiles(bytes.url));
    const auto files = transport::listRemoteFiles(bytes, CancelToken());
    if (names.isEmpty()) {
        QVERIFY(!files.has_value());
        QCOMPARE(int(files.error().code), int(ErrorCode::FileNotFound));
        return;
    }
    QVERIFY2(files.has_value(), files ? "" : files.error().toString().c_str());
    QByteArrayList found;
    for (const auto &file : *files) {
        QCOMPARE(file.size, std::optional(ByteCount(3)));
        found << QByteArray::fromStdString(file.url.substr(file.url.rfind('/') + 1));
    }
    QCOMPARE(found.join('|'), names);
}

QTEST_GUILESS_MAIN(TestSftp)
#include "tst_sftp.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/collecting_sink.h"
#include "transport/encoded.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

class TestFileTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void reads_data();
    void reads();
    void readsFileUrl();
    void damagedFile_data();
    void damagedFile();
    void missing_data();
    void missing();
    void folder();
    void forbidden();
    void namedPipe();
    void cancelWhileAPipeIsSilent();
    void standardInput();
    void headTellsTheSize();

private:
    std::string put(const char *name, const std::string &bytes) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFileTransport::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

std::string TestFileTransport::put(const char *name, const std::string &bytes) const
{
    QFile file(m_folder->filePath(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(bytes.data(), qint64(bytes.size())) != qint64(bytes.size()))
        return {};
    return file.fileName().toStdString();
}

void TestFileTransport::reads_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("coding");
    QTest::addColumn<std::string>("text");
    const std::string text = sampleText(2'500'000);
    const auto row = [&text](const char *name, const char *coding, const std::string &bytes) {
        QTest::newRow(name) << bytes << QString::fromLatin1(name) << QString::fromLatin1(coding)
                            << text;
    };
    row("rows.ndjson", "", text);
    row("rows.ndjson.gz", "gzip", gzipOf(text));
    row("rows.ndjson.zst", "zstd", zstdOf(text));
    row("rows.ndjson.br", "br", brotliOf(text));
    row("rows.ndjson.lz4", "lz4", lz4Of(text));
    row("gzip with no suffix", "gzip", gzipOf(text));
    row("plain text named.gz", "", text);
    QTest::newRow("empty") << std::string() << QStringLiteral("empty") << QString()
                           << std::string();
    QTest::newRow("one byte") << std::string("1") << QStringLiteral("one") << QString()
                              << std::string("1");
}

void TestFileTransport::reads()
{
    QFETCH(const std::string, bytes);
    QFETCH(const QString, name);
    QFETCH(const QString, coding);
    QFETCH(const std::string, text);
    const Fetched fetched = fetch(put(qPrintable(name), bytes));
    QVERIFY2(fetched.outcome() == "LengthReached", fetched.error().c_str());
    QVERIFY(fetched.sink.text == text);
    QCOMPARE(fetched.sink.heads, 1);
    const auto &codings = fetched.sink.head.contentCodings;
    QCOMPARE(QString::fromStdString(codings.empty() ? "" : codings.front()), coding);
    QCOMPARE(fetched.end->wireBytes.value(), qint64(bytes.size()));
    QCOMPARE(fetched.end->decodedBytes.value(), qint64(text.size()));
}

void TestFileTransport::readsFileUrl()
{
    const std::string path = put("a b.csv", "a,b\n");
    std::string url = "file://" + path;
    url.replace(url.find(' '), 1, "%20");
    const Fetched fetched = fetch(url);
    QVERIFY2(fetched.end, fetched.error().c_str());
    QCOMPARE(fetched.sink.text, std::string("a,b\n"));
    QCOMPARE(fetched.sink.head.finalUrl, url);
    QCOMPARE(fetched.sink.head.status, 0);
}

void TestFileTransport::damagedFile_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("outcome");
    const std::string good = gzipOf(sampleText(10'000));
    std::string flipped = good;
    flipped[flipped.size() - 3] ^= 1;
    QTest::newRow("gzip cut") << good.substr(0, good.size() / 2) << std::string("CodingTruncated");
    QTest::newRow("gzip without its trailer")
        << good.substr(0, good.size() - 8) << std::string("CodingTruncated");
    QTest::newRow("gzip with a wrong length") << flipped << std::string("CodingCorrupt");
}

void TestFileTransport::damagedFile()
{
    QFETCH(const std::string, bytes);
    QFETCH(const std::string, outcome);
    const Fetched fetched = fetch(put("rows.gz", bytes));
    QCOMPARE(fetched.outcome(), outcome);
    const std::string text = sampleText(10'000);
    QVERIFY(!fetched.sink.text.empty() && text.starts_with(fetched.sink.text));
}

void TestFileTransport::missing_data()
{
    QTest::addColumn<std::string>("path");
    QTest::newRow("no such file") << std::string("/no/such/file.csv");
    QTest::newRow("no such file, as URL") << std::string("file:///no/such/file.csv");
    QTest::newRow("a file for a folder") << std::string("/etc/hostname/x");
}

void TestFileTransport::missing()
{
    QFETCH(const std::string, path);
    const Fetched fetched = fetch(path);
    QVERIFY2(fetched.outcome() == "FileNotFound", fetched.error().c_str());
    QCOMPARE(fetched.sink.heads, 0);
}

void TestFileTransport::folder()
{
    const Fetched fetched = fetch(m_folder->path().toStdString());
    QCOMPARE(fetched.outcome(), std::string("InvalidArgument"));
    QVERIFY(fetched.error().find("is a folder") != std::string::npos);
}

void TestFileTransport::forbidden()
{
    if (::geteuid() == 0)
        QSKIP("root may read every file");
    const std::string path = put("secret", "x");
    QCOMPARE(::chmod(path.c_str(), 0), 0);
    QCOMPARE(fetch(path).outcome(), std::string("PermissionDenied"));
}

void TestFileTransport::namedPipe()
{
    const std::string path = m_folder->filePath(QStringLiteral("pipe.gz")).toStdString();
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    const std::string text = sampleText(300'000);
    const std::string bytes = gzipOf(text);
    std::thread writer([&] {
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        std::string_view rest = bytes;
        while (descriptor >= 0 && !rest.empty()) {
            const ssize_t written = ::write(descriptor, rest.data(), rest.size());
            if (written <= 0)
                break;
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        ::close(descriptor);
    });
    const Fetched fetched = fetch(path);
    writer.join();
    QVERIFY2(fetched.outcome() == "ConnectionClosed", fetched.error().c_str());
    QVERIFY(fetched.sink.text == text);
    QVERIFY(!fetched.sink.head.contentLength);
}

void TestFileTransport::cancelWhileAPipeIsSilent()
{
    const std::string path = m_folder->filePath(QStringLiteral("pipe")).toStdString();
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    ByteRequest request;
    request.url = path;
    auto transport = makeTransport(request);
    QVERIFY(transport);
    CollectingSink sink;
    const CancelToken token;
    Result<TransportEnd> end = fail(ErrorCode::Internal, "not run");
    std::thread reader([&] { end = (*transport)->run(sink, token); });
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    QVERIFY(descriptor >= 0);
    QCOMPARE(::write(descriptor, "hello", 5), 5);
    QTRY_COMPARE((*transport)->progress().decodedBytes.value(), 5);
    token.cancel();
    reader.join();
    ::close(descriptor);
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::Cancelled);
}

void TestFileTransport::standardInput()
{
    const std::string path = put("input", "1\n2\n");
    const int kept = ::dup(STDIN_FILENO);
    const int input = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    QVERIFY(input >= 0 && ::dup2(input, STDIN_FILENO) == STDIN_FILENO);
    const Fetched fetched = fetch(std::string("-"));
    if (kept >= 0) {
        ::dup2(kept, STDIN_FILENO);
        ::close(kept);
    }
    ::close(input);
    QVERIFY2(fetched.end, fetched.error().c_str());
    QCOMPARE(fetched.sink.text, std::string("1\n2\n"));
}

void TestFileTransport::headTellsTheSize()
{
    const Fetched fetched = fetch(put("x.csv", "a,b\n"));
    QVERIFY(fetched.sink.head.contentLength == ByteCount(4));
    QVERIFY(fetched.progress.timing.firstByte && fetched.progress.timing.lastByte);
    QVERIFY(!fetched.progress.timing.connected);
}

QTEST_GUILESS_MAIN(TestFileTransport)
#include "tst_file_transport.moc"

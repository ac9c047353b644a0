// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/stated_digests.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

namespace {

const QByteArray kSha = QByteArray(32, 'a').toBase64();
const QByteArray kMd5 = QByteArray(16, 'b').toBase64();
const QByteArray kCrc = QByteArray(4, 'c').toBase64();
const QByteArray kHex = QByteArray(32, 'a').toHex();

} // namespace

class TestStatedDigests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headers_data();
    void headers();
    void checksumFile_data();
    void checksumFile();
    void checksumFileOfAnyKind_data();
    void checksumFileOfAnyKind();
};

void TestStatedDigests::headers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char *name, const QByteArray &lines, const QByteArray &found,
                        int status = 200) {
        QTest::newRow(name) << status << lines << found;
    };
    row("none", "ETag: \"x\"", "");
    row("Repr-Digest", "Repr-Digest: sha-256=:" + kSha + ":", "SHA-256");
    row("several in one", "Repr-Digest: md5=:" + kMd5 + ":, unixsum=:AA==:, sha-256=:" + kSha + ":",
        "MD5 SHA-256");
    row("RFC 3230", "digest: SHA-256=" + kSha + ",MD5=" + kMd5, "SHA-256 MD5");
    row("of a part, Repr-Digest", "Repr-Digest: sha-256=:" + kSha + ":", "SHA-256", 206);
    row("of a part, Content-Digest", "Content-Digest: sha-256=:" + kSha + ":", "", 206);
    row("of the whole, Content-Digest", "Content-Digest: sha-256=:" + kSha + ":", "SHA-256");
    row("of a part, Content-MD5", "Content-MD5: " + kMd5, "", 206);
    row("Google, two lines", "x-goog-hash: crc32c=" + kCrc + "\nx-goog-hash: md5=" + kMd5,
        "CRC-32C MD5");
    row("Google, stored as sent",
        "x-goog-hash: crc32c=" + kCrc + "\nx-goog-stored-content-encoding: identity", "CRC-32C");
    row("Google, unpacked on the way",
        "x-goog-hash: crc32c=" + kCrc + "\nx-goog-stored-content-encoding: gzip", "");
    row("Amazon", "x-amz-checksum-sha256: " + kSha, "SHA-256");
    row("Amazon, digest of digests", "x-amz-checksum-sha256: " + kSha + "-3", "");
    row("Amazon, unknown kind", "x-amz-checksum-crc32: AAAAAA==", "");
    const QByteArray etag = "ETag: \"" + QByteArray(32, 'a') + '"';
    row("Amazon, uploaded in one part", etag + "\nx-amz-request-id: 1", "MD5");
    row("Amazon, by its own key", etag + "\nx-amz-id-2: 1\nx-amz-server-side-encryption: AES256",
        "MD5");
    row("Amazon, uploaded in parts", "ETag: \"" + QByteArray(32, 'a') + "-3\"\nx-amz-request-id: 1",
        "");
    row("Amazon, encrypted by another's key",
        etag + "\nx-amz-request-id: 1\nx-amz-server-side-encryption: aws:kms", "");
    row("Amazon, a part", etag + "\nx-amz-request-id: 1", "MD5", 206);
    row("an ETag like a digest from elsewhere", etag, "");
    row("wrong length", "Repr-Digest: sha-256=:" + kMd5 + ":", "");
    row("no base64", "Repr-Digest: sha-256=:?:", "");
    row("no value", "Repr-Digest: sha-256", "");
}

void TestStatedDigests::headers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, lines);
    ResponseHead head;
    head.status = status;
    const auto split = lines.split('\n');
    for (const QByteArray &line : split)
        head.headers.push_back({line.left(line.indexOf(':')).toStdString(),
                                line.mid(line.indexOf(':') + 1).trimmed().toStdString()});
    QByteArray found;
    for (const auto &digest : statedDigests(head)) {
        QCOMPARE(digest.value.size(), digestSize(digest.kind));
        found += (found.isEmpty() ? "" : " ") +
                 QByteArray::fromStdString(std::string(digestName(digest.kind)));
    }
    QTEST(found, "found");
}

void TestStatedDigests::checksumFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isFound");
    const QByteArray other = QByteArray(32, 'z').toHex();
    QTest::newRow("digits alone") << kHex << true;
    QTest::newRow("sha256sum") << kHex + "  data.bin\n" << true;
    QTest::newRow("sha256sum, binary") << kHex + " *data.bin\n" << true;
    QTest::newRow("with a folder") << kHex + "  ./out/data.bin\r\n" << true;
    QTest::newRow("BSD") << "SHA256 (data.bin) = " + kHex + "\n" << true;
    QTest::newRow("upper case") << kHex.toUpper() + "\r\n" << true;
    QTest::newRow("one of several") << other + "  other.bin\n" + kHex + "  data.bin\n" << true;
    QTest::newRow("of another file") << other + "  other.bin\n" << false;
    QTest::newRow("too short") << kHex.left(62) << false;
    QTest::newRow("a page") << QByteArray("<html><body>Not found</body></html>") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestStatedDigests::checksumFile()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isFound);
    const auto digest = sha256FromText(text.toStdString(), "data.bin");
    QCOMPARE(digest.has_value(), isFound);
    if (isFound)
        QCOMPARE(*digest, std::string(32, 'a'));
    else
        QCOMPARE(digest.error().code, ErrorCode::SyntaxError);
}

void TestStatedDigests::checksumFileOfAnyKind_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("md5sum") << QByteArray(32, 'a') + "  data.bin\n" << QByteArray("MD5");
    QTest::newRow("BSD md5") << "MD5 (data.bin) = " + QByteArray(32, 'a') << QByteArray("MD5");
    QTest::newRow("sha1sum") << QByteArray(40, 'a') + "  data.bin\n" << QByteArray("SHA-1");
    QTest::newRow("sha512sum") << QByteArray(128, 'a') + " *data.bin" << QByteArray("SHA-512");
    QTest::newRow("of no known size") << QByteArray(48, 'a') << QByteArray();
}

void TestStatedDigests::checksumFileOfAnyKind()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, kind);
    const auto digest = digestFromText(text.toStdString(), "data.bin", "data.bin.sums");
    QCOMPARE(digest.has_value(), !kind.isEmpty());
    if (digest)
        QCOMPARE(QByteArray::fromStdString(std::string(digestName(digest->kind))), kind);
}

QTEST_GUILESS_MAIN(TestStatedDigests)
#include "tst_stated_digests.moc"

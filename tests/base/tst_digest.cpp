// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"

#include <QTest>

using namespace freshet;

Q_DECLARE_METATYPE(freshet::DigestKind)

class TestDigest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownValue_data();
    void knownValue();
    void hexadecimal_data();
    void hexadecimal();
};

void TestDigest::knownValue_data()
{
    QTest::addColumn<DigestKind>("kind");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("SHA-256 of nothing")
        << DigestKind::Sha256 << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("SHA-256, FIPS 180")
        << DigestKind::Sha256 << QByteArray("abc")
        << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("SHA-512, FIPS 180")
        << DigestKind::Sha512 << QByteArray("abc")
        << QByteArray("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    QTest::newRow("SHA-1, FIPS 180") << DigestKind::Sha1 << QByteArray("abc")
                                     << QByteArray("a9993e364706816aba3e25717850c26c9cd0d89d");
    QTest::newRow("MD5, RFC 1321") << DigestKind::Md5 << QByteArray("message digest")
                                   << QByteArray("f96b697d7cb7938d525a2f31aaf161d0");
    QTest::newRow("CRC-32C, check value")
        << DigestKind::Crc32c << QByteArray("123456789") << QByteArray("e3069283");
    QTest::newRow("CRC-32C of 32 zeros, RFC 3720")
        << DigestKind::Crc32c << QByteArray(32, '\0') << QByteArray("8a9136aa");
}

/// Whole, and in two pieces cut at every byte; asking in between changes nothing.
void TestDigest::knownValue()
{
    QFETCH(DigestKind, kind);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hex);
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        auto digest = Digest::create(kind);
        QVERIFY(digest);
        digest->append(bytes.substr(0, cut));
        QCOMPARE(digest->value().size(), digestSize(kind));
        digest->append(bytes.substr(cut));
        QCOMPARE(QByteArray::fromStdString(hexText(digest->value())), hex);
    }
}

void TestDigest::hexadecimal_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isHex");
    QTest::newRow("lower case") << QByteArray("00ff1a") << true;
    QTest::newRow("upper case") << QByteArray("00FF1A") << true;
    QTest::newRow("nothing") << QByteArray() << true;
    QTest::newRow("half a byte") << QByteArray("00f") << false;
    QTest::newRow("another letter") << QByteArray("0g") << false;
    QTest::newRow("a sign") << QByteArray("-1") << false;
}

void TestDigest::hexadecimal()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isHex);
    const auto bytes = bytesOfHex(text.toStdString());
    QCOMPARE(bytes.has_value(), isHex);
    if (isHex)
        QCOMPARE(QByteArray::fromStdString(hexText(*bytes)), text.toLower());
}

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"

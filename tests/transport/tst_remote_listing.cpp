// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/remote_listing.h"
#include "transport/s3_location.h"
#include "transport/s3_transport.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

Q_DECLARE_METATYPE(freshet::transport::S3Access)

/// Addresses in remote storage and what its listings say.
class TestRemoteListing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsSeveralFromOne_data();
    void tellsSeveralFromOne();
    void makesS3Addresses_data();
    void makesS3Addresses();
    void refusesBuckets_data();
    void refusesBuckets();
    void readsAPageOfObjects();
    void refusesOtherDocuments();
    void readsLongNames();
    void tellsS3Errors_data();
    void tellsS3Errors();
};

void TestRemoteListing::tellsSeveralFromOne_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<bool>("isSeveral");
    QTest::newRow("an object") << QByteArray("s3://bucket/a/b.csv") << false;
    QTest::newRow("a prefix") << QByteArray("s3://bucket/a/") << true;
    QTest::newRow("a bucket") << QByteArray("s3://bucket") << true;
    QTest::newRow("a pattern") << QByteArray("s3://bucket/a/*.csv") << true;
    QTest::newRow("a pattern in the middle") << QByteArray("s3://bucket/a-?/b.csv") << true;
    QTest::newRow("a file") << QByteArray("sftp://u@host/a/b.csv") << false;
    QTest::newRow("a folder") << QByteArray("sftp://u@host/a/") << true;
    QTest::newRow("files") << QByteArray("sftp://u@host/a/[ab].csv") << true;
    QTest::newRow("patterns of folders are not read")
        << QByteArray("sftp://u@host/*/b.csv") << false;
    QTest::newRow("the Web") << QByteArray("https://host/a/") << false;
}

void TestRemoteListing::tellsSeveralFromOne()
{
    QFETCH(QByteArray, url);
    QFETCH(bool, isSeveral);
    QCOMPARE(namesSeveralFiles(url.toStdString()), isSeveral);
}

void TestRemoteListing::makesS3Addresses_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<S3Access>("access");
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<QByteArray>("list");
    QTest::newRow("Amazon") << QByteArray("s3://bucket/a b/ä+c.csv")
                            << S3Access{.region = "eu-west-1"}
                            << QByteArray("https://bucket.s3.eu-west-1.amazonaws.com/a%20b/"
                                          "%C3%A4%2Bc.csv")
                            << QByteArray("https://bucket.s3.eu-west-1.amazonaws.com/"
                                          "?continuation-token=t%2F%3D&list-type=2&prefix="
                                          "a%20b%2F%C3%A4%2Bc.csv");
    QTest::newRow("a dot in the bucket's name, which certificates do not cover")
        << QByteArray("s3://my.bucket/k") << S3Access{}
        << QByteArray("https://s3.us-east-1.amazonaws.com/my.bucket/k")
        << QByteArray("https://s3.us-east-1.amazonaws.com/my.bucket/"
                      "?continuation-token=t%2F%3D&list-type=2&prefix=k");
    QTest::newRow("an endpoint by address")
        << QByteArray("s3://bucket/k?x#y") << S3Access{.endpoint = "http://127.0.0.1:9000/"}
        << QByteArray("http://127.0.0.1:9000/bucket/k%3Fx%23y")
        << QByteArray("http://127.0.0.1:9000/bucket/"
                      "?continuation-token=t%2F%3D&list-type=2&prefix=k%3Fx%23y");
    QTest::newRow("an endpoint by name")
        << QByteArray("s3://bucket/k") << S3Access{.endpoint = "https://storage.example"}
        << QByteArray("https://bucket.storage.example/k")
        << QByteArray("https://bucket.storage.example/"
                      "?continuation-token=t%2F%3D&list-type=2&prefix=k");
    QTest::newRow("path style") << QByteArray("s3://bucket/k")
                                << S3Access{.endpoint = "https://storage.example",
                                            .isPathStyle = true}
                                << QByteArray("https://storage.example/bucket/k")
                                << QByteArray("https://storage.example/bucket/"
                                              "?continuation-token=t%2F%3D&list-type=2&prefix=k");
}

void TestRemoteListing::makesS3Addresses()
{
    QFETCH(QByteArray, url);
    QFETCH(S3Access, access);
    QFETCH(QByteArray, object);
    QFETCH(QByteArray, list);
    const auto location = S3Location::parse(url.toStdString());
    QVERIFY(location.has_value());
    QCOMPARE(QByteArray::fromStdString(location->url()), url);
    QCOMPARE(QByteArray::fromStdString(s3ObjectUrl(*location, access)), object);
    QCOMPARE(QByteArray::fromStdString(s3ListUrl(*location, access, "t/=")), list);
}

void TestRemoteListing::refusesBuckets_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::newRow("none") << QByteArray("s3:///key");
    QTest::newRow("too short") << QByteArray("s3://ab/key");
    QTest::newRow("a port") << QByteArray("s3://bucket:9000/key");
    QTest::newRow("a user") << QByteArray("s3://user@bucket/key");
}

void TestRemoteListing::refusesBuckets()
{
    QFETCH(QByteArray, url);
    const auto location = S3Location::parse(url.toStdString());
    QVERIFY(!location.has_value());
    QCOMPARE(int(location.error().code), int(ErrorCode::UrlInvalid));
}

void TestRemoteListing::readsAPageOfObjects()
{
    const auto page = readS3Page(R"(<?xml version="1.0"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
<Contents><Key>a&amp;b.csv</Key><Size>12</Size><ETag>"x"</ETag></Contents>
<Contents><Size>5000000000</Size><Key>c</Key></Contents>
<Contents><Key>none can be so small</Key><Size>-7</Size></Contents>
<IsTruncated>true</IsTruncated><NextContinuationToken>n==</NextContinuationToken>
</ListBucketResult>)");
    QVERIFY(page.has_value());
    QCOMPARE(std::ssize(page->objects), 3);
    QCOMPARE(page->objects.front().first, std::string("a&b.csv"));
    QCOMPARE(page->objects[1].second, ByteCount(5'000'000'000));
    QCOMPARE(page->objects.back().second, ByteCount(0));
    QCOMPARE(page->next, std::string("n=="));
}

void TestRemoteListing::refusesOtherDocuments()
{
    for (const char *text : {"", "hello", "<Error><Code>X</Code></Error>",
                             "<ListBucketResult><Contents><Key>a</Key></Contents>"}) {
        const auto page = readS3Page(text);
        QVERIFY(!page.has_value());
        QCOMPARE(int(page.error().code), int(ErrorCode::ProtocolViolation));
    }
}

void TestRemoteListing::readsLongNames()
{
    const auto files = readLongNames(
        "drwxr-xr-x    2 root     root         4096 Nov 26 06:20 folder\n"
        "-rw-r--r--    1 root     root           12 Nov 26 06:20 a.csv\n"
        "-rw-r--r--    1 1000     1000   5000000000 Jan  1  2025 with  two blanks.csv\r\n"
        "lrwxrwxrwx    1 root     root            5 Nov 26 06:20 link\n"
        "-rw-r--r--    1 root     root          -12 Nov 26 06:20 none can be so small\n"
        "nonsense\n");
    QCOMPARE(std::ssize(files), 2);
    QCOMPARE(files.front().first, std::string("a.csv"));
    QCOMPARE(files.front().second, ByteCount(12));
    QCOMPARE(files.back().first, std::string("with  two blanks.csv"));
    QCOMPARE(files.back().second, ByteCount(5'000'000'000));
}

void TestRemoteListing::tellsS3Errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isAnonymous");
    QTest::addColumn<QByteArray>("says");
    const auto document = [](const char *code) -> QByteArray {
        return QByteArray("<Error><Code>") + code + "</Code><Message>As sent.</Message></Error>";
    };
    QTest::newRow("wrong secret")
        << document("SignatureDoesNotMatch") << false
        << QByteArray("SignatureDoesNotMatch: the signature is wrong: check the secret access key "
                      "and the region");
    QTest::newRow("denied without a key") << document("AccessDenied") << true
                                          << QByteArray("AccessDenied: it is not public, and no "
                                                        "access key was given");
    QTest::newRow("denied with one") << document("AccessDenied") << false
                                     << QByteArray("AccessDenied: this access key may not read it");
    QTest::newRow("one we do not know")
        << document("SlowDown") << false << QByteArray("SlowDown: As sent.");
    QTest::newRow("no document") << QByteArray("<html>") << false << QByteArray();
}

void TestRemoteListing::tellsS3Errors()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isAnonymous);
    QFETCH(QByteArray, says);
    QCOMPARE(QByteArray::fromStdString(s3ErrorText(text.toStdString(), isAnonymous)), says);
}

QTEST_GUILESS_MAIN(TestRemoteListing)
#include "tst_remote_listing.moc"

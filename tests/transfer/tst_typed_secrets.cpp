// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/request_secrets.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

/// Which secrets of a request somebody typed is kept, what they are is not.
class TestTypedSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackByName_data();
    void comesBackByName();
    void isComplete();
    void isGivenBack();
};

void TestTypedSecrets::comesBackByName_data()
{
    QTest::addColumn<DownloadRequest>("request");
    QTest::addColumn<QByteArray>("names");
    const auto row = [](const char *title, const char *url, const char *names, auto fill,
                        std::optional<FileSet> files = std::nullopt) {
        DownloadRequest request;
        request.bytes.url = url;
        request.files = std::move(files);
        fill(request.bytes);
        QTest::newRow(title) << request << QByteArray(names);
    };
    using Bytes = transport::ByteRequest;
    row("S3", "s3://b/k", "s3-keys ",
        [](Bytes &bytes) { bytes.s3 = {.accessKeyId = "AKTYPED", .secretAccessKey = "s3cret"}; });
    row("temporary keys of S3", "s3://b/k", "s3-keys s3-session-token ", [](Bytes &bytes) {
        bytes.s3 = {
            .accessKeyId = "AKTYPED", .secretAccessKey = "s3cret", .sessionToken = "s3cret"};
    });
    row("SSH", "sftp://h/f", "ssh-password ssh-passphrase ", [](Bytes &bytes) {
        bytes.ssh = {.password = "s3cret", .privateKeyFile = "/k", .passphrase = "s3cret"};
    });
    row("SSH, in the address", "sftp://zoe:s3cret@h/f", "ssh-password ", [](Bytes &) {});
    row(
        "SSH, in the address of a later file", "sftp://zoe@h/1", "ssh-password ", [](Bytes &) {},
        FileSet{.sources = {{"sftp://zoe@h/1"}, {"sftp://eve:s3cret@i/2"}, {"/3:4@5"}}});
    row(
        "a password that is of another file", "sftp://zoe@h/1", "", [](Bytes &) {},
        FileSet{.sources = {{"sftp://zoe@h/1"}, {"ftp://eve:s3cret@i/2"}}});
    row("SSH by agent", "sftp://zoe@h/f:x@y", "", [](Bytes &) {});
    row("a database", "postgresql://zoe@h/d", "database-password ",
        [](Bytes &bytes) { bytes.postgres.password = "s3cret"; });
    row("a database, in the address", "postgres://zoe:s3cret@h/d", "database-password ",
        [](Bytes &) {});
    row("of another kind", "https://h/f", "", [](Bytes &bytes) {
        bytes.s3.secretAccessKey = "s3cret";
        bytes.ssh.password = "s3cret";
        bytes.postgres.password = "s3cret";
    });
}

void TestTypedSecrets::comesBackByName()
{
    QFETCH(DownloadRequest, request);
    QFETCH(QByteArray, names);
    request.typedSecrets = typedSecretsOf(request);
    QVERIFY(missingSecrets(request).typed.empty()); // they are here
    const std::string json = request.toJson();
    QVERIFY2(json.find("s3cret") == std::string::npos, json.c_str());
    const auto kept = DownloadRequest::fromJson(json);
    QVERIFY(kept.has_value());
    QByteArray missing;
    for (const TypedSecret secret : missingSecrets(*kept).typed)
        missing += QByteArray::fromStdString(std::string(typedSecretName(secret))) + ' ';
    QCOMPARE(missing, names);
    QCOMPARE(missingSecrets(*kept).isEmpty(), names.isEmpty());
}

void TestTypedSecrets::isComplete()
{
    for (const TypedSecret secret :
         {TypedSecret::S3Keys, TypedSecret::S3SessionToken, TypedSecret::SshPassword,
          TypedSecret::SshPassphrase, TypedSecret::DatabasePassword})
        QVERIFY(typedSecretByName(typedSecretName(secret)) == secret);
    QVERIFY(!typedSecretByName("else"));
}

void TestTypedSecrets::isGivenBack()
{
    DownloadRequest request;
    request.bytes.url = "s3://b/k";
    request.typedSecrets = {TypedSecret::S3Keys};
    QVERIFY(!missingSecrets(request).isEmpty());
    request.bytes.s3.secretAccessKey = "s3cret";
    QVERIFY(missingSecrets(request).isEmpty());
}

QTEST_GUILESS_MAIN(TestTypedSecrets)
#include "tst_typed_secrets.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/remote_access.h"
#include "access/ssh_setup.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::access;
using namespace Qt::Literals::StringLiterals;

using Variables = QMap<QString, QString>;

/// What a user has set up for S3 and SSH.
class TestAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void findsTheProfile_data();
    void findsTheProfile();
    void refusesAnUnknownProfile();
    void findsTheKey();
    void completesWhatIsNotSaid_data();
    void completesWhatIsNotSaid();

private:
    Environment environment(Variables variables) const
    {
        variables.insert(u"HOME"_s, m_home.path());
        return [variables](const char *name) {
            return variables.value(QString::fromLatin1(name)).toStdString();
        };
    }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_home.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

    QTemporaryDir m_home;
};

void TestAccess::initTestCase()
{
    QVERIFY(QDir(m_home.path()).mkpath(u".aws"_s));
    QVERIFY(QDir(m_home.path()).mkpath(u".ssh"_s));
    write(u".aws/credentials"_s, "[default]\naws_access_key_id = AKDEFAULT\n"
                                 "aws_secret_access_key=default/secret\n"
                                 "; a remark\n\n[other]\r\naws_access_key_id=AKOTHER\r\n"
                                 "aws_secret_access_key=other=secret\r\n"
                                 "aws_session_token = tok\r\n");
    write(u".aws/config"_s, "[default]\nregion = eu-central-1\ns3 =\n  region = nested\n"
                            "[profile other]\nregion=eu-north-1\n"
                            "endpoint_url = https://storage.example\n");
}

void TestAccess::findsTheProfile_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<Variables>("variables");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("region");
    QTest::addColumn<QByteArray>("endpoint");
    QTest::newRow("default") << QString() << Variables() << QByteArray("AKDEFAULT")
                             << QByteArray("default/secret") << QByteArray()
                             << QByteArray("eu-central-1") << QByteArray();
    QTest::newRow("named") << u"other"_s << Variables() << QByteArray("AKOTHER")
                           << QByteArray("other=secret") << QByteArray("tok")
                           << QByteArray("eu-north-1") << QByteArray("https://storage.example");
    QTest::newRow("AWS_PROFILE") << QString() << Variables{{u"AWS_PROFILE"_s, u"other"_s}}
                                 << QByteArray("AKOTHER") << QByteArray("other=secret")
                                 << QByteArray("tok") << QByteArray("eu-north-1")
                                 << QByteArray("https://storage.example");
    const Variables keys{{u"AWS_ACCESS_KEY_ID"_s, u"AKENV"_s},
                         {u"AWS_SECRET_ACCESS_KEY"_s, u"env"_s},
                         {u"AWS_REGION"_s, u"us-west-2"_s}};
    QTest::newRow("variables") << QString() << keys << QByteArray("AKENV") << QByteArray("env")
                               << QByteArray() << QByteArray("us-west-2") << QByteArray();
    QTest::newRow("a named profile before the variables' keys")
        << u"default"_s << keys << QByteArray("AKDEFAULT") << QByteArray("default/secret")
        << QByteArray() << QByteArray("us-west-2") << QByteArray();
    QTest::newRow("nothing set up")
        << QString()
        << Variables{{u"AWS_SHARED_CREDENTIALS_FILE"_s, u"/nowhere"_s},
                     {u"AWS_CONFIG_FILE"_s, u"/nowhere"_s}}
        << QByteArray() << QByteArray() << QByteArray() << QByteArray("us-east-1") << QByteArray();
}

void TestAccess::findsTheProfile()
{
    QFETCH(QString, profile);
    QFETCH(Variables, variables);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, region);
    QFETCH(QByteArray, endpoint);
    const auto access = s3AccessOf(profile.toStdString(), environment(variables));
    QVERIFY(access.has_value());
    QCOMPARE(QByteArray::fromStdString(access->accessKeyId), key);
    QCOMPARE(QByteArray::fromStdString(access->secretAccessKey), secret);
    QCOMPARE(QByteArray::fromStdString(access->sessionToken), token);
    QCOMPARE(QByteArray::fromStdString(access->region), region);
    QCOMPARE(QByteArray::fromStdString(access->endpoint), endpoint);
}

void TestAccess::refusesAnUnknownProfile()
{
    const auto access = s3AccessOf("nobody", environment({}));
    QVERIFY(!access.has_value());
    QCOMPARE(int(access.error().code), int(ErrorCode::InvalidArgument));
}

void TestAccess::findsTheKey()
{
    const auto none = sshAccessOf(environment({{u"USER"_s, u"zoe"_s}}));
    QCOMPARE(none.user, std::string("zoe"));
    QVERIFY(none.privateKeyFile.empty());
    QVERIFY(!none.hasAgent);
    write(u".ssh/id_rsa"_s, "key");
    write(u".ssh/id_ed25519"_s, "key");
    const auto some = sshAccessOf(environment({{u"SSH_AUTH_SOCK"_s, u"/tmp/agent"_s}}));
    QVERIFY(some.privateKeyFile.ends_with("/.ssh/id_ed25519"));
    QVERIFY(some.hasAgent);
    QCOMPARE(some.knownHostsFile, m_home.filePath(u".ssh/known_hosts"_s).toStdString());
}

void TestAccess::completesWhatIsNotSaid_data()
{
    QTest::addColumn<transport::S3Access>("said");
    QTest::addColumn<transport::S3Access>("completed");
    const transport::S3Access profile{.endpoint = "https://storage.example",
                                      .region = "eu-north-1",
                                      .accessKeyId = "AKOTHER",
                                      .secretAccessKey = "other=secret",
                                      .sessionToken = "tok"};
    QTest::newRow("nothing") << transport::S3Access() << profile;
    auto elsewhere = profile;
    elsewhere.endpoint = "http://127.0.0.1:9000";
    elsewhere.region = "eu-west-3";
    elsewhere.isPathStyle = true;
    QTest::newRow("where") << transport::S3Access{.endpoint = "http://127.0.0.1:9000",
                                                  .region = "eu-west-3",
                                                  .isPathStyle = true}
                           << elsewhere;
    auto another = profile;
    another.accessKeyId = "AKTYPED";
    another.secretAccessKey = "typed";
    another.sessionToken.clear();
    QTest::newRow("keys, which belong together")
        << transport::S3Access{.accessKeyId = "AKTYPED", .secretAccessKey = "typed"} << another;
}

void TestAccess::completesWhatIsNotSaid()
{
    QFETCH(transport::S3Access, said);
    QFETCH(transport::S3Access, completed);
    const auto variables = environment({{u"AWS_PROFILE"_s, u"other"_s}, {u"USER"_s, u"zoe"_s}});
    transport::ByteRequest object{.url = "s3://bucket/key", .s3 = said};
    QVERIFY(completeAccess(object, {object.url}, variables).has_value());
    QVERIFY(object.s3 == completed);

    transport::ByteRequest page{.url = "https://h/", .s3 = said};
    QVERIFY(completeAccess(page, {page.url}, variables).has_value());
    QVERIFY(page.s3 == said);
    QVERIFY(page.ssh == transport::SshAccess());

    transport::ByteRequest file{.url = "sftp://h/x",
                                .ssh = {.password = "p", .knownHostsFile = "~/hosts"}};
    QVERIFY(completeAccess(file, {file.url}, variables).has_value());
    QCOMPARE(file.ssh.user, std::string("zoe"));
    QCOMPARE(file.ssh.password, std::string("p"));
    QCOMPARE(file.ssh.knownHostsFile, m_home.filePath(u"hosts"_s).toStdString());
}

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_access.moc"

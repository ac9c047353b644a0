// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fields.h"
#include "window_fixture.h"

#include "error_banner.h"
#include "source/remote_files.h"
#include "source/source_dialog.h"
#include "source/storage_page.h"
#include "source/trial_view.h"
#include "support/raw_server.h"
#include "support/s3_server.h"
#include "support/ssh_server.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QLineEdit>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::field;
using test::RawServer;
using test::requestFor;
using test::S3Server;
using test::Script;
using test::SshServer;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

/// Files in storages, asked for in the window, with what this user has set up on this machine.
class TestStoragePage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void saysWhatIsEntered_data();
    void saysWhatIsEntered();
    void refuses_data();
    void refuses();
    void leavesOutWhatAFileHasNot();
    void s3IsAskedAsThisUser_data();
    void s3IsAskedAsThisUser();
    void sftpIsAskedAsThisUser();
    void aStrangeServerIsRefused();
    void listsAFolder();
    void listsAPrefix();
    void namesTheFolder_data();
    void namesTheFolder();

private:
    /// Set up as `.ssh` of this user what `server` wants; `knowsHost`: and its key.
    void setUpSsh(const SshServer &server, bool knowsHost) const;

    QTemporaryDir m_home;
};

void TestStoragePage::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path()));
    qunsetenv("SSH_AUTH_SOCK");
}

void TestStoragePage::init()
{
    for (const char *name :
         {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
          "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"})
        qunsetenv(name);
    QVERIFY(QDir(m_home.path()).mkpath(u".ssh"_s));
}

void TestStoragePage::saysWhatIsEntered_data()
{
    QTest::addColumn<DownloadRequest>("request");
    QTest::addColumn<QByteArray>("kind");
    DownloadRequest object = requestFor("s3://bucket/year=2026/rows.csv.gz");
    object.bytes.s3 = {.endpoint = "https://storage.example:9000",
                       .region = "eu-north-1",
                       .accessKeyId = "AKID",
                       .secretAccessKey = "s3cret",
                       .sessionToken = "tok",
                       .isPathStyle = true};
    object.decode.format = decode::Format::Csv;
    QTest::newRow("S3") << object << QByteArray("s3");
    DownloadRequest file = requestFor("sftp://zoe@h/data/rows.json");
    file.bytes.ssh = {.user = "zoe",
                      .password = " with blanks ",
                      .privateKeyFile = "/home/zoe/key",
                      .passphrase = "phrase",
                      .knownHostsFile = "/home/zoe/hosts"};
    QTest::newRow("SFTP") << file << QByteArray("sftp");
}

void TestStoragePage::saysWhatIsEntered()
{
    QFETCH(DownloadRequest, request);
    QFETCH(QByteArray, kind);
    const ui::Theme theme(*qApp);
    SourceDialog dialog(request, {}, theme, nullptr);
    QCOMPARE(QByteArray(dialog.kind().id), kind);
    const DownloadRequest made = dialog.request();
    QCOMPARE(made.bytes.url, request.bytes.url);
    QVERIFY(made.bytes.s3 == request.bytes.s3);
    QVERIFY(made.bytes.ssh == request.bytes.ssh);
    QVERIFY(made.decode.format == request.decode.format);
    for (const auto *secret : {"s3SecretKey", "s3SessionToken", "sshPassword", "sshPassphrase"}) {
        if (const auto *dots = field<QLineEdit>(dialog, secret))
            QCOMPARE(dots->echoMode(), QLineEdit::Password);
    }
    for (const auto *secret : {"s3cret", "tok", "with blanks", "phrase"})
        QVERIFY(!QByteArray::fromStdString(made.toJson()).contains(secret));
}

void TestStoragePage::refuses_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<QString>("accessKey");
    QTest::addColumn<QString>("part");
    QTest::newRow("no URL") << std::string("s3://") << QString() << u"s3://"_s;
    QTest::newRow("another scheme") << std::string("https://h/rows.csv") << QString() << u"s3://"_s;
    QTest::newRow("a key without its secret")
        << std::string("s3://bucket/key") << u"AKID"_s << u"secret"_s;
}

void TestStoragePage::refuses()
{
    QFETCH(std::string, url);
    QFETCH(QString, accessKey);
    QFETCH(QString, part);
    const ui::Theme theme(*qApp);
    SourceDialog dialog(requestFor("s3://bucket/key"), {}, theme, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    field<QLineEdit>(dialog, "sourceUrl")->setText(QString::fromStdString(url));
    field<QLineEdit>(dialog, "s3AccessKey")->setText(accessKey);
    field<QPushButton>(dialog, "getSource")->click();
    const auto *notice = dialog.findChild<ui::NoticeLine *>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->sentence().contains(part), qPrintable(notice->sentence()));
}

void TestStoragePage::leavesOutWhatAFileHasNot()
{
    const ui::Theme theme(*qApp);
    DownloadRequest request = requestFor("s3://bucket/key");
    request.bytes.method = "POST";
    request.bytes.body = "{}";
    request.bytes.headers = {{"X-Team", "data"}};
    request.decode.format = decode::Format::Sse;
    request.pages.emplace();
    const SourceDialog dialog(request, {}, theme, nullptr);
    const DownloadRequest made = dialog.request();
    QCOMPARE(made.bytes.method, std::string("GET"));
    QVERIFY(made.bytes.body.empty() && made.bytes.headers.empty() && !made.pages);
    QVERIFY(made.decode.format == decode::Format::Auto);
}

void TestStoragePage::s3IsAskedAsThisUser_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("signer");
    QTest::newRow("as the environment says") << QString() << QByteArray("Credential=AKENV/");
    QTest::newRow("as was typed") << u"AKTYPED"_s << QByteArray("Credential=AKTYPED/");
}

void TestStoragePage::s3IsAskedAsThisUser()
{
    QFETCH(QString, typed);
    QFETCH(QByteArray, signer);
    const RawServer server(
        {Script().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"1\"\r\n\r\n"
                       "id\n1\n2\n3\n\n")});
    qputenv("AWS_ACCESS_KEY_ID", "AKENV");
    qputenv("AWS_SECRET_ACCESS_KEY", "env");
    qputenv("AWS_REGION", "eu-north-1");
    qputenv("AWS_ENDPOINT_URL_S3", QByteArray::fromStdString(server.url({})));
    WindowFixture fixture;
    auto *dialog = new SourceDialog(requestFor("s3://bucket/rows.csv"), {}, fixture.theme,
                                    fixture.window.get());
    connect(dialog, &SourceDialog::getRequested, fixture.window.get(),
            [&fixture](const DownloadRequest &made) { fixture.window->get(made); });
    dialog->show();
    field<QLineEdit>(*dialog, "s3AccessKey")->setText(typed);
    field<QLineEdit>(*dialog, "s3SecretKey")->setText(typed.isEmpty() ? typed : u"typed"_s);
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    QVERIFY(dialog->trialView().trial().findings().has_value());
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(3));
    QVERIFY(server.requests().size() >= 2);
    for (const std::string &request : server.requests()) {
        const auto text = QByteArray::fromStdString(request);
        QVERIFY2(text.contains(signer) && text.contains("/eu-north-1/s3/"), text.constData());
    }
}

void TestStoragePage::setUpSsh(const SshServer &server, bool knowsHost) const
{
    QDir folder(m_home.filePath(u".ssh"_s));
    for (const char *name : {"id_ed25519", "known_hosts"})
        QFile::remove(folder.filePath(QLatin1String(name)));
    QVERIFY(QFile::copy(server.userKey(), folder.filePath(u"id_ed25519"_s)));
    QVERIFY(QFile::copy(server.userKey() + u".pub"_s, folder.filePath(u"id_ed25519.pub"_s)) ||
            QFile::exists(folder.filePath(u"id_ed25519.pub"_s)));
    if (knowsHost)
        QVERIFY(QFile::copy(server.knownHosts(), folder.filePath(u"known_hosts"_s)));
}

void TestStoragePage::sftpIsAskedAsThisUser()
{
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    setUpSsh(server, true);
    const QString rows = m_home.filePath(u"rows.ndjson"_s);
    write(rows, "{\"id\":1}\n{\"id\":2}\n");
    WindowFixture fixture;
    fixture.enterUrl(server.url(rows).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QVERIFY2(fixture.errorWhat().isEmpty(), qPrintable(fixture.errorWhat()));
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(2));

    // The same by hand, with what a person writes for their own folder.
    QFile::rename(m_home.filePath(u".ssh/id_ed25519"_s), m_home.filePath(u".ssh/mine"_s));
    DownloadRequest request = requestFor(server.url(rows).toStdString());
    request.bytes.ssh.privateKeyFile = "~/.ssh/mine";
    SourceDialog dialog(request, {}, fixture.theme, nullptr);
    dialog.tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.trialView().trial().isRunning(), kPatienceMs);
    const auto &error = dialog.trialView().trial().error();
    QVERIFY2(!error, error ? error->detail.c_str() : "");
    QFile::remove(m_home.filePath(u".ssh/mine"_s));
}

void TestStoragePage::aStrangeServerIsRefused()
{
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    setUpSsh(server, false);
    const QString rows = m_home.filePath(u"rows.ndjson"_s);
    write(rows, "{\"id\":1}\n");
    WindowFixture fixture;
    fixture.enterUrl(server.url(rows).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.errorWhat().isEmpty(), kPatienceMs);
    const QString said = fixture.visibleChild<ui::ErrorBanner>("errorBanner")->text().toPlainText();
    QVERIFY2(said.startsWith(u"The SSH server did not prove who it is"), qPrintable(said));
    QVERIFY2(said.contains(u"known_hosts"), qPrintable(said));
    QVERIFY(fixture.tab() == nullptr || fixture.tab()->grid()->rowCount() == RowCount(0));
}

void TestStoragePage::listsAFolder()
{
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    setUpSsh(server, true);
    QVERIFY(QDir(m_home.path()).mkpath(u"exports/below"_s));
    write(m_home.filePath(u"exports/one.csv"_s), "id\n1\n");
    write(m_home.filePath(u"exports/two words.csv"_s), "id\n1\n2\n");
    const ui::Theme theme(*qApp);
    SourceDialog dialog(requestFor(server.url(m_home.filePath(u"exports/one.csv"_s)).toStdString()),
                        {}, theme, nullptr);
    dialog.show();
    auto *files = field<ui::RemoteFiles>(dialog, "remoteFiles");
    field<QPushButton>(dialog, "listFiles")->click();
    QVERIFY(files->isAsking());
    QTRY_VERIFY_WITH_TIMEOUT(!files->isAsking(), kPatienceMs);
    QCOMPARE(files->topLevelItemCount(), 2);
    QCOMPARE(files->topLevelItem(0)->text(0), u"one.csv"_s);
    QCOMPARE(files->topLevelItem(1)->text(0), u"two words.csv"_s);
    QCOMPARE(files->topLevelItem(1)->text(1), u"7 B"_s);
    files->setCurrentItem(files->topLevelItem(1));
    QTest::keyClick(files, Qt::Key_Return);
    QVERIFY(field<QLineEdit>(dialog, "sourceUrl")->text().contains(u"two"));
    dialog.tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.trialView().trial().isRunning(), kPatienceMs);
    const auto &findings = dialog.trialView().trial().findings();
    QVERIFY(findings.has_value());
    QCOMPARE(findings->shownRows, RowCount(2));

    // What goes wrong is said on the page, and what was listed before is gone.
    field<QLineEdit>(dialog, "sourceUrl")
        ->setText(server.url(m_home.filePath(u"nothing/here.csv"_s)));
    field<QPushButton>(dialog, "listFiles")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!files->isAsking(), kPatienceMs);
    const auto *notice = dialog.findChild<ui::StoragePage *>()->findChild<ui::NoticeLine *>();
    QVERIFY(notice->isVisible() && !notice->sentence().isEmpty());
    QCOMPARE(files->topLevelItemCount(), 0);
}

void TestStoragePage::listsAPrefix()
{
    if (!S3Server::isInstalled())
        QSKIP("npm ci has not been run in tests/interop/node");
    S3Server server;
    QVERIFY(server.put(u"data/orders/1.csv"_s, "id\n1\n"));
    QVERIFY(server.put(u"data/orders/deep/two words.csv"_s, "id\n2\n3\n"));
    QVERIFY(server.put(u"data/other.csv"_s, "id\n4\n"));
    QVERIFY(server.start());
    DownloadRequest request = requestFor("s3://data/orders/1.csv");
    request.bytes.s3 = {.endpoint = server.endpoint(),
                        .region = S3Server::kRegion,
                        .accessKeyId = S3Server::kAccessKey,
                        .secretAccessKey = S3Server::kSecretKey};
    WindowFixture fixture;
    auto *dialog = new SourceDialog(request, {}, fixture.theme, fixture.window.get());
    connect(dialog, &SourceDialog::getRequested, fixture.window.get(),
            [&fixture](const DownloadRequest &made) { fixture.window->get(made); });
    dialog->show();
    auto *files = field<ui::RemoteFiles>(*dialog, "remoteFiles");
    field<QPushButton>(*dialog, "listFiles")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!files->isAsking(), kPatienceMs);
    QCOMPARE(files->topLevelItemCount(), 2);
    QCOMPARE(files->topLevelItem(0)->text(0), u"1.csv"_s);
    QCOMPARE(files->topLevelItem(1)->text(0), u"deep/two words.csv"_s);
    QCOMPARE(files->topLevelItem(1)->text(1), u"7 B"_s);
    WindowFixture::keepPicture(dialog, u"source-s3-listed"_s);
    files->setCurrentItem(files->topLevelItem(1));
    QTest::keyClick(files, Qt::Key_Return);
    QCOMPARE(field<QLineEdit>(*dialog, "sourceUrl")->text(),
             u"s3://data/orders/deep/two words.csv"_s);

    // The whole of it becomes one table.
    field<QLineEdit>(*dialog, "sourceUrl")->setText(u"s3://data/orders/"_s);
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QVERIFY2(fixture.errorWhat().isEmpty(), qPrintable(fixture.errorWhat()));
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(3));
    // Another key is told as what it is.
    auto *again = new SourceDialog(request, {}, fixture.theme, fixture.window.get());
    again->show();
    field<QLineEdit>(*again, "s3SecretKey")->setText(u"another"_s);
    field<QPushButton>(*again, "listFiles")->click();
    auto *none = field<ui::RemoteFiles>(*again, "remoteFiles");
    QTRY_VERIFY_WITH_TIMEOUT(!none->isAsking(), kPatienceMs);
    const auto *notice = again->findChild<ui::StoragePage *>()->findChild<ui::NoticeLine *>();
    QVERIFY2(notice->sentence().contains(u"SignatureDoesNotMatch"), qPrintable(notice->sentence()));
}

void TestStoragePage::namesTheFolder_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("folder");
    QTest::newRow("a file") << QByteArray("s3://b/x/y.csv") << QByteArray("s3://b/x/");
    QTest::newRow("a folder") << QByteArray("s3://b/x/") << QByteArray("s3://b/x/");
    QTest::newRow("a bucket") << QByteArray("s3://b") << QByteArray("s3://b");
    QTest::newRow("a pattern") << QByteArray("s3://b/x/*.csv") << QByteArray("s3://b/x/*.csv");
}

void TestStoragePage::namesTheFolder()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, folder);
    QCOMPARE(QByteArray::fromStdString(ui::folderToList(url.toStdString())), folder);
}

QTEST_MAIN(TestStoragePage)
#include "tst_storage_page.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/users_table.h"
#include "support/child_process.h"
#include "support/nginx_server.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace freshet;
using freshet::test::ChildProcess;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::NginxServer;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRows = 5000;

QByteArray ndjson()
{
    const demo::UsersTable table(1);
    std::string text;
    for (int row = 0; row < kRows; ++row) {
        table.appendJson(text, row);
        text += '\n';
    }
    return QByteArray::fromStdString(text);
}

QByteArray jsonArray()
{
    QByteArray text = ndjson();
    text.chop(1);
    return '[' + text.replace("\n{", ",\n{") + ']';
}

QByteArray csv()
{
    const demo::UsersTable table(1);
    std::string text;
    demo::UsersTable::appendCsvHeader(text);
    for (int row = 0; row < kRows; ++row)
        table.appendCsv(text, row);
    return QByteArray::fromStdString(text);
}

} // namespace

/// Files of one table, served by a real nginx: the same rows in every form, proven complete.
class TestCliNginx : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fetchesTheSameRows_data();
    void fetchesTheSameRows();
    void savesWhatReadsBackEqual();

private:
    [[nodiscard]] bool compress(const QString &program, const QString &file,
                                const QString &suffix) const;
    CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(m_folder.filePath(u"library"_s)).run(command, arguments);
    }

    QTemporaryDir m_folder;
    NginxServer m_server;
    QByteArray m_measure;
};

bool TestCliNginx::compress(const QString &program, const QString &file,
                            const QString &suffix) const
{
    const QString path = m_folder.filePath(u"www/"_s + file);
    return ChildProcess::run(program, {u"-k"_s, path}).exitCode == 0 &&
           QFile::exists(path + suffix);
}

void TestCliNginx::initTestCase()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    QVERIFY(QDir(m_folder.path()).mkdir(u"www"_s));
    const std::pair<QString, QByteArray> files[] = {
        {u"users.ndjson"_s, ndjson()}, {u"users.json"_s, jsonArray()}, {u"users.csv"_s, csv()}};
    for (const auto &[name, bytes] : files) {
        QFile file(m_folder.filePath(u"www/"_s + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QVERIFY(compress(u"gzip"_s, name, u".gz"_s));
        if (!QStandardPaths::findExecutable(u"zstd"_s).isEmpty())
            QVERIFY(compress(u"zstd"_s, name, u".zst"_s));
    }
    QVERIFY(m_server.start({.folder = m_folder.filePath(u"www"_s), .gzipStatic = true}));
}

void TestCliNginx::fetchesTheSameRows_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("scheme");
    QTest::addColumn<QString>("coding");
    const auto plain = static_cast<int>(NginxServer::Scheme::Plain);
    for (const auto *file : {"users.ndjson", "users.json", "users.csv"}) {
        const QString name = QString::fromUtf8(file);
        QTest::addRow("%s", file) << name << plain << u"identity"_s;
        QTest::addRow("%s, gzip as a coding", file) << name << plain << u"gzip"_s;
        QTest::addRow("%s, a gzip file", file) << name + u".gz"_s << plain << u"identity"_s;
        QTest::addRow("%s, a zstd file", file) << name + u".zst"_s << plain << u"identity"_s;
    }
    QTest::newRow("over TLS") << u"users.ndjson"_s << static_cast<int>(NginxServer::Scheme::Tls)
                              << u"identity"_s;
    QTest::newRow("over HTTP/2") << u"users.ndjson"_s
                                 << static_cast<int>(NginxServer::Scheme::Http2) << u"identity"_s;
}

void TestCliNginx::fetchesTheSameRows()
{
    QFETCH(QString, file);
    QFETCH(int, scheme);
    QFETCH(QString, coding);
    if (!QFile::exists(m_folder.filePath(u"www/"_s + file)))
        QSKIP("zstd is not installed");
    const CliRun got = run(
        u"get"_s, {m_server.url(static_cast<NginxServer::Scheme>(scheme), u'/' + file), u"--json"_s,
                   u"--accept-encoding"_s, coding, u"--cacert"_s, m_server.certificateFile()});
    QCOMPARE(got.errors, QByteArray());
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(got.json()[u"rows"].toInt(), kRows);
    if (!file.endsWith(u".zst"))
        QCOMPARE(got.json()[u"verdict"].toString(), u"verified"_s);
    const QString dataset = got.json()[u"dataset"].toString();
    const CliRun shown =
        run(u"show"_s, {dataset, u"--columns"_s, u"id,name,balance,created_at,address.zip,note"_s});
    QCOMPARE(shown.lines().size(), kRows);
    if (m_measure.isEmpty())
        m_measure = shown.output;
    QVERIFY2(shown.output == m_measure, "the rows differ between two forms");
}

void TestCliNginx::savesWhatReadsBackEqual()
{
    const QString parquet = m_folder.filePath(u"users.parquet"_s);
    const QString csvFile = m_folder.filePath(u"users.csv"_s);
    const CliRun got =
        run(u"get"_s, {m_server.url(NginxServer::Scheme::Plain, u"/users.ndjson"_s), u"--name"_s,
                       u"saved"_s, u"--save"_s, parquet, u"--save"_s, csvFile});
    QCOMPARE(got.errors, QByteArray());
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(run(u"get"_s, {csvFile, u"--name"_s, u"back"_s}).exitCode, 0);
    const QString columns = u"id,balance,created_at,address.zip,note"_s;
    QVERIFY(run(u"show"_s, {u"saved"_s, u"--columns"_s, columns}).output ==
            run(u"show"_s, {u"back"_s, u"--columns"_s, columns}).output);
    QFile file(parquet);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.read(4), QByteArray("PAR1"));
}

QTEST_GUILESS_MAIN(TestCliNginx)
#include "tst_cli_nginx.moc"

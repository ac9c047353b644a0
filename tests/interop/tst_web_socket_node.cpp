// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/users_table.h"
#include "transfer/row_history.h"
#include "transfer/transfer.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

/// Against a server that others wrote: npm's `ws`.
class TestWebSocketNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void equalsTheFile_data();
    void equalsTheFile();

private:
    std::vector<std::uint64_t> download(DownloadRequest request, Progress &progress);

    QString m_script;
    QTemporaryDir m_folder;
    std::unique_ptr<QTemporaryDir> m_libraryFolder;
    std::shared_ptr<store::Library> m_library;
    QProcess m_node;
};

void TestWebSocketNode::initTestCase()
{
    const QString folder =
        qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
    m_script = folder + QStringLiteral("ws_server.mjs");
    if (!QFile::exists(folder + QStringLiteral("node_modules/ws")))
        QSKIP("npm ci has not been run in tests/interop/node");
    std::string text;
    const demo::UsersTable table(1);
    for (std::int64_t row = 0; row < 12'345; ++row) {
        table.appendJson(text, row);
        text += '\n';
    }
    QFile file(m_folder.filePath(QStringLiteral("users.ndjson")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text.data(), std::ssize(text)), std::ssize(text));
}

void TestWebSocketNode::init()
{
    m_library.reset();
    m_libraryFolder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_libraryFolder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
}

void TestWebSocketNode::cleanup()
{
    m_node.kill();
    m_node.waitForFinished();
}

std::vector<std::uint64_t> TestWebSocketNode::download(DownloadRequest request, Progress &progress)
{
    auto transfer = Transfer::start(m_library, std::move(request), {});
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    if (!(*transfer)->waitFor(100s))
        qFatal("the transfer does not end");
    progress = (*transfer)->progress();
    std::vector<std::uint64_t> rows;
    const auto scan = (*transfer)->dataset()->snapshot().scan();
    for (auto batch = scan->next(); batch && *batch; batch = scan->next()) {
        const auto more = rowHashes(**batch);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

void TestWebSocketNode::equalsTheFile_data()
{
    QTest::addColumn<QStringList>("cuts");
    QTest::newRow("in one connection") << QStringList();
    for (unsigned seed = 1; seed <= 3; ++seed) {
        std::mt19937 random(seed);
        QStringList cuts;
        for (int i = 0; i < 4; ++i)
            cuts << QString::number(1 + random() % 3000);
        QTest::addRow("cut after %s rows", qPrintable(cuts.join(u'+'))) << cuts;
    }
}

void TestWebSocketNode::equalsTheFile()
{
    QFETCH(QStringList, cuts);
    const QString file = m_folder.filePath(QStringLiteral("users.ndjson"));
    m_node.start(QStandardPaths::findExecutable(QStringLiteral("node")),
                 QStringList{m_script, file} + cuts);
    QTRY_VERIFY_WITH_TIMEOUT(m_node.canReadLine() || m_node.state() == QProcess::NotRunning,
                             60'000);
    const QByteArray port = m_node.readLine().trimmed();
    QVERIFY2(!port.isEmpty(), m_node.readAllStandardError().constData());

    DownloadRequest overSocket;
    overSocket.bytes.url = "ws://127.0.0.1:" + port.toStdString() + "/";
    overSocket.bytes.body = R"({"type":"fetch-all"})";
    overSocket.webSocket.resumeMessage = R"({"type":"resume","after":"${last.id}"})";
    overSocket.retry.firstDelay = 1ms;
    Progress progress;
    const auto rows = download(overSocket, progress);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             progress.verdict->evidence.front().c_str());
    QCOMPARE(progress.requests, static_cast<int>(cuts.size()) + 1);

    DownloadRequest fromFile;
    fromFile.bytes.url = file.toStdString();
    QVERIFY(rows == download(fromFile, progress));
    QCOMPARE(rows.size(), 12'345U);
}

QTEST_GUILESS_MAIN(TestWebSocketNode)
#include "tst_web_socket_node.moc"

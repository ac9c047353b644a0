// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "decode/proto_schema.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace freshet;
using namespace freshet::test;

/// freshet-cli against connect-node (gRPC-web and Connect, with gzip) and grpc-js (gRPC, with
/// reflection): the table of each protocol equals that of the same rows as NDJSON.
class TestGrpcNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void givesTheSameTable_data();
    void givesTheSameTable();
    void keepsRowsBeforeAnError_data();
    void keepsRowsBeforeAnError();

private:
    [[nodiscard]] QStringList call(const QString &format, const QByteArray &request) const
    {
        const bool isNative = format == QStringLiteral("grpc");
        QStringList words{isNative ? QStringLiteral("grpc://127.0.0.1:%1").arg(m_grpcPort)
                                   : QStringLiteral("http://127.0.0.1:%1").arg(m_webPort),
                          QStringLiteral("--call"),
                          QStringLiteral("interop.Rows/List"),
                          QStringLiteral("--format"),
                          format,
                          QStringLiteral("--data"),
                          QString::fromUtf8(request),
                          QStringLiteral("--json")};
        if (!isNative) // that one is asked for its types
            words << QStringLiteral("--proto") << m_proto;
        return words;
    }
    [[nodiscard]] QByteArray rowsOf(const QString &dataset) const
    {
        return m_cli
            .run(QStringLiteral("show"),
                 {dataset, QStringLiteral("--rows"), QStringLiteral("0:100000")})
            .output;
    }

    QTemporaryDir m_folder;
    CliProcess m_cli{m_folder.filePath(QStringLiteral("library"))};
    QProcess m_node;
    QString m_proto;
    int m_webPort = 0;
    int m_grpcPort = 0;
};

void TestGrpcNode::initTestCase()
{
    const QString scripts =
        qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
    const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
    if (node.isEmpty() || !QFileInfo::exists(scripts + QStringLiteral("node_modules/@grpc")))
        QSKIP("node or its packages are not here: npm ci in tests/interop/node");
    m_proto = scripts + QStringLiteral("rows.proto");
    const auto schema = decode::ProtoSchema::load({.protoFiles = {m_proto.toStdString()}});
    QVERIFY2(schema, schema ? "" : schema.error().detail.c_str());
    const QString set = m_folder.filePath(QStringLiteral("rows.pb"));
    QFile file(set);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(schema->descriptorSet()));
    file.close();

    m_node.setWorkingDirectory(scripts);
    m_node.start(node, {QStringLiteral("table_server.mjs"), set});
    QTRY_VERIFY_WITH_TIMEOUT(m_node.canReadLine() || m_node.state() == QProcess::NotRunning,
                             60'000);
    QVERIFY2(m_node.canReadLine(), m_node.readAllStandardError().constData());
    const QJsonObject ports = QJsonDocument::fromJson(m_node.readLine()).object();
    m_webPort = ports[u"web"].toInt();
    m_grpcPort = ports[u"grpc"].toInt();
    QVERIFY(m_webPort > 0 && m_grpcPort > 0);

    const CliRun plain =
        m_cli.run(QStringLiteral("get"),
                  {QStringLiteral("http://127.0.0.1:%1/ndjson?rows=3000").arg(m_webPort),
                   QStringLiteral("--name"), QStringLiteral("plain")});
    QVERIFY2(plain.exitCode == 0, plain.errors.constData());
}

void TestGrpcNode::cleanupTestCase()
{
    if (m_node.state() == QProcess::NotRunning)
        return;
    m_node.closeWriteChannel();
    QVERIFY(m_node.waitForFinished());
}

void TestGrpcNode::givesTheSameTable_data()
{
    QTest::addColumn<QString>("format");
    for (const char *format : {"grpc-web", "connect", "grpc"})
        QTest::newRow(format) << QString::fromLatin1(format);
}

void TestGrpcNode::givesTheSameTable()
{
    QFETCH(QString, format);
    const CliRun run = m_cli.run(QStringLiteral("get"), call(format, R"({"rows": 3000})")
                                                            << QStringLiteral("--name") << format);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.json()[u"verdict"].toString(), QStringLiteral("verified"));
    QCOMPARE(run.json()[u"rows"].toInt(), 3000);
    const QList<QByteArray> expected = rowsOf(QStringLiteral("plain")).split('\n');
    const QList<QByteArray> rows = rowsOf(format).split('\n');
    QCOMPARE(rows.size(), expected.size());
    for (qsizetype i = 0; i < rows.size(); ++i)
        QCOMPARE(rows[i], expected[i]);
}

void TestGrpcNode::keepsRowsBeforeAnError_data()
{
    givesTheSameTable_data();
}

void TestGrpcNode::keepsRowsBeforeAnError()
{
    QFETCH(QString, format);
    const CliRun run =
        m_cli.run(QStringLiteral("get"), call(format, R"({"rows": 100, "fail_after": 40})"));
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.json()[u"verdict"].toString(), QStringLiteral("incomplete"));
    QCOMPARE(run.json()[u"rows"].toInt(), 40);
    QVERIFY2(run.errors.contains("PERMISSION_DENIED: Tür zu: 100 %"), run.errors.constData());
}

QTEST_GUILESS_MAIN(TestGrpcNode)
#include "tst_grpc_node.moc"

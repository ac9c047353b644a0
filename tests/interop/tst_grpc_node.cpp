// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "support/table_server.h"

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
    void givesTheSameTable_data();
    void givesTheSameTable();
    void keepsRowsBeforeAnError_data();
    void keepsRowsBeforeAnError();

private:
    [[nodiscard]] QStringList call(const QString &format, const QByteArray &request) const
    {
        const bool isNative = format == QStringLiteral("grpc");
        QStringList words{isNative ? QStringLiteral("grpc://127.0.0.1:%1").arg(m_server.grpcPort())
                                   : QStringLiteral("http://127.0.0.1:%1").arg(m_server.webPort()),
                          QStringLiteral("--call"),
                          QStringLiteral("interop.Rows/List"),
                          QStringLiteral("--format"),
                          format,
                          QStringLiteral("--data"),
                          QString::fromUtf8(request),
                          QStringLiteral("--json")};
        if (!isNative) // that one is asked for its types
            words << QStringLiteral("--proto") << QString::fromStdString(m_server.proto());
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
    TableServer m_server;
};

void TestGrpcNode::initTestCase()
{
    if (const QString why = m_server.start(); !why.isEmpty())
        QSKIP(qPrintable(why));
    const CliRun plain =
        m_cli.run(QStringLiteral("get"),
                  {QStringLiteral("http://127.0.0.1:%1/ndjson?rows=3000").arg(m_server.webPort()),
                   QStringLiteral("--name"), QStringLiteral("plain")});
    QVERIFY2(plain.exitCode == 0, plain.errors.constData());
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

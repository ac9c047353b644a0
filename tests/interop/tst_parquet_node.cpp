// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "exporters/duckdb_peer.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::DuckdbPeer;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What every writer was given.
const QByteArray kRows =
    R"({"id":9007199254740993,"total":18446744073709551615,"price":0.1,"name":"Ada","ok":true,"day":"2023-11-14","seen":"2023-11-14T22:13:20.123Z","raw":"\\x00ff"}
{"id":-9223372036854775808,"total":0,"price":-0,"name":"","ok":false,"day":"1969-12-31","seen":"1969-12-31T23:59:59.999Z","raw":"\\x"}
{"id":null,"total":null,"price":null,"name":null,"ok":null,"day":null,"seen":null,"raw":null}
)";

constexpr const char *kSql =
    "COPY (SELECT * FROM (VALUES (9007199254740993::BIGINT, 18446744073709551615::UBIGINT, "
    "0.1::DOUBLE, 'Ada', true, DATE '2023-11-14', TIMESTAMPTZ '2023-11-14 22:13:20.123+00', "
    "'\\x00\\xFF'::BLOB), (-9223372036854775808, 0, '-0'::DOUBLE, '', false, DATE '1969-12-31', "
    "TIMESTAMPTZ '1969-12-31 23:59:59.999+00', ''::BLOB), (NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL)) AS t(id, total, price, name, ok, day, seen, raw)) TO '%1' (FORMAT parquet)";

} // namespace

/// The same rows as Parquet by several writers are the same rows here, value by value.
class TestParquetNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryWriter_data();
    void readsEveryWriter();

private:
    [[nodiscard]] CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(m_folder.filePath(u"library"_s)).run(command, arguments);
    }
    [[nodiscard]] bool write(const QString &writer, const QString &file) const;

    QTemporaryDir m_folder;
};

bool TestParquetNode::write(const QString &writer, const QString &file) const
{
    if (writer == u"DuckDB") {
        const QString sql = QString::fromLatin1(kSql).arg(file);
        DuckdbPeer duckdb;
        (void)duckdb.texts(sql.toStdString());
        return QFile::exists(file);
    }
    if (writer == u"Freshet") {
        QString first = m_folder.filePath(u"first.parquet"_s);
        return write(u"DuckDB"_s, first) &&
               run(u"get"_s, {first, u"--name"_s, u"first"_s, u"--save"_s, file, u"-q"_s})
                       .exitCode == 0;
    }
    QProcess node;
    const QString scripts = qEnvironmentVariable("FRESHET_SOURCE") + u"/tests/interop/node/"_s;
    node.setWorkingDirectory(scripts);
    node.start(QStandardPaths::findExecutable(u"node"_s),
               {scripts + u"write_parquet.mjs"_s, writer, file});
    return node.waitForFinished(60'000) && node.exitCode() == 0;
}

void TestParquetNode::readsEveryWriter_data()
{
    QTest::addColumn<QString>("writer");
    for (const char *writer : {"DuckDB", "Freshet", "hyparquet", "parquet-wasm"})
        QTest::newRow(writer) << QString::fromLatin1(writer);
}

void TestParquetNode::readsEveryWriter()
{
    QFETCH(const QString, writer);
    const QString packages =
        qEnvironmentVariable("FRESHET_SOURCE") + u"/tests/interop/node/node_modules"_s;
    if (writer.contains(u"parquet") && (QStandardPaths::findExecutable(u"node"_s).isEmpty() ||
                                        !QFile::exists(packages + u"/hyparquet-writer"_s)))
        QSKIP("Node.js or its Parquet writers are not installed");
    const QString file = m_folder.filePath(writer + u".parquet"_s);
    QVERIFY(write(writer, file));
    const CliRun loaded = run(u"get"_s, {file, u"--name"_s, writer, u"--json"_s, u"-q"_s});
    QVERIFY2(loaded.exitCode == 0, loaded.errors.constData());
    QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(run(u"show"_s, {writer}).output, kRows);
}

QTEST_GUILESS_MAIN(TestParquetNode)
#include "tst_parquet_node.moc"

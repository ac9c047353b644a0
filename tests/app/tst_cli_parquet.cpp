// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "support/corpora.h"

#include <QTemporaryDir>

using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::corpusPath;
using namespace Qt::Literals::StringLiterals;

/// The samples of apache/parquet-testing: the values that their README gives, or a clear error;
/// what is damaged never takes the program down.
class TestCliParquet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (corpusPath(u"parquet/data"_s).isEmpty())
            QSKIP("the corpora are not here");
    }
    void opensOrSaysWhyNot_data();
    void opensOrSaysWhyNot();
    void givesTheValues_data();
    void givesTheValues();
    void equalsItsTable();
    void survivesBadFiles_data();
    void survivesBadFiles();

private:
    [[nodiscard]] CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(m_folder.filePath(u"library"_s)).run(command, arguments);
    }

    QTemporaryDir m_folder;
};

void TestCliParquet::opensOrSaysWhyNot_data()
{
    QTest::addColumn<QString>("file");
    const QDir data(corpusPath(u"parquet/data"_s));
    const auto files = data.entryList({u"*.parquet"_s}, QDir::Files);
    for (const QString &file : files)
        QTest::newRow(qPrintable(file)) << data.filePath(file);
}

void TestCliParquet::opensOrSaysWhyNot()
{
    QFETCH(const QString, file);
    const CliRun loaded = run(u"get"_s, {file, u"--json"_s, u"-q"_s});
    if (loaded.exitCode == 0) {
        QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
        QVERIFY(!loaded.json()[u"schema"].isNull());
        return;
    }
    // What DuckDB cannot read: a map without values, and a value that is one row of 1 GiB.
    const QString name = QFileInfo(file).fileName();
    const QStringList refused{u"map_no_value.parquet"_s, u"int96_from_spark.parquet"_s,
                              u"large_string_map.brotli.parquet"_s};
    QVERIFY2(refused.contains(name), loaded.errors.constData());
    QVERIFY2(loaded.exitCode > 1 && loaded.errors.contains(name.toUtf8()),
             loaded.errors.constData());
}

void TestCliParquet::givesTheValues_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QByteArray>("rows");
    const auto row = [](const char *file, const char *sql, const QByteArray &rows) {
        QTest::newRow(file) << u"parquet/data/"_s + QString::fromLatin1(file)
                            << QString::fromLatin1(sql) << rows;
    };
    const QByteArray decimals = R"({"n":24,"least":1.00,"most":24.00,"sum":300.00})"
                                "\n";
    constexpr const char *kDecimals = "select count(*) n, min(value) least, max(value) most, "
                                      "sum(value)::decimal(18,2) sum from data";
    row("byte_array_decimal.parquet", kDecimals, decimals);
    row("fixed_length_decimal.parquet", kDecimals, decimals);
    row("int64_decimal.parquet", kDecimals, decimals);
    row("concatenated_gzip_members.parquet",
        "select count(distinct long_col) n, min(long_col) least, max(long_col) most from data",
        "{\"n\":513,\"least\":1,\"most\":513}\n");
    row("old_list_structure.parquet", "select a from data", "{\"a\":[[1,2],[3,4]]}\n");
    row("null_list.parquet", "select emptylist from data", "{\"emptylist\":[]}\n");
    row("nulls.snappy.parquet", "select count(*) n, count(\"b_struct.b_c_int\") v from data",
        "{\"n\":8,\"v\":0}\n");
    row("list_columns.parquet", "select * from data",
        R"({"int64_list":[1,2,3],"utf8_list":["abc","efg","hij"]}
{"int64_list":[null,1],"utf8_list":null}
{"int64_list":[4],"utf8_list":["efg",null,"hij","xyz"]}
)");
    row("float16_nonzeros_and_nans.parquet",
        "select count(*) n, count(x) v, sum(x) filter (not isnan(x)) s, min(x) least from data",
        "{\"n\":8,\"v\":7,\"s\":0,\"least\":-2}\n");
    row("datapage_v1-snappy-compressed-checksum.parquet", "select count(*) n from data",
        "{\"n\":5120}\n");
    row("datapage_v2_empty_datapage.snappy.parquet", "select * from data", "{\"value\":null}\n");
    row("rle_boolean_encoding.parquet", "select count(*) n from data", "{\"n\":68}\n");
    row("alltypes_plain.parquet",
        "select id, bool_col, bigint_col, double_col, timestamp_col from data limit 2",
        R"({"id":4,"bool_col":true,"bigint_col":0,"double_col":0,"timestamp_col":"2009-03-01T00:00:00"}
{"id":5,"bool_col":false,"bigint_col":10,"double_col":10.1,"timestamp_col":"2009-03-01T00:01:00"}
)");
    row("unknown-logical-type.parquet", "select count(*) n from data", "{\"n\":3}\n");
    row("single_nan.parquet", "select count(*) n, count(mycol) v from data", "{\"n\":1,\"v\":0}\n");
    row("nested_maps.snappy.parquet", "select a from data limit 3",
        R"({"a":{"a":{"1":true,"2":false}}}
{"a":{"b":{"1":true}}}
{"a":{"c":null}}
)");
}

void TestCliParquet::givesTheValues()
{
    QFETCH(const QString, file);
    QFETCH(const QString, sql);
    QFETCH(const QByteArray, rows);
    const QString name = QFileInfo(file).fileName();
    const CliRun loaded =
        run(u"get"_s, {corpusPath(file), u"--name"_s, u"values of "_s + name, u"-q"_s});
    QVERIFY2(loaded.exitCode == 0, loaded.errors.constData());
    QCOMPARE(run(u"sql"_s, {u"values of "_s + name, sql}).output, rows);
}

/// 200 rows of 66 columns, which the corpus has as CSV as well.
void TestCliParquet::equalsItsTable()
{
    const QString base = u"parquet/data/delta_binary_packed"_s;
    for (const auto &[suffix, name] :
         {std::pair(u".parquet"_s, u"table"_s), std::pair(u"_expect.csv"_s, u"text"_s)}) {
        const CliRun loaded =
            run(u"get"_s, {corpusPath(base + suffix), u"--name"_s, name, u"-q"_s});
        QVERIFY2(loaded.exitCode == 0, loaded.errors.constData());
    }
    const CliRun table = run(u"show"_s, {u"table"_s});
    QCOMPARE(table.lines().size(), 200);
    QCOMPARE(table.output, run(u"show"_s, {u"text"_s}).output);
}

void TestCliParquet::survivesBadFiles_data()
{
    QTest::addColumn<QString>("file");
    const QDir data(corpusPath(u"parquet/bad_data"_s));
    const auto files = data.entryList({u"*.parquet"_s}, QDir::Files);
    for (const QString &file : files)
        QTest::newRow(qPrintable(file)) << data.filePath(file);
}

void TestCliParquet::survivesBadFiles()
{
    QFETCH(const QString, file);
    // Within 4 GiB of addresses and a minute of processor time.
    QProcess shell;
    shell.start(u"sh"_s, {u"-c"_s, u"ulimit -v 4194304 -t 60; exec \"$@\""_s, u"sh"_s,
                          CliProcess::program(), u"get"_s, file, u"--library"_s,
                          m_folder.filePath(u"library"_s), u"--json"_s, u"-q"_s});
    QVERIFY(shell.waitForFinished(120'000));
    QCOMPARE(shell.exitStatus(), QProcess::NormalExit);
    const QByteArray errors = shell.readAllStandardError();
    QVERIFY2(shell.exitCode() < 128, errors.constData());
    if (shell.exitCode() != 0)
        QVERIFY2(errors.contains(QFileInfo(file).fileName().toUtf8()), errors.constData());
}

QTEST_GUILESS_MAIN(TestCliParquet)
#include "tst_cli_parquet.moc"

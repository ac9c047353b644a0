// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/export_fixture.h"

using namespace freshet;
using exporters::ExportOptions;
using test::ExportFixture;

class TestTextExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *rows, const char *file,
                            const char *expected) {
            QTest::newRow(name) << QByteArray(rows) << QString::fromUtf8(file)
                                << QByteArray(expected);
        };
        row("csv: null and empty differ", "{\"a\":null,\"b\":\"x\"}\n{\"a\":\"\",\"b\":\"y\"}\n",
            "x.csv", "a,b\n,x\n\"\",y\n");
        row("csv: what needs quotes",
            "{\"a\":\"a,b\",\"b\":\"say \\\"hi\\\"\",\"c\":\"two\\nlines\",\"d\":\"cr\\r\","
            "\"e\":\"tab\\tin\",\"f\":\" blank \"}\n",
            "x.csv",
            "a,b,c,d,e,f\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\r\",tab\tin, blank \n");
        row("csv: quotes deep in a long text",
            "{\"a\":\"0123456789abcdef,0123456789abcdef\"}\n{\"a\":\"0123456789abcdef0123456789\"}"
            "\n",
            "x.csv", "a\n\"0123456789abcdef,0123456789abcdef\"\n0123456789abcdef0123456789\n");
        row("csv: names are quoted too", "{\"a,b\":1,\"c\\\"d\":2}\n", "x.csv",
            "\"a,b\",\"c\"\"d\"\n1,2\n");
        row("tsv", "{\"a\":\"a,b\",\"b\":\"tab\\tin\",\"c\":\"\",\"d\":null}\n", "x.tsv",
            "a\tb\tc\td\na,b\t\"tab\tin\"\t\"\"\t\n");
        row("csv: numbers with all digits",
            "{\"a\":9223372036854775807,\"b\":18446744073709551615,\"c\":9.50,\"d\":1.5,\"e\":"
            "123456789012345678901234567890.12345678}\n",
            "x.csv",
            "a,b,c,d,e\n9223372036854775807,18446744073709551615,9.50,1.5,"
            "123456789012345678901234567890.12345678\n");
        row("csv: times as they came, json quoted",
            "{\"t\":\"2024-01-01T00:00:00.100Z\",\"d\":\"2024-02-29\",\"j\":[1,\"a\"],\"o\":true}"
            "\n",
            "x.csv", "t,d,j,o\n2024-01-01T00:00:00.100Z,2024-02-29,\"[1,\"\"a\"\"]\",true\n");
        row("ndjson: null stays, missing is left out", "{\"a\":1,\"b\":null}\n{\"b\":2}\n{}\n",
            "x.ndjson", "{\"a\":1,\"b\":null}\n{\"b\":2}\n{}\n");
        row("ndjson: values as they came",
            "{\"a\":18446744073709551615,\"b\":9.50,\"c\":\"x\\n\\\"y\\\"\",\"d\":{\"e\":[1,2.0]},"
            "\"t\":\"2024-01-01T00:00:00.100Z\",\"z\":-0.5}\n",
            "x.jsonl",
            "{\"a\":18446744073709551615,\"b\":9.50,\"c\":\"x\\n\\\"y\\\"\",\"d.e\":[1,2.0],"
            "\"t\":\"2024-01-01T00:00:00.100Z\",\"z\":-0.5}\n");
        row("json array", "{\"a\":1}\n{\"a\":null}\n", "x.json",
            "[\n{\"a\":1},\n{\"a\":null}\n]\n");
    }

    void texts()
    {
        QFETCH(const QByteArray, rows);
        QFETCH(const QString, file);
        QFETCH(const QByteArray, expected);
        ExportFixture fixture;
        const auto snapshot = fixture.fromNdjson(rows.toStdString());
        const auto report = fixture.save(snapshot, file.toStdString());
        QVERIFY_OK(report);
        const auto found = ExportFixture::contents(report->file);
        QCOMPARE(QByteArray::fromStdString(found), expected);
        QCOMPARE(report->bytes.value(), expected.size());
        QCOMPARE(report->rows, snapshot.rowCount());
        QCOMPARE(fixture.written(), file);
    }

    void choices_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("columns");
        QTest::addColumn<QString>("where");
        QTest::addColumn<bool>("header");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("columns in the order asked for")
            << "x.csv"
            << "c a"
            << "" << true << QByteArray("c,a\n1.50,1\n2.00,2\n,3\n");
        QTest::newRow("no header") << "x.csv"
                                   << "a"
                                   << "" << false << QByteArray("1\n2\n3\n");
        QTest::newRow("a condition on another column")
            << "x.csv"
            << "a"
            << "c > 1.75" << true << QByteArray("a\n2\n");
        QTest::newRow("a condition keeps null and missing apart")
            << "x.ndjson"
            << ""
            << "a <> 2" << true
            << QByteArray("{\"a\":1,\"b\":\"x\",\"c\":1.50}\n{\"a\":3,\"c\":null}\n");
        QTest::newRow("a condition that no row meets") << "x.json"
                                                       << ""
                                                       << "a > 3" << true << QByteArray("[]\n");
        QTest::newRow("a condition that every row meets")
            << "x.csv"
            << "a"
            << "a > 0" << true << QByteArray("a\n1\n2\n3\n");
    }

    void choices()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, columns);
        QFETCH(const QString, where);
        QFETCH(const bool, header);
        QFETCH(const QByteArray, expected);
        ExportFixture fixture;
        const auto snapshot = fixture.fromNdjson("{\"a\":1,\"b\":\"x\",\"c\":1.50}\n"
                                                 "{\"a\":2,\"b\":null,\"c\":2.00}\n"
                                                 "{\"a\":3,\"c\":null}\n");
        const auto report = fixture.save(snapshot, file.toStdString(), [&](ExportOptions &options) {
            for (const QString &column : columns.split(u' ', Qt::SkipEmptyParts))
                options.columns.push_back(column.toStdString());
            options.where = where.toStdString();
            options.header = header;
        });
        QVERIFY_OK(report);
        const auto found = ExportFixture::contents(report->file);
        QCOMPARE(QByteArray::fromStdString(found), expected);
    }

    void supersededRowsAreLeftOut_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("every row") << QString() << QByteArray("n\n1\n2\n4\n7\n");
        QTest::newRow("a condition")
            << QStringLiteral("n > 1 and n <> 4") << QByteArray("n\n2\n7\n");
    }

    void supersededRowsAreLeftOut()
    {
        QFETCH(const QString, where);
        QFETCH(const QByteArray, expected);
        ExportFixture fixture;
        fixture.fromBatches({test::countingBatch(0, 5)});
        const auto snapshot =
            fixture.superseded({RowIndex(0), RowIndex(3)}, {test::countingBatch(7, 1)});
        const auto report = fixture.save(snapshot, "x.csv", [&](ExportOptions &options) {
            options.where = where.toStdString();
        });
        QVERIFY_OK(report);
        QCOMPARE(QByteArray::fromStdString(ExportFixture::contents(report->file)), expected);
    }

    void withoutRowsOrColumns_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("hasColumns");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("csv, nothing") << "x.csv" << false << QByteArray();
        QTest::newRow("json, nothing") << "x.json" << false << QByteArray("[]\n");
        QTest::newRow("ndjson, nothing") << "x.ndjson" << false << QByteArray();
        QTest::newRow("csv, no rows") << "x.csv" << true << QByteArray("n\n");
        QTest::newRow("json, no rows") << "x.json" << true << QByteArray("[]\n");
    }

    void withoutRowsOrColumns()
    {
        QFETCH(const QString, file);
        QFETCH(const bool, hasColumns);
        QFETCH(const QByteArray, expected);
        ExportFixture fixture;
        const auto snapshot = hasColumns ? fixture.fromBatches({test::countingBatch(0, 0)})
                                         : store::DatasetSnapshot();
        if (hasColumns && snapshot.schema()->fields.empty())
            QSKIP("a dataset without rows has no columns");
        const auto report = fixture.save(snapshot, file.toStdString());
        QVERIFY_OK(report);
        const auto found = ExportFixture::contents(report->file);
        QCOMPARE(QByteArray::fromStdString(found), expected);
    }
};

QTEST_GUILESS_MAIN(TestTextExport)
#include "tst_text_export.moc"

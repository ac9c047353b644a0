// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/exporter.h"

#include <QtTest>

using namespace freshet;
using exporters::ExportFormat;
using exporters::ExportOptions;
using exporters::TextCompression;

class TestExportOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fileNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(expected);
        };
        row("x.csv", "csv");
        row("x.tsv", "tsv");
        row("x.ndjson", "ndjson");
        row("x.jsonl", "ndjson");
        row("x.json", "json");
        row("x.parquet", "parquet");
        row("x.arrow", "arrow");
        row("x.feather", "arrow");
        row("X.CSV", "csv");
        row("x.csv.gz", "csv gzip");
        row("x.tar.json.zst", "json zstd");
        row(".csv", "csv");
        row("x.parquet.gz", "refused");
        row("x.xlsx", "refused");
        row("csv", "refused");
        row("x.gz", "refused");
        row("folder.csv/x", "refused");
    }

    void fileNames()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, expected);
        const auto options = exporters::optionsForFile(name.toStdString());
        if (!options) {
            QCOMPARE(options.error().code, ErrorCode::InvalidArgument);
            QVERIFY(options.error().detail.find(".parquet") != std::string::npos);
            QCOMPARE(QStringLiteral("refused"), expected);
            return;
        }
        const auto format = exporters::exportFormatName(options->format);
        QString found = QString::fromUtf8(format.data(), static_cast<qsizetype>(format.size()));
        if (options->compression != TextCompression::None)
            found += options->compression == TextCompression::Gzip ? QStringLiteral(" gzip")
                                                                   : QStringLiteral(" zstd");
        QCOMPARE(found, expected);
    }

    void formatsByName()
    {
        for (const auto format :
             {ExportFormat::Csv, ExportFormat::Tsv, ExportFormat::Ndjson, ExportFormat::JsonArray,
              ExportFormat::Parquet, ExportFormat::Arrow}) {
            const auto found = exporters::exportFormatByName(exporters::exportFormatName(format));
            QVERIFY(found == format);
        }
        QVERIFY(exporters::exportFormatByName("jsonl") == ExportFormat::Ndjson);
        QVERIFY(!exporters::exportFormatByName("xlsx"));
        QVERIFY(!exporters::exportFormatByName(""));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("field");
        QTest::newRow("gzip around Parquet") << "compression";
        QTest::newRow("an unknown Parquet compression") << "parquetCompression";
        QTest::newRow("a column named twice") << "columns";
    }

    void refusals()
    {
        QFETCH(const QString, field);
        ExportOptions options;
        if (field == QLatin1String("compression")) {
            options.format = ExportFormat::Parquet;
            options.compression = TextCompression::Gzip;
        } else if (field == QLatin1String("parquetCompression")) {
            options.parquetCompression = "lzma";
        } else {
            options.columns = {"a", "b", "a"};
        }
        const auto valid = options.validate();
        QVERIFY(!valid);
        QCOMPARE(valid.error().code, ErrorCode::InvalidArgument);
        QVERIFY(QString::fromStdString(valid.error().detail).startsWith(field + u':'));
    }
};

QTEST_GUILESS_MAIN(TestExportOptions)
#include "tst_export_options.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/duckdb_peer.h"
#include "exporters/export_fixture.h"
#include "query/query_engine.h"
#include "store/arrow_file.h"
#include "support/child_process.h"
#include "support/file_size_limit.h"

using namespace freshet;
using exporters::ExportOptions;
using exporters::ExportProgress;
using test::ExportFixture;

namespace {

using Texts = std::vector<std::vector<std::string>>;

/// Several batches of every type, longer than DuckDB's vectors, with ragged ends.
std::vector<columnar::RecordBatch> everyType()
{
    std::vector<columnar::RecordBatch> batches;
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
        batches.push_back(test::sampleBatch(test::everyTypeSchema(), 9001, seed));
    return batches;
}

Texts withoutMissing(Texts columns)
{
    for (auto &column : columns)
        std::ranges::replace(column, std::string("‹missing›"), std::string("‹null›"));
    return columns;
}

/// The snapshot's values as DuckDB spells them.
Texts asDuckdbSpells(const store::DatasetSnapshot &snapshot)
{
    const auto engine = query::QueryEngine::open({});
    if (!engine || !(*engine)->attach("data", snapshot))
        return {};
    const auto reader = (*engine)->query("select columns(*)::varchar from data", {});
    if (!reader)
        return {};
    const auto batch = test::readAll(**reader);
    Texts columns;
    for (const columnar::Column &column : batch ? batch->columns : std::vector<columnar::Column>())
        columns.push_back(test::texts(column));
    return columns;
}

QString firstDifference(const Texts &found, const Texts &expected)
{
    if (found.size() != expected.size())
        return QStringLiteral("%1 columns, %2 expected: %3")
            .arg(found.size())
            .arg(expected.size())
            .arg(QString::fromStdString(found.empty() || found[0].empty() ? "" : found[0][0]));
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i].size() != expected[i].size())
            return QStringLiteral("%1 rows, %2 expected")
                .arg(found[i].size())
                .arg(expected[i].size());
        for (std::size_t row = 0; row < found[i].size(); ++row) {
            if (found[i][row] != expected[i][row])
                return QStringLiteral("column %1, row %2: %3, expected %4")
                    .arg(i)
                    .arg(row)
                    .arg(QString::fromStdString(found[i][row]),
                         QString::fromStdString(expected[i][row]));
        }
    }
    return {};
}

} // namespace

class TestExporter : public QObject
{
    Q_OBJECT

private:
    /// Enough rows that every writer is still busy when progress is told first. Made once.
    struct Large
    {
        ExportFixture fixture;
        store::DatasetSnapshot snapshot = fixture.fromBatches(
            std::vector(4, test::sampleBatch(test::everyTypeSchema(), 60'000, 1)));
    };
    std::optional<Large> m_large;

    Large &large()
    {
        if (!m_large)
            m_large.emplace();
        return *m_large;
    }

    static void addFormats()
    {
        QTest::addColumn<QString>("file");
        for (const char *file :
             {"x.csv", "x.csv.gz", "x.ndjson.zst", "x.json", "x.parquet", "x.arrow"})
            QTest::newRow(file) << QString::fromUtf8(file);
    }

private Q_SLOTS:
    void csvIsReadBackByDuckdb_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"x.csv", "x.tsv", "x.csv.gz", "x.csv.zst"})
            QTest::newRow(file) << QString::fromUtf8(file);
    }

    void csvIsReadBackByDuckdb()
    {
        QFETCH(const QString, file);
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        const auto report = fixture.save(snapshot, file.toStdString());
        QVERIFY_OK(report);
        QCOMPARE(report->rows, snapshot.rowCount());
        test::DuckdbPeer peer;
        const std::string delimiter = file.contains(QStringLiteral("tsv")) ? "\t" : ",";
        const auto found =
            peer.texts("select * from read_csv('" + report->file.string() +
                       "', all_varchar = true, header = true, delim = '" + delimiter +
                       "', quote = '\"', escape = '\"', allow_quoted_nulls = false)");
        QCOMPARE(firstDifference(found, withoutMissing(test::texts(snapshot))), QString());
    }

    void jsonIsReadBack_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("ndjson") << "x.ndjson";
        QTest::newRow("array") << "x.json";
    }

    void jsonIsReadBack()
    {
        QFETCH(const QString, file);
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        const auto report = fixture.save(snapshot, file.toStdString());
        QVERIFY_OK(report);
        // Every value as DuckDB's JSON reader finds it: text by text, numbers as their type.
        test::DuckdbPeer peer;
        std::string columns;
        Texts expected;
        const Texts all = asDuckdbSpells(snapshot);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const columnar::Field &field = snapshot.schema()->fields[i];
            using columnar::TypeKind;
            // DuckDB reads these as double, or in another spelling.
            if (field.type.kind == TypeKind::Decimal || field.type.kind == TypeKind::Binary ||
                field.type.kind == TypeKind::Json)
                continue;
            const std::string value = "(json->>'$.\"" + field.name + "\"')";
            const char *type = field.type.kind == TypeKind::Double      ? "double"
                               : field.type.kind == TypeKind::Time      ? "time"
                               : field.type.kind != TypeKind::Timestamp ? "varchar"
                               : field.type.form.zone == columnar::TimeForm::Zone::None
                                   ? "timestamp"
                                   : "timestamptz";
            columns += (columns.empty() ? "" : ", ") + value + "::" + type + "::varchar";
            // DuckDB reads a bare -0 as an integer.
            std::ranges::replace(expected.emplace_back(all[i]), std::string("-0.0"),
                                 std::string("0.0"));
        }
        QCOMPARE(peer.text("set timezone = 'UTC'"), std::string());
        const auto found = peer.texts("select " + columns + " from read_json_objects('" +
                                      report->file.string() + "')");
        QCOMPARE(firstDifference(found, expected), QString());
    }

    void parquetIsReadBackByDuckdb_data()
    {
        QTest::addColumn<QString>("compression");
        QTest::addColumn<QString>("codec");
        QTest::newRow("zstd") << "zstd"
                              << "ZSTD";
        QTest::newRow("snappy") << "snappy"
                                << "SNAPPY";
        QTest::newRow("gzip") << "gzip"
                              << "GZIP";
        QTest::newRow("none") << "none"
                              << "UNCOMPRESSED";
    }

    void parquetIsReadBackByDuckdb()
    {
        QFETCH(const QString, compression);
        QFETCH(const QString, codec);
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        const auto report = fixture.save(snapshot, "x.parquet", [&](ExportOptions &options) {
            options.parquetCompression = compression.toStdString();
        });
        QVERIFY_OK(report);
        const std::string file = "'" + report->file.string() + "'";
        test::DuckdbPeer peer;
        QCOMPARE(peer.text("set timezone = 'UTC'"), std::string());
        const auto found = peer.texts("select columns(*)::varchar from read_parquet(" + file + ")");
        QCOMPARE(firstDifference(found, asDuckdbSpells(snapshot)), QString());
        QCOMPARE(peer.text("select distinct compression from parquet_metadata(" + file + ")"),
                 codec.toStdString());
        QCOMPARE(
            peer.text("select string_agg(column_type, ', ') from (describe from read_parquet(" +
                      file + "))"),
            std::string("VARCHAR, BOOLEAN, BIGINT, UBIGINT, DOUBLE, DECIMAL(18,2), "
                        "DECIMAL(38,10), DATE, TIME, TIMESTAMP WITH TIME ZONE, TIMESTAMP WITH "
                        "TIME ZONE, TIMESTAMP, VARCHAR, BLOB, JSON"));
    }

    void parquetKeepsTheOrder()
    {
        ExportFixture fixture;
        std::vector<columnar::RecordBatch> batches;
        for (std::int64_t i = 0; i < 50; ++i)
            batches.push_back(test::countingBatch(i * 20'000, 20'000));
        const auto report = fixture.save(fixture.fromBatches(batches), "x.parquet");
        QVERIFY_OK(report);
        test::DuckdbPeer peer;
        QCOMPARE(peer.text("select count(*)::varchar || ' ' || count(*) filter (n <> "
                           "file_row_number)::varchar from read_parquet('" +
                           report->file.string() + "', file_row_number = true)"),
                 std::string("1000000 0"));
    }

    void parquetOfWideRowsHasSmallRowGroups()
    {
        ExportFixture fixture;
        std::string rows;
        for (int i = 0; i < 6000; ++i)
            rows += "{\"t\":\"" + std::string(16'000, static_cast<char>('a' + i % 26)) + "\"}\n";
        const auto report = fixture.save(fixture.fromNdjson(rows), "x.parquet");
        QVERIFY_OK(report);
        test::DuckdbPeer peer;
        const auto largest = QString::fromStdString(
            peer.text("select max(row_group_num_rows)::varchar from parquet_metadata('" +
                      report->file.string() + "')"));
        QVERIFY2(largest.toInt() > 0 && largest.toInt() <= 2048, qPrintable(largest));
    }

    void parquetWithoutRowsKeepsItsTypes()
    {
        ExportFixture fixture;
        const auto report = fixture.save(fixture.fromNdjson("{\"a\":1,\"b\":1.50}\n"), "x.parquet",
                                         [](ExportOptions &options) { options.where = "a = 2"; });
        QVERIFY_OK(report);
        test::DuckdbPeer peer;
        const std::string file = "'" + report->file.string() + "'";
        QCOMPARE(peer.text("select count(*)::varchar from read_parquet(" + file + ")"),
                 std::string("0"));
        QCOMPARE(
            peer.text("select string_agg(column_type, ', ') from (describe from read_parquet(" +
                      file + "))"),
            std::string("BIGINT, DECIMAL(18,2)"));
    }

    void arrowIsReadBack()
    {
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        const auto report = fixture.save(snapshot, "x.arrow");
        QVERIFY_OK(report);
        const auto reader = store::ArrowFileReader::open(report->file);
        QVERIFY_OK(reader);
        QVERIFY(*(*reader)->schema() == *snapshot.schema());
        Texts found(snapshot.schema()->fields.size());
        for (std::size_t block = 0; block < (*reader)->blocks().size(); ++block) {
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto column = (*reader)->column(block, static_cast<int>(i));
                QVERIFY_OK(column);
                std::ranges::copy(test::texts(*column), std::back_inserter(found[i]));
            }
        }
        QCOMPARE(firstDifference(found, test::texts(snapshot)), QString());
    }

    void aConditionTakesTheSameValues_data()
    {
        QTest::addColumn<QString>("where");
        QTest::newRow("few rows") << "int64 % 97 = 0";
        QTest::newRow("most rows") << "coalesce(bool, true)";
        QTest::newRow("whole batches") << "true";
    }

    void aConditionTakesTheSameValues()
    {
        QFETCH(const QString, where);
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        const auto report = fixture.save(snapshot, "x.arrow", [&](ExportOptions &options) {
            options.where = where.toStdString();
        });
        QVERIFY_OK(report);
        QVERIFY(report->rows.value() > 0);
        // The rows that the condition holds for, picked from all rows one by one.
        const auto engine = query::QueryEngine::open({});
        QVERIFY_OK(engine);
        QVERIFY_OK((*engine)->attach("data", snapshot));
        const auto reader = (*engine)->matchingRows("data", where.toStdString(), {});
        QVERIFY_OK(reader);
        const auto numbers = test::readAll(**reader);
        QVERIFY_OK(numbers);
        const Texts all = test::texts(snapshot);
        Texts expected(all.size());
        for (std::int64_t i = 0; i < numbers->rowCount; ++i) {
            const auto row = numbers->columns[0].valueAt<std::int64_t>(i);
            for (std::size_t column = 0; column < all.size(); ++column)
                expected[column].push_back(all[column][static_cast<std::size_t>(row)]);
        }
        const auto file = store::ArrowFileReader::open(report->file);
        QVERIFY_OK(file);
        Texts found(all.size());
        for (std::size_t block = 0; block < (*file)->blocks().size(); ++block) {
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto column = (*file)->column(block, static_cast<int>(i));
                QVERIFY_OK(column);
                std::ranges::copy(test::texts(*column), std::back_inserter(found[i]));
            }
        }
        QCOMPARE(firstDifference(found, expected), QString());
    }

    void compressedFilesPassTheirOwnTools_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("tool");
        QTest::addColumn<bool>("isEmpty");
        QTest::newRow("gzip") << "x.csv.gz"
                              << "gzip" << false;
        QTest::newRow("zstd") << "x.json.zst"
                              << "zstd" << false;
        QTest::newRow("gzip without rows") << "x.ndjson.gz"
                                           << "gzip" << true;
        QTest::newRow("zstd without rows") << "x.ndjson.zst"
                                           << "zstd" << true;
    }

    void compressedFilesPassTheirOwnTools()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, tool);
        QFETCH(const bool, isEmpty);
        ExportFixture fixture;
        const auto snapshot = isEmpty ? store::DatasetSnapshot() : fixture.fromBatches(everyType());
        const auto compressed = fixture.save(snapshot, file.toStdString());
        QVERIFY_OK(compressed);
        const auto unpacked = test::ChildProcess::run(
            tool, {QStringLiteral("-dc"), QString::fromStdString(compressed->file.string())});
        QCOMPARE(unpacked.exitCode, 0);
        const auto plain = fixture.save(snapshot, file.section(u'.', 0, 1).toStdString());
        QVERIFY_OK(plain);
        QVERIFY(unpacked.output == QByteArray::fromStdString(ExportFixture::contents(plain->file)));
    }

    void progressCountsUp_data() { addFormats(); }

    void progressCountsUp()
    {
        QFETCH(const QString, file);
        auto &[fixture, snapshot] = large();
        std::vector<ExportProgress> told;
        const auto report =
            fixture.save(snapshot, file.toStdString(), {}, {},
                         [&](const ExportProgress &progress) { told.push_back(progress); });
        QVERIFY_OK(report);
        QVERIFY(!told.empty());
        for (std::size_t i = 0; i < told.size(); ++i) {
            QVERIFY(told[i].totalRows == snapshot.rowCount());
            QVERIFY(told[i].rows.value() > 0 && told[i].rows <= snapshot.rowCount());
            QVERIFY(told[i].bytesWritten <= report->bytes);
            QVERIFY(i == 0 ||
                    (told[i].rows > told[i - 1].rows &&
                     told[i].bytesWritten >= told[i - 1].bytesWritten &&
                     told[i].elapsed - told[i - 1].elapsed >= std::chrono::milliseconds(50)));
        }
        QCOMPARE(report->rows, snapshot.rowCount());
    }

    void cancellingKeepsTheEarlierFile_data() { addFormats(); }

    void cancellingKeepsTheEarlierFile()
    {
        QFETCH(const QString, file);
        auto &[fixture, snapshot] = large();
        std::ofstream(fixture.target(file.toStdString())) << "earlier";
        const CancelToken cancel;
        const auto report = fixture.save(snapshot, file.toStdString(), {}, cancel,
                                         [&](const ExportProgress &) { cancel.cancel(); });
        QVERIFY(!report);
        QCOMPARE(errorCodeName(report.error().code), errorCodeName(ErrorCode::Cancelled));
        QCOMPARE(ExportFixture::contents(fixture.target(file.toStdString())),
                 std::string("earlier"));
        QVERIFY(!fixture.written().contains(QStringLiteral(".part")));
    }

    void aFullDiskKeepsTheEarlierFile_data() { addFormats(); }

    void aFullDiskKeepsTheEarlierFile()
    {
        QFETCH(const QString, file);
        ExportFixture fixture;
        const auto snapshot = fixture.fromBatches(everyType());
        std::ofstream(fixture.target(file.toStdString())) << "earlier";
        // At the first block, in the middle, and so on.
        for (const std::int64_t bytes : {0, 1'000, 100'000}) {
            const test::FileSizeLimit limit{ByteCount(bytes)};
            const auto report = fixture.save(snapshot, file.toStdString());
            QVERIFY(!report);
            QCOMPARE(errorCodeName(report.error().code), errorCodeName(ErrorCode::DiskFull));
            QCOMPARE(ExportFixture::contents(fixture.target(file.toStdString())),
                     std::string("earlier"));
            QCOMPARE(fixture.written(), file);
        }
        QVERIFY_OK(fixture.save(snapshot, file.toStdString()));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("where");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("a column that is not there")
            << "x.csv"
            << "nope"
            << "" << ErrorCode::InvalidArgument << "\"nope\"";
        QTest::newRow("letter case counts") << "x.csv"
                                            << "A"
                                            << "" << ErrorCode::InvalidArgument << "\"A\"";
        QTest::newRow("a condition that is no SQL")
            << "x.csv"
            << ""
            << "a >" << ErrorCode::SqlError << "syntax error";
        QTest::newRow("a condition on an unknown column")
            << "x.parquet"
            << ""
            << "nope = 1" << ErrorCode::SqlError << "nope";
        QTest::newRow("a condition that breaks out")
            << "x.csv"
            << ""
            << "true) union all (select 0" << ErrorCode::InvalidArgument << "not a condition";
        QTest::newRow("a condition that reads files")
            << "x.csv"
            << ""
            << "a in (select 1 from read_text('/etc/hostname'))" << ErrorCode::SqlError
            << "disabled";
        QTest::newRow("a folder that is not there") << "none/x.csv"
                                                    << ""
                                                    << "" << ErrorCode::FileNotFound << "none";
        QTest::newRow("a folder that is not there, Parquet")
            << "none/x.parquet"
            << ""
            << "" << ErrorCode::FileNotFound << "none";
    }

    void refusals()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, column);
        QFETCH(const QString, where);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, says);
        ExportFixture fixture;
        const auto snapshot = fixture.fromNdjson("{\"a\":1}\n{\"a\":2}\n");
        const auto report = fixture.save(snapshot, file.toStdString(), [&](ExportOptions &options) {
            if (!column.isEmpty())
                options.columns = {column.toStdString()};
            options.where = where.toStdString();
        });
        QVERIFY(!report);
        QVERIFY2(QString::fromStdString(report.error().detail).contains(says),
                 report.error().toString().c_str());
        QCOMPARE(errorCodeName(report.error().code), errorCodeName(code));
        QCOMPARE(fixture.written(), QString());
    }

    void parquetNeedsColumns()
    {
        ExportFixture fixture;
        const auto report = fixture.save(store::DatasetSnapshot(), "x.parquet");
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(fixture.written(), QString());
    }

    void aDamagedDatasetSaysSo_data() { addFormats(); }

    void aDamagedDatasetSaysSo()
    {
        QFETCH(const QString, file);
        ExportFixture fixture;
        fixture.fromBatches(everyType());
        const auto part = fixture.folderOf(fixture.id) / fixture.files(fixture.id).front();
        const auto size = static_cast<std::streamoff>(std::filesystem::file_size(part));
        {
            // Over buffers in the middle; schema, first messages and footer stay.
            std::fstream stream(part, std::ios::in | std::ios::out | std::ios::binary);
            stream.seekp(size / 4);
            const std::string rubbish(static_cast<std::size_t>(size / 4), '\x5a');
            stream.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
        }
        const auto report = fixture.save(fixture.reopened(), file.toStdString());
        QVERIFY(!report);
        QCOMPARE(errorCodeName(report.error().code), errorCodeName(ErrorCode::LibraryDamaged));
        QCOMPARE(fixture.written(), QString());
    }
};

QTEST_GUILESS_MAIN(TestExporter)
#include "tst_exporter.moc"

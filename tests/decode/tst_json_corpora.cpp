// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Third-party JSON: right rows, or a clear error with the place.
#include "support/corpora.h"
#include "support/json_decoding.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cstring>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The options for a file as the program would choose them from its name and start.
DecodeOptions optionsFor(const QString &name, const QByteArray &text)
{
    DecodeOptions options;
    const auto start = text.left(kFormatSniffBytes).toStdString();
    if (const auto choice = chooseFormat("", name.toStdString(), start))
        options.format = choice->format;
    return options;
}

QString cellAt(const WholeRun &run, const char *column, std::int64_t row)
{
    for (const columnar::RecordBatch &batch : run.recorder.batches) {
        if (row >= batch.rowCount) {
            row -= batch.rowCount;
            continue;
        }
        const auto index = batch.schema->indexOf(column);
        return index ? cellText(batch.columns[static_cast<std::size_t>(*index)], row) : QString();
    }
    return {};
}

} // namespace

class TestJsonCorpora : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodesFile_data();
    void decodesFile();
    void acceptsAndRejects_data();
    void acceptsAndRejects();
    void roundTrips_data();
    void roundTrips();
    void keepsHardValues_data();
    void keepsHardValues();
    void readsNumbersExactly_data();
    void readsNumbersExactly();
    void keepsTwitterIds();
    void keepsExtremeScalars();
    void readsCellPhones();
};

void TestJsonCorpora::decodesFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("rejected");
    QTest::addColumn<QString>("error"); ///< its code and line
    QTest::addColumn<QString>("rowsAt");

    const auto row = [](const char *file, int rows, const char *rowsAt, int rejected = 0,
                        const char *error = "") {
        QTest::newRow(file) << QString::fromLatin1(file) << rows << rejected
                            << QString::fromLatin1(error) << QString::fromLatin1(rowsAt);
    };
    // What every page of `manifest.json` says it has.
    row("api-shapes/github-link/normalized-fixture.json", 5, "$");
    row("api-shapes/github-link/search-issues.normalized-fixture.json", 1, "$");
    row("api-shapes/github-link/get-archive.normalized-fixture.json", 2, "$");
    row("api-shapes/github-link/rename-repository.normalized-fixture.json", 5, "$");
    row("api-shapes/github-link/errors.normalized-fixture.json", 1, "$");
    row("api-shapes/socrata/bike_counts_page_1.json", 1000, "$");
    row("api-shapes/socrata/bike_counts_page_2.json", 1, "$");
    row("api-shapes/socrata/get_datasets.txt", 7, "$.results");
    row("api-shapes/socrata/get_songs.txt", 10, "$");
    row("api-shapes/socrata/get_songs_unicode.txt", 10, "$");
    row("api-shapes/socrata/403_response_json.txt", 0, "", 0, "InBandError 1");
    row("api-shapes/socrata/empty.txt", 0, "", 0, "RowsNotFound -1");
    row("api-shapes/salesforce/query_paginated_first_page_response.json", 1, "$.records");
    row("api-shapes/salesforce/query_paginated_last_page_response.json", 1, "$.records");
    row("api-shapes/salesforce/query_success_response.json", 1, "$.records");
    row("api-shapes/salesforce/query_aggregate_success_response.json", 3, "$.records");
    row("api-shapes/salesforce/query_empty_response.json", 0, "$.records");
    row("api-shapes/salesforce/query_error_response.json", 0, "", 0, "InBandError 1");
    row("api-shapes/salesforce/expired_session_response.json", 0, "", 0, "InBandError 1");
    row("api-shapes/elasticsearch/search_response.json", 1, "$.hits.hits[*]._source");
    row("api-shapes/bigquery/values-array.json", 1, "$.rows[*].f[*].v");
    row("api-shapes/bigquery/values-struct.json", 1, "$.rows[*].f[*].v");
    row("api-shapes/bigquery/values-array-struct.json", 1, "$.rows[*].f[*].v");
    row("api-shapes/bigquery/values-struct-array.json", 1, "$.rows[*].f[*].v");
    for (const char *schema : {"array", "struct", "array-struct", "struct-array"}) {
        const QByteArray file = QByteArray("api-shapes/bigquery/schema-") + schema + ".json";
        row(file.constData(), 1, "$");
    }
    row("api-shapes/salesforce/bulk2_results.csv", 4, ""); // the same rows twice, legally
    row("api-shapes/clickhouse/JSON.json", 3, "$.data");
    row("api-shapes/clickhouse/JSONCompact.json", 3, "$.data");
    row("api-shapes/clickhouse/JSONStrings.json", 3, "$.data");
    row("api-shapes/clickhouse/JSONColumns.json", 3, "$");
    row("api-shapes/clickhouse/JSONColumnsWithMetadata.json", 3, "$.data");
    row("api-shapes/clickhouse/JSONCompactColumns.json", 3, "$");
    row("api-shapes/clickhouse/JSONObjectEachRow.json", 3, "$");
    row("api-shapes/clickhouse/JSONEachRow.ndjson", 3, "$");
    row("api-shapes/clickhouse/PrettyJSONEachRow.txt", 2, "$");
    row("api-shapes/clickhouse/JSONCompactEachRow.ndjson", 3, "$");
    row("api-shapes/clickhouse/JSONCompactStringsEachRow.ndjson", 3, "$");
    row("api-shapes/clickhouse/JSONCompactEachRowWithNamesAndTypes.ndjson", 3, "$");
    row("api-shapes/clickhouse/JSONEachRowWithProgress.ndjson", 3, "$.row");
    row("api-shapes/datasette/default_objects.json", 4, "$.rows");
    row("api-shapes/datasette/arrays.json", 4, "$.rows");
    row("api-shapes/datasette/array.json", 4, "$");
    row("api-shapes/datasette/arrayfirst.json", 3, "$");
    row("api-shapes/datasette/object.json", 3, "$");
    row("api-shapes/datasette/array_nl.ndjson", 3, "$");
    row("api-shapes/datasette/error.json", 0, "", 0, "InBandError 1");
    for (const char *example : {"1", "2", "3", "4"}) {
        const QByteArray file = QByteArray("api-shapes/jsonapi/example_") + example + ".json";
        row(file.constData(), 1, "$.data");
    }
    for (const char *example : {"5", "6", "7", "8", "10", "11", "12"}) {
        const QByteArray file = QByteArray("api-shapes/jsonapi/example_") + example + ".json";
        row(file.constData(), 0, "", 0, "InBandError 1");
    }
    row("api-shapes/jsonapi/example_9.json", 1, "$");
    row("api-shapes/stripe/embedded_lists.json", 15, "$");
    row("api-shapes/stripe/event.json", 1, "$");

    row("ndjson-odd/12188.ndjson", 2, "$");
    row("ndjson-odd/15601__bunch_of_key_collisions.json", 1, "$");
    row("ndjson-odd/array_of_empty_arrays.json", 3, "$");
    row("ndjson-odd/different_schemas.ndjson", 5, "$");
    row("ndjson-odd/duplicate_column_names.json", 1, "$");
    row("ndjson-odd/duplicate_key.ndjson", 5, "$");
    row("ndjson-odd/empty.ndjson", 0, "$");
    row("ndjson-odd/empty_array.json", 0, "$");
    row("ndjson-odd/empty_no_newline.json", 0, "$");
    row("ndjson-odd/example_n.ndjson", 5, "$");
    row("ndjson-odd/example_r.ndjson", 5, "$");
    row("ndjson-odd/example_rn.ndjson", 5, "$");
    row("ndjson-odd/geojson__features.geojson", 4, "$.features");
    row("ndjson-odd/geojson__features.geojsonl", 3, "$");
    row("ndjson-odd/geojson__malformed.geojsonl", 3, "$"); // malformed as geometry, fine as JSON
    row("ndjson-odd/geojson__pseudo_columns_nasty.geojsonl", 1, "$");
    row("ndjson-odd/inconsistent_schemas.ndjson", 5, "$");
    row("ndjson-odd/malformed__array_comma_malformed.json", 0, "$", 0, "SyntaxError 2");
    row("ndjson-odd/malformed__empty_array_malformed.json", 0, "$", 0, "Truncated 2");
    row("ndjson-odd/malformed__empty_array_trailing.json", 0, "$", 0, "SyntaxError 4");
    row("ndjson-odd/malformed__union__bad_key.ndjson", 1, "$");    // malformed for its
    row("ndjson-odd/malformed__union__non_object.ndjson", 1, "$"); // schema, fine as JSON
    row("ndjson-odd/map_of_structs.jsonl", 100, "$");
    row("ndjson-odd/multiple_objects_per_line.ndjson", 5, "$");
    row("ndjson-odd/sample_utf8_bom.json", 3, "$.users");
    row("ndjson-odd/top_level_array.json", 2, "$");
    row("ndjson-odd/top_level_two_arrays.json", 2, "$", 0, "SyntaxError 2");
    row("ndjson-odd/trailing_content.ndjson", 2, "$", 1);
    row("ndjson-odd/union.ndjson", 3, "$");
    row("ndjson-odd/unterminated_quotes.ndjson", 4, "$", 1);
    row("ndjson-odd/whitespace_only.json", 0, "", 0, "RowsNotFound -1");
    row("ndjson-odd/with_uuid.json", 5, "$");

    row("json-real/twitter.json", 100, "$.statuses");
    row("json-real/gharchive_log.jsonl", 50, "$");
    row("json-real/amazon_cellphones.ndjson", 792, "$");
    row("tabular-real/dlt/mlb_players.jsonl", 1034, "$");
    row("tabular-real/dlt/weird_rows.json", 5, "$");
    row("tabular-real/dlt/pua_encoded_row.json", 1, "$");
    row("tabular-real/vega/budgets.json", 230, "$");
    row("tabular-real/vega/penguins.json", 344, "$");
    row("json-numbers/bigquery/characters.jsonl", 3, "$");
    row("json-numbers/bigquery/scalars.jsonl", 2, "$");
}

void TestJsonCorpora::decodesFile()
{
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(int, rejected);
    QFETCH(QString, error);
    QFETCH(QString, rowsAt);
    const QString path = corpusPath(file);
    if (path.isEmpty())
        QSKIP("the third-party test data is not there");
    const QByteArray text = contentOf(path);
    const DecodeOptions options = optionsFor(file, text);

    WholeRun run;
    decodeWhole(run, text, options);
    const QString happened =
        run.status ? QString()
                   : QString::fromLatin1(errorCodeName(run.status.error().code).data()) + u' ' +
                         QString::number(run.status.error().line.value_or(-1));
    QVERIFY2(happened == error, qPrintable(run.error()));
    QCOMPARE(run.rows, rows);
    QCOMPARE(static_cast<int>(run.recorder.rejects.size()), rejected);
    QCOMPARE(QString::fromStdString(run.findings.rowsAt), rowsAt);

    if (text.size() > 20'000)
        return; // the small files show every border
    const DecodeOutcome outcome = decodeInEverySplit(text, options, 100);
    QCOMPARE(outcome.error, run.error());
}

void TestJsonCorpora::acceptsAndRejects_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isValid");
    const QString folder = corpusPath(QStringLiteral("json-parsing/jsonchecker"));
    if (folder.isEmpty())
        QSKIP("the third-party test data is not there");
    for (const QString &name : QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files)) {
        // The excluded ones are a scalar, which RFC 8259 allows, and a depth of 20.
        const bool isValid =
            name.startsWith(QStringLiteral("pass")) || name.contains(QStringLiteral("EXCLUDE"));
        QTest::newRow(qPrintable(name)) << QDir(folder).filePath(name) << isValid;
    }
}

void TestJsonCorpora::acceptsAndRejects()
{
    QFETCH(QString, file);
    QFETCH(bool, isValid);
    const QByteArray text = contentOf(file);
    DecodeOptions options;
    options.format = Format::Json;
    const DecodeOutcome outcome = decodeInEverySplit(text, options, 200);
    QVERIFY2(!outcome.error.contains(QStringLiteral("differs")), qPrintable(outcome.error));
    QCOMPARE(outcome.error.isEmpty() && outcome.rejects.isEmpty(), isValid);
}

void TestJsonCorpora::roundTrips_data()
{
    QTest::addColumn<QString>("file");
    const QString folder = corpusPath(QStringLiteral("json-parsing/roundtrip"));
    if (folder.isEmpty())
        QSKIP("the third-party test data is not there");
    for (const QString &name : QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files))
        QTest::newRow(qPrintable(name)) << QDir(folder).filePath(name);
}

void TestJsonCorpora::roundTrips()
{
    QFETCH(QString, file);
    // As the element of an array inside of a row, each comes back byte for byte.
    const QByteArray text = contentOf(file).trimmed();
    DecodeOptions options;
    options.format = Format::Ndjson;
    WholeRun run;
    decodeWhole(run, "{\"v\":[" + text + "]}\n", options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(cellAt(run, "v", 0), QString::fromUtf8('[' + text + ']'));
}

void TestJsonCorpora::keepsHardValues_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("rejects");
    const QString folder = corpusPath(QStringLiteral("json-parsing/test_transform"));
    if (folder.isEmpty())
        QSKIP("the third-party test data is not there");
    const auto row = [&](const char *name, const char *rows, const char *rejects = "") {
        QTest::newRow(name) << contentOf(QDir(folder).filePath(QString::fromUtf8(name) +
                                                               QStringLiteral(".json")))
                            << QString::fromUtf8(rows) << QString::fromUtf8(rejects);
    };
    row("number_-9223372036854775808", "value:int64 [-9223372036854775808]");
    row("number_-9223372036854775809", "value:decimal;38;0 [-9223372036854775809]");
    row("number_1.0", "value:double;1 [1.0]");
    row("number_1.000000000000000005", "value:decimal;38;18 [1.000000000000000005]");
    row("number_1000000000000000", "value:int64 [1000000000000000]");
    row("number_10000000000000000999", "value:uint64 [10000000000000000999]");
    row("number_1e-999", "value:string [\"1E-999\"]");
    row("number_9223372036854775807", "value:int64 [9223372036854775807]");
    row("number_9223372036854775808", "value:uint64 [9223372036854775808]");
    row("object_key_nfc_nfd", "\xC3\xA9:string [\"NFC\"]\ne\xCC\x81:string [\"NFD\"]");
    row("object_same_key_different_values", "a:int64 [1]\na#2:int64 [2]");
    row("object_same_key_same_value", "a:int64 [1]\na#2:int64 [1]");
    row("object_same_key_unclear_values", "a:int64 [0]\na#2:double [-0]");
    row("string_1_escaped_invalid_codepoint", "value:string [\"\\uD800\"]");
    row("string_2_escaped_invalid_codepoints", "value:string [\"\\uD800\\uD800\"]");
    row("string_1_invalid_codepoint", "", "line 1, byte 2: InvalidUtf8: invalid UTF-8");
    row("string_3_invalid_codepoints", "", "line 1, byte 2: InvalidUtf8: invalid UTF-8");
}

void TestJsonCorpora::keepsHardValues()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, rows);
    QFETCH(QString, rejects);
    QVERIFY(!text.isEmpty());
    DecodeOptions options;
    options.format = Format::Json;
    const DecodeOutcome outcome = decodeInEverySplit(text, options);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, rows);
}

void TestJsonCorpora::readsNumbersExactly_data()
{
    QTest::addColumn<QString>("file");
    for (const char *name :
         {"freetype-2-7", "lemire-fast-float", "more-test-cases", "tencent-rapidjson"})
        QTest::newRow(name) << QStringLiteral("json-numbers/%1.txt").arg(QString::fromLatin1(name));
}

/// Every number comes back as a double with the very bits, or as a text that means the same.
void TestJsonCorpora::readsNumbersExactly()
{
    QFETCH(QString, file);
    const QString path = corpusPath(file);
    if (path.isEmpty())
        QSKIP("the third-party test data is not there");
    DecodeOptions options;
    options.format = Format::Ndjson;
    int checked = 0;
    for (const QByteArray &line : contentOf(path).split('\n')) {
        const QList<QByteArray> fields = line.split(' ');
        if (fields.size() != 4)
            continue;
        const QByteArray &number = fields[3];
        WholeRun run;
        decodeWhole(run, number + '\n', options);
        if (!run.recorder.rejects.empty())
            continue; // `.5`, `+1`, `1.` are numbers in C, not in JSON
        QCOMPARE(run.rows, 1);
        const columnar::Column &column = run.recorder.batches.front().columns.front();
        if (column.type.kind == columnar::TypeKind::Double) {
            const auto value = column.valueAt<double>(0);
            std::uint64_t bits = 0;
            std::memcpy(&bits, &value, sizeof bits);
            QCOMPARE(QByteArray::number(quint64(bits), 16).rightJustified(16, '0').toUpper(),
                     fields[2]);
        } else {
            std::string text;
            columnar::appendText(text, column, 0);
            bool ok = false;
            const double value = std::strtod(text.c_str(), nullptr);
            std::uint64_t bits = 0;
            std::memcpy(&bits, &value, sizeof bits);
            QCOMPARE(bits, fields[2].toULongLong(&ok, 16));
            QVERIFY(ok);
        }
        ++checked;
    }
    QVERIFY2(checked > 10, qPrintable(QString::number(checked)));
}

void TestJsonCorpora::keepsTwitterIds()
{
    const QString path = corpusPath(QStringLiteral("json-real/twitter.json"));
    if (path.isEmpty())
        QSKIP("the third-party test data is not there");
    DecodeOptions options;
    options.format = Format::Json;
    WholeRun run;
    decodeWhole(run, contentOf(path), options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(cellAt(run, "id", 0), QStringLiteral("505874924095815681"));
    QCOMPARE(cellAt(run, "id_str", 0), QStringLiteral("\"505874924095815681\""));
    QCOMPARE(cellAt(run, "user.screen_name", 0), QStringLiteral("\"ayuu0123\""));
    for (std::int64_t row = 0; row < run.rows; ++row)
        QCOMPARE(u'"' + cellAt(run, "id", row) + u'"', cellAt(run, "id_str", row));
    QCOMPARE(run.findings.envelope.at("$.search_metadata").front(), '{');
}

void TestJsonCorpora::keepsExtremeScalars()
{
    const QString path = corpusPath(QStringLiteral("json-numbers/bigquery/scalars_extreme.jsonl"));
    if (path.isEmpty())
        QSKIP("the third-party test data is not there");
    DecodeOptions options;
    options.format = Format::Ndjson;
    WholeRun run;
    decodeWhole(run, contentOf(path), options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.rows, 5);
    QCOMPARE(cellAt(run, "int64_col", 0), QStringLiteral("\"9223372036854775807\""));
    QCOMPARE(cellAt(run, "numeric_col", 0),
             QStringLiteral("\"9.9999999999999999999999999999999999999E+28\""));
}

void TestJsonCorpora::readsCellPhones()
{
    const QString path = corpusPath(QStringLiteral("json-real/amazon_cellphones.ndjson"));
    if (path.isEmpty())
        QSKIP("the third-party test data is not there");
    DecodeOptions options;
    options.format = Format::Ndjson;
    WholeRun run;
    decodeWhole(run, contentOf(path), options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(cellAt(run, "asin", 0), QStringLiteral("\"B0000SX2UC\""));
    QCOMPARE(cellAt(run, "totalReviews", 0), QStringLiteral("14"));
}

QTEST_GUILESS_MAIN(TestJsonCorpora)
#include "tst_json_corpora.moc"

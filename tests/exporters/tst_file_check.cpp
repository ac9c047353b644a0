// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/file_check.h"

#include "exporters/export_fixture.h"
#include "exporters/row_counter.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

using namespace freshet;
using exporters::ExportFormat;
using exporters::FileCheck;
using exporters::Manifest;
using test::ExportFixture;

namespace {

store::DatasetRecord sampleRecord()
{
    return {.id = "0123",
            .name = "users",
            .source = "https://example.org/users?token=***",
            .verdict = "incomplete",
            .evidence = {"the connection was cut after 5 of 9 bytes", "goes on"},
            .resumePoint =
                R"({"kind":"byte-offset","offset":9007199254740993,"preamble":"c2VjcmV0"})",
            .error = "ConnectionLost",
            .rows = RowCount(300),
            .rejected = RowCount(2)};
}

/// Text with everything that a counter of rows can stumble over.
std::vector<columnar::RecordBatch> batches()
{
    return {test::sampleBatch(test::everyTypeSchema(), 200, 1),
            test::sampleBatch(test::everyTypeSchema(), 100, 2)};
}

Result<exporters::ExportReport> exportAs(ExportFixture &fixture, const std::string &name)
{
    const auto options = exporters::optionsForFile(name);
    if (!options)
        return fail(options.error());
    return exporters::exportWithManifest(fixture.fromBatches(batches()), sampleRecord(),
                                         fixture.target(name), *options, CancelToken());
}

void overwrite(const std::filesystem::path &file, const std::string &bytes)
{
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << bytes;
}

} // namespace

/// Exported files are what their manifest says, and any change to them is noticed.
class TestFileCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFormat_data();
    void everyFormat();
    void manifestSaysWhereItComesFrom();
    void manifestReadsBack();
    void noticesAnyChange_data();
    void noticesAnyChange();
    void exportWithoutManifestTakesAStaleOneAway();
    void brokenManifest_data();
    void brokenManifest();
    void countsRows_data();
    void countsRows();
};

void TestFileCheck::everyFormat_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"x.csv", "x.tsv", "x.ndjson", "x.json", "x.csv.gz", "x.ndjson.zst",
                             "x.json.gz", "x.parquet", "x.arrow"})
        QTest::newRow(name) << QByteArray(name);
}

void TestFileCheck::everyFormat()
{
    QFETCH(QByteArray, name);
    ExportFixture fixture;
    const auto report = exportAs(fixture, name.toStdString());
    QVERIFY_OK(report);
    const std::string text = ExportFixture::contents(fixture.target(name.toStdString()));
    const auto sha256 =
        QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256);
    QCOMPARE(QByteArray::fromStdString(report->sha256), sha256.toHex());
    const auto check = exporters::checkFile(fixture.target(name.toStdString()), CancelToken());
    QVERIFY_OK(check);
    QVERIFY2(check->differences.empty(),
             check->differences.empty() ? "" : check->differences[0].c_str());
    QCOMPARE(check->rows->value(), 300);
    QCOMPARE(check->agreements.size(), 3u);
}

void TestFileCheck::manifestSaysWhereItComesFrom()
{
    ExportFixture fixture;
    exporters::ExportOptions options;
    options.columns = {"int64"};
    const auto schema = std::make_shared<columnar::Schema>(
        columnar::Schema{{{"int64", {columnar::TypeKind::Int64}}}});
    const auto snapshot = fixture.fromBatches({test::sampleBatch(schema, 10, 1, test::Gaps::None)});
    options.where = "int64 is not null";
    QVERIFY_OK(exporters::exportWithManifest(snapshot, sampleRecord(), fixture.target("x.csv"),
                                             options, CancelToken()));
    const auto text = ExportFixture::contents(exporters::manifestPath(fixture.target("x.csv")));
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    QCOMPARE(json[u"freshet"].toString(), QStringLiteral(FRESHET_VERSION));
    QCOMPARE(json[u"file"].toString(), QStringLiteral("x.csv"));
    QCOMPARE(json[u"format"].toString(), QStringLiteral("csv"));
    QCOMPARE(json[u"rows"].toInteger(), 10);
    QCOMPARE(json[u"schema"][0][u"name"].toString(), QStringLiteral("int64"));
    QCOMPARE(json[u"schema"][0][u"type"].toString(), QStringLiteral("int64"));
    QCOMPARE(json[u"columns"][0].toString(), QStringLiteral("int64"));
    QCOMPARE(json[u"where"].toString(), QStringLiteral("int64 is not null"));
    QCOMPARE(json[u"source"].toString(), QStringLiteral("https://example.org/users?token=***"));
    QCOMPARE(json[u"verdict"].toString(), QStringLiteral("incomplete"));
    QCOMPARE(json[u"evidence"][1].toString(), QStringLiteral("goes on"));
    QCOMPARE(json[u"dataset"][u"rows"].toInteger(), 300);
    QCOMPARE(json[u"dataset"][u"rejected"].toInteger(), 2);
    QCOMPARE(json[u"resume"][u"offset"].toInteger(), 9007199254740993LL);
    // The rows that a decoder is set up with are data, which belongs into the file only.
    QVERIFY(!json[u"resume"].toObject().contains(u"preamble"));
    for (const char *moment : {"started", "finished", "exported"})
        QVERIFY(QDateTime::fromString(json[QLatin1String(moment)].toString(), Qt::ISODateWithMs)
                    .isValid());
}

void TestFileCheck::manifestReadsBack()
{
    Manifest manifest{.version = "1",
                      .fileName = "x.csv",
                      .format = "csv",
                      .compression = "gzip",
                      .header = true,
                      .bytes = ByteCount(9007199254740993),
                      .sha256 = "ab",
                      .rows = RowCount(7),
                      .schema = {{"a", "decimal128(38,3)"}},
                      .columns = {"a", "b,c"},
                      .where = "a > 'x'",
                      .datasetId = "1",
                      .datasetName = "ünïcode",
                      .source = "s",
                      .verdict = "ended",
                      .evidence = {"e"}};
    const auto again = Manifest::fromJson(manifest.toJson());
    QVERIFY_OK(again);
    QCOMPARE(again->toJson(), manifest.toJson());
    QCOMPARE(again->bytes, manifest.bytes);
    QCOMPARE(again->columns, manifest.columns);
}

void TestFileCheck::noticesAnyChange_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("change");
    for (const char *name : {"x.csv", "x.ndjson", "x.json", "x.csv.gz", "x.parquet", "x.arrow"}) {
        for (const char *change :
             {"cut in the middle", "one byte less", "one byte more", "a flipped bit", "empty"})
            QTest::addRow("%s, %s", name, change)
                << QByteArray(name) << QString::fromLatin1(change);
    }
}

void TestFileCheck::noticesAnyChange()
{
    QFETCH(QByteArray, name);
    QFETCH(QString, change);
    ExportFixture fixture;
    QVERIFY_OK(exportAs(fixture, name.toStdString()));
    const auto file = fixture.target(name.toStdString());
    std::string bytes = ExportFixture::contents(file);
    if (change == u"cut in the middle")
        bytes.resize(bytes.size() / 2);
    else if (change == u"one byte less")
        bytes.pop_back();
    else if (change == u"one byte more")
        bytes += 'x';
    else if (change == u"a flipped bit")
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    else
        bytes.clear();
    overwrite(file, bytes);
    const auto check = exporters::checkFile(file, CancelToken());
    QVERIFY_OK(check);
    QVERIFY(!check->differences.empty());
    // Half a file is no whole file of its format, or has fewer rows.
    if (change == u"cut in the middle" || change == u"empty")
        QVERIFY(check->rows != RowCount(300));
}

void TestFileCheck::exportWithoutManifestTakesAStaleOneAway()
{
    ExportFixture fixture;
    QVERIFY_OK(exportAs(fixture, "x.csv"));
    QCOMPARE(fixture.written(), QStringLiteral("x.csv x.csv.manifest.json"));
    QVERIFY_OK(fixture.save(fixture.fromBatches(batches()), "x.csv"));
    QCOMPARE(fixture.written(), QStringLiteral("x.csv"));
    const auto check = exporters::checkFile(fixture.target("x.csv"), CancelToken());
    QVERIFY(!check);
    QCOMPARE(check.error().code, ErrorCode::FileNotFound);
}

void TestFileCheck::brokenManifest_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("an array") << QByteArray("[]");
    QTest::newRow("another object") << QByteArray("{\"name\":\"x\"}");
    QTest::newRow("bytes that are text")
        << QByteArray(R"({"freshet":"1","bytes":"7","sha256":"ab","rows":null})");
    QTest::newRow("cut") << QByteArray(R"({"freshet":"1","bytes":7,"sha2)");
}

void TestFileCheck::brokenManifest()
{
    QFETCH(QByteArray, json);
    ExportFixture fixture;
    overwrite(fixture.target("x.csv"), "a\n1\n");
    overwrite(exporters::manifestPath(fixture.target("x.csv")), json.toStdString());
    const auto check = exporters::checkFile(fixture.target("x.csv"), CancelToken());
    QVERIFY(!check);
    QCOMPARE(check.error().code, ErrorCode::SyntaxError);
}

void TestFileCheck::countsRows_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<bool>("hasHeader");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("rows"); // -1: not whole
    const auto csv = static_cast<int>(ExportFormat::Csv);
    const auto ndjson = static_cast<int>(ExportFormat::Ndjson);
    const auto array = static_cast<int>(ExportFormat::JsonArray);
    QTest::newRow("CSV with a header") << csv << true << QByteArray("a\n1\n2\n") << 2;
    QTest::newRow("CSV without") << csv << false << QByteArray("1\n2\n") << 2;
    QTest::newRow("CSV, header only") << csv << true << QByteArray("a\n") << 0;
    QTest::newRow("CSV, nothing") << csv << false << QByteArray() << 0;
    QTest::newRow("CSV, the header missing") << csv << true << QByteArray() << -1;
    QTest::newRow("CSV, a null in the only column") << csv << true << QByteArray("a\n\n1\n") << 2;
    QTest::newRow("CSV, line breaks in quotes")
        << csv << true << QByteArray("a\n\"x\n\"\"y\n\"\n2\n") << 2;
    QTest::newRow("CSV, open quote") << csv << true << QByteArray("a\n\"x\n") << -1;
    QTest::newRow("CSV, half a row") << csv << true << QByteArray("a\n1\n2") << -1;
    QTest::newRow("NDJSON") << ndjson << false << QByteArray("{}\n{}\n") << 2;
    QTest::newRow("NDJSON, nothing") << ndjson << false << QByteArray() << 0;
    QTest::newRow("NDJSON, half a row") << ndjson << false << QByteArray("{}\n{") << -1;
    QTest::newRow("array") << array << false << QByteArray("[\n{},\n{}\n]\n") << 2;
    QTest::newRow("array, nothing in it") << array << false << QByteArray("[]\n") << 0;
    QTest::newRow("array, not closed") << array << false << QByteArray("[\n{},\n{}\n") << -1;
    QTest::newRow("array, missing") << array << false << QByteArray() << -1;
}

/// Whole, and at every cut in two.
void TestFileCheck::countsRows()
{
    QFETCH(int, format);
    QFETCH(bool, hasHeader);
    QFETCH(QByteArray, text);
    QFETCH(int, rows);
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        exporters::TextRowCounter counter(static_cast<ExportFormat>(format), hasHeader);
        counter.feed(bytes.substr(0, cut));
        counter.feed(bytes.substr(cut));
        const auto counted = counter.finish();
        QCOMPARE(counted ? counted->value() : -1, rows);
        if (!counted)
            QCOMPARE(counted.error().code, ErrorCode::Truncated);
    }
}

QTEST_GUILESS_MAIN(TestFileCheck)
#include "tst_file_check.moc"

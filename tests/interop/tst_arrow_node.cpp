// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_file.h"
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

#include <bit>

using namespace freshet;
using columnar::Column;
using columnar::TypeKind;
using store::ArrowFileReader;

namespace fs = std::filesystem;

namespace {

__extension__ typedef __int128 Int128;

QString scripts()
{
    return qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
}

struct Ran
{
    bool ok = false;
    QByteArray output;
    QByteArray errors;
};

Ran runNode(const QStringList &arguments)
{
    QProcess node;
    node.setWorkingDirectory(scripts());
    node.start(QStandardPaths::findExecutable(QStringLiteral("node")), arguments);
    if (!node.waitForFinished(60'000))
        return {false, {}, "node did not finish"};
    return {node.exitStatus() == QProcess::NormalExit && node.exitCode() == 0,
            node.readAllStandardOutput(), node.readAllStandardError()};
}

QString int128Text(Int128 value)
{
    const bool negative = value < 0;
    QString text;
    do {
        const auto digit = static_cast<int>(value % 10);
        text.prepend(QChar::fromLatin1(static_cast<char>('0' + (digit < 0 ? -digit : digit))));
        value /= 10;
    } while (value != 0);
    return negative ? QLatin1Char('-') + text : text;
}

/// A value as read_arrow.mjs prints it.
QString storedText(const Column &column, std::int64_t row)
{
    switch (column.type.kind) {
    case TypeKind::Bool:
        return column.boolAt(row) ? QStringLiteral("true") : QStringLiteral("false");
    case TypeKind::UInt64:
        return QString::number(column.valueAt<std::uint64_t>(row));
    case TypeKind::Double:
        return QStringLiteral("%1").arg(std::bit_cast<quint64>(column.valueAt<double>(row)), 16, 16,
                                        QLatin1Char('0'));
    case TypeKind::Decimal:
        return int128Text(column.valueAt<Int128>(row));
    case TypeKind::Date:
        return QString::number(column.valueAt<std::int32_t>(row));
    case TypeKind::String:
    case TypeKind::Json:
        return QString::fromStdString(std::string(column.textAt(row)));
    case TypeKind::Binary:
        return QString::fromLatin1(
            QByteArray::fromStdString(std::string(column.textAt(row))).toHex());
    default:
        return QString::number(column.valueAt<std::int64_t>(row));
    }
}

/// What apache-arrow calls the type.
QString typeName(columnar::LogicalType type)
{
    switch (type.kind) {
    case TypeKind::Null:
        return QStringLiteral("Null");
    case TypeKind::Bool:
        return QStringLiteral("Bool");
    case TypeKind::Int64:
        return QStringLiteral("Int64");
    case TypeKind::UInt64:
        return QStringLiteral("Uint64");
    case TypeKind::Double:
        return QStringLiteral("Float64");
    case TypeKind::Decimal:
        return QStringLiteral("Decimal[%1e+%2]").arg(type.precision).arg(type.scale);
    case TypeKind::Date:
        return QStringLiteral("Date32<DAY>");
    case TypeKind::Time:
        return QStringLiteral("Time64<MICROSECOND>");
    case TypeKind::Timestamp:
        return type.form.zone == columnar::TimeForm::Zone::None
                   ? QStringLiteral("Timestamp<MICROSECOND>")
                   : QStringLiteral("Timestamp<MICROSECOND, UTC>");
    case TypeKind::Binary:
        return QStringLiteral("Binary");
    default:
        return QStringLiteral("Utf8");
    }
}

} // namespace

/// apache-arrow for JavaScript reads what Freshet writes, and the other way round.
class TestArrowNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty())
            QSKIP("node is not installed");
        if (!QFile::exists(scripts() + QStringLiteral("node_modules/apache-arrow")))
            QSKIP("the packages in tests/interop/node are not installed (npm ci)");
    }

    void everyTypeIsReadByApacheArrow_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("gaps");
        QTest::newRow("a few rows with nulls and missing values")
            << 20 << static_cast<int>(test::Gaps::Mixed);
        QTest::newRow("many rows, compressed") << 3000 << static_cast<int>(test::Gaps::Nulls);
        QTest::newRow("no nulls") << 500 << static_cast<int>(test::Gaps::None);
        QTest::newRow("no rows") << 0 << static_cast<int>(test::Gaps::None);
    }
    void everyTypeIsReadByApacheArrow()
    {
        QFETCH(int, rows);
        QFETCH(int, gaps);
        test::LibraryFixture fixture;
        const auto writer = fixture.create();
        const auto schema = test::everyTypeSchema();
        const fs::path file = fixture.folder() / "all.arrow";
        std::vector<columnar::RecordBatch> batches;
        {
            auto opened = File::open(file, File::Mode::Truncate);
            QVERIFY_OK(opened);
            auto arrow = store::ArrowFileWriter::create(std::move(*opened), schema);
            QVERIFY_OK(arrow);
            for (std::uint64_t seed = 1; seed <= 2; ++seed) {
                batches.push_back(
                    test::sampleBatch(schema, rows, seed, static_cast<test::Gaps>(gaps)));
                QVERIFY_OK(arrow->append(batches.back()));
            }
            QVERIFY_OK(arrow->finish());
        }
        const Ran ran = runNode({QStringLiteral("read_arrow.mjs"), QString::fromStdString(file)});
        QVERIFY2(ran.ok, ran.errors.constData());
        const QJsonObject read = QJsonDocument::fromJson(ran.output).object();
        QCOMPARE(read[QLatin1String("rows")].toInt(), 2 * rows);
        const QJsonArray columns = read[QLatin1String("columns")].toArray();
        QCOMPARE(columns.size(), schema->columnCount());
        for (int i = 0; i < schema->columnCount(); ++i)
            compareColumn(columns[i].toObject(), schema->fields[static_cast<std::size_t>(i)],
                          batches, static_cast<std::size_t>(i));
    }

    void aDatasetsPartIsReadByApacheArrow()
    {
        test::LibraryFixture fixture;
        const auto writer = fixture.create();
        const int rows = columnar::kMaxBatchRows < 100 ? 100 : 100'000;
        for (std::int64_t row = 0; row < rows; row += 50)
            QVERIFY_OK(writer->append(test::countingBatch(row, 50)));
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto id = writer->dataset()->id();
        const auto files = fixture.files(id);
        QCOMPARE(files.size(), std::size_t(1));
        const Ran ran = runNode({QStringLiteral("read_arrow.mjs"),
                                 QString::fromStdString(fixture.folderOf(id) / files[0])});
        QVERIFY2(ran.ok, ran.errors.constData());
        const QJsonObject read = QJsonDocument::fromJson(ran.output).object();
        const QJsonArray values = read[QLatin1String("columns")]
                                      .toArray()[0]
                                      .toObject()[QLatin1String("values")]
                                      .toArray();
        QCOMPARE(values.size(), rows);
        for (int row = 0; row < rows; ++row)
            QCOMPARE(values[row].toString(), QString::number(row));
    }

    void filesOfApacheArrowAreRead_data()
    {
        using Texts = QStringList;
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("type");
        QTest::addColumn<Texts>("values");
        const QString null = QStringLiteral("‹null›");
        const auto row = [](const char *kind, const char *column, const char *type,
                            const Texts &values) {
            QTest::addRow("%s: %s", kind, column)
                << QString::fromLatin1(kind) << QString::fromLatin1(column)
                << QString::fromLatin1(type) << values;
        };
        const auto text = [](const char *utf8) {
            return QString::fromUtf8(utf8);
        };
        row("numbers", "int8", "int64", {text("-128"), null, text("127")});
        row("numbers", "int16", "int64", {text("-32768"), null, text("32767")});
        row("numbers", "int32", "int64", {text("-2147483648"), null, text("2147483647")});
        row("numbers", "int64", "int64",
            {text("-9223372036854775808"), null, text("9223372036854775807")});
        row("numbers", "uint8", "int64", {text("0"), null, text("255")});
        row("numbers", "uint16", "int64", {text("0"), null, text("65535")});
        row("numbers", "uint32", "int64", {text("0"), null, text("4294967295")});
        row("numbers", "uint64", "uint64", {text("0"), null, text("18446744073709551615")});
        row("numbers", "float16", "double",
            {text("1.5"), text("-5.960464477539063e-8"), text("65504")});
        row("numbers", "float32", "double", {text("0.5"), null, text("-3.25")});
        row("numbers", "float64", "double", {text("0.1"), null, text("5e-324")});
        row("numbers", "bool", "bool", {text("true"), null, text("false")});
        row("numbers", "nothing", "null", {null, null, null});
        row("times", "day", "date", {text("1969-12-31"), text("2023-11-14")});
        row("times", "day_ms", "date", {text("1969-12-31"), text("2023-11-14")});
        row("times", "time_s", "time", {text("00:00:00"), text("23:59:59")});
        row("times", "time_ms", "time", {text("00:00:00.001"), text("23:59:59.999")});
        row("times", "time_us", "time", {text("00:00:00.000001"), text("23:59:59.999999")});
        row("times", "time_ns", "time", {text("00:00:00.000001"), text("23:59:59.999999")});
        row("times", "ts_s", "timestamp",
            {text("1969-12-31T23:59:59"), text("2023-11-14T22:13:20")});
        row("times", "ts_ms", "timestamp with time zone",
            {text("1969-12-31T23:59:59.999Z"), text("2023-11-14T22:13:20.123Z")});
        row("times", "ts_us", "timestamp with time zone",
            {text("1969-12-31T23:59:59.999999Z"), text("2023-11-14T22:13:20.123456Z")});
        row("times", "ts_ns", "timestamp",
            {text("1969-12-31T23:59:59.999999"), text("2023-11-14T22:13:20.123456")});
        row("times", "fine_ns", "string",
            {text("1969-12-31T23:59:59.999999999"), text("2023-11-14T22:13:20.123456007")});
        row("texts", "utf8", "string", {QString(), null, text("naïve 数据")});
        row("texts", "large_utf8", "string", {QString(), null, text("naïve 数据")});
        row("texts", "binary", "binary", {text("\\x00ff"), null, text("\\x")});
        row("texts", "fixed", "binary", {text("\\x0102"), null, text("\\x0304")});
    }
    void filesOfApacheArrowAreRead()
    {
        QFETCH(QString, kind);
        QFETCH(QString, column);
        QFETCH(QString, type);
        QFETCH(QStringList, values);
        const auto reader = ArrowFileReader::open(written(kind));
        QVERIFY_OK(reader);
        const auto index = (*reader)->schema()->indexOf(column.toStdString());
        QVERIFY(index.has_value());
        const auto read = (*reader)->column(0, *index);
        QVERIFY_OK(read);
        QCOMPARE(QString::fromStdString(read->type.name()), type);
        QStringList got;
        for (const std::string &text : test::texts(*read))
            got.append(QString::fromStdString(text));
        QCOMPARE(got, values);
    }

    void nestedAndEncodedColumnsAreRefusedByName_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("column");
        QTest::newRow("dictionary") << QStringLiteral("dictionary") << QStringLiteral("word");
        QTest::newRow("list") << QStringLiteral("list") << QStringLiteral("numbers");
    }
    void nestedAndEncodedColumnsAreRefusedByName()
    {
        QFETCH(QString, kind);
        QFETCH(QString, column);
        const auto reader = ArrowFileReader::open(written(kind));
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::Unsupported);
        QCOMPARE(QString::fromStdString(reader.error().column), column);
    }

private:
    QTemporaryDir m_folder;

    /// The file that write_arrow.mjs makes of `kind`, made when it is first asked for.
    fs::path written(const QString &kind)
    {
        const QString file = m_folder.filePath(kind + QStringLiteral(".arrow"));
        if (!QFile::exists(file)) {
            const Ran ran = runNode({QStringLiteral("write_arrow.mjs"), kind, file});
            if (!ran.ok)
                qWarning("%s", ran.errors.constData());
        }
        return file.toStdString();
    }

    static void compareColumn(const QJsonObject &read, const columnar::Field &field,
                              const std::vector<columnar::RecordBatch> &batches, std::size_t index)
    {
        QCOMPARE(read[QLatin1String("name")].toString(), QString::fromStdString(field.name));
        QCOMPARE(read[QLatin1String("type")].toString(), typeName(field.type));
        const QJsonObject metadata = read[QLatin1String("metadata")].toObject();
        QCOMPARE(metadata[QLatin1String("ARROW:extension:name")].toString(),
                 field.type.kind == TypeKind::Json ? QStringLiteral("arrow.json") : QString());
        const QJsonArray values = read[QLatin1String("values")].toArray();
        qsizetype at = 0;
        for (const columnar::RecordBatch &batch : batches) {
            const Column &column = batch.columns[index];
            for (std::int64_t row = 0; row < column.length; ++row, ++at) {
                QCOMPARE(values[at].isNull(), column.isNull(row));
                if (!column.isNull(row))
                    QCOMPARE(values[at].toString(), storedText(column, row));
            }
        }
        QCOMPARE(values.size(), at);
    }
};

QTEST_GUILESS_MAIN(TestArrowNode)
#include "tst_arrow_node.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_text.h"

#include <QTest>

#include <random>

using namespace freshet;
using namespace freshet::columnar;
using namespace freshet::test;

namespace {

/// A row drawn as text: `a=1 b="x" c=null`.
using Row = QList<QPair<QString, QString>>;

Row rowOf(QUtf8StringView text)
{
    Row row;
    for (const QString &cell : text.toString().split(u' ', Qt::SkipEmptyParts))
        row.append({cell.section(u'=', 0, 0), cell.section(u'=', 1)});
    return row;
}

void append(BatchBuilder &builder, const Row &row)
{
    for (const auto &[name, cell] : row)
        appendJsonCell(builder, builder.column(name.toStdString()), cell.toStdString());
}

void appendRow(BatchBuilder &builder, QUtf8StringView text)
{
    builder.beginRow();
    append(builder, rowOf(text));
    QVERIFY(builder.endRow());
}

} // namespace

class TestBatchBuilder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesRows_data();
    void takesRows();
    void anAbandonedRowLeavesNoTrace_data();
    void anAbandonedRowLeavesNoTrace();
    void randomRowsSurviveAbandonedOnes();
    void findsColumnsInAnyOrder();
    void replacesASecondValueOfARow();
    void knowsWhatIsSet();
    void writesTextInPlace();
    void takesTypedValues();
    void declaresColumns();
    void stopsAtTheLimitOfColumns();
    void isFullByRows();
    void isFullByTextOfAColumn();
    void isFullByBytesOfABatch();
    void goesOnWithAnAdoptedSchema();
    void keepsTheSchemaObjectWhileNothingChanges();
    void sealsNoRows();
};

void TestBatchBuilder::takesRows_data()
{
    QTest::addColumn<QStringList>("rows");
    QTest::addColumn<QString>("batch");
    const auto row = [](const char *name, const char *rows, const char *batch) {
        QTest::newRow(name) << QString::fromUtf8(rows).split(u';') << QString::fromUtf8(batch);
    };
    row("columns in order of appearance", "b=1 a=2;a=3 b=4", "b:int64 [1 | 4]\na:int64 [2 | 3]");
    row("a late column", "a=1;a=2 b=true", "a:int64 [1 | 2]\nb:bool [? | true]");
    row("a column that vanishes", "a=1 b=\"x\";a=2;a=3",
        "a:int64 [1 | 2 | 3]\nb:string [\"x\" | ? | ?]");
    row("a row without anything", "a=1;;a=2", "a:int64 [1 | ? | 2]");
    row("null against missing", "a=null;b=1;a=null;a=1.5",
        "a:double [null | ? | null | 1.5]\nb:int64 [? | 1 | ? | ?]");
    row("names that look alike", "a=1 A=2 a.b=3", "a:int64 [1]\nA:int64 [2]\na.b:int64 [3]");
    row("an empty name", "=1", ":int64 [1]");
    row("nine booleans cross a byte", "a=true;a=false;;a=true;a=null;a=true;a=false;a=true;a=true",
        "a:bool [true | false | ? | true | null | true | false | true | true]");
}

/// The batch is one whatever the rows a batch may have.
void TestBatchBuilder::takesRows()
{
    QFETCH(const QStringList, rows);
    QFETCH(const QString, batch);
    BatchBuilder builder;
    std::vector<RecordBatch> batches;
    for (const QString &row : rows) {
        appendRow(builder, row.toUtf8());
        if (builder.isFull())
            batches.push_back(builder.seal());
    }
    batches.push_back(builder.seal());
    for (RecordBatch &sealed : batches) {
        for (const Column &column : sealed.columns)
            QCOMPARE(columnFault(column), QString());
        sealed = conform(sealed, builder.schema()).value();
    }
    QCOMPARE(batchText(concatenate(batches)), batch);
    QCOMPARE(builder.nextRow().value(), rows.size());
}

void TestBatchBuilder::anAbandonedRowLeavesNoTrace_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("bad");
    QTest::addColumn<QString>("after");
    const auto row = [](const char *name, const char *before, const char *bad, const char *after) {
        QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(bad)
                            << QString::fromUtf8(after);
    };
    row("values of the same types", "a=1 b=\"x\" c=true", "a=2 b=\"yy\" c=false",
        "a=3 b=\"z\" c=true");
    row("nulls", "a=1 b=\"x\" c=true", "a=null b=null c=null", "a=3 b=\"z\" c=null");
    row("a first value", "a=null", "a=1", "a=\"x\"");
    row("a first time", "a=null", "a=\"2024-01-01\"", "a=\"2024-01-01T00:00:00\"");
    row("new columns", "a=1", "b=2 c=\"x\" a=5", "c=3 a=4");
    row("the first row", "", "a=1 b=2", "b=\"x\"");
    row("int64 to double", "a=1", "a=2.5", "a=9007199254740993");
    row("int64 to string", "a=1", "a=\"x\"", "a=2");
    row("int64 to json", "a=1", "a=[]", "a=2");
    row("double to decimal", "a=9.55", "a=9.50", "a=1.5");
    row("another count of fraction digits", "a=9.55", "a=9.5", "a=9.50");
    row("decimal to a larger scale", "a=9.50", "a=9.125", "a=9.25");
    row("another spelling of doubles", "a=1.5", "a=1.0", "a=2");
    row("a plain spelling", "a=1.5", "a=2", "a=1.0");
    row("string to json", "a=\"x\"", "a={}", "a=\"y\"");
    row("two changes in one row", "a=1 b=true", "a=\"x\" b=5 c=1", "a=2 b=false");
    row("part of the columns", "a=1 b=\"x\"", "b=\"\"", "a=2");
}

void TestBatchBuilder::anAbandonedRowLeavesNoTrace()
{
    QFETCH(const QString, before);
    QFETCH(const QString, bad);
    QFETCH(const QString, after);
    for (const bool sealsBefore : {false, true}) {
        QStringList drawn;
        for (const bool hasBadRow : {false, true}) {
            BatchBuilder builder;
            appendRow(builder, before.toUtf8());
            QString text;
            if (sealsBefore)
                text = batchText(builder.seal());
            if (hasBadRow) {
                builder.beginRow();
                append(builder, rowOf(bad.toUtf8()));
                builder.abandonRow();
            }
            appendRow(builder, after.toUtf8());
            const RecordBatch batch = builder.seal();
            for (const Column &column : batch.columns)
                QCOMPARE(columnFault(column), QString());
            drawn +=
                text + u'\n' + batchText(batch) + QString::number(builder.wideningEvents().size());
        }
        QCOMPARE(drawn.at(1), drawn.at(0));
    }
}

/// Many rows of every sort of value, of which each second one is abandoned somewhere inside: what
/// is held must be what a builder holds that never saw those.
void TestBatchBuilder::randomRowsSurviveAbandonedOnes()
{
    const QStringList cells =
        QStringLiteral("1|-7|2.5|9.50|\"x\"|null|true|[1]|1e400|1.0|?|18446744073709551615|"
                       "\"2024-01-01\"")
            .split(u'|');
    const QStringList names = QStringLiteral("a b c d e").split(u' ');
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        BatchBuilder disturbed;
        BatchBuilder calm;
        const auto randomRow = [&] {
            Row row;
            // Early seeds have few sorts of cells, so that types stay narrow for a while.
            const auto sorts = 2 + seed % static_cast<unsigned>(cells.size() - 1);
            for (const QString &name : names)
                if (random() % 3 != 0)
                    row.append({name, cells.at(static_cast<int>(random() % sorts))});
            return row;
        };
        for (int i = 0; i < 60; ++i) {
            disturbed.beginRow();
            append(disturbed, randomRow());
            disturbed.abandonRow();
            const Row row = randomRow();
            for (BatchBuilder *builder : {&disturbed, &calm}) {
                builder->beginRow();
                append(*builder, row);
                QVERIFY(builder->endRow());
            }
            if (random() % 16 == 0 || calm.isFull())
                QCOMPARE(batchText(disturbed.seal()), batchText(calm.seal()));
        }
        QCOMPARE(batchText(disturbed.seal()), batchText(calm.seal()));
        QCOMPARE(disturbed.wideningEvents().size(), calm.wideningEvents().size());
    }
}

void TestBatchBuilder::findsColumnsInAnyOrder()
{
    BatchBuilder builder;
    const QStringList names = QStringLiteral("a bb  a.b ä").split(u' ');
    for (int round = 0; round < 5; ++round) {
        builder.beginRow();
        for (int i = 0; i < names.size(); ++i) {
            const int at = round % 2 == 0 ? i : int(names.size()) - 1 - i;
            QCOMPARE(builder.column(names.at(at).toStdString()), at);
        }
        QVERIFY(builder.endRow());
    }
    QCOMPARE(builder.columnCount(), names.size());
    QCOMPARE(builder.columnName(3), std::string("a.b"));
}

void TestBatchBuilder::replacesASecondValueOfARow()
{
    BatchBuilder builder;
    appendRow(builder, "a=1 b=\"first\" c=1 a=2 b=\"second\" c=null");
    appendRow(builder, "a=1 a=\"x\" c=5");
    QCOMPARE(columnText(builder.seal().columns[0]), QStringLiteral("\"2\" | \"x\""));
}

void TestBatchBuilder::knowsWhatIsSet()
{
    BatchBuilder builder;
    builder.beginRow();
    const int a = builder.column("a");
    const int b = builder.column("b");
    QVERIFY(!builder.isSet(a));
    builder.appendInt64(a, 1);
    QVERIFY(builder.isSet(a));
    QVERIFY(!builder.isSet(b));
    builder.appendNull(b);
    QVERIFY(builder.isSet(b));
    QVERIFY(builder.endRow());
    builder.beginRow();
    QVERIFY(!builder.isSet(a));
    builder.appendInt64(a, 1);
    builder.abandonRow();
    builder.beginRow();
    QVERIFY(!builder.isSet(a));
}

void TestBatchBuilder::writesTextInPlace()
{
    BatchBuilder builder;
    std::vector<RecordBatch> batches;
    const int id = builder.column("a");
    QVERIFY(!builder.isPlainText(id));
    appendRow(builder, "a=\"x\"");
    QVERIFY(builder.isPlainText(id));
    QStringList expected{QStringLiteral("\"x\"")};
    for (std::size_t size = 0; size < 3000; size += 7) {
        builder.beginRow();
        char *to = builder.reserveText(id, size + 10);
        std::memset(to, 'a' + int(size % 26), size);
        builder.commitText(id, size);
        QVERIFY(builder.isSet(id));
        QVERIFY(builder.endRow());
        expected += u'"' + QString(int(size), QChar(u'a' + ushort(size % 26))) + u'"';
        if (builder.isFull())
            batches.push_back(builder.seal());
    }
    builder.beginRow(); // room asked for and not used
    QVERIFY(builder.reserveText(id, 5) != nullptr);
    builder.abandonRow();
    batches.push_back(builder.seal());
    QCOMPARE(columnText(concatenate(batches).columns[0]), expected.join(QStringLiteral(" | ")));
}

void TestBatchBuilder::takesTypedValues()
{
    BatchBuilder builder;
    const auto put = [&](auto &&append) {
        builder.beginRow();
        append();
        QVERIFY(builder.endRow());
    };
    const int a = builder.column("a");
    const int b = builder.column("b");
    const int c = builder.column("c");
    const int d = builder.column("d");
    const int e = builder.column("e");
    const int f = builder.column("f");
    const int g = builder.column("g");
    const TimeForm millis{.fractionDigits = 3, .zone = TimeForm::Zone::Z};
    put([&] {
        builder.appendUInt64(a, UINT64_MAX);
        builder.appendDouble(b, 0.1);
        builder.appendDecimal(c, 1250, 2);
        builder.appendDate(d, 1);
        builder.appendTime(e, 1'500'000, {.fractionDigits = 1});
        builder.appendTimestamp(f, 1'500'000, millis);
        builder.appendBinary(g, std::string_view("\x00\xff", 2));
    });
    put([&] {
        builder.appendInt64(a, 1);
        builder.appendDouble(b, std::numeric_limits<double>::infinity());
        builder.appendDecimal(c, 5, 1);
        builder.appendTimestamp(d, 0, millis);
        builder.appendDate(e, 0);
        builder.appendTimestamp(f, 0, {});
        builder.appendText(g, "x");
    });
    std::vector batches{builder.seal()};
    QCOMPARE(batchText(concatenate(batches)),
             QStringLiteral("a:uint64 [18446744073709551615 | 1]\n"
                            "b:double [0.1 | Infinity]\n"
                            "c:decimal;18;2 [12.50 | 0.50]\n"
                            "d:string [\"1970-01-02\" | \"1970-01-01T00:00:00.000Z\"]\n"
                            "e:string [\"00:00:01.5\" | \"1970-01-01\"]\n"
                            "f:string [\"1970-01-01T00:00:01.500Z\" | \"1970-01-01T00:00:00\"]\n"
                            "g:string [\"\\x00ff\" | \"x\"]"));
}

void TestBatchBuilder::declaresColumns()
{
    BatchBuilder builder(Limits{.columns = 3});
    const auto first = builder.declareColumn("a", {TypeKind::UInt64});
    const auto second = builder.declareColumn("b", {TypeKind::Double});
    QVERIFY(first && second);
    builder.beginRow();
    builder.appendUInt64(*first, UINT64_MAX);
    builder.abandonRow(); // takes no declared column with it
    builder.beginRow();
    builder.appendDouble(*second, 0.5);
    QVERIFY(builder.endRow());
    const auto late = builder.declareColumn("c", {TypeKind::String});
    QVERIFY(late);
    // One that has its type keeps it.
    QCOMPARE(builder.declareColumn("b", {TypeKind::String}).value(), *second);
    QCOMPARE(batchText(builder.seal()),
             QStringLiteral("a:uint64 [?]\nb:double [0.5]\nc:string [?]"));
    const auto beyond = builder.declareColumn("d", {TypeKind::String});
    QVERIFY(!beyond);
    QCOMPARE(beyond.error().code, ErrorCode::LimitReached);
    QVERIFY(builder.wideningEvents().empty());
}

void TestBatchBuilder::stopsAtTheLimitOfColumns()
{
    BatchBuilder builder(Limits{.columns = 2});
    appendRow(builder, "a=1");
    builder.beginRow();
    append(builder, rowOf("a=2 b=\"x\" c=3 d=\"long enough to need memory\" c=[]"));
    QCOMPARE(builder.column("e"), BatchBuilder::kNoColumn);
    const Status status = builder.endRow();
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::LimitReached);
    QCOMPARE(status.error().row, RowIndex(1));
    appendRow(builder, "a=3 b=4");
    QCOMPARE(batchText(builder.seal()), QStringLiteral("a:int64 [1 | 3]\nb:int64 [? | 4]"));
}

void TestBatchBuilder::isFullByRows()
{
    BatchBuilder builder;
    const int id = builder.column("a");
    for (std::int64_t row = 0; row < kMaxBatchRows; ++row) {
        QVERIFY(!builder.isFull());
        builder.beginRow();
        builder.appendInt64(id, row);
        QVERIFY(builder.endRow());
    }
    QVERIFY(builder.isFull());
    const RecordBatch batch = builder.seal();
    QVERIFY(!builder.isFull());
    QCOMPARE(batch.rowCount, kMaxBatchRows);
    QCOMPARE(batch.columns[0].valueAt<std::int64_t>(kMaxBatchRows - 1), kMaxBatchRows - 1);
    QCOMPARE(builder.pendingRows(), 0);
    QCOMPARE(builder.nextRow(), RowIndex(kMaxBatchRows));
}

void TestBatchBuilder::isFullByTextOfAColumn()
{
    if (kMaxBatchRows < 100)
        QSKIP("batches are too small here");
    BatchBuilder builder;
    const int id = builder.column("a");
    const std::string text(1 << 20, 'x');
    int rows = 0;
    for (; !builder.isFull(); ++rows) {
        QVERIFY(rows < 20);
        builder.beginRow();
        builder.appendText(id, text);
        QVERIFY(builder.endRow());
    }
    QVERIFY(rows == 8 || rows == 9);
    const RecordBatch batch = builder.seal();
    QCOMPARE(batch.columns[0].textAt(rows - 1), std::string_view(text));
}

void TestBatchBuilder::isFullByBytesOfABatch()
{
    if (kMaxBatchRows < 10'000)
        QSKIP("batches are too small here");
    BatchBuilder builder;
    while (!builder.isFull()) {
        builder.beginRow();
        for (int i = 0; i < 100; ++i)
            builder.appendInt64(builder.column("column" + std::to_string(i)), i);
        QVERIFY(builder.endRow());
    }
    const ByteCount memory = builder.seal().memory();
    QVERIFY(memory >= kMaxBatchBytes);
    QVERIFY(memory < kMaxBatchBytes + 1_MiB);
}

void TestBatchBuilder::goesOnWithAnAdoptedSchema()
{
    const Schema schema{{{"id", {TypeKind::Int64}},
                         {"sum", LogicalType::decimal(18, 2)},
                         {"later", {TypeKind::Null}},
                         {"when", LogicalType::timestamp({.zone = TimeForm::Zone::Z})},
                         {"big", {TypeKind::Int64}}}};
    BatchBuilder builder;
    builder.adopt(schema, RowIndex(1000));
    QVERIFY(*builder.schema() == schema);
    QCOMPARE(builder.nextRow(), RowIndex(1000));
    appendRow(builder, "id=5 sum=1.5 later=true big=0.5");
    QCOMPARE(batchText(builder.seal()),
             QStringLiteral("id:int64 [5]\nsum:decimal;18;2 [1.50]\nlater:bool [true]\n"
                            "when:timestamp;T;0;Z [?]\nbig:string [\"0.5\"]"));
    QCOMPARE(builder.wideningEvents().size(), 1u);
    QCOMPARE(builder.wideningEvents()[0].row, RowIndex(1000));
    QCOMPARE(builder.nextRow(), RowIndex(1001));
}

void TestBatchBuilder::keepsTheSchemaObjectWhileNothingChanges()
{
    BatchBuilder builder;
    appendRow(builder, "a=1");
    const SchemaPtr first = builder.seal().schema;
    appendRow(builder, "a=2");
    QCOMPARE(builder.seal().schema, first);
    QCOMPARE(builder.schema(), first);
    appendRow(builder, "a=2.5");
    QVERIFY(builder.schema() != first);
}

void TestBatchBuilder::sealsNoRows()
{
    BatchBuilder builder;
    QCOMPARE(builder.seal().rowCount, 0);
    appendRow(builder, "a=1 b=\"x\" c=null d=true e=9.50");
    QCOMPARE(builder.seal().rowCount, 1);
    const RecordBatch empty = builder.seal();
    QCOMPARE(empty.rowCount, 0);
    for (const Column &column : empty.columns) {
        QCOMPARE(column.length, 0);
        QCOMPARE(columnFault(column), QString());
    }
}

QTEST_APPLESS_MAIN(TestBatchBuilder)
#include "tst_batch_builder.moc"

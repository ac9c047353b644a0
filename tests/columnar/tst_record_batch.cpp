// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_text.h"
#include "columnar/bitmap.h"

#include <QTest>

using namespace freshet;
using namespace freshet::columnar;
using namespace freshet::test;

namespace {

RecordBatch batchOf(const QString &cells)
{
    BatchBuilder builder;
    std::vector<RecordBatch> batches;
    for (const std::string &cell : cellsOf(cells)) {
        builder.beginRow();
        appendJsonCell(builder, builder.column("c"), cell);
        if (!builder.endRow())
            return {};
        if (builder.isFull())
            batches.push_back(builder.seal());
    }
    batches.push_back(builder.seal());
    for (RecordBatch &batch : batches)
        batch = conform(batch, builder.schema()).value_or(RecordBatch{});
    return concatenate(batches);
}

QString numbered(const char *pattern, int count)
{
    QStringList cells;
    for (int i = 0; i < count; ++i)
        cells += i % 7 == 3 ? QStringLiteral("null")
                 : i % 5 == 4
                     ? QStringLiteral("?")
                     : QString::fromUtf8(pattern).replace(QStringLiteral("%1"), QString::number(i));
    return cells.join(QStringLiteral(" | "));
}

} // namespace

class TestRecordBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slicesAndJoins_data();
    void slicesAndJoins();
    void widensTypes_data();
    void widensTypes();
    void refusesToNarrow_data();
    void refusesToNarrow();
    void refusesWhatIsNotExact_data();
    void refusesWhatIsNotExact();
    void encodesTypes_data();
    void encodesTypes();
    void doesNotTrustTypeTokens_data();
    void doesNotTrustTypeTokens();
    void unifiesSchemas();
    void conformsByName();
    void makesAbsentColumns();
    void copiesBits();
};

void TestRecordBatch::slicesAndJoins_data()
{
    QTest::addColumn<QString>("cells");
    QTest::newRow("integers") << numbered("%1", 40);
    QTest::newRow("doubles") << numbered("%1.5", 40);
    QTest::newRow("money") << numbered("%1.50", 40);
    QTest::newRow("booleans that end within a byte") << numbered("true", 13);
    QTest::newRow("booleans") << numbered("true", 20) + QStringLiteral(" | ") +
                                     numbered("false", 20);
    QTest::newRow("text") << numbered("\"text %1\"", 40);
    QTest::newRow("json") << numbered("[%1]", 40);
    QTest::newRow("dates") << numbered("\"2024-01-%1\"", 10);
    QTest::newRow("nothing but nulls") << "null | null | ? | null";
    QTest::newRow("nothing missing") << "1 | null | 2 | null";
    QTest::newRow("all there") << "1 | 2 | 3";
}

void TestRecordBatch::slicesAndJoins()
{
    QFETCH(const QString, cells);
    const RecordBatch batch = batchOf(cells);
    const QStringList whole = columnText(batch.columns[0]).split(QStringLiteral(" | "));
    for (std::int64_t first = 0; first <= batch.rowCount; ++first) {
        for (std::int64_t end = first; end <= batch.rowCount; ++end) {
            const RecordBatch slice = sliceBatch(batch, first, end - first);
            QCOMPARE(columnFault(slice.columns[0]), QString());
            QCOMPARE(columnText(slice.columns[0]),
                     whole.mid(first, end - first).join(QStringLiteral(" | ")));
        }
        const std::vector pieces{sliceBatch(batch, 0, first), sliceBatch(batch, first, 0),
                                 sliceBatch(batch, first, batch.rowCount - first)};
        const RecordBatch joined = concatenate(pieces);
        QCOMPARE(columnFault(joined.columns[0]), QString());
        QCOMPARE(columnText(joined.columns[0]), whole.join(QStringLiteral(" | ")));
    }
    // A slice of a slice counts its own rows.
    if (batch.rowCount > 10)
        QCOMPARE(columnText(sliceColumn(sliceColumn(batch.columns[0], 3, 7), 2, 4)),
                 whole.mid(5, 4).join(QStringLiteral(" | ")));
}

void TestRecordBatch::widensTypes_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<QString>("exact");
    QTest::addColumn<QString>("inexact");
    const auto row = [](const char *a, const char *b, const char *exact,
                        const char *inexact = nullptr) {
        QTest::addRow("%s with %s", a, b) << a << b << exact << (inexact ? inexact : exact);
    };
    row("null", "int64", "int64");
    row("null", "json", "json");
    row("bool", "bool", "bool");
    row("bool", "int64", "string");
    row("int64", "uint64", "uint64", "decimal;38;0");
    row("int64", "double", "double", "string");
    row("uint64", "double", "double", "string");
    row("int64", "decimal;18;2", "decimal;38;2");
    row("int64", "decimal;38;20", "decimal;38;20", "string");
    row("uint64", "decimal;38;18", "decimal;38;18");
    row("uint64", "decimal;38;19", "decimal;38;19", "string");
    row("double", "decimal;18;2", "decimal;18;2", "string");
    row("double", "double;1", "double");
    row("decimal;18;2", "decimal;38;2", "decimal;38;2");
    row("decimal;18;2", "decimal;18;4", "decimal;38;4");
    row("decimal;38;2", "decimal;18;4", "decimal;38;4", "string");
    row("date", "timestamp;T;0;", "string");
    row("timestamp;T;0;Z", "timestamp;T;3;Z", "string");
    row("time;0", "time;3", "string");
    row("date", "int64", "string");
    row("string", "binary", "string");
    row("string", "json", "json");
    row("decimal;18;2", "json", "json");
}

void TestRecordBatch::widensTypes()
{
    QFETCH(const QString, a);
    QFETCH(const QString, b);
    QFETCH(const QString, exact);
    QFETCH(const QString, inexact);
    const LogicalType first = LogicalType::decode(a.toStdString());
    const LogicalType second = LogicalType::decode(b.toStdString());
    QCOMPARE(typeName(widened(first, second, true)), exact);
    QCOMPARE(typeName(widened(second, first, true)), exact);
    QCOMPARE(typeName(widened(first, second, false)), inexact);
    QCOMPARE(typeName(widened(second, first, false)), inexact);
}

void TestRecordBatch::refusesToNarrow_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("to");
    QTest::newRow("text to integers") << "\"1\""
                                      << "int64";
    QTest::newRow("json to text") << "[]"
                                  << "string";
    QTest::newRow("double to int64") << "1.5"
                                     << "int64";
    QTest::newRow("uint64 to int64") << "18446744073709551615"
                                     << "int64";
    QTest::newRow("decimal to double") << "9.50"
                                       << "double";
    QTest::newRow("decimal to a smaller scale") << "9.50"
                                                << "decimal;18;1";
    QTest::newRow("int64 to bool") << "1"
                                   << "bool";
    QTest::newRow("date to timestamp") << "\"2024-01-01\""
                                       << "timestamp;T;0;";
}

void TestRecordBatch::refusesToNarrow()
{
    QFETCH(const QString, cells);
    QFETCH(const QString, to);
    const auto cast = castColumn(batchOf(cells).columns[0], LogicalType::decode(to.toStdString()));
    QVERIFY(!cast);
    QCOMPARE(cast.error().code, ErrorCode::Unsupported);
}

void TestRecordBatch::refusesWhatIsNotExact_data()
{
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("to");
    QTest::newRow("2^53+1 as double") << "9007199254740993"
                                      << "double";
    QTest::newRow("2^64-1 as double") << "18446744073709551615"
                                      << "double";
    QTest::newRow("-1 as uint64") << "-1"
                                  << "uint64";
    QTest::newRow("three digits at scale 2") << "0.125"
                                             << "decimal;18;2";
    QTest::newRow("minus zero as decimal") << "-0"
                                           << "decimal;18;2";
    QTest::newRow("1e300 as decimal") << "1e300"
                                      << "decimal;38;2";
    QTest::newRow("19 digits in a small decimal") << "9223372036854775807"
                                                  << "decimal;18;0";
}

void TestRecordBatch::refusesWhatIsNotExact()
{
    QFETCH(const QString, cells);
    QFETCH(const QString, to);
    const auto cast = castColumn(batchOf(cells).columns[0], LogicalType::decode(to.toStdString()));
    QVERIFY(!cast);
    QCOMPARE(cast.error().code, ErrorCode::Internal);
}

void TestRecordBatch::encodesTypes_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *token, const char *name) {
        QTest::newRow(token) << QString::fromUtf8(token) << QString::fromUtf8(name);
    };
    for (const char *plain :
         {"null", "bool", "int64", "uint64", "double", "date", "string", "binary", "json"})
        row(plain, plain);
    row("double;1", "double");
    row("decimal;18;2", "decimal(18,2)");
    row("decimal;38;0", "decimal(38,0)");
    row("time;6", "time");
    row("timestamp;T;3;Z", "timestamp with time zone");
    row("timestamp;_;0;", "timestamp");
    row("timestamp;T;0;+", "timestamp with time zone");
}

void TestRecordBatch::encodesTypes()
{
    QFETCH(const QString, token);
    QFETCH(const QString, name);
    const LogicalType type = LogicalType::decode(token.toStdString());
    QCOMPARE(typeName(type), token);
    QCOMPARE(QString::fromStdString(type.name()), name);
}

void TestRecordBatch::doesNotTrustTypeTokens_data()
{
    QTest::addColumn<QString>("token");
    for (const char *token : {"", ";", "int", "decimal", "decimal;39;0", "decimal;0;0",
                              "decimal;38;39", "decimal;-1;2", "decimal;18;2;1", "timestamp",
                              "timestamp;X;0;", "timestamp;T;7;", "timestamp;T;0;X", "decimal;;"})
        QTest::newRow(token) << QString::fromUtf8(token);
}

void TestRecordBatch::doesNotTrustTypeTokens()
{
    QFETCH(const QString, token);
    QCOMPARE(typeName(LogicalType::decode(token.toStdString())), QStringLiteral("null"));
}

void TestRecordBatch::unifiesSchemas()
{
    const auto a = std::make_shared<Schema>(
        Schema{{{"id", {TypeKind::Int64}}, {"x", {TypeKind::Null}}, {"y", {TypeKind::Bool}}}});
    const auto b = std::make_shared<Schema>(
        Schema{{{"new", {TypeKind::Date}}, {"id", {TypeKind::Double}}, {"x", {TypeKind::Json}}}});
    const Schema both{{{"id", {TypeKind::Double}},
                       {"x", {TypeKind::Json}},
                       {"y", {TypeKind::Bool}},
                       {"new", {TypeKind::Date}}}};
    QVERIFY(*unifySchemas(a, b) == both);
    QCOMPARE(unifySchemas(a, a), SchemaPtr(a));
    QCOMPARE(unifySchemas(nullptr, a), SchemaPtr(a));
    QCOMPARE(unifySchemas(a, nullptr), SchemaPtr(a));
}

void TestRecordBatch::conformsByName()
{
    const auto schema = std::make_shared<Schema>(
        Schema{{{"other", {TypeKind::String}}, {"c", {TypeKind::String}}}});
    const auto conformed = conform(batchOf(QStringLiteral("1 | null | ? | 4")), schema);
    QVERIFY(conformed);
    QCOMPARE(batchText(*conformed), QStringLiteral("other:string [? | ? | ? | ?]\n"
                                                   "c:string [\"1\" | null | ? | \"4\"]"));
    const auto narrow = std::make_shared<Schema>(Schema{{{"c", {TypeKind::Bool}}}});
    const auto refused = conform(batchOf(QStringLiteral("1")), narrow);
    QVERIFY(!refused);
    QCOMPARE(refused.error().column, std::string("c"));
}

void TestRecordBatch::makesAbsentColumns()
{
    for (const char *token : {"null", "bool", "int64", "decimal;18;2", "string", "json", "date"}) {
        for (const std::int64_t length : {0, 1, 8, 9}) {
            const LogicalType type = LogicalType::decode(token);
            const Column missing = absentColumn(type, length, Absence::Missing);
            QCOMPARE(columnFault(missing), QString());
            QCOMPARE(columnText(missing).count(u'?'), length);
            const Column null = absentColumn(type, length, Absence::Null);
            QCOMPARE(columnFault(null), QString());
            QCOMPARE(columnText(null).count(QStringLiteral("null")), length);
        }
    }
}

void TestRecordBatch::copiesBits()
{
    MutableBuffer from = filledBitmap(100, false);
    for (int bit = 0; bit < 100; bit += 3)
        setBit(from.data(), bit);
    for (int first = 0; first < 20; ++first) {
        for (int at = 0; at < 20; ++at) {
            MutableBuffer to = filledBitmap(100, (at & 1) != 0);
            copyBits(to.data(), at, from.data(), first, 70);
            for (int bit = 0; bit < 70; ++bit)
                QCOMPARE(bitAt(to.data(), at + bit), (first + bit) % 3 == 0);
            QCOMPARE(countBits(to.data(), at, 70), countBits(from.data(), first, 70));
            for (int bit = 0; bit < at; ++bit)
                QCOMPARE(bitAt(to.data(), bit), (at & 1) != 0);
        }
    }
}

QTEST_APPLESS_MAIN(TestRecordBatch)
#include "tst_record_batch.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/display_cell.h"
#include "grid/grid_copy.h"
#include "grid/selection_summary.h"
#include "ui/column_maker.h"
#include "ui/table_source.h"

#include <QTest>

#include <numeric>

using namespace freshet;
using namespace freshet::ui;
using columnar::LogicalType;
using columnar::TypeKind;

namespace {

// A column of each kind that is odd to copy; row 1 has nothing, row 2 lacks the columns.
GridSourcePtr oddTable()
{
    const auto three = [](TypeKind kind, const test::Value &first) {
        return test::makeColumn({kind}, {first, test::kNull, test::kMissing});
    };
    return test::tableOf({
        {"n", three(TypeKind::UInt64, "18446744073709551615")},
        {"money",
         test::makeColumn({TypeKind::Decimal, 18, 2, {}}, {"-50", test::kNull, test::kMissing})},
        {"a \"b\"", three(TypeKind::String, "tab\there \"quoted\"\nnew line, comma")},
        {"empty", three(TypeKind::String, "")},
        {"j", three(TypeKind::Json, R"({"k":0.10})")},
    });
}

CellBlocks allOf(const GridSource &source)
{
    CellBlocks all;
    all.columns.resize(source.schema()->fields.size());
    std::iota(all.columns.begin(), all.columns.end(), 0);
    all.blocks.push_back({{RowIndex(0), RowIndex(source.rowCount().value())}, all.columns});
    return all;
}

CellBlocks cell(std::int64_t row, int column)
{
    return {{column}, {{{RowIndex(row), RowIndex(row + 1)}, {column}}}};
}

} // namespace

class TestGridCopy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wholeTable_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<bool>("withHeader");
        QTest::addColumn<QString>("text");
        QTest::newRow("tsv") << int(CopyFormat::Tsv) << false
                             << QStringLiteral("18446744073709551615\t-0.50\t"
                                               "\"tab\there \"\"quoted\"\"\nnew line, comma\"\t\t"
                                               "\"{\"\"k\"\":0.10}\"\n\t\t\t\t\n\t\t\t\t");
        QTest::newRow("csv with names")
            << int(CopyFormat::Csv) << true
            << QStringLiteral("n,money,\"a \"\"b\"\"\",empty,j\n"
                              "18446744073709551615,-0.50,"
                              "\"tab\there \"\"quoted\"\"\nnew line, comma\",\"\","
                              "\"{\"\"k\"\":0.10}\"\n,,,,\n,,,,");
        QTest::newRow("json")
            << int(CopyFormat::Json) << true
            << QStringLiteral("[\n{\"n\":18446744073709551615,\"money\":-0.50,"
                              "\"a \\\"b\\\"\":\"tab\\there \\\"quoted\\\"\\nnew line, comma\","
                              "\"empty\":\"\",\"j\":{\"k\":0.10}},\n"
                              "{\"n\":null,\"money\":null,\"a \\\"b\\\"\":null,\"empty\":null,"
                              "\"j\":null},\n{}\n]");
    }
    void wholeTable()
    {
        QFETCH(int, format);
        QFETCH(bool, withHeader);
        QFETCH(QString, text);
        const GridSourcePtr source = oddTable();
        const Result<std::string> copied =
            copyText(*source, allOf(*source), {CopyFormat(format), withHeader}, CancelToken());
        QVERIFY(copied);
        QCOMPARE(QString::fromStdString(*copied), text);
    }

    void oneCellIsItsBareText()
    {
        const Result<std::string> text = copyText(*oddTable(), cell(0, 2), {}, CancelToken());
        QVERIFY(text);
        QCOMPARE(*text, "tab\there \"quoted\"\nnew line, comma");
    }

    void cellsNotSelectedAreEmpty()
    {
        const GridSourcePtr users = test::usersTable(10);
        const CellBlocks blocks{
            {0, 6}, {{{RowIndex(1), RowIndex(2)}, {6}}, {{RowIndex(2), RowIndex(4)}, {0, 6}}}};
        const Result<std::string> text = copyText(*users, blocks, {}, CancelToken());
        QVERIFY(text);
        QCOMPARE(*text, "\tFR\n9007199254741206\tDE\n9007199254741277\tFR");
    }

    void rowsBeyondOneRun()
    {
        const GridSourcePtr users = test::usersTable(100'000);
        const CellBlocks ids{{0}, {{{RowIndex(0), RowIndex(100'000)}, {0}}}};
        const Result<std::string> text = copyText(*users, ids, {}, CancelToken());
        QVERIFY(text);
        std::string expected;
        for (std::int64_t row = 0; row < 100'000; ++row)
            expected += (row == 0 ? "" : "\n") + std::to_string(9007199254741064 + row * 71);
        QVERIFY(*text == expected);
    }

    void tooMuchEndsInALimit()
    {
        const GridSourcePtr users = test::usersTable(1'000'000'000);
        const Result<std::string> text = copyText(
            *users, allOf(*users), {CopyFormat::Tsv, false, ByteCount(100'000)}, CancelToken());
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::LimitReached);
    }

    void cancelEnds()
    {
        const CancelToken cancel;
        cancel.cancel();
        const GridSourcePtr users = test::usersTable(1'000'000'000);
        const Result<std::string> text = copyText(*users, allOf(*users), {}, cancel);
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::Cancelled);
    }

    void sumsAreExact_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("scale");
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QString>("sum");
        QTest::addColumn<QString>("min");
        QTest::addColumn<QString>("max");
        QTest::addColumn<bool>("isRounded");
        QTest::newRow("integers beyond 2^53")
            << int(TypeKind::Int64) << 0
            << QStringList{QStringLiteral("9007199254740993"), QStringLiteral("1"),
                           QStringLiteral("-3")}
            << QStringLiteral("9007199254740991") << QStringLiteral("-3")
            << QStringLiteral("9007199254740993") << false;
        QTest::newRow("sum beyond 64 bits")
            << int(TypeKind::UInt64) << 0
            << QStringList{QStringLiteral("18446744073709551615"),
                           QStringLiteral("18446744073709551615")}
            << QStringLiteral("36893488147419103230") << QStringLiteral("18446744073709551615")
            << QStringLiteral("18446744073709551615") << false;
        QTest::newRow("money") << int(TypeKind::Decimal) << 2
                               << QStringList{QStringLiteral("10"), QStringLiteral("20"),
                                              QStringLiteral("-1250")}
                               << QStringLiteral("-12.20") << QStringLiteral("-12.50")
                               << QStringLiteral("0.20") << false;
        QTest::newRow("doubles") << int(TypeKind::Double) << 0
                                 << QStringList{QStringLiteral("0.5"), QStringLiteral("2.25")}
                                 << QStringLiteral("2.75") << QStringLiteral("0.5")
                                 << QStringLiteral("2.25") << true;
    }
    void sumsAreExact()
    {
        QFETCH(int, kind);
        QFETCH(int, scale);
        QFETCH(QStringList, values);
        std::vector<test::Value> cells{test::kNull};
        for (const QString &value : values)
            cells.emplace_back(value.toStdString());
        LogicalType type{TypeKind(kind)};
        type.scale = static_cast<std::uint8_t>(scale);
        const GridSourcePtr source = test::tableOf({{"v", test::makeColumn(type, cells)}});
        const Result<SelectionSummary> summary = summarize(*source, allOf(*source), CancelToken());
        QVERIFY(summary);
        QTEST(QString::fromStdString(summary->sum), "sum");
        QTEST(QString::fromStdString(summary->min), "min");
        QTEST(QString::fromStdString(summary->max), "max");
        QTEST(summary->isSumRounded, "isRounded");
        QCOMPARE(summary->numbers, std::int64_t{values.size()});
        QCOMPARE(summary->absent, std::int64_t{1});
    }

    void looksDiffer_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<int>("look");
        QTest::newRow("null") << 1 << 2 << int(CellLook::Null);
        QTest::newRow("missing") << 2 << 2 << int(CellLook::Missing);
        QTest::newRow("empty text") << 0 << 3 << int(CellLook::EmptyText);
        QTest::newRow("number") << 0 << 0 << int(CellLook::Number);
        QTest::newRow("json") << 0 << 4 << int(CellLook::Json);
        QTest::newRow("text") << 0 << 2 << int(CellLook::Text);
    }
    void looksDiffer()
    {
        QFETCH(int, row);
        QFETCH(int, column);
        const std::optional<CellRun> run = oddTable()->peek(RowIndex(row), column);
        QVERIFY(run);
        QTEST(int(displayCell(run->column, row).look), "look");
    }

    void longTextsAreCutBetweenCharacters_data()
    {
        QTest::addColumn<QString>("character");
        QTest::newRow("one byte") << QStringLiteral("a");
        QTest::newRow("two bytes") << QStringLiteral("é");
        QTest::newRow("three bytes") << QStringLiteral("東");
        QTest::newRow("four bytes") << QStringLiteral("🦀");
    }
    void longTextsAreCutBetweenCharacters()
    {
        QFETCH(QString, character);
        for (int lead = 0; lead < 4; ++lead) {
            const QString text = QString(lead, u'x') + character.repeated(5'000);
            const columnar::Column column =
                test::makeColumn({TypeKind::String}, {text.toStdString()});
            const DisplayCell shown = displayCell(column, 0);
            QVERIFY(shown.isCut);
            QVERIFY(shown.text.size() <= DisplayCell::kMaxCharacters);
            QVERIFY(shown.text.size() > DisplayCell::kMaxCharacters - 4);
            QVERIFY(text.startsWith(shown.text));
            QVERIFY(!shown.text.back().isHighSurrogate());
        }
    }
};

QTEST_GUILESS_MAIN(TestGridCopy)
#include "tst_grid_copy.moc"

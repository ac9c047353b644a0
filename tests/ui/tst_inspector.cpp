// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/cell_inspector.h"
#include "inspector/cell_value.h"
#include "inspector/json_document.h"
#include "inspector/json_tree_model.h"
#include "inspector/row_model.h"
#include "inspector/text_view.h"
#include "ui/column_maker.h"
#include "ui/table_source.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using namespace freshet;
using namespace freshet::ui;
using columnar::TypeKind;

class TestInspector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jsonIsTakenApart_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("node");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("value");
        const QByteArray order = R"( {"id":18446744073709551616, "a b":[0.10,-0,1e400,[]],)"
                                 "\"id\":\"twice\",\"q\\\"\":{\"\\u00e9\":\"\\ud83e\\udd80\\n\"}} ";
        QTest::newRow("number beyond 64 bits")
            << order << 1 << QByteArray("$.id") << QByteArray("18446744073709551616");
        QTest::newRow("digits are kept")
            << order << 3 << QByteArray(R"($["a b"][0])") << QByteArray("0.10");
        QTest::newRow("negative zero")
            << order << 4 << QByteArray(R"($["a b"][1])") << QByteArray("-0");
        QTest::newRow("beyond double")
            << order << 5 << QByteArray(R"($["a b"][2])") << QByteArray("1e400");
        QTest::newRow("empty array")
            << order << 6 << QByteArray(R"($["a b"][3])") << QByteArray("[]");
        QTest::newRow("duplicate key") << order << 7 << QByteArray("$.id") << QByteArray("twice");
        QTest::newRow("escapes") << order << 9 << QByteArray("$[\"q\\\"\"][\"\\u00e9\"]")
                                 << QByteArray("\xf0\x9f\xa6\x80\n");
        QTest::newRow("scalar alone")
            << QByteArray(" null ") << 0 << QByteArray("$") << QByteArray("null");
    }
    void jsonIsTakenApart()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, node);
        const Result<JsonDocument> json = JsonDocument::parse(text.toStdString());
        QVERIFY(json);
        QVERIFY(node < json->nodeCount());
        QTEST(QByteArray::fromStdString(json->path(node)), "path");
        QTEST(QByteArray::fromStdString(json->plainText(node)), "value");
    }

    void brokenJsonIsRefusedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::newRow("nothing") << QByteArray("") << 0;
        QTest::newRow("cut object") << QByteArray(R"({"a":1)") << 6;
        QTest::newRow("cut string") << QByteArray("[\"ab") << 1;
        QTest::newRow("bare word") << QByteArray("[nul]") << 1;
        QTest::newRow("leading zero") << QByteArray("[01]") << 2;
        QTest::newRow("no digits after the point") << QByteArray("[1.]") << 1;
        QTest::newRow("comma at the end") << QByteArray("[1,]") << 3;
        QTest::newRow("no colon") << QByteArray(R"({"a" 1})") << 5;
        QTest::newRow("bad escape") << QByteArray(R"(["\x"])") << 1;
        QTest::newRow("short escape") << QByteArray(R"(["\u12"])") << 1;
        QTest::newRow("two values") << QByteArray("1 2") << 2;
        QTest::newRow("wrong bracket") << QByteArray("[1}") << 2;
    }
    void brokenJsonIsRefusedWithItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        const Result<JsonDocument> json = JsonDocument::parse(text.toStdString());
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::SyntaxError);
        QCOMPARE(json.error().byteOffset, std::optional(ByteOffset(offset)));
    }

    void everyPrefixIsRefusedQuietly()
    {
        const std::string text = R"({"a":[1,-2.5e+3,{"b":"\u00e9\\"},true,false,null],"c":{}})";
        QVERIFY(JsonDocument::parse(text));
        for (std::size_t size = 0; size < text.size(); ++size)
            QVERIFY(!JsonDocument::parse(text.substr(0, size)));
    }

    void nestingHasALimit()
    {
        const auto nested = [](int depth) {
            const auto levels = static_cast<std::size_t>(depth);
            return std::string(levels, '[') + std::string(levels, ']');
        };
        QVERIFY(JsonDocument::parse(nested(JsonDocument::kMaxDepth)));
        const Result<JsonDocument> json = JsonDocument::parse(nested(JsonDocument::kMaxDepth + 1));
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::NestingTooDeep);
    }

    void treeModelIsSound()
    {
        JsonTreeModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        Result<JsonDocument> json =
            JsonDocument::parse(R"({"a":{"b":[1,{"c":12345678901234567890123}]},"d":"x"})");
        QVERIFY(json);
        model.setDocument(std::make_shared<const JsonDocument>(*std::move(json)));
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex list = model.index(0, 0, model.index(0, 0));
        const QModelIndex number = model.index(0, 1, model.index(1, 0, list));
        QCOMPARE(number.data().toString(), u"12345678901234567890123");
        QCOMPARE(model.pathOf(number), u"$.a.b[1].c");
        QCOMPARE(model.valueOf(model.index(1, 0)), u"x");
        model.setDocument(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void rowModelReadsLater()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        probe->gate = std::make_unique<QSemaphore>();
        RowModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRow(test::usersTable(1'000'000'000, probe), RowIndex(999'999'999));
        QCOMPARE(model.rowCount(), 9);
        QVERIFY(!model.isComplete());
        probe->gate->release(100);
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(model.index(0, RowModel::Name).data().toString(), u"id");
        QCOMPARE(model.index(0, RowModel::ValueText).data().toString(),
                 QString::number(9007199254741064 + 999'999'999LL * 71));
    }

    void longLinesAreCopiedWhole()
    {
        TextView view;
        const QString text = QStringLiteral("x").repeated(10'000) + u'\n' +
                             QStringLiteral("🦀").repeated(5'000) + QStringLiteral("\nend");
        view.showText(text);
        QVERIFY(view.blockCount() > 3);
        view.selectAll();
        view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
    }

    void cellsAreTold_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("isNull");
        QTest::addColumn<QString>("text");
        QTest::addColumn<qlonglong>("bytes");
        QTest::addColumn<qlonglong>("characters");
        QTest::newRow("text") << int(TypeKind::String) << false << QStringLiteral("naïve 🦀")
                              << 11LL << 7LL;
        QTest::newRow("number") << int(TypeKind::Int64) << false
                                << QStringLiteral("-9007199254740993") << 17LL << 17LL;
        QTest::newRow("null") << int(TypeKind::String) << true << QString() << 0LL << 0LL;
    }
    void cellsAreTold()
    {
        QFETCH(int, kind);
        QFETCH(bool, isNull);
        QFETCH(QString, text);
        const GridSourcePtr table = test::tableOf(
            {{"v", test::makeColumn({TypeKind(kind)},
                                    {isNull ? test::kNull : test::Value(text.toStdString())})}});
        const Result<CellValue> value = readCell(*table, {RowIndex(0), 0}, 1_MiB);
        QVERIFY(value);
        QCOMPARE(QString::fromStdString(value->text), text);
        QTEST(qlonglong(value->size.value()), "bytes");
        QTEST(qlonglong(value->characters), "characters");
        QCOMPARE(value->absence == columnar::Absence::Null, isNull);
    }

    void longCellsAreCutBetweenCharacters()
    {
        std::string text;
        for (int i = 0; i < 1'000; ++i)
            text += "東";
        const GridSourcePtr table =
            test::tableOf({{"v", test::makeColumn({TypeKind::String}, {text})}});
        for (std::int64_t most = 30; most < 40; ++most) {
            const Result<CellValue> value = readCell(*table, {RowIndex(0), 0}, ByteCount(most));
            QVERIFY(value);
            QVERIFY(value->isCut);
            QCOMPARE(value->text.size(), std::size_t(most / 3 * 3));
            QCOMPARE(value->size, ByteCount(3'000));
        }
    }

    void hexShowsOffsetBytesAndLetters()
    {
        QCOMPARE(hexDump(std::string("A\0\xff"
                                     "bcdefghijklmnopq",
                                     19)),
                 "00000000  41 00 ff 62 63 64 65 66  67 68 69 6a 6b 6c 6d 6e  A..bcdefghijklmn\n"
                 "00000010  6f 70 71                                          opq\n");
    }

    void latestCellWins()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        probe->gate = std::make_unique<QSemaphore>();
        const GridSourcePtr users = test::usersTable(1'000, probe);
        CellInspector inspector;
        inspector.show();
        for (int column = 0; column < 3; ++column)
            inspector.setCell(users, CellIndex{RowIndex(5), column});
        probe->gate->release(1'000);
        const auto *view = inspector.findChild<TextView *>();
        QTRY_COMPARE(view->toPlainText(), u"Ivan47514@example.com");
        inspector.setCell(nullptr, std::nullopt);
        QVERIFY(!view->isVisible());
    }
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"

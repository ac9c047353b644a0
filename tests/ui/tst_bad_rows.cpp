// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bad_rows/bad_row_model.h"
#include "bad_rows/bad_rows_page.h"
#include "text/figures.h"
#include "view_bar.h"
#include "widgets/detail_table.h"
#include "window_fixture.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTableView>

using namespace freshet;
using test::WindowFixture;
using ui::BadRowModel;

namespace {

constexpr int kPatienceMs = 30'000;
constexpr int kCount = 10'000;

/// The n-th of the rows below; some of what a server can get wrong.
store::StoredReject rejectOf(int n)
{
    return {.line = n + 1,
            .byteOffset = std::int64_t(n) * 100,
            .code = "SyntaxError",
            .reason = "a value is missing in row " + std::to_string(n),
            .rawText = "{\"n\":" + std::to_string(n) + ",\"x\":}"};
}

std::string makeDataset(store::Library &library, int count)
{
    store::DatasetRecord record;
    record.name = "broken";
    auto writer = library.create(record);
    Q_ASSERT(writer.has_value());
    for (int n = 0; n < count; ++n)
        (*writer)->addReject(rejectOf(n));
    const auto id = (*writer)->dataset()->id();
    const auto finished = (*writer)->finish({.state = "ended", .verdict = "ended"});
    Q_ASSERT(finished.has_value());
    return id;
}

} // namespace

class TestBadRows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void theModelReadsWhatIsAskedFor();
    void theModelForgetsWhatWasLongAgo();
    void rowsThatComeLaterAreAskedForAgain();
    void oddTextIsShown_data();
    void oddTextIsShown();
    void theWindowHasAPageForThem();
    void theyAreExported();
    void withoutBadRowsThereIsNoPage();
    void theOptionsDecide();

private:
    [[nodiscard]] static QString cell(const BadRowModel &model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }
    void getBroken(const char *parameters);

    std::unique_ptr<WindowFixture> m;
};

void TestBadRows::theModelReadsWhatIsAskedFor()
{
    BadRowModel model(m->library, makeDataset(*m->library, kCount));
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCount(kCount);
    QCOMPARE(model.rowCount(), kCount);
    QCOMPARE(cell(model, 7777, BadRowModel::Line), QStringLiteral("…"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(model, 7777, BadRowModel::Line), QStringLiteral("7,778"),
                              kPatienceMs);
    QCOMPARE(cell(model, 7777, BadRowModel::Byte), QStringLiteral("777,700"));
    QCOMPARE(cell(model, 7777, BadRowModel::Reason),
             QStringLiteral("a value is missing in row 7777"));
    QCOMPARE(cell(model, 7777, BadRowModel::Text), QStringLiteral("{\"n\":7777,\"x\":}"));
    // Its neighbours came with it.
    const int first = 7777 / BadRowModel::kPageRows * BadRowModel::kPageRows;
    for (const int row : {first, first + BadRowModel::kPageRows - 1})
        QCOMPARE(cell(model, row, BadRowModel::Byte), ui::groupedText(std::int64_t(row) * 100));
}

void TestBadRows::theModelForgetsWhatWasLongAgo()
{
    BadRowModel model(m->library, makeDataset(*m->library, kCount));
    model.setCount(kCount);
    QTRY_VERIFY(cell(model, 0, BadRowModel::Line) == QLatin1String("1"));
    for (int page = 1; page <= BadRowModel::kPagesKept; ++page)
        QTRY_VERIFY(cell(model, page * BadRowModel::kPageRows, 0) != QStringLiteral("…"));
    QCOMPARE(cell(model, 0, BadRowModel::Line), QStringLiteral("…"));
    QTRY_COMPARE(cell(model, 0, BadRowModel::Line), QStringLiteral("1"));
}

void TestBadRows::rowsThatComeLaterAreAskedForAgain()
{
    const auto id = makeDataset(*m->library, 10);
    BadRowModel model(m->library, id);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCount(20); // counted, and not committed yet
    QTRY_COMPARE(cell(model, 9, BadRowModel::Line), QStringLiteral("10"));
    QCOMPARE(cell(model, 15, BadRowModel::Line), QStringLiteral("…"));
    auto writer = m->library->append(id);
    QVERIFY(writer.has_value());
    for (int n = 10; n < 20; ++n)
        (*writer)->addReject(rejectOf(n));
    QVERIFY((*writer)->finish({.state = "ended", .verdict = "ended"}).has_value());
    model.setCount(20);
    QTRY_COMPARE(cell(model, 15, BadRowModel::Line), QStringLiteral("16"));
}

void TestBadRows::oddTextIsShown_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << QByteArray("a,b") << QStringLiteral("a,b");
    QTest::newRow("control characters") << QByteArray("a\0\x1b[2J", 6) << QStringLiteral("a␀␛[2J");
    QTest::newRow("not UTF-8") << QByteArray("a\xff") << QStringLiteral("a\ufffd");
    QTest::newRow("long") << QByteArray(100, 'x') << QString(10, QLatin1Char('x')) + u'…';
    QTest::newRow("long, of wide characters")
        << QByteArray("äöüäöüäöüäöü") << QStringLiteral("äöüäöüäöüä…");
}

void TestBadRows::oddTextIsShown()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, shown);
    QCOMPARE(ui::shownText(raw.toStdString(), 10), shown);
}

void TestBadRows::getBroken(const char *parameters)
{
    m->enterUrl(m->demoUrl(parameters));
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
}

void TestBadRows::theWindowHasAPageForThem()
{
    getBroken("rows=1000&fault=bad:10");
    auto *button = m->visibleChild<QPushButton>("badRowsPage");
    QVERIFY(button != nullptr);
    QCOMPARE(button->text(), QStringLiteral("Bad rows 100"));
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(900));
    QTest::mouseClick(button, Qt::LeftButton);
    auto *table = m->visibleChild<QTableView>("badRows");
    QVERIFY(table != nullptr && !m->tab()->grid()->isVisible());
    QCOMPARE(table->model()->rowCount(), 100);
    QTRY_COMPARE(table->model()->index(0, BadRowModel::Line).data().toString(),
                 QStringLiteral("10"));
    table->selectRow(0);
    auto *page = qobject_cast<ui::BadRowsPage *>(m->tab()->page(ui::TabPage::BadRows));
    QTRY_VERIFY(page->table()->detail().startsWith(QLatin1String("Line 10, byte ")));
    QVERIFY(page->table()->detail().contains(QLatin1String("\"bad\":,")));
    QTest::keySequence(table, QKeySequence::Copy);
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QLatin1String("10\t")));
    QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 1);
    QTest::mouseClick(m->visibleChild<QPushButton>("rowsPage"), Qt::LeftButton);
    QVERIFY(m->tab()->grid()->isVisible());
    m->window->actions()[ui::ActionId::BadRows]->trigger();
    QVERIFY(table->isVisible());
    // They are there after a restart, too.
    m->restart();
    m->window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(m->visibleChild<QPushButton>("badRowsPage"), kPatienceMs);
}

void TestBadRows::theyAreExported()
{
    getBroken("rows=5000&fault=bad:5");
    auto *page = qobject_cast<ui::BadRowsPage *>(m->tab()->page(ui::TabPage::BadRows));
    QSignalSpy said(page, &ui::BadRowsPage::said);
    const QString path = m->folder.filePath(QStringLiteral("bad.ndjson"));
    page->exportTo(path);
    QTRY_COMPARE_WITH_TIMEOUT(said.count(), 1, kPatienceMs);
    QVERIFY(said[0][0].toString().startsWith(QLatin1String("Saved 1,000 bad rows")));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    int lines = 0;
    while (!file.atEnd()) {
        const auto object = QJsonDocument::fromJson(file.readLine()).object();
        ++lines;
        QCOMPARE(object[QLatin1String("line")].toInt(), lines * 5);
        QVERIFY(!object[QLatin1String("raw")].toString().isEmpty());
    }
    QCOMPARE(lines, 1000);
    // A file that cannot be written is told of in the tab.
    page->exportTo(QStringLiteral("/nowhere/bad.ndjson"));
    QTRY_VERIFY(!m->errorWhat().isEmpty());
}

void TestBadRows::withoutBadRowsThereIsNoPage()
{
    getBroken("rows=100");
    QVERIFY(m->visibleChild<QPushButton>("badRowsPage") == nullptr);
    QVERIFY(m->visibleChild<QPushButton>("rowsPage") == nullptr);
    m->window->actions()[ui::ActionId::BadRows]->trigger();
    QVERIFY(m->tab()->grid()->isVisible());
}

void TestBadRows::theOptionsDecide()
{
    transfer::DownloadRequest request;
    request.bytes.url = m->demoUrl("rows=1000&fault=bad:10");
    request.onBadRow = transfer::OnBadRow::Stop;
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QVERIFY(m->tab()->grid()->rowCount() <= RowCount(9));
}

QTEST_MAIN(TestBadRows)
#include "tst_bad_rows.moc"

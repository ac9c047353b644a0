// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Renders the grid as a user sees it. With FRESHET_SCREENSHOTS set, the pictures are kept in that
// folder for a person to look at.
#include "grid/grid_view.h"
#include "inspector/cell_inspector.h"
#include "ui/column_maker.h"
#include "ui/table_source.h"

#include <QDir>
#include <QHeaderView>
#include <QPainter>
#include <QTest>

#include <algorithm>

using namespace freshet;
using namespace freshet::ui;

namespace {

void keep(const QImage &picture, const QString &name)
{
    const QString folder = qEnvironmentVariable("FRESHET_SCREENSHOTS");
    if (!folder.isEmpty())
        QVERIFY(picture.save(QDir(folder).filePath(name + QStringLiteral(".png"))));
}

QImage pictureOf(QWidget &widget, qreal ratio)
{
    // Scroll bars show themselves by an event of their own.
    QCoreApplication::processEvents();
    QImage image(widget.size() * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    widget.render(&image);
    return image;
}

int count(const QImage &picture, const QColor &colour)
{
    int pixels = 0;
    for (int y = 0; y < picture.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(picture.constScanLine(y));
        pixels += static_cast<int>(std::count(line, line + picture.width(), colour.rgb()));
    }
    return pixels;
}

} // namespace

class TestGridPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looks_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::addColumn<int>("fontSize");
        QTest::addColumn<qreal>("ratio");
        QTest::newRow("grid_light") << false << 13 << 1.0;
        QTest::newRow("grid_dark") << true << 13 << 1.0;
        QTest::newRow("grid_light_200_percent_font") << false << 26 << 1.0;
        QTest::newRow("grid_light_150_percent_screen") << false << 13 << 1.5;
        QTest::newRow("grid_dark_200_percent_screen") << true << 13 << 2.0;
    }
    void looks()
    {
        QFETCH(bool, isDark);
        QFETCH(int, fontSize);
        QFETCH(qreal, ratio);
        const GridStyle style = isDark ? GridStyle::dark() : GridStyle::light();
        DatasetGrid grid;
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(fontSize);
        grid.setFont(font);
        grid.setStyle(style);
        grid.resize(1130, 620);
        grid.show();
        grid.activateWindow();
        grid.setFocus();
        QVERIFY(QTest::qWaitForWindowActive(&grid));
        grid.setSource(test::usersTable(612'400));
        grid.setSortMark(3, Qt::DescendingOrder);
        grid.setCurrentCell({RowIndex(6), 3});
        const QImage plain = pictureOf(grid, ratio);
        keep(plain, QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(count(plain, style.accent) > 100);
        const int tinted = count(plain, style.selection);

        QTest::keyClick(&grid, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(&grid, Qt::Key_Right, Qt::ShiftModifier);
        const QImage selected = pictureOf(grid, ratio);
        keep(selected, QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral("_range"));
        QVERIFY(count(selected, style.selection) > tinted * 2);
    }

    void whatIsNotReadYetIsFaint()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        probe->gate = std::make_unique<QSemaphore>();
        DatasetGrid grid;
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(13);
        grid.setFont(font);
        grid.resize(1130, 620);
        grid.show();
        grid.setSource(test::usersTable(612'400, probe));
        const QImage picture = pictureOf(grid, 1);
        keep(picture, QStringLiteral("grid_pending"));
        probe->gate->release(1'000'000);
        QVERIFY(count(picture, grid.gridStyle().line) > 10'000);
    }

    void inspectorLooks_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::addColumn<int>("column");
        QTest::addColumn<bool>("asRow");
        QTest::newRow("inspector_number_light") << false << 0 << false;
        QTest::newRow("inspector_json_light") << false << 1 << false;
        QTest::newRow("inspector_json_dark") << true << 1 << false;
        QTest::newRow("inspector_text_light") << false << 2 << false;
        QTest::newRow("inspector_bytes_dark") << true << 3 << false;
        QTest::newRow("inspector_null_light") << false << 4 << false;
        QTest::newRow("inspector_missing_dark") << true << 5 << false;
        QTest::newRow("inspector_row_light") << false << 0 << true;
        QTest::newRow("inspector_row_dark") << true << 0 << true;
    }
    void inspectorLooks()
    {
        QFETCH(bool, isDark);
        QFETCH(int, column);
        QFETCH(bool, asRow);
        const GridStyle style = isDark ? GridStyle::dark() : GridStyle::light();
        using columnar::TypeKind;
        const auto one = [](TypeKind kind, const test::Value &value) {
            return test::makeColumn({kind}, {value});
        };
        std::string bytes;
        for (int i = 0; i < 200; ++i)
            bytes += static_cast<char>(i * 7);
        const GridSourcePtr table = test::tableOf(
            {{"id", one(TypeKind::Int64, "9007199254741064")},
             {"order",
              one(TypeKind::Json,
                  R"({"id":18446744073709551616,"total":0.10,"customer":{"name":"Zoë","vip":true,)"
                  R"("phone":null},"lines":[{"sku":"A-1","qty":2},{"sku":"B-7","qty":1e400}]})")},
             {"comment", one(TypeKind::String, "The parcel came late.\nThe second one did not come "
                                               "at all – please call me back before noon.")},
             {"thumbnail", one(TypeKind::Binary, bytes)},
             {"deleted_at", one(TypeKind::String, test::kNull)},
             {"referrer", one(TypeKind::String, test::kMissing)}});
        CellInspector inspector;
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(13);
        inspector.setFont(font);
        inspector.setStyle(style);
        inspector.resize(300, 420);
        inspector.setCell(table, CellIndex{RowIndex(0), column});
        inspector.setPage(asRow ? CellInspector::Page::Row : CellInspector::Page::Cell);
        inspector.show();
        QVERIFY(QTest::qWaitForWindowExposed(&inspector));
        const QImage picture = pictureOf(inspector, 1.5);
        keep(picture, QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(count(picture, style.panel) > picture.width() * picture.height() / 3);
    }
};

QTEST_MAIN(TestGridPictures)
#include "tst_grid_pictures.moc"

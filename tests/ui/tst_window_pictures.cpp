// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "dialogs/export_dialog.h"
#include "widgets/figure.h"

#include <QSplitter>

using namespace freshet;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;

struct Look
{
    QString name;
    ui::SchemeChoice scheme = ui::SchemeChoice::Light;
    qreal fontScale = 1;
    QSize size{1360, 850};
};

/// How many different colours a picture has, up to a few: an empty one has one or two.
int coloursOf(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height() && colours.size() < 64; ++y) {
        for (int x = 0; x < image.width(); ++x)
            colours += image.pixel(x, y);
    }
    return static_cast<int>(colours.size());
}

/// Labels and buttons whose text does not fit into them.
QStringList cutTexts(const QWidget &window)
{
    QStringList cut;
    for (auto *button : window.findChildren<QPushButton *>()) {
        if (button->isVisible() && !button->text().isEmpty() &&
            button->width() < button->minimumSizeHint().width())
            cut += button->text();
    }
    for (auto *label : window.findChildren<QLabel *>()) {
        if (label->isVisible() && !label->wordWrap() && !label->text().isEmpty() &&
            label->fontMetrics().size(Qt::TextShowMnemonic, label->text()).width() > label->width())
            cut += label->text();
    }
    for (auto *figure : window.findChildren<ui::Figure *>()) {
        if (figure->isVisible() && figure->width() < figure->sizeHint().width())
            cut += figure->figure();
    }
    return cut;
}

} // namespace

Q_DECLARE_METATYPE(Look)

/// Goes through what a user sees first, in each look, and keeps the pictures for a person to look
/// at when $FRESHET_SCREENSHOTS names a folder.
class TestWindowPictures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachStage_data();
    void eachStage();

private:
    void keep(QWidget *widget, const QString &stage);

    QString m_look;
};

void TestWindowPictures::keep(QWidget *widget, const QString &stage)
{
    const QImage image = widget->grab().toImage();
    QVERIFY(coloursOf(image) > 16);
    const QStringList cut = cutTexts(*widget);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral(" | "))));
    WindowFixture::keepPicture(widget, m_look + QLatin1Char('-') + stage);
}

void TestWindowPictures::eachStage_data()
{
    QTest::addColumn<Look>("look");
    QTest::newRow("light") << Look{QStringLiteral("light"), ui::SchemeChoice::Light};
    QTest::newRow("dark") << Look{QStringLiteral("dark"), ui::SchemeChoice::Dark};
    QTest::newRow("text at 200 %")
        << Look{QStringLiteral("large"), ui::SchemeChoice::Light, 2.0, QSize(1600, 1000)};
}

void TestWindowPictures::eachStage()
{
    QFETCH(Look, look);
    m_look = look.name;
    WindowFixture fixture;
    fixture.theme.choose(look.scheme);
    fixture.theme.setFontScale(look.fontScale);
    fixture.restart();
    fixture.window->resize(look.size);
    keep(fixture.window.get(), QStringLiteral("empty"));

    fixture.enterUrl(fixture.demoUrl("rows=60000&rate=30000"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab() && fixture.tab()->grid()->rowCount().value() > 20'000,
                             kPatienceMs);
    keep(fixture.window.get(), QStringLiteral("running"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.tab()->grid()->setCurrentCell({RowIndex(6), 3});
    keep(fixture.window.get(), QStringLiteral("finished"));

    const auto tags = fixture.tab()->grid()->source()->schema()->indexOf("tags");
    QVERIFY(tags.has_value());
    fixture.tab()->grid()->setCurrentCell({RowIndex(3), *tags});
    fixture.tab()->setInspectorOpen(true);
    QTest::qWait(100); // for the picture: the inspector reads on a worker
    keep(fixture.window.get(), QStringLiteral("inspector"));

    fixture.tab()->showDetails();
    auto *popover = fixture.window->findChild<QFrame *>(QStringLiteral("popover"));
    QVERIFY(popover != nullptr && popover->isVisible());
    keep(popover, QStringLiteral("details"));
    popover->close();

    fixture.window->exportCurrent();
    auto *dialog = fixture.window->findChild<ui::ExportDialog *>();
    QVERIFY(dialog != nullptr);
    keep(dialog, QStringLiteral("export"));
    dialog->close();

    fixture.enterUrl(fixture.demoUrl("rows=60000&fault=cut:40000"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.errorWhat().isEmpty(), kPatienceMs);
    keep(fixture.window.get(), QStringLiteral("error"));
}

QTEST_MAIN(TestWindowPictures)
#include "tst_window_pictures.moc"

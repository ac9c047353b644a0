// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure.h"
#include "window_fixture.h"

#include <QImage>

namespace freshet::test {

/// Pictures of the window in each of its looks, checked for what a program can see: that there is
/// something on them, and that no text is cut.

struct Look
{
    QString name;
    ui::SchemeChoice scheme = ui::SchemeChoice::Light;
    qreal fontScale = 1;
    QSize size{1360, 850};
};

/// How many different colours a picture has, up to a few: an empty one has one or two.
inline int coloursOf(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height() && colours.size() < 64; ++y) {
        for (int x = 0; x < image.width(); ++x)
            colours += image.pixel(x, y);
    }
    return static_cast<int>(colours.size());
}

/// Labels and buttons whose text does not fit into them.
inline QStringList cutTexts(const QWidget &window)
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

inline void addLooks()
{
    QTest::addColumn<Look>("look");
    QTest::newRow("light") << Look{QStringLiteral("light"), ui::SchemeChoice::Light};
    QTest::newRow("dark") << Look{QStringLiteral("dark"), ui::SchemeChoice::Dark};
    QTest::newRow("text at 200 %")
        << Look{QStringLiteral("large"), ui::SchemeChoice::Light, 2.0, QSize(1600, 1000)};
}

inline void takeLook(WindowFixture &fixture, const Look &look)
{
    fixture.theme.choose(look.scheme);
    fixture.theme.setFontScale(look.fontScale);
    fixture.restart();
    fixture.window->resize(look.size);
}

/// Check the picture of `widget` and keep it as LOOK-STAGE.png for a person to look at.
inline void keepChecked(QWidget *widget, const QString &look, const QString &stage)
{
    // What has just changed is laid out with the next event.
    QCoreApplication::sendPostedEvents();
    QVERIFY(coloursOf(widget->grab().toImage()) > 16);
    const QStringList cut = cutTexts(*widget);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral(" | "))));
    WindowFixture::keepPicture(widget, look + QLatin1Char('-') + stage);
}

} // namespace freshet::test

Q_DECLARE_METATYPE(freshet::test::Look)

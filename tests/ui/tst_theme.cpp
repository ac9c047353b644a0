// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"
#include "theme/grid_theme.h"
#include "theme/icons.h"
#include "theme/style_sheet.h"
#include "theme/theme.h"

#include <QApplication>
#include <QDirIterator>
#include <QRegularExpression>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

#include <cmath>

using namespace freshet::ui;

namespace {

/// Relative luminance. Source: WCAG 2.1, definition of contrast ratio.
double luminance(const QColor &color)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) +
           0.0722 * part(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textCanBeRead_data();
    void textCanBeRead();
    void styleSheetIsWhole_data();
    void styleSheetIsWhole();
    void switchingChangesEverything();
    void lengthsGrowWithTheFont();
    void everyIconCanBeDrawn();
    void marksDifferInShape();
    void noTwoActionsShareAKey();
    void everyActionHasItsPlace();
};

void TestTheme::textCanBeRead_data()
{
    QTest::addColumn<QColor>("text");
    QTest::addColumn<QColor>("ground");
    for (const auto scheme : {Scheme::Light, Scheme::Dark}) {
        const Tokens &t = tokensOf(scheme);
        const QString name =
            scheme == Scheme::Light ? QStringLiteral("light") : QStringLiteral("dark");
        const auto row = [&name](const char *what, const QColor &text, const QColor &ground) {
            QTest::newRow(qPrintable(name + QLatin1Char(' ') + QLatin1String(what)))
                << text << ground;
        };
        const std::pair<const char *, QColor> texts[] = {{"text", t.text}, {"dim text", t.dimText}};
        const std::pair<const char *, QColor> accents[] = {
            {"faint", t.faint},     {"link", t.link},     {"verified", t.verified},
            {"warning", t.warning}, {"failed", t.failed}, {"text", t.text}};
        const std::pair<const char *, QColor> grounds[] = {
            {"window", t.window}, {"panel", t.panel}, {"raised", t.raised}};
        const std::pair<const char *, QColor> tints[] = {{"selection", t.selection},
                                                         {"accent tint", t.accentTint},
                                                         {"failed tint", t.failedTint},
                                                         {"warning tint", t.warningTint}};
        for (const auto &[groundName, ground] : grounds) {
            for (const auto &[textName, text] : accents)
                row(qPrintable(QStringLiteral("%1 on %2")
                                   .arg(QLatin1String(textName), QLatin1String(groundName))),
                    text, ground);
            row(qPrintable(QStringLiteral("dim text on %1").arg(QLatin1String(groundName))),
                t.dimText, ground);
        }
        for (const auto &[groundName, ground] : tints) {
            for (const auto &[textName, text] : texts)
                row(qPrintable(QStringLiteral("%1 on %2")
                                   .arg(QLatin1String(textName), QLatin1String(groundName))),
                    text, ground);
        }
        row("link on accent tint", t.link, t.accentTint);
        row("accent text on accent", t.accentText, t.accent);
        row("accent text on link", t.accentText, t.link);
        row("verified on its tint", t.verified, t.verifiedTint);
        row("warning on its tint", t.warning, t.warningTint);
        row("failed on its tint", t.failed, t.failedTint);
    }
}

void TestTheme::textCanBeRead()
{
    QFETCH(QColor, text);
    QFETCH(QColor, ground);
    QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(QString::number(contrast(text, ground))));
}

void TestTheme::styleSheetIsWhole_data()
{
    QTest::addColumn<SchemeChoice>("choice");
    QTest::newRow("light") << SchemeChoice::Light;
    QTest::newRow("dark") << SchemeChoice::Dark;
}

void TestTheme::styleSheetIsWhole()
{
    QFETCH(SchemeChoice, choice);
    Theme theme(*qApp);
    theme.choose(choice);
    const QString sheet = styleSheet(theme);
    QVERIFY(!sheet.contains(QLatin1Char('@')));
    static const QRegularExpression kLength(QStringLiteral("#\\d{1,2}px"));
    QVERIFY(!sheet.contains(kLength));
    QCOMPARE(sheet.count(QLatin1Char('{')), sheet.count(QLatin1Char('}')));
    static const QRegularExpression kImage(QStringLiteral("url\\((:[^)]+)\\)"));
    auto images = kImage.globalMatch(sheet);
    QVERIFY(images.hasNext());
    while (images.hasNext()) {
        const QString file = images.next().captured(1);
        QVERIFY2(QFile::exists(file), qPrintable(file));
    }
}

void TestTheme::switchingChangesEverything()
{
    Theme theme(*qApp);
    theme.choose(SchemeChoice::Light);
    const GridStyle light = gridStyleOf(theme);
    QSignalSpy changes(&theme, &Theme::changed);
    theme.choose(SchemeChoice::Dark);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(theme.scheme(), Scheme::Dark);
    QCOMPARE(qApp->palette().color(QPalette::Window), tokensOf(Scheme::Dark).window);
    QVERIFY(qApp->styleSheet().contains(tokensOf(Scheme::Dark).panel.name()));
    QVERIFY(!(gridStyleOf(theme) == light));
    theme.choose(SchemeChoice::Dark);
    QCOMPARE(changes.count(), 1);
}

void TestTheme::lengthsGrowWithTheFont()
{
    Theme theme(*qApp);
    const int before = theme.px(100);
    const int text = QFontInfo(theme.textFont()).pixelSize();
    theme.setFontScale(2.0);
    QCOMPARE(QFontInfo(theme.textFont()).pixelSize(), 2 * text);
    QVERIFY(std::abs(theme.px(100) - 2 * before) <= 1);
    QCOMPARE(qApp->font().pixelSize(), theme.textFont().pixelSize());
    theme.setFontScale(1.0);
    QCOMPARE(theme.px(100), before);
}

void TestTheme::everyIconCanBeDrawn()
{
    Theme theme(*qApp);
    int icons = 0;
    for (QDirIterator files(QStringLiteral(":/icons")); files.hasNext();) {
        const QString name = QFileInfo(files.next()).completeBaseName();
        const QImage image = iconPixmap(name, Qt::red, 16, 2.0).toImage();
        QCOMPARE(image.size(), QSize(32, 32));
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                inked += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
        }
        QVERIFY2(inked > 20, qPrintable(name));
        ++icons;
    }
    QVERIFY(icons >= 10);
}

void TestTheme::marksDifferInShape()
{
    Theme theme(*qApp);
    QList<QImage> shapes;
    for (const Mark mark :
         {Mark::Running, Mark::Verified, Mark::Ended, Mark::Incomplete, Mark::Failed}) {
        // The alpha channel is the shape without its colour.
        const QImage shape =
            markPixmap(mark, theme, 16, 1.0).toImage().convertToFormat(QImage::Format_Alpha8);
        QVERIFY(!shapes.contains(shape));
        shapes += shape;
    }
}

void TestTheme::noTwoActionsShareAKey()
{
    QWidget window;
    const Actions actions(&window);
    QSet<QKeySequence> keys;
    int given = 0;
    for (const ActionSpec &spec : actionTable()) {
        for (const QKeySequence &key : actions[spec.id]->shortcuts()) {
            QVERIFY2(!key.isEmpty() && !keys.contains(key), spec.text);
            keys += key;
            ++given;
        }
    }
    QVERIFY(given > 15);
}

void TestTheme::everyActionHasItsPlace()
{
    QWidget window;
    const Actions actions(&window);
    QSet<int> ids;
    for (const ActionSpec &spec : actionTable()) {
        QVERIFY2(!ids.contains(static_cast<int>(spec.id)), spec.text);
        ids += static_cast<int>(spec.id);
        QVERIFY(!actions[spec.id]->text().isEmpty());
        QCOMPARE(window.actions().contains(actions[spec.id]), !spec.isGridOnly);
    }
    QCOMPARE(ids.size(), static_cast<int>(ActionId::About) + 1);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"

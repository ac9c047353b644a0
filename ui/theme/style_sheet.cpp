// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/style_sheet.h"

#include "theme/theme.h"

#include <QHash>

namespace freshet::ui {

namespace {

/// `@name` is a token, `#12px` a length of the drawings.
constexpr auto kRules = R"(
QMainWindow, QDialog { background: @window; }
/* Without pictures, and in the order of the dialogs that place their buttons themselves. */
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }
QWidget[surface="panel"], QFrame[surface="panel"] { background: @panel; }
QWidget[surface="window"], QFrame[surface="window"] { background: @window; }
QWidget[surface="raised"], QFrame[surface="raised"] { background: @raised; }
QWidget[edge="bottom"] { border-bottom: 1px solid @line; }
QWidget[edge="top"] { border-top: 1px solid @line; }
QWidget[edge="right"] { border-right: 1px solid @line; }
QWidget[edge="left"] { border-left: 1px solid @line; }

QLabel { background: transparent; border: none; }
QLabel[role="small"] { color: @dimText; }
QLabel[role="section"] { color: @dimText; font-weight: 600; }
QLabel[role="error"] { color: @failed; }

QMenuBar { background: @window; color: @text; border-bottom: 1px solid @line; padding: #2px #6px; }
QMenuBar::item { padding: #4px #8px; border-radius: #4px; background: transparent; }
QMenuBar::item:selected { background: @accentTint; }
QMenu { background: @panel; color: @text; border: 1px solid @control; padding: #4px; }
QMenu::item { padding: #5px #22px #5px #22px; border-radius: #4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: #4px #6px; }
QMenu::icon { padding-left: #6px; }

QPushButton, QToolButton[button="true"] {
    background: @panel; color: @text; border: 1px solid @control; border-radius: #6px;
    padding: #6px #12px; }
QPushButton:hover, QToolButton[button="true"]:hover { background: @accentTint; }
QPushButton:pressed, QToolButton[button="true"]:pressed { background: @selection; }
QPushButton:focus, QToolButton[button="true"]:focus { border-color: @accent; }
QPushButton:disabled { color: @faint; background: @window; }
QPushButton[primary="true"] {
    background: @accent; color: @accentText; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:pressed { background: @link; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled { background: @line; color: @dimText; border-color: @line; }
QPushButton[danger="true"] { color: @failed; border-color: @failed; }
QPushButton[card="true"] { text-align: left; padding: 0px; }
QPushButton[flat="true"], QToolButton[flat="true"] {
    background: transparent; border: 1px solid transparent; border-radius: #4px;
    padding: #3px #6px; color: @dimText; }
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover {
    background: @accentTint; color: @text; }
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus { border-color: @accent; }
QPushButton[flat="true"]:checked { color: @link; background: @accentTint; }
QPushButton[link="true"] {
    background: transparent; border: 1px solid transparent; border-radius: #4px;
    padding: #2px #4px; color: @link; text-align: left; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border-color: @accent; }
QPushButton::menu-indicator { subcontrol-position: right center; width: 0px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QAbstractSpinBox {
    background: @panel; border: 1px solid @control; border-radius: #6px;
    padding: #5px #9px; selection-background-color: @selection; selection-color: @text; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0px; border: none; }
QAbstractSpinBox:focus { border-color: @accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QLineEdit:disabled { color: @faint; background: @window; }
QLineEdit[inline="true"] { border-radius: 0px; padding: #1px #3px; }

QComboBox {
    background: @panel; color: @text; border: 1px solid @control; border-radius: #6px;
    padding: #5px #26px #5px #11px; }
QComboBox:hover { background: @accentTint; }
QComboBox:focus, QComboBox:on { border-color: @accent; }
QComboBox:disabled { color: @faint; background: @window; }
QComboBox::drop-down { border: none; width: #22px; }
QComboBox::down-arrow { image: url(:/icons/chevron-@scheme.svg); width: #10px; height: #10px; }
QComboBox QAbstractItemView {
    background: @panel; color: @text; border: 1px solid @control; outline: none;
    selection-background-color: @selection; selection-color: @text; padding: #3px; }

QCheckBox, QRadioButton { spacing: #8px; background: transparent; }
QCheckBox::indicator, QListView::indicator {
    width: #15px; height: #15px; border: 1px solid @faint; border-radius: #4px;
    background: @panel; }
QCheckBox::indicator:checked, QListView::indicator:checked {
    background: @accent; border-color: @accent; image: url(:/icons/check-@scheme.svg); }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox:focus { color: @link; }

QListView, QTreeView, QTableView, QListWidget {
    background: @panel; color: @text; border: 1px solid @line; border-radius: #6px; outline: none;
    selection-background-color: @selection; selection-color: @text; }
QTreeView[roomy="true"]::item { border: none; padding: #3px #8px; }
QTreeView[roomy="true"]::item:selected { background: @selection; color: @text; }
QListView[bare="true"], QTableView[bare="true"], QPlainTextEdit[bare="true"] {
    border: none; border-radius: 0px; }
QPlainTextEdit[bare="true"] { padding: #8px #14px; }
QTableView[bare="true"]::item { border: none; padding: 0px #8px; }
QTableView[bare="true"]::item:selected { background: @selection; color: @text; }
QTableView[bare="true"] QHeaderView::section { padding: #5px #1px #5px #11px; }
QTableView#labTable::item { border: none; padding: 0px #6px; }
QTableView#labTable::item:selected { background: @selection; color: @text; }
QTableView#labTable { gridline-color: @line; }
QTableView#labTable QHeaderView::section { padding: #5px #5px; }
QTableWidget { gridline-color: @line; }
QTableWidget::item { padding: 0px #5px; }
QTableWidget QLineEdit { border-radius: 0px; padding: 0px #4px; }
QHeaderView::section {
    background: @raised; color: @dimText; border: none; border-bottom: 1px solid @line;
    border-right: 1px solid @line; padding: #5px #8px; }
QHeaderView::down-arrow, QHeaderView::up-arrow {
    subcontrol-origin: padding; subcontrol-position: center left; left: #2px;
    width: #8px; height: #8px; }
QTableCornerButton::section { background: @raised; border: none; }

QTabBar { background: @raised; border: none; qproperty-drawBase: 0; }
QTabBar::tab {
    background: @raised; color: @dimText; padding: #8px #10px #8px #14px; border: none;
    border-right: 1px solid @line; border-top: 2px solid transparent; }
QTabBar::tab:selected { background: @panel; color: @text; border-top: 2px solid @accent; }
QTabBar::tab:hover:!selected { color: @text; }
QTabBar::tab:focus { color: @link; }
QTabBar::close-button { image: url(:/icons/close-@scheme.svg); subcontrol-position: right; }
QTabBar::close-button:hover { background: @line; border-radius: #4px; }
QTabBar QToolButton { background: @raised; border: 1px solid @line; }

QScrollBar { background: @panel; border: none; }
QScrollBar:vertical { width: #12px; }
QScrollBar:horizontal { height: #12px; }
QScrollBar::handle { background: @control; border-radius: #4px; margin: #2px; }
QScrollBar::handle:vertical { min-height: #28px; }
QScrollBar::handle:horizontal { min-width: #28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractScrollArea::corner { background: @panel; border: none; }

QProgressBar {
    background: @line; border: none; border-radius: #3px; min-height: #6px; max-height: #6px; }
QProgressBar::chunk { background: @accent; border-radius: #3px; }

QSplitter::handle { background: @line; }
QToolTip {
    background: @panel; color: @text; border: 1px solid @control; padding: #4px #6px; }

QFrame#popover { background: @panel; border: 1px solid @control; border-radius: #6px; }
QFrame#errorBanner { background: @failedTint; border: none; border-bottom: 1px solid @failed; }
QFrame#noticeLine[tone="calm"] { background: @accentTint; border-top: 1px solid @line; }
QFrame#noticeLine[tone="warning"] { background: @warningTint; border-top: 1px solid @warning; }
QFrame#noticeLine[tone="failed"] { background: @failedTint; border-top: 1px solid @failed; }
QFrame#noticeLine[tone="verified"] { background: @verifiedTint; border-top: 1px solid @verified; }
QDialog QFrame#noticeLine[tone] { border: none; border-radius: #6px; }
QFrame#labCard { border-radius: #6px; border: 1px solid @line; background: @panel; }
QFrame#labCard[tone="verified"] { background: @verifiedTint; border-color: @verified; }
QFrame#labCard[tone="warning"] { background: @warningTint; border-color: @warning; }
QFrame#removeStrip { background: @warningTint; border-top: 1px solid @warning; }
)";

QHash<QString, QString> words(const Theme &theme)
{
    const Tokens &tokens = theme.tokens();
    const auto name = [](const QColor &color) {
        return color.name();
    };
    return {
        {QStringLiteral("window"), name(tokens.window)},
        {QStringLiteral("panel"), name(tokens.panel)},
        {QStringLiteral("raised"), name(tokens.raised)},
        {QStringLiteral("line"), name(tokens.line)},
        {QStringLiteral("control"), name(tokens.control)},
        {QStringLiteral("text"), name(tokens.text)},
        {QStringLiteral("dimText"), name(tokens.dimText)},
        {QStringLiteral("faint"), name(tokens.faint)},
        {QStringLiteral("accent"), name(tokens.accent)},
        {QStringLiteral("accentText"), name(tokens.accentText)},
        {QStringLiteral("link"), name(tokens.link)},
        {QStringLiteral("accentTint"), name(tokens.accentTint)},
        {QStringLiteral("warning"), name(tokens.warning)},
        {QStringLiteral("warningTint"), name(tokens.warningTint)},
        {QStringLiteral("verified"), name(tokens.verified)},
        {QStringLiteral("verifiedTint"), name(tokens.verifiedTint)},
        {QStringLiteral("failed"), name(tokens.failed)},
        {QStringLiteral("failedTint"), name(tokens.failedTint)},
        {QStringLiteral("selection"), name(tokens.selection)},
        {QStringLiteral("scheme"),
         theme.scheme() == Scheme::Light ? QStringLiteral("light") : QStringLiteral("dark")},
    };
}

} // namespace

QString styleSheet(const Theme &theme)
{
    const auto values = words(theme);
    const QString rules = QLatin1String(kRules);
    QString sheet;
    sheet.reserve(rules.size() * 2);
    for (qsizetype at = 0; at < rules.size();) {
        const QChar mark = rules[at];
        if (mark == QLatin1Char('@')) {
            qsizetype end = at + 1;
            while (end < rules.size() && rules[end].isLetter())
                ++end;
            const QString word = rules.mid(at + 1, end - at - 1);
            Q_ASSERT(values.contains(word));
            sheet += values.value(word);
            at = end;
        } else if (mark == QLatin1Char('#') && at + 1 < rules.size() && rules[at + 1].isDigit()) {
            qsizetype end = at + 1;
            while (end < rules.size() && rules[end].isDigit())
                ++end;
            sheet += QString::number(theme.px(rules.mid(at + 1, end - at - 1).toInt()));
            at = end;
        } else {
            sheet += mark;
            ++at;
        }
    }
    return sheet;
}

} // namespace freshet::ui

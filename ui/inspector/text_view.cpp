// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/text_view.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QMimeData>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>
#include <vector>

namespace freshet::ui {

namespace {

constexpr qsizetype kPiece = 4'096;
/// Block state of a piece whose line goes on in the next block.
constexpr int kGoesOn = 1;

} // namespace

TextView::TextView(QWidget *parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    document()->setDocumentMargin(0);
}

void TextView::showText(const QString &text)
{
    QString pieces;
    pieces.reserve(text.size() + text.size() / kPiece);
    std::vector<int> cuts;
    int block = 0;
    qsizetype lineStart = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const bool splitsPair = text.at(at).isLowSurrogate();
        if (at - lineStart >= kPiece && !splitsPair) {
            pieces += u'\n';
            cuts.push_back(block++);
            lineStart = at;
        }
        pieces += text.at(at);
        if (text.at(at) == u'\n') {
            ++block;
            lineStart = at + 1;
        }
    }
    setPlainText(pieces);
    for (const int cut : cuts)
        document()->findBlockByNumber(cut).setUserState(kGoesOn);
}

void TextView::setMonospaced(bool monospaced)
{
    QFont font = parentWidget() != nullptr ? parentWidget()->font() : QFont();
    if (monospaced) {
        const int size = QFontInfo(font).pixelSize();
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPixelSize(size);
    }
    setFont(font);
}

QMimeData *TextView::createMimeDataFromSelection() const
{
    const QTextCursor cursor = textCursor();
    QString selected;
    for (QTextBlock block = document()->findBlock(cursor.selectionStart()); block.isValid();
         block = block.next()) {
        const int first = std::max(0, cursor.selectionStart() - block.position());
        const int end = cursor.selectionEnd() - block.position();
        selected += block.text().mid(first, end - first);
        if (end < block.length())
            break;
        if (block.userState() != kGoesOn)
            selected += u'\n';
    }
    auto *copied = new QMimeData;
    copied->setText(selected);
    return copied;
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/place_edit.h"

#include <QMimeData>
#include <QTextBlock>
#include <QUrl>

namespace freshet::ui {

bool PlaceEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasUrls() || QPlainTextEdit::canInsertFromMimeData(source);
}

void PlaceEdit::insertFromMimeData(const QMimeData *source)
{
    if (!source->hasUrls()) {
        QPlainTextEdit::insertFromMimeData(source);
        return;
    }
    QStringList places;
    for (const QUrl &url : source->urls())
        places += url.isLocalFile() ? url.toLocalFile() : url.toString(QUrl::FullyEncoded);
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    cursor.movePosition(QTextCursor::EndOfBlock);
    const bool isInsideLine = !cursor.block().text().trimmed().isEmpty();
    cursor.insertText((isInsideLine ? QStringLiteral("\n") : QString()) +
                      places.join(QLatin1Char('\n')));
    cursor.endEditBlock();
    setTextCursor(cursor);
}

} // namespace freshet::ui

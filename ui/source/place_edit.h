// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace freshet::ui {

/// A list of paths and URLs, one a line. Files that are dropped or pasted become lines of their
/// own.
class PlaceEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    using QPlainTextEdit::QPlainTextEdit;

    /// As if it were dropped or pasted here.
    void insert(const QMimeData &source) { insertFromMimeData(&source); }

protected:
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
};

} // namespace freshet::ui

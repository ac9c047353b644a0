// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace freshet::ui {

class Theme;

/// What a request may say beyond URL, format and headers: method and body, compression to ask for,
/// where the rows are in a document, how CSV is written, what is done about bad rows and lost
/// connections.
class OptionsDialog : public QDialog
{
    Q_OBJECT
public:
    OptionsDialog(const transfer::DownloadRequest &request, const Theme &theme, QWidget *parent);

    /// The request given, with what was changed here.
    [[nodiscard]] transfer::DownloadRequest request() const;

private:
    void fillChoices();
    void fill();

    transfer::DownloadRequest m_request;
    QComboBox *m_method;
    QPlainTextEdit *m_body;
    QComboBox *m_encoding;
    QLineEdit *m_rowsAt;
    QCheckBox *m_flatten;
    QComboBox *m_delimiter;
    QComboBox *m_quote;
    QComboBox *m_header;
    QComboBox *m_onBadRow;
    QSpinBox *m_maxBadRows;
    QSpinBox *m_retries;
    QCheckBox *m_isSafe;
};

} // namespace freshet::ui

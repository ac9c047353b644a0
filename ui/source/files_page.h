// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

#include <QFileDialog>

#include <string>
#include <vector>

namespace freshet::ui {

class HeaderTable;

/// Files whose rows become one dataset: paths, folders, patterns and URLs, one a line, which may be
/// dropped onto it; their format, and the column that names each row's file.
class FilesPage : public FormPage
{
    Q_OBJECT
public:
    explicit FilesPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Files"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;
    /// Whether a file is asked for over HTTP, with header fields.
    [[nodiscard]] static bool isOfTheWeb(const std::string &place);

private:
    enum Naming { WhereSeveral, Always, Never };

    void pick(QFileDialog::FileMode mode, const QString &title);
    void append(const QStringList &places);
    [[nodiscard]] std::vector<std::string> places() const;
    /// As it was called when it was loaded; empty: by its place.
    [[nodiscard]] std::string nameOf(const std::string &place) const;
    void updateNaming();
    void updateHeaders();

    transfer::FileSet m_loaded;
    QPlainTextEdit *m_places;
    QComboBox *m_format;
    QComboBox *m_naming;
    QLineEdit *m_column;
    HeaderTable *m_headers;
    QLabel *m_headersHint = nullptr;
};

} // namespace freshet::ui

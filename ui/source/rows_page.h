// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

/// Where the rows are in what comes, and what becomes of nested values; for CSV how it is written.
class RowsPage : public FormPage
{
    Q_OBJECT
public:
    enum class Shows {
        Document,   ///< JSON: rows somewhere in it
        Objects,    ///< one object a row
        Table,      ///< CSV, TSV
        Everything, ///< the format is not known yet
    };

    RowsPage(Shows shown, const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Rows"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;

private:
    void addObjects();
    void addTable();

    const Shows m_shown;
    QLineEdit *m_rowsAt = nullptr;
    QAbstractButton *m_flatten = nullptr;
    QComboBox *m_delimiter = nullptr;
    QComboBox *m_quote = nullptr;
    QComboBox *m_header = nullptr;
};

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <QTableWidget>

namespace freshet::ui {

class Theme;

/// Header fields as a table of names and values; the last row is there to add one. Values of secret
/// fields are shown as dots unless they are being edited, and one whose value is missing says so.
class HeaderTable : public QTableWidget
{
    Q_OBJECT
public:
    explicit HeaderTable(const Theme &theme, QWidget *parent = nullptr);

    /// `missing`: names of secrets that were not kept and have to be given again.
    void setHeaders(const std::vector<transport::Header> &headers,
                    const std::vector<std::string> &missing = {});
    /// Rows with a name, in order; a secret that is still missing is none.
    [[nodiscard]] std::vector<transport::Header> headers() const;
    /// Give `header` a row of its own, or the one that has been waiting for its value.
    void put(const transport::Header &header);
    void removeCurrent();

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void edited();

private:
    void addRow(const QString &name, const QString &value, bool isMissing);
    void keepEmptyRow();

    const Theme &m_theme;
};

} // namespace freshet::ui

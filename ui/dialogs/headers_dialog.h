// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <QDialog>

namespace freshet::ui {

class HeaderTable;
class Theme;

/// The request's headers as a table of names and values; the last row is there to add one.
class HeadersDialog : public QDialog
{
    Q_OBJECT
public:
    HeadersDialog(const std::vector<transport::Header> &headers, const Theme &theme,
                  QWidget *parent);

    /// Rows with a name, in order.
    [[nodiscard]] std::vector<transport::Header> headers() const;

private:
    HeaderTable *m_table;
};

} // namespace freshet::ui

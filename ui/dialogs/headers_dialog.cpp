// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/headers_dialog.h"

#include "source/header_table.h"
#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

HeadersDialog::HeadersDialog(const std::vector<transport::Header> &headers, const Theme &theme,
                             QWidget *parent)
    : QDialog(parent), m_table(new HeaderTable(theme))
{
    setWindowTitle(tr("Headers of the request"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_table->setHeaders(headers);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);

    auto *hint =
        new QLabel(tr("Values of headers that carry secrets are not kept in the library."));
    hint->setProperty("role", QStringLiteral("small"));
    hint->setWordWrap(true);
    auto *remove = new QPushButton(tr("Remove"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->addButton(remove, QDialogButtonBox::ResetRole);
    buttons->button(QDialogButtonBox::Ok)->setProperty("primary", true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_table, 1);
    layout->addWidget(hint);
    layout->addWidget(buttons);
    resize(theme.px(560), theme.px(320));

    connect(remove, &QPushButton::clicked, m_table, &HeaderTable::removeCurrent);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

std::vector<transport::Header> HeadersDialog::headers() const
{
    return m_table->headers();
}

} // namespace freshet::ui

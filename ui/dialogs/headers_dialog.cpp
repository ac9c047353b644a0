// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/headers_dialog.h"

#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace freshet::ui {

HeadersDialog::HeadersDialog(const std::vector<transport::Header> &headers, const Theme &theme,
                             QWidget *parent)
    : QDialog(parent), m_table(new QTableWidget(0, 2))
{
    setWindowTitle(tr("Headers of the request"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_table->setAccessibleName(tr("Headers"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(theme.px(28));
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setColumnWidth(0, theme.px(170));
    for (const auto &header : headers)
        addRow(QString::fromStdString(header.name), QString::fromStdString(header.value));
    keepEmptyRow();

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

    connect(m_table, &QTableWidget::itemChanged, this, &HeadersDialog::keepEmptyRow);
    connect(remove, &QPushButton::clicked, this, [this] {
        m_table->removeRow(m_table->currentRow());
        keepEmptyRow();
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void HeadersDialog::addRow(const QString &name, const QString &value)
{
    const QSignalBlocker blocker(m_table);
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(value));
}

void HeadersDialog::keepEmptyRow()
{
    const int last = m_table->rowCount() - 1;
    if (last < 0 || !m_table->item(last, 0)->text().isEmpty() ||
        !m_table->item(last, 1)->text().isEmpty())
        addRow({}, {});
}

std::vector<transport::Header> HeadersDialog::headers() const
{
    std::vector<transport::Header> headers;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString name = m_table->item(row, 0)->text().trimmed();
        if (!name.isEmpty())
            headers.push_back(
                {name.toStdString(), m_table->item(row, 1)->text().trimmed().toStdString()});
    }
    return headers;
}

} // namespace freshet::ui

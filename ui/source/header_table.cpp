// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/header_table.h"

#include "theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStyledItemDelegate>

namespace freshet::ui {

namespace {

enum Column { Name, Value };
constexpr int kIsMissingRole = Qt::UserRole + 1;
constexpr int kDots = 8;

class ValueDelegate : public QStyledItemDelegate
{
public:
    ValueDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme)
    {}

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() != Value)
            return;
        if (option->text.isEmpty() && index.data(kIsMissingRole).toBool()) {
            option->text = HeaderTable::tr("needed: secrets are not kept");
            option->palette.setColor(QPalette::Text, m_theme.tokens().warning);
            option->palette.setColor(QPalette::HighlightedText, m_theme.tokens().warning);
        } else if (!option->text.isEmpty() && isSecret(index)) {
            option->text = QString(kDots, QChar(0x2022));
        }
    }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &,
                          const QModelIndex &index) const override
    {
        auto *editor = new QLineEdit(parent);
        editor->setProperty("inline", true);
        editor->setFrame(false);
        editor->setAccessibleName(index.column() == Name ? HeaderTable::tr("Name of a header")
                                                         : HeaderTable::tr("Value of a header"));
        return editor;
    }

private:
    static bool isSecret(const QModelIndex &index)
    {
        return transport::isSecretHeader(
            index.siblingAtColumn(Name).data().toString().trimmed().toStdString());
    }

    const Theme &m_theme;
};

} // namespace

HeaderTable::HeaderTable(const Theme &theme, QWidget *parent)
    : QTableWidget(0, 2, parent), m_theme(theme)
{
    setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    setAccessibleName(tr("Headers"));
    setItemDelegate(new ValueDelegate(theme, this));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(theme.px(28));
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setColumnWidth(Name, theme.px(190));
    setTabKeyNavigation(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    keepEmptyRow();
    connect(this, &QTableWidget::itemChanged, this, [this] {
        keepEmptyRow();
        Q_EMIT edited();
    });
}

void HeaderTable::setHeaders(const std::vector<transport::Header> &headers,
                             const std::vector<std::string> &missing)
{
    const QSignalBlocker blocker(this);
    setRowCount(0);
    for (const auto &header : headers)
        addRow(QString::fromStdString(header.name), QString::fromStdString(header.value), false);
    for (const auto &name : missing) {
        if (!findHeader(headers, name))
            addRow(QString::fromStdString(name), {}, true);
    }
    keepEmptyRow();
}

void HeaderTable::addRow(const QString &name, const QString &value, bool isMissing)
{
    const int row = rowCount();
    insertRow(row);
    setItem(row, Name, new QTableWidgetItem(name));
    auto *item = new QTableWidgetItem(value);
    item->setData(kIsMissingRole, isMissing);
    setItem(row, Value, item);
}

void HeaderTable::put(const transport::Header &header)
{
    const QString name = QString::fromStdString(header.name);
    const QString value = QString::fromStdString(header.value);
    for (int row = 0; row < rowCount(); ++row) {
        const bool isSame =
            item(row, Name)->text().trimmed().compare(name, Qt::CaseInsensitive) == 0;
        if (isSame || item(row, Name)->text().isEmpty()) {
            item(row, Name)->setText(name);
            item(row, Value)->setText(value);
            return;
        }
    }
}

void HeaderTable::keepEmptyRow()
{
    const QSignalBlocker blocker(this);
    const int last = rowCount() - 1;
    if (last < 0 || !item(last, Name)->text().isEmpty() || !item(last, Value)->text().isEmpty())
        addRow({}, {}, false);
}

void HeaderTable::removeCurrent()
{
    removeRow(currentRow());
    keepEmptyRow();
    Q_EMIT edited();
}

std::vector<transport::Header> HeaderTable::headers() const
{
    std::vector<transport::Header> headers;
    for (int row = 0; row < rowCount(); ++row) {
        const QString name = item(row, Name)->text().trimmed();
        const QString value = item(row, Value)->text().trimmed();
        const bool isMissing = value.isEmpty() && item(row, Value)->data(kIsMissingRole).toBool();
        if (!name.isEmpty() && !isMissing)
            headers.push_back({name.toStdString(), value.toStdString()});
    }
    return headers;
}

QSize HeaderTable::sizeHint() const
{
    constexpr int kRows = 4;
    const int height = horizontalHeader()->sizeHint().height() + m_theme.px(28) * kRows;
    return {m_theme.px(420), height + 2 * frameWidth()};
}

} // namespace freshet::ui

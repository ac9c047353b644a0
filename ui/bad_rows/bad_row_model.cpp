// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bad_rows/bad_row_model.h"

#include "text/figures.h"

#include <algorithm>
#include <climits>

namespace freshet::ui {

QString shownText(const std::string &raw, qsizetype most)
{
    // A character takes four bytes at the most.
    const auto bytes = std::min(static_cast<qsizetype>(raw.size()), most * 4);
    QString text = QString::fromUtf8(raw.data(), bytes);
    const bool isCut = text.size() > most || static_cast<std::size_t>(bytes) < raw.size();
    text.truncate(most);
    for (QChar &c : text) {
        if (c.unicode() < 0x20 && c != QLatin1Char('\t') && c != QLatin1Char('\n'))
            c = QChar(0x2400 + c.unicode()); // the pictures of control characters
    }
    return isCut ? text + QChar(0x2026) : text;
}

BadRowModel::BadRowModel(std::shared_ptr<store::Library> library, std::string id, QObject *parent)
    : QAbstractTableModel(parent), m_library(std::move(library)), m_id(std::move(id))
{}

void BadRowModel::setCount(std::int64_t count)
{
    const int now = static_cast<int>(std::min<std::int64_t>(count, INT_MAX));
    // A page that is not full may have been read before its last rows were there.
    std::erase_if(m_pages, [this](const auto &entry) {
        const Page &page = entry.second;
        const bool isShort = !page.isPending && page.rows.size() < kPageRows;
        if (isShort)
            m_used.erase(page.use);
        return isShort;
    });
    if (now > m_count) {
        beginInsertRows({}, m_count, now - 1);
        m_count = now;
        endInsertRows();
    } else if (now < m_count) {
        beginResetModel();
        m_count = now;
        endResetModel();
    }
    if (m_count > 0)
        Q_EMIT dataChanged(index(std::max(0, m_count - kPageRows), 0),
                           index(m_count - 1, ColumnCount - 1));
}

int BadRowModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int BadRowModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const BadRowModel::Row *BadRowModel::row(int number) const
{
    const int page = number / kPageRows;
    const auto found = m_pages.find(page);
    if (found == m_pages.end()) {
        load(page);
        return nullptr;
    }
    m_used.splice(m_used.begin(), m_used, found->second.use);
    const auto place = static_cast<std::size_t>(number % kPageRows);
    return place < found->second.rows.size() ? &found->second.rows[place] : nullptr;
}

void BadRowModel::load(int page) const
{
    m_used.push_front(page);
    m_pages[page].use = m_used.begin();
    if (m_used.size() > kPagesKept) {
        m_pages.erase(m_used.back());
        m_used.pop_back();
    }
    m_runner.run(
        [library = m_library, id = m_id, from = std::int64_t(page) * kPageRows] {
            return library->rejects(id, kPageRows, from);
        },
        [this, page](Result<std::vector<store::StoredReject>> rejects) {
            if (rejects)
                const_cast<BadRowModel *>(this)->keep(page, std::move(*rejects));
            else
                Q_EMIT readFailed(rejects.error());
        });
}

void BadRowModel::keep(int page, std::vector<store::StoredReject> rejects)
{
    const auto found = m_pages.find(page);
    if (found == m_pages.end())
        return; // scrolled by long since
    found->second.isPending = false;
    found->second.rows.clear();
    for (const auto &reject : rejects)
        found->second.rows.push_back({reject.line, reject.byteOffset,
                                      QString::fromStdString(reject.reason),
                                      shownText(reject.rawText, kTextKept).simplified()});
    const int first = page * kPageRows;
    const int last = std::min(first + kPageRows, m_count) - 1;
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

QVariant BadRowModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (index.column() <= Byte ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const Row *found = row(index.row());
    if (found == nullptr)
        return role == Qt::DisplayRole ? QVariant(QString(QChar(0x2026))) : QVariant();
    switch (index.column()) {
    case Line:
        return found->line > 0 ? groupedText(found->line) : QString();
    case Byte:
        return groupedText(found->byteOffset);
    case Reason:
        return found->reason;
    default:
        return found->text;
    }
}

QVariant BadRowModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (section <= Byte ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Line:
        return tr("Line");
    case Byte:
        return tr("Byte");
    case Reason:
        return tr("Reason");
    default:
        return tr("Text as sent");
    }
}

} // namespace freshet::ui

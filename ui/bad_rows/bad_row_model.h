// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "task_runner.h"

#include <QAbstractTableModel>

#include <list>
#include <unordered_map>

namespace freshet::ui {

/// The bad rows of a dataset: line, byte offset, reason and the beginning of the text.
///
/// Policy: what a view asks for is read from the library page by page on a worker; until it comes,
/// a cell shows an ellipsis. The pages used last are kept, `kPagesKept` of them, each text cut to
/// `kTextKept` characters. Rows that the library does not have yet are asked for again at the next
/// `setCount`. Threads: GUI thread only.
class BadRowModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Line, Byte, Reason, Text, ColumnCount };

    static constexpr int kPageRows = 256;
    static constexpr int kPagesKept = 16;
    static constexpr qsizetype kTextKept = 512;

    BadRowModel(std::shared_ptr<store::Library> library, std::string id, QObject *parent = nullptr);

    /// How many there are now. Rows only ever come at the end.
    void setCount(std::int64_t count);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

Q_SIGNALS:
    void readFailed(const freshet::Error &error) const;

private:
    struct Row
    {
        std::int64_t line = 0;
        std::int64_t byteOffset = 0;
        QString reason;
        QString text;
    };
    struct Page
    {
        std::vector<Row> rows;
        bool isPending = true;
        std::list<int>::iterator use; ///< in `m_used`
    };

    [[nodiscard]] const Row *row(int number) const;
    void load(int page) const;
    void keep(int page, std::vector<store::StoredReject> rejects);

    std::shared_ptr<store::Library> m_library;
    std::string m_id;
    int m_count = 0;
    // A cache, filled by what the view asks for.
    mutable std::unordered_map<int, Page> m_pages;
    mutable std::list<int> m_used; ///< page numbers, the one used last in front
    mutable TaskRunner m_runner;
};

/// The text of a bad row for people: invalid UTF-8 and control characters as they can be shown.
[[nodiscard]] QString shownText(const std::string &raw, qsizetype most);

} // namespace freshet::ui

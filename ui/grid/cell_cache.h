// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "grid/display_cell.h"
#include "grid/grid_source.h"

#include <QHash>
#include <QObject>
#include <QThreadPool>

#include <optional>
#include <vector>

namespace freshet::ui {

/// The cells that are, or soon will be, on the screen, ready to paint.
///
/// Policy: `want` takes what the source has in memory at once. The rest goes to one worker: the
/// rows in view column by column, then a page ahead. The latest wish wins: an earlier reading stops
/// after the run it is in; what it has brought is kept all the same. Cells that cannot be read are
/// kept as failed and not asked for again until `reset`.
///
/// Limits: about `kMaxCells` cells beyond those in view. Threads: GUI thread only; the destructor
/// waits for the one read that may be going on.
class CellCache : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxCells = 20'000;

    explicit CellCache(QObject *parent = nullptr);
    ~CellCache() override;

    /// Another table: forget everything.
    void reset(GridSourcePtr source);
    /// A later moment of the same table: only columns whose type widened are read anew.
    void grow(GridSourcePtr source);

    /// Make these cells available, and read `ahead` when nothing else is to do. Cheap when the wish
    /// is the same as before.
    void want(RowRange rows, std::vector<int> columns, RowRange ahead);
    /// The cell, or nothing while it is not here. Valid until the next call that is not const.
    [[nodiscard]] const DisplayCell *find(CellIndex cell) const;
    [[nodiscard]] qsizetype size() const { return m_cells.size(); }

Q_SIGNALS:
    void cellsArrived();
    /// The first failure since `reset`; a damaged file has one for every column and page.
    void readFailed(const freshet::Error &error);

private:
    struct Key
    {
        std::int64_t row;
        int column;

        bool operator==(const Key &) const = default;
        friend size_t qHash(const Key &key, size_t seed) noexcept
        {
            return qHashMulti(seed, static_cast<qint64>(key.row), key.column);
        }
    };
    /// Cells of one column that have to be read.
    struct Span
    {
        RowRange rows;
        int column;
    };
    struct Wish
    {
        RowRange rows;
        std::vector<int> columns;

        bool operator==(const Wish &) const = default;
    };
    /// What the worker sends back: cells of `column` from `first` on.
    struct Delivery
    {
        std::uint64_t epoch;
        columnar::LogicalType type;
        RowIndex first;
        int column;
        std::vector<DisplayCell> cells;
        std::optional<Error> error;
    };
    enum class Keep { Cells, Nothing };

    void takeFromMemory(RowRange rows, int column, Keep keep, std::vector<Span> &missing);
    void startReading(std::vector<Span> spans);
    void readSpan(const GridSource &source, const Span &span, std::uint64_t epoch,
                  const CancelToken &cancel);
    void deliver(Delivery delivery);
    void take(Delivery &delivery);
    void evict();

    GridSourcePtr m_source;
    QHash<Key, DisplayCell> m_cells;
    std::optional<Wish> m_wish;
    std::uint64_t m_epoch = 0;
    bool m_hasToldFailure = false;
    CancelToken m_reading;
    QThreadPool m_worker;
};

} // namespace freshet::ui

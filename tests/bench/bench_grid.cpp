// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the grid costs the GUI thread: opening a table of a billion rows, painting a page, scrolling
// by one, and taking a newer moment of a growing table. Rows come from a table that is worked out,
// held in memory beforehand, so that the grid alone is timed.
// Usage: bench_grid [WIDTH HEIGHT]   (QT_QPA_PLATFORM=offscreen without a display)
#include "grid/grid_view.h"
#include "ui/table_source.h"

#include <QApplication>
#include <QImage>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

using namespace freshet;
using namespace freshet::ui;

constexpr std::int64_t kBillion = 1'000'000'000;

/// The users table with its first runs kept: after them it starts again, under new row numbers.
class RepeatedSource final : public GridSource
{
public:
    RepeatedSource(std::shared_ptr<const std::vector<columnar::Column>> columns,
                   columnar::SchemaPtr schema, std::int64_t rows)
        : m_columns(std::move(columns)), m_schema(std::move(schema)), m_rows(rows)
    {}
    const columnar::SchemaPtr &schema() const override { return m_schema; }
    RowCount rowCount() const override { return RowCount(m_rows); }
    RowRange runAround(RowIndex row) const override
    {
        const std::int64_t length = m_columns->front().length;
        const std::int64_t first = row.value() / length * length;
        return {RowIndex(first), RowIndex(std::min(m_rows, first + length))};
    }
    std::optional<CellRun> peek(RowIndex row, int column) const override
    {
        return CellRun{runAround(row).first, (*m_columns)[static_cast<std::size_t>(column)]};
    }
    Result<CellRun> load(RowIndex row, int column) const override { return *peek(row, column); }

private:
    std::shared_ptr<const std::vector<columnar::Column>> m_columns;
    columnar::SchemaPtr m_schema;
    std::int64_t m_rows;
};

// Time on the processor, so that a busy machine does not change the figures.
double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

struct Times
{
    std::vector<double> ms;

    template <typename Work>
    void measure(const Work &work)
    {
        const double before = threadMs();
        work();
        ms.push_back(threadMs() - before);
    }
    void print(const char *what)
    {
        std::sort(ms.begin(), ms.end());
        std::printf("%-44s median %7.3f ms   worst %7.3f ms   (%zu times)\n", what,
                    ms[ms.size() / 2], ms.back(), ms.size());
    }
};

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    const int width = argc > 2 ? std::atoi(argv[1]) : 1920;
    const int height = argc > 2 ? std::atoi(argv[2]) : 1080;

    const GridSourcePtr users = test::usersTable(500);
    auto columns = std::make_shared<std::vector<columnar::Column>>();
    for (int column = 0; column < users->schema()->columnCount(); ++column)
        columns->push_back(users->peek(RowIndex(0), column)->column);
    const auto tableOf = [&](std::int64_t rows) {
        return std::make_shared<RepeatedSource>(columns, users->schema(), rows);
    };

    QImage screen(width, height, QImage::Format_RGB32);
    DatasetGrid grid;
    grid.resize(width, height);
    grid.show();
    const auto paint = [&] {
        grid.render(&screen);
    };

    Times opening;
    opening.measure([&] {
        grid.setSource(tableOf(kBillion));
        paint();
    });
    std::printf("%d × %d pixels, %lld rows of %d columns in view\n", width, height,
                static_cast<long long>(grid.visibleRows().count().value()),
                users->schema()->columnCount());
    opening.print("open a billion rows, first picture included");

    Times painting;
    for (int i = 0; i < 200; ++i)
        painting.measure(paint);
    painting.print("paint the same page again");

    Times scrolling;
    grid.setCurrentCell({RowIndex(kBillion / 2), 0});
    QKeyEvent pageDown(QEvent::KeyPress, Qt::Key_PageDown, Qt::NoModifier);
    for (int i = 0; i < 200; ++i) {
        scrolling.measure([&] {
            QCoreApplication::sendEvent(&grid, &pageDown);
            paint();
        });
    }
    scrolling.print("scroll by a page of new cells and paint");

    Times growing;
    std::int64_t rows = kBillion;
    for (int i = 0; i < 2'000; ++i)
        growing.measure([&] { grid.growSource(tableOf(rows += 65'536)); });
    growing.print("take 65,536 more rows, the tail not followed");

    Times following;
    grid.setFollowTail(true);
    for (int i = 0; i < 200; ++i) {
        following.measure([&] {
            grid.growSource(tableOf(rows += 65'536));
            paint();
        });
    }
    following.print("take 65,536 more rows, follow and paint");
    return EXIT_SUCCESS;
}

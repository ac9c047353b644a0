// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "columnar/record_batch.h"
#include "exporters/exporter.h"

#include <chrono>
#include <functional>
#include <memory>

namespace freshet::exporters {

using ProgressCallback = std::function<void(const ExportProgress &)>;

/// Counts rows, tells about them at most every 50 ms, and has the disk start on what was written,
/// so that the sync at the end is short.
/// Threads: one thread at a time; calls the callback on it.
class ProgressMeter
{
public:
    /// `file` is the part file: its length is the bytes written.
    ProgressMeter(const File &file, std::optional<RowCount> total, ProgressCallback callback);

    void addRows(RowCount rows);
    [[nodiscard]] RowCount rows() const { return m_rows; }
    [[nodiscard]] std::chrono::microseconds elapsed() const;

private:
    using Clock = std::chrono::steady_clock;

    const File &m_file;
    const std::optional<RowCount> m_total;
    const ProgressCallback m_callback;
    const Clock::time_point m_start = Clock::now();
    Clock::time_point m_told = m_start;
    RowCount m_rows;
    ByteCount m_started; ///< bytes that the disk was told to write
};

/// Counts the rows that pass, for writers that pull them, and ends them on cancel.
class MeteredRows : public columnar::BatchReader
{
public:
    MeteredRows(columnar::BatchReader &rows, ProgressMeter &meter, const CancelToken &cancel)
        : m_reader(rows), m_meter(meter), m_cancel(cancel)
    {}

    [[nodiscard]] columnar::SchemaPtr schema() const override { return m_reader.schema(); }
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> next() override;

private:
    columnar::BatchReader &m_reader;
    ProgressMeter &m_meter;
    CancelToken m_cancel;
};

} // namespace freshet::exporters

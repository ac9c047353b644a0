// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/progress_meter.h"

#include <fcntl.h>

namespace freshet::exporters {

namespace {

constexpr std::chrono::milliseconds kInterval{50};
constexpr ByteCount kWritebackStep = 32_MiB;

} // namespace

ProgressMeter::ProgressMeter(const File &file, std::optional<RowCount> total,
                             ProgressCallback callback)
    : m_file(file), m_total(total), m_callback(std::move(callback))
{}

std::chrono::microseconds ProgressMeter::elapsed() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_start);
}

void ProgressMeter::addRows(RowCount rows)
{
    m_rows += rows;
    const auto now = Clock::now();
    if (now - m_told < kInterval)
        return;
    m_told = now;
    // A length that cannot be read is no reason to stop: writing and syncing are checked.
    const ByteCount written = m_file.size().value_or(m_started);
    if (written - m_started >= kWritebackStep) {
        static_cast<void>(::sync_file_range(m_file.descriptor(), m_started.value(),
                                            (written - m_started).value(), SYNC_FILE_RANGE_WRITE));
        m_started = written;
    }
    if (m_callback) {
        m_callback(
            {.rows = m_rows,
             .totalRows = m_total,
             .bytesWritten = written,
             .elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - m_start)});
    }
}

Result<std::optional<columnar::RecordBatch>> MeteredRows::next()
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "the export was cancelled");
    auto batch = m_reader.next();
    if (batch && *batch)
        m_meter.addRows(RowCount((*batch)->rowCount));
    return batch;
}

} // namespace freshet::exporters

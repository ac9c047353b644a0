// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/text_export.h"

#include "exporters/block_compressor.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace freshet::exporters {

namespace {

/// Rows spelled at a time: some megabytes of text, which is enough for a compressor's window and
/// little enough to cancel at once.
constexpr std::int64_t kStretchRows = 8192;

} // namespace

TextExport::TextExport(columnar::BatchReader &rows, const TextFormat &format,
                       TextCompression compression, File &file, Digest &digest,
                       ProgressMeter &meter, const CancelToken &cancel)
    : m_rows(rows),
      m_format(format),
      m_compression(compression),
      m_file(file),
      m_digest(digest),
      m_meter(meter),
      m_cancel(cancel)
{}

Status TextExport::run(int threads)
{
    std::string prologue;
    m_format.appendPrologue(prologue);
    if (!prologue.empty())
        FRESHET_TRY(writeBlock(prologue));

    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i)
        others.emplace_back([this] { work(); });
    work();
    others.clear();
    if (m_failure)
        return fail(*std::move(m_failure));

    std::string epilogue;
    m_format.appendEpilogue(epilogue, m_rowsTaken == 0);
    // A compressed file without anything in it still has a frame.
    const bool isEmpty = prologue.empty() && m_rowsTaken == 0;
    return epilogue.empty() && !isEmpty ? Status() : writeBlock(epilogue);
}

void TextExport::work()
{
    // A thread must not let an exception out; only memory can run short here.
    try {
        if (auto done = exportAll(); !done)
            keepFailure(std::move(done).error());
    } catch (const std::exception &exception) {
        keepFailure({.code = ErrorCode::Internal, .detail = exception.what()});
    }
}

Status TextExport::exportAll()
{
    auto compressor = makeCompressor(m_compression);
    if (!compressor)
        return fail(std::move(compressor).error());
    std::string text;
    while (!hasFailed()) {
        if (m_cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "the export was cancelled");
        const auto stretch = take();
        if (!stretch)
            return fail(stretch.error());
        if (!*stretch)
            return {};
        text.clear();
        m_format.appendRows(text, (*stretch)->batch, (*stretch)->first, (*stretch)->end,
                            (*stretch)->before == 0);
        const auto bytes = (*compressor)->compress(text);
        if (!bytes)
            return fail(bytes.error());
        FRESHET_TRY(writeInTurn(**stretch, *bytes));
    }
    return {};
}

Result<std::optional<TextExport::Stretch>> TextExport::take()
{
    const std::lock_guard lock(m_sourceMutex);
    while (!m_isAtEnd && (!m_current || m_current->end == m_current->batch.rowCount)) {
        auto batch = m_rows.next();
        if (!batch) {
            m_isAtEnd = true;
            return fail(std::move(batch).error());
        }
        m_isAtEnd = !*batch;
        if (*batch)
            m_current = Stretch{.batch = std::move(**batch)};
    }
    if (m_isAtEnd)
        return std::nullopt;
    m_current->number = m_nextNumber++;
    m_current->first = m_current->end;
    m_current->end = std::min(m_current->first + kStretchRows, m_current->batch.rowCount);
    m_current->before = m_rowsTaken;
    m_rowsTaken += m_current->end - m_current->first;
    return m_current;
}

Status TextExport::writeInTurn(const Stretch &stretch, std::string_view bytes)
{
    std::unique_lock lock(m_turnMutex);
    m_turnChanged.wait(lock, [&] { return m_turn == stretch.number || m_failure; });
    if (m_failure)
        return {};
    // Nobody else can have the turn: the lock guards only the hand-over.
    lock.unlock();
    FRESHET_TRY(write(bytes));
    m_meter.addRows(RowCount(stretch.end - stretch.first));
    lock.lock();
    ++m_turn;
    lock.unlock();
    m_turnChanged.notify_all();
    return {};
}

Status TextExport::writeBlock(const std::string &block)
{
    const auto compressor = makeCompressor(m_compression);
    if (!compressor)
        return fail(compressor.error());
    const auto bytes = (*compressor)->compress(block);
    if (!bytes)
        return fail(bytes.error());
    return write(*bytes);
}

Status TextExport::write(std::string_view bytes)
{
    FRESHET_TRY(m_file.write(bytes));
    m_digest.append(bytes);
    return {};
}

void TextExport::keepFailure(Error error)
{
    {
        const std::lock_guard lock(m_turnMutex);
        if (!m_failure)
            m_failure = std::move(error);
    }
    m_turnChanged.notify_all();
}

bool TextExport::hasFailed()
{
    const std::lock_guard lock(m_turnMutex);
    return m_failure.has_value();
}

} // namespace freshet::exporters

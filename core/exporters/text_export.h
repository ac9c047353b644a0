// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/digest.h"
#include "base/file.h"
#include "columnar/record_batch.h"
#include "exporters/progress_meter.h"
#include "exporters/text_format.h"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace freshet::exporters {

/// Writes rows as text on several threads: each takes the next stretch of rows, spells and
/// compresses it, waits for its turn and writes. So rows keep their order, and memory is one
/// stretch a thread.
/// Threads: `run` blocks; made for one run.
class TextExport
{
public:
    TextExport(columnar::BatchReader &rows, const TextFormat &format, TextCompression compression,
               File &file, Digest &digest, ProgressMeter &meter, const CancelToken &cancel);

    /// Errors: Cancelled; those of the rows and the file.
    [[nodiscard]] Status run(int threads);

private:
    /// Rows [first, end) of a batch; the file's rows before them are `before`.
    struct Stretch
    {
        std::int64_t number = 0;
        columnar::RecordBatch batch;
        std::int64_t first = 0;
        std::int64_t end = 0;
        std::int64_t before = 0;
    };

    void work();
    [[nodiscard]] Status exportAll();
    [[nodiscard]] Result<std::optional<Stretch>> take();
    [[nodiscard]] Status writeInTurn(const Stretch &stretch, std::string_view bytes);
    [[nodiscard]] Status write(std::string_view bytes);
    [[nodiscard]] Status writeBlock(const std::string &block);
    void keepFailure(Error error);
    [[nodiscard]] bool hasFailed();

    columnar::BatchReader &m_rows;
    const TextFormat &m_format;
    const TextCompression m_compression;
    File &m_file;
    Digest &m_digest; ///< of everything written
    ProgressMeter &m_meter;
    const CancelToken m_cancel;

    std::mutex m_sourceMutex; ///< for the next four
    std::optional<Stretch> m_current;
    std::int64_t m_nextNumber = 0;
    std::int64_t m_rowsTaken = 0;
    bool m_isAtEnd = false;

    std::mutex m_turnMutex; ///< for the next two, the file, the digest and the meter
    std::int64_t m_turn = 0;
    std::optional<Error> m_failure;
    std::condition_variable m_turnChanged;
};

} // namespace freshet::exporters

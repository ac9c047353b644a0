// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "columnar/record_batch.h"
#include "query/arrow_c_data.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace freshet::query {

/// A BatchReader as an Arrow C stream: batches go over without a copy, and each keeps its memory
/// until the other side releases it.
///
/// Source: Arrow C stream interface. The schema may be asked for any number of times; what it
/// points to belongs to this object. json goes over as text, a Null column as text without values.
/// Threads: one `get_next` at a time; arrays may be released on any thread.
/// Lifetime: longer than the consumer's use of `stream()`; not movable.
class ArrowStream
{
public:
    /// `names` are the columns' names, one for each field of the reader's schema.
    ArrowStream(columnar::BatchReader &rows, const std::vector<std::string> &names,
                const CancelToken &cancel);
    ArrowStream(const ArrowStream &) = delete;
    ArrowStream &operator=(const ArrowStream &) = delete;

    [[nodiscard]] ArrowArrayStream *stream() { return &m_stream; }
    /// What the reader failed with: the consumer knows the text only.
    [[nodiscard]] const std::optional<Error> &failure() const { return m_failure; }

private:
    static int provideSchema(ArrowArrayStream *stream, ArrowSchema *out);
    static int provideNext(ArrowArrayStream *stream, ArrowArray *out);
    static const char *provideError(ArrowArrayStream *stream);
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> pull();

    columnar::BatchReader &m_rows;
    CancelToken m_cancel;
    ArrowArrayStream m_stream = {};
    std::deque<std::string> m_texts; ///< names and formats; addresses stay
    std::vector<ArrowSchema> m_fields;
    std::vector<ArrowSchema *> m_fieldPointers;
    std::optional<Error> m_failure;
};

} // namespace freshet::query

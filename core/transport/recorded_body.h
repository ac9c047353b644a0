// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/body_reader.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::transport {

/// The codings that a head names in Content-Encoding, as they were applied.
[[nodiscard]] std::vector<std::string> codingsOf(const ResponseHead &head);

/// A body as it was on the wire on its way to the sink, live or from a recording: codings are
/// undone here, those of files named so (`users.ndjson.gz`) too.
///
/// Threads: one thread at a time.
class RecordedBody
{
public:
    RecordedBody(ByteSink &sink, ResponseHead head, const Limits &limits, ProgressBoard &board);

    [[nodiscard]] Status begin() { return m_reader.begin(); }
    [[nodiscard]] Status feed(std::string_view bytes) { return m_reader.feed(bytes); }
    /// The transport says that it is whole.
    [[nodiscard]] Status finish();
    /// It was cut.
    [[nodiscard]] Status deliverHeld() { return m_reader.deliverHeld(); }
    [[nodiscard]] std::string digestProof() const { return m_reader.digestProof(); }

private:
    const bool m_isEmpty;
    BodyReader m_reader;
};

/// What a transport's `run` gives after `outcome`; `body` is unset if there was no head.
[[nodiscard]] Result<TransportEnd> concludeRecorded(Result<BodyEnd> outcome,
                                                    std::optional<RecordedBody> &body,
                                                    const ProgressBoard &board);

} // namespace freshet::transport

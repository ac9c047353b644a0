// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/wire_observer.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace freshet::transport {

/// Takes the chunks out of a body sent with Transfer-Encoding: chunked.
///
/// Stricter than libcurl 7.88, which reads past anything between a chunk's size and its line end:
/// what is no chunk is ProtocolViolation, so that a damaged body never passes for a complete one.
/// Blanks after the size are read; old servers pad with them. Chunk extensions are checked and
/// dropped, trailer fields skipped.
/// Source: RFC 9112 §7.1. Limits: 16 KiB a chunk line, `trailerLimit` for all trailers.
/// Threads: one thread at a time.
class ChunkedReader
{
public:
    using Output = std::function<Status(std::string_view)>;

    /// `observer`, if there is one, is told of each chunk.
    explicit ChunkedReader(ByteCount trailerLimit, WireObserver *observer = nullptr)
        : m_trailerLimit(trailerLimit.asSize()), m_observer(observer)
    {}

    /// Pass the payload in `bytes` to `output`. What follows the last chunk is ignored.
    [[nodiscard]] Status feed(std::string_view bytes, const Output &output);
    /// Whether the zero-sized chunk and the line that ends the trailers were seen.
    [[nodiscard]] bool isComplete() const { return m_state == State::Done; }

private:
    enum class State { Size, Data, DataEnd, Trailer, Done };

    Status takeLine(std::string_view &bytes, std::size_t limit, bool &isWhole);
    Status readSize();
    Status readTrailer();

    std::size_t m_trailerLimit;
    WireObserver *m_observer;
    std::size_t m_trailerSize = 0;
    State m_state = State::Size;
    std::uint64_t m_left = 0; ///< payload bytes of the current chunk still to come
    std::string m_line;
};

} // namespace freshet::transport

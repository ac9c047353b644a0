// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/body_encoder.h"
#include "demo/fault.h"
#include "demo/users_table.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace freshet::demo {

enum class BodyFormat { JsonArray, Ndjson, Csv, Sse, MsgPack, Cbor };

/// What one answer holds and how it misbehaves.
struct BodyOptions
{
    BodyFormat format = BodyFormat::Ndjson;
    std::int64_t rows = 1000;
    std::int64_t first = 0; ///< the row to begin with; faults count from there
    std::uint64_t seed = 1;
    double rowsPerSecond = 0; ///< 0: as fast as it goes
    Fault fault;
    std::string_view coding; ///< as `negotiatedCoding` gives it
};

/// Makes the body of one answer, piece by piece.
/// Threads: one thread at a time.
class BodyStream
{
public:
    enum class Step {
        More,    ///< `out` may hold bytes; call again
        Waiting, ///< nothing is due before `due()`
        Done,    ///< the body is whole, `out` holds its last bytes
        Broken,  ///< send `out`, then close the connection without an end
    };

    [[nodiscard]] static Result<BodyStream> create(const BodyOptions &options);

    /// Append the next encoded bytes to `out`.
    [[nodiscard]] Result<Step> next(std::string &out);
    [[nodiscard]] std::chrono::steady_clock::time_point due() const { return m_due; }

    /// Bytes of the whole body, found by making it once.
    [[nodiscard]] static Result<std::int64_t> length(BodyOptions options);

private:
    BodyStream(const BodyOptions &options, std::unique_ptr<BodyEncoder> encoder);

    [[nodiscard]] std::int64_t rowsDue();
    void appendRow(std::string &text);
    void appendEvent(std::string &text);
    void spoil(std::string &text, std::size_t begin) const;
    void appendError(std::string &text) const;
    void appendEnd(std::string &text) const;
    [[nodiscard]] Step stepAfterRows(std::string &text);

    BodyOptions m_options;
    std::unique_ptr<BodyEncoder> m_encoder;
    UsersTable m_table;
    std::int64_t m_next = 0; ///< the row to be made next
    bool m_begun = false;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_due;
};

} // namespace freshet::demo

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"
#include "transfer/page_rule.h"
#include "transport/transport.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace freshet::transfer {

/// How many rows to ask for in a page, and how many to expect.
///
/// A size that the user fixed stays. One that only the URL names is adapted: pages below 256 KiB
/// that come within half a second grow up to fourfold at a time, pages above 8 MiB or two seconds
/// are halved. Growing ends when the server sends fewer rows than asked, or refuses the size.
/// Pages by number keep their size: their numbers count in it.
/// Threads: one thread at a time.
class PageSizer
{
public:
    static constexpr std::int64_t kSmallBytes = 256 * 1024;
    static constexpr std::int64_t kWantedBytes = 2 * 1024 * 1024;
    static constexpr std::int64_t kLargeBytes = 8 * 1024 * 1024;
    static constexpr std::int64_t kMostRows = 100'000;

    PageSizer(const PageRule &rule, const transport::ByteRequest &request);

    /// Put the size into a request, unless it has it already.
    [[nodiscard]] Status apply(transport::ByteRequest &request) const;
    /// A page came that was asked for with `asked` rows (0: the server chose).
    void learn(std::int64_t asked, std::int64_t rows, ByteCount bytes,
               std::chrono::microseconds took);
    /// The server refused this size. Output: whether a smaller one is worth a try.
    [[nodiscard]] bool refuse();

    /// Rows asked for; 0: the server chooses.
    [[nodiscard]] std::int64_t asked() const { return m_asked; }
    /// Rows to expect in a page that is not the last; 0: not known yet.
    [[nodiscard]] std::int64_t expected() const;

    void restore(std::int64_t asked, std::int64_t cap);
    [[nodiscard]] std::int64_t cap() const { return m_cap; }

private:
    std::string m_place;
    bool m_mayAdapt = false;
    std::int64_t m_sent = 0; ///< in the request as it is
    std::int64_t m_asked = 0;
    std::int64_t m_proven = 0; ///< asked for and received
    std::int64_t m_cap = 0;    ///< most rows received although more were asked for
};

} // namespace freshet::transfer

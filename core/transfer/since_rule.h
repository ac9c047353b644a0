// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace freshet::transfer {

/// How a source is asked for what is new: a token of the last answer goes out with the next
/// request. Plain values.
struct SinceRule
{
    /// Where the token comes from.
    enum class Origin {
        Column,  ///< of the rows
        EventId, ///< of a stream of events
        Header,  ///< of the answer
        Envelope ///< a member beside the rows
    };
    /// What is done with a row whose key is known.
    enum class Mode {
        Insert, ///< the new row is dropped
        Upsert  ///< it takes the place of the older version
    };
    /// How far before the token a sync asks: nothing, a number, or a duration.
    using Overlap = std::variant<std::monostate, std::uint64_t, std::chrono::seconds>;

    /// Where the token goes, as places in a request are written (`page_place.h`): `NAME`,
    /// `header:NAME` or `body:PATH`.
    std::string sendAs;
    Origin origin = Origin::Column;
    std::string from; ///< the column, header or path
    /// The source sends the row of the token again.
    bool isInclusive = false;
    Overlap overlap;
    std::string initial; ///< sent while there is no token
    /// Columns that tell rows apart; needed for what follows them.
    std::vector<std::string> key;
    Mode mode = Mode::Insert;

    bool operator==(const SinceRule &) const = default;

    /// Read `param=NAME,from=COLUMN[,inclusive|exclusive][,overlap=…][,initial=…][,key=A+B]
    /// [,mode=insert|upsert]`. In place of `param=NAME`: `header=NAME`, `body=PATH`. `from` may
    /// also be `column:NAME`, `event-id`, `header:NAME` or `body:PATH`. An overlap is a number
    /// (`100`) or a duration (`90s`, `10m`, `2h`, `1d`). `%XX` stands for a byte, so that names may
    /// hold commas. Errors: InvalidArgument, naming the part.
    [[nodiscard]] static Result<SinceRule> parse(std::string_view text);
    /// `name` as it stands in a rule's text: commas, plus and percent signs as `%XX`.
    [[nodiscard]] static std::string escaped(std::string_view name);
    /// The text that `parse` reads back.
    [[nodiscard]] std::string text() const;
    /// Errors: InvalidArgument, naming the part.
    [[nodiscard]] Status validate() const;
};

/// Errors: InvalidArgument.
[[nodiscard]] Result<SinceRule::Overlap> parseOverlap(std::string_view text);

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/logical_type.h"
#include "columnar/number_text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::decode {

/// A value of the type numeric: digits to the base of 10,000, of which the first has the weight
/// 10,000^`weight`, and how many decimals are shown.
/// Source: PostgreSQL 15, src/backend/utils/adt/numeric.c, numeric_send.
class PgNumeric
{
public:
    /// `bytes` have to outlive this. Output: false if they are no numeric.
    [[nodiscard]] bool read(std::string_view bytes);
    /// With as many fraction digits as are shown; nothing if it has more than 38 digits with them,
    /// or is no finite number.
    [[nodiscard]] std::optional<columnar::ScaledDecimal> decimal() const;
    /// As psql writes it: with all its digits, or `NaN`, `Infinity`, `-Infinity`.
    void appendText(std::string &out) const;

private:
    enum class Kind { Finite, NaN, Infinity, MinusInfinity };

    [[nodiscard]] int digitAt(int place) const;

    Kind m_kind = Kind::Finite;
    bool m_isNegative = false;
    int m_count = 0;
    int m_weight = 0;
    int m_scale = 0; ///< decimals shown
    const char *m_digits = nullptr;
};

/// The type of a column that is declared with this modifier; one without it starts small.
[[nodiscard]] columnar::LogicalType numericType(std::int32_t modifier);

} // namespace freshet::decode

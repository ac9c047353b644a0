// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <cstdint>
#include <string>

namespace freshet::ui {

/// Adds up numbers of any column type. Integers and decimals are added exactly, in 128 bits at the
/// largest scale seen; from the first double, or a sum beyond 128 bits, on it is floating point.
/// Threads: one thread at a time.
class ExactSum
{
public:
    __extension__ using Wide = __int128;

    /// The value is present and of a number type.
    void add(const columnar::Column &column, std::int64_t row);

    [[nodiscard]] std::int64_t count() const { return m_count; }
    [[nodiscard]] bool isRounded() const { return m_isRounded; }
    /// Decimal texts; min and max are the values' own.
    [[nodiscard]] std::string sum() const;
    [[nodiscard]] std::string min() const;
    [[nodiscard]] std::string max() const;

private:
    /// A number as unscaled / 10^scale, or as a double.
    struct Number
    {
        Wide unscaled = 0;
        int scale = 0;
        bool isDouble = false;
        double value = 0;
    };

    [[nodiscard]] static Number numberAt(const columnar::Column &column, std::int64_t row);
    [[nodiscard]] static bool isLess(const Number &a, const Number &b);
    [[nodiscard]] static std::string textOf(const Number &number);
    void addExactly(const Number &number);

    std::int64_t m_count = 0;
    Number m_exact;
    long double m_rounded = 0;
    bool m_isRounded = false;
    Number m_min;
    Number m_max;
};

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/exact_sum.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace freshet::ui {

namespace {

using Wide = ExactSum::Wide;

// value × 10^digits, or false if that is beyond 128 bits.
bool shift(Wide &value, int digits)
{
    for (; digits > 0; --digits) {
        if (__builtin_mul_overflow(value, Wide{10}, &value))
            return false;
    }
    return true;
}

std::string decimalText(Wide unscaled, int scale)
{
    __extension__ using WideUnsigned = unsigned __int128;
    const bool isNegative = unscaled < 0;
    // The smallest value has no positive counterpart.
    WideUnsigned rest = isNegative ? WideUnsigned{0} - static_cast<WideUnsigned>(unscaled)
                                   : static_cast<WideUnsigned>(unscaled);
    std::string text;
    do {
        text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    if (scale > 0) {
        if (text.size() <= static_cast<std::size_t>(scale))
            text.insert(0, static_cast<std::size_t>(scale) + 1 - text.size(), '0');
        text.insert(text.size() - static_cast<std::size_t>(scale), 1, '.');
    }
    return isNegative ? '-' + text : text;
}

} // namespace

ExactSum::Number ExactSum::numberAt(const columnar::Column &column, std::int64_t row)
{
    using columnar::TypeKind;
    Number number;
    switch (column.type.kind) {
    case TypeKind::Int64:
        number.unscaled = column.valueAt<std::int64_t>(row);
        break;
    case TypeKind::UInt64:
        number.unscaled = column.valueAt<std::uint64_t>(row);
        break;
    case TypeKind::Decimal:
        std::memcpy(&number.unscaled, column.values.data() + row * 16, 16);
        number.scale = column.type.scale;
        break;
    default:
        number.isDouble = true;
        number.value = column.valueAt<double>(row);
        return number;
    }
    number.value = static_cast<double>(static_cast<long double>(number.unscaled) /
                                       std::pow(10.0L, number.scale));
    return number;
}

bool ExactSum::isLess(const Number &a, const Number &b)
{
    Wide left = a.unscaled;
    Wide right = b.unscaled;
    const bool isExact = !a.isDouble && !b.isDouble && shift(left, b.scale - a.scale) &&
                         shift(right, a.scale - b.scale);
    return isExact ? left < right : a.value < b.value;
}

void ExactSum::add(const columnar::Column &column, std::int64_t row)
{
    const Number number = numberAt(column, row);
    if (m_count == 0 || isLess(number, m_min))
        m_min = number;
    if (m_count == 0 || isLess(m_max, number))
        m_max = number;
    ++m_count;
    m_rounded += number.value;
    if (number.isDouble)
        m_isRounded = true;
    else if (!m_isRounded)
        addExactly(number);
}

void ExactSum::addExactly(const Number &number)
{
    Wide sum = m_exact.unscaled;
    Wide term = number.unscaled;
    const int scale = std::max(m_exact.scale, number.scale);
    if (!shift(sum, scale - m_exact.scale) || !shift(term, scale - number.scale) ||
        __builtin_add_overflow(sum, term, &sum)) {
        m_isRounded = true;
        return;
    }
    m_exact.unscaled = sum;
    m_exact.scale = scale;
}

std::string ExactSum::textOf(const Number &number)
{
    if (!number.isDouble)
        return decimalText(number.unscaled, number.scale);
    std::array<char, columnar::kMaxScalarText> text;
    return {text.data(), columnar::writeDouble(text.data(), number.value)};
}

std::string ExactSum::sum() const
{
    if (!m_isRounded)
        return textOf(m_exact);
    return textOf({0, 0, true, static_cast<double>(m_rounded)});
}

std::string ExactSum::min() const
{
    return textOf(m_min);
}

std::string ExactSum::max() const
{
    return textOf(m_max);
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace freshet::test {

/// A value for `makeColumn`: the number, micros or bytes as text, or none.
struct Value
{
    Value(const char *bytes) : text(bytes) {}
    Value(std::string bytes) : text(std::move(bytes)) {}
    Value(columnar::Absence why) : absence(why) {}

    std::string text;
    columnar::Absence absence = columnar::Absence::Present;
};

inline const Value kNull{columnar::Absence::Null};
inline const Value kMissing{columnar::Absence::Missing};

/// A column in Arrow layout, made without the builder: decimals take their unscaled digits,
/// times their micros.
[[nodiscard]] columnar::Column makeColumn(columnar::LogicalType type,
                                          const std::vector<Value> &values);

} // namespace freshet::test

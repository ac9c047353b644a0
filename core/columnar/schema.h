// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/logical_type.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::columnar {

/// A column's name and type. Every column is nullable.
struct Field
{
    std::string name;
    LogicalType type;

    bool operator==(const Field &) const = default;
};

/// The ordered columns of a dataset or batch. Names are unique.
/// Lifetime: shared and immutable once it is behind a `SchemaPtr`.
struct Schema
{
    std::vector<Field> fields;

    bool operator==(const Schema &) const = default;
    [[nodiscard]] int columnCount() const { return static_cast<int>(fields.size()); }
    [[nodiscard]] std::optional<int> indexOf(std::string_view name) const;
};

using SchemaPtr = std::shared_ptr<const Schema>;

} // namespace freshet::columnar

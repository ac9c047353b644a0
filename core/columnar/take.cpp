// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/take.h"

#include <cstring>

namespace freshet::columnar {

namespace {

Buffer takeBits(const Buffer &bits, std::span<const std::int64_t> rows, std::int64_t &set)
{
    MutableBuffer taken;
    taken.resize(bitmapBytes(static_cast<std::int64_t>(rows.size())));
    if (taken.size() != 0)
        std::memset(taken.data(), 0, taken.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!bitAt(bits.data(), rows[i]))
            continue;
        setBit(taken.data(), static_cast<std::int64_t>(i));
        ++set;
    }
    return taken.finish();
}

void takeTexts(const Column &column, std::span<const std::int64_t> rows, Column &taken)
{
    MutableBuffer offsets;
    offsets.resize((rows.size() + 1) * sizeof(std::int32_t));
    auto *bounds = offsets.as<std::int32_t>();
    MutableBuffer values;
    values.reserve(1); // a text column has values, be they no bytes
    bounds[0] = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string_view text = column.textAt(rows[i]);
        values.append(text.data(), text.size());
        bounds[i + 1] = static_cast<std::int32_t>(values.size());
    }
    taken.offsets = offsets.finish();
    taken.values = values.finish();
}

void takeFixed(const Column &column, std::span<const std::int64_t> rows, Column &taken)
{
    const auto width = static_cast<std::size_t>(valueWidth(column.type.kind));
    MutableBuffer values;
    values.resize(rows.size() * width);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::memcpy(values.data() + i * width,
                    column.values.data() + static_cast<std::size_t>(rows[i]) * width, width);
    }
    taken.values = values.finish();
}

} // namespace

Column takeRows(const Column &column, std::span<const std::int64_t> rows)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    Column taken{.type = column.type, .length = count};
    if (column.type.kind == TypeKind::Null) {
        taken.nullCount = count;
    } else {
        if (column.nullCount != 0) {
            std::int64_t present = 0;
            Buffer validity = takeBits(column.validity, rows, present);
            taken.nullCount = count - present;
            if (taken.nullCount != 0)
                taken.validity = std::move(validity);
        }
        std::int64_t unused = 0;
        if (column.type.kind == TypeKind::Bool)
            taken.values = takeBits(column.values, rows, unused);
        else if (column.type.isText())
            takeTexts(column, rows, taken);
        else
            takeFixed(column, rows, taken);
    }
    if (column.missingCount == column.nullCount && column.missingCount != 0 && !column.missing) {
        taken.missingCount = taken.nullCount;
    } else if (column.missingCount != 0) {
        Buffer missing = takeBits(column.missing, rows, taken.missingCount);
        if (taken.missingCount != 0 && taken.missingCount != taken.nullCount)
            taken.missing = std::move(missing);
    }
    return taken;
}

} // namespace freshet::columnar

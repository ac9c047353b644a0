// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/buffer.h"
#include "columnar/record_batch.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace freshet::columnar {

/// Copy `size` bytes; short texts, which most are, without a call.
inline void copyText(std::byte *to, const char *from, std::size_t size)
{
    if (size > 32) {
        std::memcpy(to, from, size);
    } else if (size >= 16) { // two overlapping halves, as in the other cases
        std::memcpy(to, from, 16);
        std::memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        std::memcpy(to, from, 8);
        std::memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        std::memcpy(to, from, 4);
        std::memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (std::size_t i = 0; i < size; ++i)
            to[i] = static_cast<std::byte>(from[i]);
    }
}

/// What a column of numbers has seen, as far as its type does not say it. It decides whether the
/// column may become a decimal, and how its doubles are spelled.
struct NumberTrack
{
    static constexpr std::int16_t kUnseen = -1;
    static constexpr std::int16_t kMixed = -2;

    /// The count of fraction digits that all doubles came with.
    std::int16_t fractionDigits = kUnseen;
    /// A double came as `1` or `1e-5` and not as `1.0` or `1e-05`.
    bool isPlainSpelled = false;

    bool operator==(const NumberTrack &) const = default;
};

/// The bounds of the numbers in batches handed over earlier.
struct NumberRange
{
    std::uint64_t magnitude = 0; ///< the largest |value| of an integer column
    bool hasNegative = false;    ///< in an integer column
    int digits = 0;              ///< the most digits of an unscaled decimal
};

/// One column under construction. Rows are added at the end only; those that the column was not
/// given a value for are added together, when the next value comes or the batch is taken.
///
/// The validity bitmap exists from the first absent row on and is kept set ahead of the rows, so
/// that a value costs nothing there. `missing` exists while nulls of both sorts are held.
///
/// Threads: one thread at a time.
struct ColumnBuilder
{
    std::int64_t length = 0;  ///< rows held
    std::int64_t rowRoom = 0; ///< rows that the buffers have room for
    LogicalType type;
    NumberTrack track;
    MutableBuffer values;  ///< its size counts for text only
    MutableBuffer offsets; ///< text only: `length + 1` bounds
    std::int64_t nullCount = 0;
    std::int64_t missingCount = 0;
    MutableBuffer validity;
    MutableBuffer missing;
    NumberRange sealed;
    /// Room to begin the next batch with.
    std::int64_t rowHint = 0;
    std::size_t byteHint = 0;

    [[nodiscard]] bool isReady(std::int64_t row) const { return length == row && row < rowRoom; }
    [[nodiscard]] bool hasTextRoom(std::size_t bytes) const
    {
        return values.size() + bytes <= values.capacity();
    }

    template <typename T>
    void putFixed(T value)
    {
        std::memcpy(values.data() + static_cast<std::size_t>(length) * sizeof(T), &value,
                    sizeof(T));
        ++length;
    }
    void putBool(bool value)
    {
        std::byte &bits = values.data()[length >> 3];
        const auto bit = static_cast<unsigned>(length & 7);
        const unsigned kept = static_cast<unsigned>(bits) & ((1u << bit) - 1);
        bits = static_cast<std::byte>(kept | (value ? 1u << bit : 0u));
        ++length;
    }
    /// The bytes are in place behind the last text.
    void endText(std::size_t bytes)
    {
        const std::size_t end = values.size() + bytes;
        values.setSize(end);
        offsets.as<std::int32_t>()[++length] = static_cast<std::int32_t>(end);
    }
    void putText(std::string_view text)
    {
        copyText(values.data() + values.size(), text.data(), text.size());
        endText(text.size());
    }
    void putAbsent(std::int64_t count, Absence absence);

    /// Make room for `rows` rows in all.
    void growRows(std::int64_t rows);
    void growText(std::size_t bytes);
    /// Take away the last row, which is present or null.
    void popLast();

    /// The largest |value| and so on of all rows, also of those handed over.
    [[nodiscard]] NumberRange range() const;
    /// Bytes in use.
    [[nodiscard]] std::size_t memory() const;

    /// The rows as a Column to hand over; the builder is left with the type and no rows.
    [[nodiscard]] Column take();
    /// The same, but the rows will come back in another type: they do not count as handed over.
    [[nodiscard]] Column release();
    /// The opposite of `release`: hold the rows of `column` and go on from there.
    void hold(const Column &column);

private:
    void beginValidity();
    void beginMissing();
    void putBlanks(std::int64_t count);
};

} // namespace freshet::columnar

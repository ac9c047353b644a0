// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "transfer/since_rule.h"

#include <optional>
#include <string>
#include <string_view>

class QJsonObject;
class QJsonValue;

namespace freshet::transfer {

/// The token that lies `overlap` before `token`: an integer minus a number, not below zero; a date
/// or time minus a duration, in the same spelling and zone.
/// Errors: InvalidArgument if the two do not go together.
[[nodiscard]] Result<std::string> tokenBefore(std::string_view token,
                                              const SinceRule::Overlap &overlap);

/// What a run that asks with `token` asks for, in a sentence.
[[nodiscard]] std::string askedText(const SinceRule &rule, const std::optional<std::string> &token);

/// A token as it is kept in the states of planners: null for none.
[[nodiscard]] QJsonValue tokenToJson(const std::optional<std::string> &token);
[[nodiscard]] std::optional<std::string> tokenFromJson(const QJsonValue &value);

/// Follows the column that a source's rows are ordered by.
///
/// Texts are opaque: the last one counts. Numbers, dates and times are compared: where they do not
/// ascend, the source does not send by this order, and the largest is the watermark.
/// Threads: one thread at a time.
class TokenTrack
{
public:
    /// `column` of the next rows.
    void note(const columnar::Column &column);
    /// Rows that do not have the column at all.
    void noteWithout(std::int64_t rows);

    [[nodiscard]] bool isEmpty() const { return !m_last; }
    [[nodiscard]] bool isAscending() const { return m_isAscending; }
    [[nodiscard]] bool isNumber() const { return m_isNumber; }
    /// Where a sync goes on behind everything, and how many of the last rows may have this value.
    [[nodiscard]] const std::optional<std::string> &watermark() const;
    [[nodiscard]] std::int64_t watermarkRows() const;
    /// The value of the last row, how many of the last rows it has, and the value before it. While
    /// these rows come in nobody knows whether more of the same value follow.
    [[nodiscard]] const std::optional<std::string> &last() const { return m_last; }
    [[nodiscard]] std::int64_t lastRows() const { return m_lastRows; }
    [[nodiscard]] const std::optional<std::string> &beforeLast() const { return m_beforeLast; }
    /// Values are ids: each row had a larger integer than the one before, in so many rows that it
    /// cannot be chance.
    [[nodiscard]] bool isId() const
    {
        return m_isInteger && m_isAscending && !m_hasTies && m_values >= kManyValues;
    }

    /// A value that can be compared; those of another scale or kind cannot.
    struct Ordinal
    {
        enum class Kind { None, Integer, Real };
        Kind kind = Kind::None;
        int scale = 0;
        columnar::Int128 integer = 0;
        double real = 0;

        [[nodiscard]] QJsonObject toJson() const;
        [[nodiscard]] static Ordinal fromJson(const QJsonObject &object);
    };
    /// `watermark()`, `last()` and `beforeLast()` for comparison; of no kind for opaque texts.
    [[nodiscard]] const Ordinal &watermarkOrdinal() const { return m_maxOrdinal; }
    [[nodiscard]] const Ordinal &lastOrdinal() const { return m_lastOrdinal; }
    [[nodiscard]] const Ordinal &beforeLastOrdinal() const { return m_beforeLastOrdinal; }
    /// How many values of `column` lie below `border`, or at it if `isIncluded`.
    [[nodiscard]] static std::int64_t countUpTo(const columnar::Column &column,
                                                const Ordinal &border, bool isIncluded);

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static TokenTrack fromJson(const QJsonObject &object);

private:
    static constexpr std::int64_t kManyValues = 1000;

    [[nodiscard]] static Ordinal ordinalAt(const columnar::Column &column, std::int64_t row);
    /// Below, at or above zero; nothing if the two cannot be compared.
    [[nodiscard]] static std::optional<int> compared(const Ordinal &a, const Ordinal &b);
    void noteOrder(const columnar::Column &column);
    void noteLast(const columnar::Column &column);

    std::optional<std::string> m_last;
    std::optional<std::string> m_beforeLast;
    std::optional<std::string> m_max;
    Ordinal m_lastOrdinal;
    Ordinal m_beforeLastOrdinal;
    Ordinal m_maxOrdinal;
    std::int64_t m_values = 0;
    std::int64_t m_lastRows = 0;
    std::int64_t m_maxRows = 0; ///< from the first row with the largest value to the last row
    bool m_isAscending = true;
    bool m_isInteger = false;
    bool m_isNumber = false;
    bool m_hasTies = false;
};

} // namespace freshet::transfer

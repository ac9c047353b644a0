// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "decode/json_lexer.h"
#include "decode/json_members.h"
#include "decode/row_columns.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Reads one JSON value as one row, straight from the text into the columns, in one pass.
///
/// Shape of a row:
/// - An object: each member is a column. Objects inside flatten to dotted names down to
///   `kFlattenDepth` levels (unless told not to); arrays, empty objects and deeper ones stay json,
///   their text exactly as sent.
/// - An array: each element is a column, named by `setColumnNames`, else `column0`, `column1` …
/// - Anything else: the column `value`.
///
/// Nothing is lost: the second of two equal keys goes to the column `key#2`, and so does a member
/// whose dotted name another one has in the same row; a member that is an object in one row and
/// something else in another has both its dotted columns and a column of its own name. A lone
/// surrogate (`"\ud800"`), which UTF-8 cannot hold, keeps its escape as text. Duplicates and
/// surrogates are noted once each.
///
/// Errors (`fault()`): SyntaxError, InvalidUtf8, NestingTooDeep, LimitReached (columns).
/// Threads: one thread at a time.
class JsonRow
{
public:
    static constexpr int kFlattenDepth = 16;

    /// How to look at an array or object that is a row.
    enum class Kind {
        Plain,
        Cells ///< BigQuery: `{"f":[{"v":…},{"v":…}]}`, one cell a column
    };

    /// A text that rows have in a column of their own, in front of what is read.
    struct Lead
    {
        int column; ///< index into the names of `setLeadColumns`
        std::string_view text;
        columnar::TextInference inference = columnar::TextInference::Off;
    };

    JsonRow(columnar::BatchBuilder &builder, bool flatten, const Limits &limits);

    /// Names for the columns of rows that are arrays.
    void setColumnNames(std::vector<std::string> names);
    [[nodiscard]] const std::vector<std::string> &columnNames() const { return m_columnNames; }
    void setKind(Kind kind) { m_kind = kind; }
    /// The object found at this chain of keys is the row itself: its members need no prefix. What
    /// stands beside it keeps its name. Before the first row.
    void spread(std::span<const std::string> keys);
    /// The member called `key` of the objects that are rows goes to this column. Before the first
    /// row that has it.
    void rename(std::string_view key, std::string columnName);
    /// Names for columns that `lead` fills.
    void setLeadColumns(const std::vector<std::string> &names);
    /// What `read` and `readLead` put in front of each row from now on; must outlive them.
    void lead(std::span<const Lead> texts) { m_lead = texts; }
    /// Whether the open row, or one before it, has a member of this name.
    [[nodiscard]] bool hasMember(std::string_view key) const { return m_root.find(key) >= 0; }
    /// Forget everything but the options.
    void reset();

    /// Read the value at `at` of a text that ends at `end`, `depth` levels inside its document.
    /// Output: the place just after, with the row open in the builder for `endRow()` or `drop()`;
    /// nullptr if it is no valid row (yet), which is dropped already.
    [[nodiscard]] const char *read(const char *at, const char *end, int depth, bool oneLine);
    /// A row of nothing but what `lead` gave. Output: false if it has too many columns; else it is
    /// open.
    [[nodiscard]] bool readLead();
    /// Read the value at `inner`, the only member of the object at `outer`, as the row. Output: the
    /// place after the outer object.
    [[nodiscard]] const char *readInside(const char *inner, const char *end, bool oneLine);
    /// Read several values, each the start of a view into a text that ends at `end`, as the named
    /// columns of one row. Output: whether it worked; the row is open then.
    [[nodiscard]] bool readColumns(std::span<const std::string> names,
                                   std::span<const std::string_view> values, const char *end);
    /// Read `at` as above with `key` in a column called `keyColumn` in front.
    [[nodiscard]] const char *readKeyed(std::string_view keyColumn, std::string_view key,
                                        const char *at, const char *end, int depth);
    /// Take the open row back.
    void drop();

    [[nodiscard]] const JsonFault &fault() const { return m_lexer.fault(); }
    [[nodiscard]] bool isIncomplete() const { return m_lexer.isIncomplete(); }
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_columns.notes(); }

private:
    void begin(const char *end, bool oneLine);
    const char *finished(const char *at);
    bool appendLead(const char *at);
    const char *row(const char *at, int depth);
    const char *object(JsonMembers &members, const char *at, int depth, int level);
    const char *array(const char *at, int depth);
    const char *cells(const char *at, int depth);
    const char *cell(std::size_t position, const char *at, int depth);
    const char *key(JsonMembers &members, const char *at, int &index);
    const char *value(JsonMembers &members, int index, const char *at, int depth, int level);
    const char *text(int column, const char *at);
    const char *number(int column, const char *at);
    const char *nested(int column, const char *at, int depth);
    int positional(std::size_t position);
    /// The column for a value of this member in this row, or -1 with a fault at `at`.
    int claim(JsonMembers &members, int index, const char *at);

    columnar::BatchBuilder &m_builder;
    RowColumns m_columns;
    JsonLexer m_lexer;
    JsonMembers m_root;
    JsonMembers m_positional;
    JsonMembers m_leading;
    std::span<const Lead> m_lead;
    const bool m_flatten;
    Kind m_kind = Kind::Plain;
    std::vector<std::string> m_columnNames;

    std::string m_scratch;
};

} // namespace freshet::decode

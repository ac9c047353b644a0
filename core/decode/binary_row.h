// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "decode/binary_token.h"
#include "decode/row_columns.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::decode {

/// Bytes as `\x` and hex digits, which is how binary values are shown.
[[nodiscard]] std::string hexText(std::string_view bytes);

/// Reads one item of MessagePack or CBOR as one row.
///
/// Shape as `JsonRow` has it: a map's members are columns, maps inside flatten to dotted names down
/// to `kFlattenDepth` levels (unless told not to), arrays stay json; an array is `column0`,
/// `column1` …; anything else the column `value`. Keys that are no text are named by their JSON
/// text, without quotes. The second of two equal keys goes to `key#2`.
///
/// Values are exact: integers of any size (CBOR down to -2^64, bignums, decimal fractions); float16
/// and float32 as the double of the same value, so that 0.1f is 0.10000000149011612; bytes as
/// binary, in json as `\x` hex. Timestamps (MessagePack extension -1, CBOR tag 1) are UTC with six
/// fraction digits, always, since their column has one spelling; one with nanoseconds is text, and
/// a float that nine digits do not tell from its neighbours stays a double. CBOR tag 0 and 1004 are
/// text, which may be a time; tag 100 is a date. Other tags are passed over, other extensions kept
/// as bytes; both are noted.
///
/// Errors (`error()`): InvalidUtf8, LimitReached (columns), NestingTooDeep (keys), SyntaxError.
/// Threads: one thread at a time.
class BinaryRow
{
public:
    static constexpr int kFlattenDepth = 16;

    BinaryRow(const BinaryReader &reader, columnar::BatchBuilder &builder, bool flatten,
              const Limits &limits);
    void reset();

    /// Read the item at `at`, which is whole. Output: whether it is a row, which is open in the
    /// builder then; else it is dropped already.
    [[nodiscard]] bool read(const char *at, const char *end);
    /// The JSON text of the item at `at`, which is whole; nothing if it has no such text.
    [[nodiscard]] std::optional<std::string> jsonOf(const char *at, const char *end);

    [[nodiscard]] const Error &error() const { return m_error; }
    /// Where the error is.
    [[nodiscard]] const char *errorAt() const { return m_errorAt; }
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_columns.notes(); }

private:
    using Kind = BinaryToken::Kind;

    /// Takes `count` items, or items up to a Break.
    class Items;

    [[nodiscard]] bool row();
    [[nodiscard]] bool object(JsonMembers &members, const BinaryToken &head, int level);
    [[nodiscard]] bool array(const BinaryToken &head);
    [[nodiscard]] bool key(std::string_view &name);
    [[nodiscard]] bool value(JsonMembers &members, int index, int level);
    [[nodiscard]] bool scalar(int column, const BinaryToken &token);
    [[nodiscard]] bool tagged(int column, std::uint64_t tag);
    [[nodiscard]] bool epoch(int column, const BinaryToken &token);
    [[nodiscard]] std::optional<std::string> taggedNumber(std::uint64_t tag);
    [[nodiscard]] std::optional<std::string> bignum(bool isNegative);
    [[nodiscard]] std::optional<std::string> decimalFraction();
    [[nodiscard]] bool extension(int column, const BinaryToken &token);
    void notePassedOver(std::uint64_t tag);
    void noteExtension(const BinaryToken &token);
    void timestamp(int column, std::int64_t seconds, std::uint32_t nanos);

    [[nodiscard]] bool json(std::string &out);
    [[nodiscard]] bool jsonMap(std::string &out, const BinaryToken &head);
    [[nodiscard]] bool jsonKey(std::string &out);
    [[nodiscard]] bool jsonArray(std::string &out, const BinaryToken &head);
    [[nodiscard]] bool jsonScalar(std::string &out, const BinaryToken &token);

    [[nodiscard]] bool next(BinaryToken &token);
    [[nodiscard]] bool peekIsBreak();
    [[nodiscard]] bool text(const BinaryToken &token, std::string_view &whole);
    bool fail(ErrorCode code, const char *reason, const char *at);
    [[nodiscard]] int indexOf(JsonMembers &members, std::string_view name, int guess);

    const BinaryReader &m_reader;
    columnar::BatchBuilder &m_builder;
    RowColumns m_columns;
    JsonMembers m_root;
    JsonMembers m_positional;
    const bool m_flatten;

    const char *m_at = nullptr;
    const char *m_end = nullptr;
    int m_keyLevel = 0; ///< keys inside of keys that are being read
    std::string m_key;
    std::string m_chunks;
    std::string m_scratch;
    Error m_error;
    const char *m_errorAt = nullptr;
};

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// How the records of a file are written.
/// Source: RFC 4180; other delimiters, quotes and backslash escapes as files have them.
struct CsvDialect
{
    char delimiter = ',';
    char quote = '"';          ///< `\0`: quotes mean nothing
    bool hasBackslash = false; ///< inside quotes `\"` is a quote; else `""` is

    bool operator==(const CsvDialect &) const = default;
};

/// One field of a record: where its text lies from the record's first byte on, without the quotes
/// around it.
struct CsvField
{
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool isQuoted = false;
    bool hasEscapes = false;
};

/// Cuts text into records and fields; knows nothing of types or columns.
///
/// Rules: LF, CRLF and CR end a record. A field that starts with the quote runs to the closing one,
/// over delimiters and line ends; any other quote is a letter. Text behind a closing quote makes
/// the record faulty, which then goes on to the next delimiter or line end.
///
/// The text may come in pieces: a scan that ends inside a record goes on where it stopped, so that
/// each byte is looked at once. The bytes are followed by at least 64 readable ones.
///
/// Threads: one thread at a time.
class CsvScanner
{
public:
    struct Record
    {
        std::vector<CsvField> fields; ///< as many of them as are kept
        std::uint32_t fieldCount = 0; ///< all of them
        std::uint32_t length = 0;     ///< bytes, with the line end
        std::uint32_t textLength = 0; ///< bytes, without it
        std::uint32_t lines = 0;      ///< line ends in it
        bool isAscii = true;          ///< surely; if not, there may be other bytes
        bool hasLineEnd = false;      ///< else it ends with the input
        /// Where text follows a closing quote.
        std::optional<std::uint32_t> strayAt;
        /// The input ended inside quotes: where those began.
        std::optional<std::uint32_t> openedAt;

        [[nodiscard]] bool isBlank() const { return textLength == 0; }
    };

    /// Of a record, no more than `mostFields` fields are kept: there may be millions of them.
    explicit CsvScanner(CsvDialect dialect = {}, std::size_t mostFields = SIZE_MAX)
        : m_dialect(dialect), m_mostFields(mostFields)
    {}

    [[nodiscard]] const CsvDialect &dialect() const { return m_dialect; }

    /// The bytes from the first of the current record up to `end`. `atEnd`: nothing follows.
    void setInput(const char *record, const char *end, bool atEnd);
    /// Scan on. Output: whether a record is whole; the next call starts behind it.
    [[nodiscard]] bool next();
    [[nodiscard]] const Record &record() const { return m_record; }
    /// The first byte of the record that `record()` tells of, or of the one not yet whole.
    [[nodiscard]] const char *start() const { return m_start; }

    /// The text of a field; `scratch` holds it if it had escapes.
    [[nodiscard]] std::string_view textOf(const CsvField &field, std::string &scratch) const;

private:
    enum class State : std::uint8_t { Plain, Quoted, Closed };

    void beginRecord();
    void loadBlock();
    void endField(std::uint32_t at);
    [[nodiscard]] bool endRecord(const char *at, std::uint32_t lineEnd);
    [[nodiscard]] bool endInput();
    /// What follows must be seen first. Output: false, for `next` to return.
    [[nodiscard]] bool suspend(const char *at);
    [[nodiscard]] std::uint32_t offsetOf(const char *at) const
    {
        return static_cast<std::uint32_t>(at - m_start);
    }
    [[nodiscard]] std::string_view unescaped(std::string_view text, std::string &scratch) const;

    CsvDialect m_dialect;
    std::size_t m_mostFields;
    Record m_record;

    const char *m_start = nullptr;
    const char *m_end = nullptr;
    bool m_isAtEnd = false;
    bool m_isWhole = true; ///< the last record is done with

    const char *m_block = nullptr; ///< 64 bytes …
    std::uint64_t m_marks = 0;     ///< … and which of them still matter
    bool m_blockIsAscii = true;

    // The field at hand, counted from the record's start.
    State m_state = State::Plain;
    CsvField m_field;
    std::uint32_t m_fieldStart = 0; ///< with its quote
    std::uint32_t m_skipTo = 0;     ///< marks before it are escaped
    std::uint32_t m_scanned = 0;
};

} // namespace freshet::decode

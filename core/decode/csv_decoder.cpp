// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/csv_decoder.h"

#include "decode/csv_dialect.h"
#include "decode/csv_scanner.h"
#include "decode/failure_report.h"
#include "decode/foreign_content.h"
#include "decode/input_window.h"
#include "decode/row_output.h"
#include "decode/text_encoding.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace freshet::decode {

namespace {

using columnar::BatchBuilder;
using columnar::TextInference;

class CsvDecoder final : public RowDecoder
{
public:
    CsvDecoder(const DecodeOptions &options, DecodeOutputs outputs)
        : m_options(options), m_builder(outputs.builder), m_output(outputs)
    {}

    [[nodiscard]] Status feed(std::string_view bytes) override;
    [[nodiscard]] Status finish() override;
    [[nodiscard]] Status finishUnproven() override;
    [[nodiscard]] Status flush() override;
    void reset() override;
    [[nodiscard]] ByteOffset position() const override { return m_output.position(); }
    [[nodiscard]] DecodeFindings findings() const override;

private:
    /// A blank line that may be a row or the end of the file.
    struct HeldBlank
    {
        std::int64_t after;
    };

    [[nodiscard]] Status run(bool atEnd);
    [[nodiscard]] Status decode(bool atEnd);
    [[nodiscard]] Result<bool> passByteOrderMark(bool atEnd);
    [[nodiscard]] Result<bool> decideDialect(bool mayDecide, bool atEnd);
    [[nodiscard]] std::string_view sample() const;

    [[nodiscard]] Status takeRecord();
    [[nodiscard]] Status takeBlank();
    [[nodiscard]] Status takeHeader();
    [[nodiscard]] Status takeRow();
    [[nodiscard]] Status makeColumns(std::vector<std::string> names);
    [[nodiscard]] Status appendHeldBlank();
    [[nodiscard]] Status reject(Error error);
    [[nodiscard]] bool isLastWord() const;
    [[nodiscard]] bool isLastLine() const;
    [[nodiscard]] bool isUnlikeRows() const;
    [[nodiscard]] Status rejectOpenEnd();
    void noteEndOfPage();

    [[nodiscard]] const CsvScanner::Record &record() const { return m_scanner.record(); }
    [[nodiscard]] std::string_view recordText() const
    {
        return {m_scanner.start(), record().textLength};
    }
    [[nodiscard]] std::int64_t afterRecord() const { return m_at + record().length; }
    /// An error at byte `offset` of the record.
    [[nodiscard]] Error errorAt(ErrorCode code, std::string detail, std::uint32_t offset) const;
    [[nodiscard]] Error rowTooLarge() const;

    const DecodeOptions m_options;
    BatchBuilder &m_builder;
    RowOutput m_output;
    InputWindow m_window;
    std::optional<Error> m_broken;

    bool m_isPastMark = false;
    bool m_isEndUnproven = false;
    std::optional<CsvFindings> m_found;
    std::vector<std::string> m_notes;
    CsvScanner m_scanner;
    std::int64_t m_at = 0;   ///< stream offset of the record at hand
    std::int64_t m_line = 1; ///< and its first line

    std::size_t m_preamble = 0; ///< records still to come before the table
    bool m_needsHeader = false;
    std::vector<BatchBuilder::ColumnId> m_columns; ///< empty until the first record
    std::optional<HeldBlank> m_heldBlank;
    std::string m_scratch;
};

Status CsvDecoder::feed(std::string_view bytes)
{
    if (m_broken)
        return fail(*m_broken);
    while (!bytes.empty()) {
        m_window.append(bytes.substr(0, InputWindow::kSlice));
        bytes.remove_prefix(std::min(bytes.size(), InputWindow::kSlice));
        FRESHET_TRY(run(false));
        m_window.release(m_at);
    }
    return {};
}

Status CsvDecoder::finish()
{
    if (m_broken)
        return fail(*m_broken);
    m_window.append({});
    FRESHET_TRY(run(true));
    return m_output.flush();
}

Status CsvDecoder::finishUnproven()
{
    m_isEndUnproven = true;
    return finish();
}

Status CsvDecoder::flush()
{
    if (!m_broken && m_isPastMark && !m_found && isEnoughCsv(sample(), m_options)) {
        const Result<bool> decided = decideDialect(true, false);
        if (!decided)
            return fail(decided.error());
        FRESHET_TRY(run(false));
    }
    return m_output.flush();
}

void CsvDecoder::reset()
{
    m_window.clear();
    m_output.reset();
    m_broken.reset();
    m_isPastMark = m_isEndUnproven = false;
    m_found.reset();
    m_notes.clear();
    m_scanner = CsvScanner();
    m_at = 0;
    m_line = 1;
    m_preamble = 0;
    m_needsHeader = false;
    m_columns.clear();
    m_heldBlank.reset();
}

DecodeFindings CsvDecoder::findings() const
{
    DecodeFindings findings{
        .format = m_options.format, .lastWord = m_output.lastWord(), .notes = m_notes};
    // Backslash escapes cannot be asked for, so such a dialect is no finding to begin with.
    if (m_found && !m_found->dialect.hasBackslash && m_found->dialect.quote != '\0') {
        findings.delimiter = m_found->dialect.delimiter;
        findings.quote = m_found->dialect.quote;
        findings.hasHeader = m_found->hasHeader;
    }
    return findings;
}

Status CsvDecoder::run(bool atEnd)
{
    Status decoded = decode(atEnd);
    if (decoded)
        return {};
    m_broken = decoded.error();
    // The rows before the place are good: they must not wait for an end that will not come.
    FRESHET_TRY(m_output.flush());
    return decoded;
}

Status CsvDecoder::decode(bool atEnd)
{
    const Result<bool> isPastMark = passByteOrderMark(atEnd);
    if (!isPastMark)
        return fail(isPastMark.error());
    if (!*isPastMark)
        return {};
    const std::int64_t held = m_window.endOffset() - m_at;
    const Result<bool> isDecided =
        decideDialect(atEnd || held >= static_cast<std::int64_t>(kCsvSampleBytes), atEnd);
    if (!isDecided)
        return fail(isDecided.error());
    if (!*isDecided)
        return {};

    m_scanner.setInput(m_window.at(m_at), m_window.end(), atEnd);
    while (m_scanner.next()) {
        // What follows tells whether this is the server's last word.
        if (!atEnd && isLastWord()) [[unlikely]]
            break;
        FRESHET_TRY(takeRecord());
        m_line += record().lines;
        m_at = afterRecord();
    }
    if (m_window.endOffset() - m_at > m_options.limits.rowBytes.value())
        return fail(rowTooLarge());
    return {};
}

/// The same whether the record's end has come or not.
Error CsvDecoder::rowTooLarge() const
{
    const ByteCount limit = m_options.limits.rowBytes;
    Error error = errorAt(ErrorCode::RowTooLarge,
                          "a record of more than " + std::to_string(limit.value()) +
                              " bytes; is a quote not closed?",
                          0);
    error.excerpt = Error::excerptOf({m_window.at(m_at), limit.asSize()});
    return error;
}

Result<bool> CsvDecoder::passByteOrderMark(bool atEnd)
{
    if (m_isPastMark)
        return true;
    const std::string_view first(m_window.at(0), static_cast<std::size_t>(m_window.endOffset()));
    const std::optional<ByteOrderMark> mark = byteOrderMarkOf(first, atEnd);
    if (!mark)
        return false;
    if (!mark->encoding.empty()) {
        return fail(Error{.code = ErrorCode::InvalidUtf8,
                          .detail = "the text is " + std::string(mark->encoding) + ", not UTF-8",
                          .byteOffset = ByteOffset(0),
                          .line = 1});
    }
    m_at = mark->length;
    m_output.moveTo(m_at);
    m_isPastMark = true;
    return true;
}

/// What the dialect is decided by.
std::string_view CsvDecoder::sample() const
{
    const auto held = static_cast<std::size_t>(m_window.endOffset() - m_at);
    return {m_window.at(m_at), std::min(held, kCsvSampleBytes)};
}

Result<bool> CsvDecoder::decideDialect(bool mayDecide, bool atEnd)
{
    if (m_found)
        return true;
    const bool isGiven = m_options.quote != '\0' && m_options.hasHeader &&
                         (m_options.delimiter != '\0' || m_options.format == Format::Tsv);
    if (isGiven) {
        const char delimiter = m_options.delimiter != '\0' ? m_options.delimiter : '\t';
        m_found = CsvFindings{.dialect = {delimiter, m_options.quote, false},
                              .hasHeader = *m_options.hasHeader};
    } else if (mayDecide) {
        const bool isWhole = atEnd && m_window.endOffset() - m_at <= std::int64_t(kCsvSampleBytes);
        if (const std::string_view encoding = wideEncodingOf(sample()); !encoding.empty()) {
            return fail(
                Error{.code = ErrorCode::InvalidUtf8,
                      .detail = "the text looks like " + std::string(encoding) + ", not UTF-8",
                      .byteOffset = ByteOffset(m_at),
                      .line = 1});
        }
        m_found = sniffCsv(sample(), isWhole, m_options);
    } else {
        return false;
    }
    m_notes.push_back(m_found->note());
    m_scanner = CsvScanner(m_found->dialect, std::size_t(m_options.limits.columns) + 1);
    m_preamble = m_found->preamble;
    m_needsHeader = m_found->hasHeader;
    return true;
}

Error CsvDecoder::errorAt(ErrorCode code, std::string detail, std::uint32_t offset) const
{
    const std::int64_t recordEnd =
        std::min(m_window.endOffset(), m_at + static_cast<std::int64_t>(RowOutput::kMaxRawText));
    const std::string_view text(m_window.at(m_at), static_cast<std::size_t>(recordEnd - m_at));
    const std::string_view before = text.substr(0, offset);
    return {.code = code,
            .detail = std::move(detail),
            .byteOffset = ByteOffset(m_at + offset),
            .line = m_line + std::ranges::count(before, '\n'),
            .excerpt = Error::excerptOf(
                text.substr(0, std::min<std::size_t>(text.size(), record().textLength)))};
}

Status CsvDecoder::takeRecord()
{
    if (record().length > m_options.limits.rowBytes.value())
        return fail(rowTooLarge());
    if (record().openedAt) {
        return fail(errorAt(ErrorCode::Truncated,
                            "the input ends inside a quoted field that begins here",
                            *record().openedAt));
    }
    if (record().isBlank())
        return takeBlank();
    if (isLastWord()) [[unlikely]]
        return reject(
            errorAt(ErrorCode::InBandError, "the report of a failure in place of a row", 0));
    if (m_isEndUnproven && !record().hasLineEnd)
        return rejectOpenEnd();
    if (m_preamble > 0) {
        --m_preamble;
        return reject(errorAt(ErrorCode::WrongFieldCount,
                              "a line before the table: found " +
                                  std::to_string(record().fieldCount) + " field",
                              0));
    }
    if (m_needsHeader)
        return takeHeader();
    if (m_columns.empty())
        FRESHET_TRY(makeColumns(std::vector<std::string>(record().fields.size())));
    if (m_heldBlank)
        FRESHET_TRY(appendHeldBlank());
    return takeRow();
}

Status CsvDecoder::takeBlank()
{
    if (m_columns.size() != 1) {
        m_output.moveTo(afterRecord());
        return {};
    }
    if (m_heldBlank)
        FRESHET_TRY(appendHeldBlank());
    m_heldBlank = HeldBlank{afterRecord()};
    return {};
}

Status CsvDecoder::appendHeldBlank()
{
    const std::int64_t after = std::exchange(m_heldBlank, std::nullopt)->after;
    m_builder.beginRow();
    m_builder.appendNull(m_columns.front());
    return m_output.endRow(after);
}

Status CsvDecoder::takeHeader()
{
    std::vector<std::string> names;
    for (const CsvField &field : record().fields) {
        names.emplace_back(m_scanner.textOf(field, m_scratch));
        if (!isUtf8(names.back())) {
            names.back() = repairedUtf8(names.back());
            m_notes.push_back("the name of column " + std::to_string(names.size()) +
                              " is not valid UTF-8: shown as \"" + names.back() + '"');
        }
    }
    m_needsHeader = false;
    m_output.moveTo(afterRecord());
    return makeColumns(std::move(names));
}

Status CsvDecoder::makeColumns(std::vector<std::string> names)
{
    if (std::cmp_greater(record().fieldCount, m_options.limits.columns)) {
        return fail(errorAt(ErrorCode::LimitReached,
                            std::to_string(record().fieldCount) + " columns; at most " +
                                std::to_string(m_options.limits.columns) + " are taken",
                            0));
    }
    const bool goesOn =
        m_options.hasHeader == false && std::cmp_equal(m_builder.columnCount(), names.size());
    if (goesOn)
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = m_builder.columnName(static_cast<BatchBuilder::ColumnId>(i));
    else
        names = uniqueColumnNames(std::move(names));
    for (const std::string &name : names)
        m_columns.push_back(m_builder.column(name));
    return {};
}

Status CsvDecoder::takeRow()
{
    const std::vector<CsvField> &fields = record().fields;
    if (record().strayAt)
        return reject(
            errorAt(ErrorCode::SyntaxError, "text follows a closing quote", *record().strayAt));
    if (record().fieldCount != m_columns.size()) {
        Error error = errorAt(ErrorCode::WrongFieldCount,
                              "expected " + std::to_string(m_columns.size()) + " fields, found " +
                                  std::to_string(record().fieldCount),
                              0);
        if (record().hasLineEnd || record().fieldCount > m_columns.size())
            return reject(std::move(error));
        error.code = ErrorCode::Truncated;
        error.detail = "the input ends inside a record: " + error.detail;
        return fail(std::move(error));
    }
    if (!record().isAscii && !isUtf8(recordText())) {
        const std::size_t at = firstInvalidUtf8(recordText());
        return reject(errorAt(ErrorCode::InvalidUtf8,
                              "not valid UTF-8: " + shownByte(recordText()[at]),
                              static_cast<std::uint32_t>(at)));
    }

    m_builder.beginRow();
    const char *const start = m_scanner.start();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const CsvField &field = fields[i];
        if (field.begin == field.end && !field.isQuoted)
            m_builder.appendNull(m_columns[i]);
        else if (field.hasEscapes) [[unlikely]]
            m_builder.appendText(m_columns[i], m_scanner.textOf(field, m_scratch),
                                 TextInference::All);
        else
            m_builder.appendText(m_columns[i], {start + field.begin, field.end - field.begin},
                                 TextInference::All);
    }
    FRESHET_TRY(m_output.endRow(afterRecord()));
    if (m_columns.size() == 1 && *start == '<') [[unlikely]]
        noteEndOfPage();
    return {};
}

/// A record that reads like a server's report of its failure, whatever columns it fills by chance,
/// with nothing behind it.
bool CsvDecoder::isLastWord() const
{
    // Blank lines first: each would look at all that follow it.
    return !record().isBlank() && isLastLine() && isReport(recordText(), isUnlikeRows());
}

bool CsvDecoder::isLastLine() const
{
    return std::all_of(m_window.at(afterRecord()), m_window.end(),
                       [](char c) { return c == '\n' || c == '\r'; });
}

/// Whether a word or a tag stands where all rows have had a number or a time.
bool CsvDecoder::isUnlikeRows() const
{
    using columnar::TypeKind;
    const char first = *m_scanner.start();
    const bool opensText = first == '<' || ((first | 0x20) >= 'a' && (first | 0x20) <= 'z');
    if (!opensText || m_columns.empty())
        return false;
    const TypeKind kind = m_builder.columnType(m_columns.front()).kind;
    return kind != TypeKind::String && kind != TypeKind::Null && kind != TypeKind::Bool;
}

/// In a table of one column each line of a page of HTML is a row. The last one gives it away.
void CsvDecoder::noteEndOfPage()
{
    static constexpr std::string_view kEnd = "</html>";
    const std::string_view text = recordText();
    if (std::ranges::equal(text, kEnd, [](char a, char b) { return (a | 0x20) == (b | 0x20); }) &&
        isLastLine())
        m_output.noteLastWord(
            errorAt(ErrorCode::InBandError, "the last rows are the lines of an HTML page", 0));
}

/// A record that only the close of a connection ends.
Status CsvDecoder::rejectOpenEnd()
{
    return m_output.rejectCut(errorAt(ErrorCode::Truncated, std::string(kOpenEnd), 0),
                              recordText());
}

Status CsvDecoder::reject(Error error)
{
    FRESHET_TRY(m_output.reject(std::move(error), recordText()));
    m_output.moveTo(afterRecord());
    return {};
}

} // namespace

std::unique_ptr<RowDecoder> makeCsvDecoder(const DecodeOptions &options, DecodeOutputs outputs)
{
    DecodeOptions bounded = options;
    // Places inside a record are counted in 32 bits.
    bounded.limits.rowBytes =
        std::min(bounded.limits.rowBytes, ByteCount(std::numeric_limits<std::int32_t>::max()));
    return std::make_unique<CsvDecoder>(bounded, outputs);
}

} // namespace freshet::decode

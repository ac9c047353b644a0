// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/json_document.h"
#include "decode/json_envelope.h"
#include "decode/json_lexer.h"
#include "decode/ndjson_decoder.h"
#include "decode/row_intake.h"
#include "decode/value_boundary.h"
#include "decode/windowed_decoder.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::decode {

/// One JSON document with rows somewhere in it, decoded while it arrives: each row is in the
/// builder as soon as its last byte is here, and no more than the row at hand is held.
/// Source: RFC 8259; the shapes of the APIs named below.
///
/// Where the rows are, unless `DecodeOptions::rowsAt` says so:
/// - A top-level array: its elements. (Of objects with `message` and `errorCode` only: an
///   InBandError, as Salesforce sends it.)
/// - In an object: the first array of objects or arrays under a usual name (`rows_rules.h`), with
///   only objects above it, none of them metadata, at most `kSearchDepth` deep. It is taken at
///   once.
/// - Else, when the document ends or `kSearchBytes` of it have passed, the best of what was seen:
///   an array of objects, an object of equally long arrays (columns), an array of arrays, an object
///   of like objects (rows with the column `_key`), the object itself as one row. Until then the
///   document is kept, up to that bound; beyond it the first array of objects or arrays is taken.
/// - An object without rows that has a member like `error` is an InBandError.
/// - Two objects after another: NDJSON, whatever it was called.
///
/// Elasticsearch's `hits.hits`: the members of `_source` are columns by their own name, beside
/// `_index`, `_id`, `_score` and what else a hit has. Arrays as rows take their names from a list
/// of columns met before them, else from a first row of names (see `ArrayHeader`), else `column0`
/// …. BigQuery's `{"f":[{"v":…}]}` rows likewise.
///
/// A row that is not valid goes to the RejectSink if the brackets still tell where it ends;
/// otherwise the stream is broken: SyntaxError with its place, or InBandError where a failing
/// server's report stands there (a page of HTML, `Error: …`), which is kept with the bad rows. The
/// rest of the document is checked too: the array not closed, or text behind the end, is an Error
/// from `feed` or `finish`, and the rows before it stay.
class JsonDecoder : public WindowedDecoder
{
public:
    static constexpr int kSearchDepth = 4;
    static constexpr std::int64_t kSearchBytes = 1024 * 1024;

    JsonDecoder(const DecodeOptions &options, std::optional<RowsPath> wanted,
                DecodeOutputs outputs);

    [[nodiscard]] DecodeFindings findings() const override;
    [[nodiscard]] Status flush() override;

private:
    /// What must come next.
    enum class State {
        Value,        ///< a value
        FirstKey,     ///< a key or `}`
        Key,          ///< a key
        FirstElement, ///< a value or `]`
        After,        ///< `,` or the end of the container
        FirstRow,     ///< a row or the end of the rows
        Row,          ///< a row
        AfterRow,     ///< `,` or the end of the rows
        SkippedRow,   ///< the rest of a bad row
        End           ///< nothing
    };
    enum class Search {
        Wanted, ///< the user named the place
        Open,   ///< candidates are collected, the document is kept
        Late,   ///< the bound has passed: the next array of objects is it
        Settled ///< the rows are at `m_rowsOffset`
    };
    /// Everything needed to go on from an earlier place of the window.
    struct Snapshot
    {
        std::int64_t at = 0;
        JsonStack stack;
        JsonEnvelope envelope;
    };
    struct BadRow
    {
        Error error;
        std::int64_t start;
        std::string text;
        ValueBoundary boundary;
    };
    /// Whether a step took something from the input; if not, it needs more.
    using Moved = Result<bool>;

    // json_decoder.cpp: walking the document
    [[nodiscard]] Status decode(bool atEnd) override;
    void restart() override;
    [[nodiscard]] std::int64_t neededFrom() const override;
    [[nodiscard]] Moved step(bool atEnd);
    [[nodiscard]] Moved takeKey(const char *at, bool atEnd);
    [[nodiscard]] Moved takeValue(const char *at, bool atEnd);
    [[nodiscard]] Moved takeScalar(const char *at, bool atEnd);
    [[nodiscard]] Moved openContainer(const char *at);
    [[nodiscard]] Moved closeContainer(const char *at);
    [[nodiscard]] Moved afterValue(const char *at);
    [[nodiscard]] Moved faulty(const JsonFault &fault, bool atEnd);
    [[nodiscard]] bool isTooLarge(std::int64_t size) const;
    [[nodiscard]] Status conclude();
    void consume(const char *to);
    void countLines();
    [[nodiscard]] Error errorAt(ErrorCode code, std::string_view reason, const char *place) const;

    // json_decoder_search.cpp: where the rows are
    struct Verdict
    {
        bool needsMore = false;
        std::optional<RowsShape> rows;
    };
    [[nodiscard]] Verdict judge(const char *at, bool atEnd);
    [[nodiscard]] Verdict judgeArray(const char *at, bool atEnd);
    [[nodiscard]] Verdict judgeRootArray(const char *at, const char *element, bool atEnd);
    void judgeClosedObject(const JsonFrame &frame);
    void consider(RowsCandidate::Rank rank, RowsShape shape, const Snapshot &start);
    [[nodiscard]] Snapshot snapshot() const;
    void settleOn(const Snapshot &start, RowsShape shape);
    void limitSearch();
    [[nodiscard]] Moved settleAtEnd(bool atEnd);
    [[nodiscard]] Error rowsNotFound() const;

    // json_decoder_rows.cpp: reading rows
    [[nodiscard]] Moved beginRows(const char *at, RowsShape shape);
    [[nodiscard]] Moved stepRows(bool atEnd);
    [[nodiscard]] Moved takeRow(const char *at, bool atEnd);
    const char *readRow(const char *at);
    const char *readKeyedRow(const char *at);
    const char *readCells(const char *at, const char *next);
    [[nodiscard]] Moved takeBadRow(const char *at, JsonFault fault, bool atEnd);
    [[nodiscard]] Moved skipBadRow(bool atEnd);
    [[nodiscard]] Moved giveUpAt(const char *at, std::string_view reason, bool atEnd);
    [[nodiscard]] Moved giveUp(Error error, std::string_view text, std::int64_t start);
    [[nodiscard]] Moved endRows(const char *at);
    [[nodiscard]] Moved takeColumns(const char *at);
    [[nodiscard]] Status followDelegate(bool atEnd);

    const DecodeOptions m_options;
    const std::optional<RowsPath> m_wanted;
    const DecodeOutputs m_outputs;
    JsonLexer m_lexer;
    RowIntake m_intake;
    PartialValue m_partial;

    State m_state = State::Value;
    JsonStack m_stack;
    JsonEnvelope m_envelope;
    bool m_isFinished = false;
    std::int64_t m_line = 1;
    std::int64_t m_countedTo = 0;

    Search m_search = Search::Open;
    RowsCandidate m_candidate;
    Snapshot m_candidateStart;
    Snapshot m_rootStart;
    std::optional<Snapshot> m_dataStart;
    bool m_isErrorLikely = false; ///< the top-level array starts like an error report
    std::vector<std::string> m_arraysSeen;
    std::int64_t m_rowsOffset = -1;
    RowsShape m_shape = RowsShape::Elements;

    std::string m_rowsAt;
    bool m_isFirstRow = true;
    bool m_rowsClosed = false;
    std::int64_t m_rowsClosedAt = 0;
    std::optional<BadRow> m_badRow;
    JsonFault m_rowFault;
    std::unique_ptr<NdjsonDecoder> m_delegate;
};

/// Errors: InvalidArgument for a `rowsAt` that is no path.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeJsonDecoder(const DecodeOptions &options,
                                                                  DecodeOutputs outputs);

} // namespace freshet::decode

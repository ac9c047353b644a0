// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "columnar/batch_builder.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::decode {

enum class Format { Auto, Json, Ndjson, Csv, Tsv };

[[nodiscard]] std::string_view formatName(Format format);
[[nodiscard]] std::optional<Format> formatByName(std::string_view name);

/// A row that could not be taken, with everything needed to find it again.
struct RejectedRow
{
    Error error;         ///< code, line, byte offset, reason, excerpt
    std::string rawText; ///< the whole row, cut to 64 KiB
};

/// Where bad rows go.
class RejectSink
{
public:
    virtual ~RejectSink() = default;
    /// Output: whether to keep going; if not, the decoder stops with the row's error.
    [[nodiscard]] virtual bool reject(RejectedRow row) = 0;
};

/// Where whole batches go. Called on the thread that feeds the decoder.
class BatchSink
{
public:
    virtual ~BatchSink() = default;
    /// `resumeAt` is the offset in the decoded stream just after the batch's last row.
    [[nodiscard]] virtual Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) = 0;
};

struct DecodeOptions
{
    Format format = Format::Auto;
    /// JSON: where the rows are, for example `$.result.records` or `$.hits.hits[*]._source`; empty:
    /// found by itself.
    std::string rowsAt;
    /// Nested objects become dotted columns; else they stay json.
    bool flatten = true;
    /// CSV; `\0` means sniffed.
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
    Limits limits;
};

/// What a decoder learned besides the rows.
struct DecodeFindings
{
    Format format = Format::Auto;
    /// JSON: the path the rows were found at.
    std::string rowsAt;
    /// JSON: the closing bracket of the rows array (and of the document) was seen.
    bool arrayClosed = false;
    ByteOffset arrayClosedAt;
    /// Members beside the rows, by path, as JSON text (cut to 64 KiB each, 1 MiB in all).
    std::map<std::string, std::string> envelope;
    /// A total that the document itself declares, with the member it came from.
    std::optional<RowCount> declaredTotal;
    std::string declaredTotalFrom;
    /// JSON: what the document itself says is wrong with its rows although it is whole, for example
    /// `$.timed_out is true`: the rows are not all.
    std::optional<std::string> inBandProblem;
    /// CSV and TSV: how the file is written, in terms of DecodeOptions; nothing until it is known,
    /// or if the options cannot say it.
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
    /// Notes for the evidence: "delimiter ';', header found", "duplicate key \"id\" kept as id#2".
    std::vector<std::string> notes;
};

/// Turns a stream of bytes into rows in a BatchBuilder, and hands full batches to a BatchSink.
///
/// Laws (each is a test for each decoder): any split of the input gives the same rows; memory stays
/// within the largest row plus one batch; a bad row goes to the RejectSink and decoding goes on or
/// stops as it says; a broken stream is an Error and stays one; limits end in a clear Error.
///
/// Threads: one thread at a time.
class RowDecoder
{
public:
    virtual ~RowDecoder() = default;
    /// Errors: what the sink said; Truncated, SyntaxError … where the stream itself is broken.
    [[nodiscard]] virtual Status feed(std::string_view bytes) = 0;
    /// The stream has ended as its transport says it should. Decodes what is left, seals the last
    /// batch. Errors: Truncated if the last unit is not whole (it is not committed).
    [[nodiscard]] virtual Status finish() = 0;
    /// Seal and hand on the rows decoded so far, so that they become visible.
    [[nodiscard]] virtual Status flush() = 0;
    /// Start again at byte 0.
    virtual void reset() = 0;
    /// The offset just after the last whole row: where a resumed download may start.
    [[nodiscard]] virtual ByteOffset position() const = 0;
    [[nodiscard]] virtual DecodeFindings findings() const = 0;
};

/// Everything a decoder writes to. The references outlive the decoder.
struct DecodeOutputs
{
    columnar::BatchBuilder &builder;
    BatchSink &batches;
    RejectSink &rejects;
};

/// A decoder for `options.format`, which is not Auto (see `chooseFormat`).
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeDecoder(const DecodeOptions &options,
                                                              DecodeOutputs outputs);

/// Pick the format from the content type, the URL or file name (suffix, behind any `.gz` …) and the
/// first bytes of the decoded body, in this order of trust: first bytes that exclude a format beat
/// both names. Output: the format and one sentence that says why.
/// Errors: WrongContentType, naming what came (an HTML page, an image …).
struct FormatChoice
{
    Format format;
    std::string reason;
};
[[nodiscard]] Result<FormatChoice> chooseFormat(std::string_view contentType, std::string_view name,
                                                std::string_view firstBytes);
/// Bytes that `chooseFormat` wants to see unless the body is shorter.
inline constexpr std::size_t kFormatSniffBytes = 4096;

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "columnar/batch_builder.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freshet::decode {

enum class Format {
    Auto,
    Json,
    Ndjson,
    Csv,
    Tsv,
    Sse,
    MsgPack,
    Cbor,
    GrpcWeb,
    WebSocket,
    Postgres,
    Parquet, ///< this and the next are read from a whole file: see `isTableFormat`
    Arrow,   ///< IPC file, IPC stream, Feather v2
    Zip,     ///< not rows but files with rows
};

/// Whether rows of this format are typed already and need the whole file, not a stream: decoders of
/// this folder do not know it.
[[nodiscard]] constexpr bool isTableFormat(Format format)
{
    return format == Format::Parquet || format == Format::Arrow;
}

[[nodiscard]] std::string_view formatName(Format format);
[[nodiscard]] std::optional<Format> formatByName(std::string_view name);

/// A row that could not be taken, with everything needed to find it again.
struct RejectedRow
{
    Error error;         ///< code, line, byte offset, reason, excerpt
    std::string rawText; ///< the whole row, cut to 64 KiB
    /// The decoder's position then: once it is larger, this row will not be read again.
    ByteOffset foundAt;
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

/// What the messages of a gRPC stream are made of.
struct MessageSchema
{
    /// A serialized google.protobuf.FileDescriptorSet that holds `typeName` and all it uses.
    std::string descriptorSet;
    std::string typeName; ///< of one response message, with its package
    /// The repeated message field whose elements are the rows; empty: each message is one.
    std::string rowsField;
};

struct DecodeOptions
{
    Format format = Format::Auto;
    /// As the response says it: tells framings apart that share a format (grpc-web, grpc-web-text).
    std::string contentType;
    /// The response's header fields: gRPC's message coding and a status without a body are there.
    std::vector<std::pair<std::string, std::string>> headers;
    /// JSON: where the rows are, for example `$.result.records` or `$.hits.hits[*]._source`; empty:
    /// found by itself.
    std::string rowsAt;
    /// JSON: the document is one of several pages. Without a list of rows it has none, rather than
    /// being a row itself or an error.
    bool isPage = false;
    /// JSON: names for the columns of rows that are arrays, unless the document has its own: of
    /// several pages only the first may say them.
    std::vector<std::string> columnNames;
    /// Nested objects become dotted columns; else they stay json.
    bool flatten = true;
    /// CSV; `\0` means sniffed.
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
    /// SSE: the event types that become rows; empty: all that say nothing about the stream itself.
    std::vector<std::string> eventTypes;
    /// SSE: the id that the stream goes on behind: its events have it until they bring another.
    std::string lastEventId;
    MessageSchema messages;
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
    /// JSON: the names of columns that rows as arrays have no names for themselves.
    std::vector<std::string> columnNames;
    /// A total that the document itself declares, with the member it came from.
    std::optional<RowCount> declaredTotal;
    std::string declaredTotalFrom;
    /// JSON: what the document itself says is wrong with its rows although it is whole, for example
    /// `$.timed_out is true`: the rows are not all.
    std::optional<std::string> inBandProblem;
    /// A failing server's report behind the last row, kept with the bad rows where it was none.
    std::optional<Error> lastWord;
    /// CSV and TSV: how the file is written, in terms of DecodeOptions; nothing until it is known,
    /// or if the options cannot say it.
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
    /// How the stream itself said that it is whole: "a complete event", "grpc-status 0".
    std::optional<std::string> endStated;
    /// SSE: the id that a reconnection goes on behind, as of the last row; and the server's delay.
    std::optional<std::string> lastEventId;
    /// SSE: how many of the last rows came with `lastEventId` or behind it; a server that goes on
    /// may send those again.
    std::int64_t rowsSinceEventId = 0;
    std::optional<std::chrono::milliseconds> reconnectAfter;
    /// gRPC: fields on the wire that the schema does not know.
    std::int64_t unknownFields = 0;
    /// gRPC: why the messages cannot be of their schema: values are missing in the rows.
    std::optional<std::string> schemaProblem;
    /// Sentences for the evidence that speak neither for nor against.
    std::vector<std::string> remarks;
    /// Notes for the evidence: "delimiter ';', header found", "duplicate key \"id\" kept as id#2".
    std::vector<std::string> notes;
};

/// How far a stream says it is, of its own accord.
struct DeclaredProgress
{
    std::optional<RowCount> done;
    std::optional<RowCount> total;
    /// `done` has always been the number of rows at the time. If not, the two count something else
    /// (bytes, pages, per cent), and only their ratio means something.
    bool countsRows = true;
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
    /// The same where nothing but the close of a connection says that the stream has ended: a last
    /// row that might have gone on (a line of CSV without its end, a bare number) is no row. It is
    /// kept with the bad ones; Truncated says so.
    [[nodiscard]] virtual Status finishUnproven() { return finish(); }
    /// Seal and hand on the rows decoded so far, so that they become visible.
    [[nodiscard]] virtual Status flush() = 0;
    /// Start again at byte 0.
    virtual void reset() = 0;
    /// The offset just after the last whole row: where a resumed download may start.
    [[nodiscard]] virtual ByteOffset position() const = 0;
    [[nodiscard]] virtual DecodeFindings findings() const = 0;
    /// Whether the stream itself said that it is over, so that nothing is worth waiting for
    /// although its transport has not ended.
    [[nodiscard]] virtual bool hasEnded() const { return false; }
    /// From progress events and the like; cheap, asked for once a block.
    [[nodiscard]] virtual std::optional<DeclaredProgress> declaredProgress() const
    {
        return std::nullopt;
    }
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

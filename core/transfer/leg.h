// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "decode/row_decoder.h"
#include "transfer/errand.h"
#include "transfer/held_doubt.h"
#include "transport/prefix_digest.h"
#include "transport/transport.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// How a leg meets an interruption.
enum class LegMeans {
    /// The body goes on by a byte range or by reading it again, as ResumingTransport does.
    Resuming,
    /// The answer is taken in whole, at most `Leg::kMaxBuffered` bytes, before any of it is
    /// decoded:
    /// one that fails half-way is asked for again, and nobody sees the failed one. For pages.
    WholeFirst,
    /// It is not tried again: the planner says what comes next. For streams that go on by a token.
    Once,
    /// The answer is a file. One that lies on this machine is read where it is; another is kept in
    /// `Leg::keepIn` first, as FileDownload does, and stays there for a later run. Its rows come
    /// when it is whole.
    AsFile,
};

/// One request of a download that takes several: a page, a reconnection, what is new since a token.
struct Leg
{
    static constexpr ByteCount kMaxBuffered = 64_MiB;
    /// Name in `keepIn` of a file that is there whole.
    static constexpr const char *kKeptFile = "file";

    transport::ByteRequest request;
    std::string label; ///< for progress and evidence: "page 3", "after event 41"
    LegMeans means = LegMeans::Resuming;
    /// To be waited before it is sent; shown as a countdown if `waitsFor` says what went wrong.
    std::chrono::milliseconds delay{0};
    std::optional<Error> waitsFor;
    int retry = 0; ///< number of this try, if it is one
    /// The answer may begin with rows that are held already: those among the last
    /// `LegPlanner::borderRows` rows are compared by content and dropped, each once.
    bool mayRepeatBorder = false;
    /// For its decoder: see the members of DecodeOptions of the same names.
    bool isPage = false;
    std::vector<std::string> columnNames;
    std::string lastEventId;
    /// Done in place of the request; the answer then has neither head nor rows.
    std::shared_ptr<Errand> errand;
    /// The answer begins with so many rows that are held: they are passed over, by number.
    RowCount heldRows;
    /// A document of its own: its format is found anew, and it is gone on with by its bytes. So are
    /// its first rows, which are held already and passed over.
    bool isDocument = false;
    RowCount passOver;
    /// What the bytes of those rows have been: if they are not the same, neither is the document.
    transport::PrefixDigest passedOver;
    /// Only an answer that brings the whole document at once will do (see HeldDoubt).
    bool isOnePiece = false;
    std::filesystem::path keepIn; ///< for AsFile, a folder's name: see `Library::workFolder`
    std::string fileName;         ///< what its rows have in the file column
    /// False: the file itself is what the planner wants.
    bool holdsRows = true;
};

/// What came of a leg. Everything that it decoded has been handed on.
struct LegReport
{
    std::shared_ptr<const transport::ResponseHead> head; ///< null if there was no answer
    std::optional<transport::TransportEnd> end;          ///< unset if it failed
    std::optional<Error> error;                          ///< what ended it early
    decode::DecodeFindings findings;
    RowCount rows;                     ///< decoded
    RowCount newRows;                  ///< of those, the ones that were not held already
    RowCount rejected;                 ///< could not be read, and are not among `rows`
    std::chrono::microseconds took{0}; ///< from sending the request to the last byte
    ByteCount decodedBytes;
    std::vector<transport::Header> trailers; ///< see Transport::trailers
    ByteCount wireBytes;
    /// Of a leg that comes as a file: where it is, and what a download knows of it.
    std::filesystem::path file;
    std::vector<std::string> fileProof;
};

/// What follows a leg.
struct NextLegs
{
    /// The download is over; legs that are under way are dropped. See `LegPlanner::outcome`. This
    /// makes no new point to go on from: a later run, if there is one, asks for this leg again.
    bool isOver = false;
    /// Legs that are under way are dropped all the same: `legs` take their place.
    bool dropsUnderWay = false;
    /// What was found out about the source, to be told before it is acted upon: "looks like pages
    /// by cursor: …".
    std::string notice;
    /// To be sent now, in the order in which their rows belong into the table. May be empty while
    /// legs given earlier are under way.
    std::vector<Leg> legs;
};

/// What a planner has to say of the whole, for the verdict. Sentences with figures.
struct PlanOutcome
{
    std::vector<std::string> proof;   ///< that the rows are all: "page 12 has no next link"
    std::vector<std::string> loss;    ///< that they are not
    std::vector<std::string> remarks; ///< on the way: "12 pages", "reconnected 3 times"
    /// A total that speaks of the whole download, in place of any that single answers declare.
    std::optional<RowCount> declaredTotal;
    std::string declaredTotalFrom;
    std::optional<Error> error; ///< what stopped it, if it did not come to its end
    /// There is something to go on with, though it may have no row yet: a job that was started.
    bool canGoOn = false;
    /// Against the rows of the document that it stopped in, as a later run has to know.
    HeldDoubt doubt = HeldDoubt::None;
};

/// Decides which requests a download makes, one after the other or some at once, and where a later
/// run would go on.
///
/// The rows of all legs go into one dataset, in the order of the legs. Threads: one thread at a
/// time (the decoding one, once the transfer runs).
class LegPlanner
{
public:
    virtual ~LegPlanner() = default;

    /// Before the first leg is sent: where errands may keep files. The folder is made by who uses
    /// it, stays with an incomplete dataset and goes with what is kept in it once it is complete.
    virtual void spoolInto(const std::filesystem::path &folder) { (void)folder; }
    /// The first leg; after `restore`, the one that goes on.
    [[nodiscard]] virtual Result<Leg> first() = 0;
    /// A leg is over: judge it and say which come next. Reports come in the order of the legs. A
    /// failed leg is the planner's to judge: with `isOver` its error goes into `outcome`.
    [[nodiscard]] virtual NextLegs judge(const LegReport &report) = 0;
    /// Readable once `judge` said that it is over, or when the transfer was stopped from outside.
    [[nodiscard]] virtual PlanOutcome outcome() const = 0;

    /// `batch` holds the next rows as the leg brought them, repeated ones too. Errors: what is
    /// wrong with the leg; none of its rows is taken from here on.
    [[nodiscard]] virtual Status admit(const columnar::RecordBatch &batch)
    {
        (void)batch;
        return {};
    }
    /// `batch` holds the next rows, in the middle of a leg. Output: whether the download could go
    /// on behind them, so that `state()` may be committed with them. Planners that can go on only
    /// between legs say false.
    [[nodiscard]] virtual bool advance(const columnar::RecordBatch &batch,
                                       const decode::DecodeFindings &findings)
    {
        (void)batch;
        (void)findings;
        return false;
    }
    /// After `restore`: the dataset holds so many rows behind that state, from a batch that a limit
    /// cut. Output: whether the planner has them passed over (`Leg::heldRows`); else those that
    /// come again are known by their content.
    [[nodiscard]] virtual bool passOver(RowCount rows)
    {
        (void)rows;
        return false;
    }
    /// Told before each `advance` of a leg that is a document: of its rows, the first `rows` came
    /// out of the bytes that `digest` is of, or of those and some more.
    virtual void reached(RowCount rows, const transport::PrefixDigest &digest)
    {
        (void)rows;
        (void)digest;
    }
    /// How many of the last rows the next leg may bring again (see `Leg::mayRepeatBorder`).
    [[nodiscard]] virtual std::int64_t borderRows() const { return 0; }

    /// The leg under way asks for rows behind all that the dataset held before. An answer that
    /// begins as the dataset does has ignored that.
    [[nodiscard]] virtual bool asksForNewOnly() const { return false; }
    /// The source sends again what it was not asked for: from here on, each row that the dataset
    /// held before is told by its content and dropped. `admit` may find that out; `foundAllAgain`
    /// is called where the rows themselves show it.
    [[nodiscard]] virtual bool sendsAllAgain() const { return false; }
    virtual void foundAllAgain() {}

    /// Everything that a later run needs to go on behind what was judged and advanced over so far,
    /// as JSON text without secrets.
    [[nodiscard]] virtual std::string state() const = 0;
    /// Errors: LibraryDamaged.
    [[nodiscard]] virtual Status restore(std::string_view state) = 0;
    /// After `restore`: what speaks against the rows of the document that it goes on in.
    virtual void doubtHeldRows(HeldDoubt doubt) { (void)doubt; }
    /// What a run from this state does first, in a sentence: "asks for page 13".
    [[nodiscard]] virtual std::string plan() const = 0;
    /// Whether a run from this state goes on behind the rows that are here; else it has everything
    /// sent once more, and passes over them.
    [[nodiscard]] virtual bool goesOn() const { return true; }
    /// Which documents before this state did not come whole, and why: "b.json: …". No run from here
    /// reads them again.
    [[nodiscard]] virtual std::vector<std::string> fellShort() const { return {}; }
};

struct PlanPoint;

/// Where `planner` would go on now.
[[nodiscard]] PlanPoint planPointOf(const LegPlanner &planner);

/// For a planner that has nothing left to ask for though the dataset is not whole. `done`: "3 files
/// are read".
[[nodiscard]] Error nothingIsLeft(const std::string &done,
                                  const std::vector<std::string> &fellShort);
/// `error` with the name of the document that it is about in its detail.
[[nodiscard]] Error placedIn(const std::string &name, Error error);

struct DownloadRequest;

/// The planner that `request` needs; null if it is one request with one answer.
/// Errors: InvalidArgument, naming the option.
[[nodiscard]] Result<std::unique_ptr<LegPlanner>> makeLegPlanner(const DownloadRequest &request);
/// The planner for a request without one whose first answer turns out to be in `format`, before any
/// of it is decoded; null if one answer is all there is. It is not asked for `first()`.
[[nodiscard]] std::unique_ptr<LegPlanner> makePlannerForFormat(const DownloadRequest &request,
                                                               decode::Format format);

} // namespace freshet::transfer

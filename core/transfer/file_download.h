// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/verdict.h"
#include "transport/resuming_transport.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

class PartFile;
class PieceFetch;
class DigestQuestion;
struct FileFacts;

/// What to download into which file.
struct FileDownloadRequest
{
    /// An http, https, s3 or sftp URL. Its codings are left to us: a file is asked for as it is.
    transport::ByteRequest bytes;
    std::filesystem::path file;
    transport::RetryPolicy retry;
    /// What the file has to be, 64 hexadecimal digits; empty: nothing known.
    std::string sha256;
    /// Ask for `URL.sha256` first and hold the file to it. It is also held to `bytes.stated`.
    bool hasSha256Beside = false;
    /// Pieces of the file are fetched side by side over so many connections where its server does
    /// ranges of a file that a strong validator pins; else one.
    int connections = 1;
    /// No piece is shorter, and neither is what is worth more than one connection.
    ByteCount leastPiece = 1_MiB;
    /// The request anew, once the server refuses it because its address has expired. Called on the
    /// thread of `run`; empty: the refusal is the end.
    std::function<Result<transport::ByteRequest>()> renew;
    /// Hears of waits between tries, beside `FileDownloadProgress::waiting`; may be null.
    transport::RetryListener *listener = nullptr;

    static constexpr int kMaxConnections = 16;

    /// Errors: InvalidArgument, Unsupported (another scheme), UrlInvalid.
    [[nodiscard]] Status validate() const;
};

struct FileDownloadProgress
{
    ByteCount held; ///< of the file, those of earlier runs included
    std::optional<ByteCount> total;
    ByteCount wireBytes; ///< received in this run
    int retries = 0;
    /// While it waits to try again: why, and for how long.
    std::optional<transport::RetryNotice> waiting;
};

/// How it went. Never without evidence.
struct FileDownloadReport
{
    std::filesystem::path file; ///< the whole file, or its `.part`
    Verdict verdict;
    std::optional<Error> error; ///< what ended it early
    bool isOther = false;       ///< all of it came, and it is not what was stated of it
    ByteCount bytes;            ///< held
    ByteCount earlierBytes;     ///< of those, from runs before this one
    ByteCount wireBytes;        ///< received in this run
    ByteCount bytesReadAgain;   ///< received twice, found the same, passed over
    int retries = 0;
    std::string sha256; ///< of the bytes held, in hexadecimal digits
    std::optional<transport::ResponseHead> head;
    transport::TransportTiming timing;
    std::chrono::system_clock::time_point started; ///< of the first run
};

/// Downloads one file as its bytes are sent, coded or not, and survives interruptions.
///
/// The bytes go to `FILE.part`; only a whole file gets the name `FILE`, in place of an earlier one.
/// A later run for the same file goes on where this one stopped, after a crash as well: the bytes
/// that are here are checked first, then the rest is asked for by a byte range that a strong
/// validator pins (rules R7–R12), or the whole is read again and compared. A file that changed at
/// its source begins again; an HTML page in its place does not. Nor does such a page become the
/// file where the name says that it is something else (see `PageGuard`).
/// Verdict: verified by its length, or a digest that the server or the caller states; incomplete
/// if cut, or not what was stated. Such a file stays `FILE.part`.
/// Threads: `run` once, on any thread; the rest from any thread.
class FileDownload
{
public:
    /// Errors: those of `FileDownloadRequest::validate`.
    [[nodiscard]] static Result<std::unique_ptr<FileDownload>> create(FileDownloadRequest request);
    ~FileDownload();

    [[nodiscard]] FileDownloadReport run(const CancelToken &cancel);
    [[nodiscard]] FileDownloadProgress progress() const;
    /// End a wait between two tries.
    void retryNow();

    /// A source that changes under our hands is begun again so many times in one run.
    static constexpr int kMaxRestarts = 2;
    /// An address is asked for anew so many times without a byte in between.
    static constexpr int kMaxRenewals = 2;

private:
    class Intake;

    explicit FileDownload(FileDownloadRequest request);
    [[nodiscard]] Status prepare(const CancelToken &cancel);
    void setQuestion(DigestQuestion *question);
    [[nodiscard]] Result<transport::TransportEnd> fetch(PartFile &part, const CancelToken &cancel);
    [[nodiscard]] Result<transport::TransportEnd> fetchOnce(PartFile &part, bool goesOn,
                                                            const CancelToken &cancel);
    [[nodiscard]] FileFacts factsOf(PartFile &part,
                                    const Result<transport::TransportEnd> &end) const;
    [[nodiscard]] transport::HeldPrefix heldPrefix(PartFile &part) const;
    [[nodiscard]] Status renew(const Error &refusal);
    [[nodiscard]] Result<bool> preparePieces(PartFile &part, bool goesOn,
                                             const CancelToken &cancel);
    [[nodiscard]] Result<transport::TransportEnd> fetchPieces(PartFile &part,
                                                              const CancelToken &cancel);
    [[nodiscard]] Result<transport::TransportEnd> fetchStream(PartFile &part, bool goesOn,
                                                              const CancelToken &cancel);
    void conclude(PartFile &part, const Result<transport::TransportEnd> &end);
    [[nodiscard]] Status keep(PartFile &part, bool cameToItsEnd);

    FileDownloadRequest m_request;
    bool m_mayUsePieces = true; ///< false once the server has proved to be bad at ranges
    bool m_isRenewed = false;   ///< the address is not the one that the part began with
    FileDownloadReport m_report;
    std::vector<std::string> m_remarks;
    int m_continuations = 0;

    mutable std::mutex m_mutex; ///< guards what is below
    FileDownloadProgress m_progress;
    std::string m_whyAgain; ///< what the last retry was for
    std::unique_ptr<transport::ResumingTransport> m_transport;
    std::unique_ptr<PieceFetch> m_pieces;
    DigestQuestion *m_question = nullptr; ///< under way
};

} // namespace freshet::transfer

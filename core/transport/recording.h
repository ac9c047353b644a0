// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "transport/transport.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// The answers of one download in a file, with the times at which they came.
///
/// Format: the line `kMagic`, then frames of kind (u8), exchange (u32), microseconds since the
/// exchange began (u64), length (u32), all little-endian, and the payload. Kinds: D what the
/// download asked for (text of whoever records), Q request, H head, R head of a refusal, B bytes of
/// the body as on the wire, C size of an HTTP chunk that follows (u64), E end, X the bound was
/// reached. Payloads of Q, H, R and E are lines of `name value`; readers pass over names that they
/// do not know. E holds what the server said at the end, too: the status of a call, the tag of a
/// database's command, notices, as lines `trailer NAME: VALUE` of 64 KiB together at most. Secrets
/// are left out: of URLs and of header fields; bodies stay as they were.
namespace recording {

inline constexpr std::string_view kMagic = "FRESHET RECORDING 1\n";
inline constexpr std::string_view kSuffix = ".freshet-recording";

enum class Kind : char {
    Description = 'D',
    Request = 'Q',
    Head = 'H',
    Refusal = 'R',
    Bytes = 'B',
    Chunk = 'C',
    End = 'E',
    Bound = 'X',
};

/// How an exchange ended.
struct End
{
    Result<BodyEnd> outcome = BodyEnd::ConnectionClosed;
    TransportTiming phases;
    std::vector<Header> trailers; ///< see `Transport::trailers`
};

/// What tells one request from another, without secrets.
[[nodiscard]] std::string keyOf(const ByteRequest &request);

} // namespace recording

/// Writes a recording while a download runs.
///
/// A file that cannot be written does not disturb the download: the first error is kept for
/// `close`. Threads: thread-safe.
class RecordingWriter
{
public:
    static constexpr ByteCount kDefaultBound{std::int64_t(4) << 30};

    /// `bound`: bytes of bodies at most; what comes behind is left out, and replays end there.
    /// Errors: those of the file, which takes its place only with `close`.
    [[nodiscard]] static Result<std::shared_ptr<RecordingWriter>>
    create(const std::filesystem::path &file, std::string_view description,
           ByteCount bound = kDefaultBound);

    /// Output: the exchange's number.
    [[nodiscard]] std::uint32_t begin(const ByteRequest &request);
    void head(std::uint32_t exchange, std::chrono::microseconds at, const ResponseHead &head,
              recording::Kind kind = recording::Kind::Head);
    void bytes(std::uint32_t exchange, std::chrono::microseconds at, std::string_view bytes);
    void chunk(std::uint32_t exchange, std::chrono::microseconds at, std::int64_t size);
    void end(std::uint32_t exchange, std::chrono::microseconds at, const recording::End &end);
    /// Everything is written. Errors: the first that happened.
    [[nodiscard]] Status close();

private:
    RecordingWriter(AtomicFile file, ByteCount bound) : m_file(std::move(file)), m_bound(bound) {}
    void put(recording::Kind kind, std::uint32_t exchange, std::chrono::microseconds at,
             std::string_view payload);
    void flush();

    std::mutex m_mutex;
    AtomicFile m_file;
    const ByteCount m_bound;
    ByteCount m_body;
    std::string m_buffer;
    std::uint32_t m_exchanges = 0;
    bool m_isFull = false;
    std::optional<Error> m_error;
};

/// A recording that is read: where everything is; the bytes stay in the file.
///
/// Threads: thread-safe once it is loaded.
class Recording
{
public:
    /// One frame between begin and end of an exchange.
    struct Event
    {
        recording::Kind kind = recording::Kind::Bytes;
        std::chrono::microseconds at{0};
        ByteOffset place; ///< of the payload in the file
        std::uint32_t size = 0;
    };
    struct Exchange
    {
        std::string key;
        std::optional<ResponseHead> head;
        std::optional<ResponseHead> refusal;
        std::vector<Event> events;
        std::optional<recording::End> end; ///< unset: the recording stops within
        std::chrono::microseconds endedAt{0};
        bool isBounded = false;
    };

    /// Errors: those of the file; InvalidArgument for another file or version; Truncated with the
    /// byte where it breaks off.
    [[nodiscard]] static Result<std::shared_ptr<const Recording>>
    load(const std::filesystem::path &file);

    [[nodiscard]] const std::string &description() const { return m_description; }
    [[nodiscard]] const std::vector<Exchange> &exchanges() const { return m_exchanges; }
    [[nodiscard]] Result<std::string> payload(const Event &event) const;

private:
    Recording() = default;
    [[nodiscard]] Status readFrames();
    [[nodiscard]] Status takeFrame(recording::Kind kind, std::uint32_t exchange, Event event);

    File m_file;
    std::string m_description;
    std::vector<Exchange> m_exchanges;
};

} // namespace freshet::transport

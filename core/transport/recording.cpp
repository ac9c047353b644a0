// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/recording.h"

#include "transport/recording_text.h"

#include <array>

namespace freshet::transport {

namespace {

using recording::Kind;
using std::chrono::microseconds;

constexpr std::size_t kFrameHead = 1 + 4 + 8 + 4;
constexpr std::size_t kFlushAt = 256 << 10;
constexpr std::uint32_t kMostExchanges = 1 << 20;

template <typename Number>
void append(std::string &out, Number value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

template <typename Number>
Number numberAt(const char *bytes)
{
    Number value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value |= static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
}

} // namespace

std::string recording::keyOf(const ByteRequest &request)
{
    std::string key = request.method + ' ' + withoutSecrets(request.url);
    for (const char *name : {"Range", "Last-Event-ID"}) {
        if (const auto value = findHeader(request.headers, name))
            key.append(" ").append(*value);
    }
    if (!request.body.empty())
        key += " body " + std::to_string(std::hash<std::string>()(request.body));
    for (char &c : key) {
        if (c == '\n' || c == '\r')
            c = ' ';
    }
    return key;
}

Result<std::shared_ptr<RecordingWriter>> RecordingWriter::create(const std::filesystem::path &path,
                                                                 std::string_view description,
                                                                 ByteCount bound)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    std::shared_ptr<RecordingWriter> writer(new RecordingWriter(std::move(*file), bound));
    writer->m_buffer = recording::kMagic;
    writer->put(Kind::Description, 0, microseconds(0), description);
    return writer;
}

void RecordingWriter::put(Kind kind, std::uint32_t exchange, microseconds at,
                          std::string_view payload)
{
    m_buffer.push_back(static_cast<char>(kind));
    append(m_buffer, exchange);
    append(m_buffer, static_cast<std::uint64_t>(at.count()));
    append(m_buffer, static_cast<std::uint32_t>(payload.size()));
    m_buffer.append(payload);
    if (m_buffer.size() >= kFlushAt)
        flush();
}

void RecordingWriter::flush()
{
    if (!m_error) {
        if (auto written = m_file.write(m_buffer); !written)
            m_error = std::move(written).error();
    }
    m_buffer.clear();
}

std::uint32_t RecordingWriter::begin(const ByteRequest &request)
{
    const std::lock_guard lock(m_mutex);
    const std::uint32_t exchange = m_exchanges++;
    put(Kind::Request, exchange, microseconds(0), recording::keyOf(request));
    return exchange;
}

void RecordingWriter::head(std::uint32_t exchange, microseconds at, const ResponseHead &head,
                           Kind kind)
{
    const std::lock_guard lock(m_mutex);
    put(kind, exchange, at, recording::headText(head));
}

void RecordingWriter::bytes(std::uint32_t exchange, microseconds at, std::string_view bytes)
{
    const ByteCount size(static_cast<std::int64_t>(bytes.size()));
    const std::lock_guard lock(m_mutex);
    if (m_isFull)
        return;
    m_isFull = m_body + size > m_bound;
    m_body += size;
    if (m_isFull)
        put(Kind::Bound, exchange, at, {});
    else
        put(Kind::Bytes, exchange, at, bytes);
}

void RecordingWriter::chunk(std::uint32_t exchange, microseconds at, std::int64_t size)
{
    std::string payload;
    append(payload, static_cast<std::uint64_t>(size));
    const std::lock_guard lock(m_mutex);
    if (!m_isFull)
        put(Kind::Chunk, exchange, at, payload);
}

void RecordingWriter::end(std::uint32_t exchange, microseconds at, const recording::End &end)
{
    const std::lock_guard lock(m_mutex);
    put(Kind::End, exchange, at, recording::endText(end));
}

Status RecordingWriter::close()
{
    const std::lock_guard lock(m_mutex);
    flush();
    if (m_error)
        return fail(*m_error);
    return m_file.commit();
}

Result<std::shared_ptr<const Recording>> Recording::load(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::shared_ptr<Recording> recording(new Recording);
    recording->m_file = std::move(*file);
    if (auto read = recording->readFrames(); !read) {
        Error error = std::move(read).error();
        error.detail = path.string() + ": " + error.detail;
        return fail(std::move(error));
    }
    return recording;
}

Status Recording::readFrames()
{
    const auto size = m_file.size();
    if (!size)
        return fail(size.error());
    std::string magic(recording::kMagic.size(), '\0');
    if (*size < ByteCount(static_cast<std::int64_t>(magic.size())) ||
        !m_file.readAt(ByteOffset(), magic) || magic != recording::kMagic)
        return fail(ErrorCode::InvalidArgument, "not a recording of this version of Freshet");
    const ByteOffset end = ByteOffset() + *size;
    for (ByteOffset at(std::ssize(magic)); at < end;) {
        std::array<char, kFrameHead> head{};
        const bool hasHead = (end - at).value() >= std::ssize(head);
        if (hasHead)
            FRESHET_TRY(m_file.readAt(at, head));
        const ByteCount length(hasHead ? numberAt<std::uint32_t>(head.data() + 13) : 0);
        const ByteOffset payload = at + ByteCount(std::ssize(head));
        if (!hasHead || payload + length > end)
            return fail(Error{.code = ErrorCode::Truncated,
                              .detail = "the recording breaks off",
                              .byteOffset = at});
        FRESHET_TRY(takeFrame(
            static_cast<Kind>(head[0]), numberAt<std::uint32_t>(head.data() + 1),
            {.at = microseconds(static_cast<std::int64_t>(numberAt<std::uint64_t>(&head[5]))),
             .place = payload,
             .size = static_cast<std::uint32_t>(length.value())}));
        at = payload + length;
    }
    return {};
}

Status Recording::takeFrame(Kind kind, std::uint32_t number, Event event)
{
    event.kind = kind;
    const auto damaged = [&event](std::string what) {
        return fail(Error{
            .code = ErrorCode::SyntaxError, .detail = std::move(what), .byteOffset = event.place});
    };
    if (kind == Kind::Request && number == m_exchanges.size() && number < kMostExchanges)
        m_exchanges.emplace_back();
    if (kind != Kind::Description && number >= m_exchanges.size())
        return damaged("a frame of an exchange that has not begun");
    Exchange *const exchange = kind == Kind::Description ? nullptr : &m_exchanges[number];
    std::string text;
    if (kind != Kind::Bytes && kind != Kind::Bound) {
        auto read = payload(event);
        if (!read)
            return fail(std::move(read).error());
        text = std::move(*read);
    }
    switch (kind) {
    case Kind::Description:
        m_description = std::move(text);
        return {};
    case Kind::Request:
        exchange->key = std::move(text);
        return {};
    case Kind::Head:
        exchange->head = recording::headFrom(text);
        exchange->events.push_back(event);
        return {};
    case Kind::Refusal:
        exchange->refusal = recording::headFrom(text);
        return {};
    case Kind::Bytes:
    case Kind::Chunk:
        exchange->events.push_back(event);
        return {};
    case Kind::Bound:
        exchange->isBounded = true;
        exchange->endedAt = event.at;
        return {};
    case Kind::End:
        exchange->end = recording::endFrom(text);
        exchange->endedAt = event.at;
        return {};
    }
    return damaged("a frame of an unknown kind");
}

Result<std::string> Recording::payload(const Event &event) const
{
    std::string bytes(event.size, '\0');
    if (!bytes.empty())
        FRESHET_TRY(m_file.readAt(event.place, bytes));
    return bytes;
}

} // namespace freshet::transport

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/file_transport.h"

#include "transport/ascii.h"
#include "transport/body_reader.h"
#include "transport/url.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace freshet::transport {

namespace {

constexpr std::size_t kBlock = 1024 * 1024;

/// A descriptor that closes itself, unless it is borrowed.
class Descriptor
{
public:
    explicit Descriptor(int number, bool isOwned = true) : m_number(number), m_isOwned(isOwned) {}
    Descriptor(Descriptor &&other) noexcept
        : m_number(std::exchange(other.m_number, -1)), m_isOwned(other.m_isOwned)
    {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    Descriptor &operator=(Descriptor &&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0 && m_isOwned)
            ::close(m_number); // read only: nothing can be lost
    }
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }

private:
    int m_number;
    bool m_isOwned;
};

struct Source
{
    Descriptor descriptor;
    /// A pipe or terminal: bytes come when they come.
    bool isStream = false;
    std::optional<ByteCount> size;
};

Result<Source> openSource(const std::string &path)
{
    const bool isStandardInput = path == "-";
    // Without O_NONBLOCK the opening of a named pipe would wait for its writer, uncancellable.
    Descriptor descriptor =
        isStandardInput ? Descriptor(STDIN_FILENO, false)
                        : Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor.isOpen()) {
        if (errno == ENXIO)
            return fail(ErrorCode::InvalidArgument, path + " is no file that can be read");
        return fail(systemError(errno, path));
    }
    struct stat info = {};
    if (::fstat(descriptor.number(), &info) != 0)
        return fail(systemError(errno, path));
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidArgument, path + " is a folder, not a file");

    Source source{std::move(descriptor)};
    if (S_ISREG(info.st_mode)) {
        source.size = ByteCount(info.st_size);
        // Advice only: reading works without it.
        (void)::posix_fadvise(source.descriptor.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
    } else {
        source.isStream = true;
    }
    return source;
}

/// Wait until `source` can be read or `wake` says that the transfer was cancelled.
Status waitReadable(const Source &source, const Descriptor &wake, const std::string &path)
{
    pollfd waits[] = {{source.descriptor.number(), POLLIN, 0}, {wake.number(), POLLIN, 0}};
    while (::poll(waits, 2, -1) < 0) {
        if (errno != EINTR)
            return fail(systemError(errno, path));
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Transport>> FileTransport::create(ByteRequest request)
{
    std::string path = request.url;
    constexpr std::string_view kScheme = "file:";
    if (lowered(path).starts_with(kScheme)) {
        auto decoded = pathOfFileUrl(path);
        if (!decoded)
            return fail(std::move(decoded).error());
        path = std::move(*decoded);
    }
    return std::make_unique<FileTransport>(std::move(request), std::move(path));
}

FileTransport::FileTransport(ByteRequest request, std::string path)
    : m_request(std::move(request)), m_path(std::move(path))
{}

Result<TransportEnd> FileTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    auto source = openSource(m_path);
    if (!source)
        return fail(std::move(source).error());
    const Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.isOpen())
        return fail(systemError(errno, "eventfd"));
    const auto registration = cancel.onCancel([number = wake.number()] {
        const std::uint64_t one = 1;
        (void)!::write(number, &one, sizeof one); // cannot fail but when it was written already
    });

    ResponseHead head;
    head.finalUrl = m_request.url;
    head.contentLength = source->size;
    head.stated = m_request.stated;
    // Only its name and first bytes say that a file is compressed.
    std::string fileName =
        m_request.undoCodings ? m_path.substr(m_path.find_last_of('/') + 1) : std::string();
    BodyReader reader(sink, std::move(head), std::move(fileName), m_request.limits, m_board);
    reader.holdToHead();
    FRESHET_TRY(reader.begin());

    std::vector<char> block(kBlock);
    while (true) {
        if (source->isStream)
            FRESHET_TRY(waitReadable(*source, wake, m_path));
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const ssize_t got = ::read(source->descriptor.number(), block.data(), block.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0) {
            Error error = systemError(errno, m_path);
            FRESHET_TRY(reader.deliverHeld());
            return fail(std::move(error));
        }
        if (got == 0)
            break;
        FRESHET_TRY(reader.feed({block.data(), static_cast<std::size_t>(got)}));
    }
    FRESHET_TRY(reader.finish());
    return TransportEnd{source->isStream ? BodyEnd::ConnectionClosed : BodyEnd::LengthReached,
                        m_board.wireBytes(), m_board.decodedBytes(), reader.digestProof()};
}

} // namespace freshet::transport

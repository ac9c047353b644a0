// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/zip_transport.h"

#include "transport/ascii.h"
#include "transport/body_reader.h"
#include "transport/url.h"
#include "transport/zip_archive.h"

#include <vector>

namespace freshet::transport {

namespace {

constexpr std::size_t kBlock = 256 * 1024;

} // namespace

Result<std::unique_ptr<Transport>> ZipTransport::create(ByteRequest request)
{
    std::string path = request.url;
    if (lowered(path).starts_with("file:")) {
        auto decoded = pathOfFileUrl(path);
        if (!decoded)
            return fail(std::move(decoded).error());
        path = std::move(*decoded);
    }
    return std::make_unique<ZipTransport>(std::move(request), std::move(path));
}

ZipTransport::ZipTransport(ByteRequest request, std::filesystem::path path)
    : m_request(std::move(request)), m_path(std::move(path))
{}

Result<TransportEnd> ZipTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    auto archive = ZipArchive::open(m_path);
    if (!archive)
        return fail(std::move(archive).error());
    FRESHET_TRY(archive->openMember(m_request.member));

    ResponseHead head;
    head.finalUrl = m_request.url + '/' + m_request.member;
    std::string name = m_request.member.substr(m_request.member.find_last_of('/') + 1);
    BodyReader reader(sink, std::move(head), std::move(name), m_request.limits, m_board);
    FRESHET_TRY(reader.begin());
    std::vector<char> block(kBlock);
    while (true) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const auto got = archive->read(block);
        if (!got) {
            FRESHET_TRY(reader.deliverHeld());
            return fail(got.error());
        }
        if (*got == 0)
            break;
        FRESHET_TRY(reader.feed({block.data(), *got}));
    }
    FRESHET_TRY(reader.finish());
    return TransportEnd{BodyEnd::LengthReached, m_board.wireBytes(), m_board.decodedBytes()};
}

} // namespace freshet::transport

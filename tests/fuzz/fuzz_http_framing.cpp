// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chunked body reader, whole and split, and the response head parser. The first byte of the
// input gives the size of the pieces.
#include "transport/chunked_reader.h"
#include "transport/response_head.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace freshet;
using namespace freshet::transport;

namespace {

std::string readChunks(std::string_view bytes, std::size_t pieceSize)
{
    ChunkedReader reader(ByteCount(4096));
    std::string payload;
    Status status;
    while (status && !bytes.empty()) {
        const std::string piece(bytes.substr(0, pieceSize)); // of its own: reading on is noticed
        status = reader.feed(piece, [&payload](std::string_view part) -> Status {
            payload.append(part);
            return {};
        });
        bytes.remove_prefix(piece.size());
    }
    return payload + (reader.isComplete() ? " complete " : " open ") +
           (status ? "ok" : std::string(errorCodeName(status.error().code)));
}

void readHead(std::string_view bytes)
{
    Limits limits;
    limits.headerBytes = ByteCount(4096);
    ResponseHeadParser parser("GET", limits);
    while (!bytes.empty()) {
        const std::string_view line = bytes.substr(0, bytes.find('\n'));
        const bool isLast = line.size() == bytes.size();
        if (!parser.addLine(std::string(line) + '\n'))
            return;
        bytes.remove_prefix(isLast ? line.size() : line.size() + 1);
    }
    const MessageHead &head = parser.head();
    if (parser.isComplete() &&
        (head.status < 200 || (head.framing == BodyFraming::Length) !=
                                  (head.length && head.framing != BodyFraming::None)))
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    if (readChunks(bytes, bytes.size() + 1) != readChunks(bytes, 1U + data[0]))
        std::abort();
    readHead(bytes);
    return 0;
}

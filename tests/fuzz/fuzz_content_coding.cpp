// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A content decoder must give the same bytes and the same verdict however its input is split, and
// never crash. The first bytes of an input choose the coding and the split.
#include "transport/content_coding.h"

#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace freshet;

constexpr std::size_t kMaxOutput = 1 << 20;

struct Decoded
{
    std::string bytes;
    std::string verdict;
};

Decoded decode(std::string_view encoded, const std::string &coding, std::size_t longest)
{
    Decoded decoded;
    auto decoder = transport::makeContentDecoder({coding}, Limits());
    if (!decoder)
        std::abort();
    const auto collect = [&](std::string_view bytes) -> Status {
        decoded.bytes += bytes;
        if (decoded.bytes.size() > kMaxOutput)
            return fail(ErrorCode::LimitReached, "enough");
        return {};
    };
    std::minstd_rand random(static_cast<unsigned>(longest));
    Status status;
    while (status && !encoded.empty()) {
        const std::size_t size = longest == 0 ? encoded.size() : 1 + random() % longest;
        const std::string piece(encoded.substr(0, size));
        status = (*decoder)->feed(piece, collect);
        encoded.remove_prefix(piece.size());
    }
    if (status)
        status = (*decoder)->finish(collect);
    decoded.verdict = status ? "ok" : std::string(errorCodeName(status.error().code));
    return decoded;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    if (size < kHeaderBytes)
        return 0;
    static constexpr const char *kCodings[] = {"gzip", "deflate", "zstd", "br", "lz4"};
    const std::string coding = kCodings[data[0] % std::size(kCodings)];
    const std::string encoded(data + kHeaderBytes, data + size);
    const Decoded whole = decode(encoded, coding, 0);
    const Decoded split = decode(encoded, coding, 1u + data[1] % 40);
    if (whole.verdict == "LimitReached" && split.verdict == "LimitReached")
        return 0;
    // Where a stream is damaged, how much of the text before the place comes out may differ.
    const bool sameBytes = whole.verdict != "ok" || whole.bytes == split.bytes;
    if (whole.verdict != split.verdict || !sameBytes) {
        std::fprintf(stderr, "%s: whole %s, %zu bytes; split %s, %zu bytes\n", coding.c_str(),
                     whole.verdict.c_str(), whole.bytes.size(), split.verdict.c_str(),
                     split.bytes.size());
        std::abort();
    }
    return 0;
}

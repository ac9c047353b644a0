// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Header fields that say how much of a file is here, when to ask again, what its digest is and
// where else it lies. The first byte of an input chooses the field, the second the status.
#include "transport/byte_range.h"
#include "transport/retry_after.h"
#include "transport/stated_digests.h"
#include "transport/url.h"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace freshet;
using namespace freshet::transport;

void require(bool isTrue)
{
    if (!isTrue)
        std::abort();
}

ResponseHead headWith(unsigned char status, std::string name, std::string value)
{
    constexpr std::array kStatuses = {200, 206, 416, 503};
    ResponseHead head;
    head.status = kStatuses[status % kStatuses.size()];
    head.finalUrl = (status & 64) != 0 ? "s3://bucket/rows.csv" : "https://host.test/rows.csv";
    head.headers = {{"ETag", "\"one\""}, {std::move(name), std::move(value)}};
    return head;
}

void readRange(unsigned char status, const std::string &value)
{
    const ResponseHead head = headWith(status, "Content-Range", value);
    const Validator held{.etag = "\"one\"", .length = ByteCount(1000)};
    const ByteOffset offset(100);
    const RangeDecision decision = judgeRangeAnswer(head, offset, held);
    const auto range = ContentRange::parse(value);
    // Nothing is ever put behind what is here but the bytes that belong there.
    require(decision.answer != RangeAnswer::Append ||
            (head.status == 206 && range && range->first == offset));
}

void readDigests(unsigned char status, const std::string &value)
{
    constexpr std::array kNames = {"Repr-Digest", "Content-MD5", "X-Goog-Hash",
                                   "X-Amz-Checksum-Sha256", "ETag"};
    const std::size_t choice = static_cast<std::size_t>(status >> 2) % kNames.size();
    for (const StatedDigest &digest : statedDigests(headWith(status, kNames[choice], value)))
        require(digest.value.size() == digestSize(digest.kind));
    if (const auto digest = digestFromText(value, "rows.csv", "rows.csv.sha256"))
        require(digest->value.size() == digestSize(digest->kind));
}

void readUrl(const std::string &text)
{
    const auto base = Url::parse("https://host.test:8443/a/b?c=d");
    for (const auto &url : {Url::parse(text), base->resolve(text)}) {
        if (!url)
            continue;
        require(url->origin().starts_with("http"));
        const auto again = Url::parse(url->text());
        require(again && again->text() == url->text() && again->origin() == url->origin() &&
                !again->credentials());
    }
    (void)withoutSecrets(text);
    (void)pathOfFileUrl("file:" + text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    if (size < kHeaderBytes)
        return 0;
    const std::string value(data + kHeaderBytes, data + size);
    const HttpTime now{std::chrono::seconds(1'700'000'000)};
    switch (data[0] % 4) {
    case 0:
        readRange(data[1], value);
        break;
    case 1:
        if (const auto wait = parseRetryAfter(value, now))
            require(wait->count() >= 0 && *wait <= kMaxRetryAfter);
        (void)parseHttpDate(value, now);
        break;
    case 2:
        readDigests(data[1], value);
        break;
    default:
        readUrl(value);
    }
    return 0;
}

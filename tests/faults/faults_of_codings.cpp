// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_table.h"
#include "transport/encoded.h"

namespace freshet::test {

namespace {

using Encoder = std::string (*)(std::string_view);

std::string gzip(std::string_view text)
{
    return gzipOf(text);
}

/// The sample as a server holds it that encodes its answers.
Resource encodedResource(const Sample &sample, const std::string &coding, std::string body)
{
    Resource resource = sample.resource();
    resource.contentEncoding = coding;
    resource.body = std::move(body);
    return resource;
}

/// The encoded answer arrives as its length says, but `damage` was done to it before; then the
/// server encodes well.
void addDamage(std::vector<Fault> &faults, int number, const std::string &words,
               const std::string &coding, Encoder encode,
               const std::function<void(std::string &)> &damage, const Expected &expected)
{
    faults.push_back({number, words, [=](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {},
                                    .resource =
                                        encodedResource(sample, coding, encode(sample.body))};
                          Resource damaged = plan.resource;
                          damage(damaged.body);
                          plan.answers = {raw(damaged.whole())};
                          plan.runs = {expected};
                          plan.ranges = Ranges::Forbidden;
                          return plan;
                      }});
}

/// An unusual coding of the whole sample, which has to be understood.
void addUnusual(std::vector<Fault> &faults, int number, const std::string &words,
                const std::string &coding,
                const std::function<std::string(std::string_view)> &encode)
{
    faults.push_back({number, words, [=](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {},
                                    .resource =
                                        encodedResource(sample, coding, encode(sample.body))};
                          plan.runs = {whole()};
                          return plan;
                      }});
}

void flipByte(std::string &text, std::size_t at)
{
    text[at] = static_cast<char>(text[at] ^ 0x5A);
}

void addDamages(std::vector<Fault> &faults)
{
    const Expected corrupt = broken({ErrorCode::CodingCorrupt});
    const Expected cut = broken({ErrorCode::CodingTruncated});
    const auto flipFirst = [](std::string &text) {
        flipByte(text, 0);
    };
    const auto cutTail = [](std::string &text) {
        text.resize(text.size() - 9);
    };
    addDamage(faults, 16, "damaged gzip header", "gzip", gzip, flipFirst, corrupt);
    addDamage(faults, 16, "damaged zstd header", "zstd", zstdOf, flipFirst, corrupt);
    addDamage(
        faults, 16, "damaged deflate header", "deflate", zlibOf,
        [](std::string &text) { text.replace(0, 2, "\xFF\xFF"); }, corrupt);
    addDamage(
        faults, 16, "damaged brotli header", "br", brotliOf,
        [](std::string &text) { text.replace(0, 4, "\xFF\xFF\xFF\xFF"); },
        broken({ErrorCode::CodingCorrupt, ErrorCode::CodingTruncated}));
    addDamage(faults, 17, "gzip cut, its length kept", "gzip", gzip, cutTail, cut);
    addDamage(faults, 17, "zstd cut, its length kept", "zstd", zstdOf, cutTail, cut);
    addDamage(faults, 17, "brotli cut, its length kept", "br", brotliOf, cutTail, cut);
    addDamage(
        faults, 17, "gzip with a wrong checksum", "gzip", gzip,
        [](std::string &text) { flipByte(text, text.size() - 8); }, corrupt);
    addDamage(
        faults, 17, "gzip with a wrong size", "gzip", gzip,
        [](std::string &text) { flipByte(text, text.size() - 4); }, corrupt);
    addDamage(
        faults, 17, "zstd with a wrong checksum", "zstd", zstdOf,
        [](std::string &text) { flipByte(text, text.size() - 1); }, corrupt);
    faults.push_back({17, "gzip cut by the connection, whole on resume",
                      [](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {},
                                    .resource =
                                        encodedResource(sample, "gzip", gzipOf(sample.body))};
                          plan.answers = {cutAt(plan.resource, plan.resource.body.size() * 3 / 4)};
                          plan.runs = {broken({ErrorCode::ConnectionLost})};
                          // Offsets are those of encoded bytes, and rows lie in decoded ones.
                          plan.ranges = Ranges::Forbidden;
                          return plan;
                      }});
}

void addBomb(std::vector<Fault> &faults)
{
    faults.push_back(
        {19, "decompression bomb behind good rows", [](const Sample &sample, const std::string &) {
             constexpr std::size_t kBombBytes = 72 << 20;
             Plan plan{.skipped = {}, .resource = sample.resource()};
             Resource bomb = sample.resource();
             bomb.etag.clear();
             bomb.contentEncoding = "zstd";
             bomb.body =
                 zstdOf(sample.body.substr(0, sample.border()) + std::string(kBombBytes, '\n'));
             plan.answers = {raw(bomb.whole())};
             plan.runs = {broken({ErrorCode::SizeLimitExceeded})};
             plan.isBeyondRepair = true; // blank lines were taken as such
             return plan;
         }});
}

} // namespace

std::vector<Fault> faultsOfCodings()
{
    std::vector<Fault> faults;
    addDamages(faults);
    addUnusual(faults, 18, "two gzip members", "gzip", [](std::string_view text) {
        return gzipOf(text.substr(0, text.size() / 2)) + gzipOf(text.substr(text.size() / 2));
    });
    addBomb(faults);
    addUnusual(faults, 20, "GZIP in capitals", "GZIP", gzip);
    addUnusual(faults, 20, "deflate, identity, gzip", "deflate, identity, gzip",
               [](std::string_view text) { return gzipOf(zlibOf(text)); });
    addUnusual(faults, 20, "bare deflate", "deflate", rawDeflateOf);
    addUnusual(faults, 20, "gzip with every header field", "gzip", [](std::string_view text) {
        return gzipOf(text, {.extra = std::string(60'000, 'e'),
                             .name = "rows",
                             .comment = "a comment",
                             .hasChecksum = true});
    });
    faults.push_back({20, "a coding called none", [](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          Resource none = sample.resource();
                          none.contentEncoding = "none";
                          plan.answers = {raw(none.whole())};
                          plan.runs = {broken({ErrorCode::CodingUnsupported})};
                          return plan;
                      }});
    return faults;
}

} // namespace freshet::test

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/table_signature.h"

#include <cstdint>
#include <cstring>

namespace freshet::decode {

namespace {

using namespace std::string_view_literals;

/// The schema that an Arrow stream begins with: a message of some kilobytes, a multiple of eight.
bool startsArrowStream(std::string_view bytes)
{
    constexpr std::uint32_t kMostMetadata = 64U << 20;
    std::uint32_t words[3]; // marker, length, offset of the root table
    if (bytes.size() < sizeof words)
        return false;
    std::memcpy(words, bytes.data(), sizeof words);
    return words[0] == 0xFFFFFFFF && words[1] > 0 && words[1] <= kMostMetadata &&
           words[1] % 8 == 0 && words[2] >= 4 && words[2] < words[1];
}

} // namespace

Format tableFormat(std::string_view firstBytes)
{
    // Text may begin with these four letters; behind them stands the first field of a page's or of
    // the file's metadata, an int32.
    if (firstBytes.starts_with("PAR1\x15"sv))
        return Format::Parquet;
    if (firstBytes.starts_with("ARROW1\0\0"sv) || startsArrowStream(firstBytes))
        return Format::Arrow;
    if (firstBytes.starts_with("PK\x03\x04"sv) || firstBytes.starts_with("PK\x05\x06"sv))
        return Format::Zip;
    return Format::Auto;
}

} // namespace freshet::decode

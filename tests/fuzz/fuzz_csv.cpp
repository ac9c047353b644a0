// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The CSV decoder must give the same however its input is split, and never crash. The first bytes
// of an input choose the options and the split, the rest is the file.
#include "split_run.h"

#include <string>
#include <string_view>

namespace {

using namespace freshet;
using namespace freshet::decode;

constexpr std::size_t kHeaderBytes = 2;

DecodeOptions optionsFrom(unsigned char choice)
{
    constexpr std::string_view kDelimiters("\0,;\t", 4);
    constexpr std::string_view kQuotes("\0\"'\"", 4);
    DecodeOptions options;
    options.format = (choice & 64) != 0 ? Format::Tsv : Format::Csv;
    options.delimiter = kDelimiters[choice & 3];
    options.quote = kQuotes[(choice >> 2) & 3];
    if ((choice & 16) != 0)
        options.hasHeader = (choice & 32) != 0;
    if ((choice & 128) != 0)
        options.limits.rowBytes = ByteCount(64);
    return options;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    if (size < kHeaderBytes)
        return 0;
    const DecodeOptions options = optionsFrom(data[0]);
    const std::string text(data + kHeaderBytes, data + size);
    freshet::fuzz::decodeBothWays(text, options, 1 + data[1] % 40);
    return 0;
}

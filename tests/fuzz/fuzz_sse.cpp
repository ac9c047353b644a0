// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoder of event streams must give the same however its input is split, and never crash. The
// first bytes of an input choose the options and the split, the rest is the stream.
#include "split_run.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    if (size < kHeaderBytes)
        return 0;
    freshet::decode::DecodeOptions options;
    options.format = freshet::decode::Format::Sse;
    options.flatten = (data[0] & 1) == 0;
    if ((data[0] & 2) != 0)
        options.eventTypes = {"message", "x", "error"};
    if ((data[0] & 4) != 0)
        options.lastEventId = "7";
    if ((data[0] & 8) != 0)
        options.limits.rowBytes = freshet::ByteCount(64);
    if ((data[0] & 16) != 0)
        options.limits.columns = 4;
    if ((data[0] & 32) != 0)
        options.limits.nestingDepth = 5;
    const std::string text(data + kHeaderBytes, data + size);
    (void)freshet::fuzz::decodeBothWays(text, options, 1u + data[1] % 40);
    return 0;
}

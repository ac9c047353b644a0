// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoder of binary COPY streams must give the same however its input is split, and never
// crash. The first bytes of an input choose limits, split and columns; the rest is the stream.
#include "split_run.h"

#include "transport/postgres_columns.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    using freshet::transport::PostgresColumn;
    using freshet::transport::PostgresType;
    constexpr std::size_t kHeaderBytes = 4;
    constexpr unsigned kTypes = static_cast<unsigned>(PostgresType::Jsonb) + 1;
    if (size < kHeaderBytes)
        return 0;
    freshet::decode::DecodeOptions options;
    options.format = freshet::decode::Format::Postgres;
    if ((data[0] & 8) != 0)
        options.limits.rowBytes = freshet::ByteCount(64);
    if ((data[0] & 16) != 0)
        options.limits.columns = 1;
    std::string stream(data + kHeaderBytes, data + size);
    if ((data[0] & 1) != 0)
        stream = freshet::transport::copyHeader(
                     {{"a", static_cast<PostgresType>(data[2] % kTypes), data[0] - 1},
                      {"b", static_cast<PostgresType>(data[3] % kTypes), -1}}) +
                 stream;
    (void)freshet::fuzz::decodeBothWays(stream, options, 1u + data[1] % 40);
    return 0;
}

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "demo/users_table.h"
#include "store/library.h"

#include <chrono>
#include <string>

namespace freshet::bench {

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Writes decoded batches into a dataset as they come.
class StoringSink : public decode::BatchSink, public decode::RejectSink
{
public:
    explicit StoringSink(store::DatasetWriter &writer) : m_writer(writer) {}

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        return m_writer.append(std::move(batch));
    }
    [[nodiscard]] bool reject(decode::RejectedRow) override { return false; }

private:
    store::DatasetWriter &m_writer;
};

/// A dataset with the first rows of the demo server's table of users.
inline Result<store::DatasetSnapshot> makeUsersDataset(store::Library &library, std::int64_t rows)
{
    auto writer = library.create({.name = "bench", .state = "Receiving"});
    if (!writer)
        return fail(std::move(writer).error());
    StoringSink sink(**writer);
    columnar::BatchBuilder builder;
    decode::DecodeOptions options;
    options.format = decode::Format::Ndjson;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    if (!decoder)
        return fail(std::move(decoder).error());
    const demo::UsersTable table(1);
    std::string text;
    for (std::int64_t row = 0; row < rows; ++row) {
        table.appendJson(text, row);
        text += '\n';
        if (text.size() > 1'000'000 || row + 1 == rows) {
            FRESHET_TRY((*decoder)->feed(text));
            text.clear();
        }
    }
    FRESHET_TRY((*decoder)->finish());
    FRESHET_TRY((*writer)->finish({.state = "Complete", .verdict = "verified"}));
    return (*writer)->dataset()->snapshot();
}

} // namespace freshet::bench

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/value_text.h"
#include "decode/row_decoder.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::fuzz {

/// Everything that one run of a decoder gave, drawn as text to be compared.
struct Outcome
{
    std::string rows;
    std::string rejects;
    Status status;
    std::int64_t position = 0;
    std::string findings;

    [[nodiscard]] std::string text() const
    {
        return rows + "\n-- " + rejects + "\n-- " + (status ? "ok" : status.error().toString()) +
               "\n-- " + std::to_string(position) + "\n-- " + findings;
    }
};

class RecordingSink final : public decode::BatchSink, public decode::RejectSink
{
public:
    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        m_batches.push_back(std::move(batch));
        return {};
    }
    [[nodiscard]] bool reject(decode::RejectedRow row) override
    {
        m_rejects += row.error.toString() + '\n' + row.error.excerpt + '\n' + row.rawText + '\n';
        return true;
    }
    [[nodiscard]] const std::string &rejects() const { return m_rejects; }
    [[nodiscard]] std::string rows(const columnar::SchemaPtr &schema) const
    {
        std::string text;
        for (const columnar::Field &field : schema->fields)
            text += field.name + ':' + field.type.encode() + ' ';
        for (const columnar::RecordBatch &batch : m_batches) {
            const auto conformed = columnar::conform(batch, schema);
            if (!conformed) // the builder promised that earlier batches can be widened
                std::abort();
            for (std::int64_t row = 0; row < conformed->rowCount; ++row) {
                text += '\n';
                for (const columnar::Column &column : conformed->columns) {
                    columnar::appendJson(text, column, row);
                    text += column.absence(row) == columnar::Absence::Missing ? "? " : " ";
                }
            }
        }
        return text;
    }

private:
    std::vector<columnar::RecordBatch> m_batches;
    std::string m_rejects;
};

/// Decode in pieces of at most `longest` bytes, some of them followed by a flush; 0: in one piece.
inline Outcome decodeIn(std::string_view text, const decode::DecodeOptions &options,
                        std::size_t longest)
{
    columnar::BatchBuilder builder(options.limits);
    RecordingSink sink;
    Outcome outcome;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    if (!decoder) {
        outcome.status = fail(decoder.error());
        return outcome;
    }
    std::minstd_rand random(static_cast<unsigned>(longest));
    // Elsewhere a flush may show: numbers that become text and then json are "1" or, where their
    // batch was sealed before, 1; and CSV decides on its dialect by what is there.
    const bool mayFlush = longest != 0 && (options.format == decode::Format::GrpcWeb ||
                                           options.format == decode::Format::Postgres);
    while (outcome.status && !text.empty()) {
        const std::size_t size = longest == 0 ? text.size() : 1 + random() % longest;
        const std::string piece(text.substr(0, size)); // of its own, so that reading on is noticed
        outcome.status = (*decoder)->feed(piece);
        text.remove_prefix(piece.size());
        if (outcome.status && mayFlush && random() % 8 == 0)
            outcome.status = (*decoder)->flush();
    }
    if (outcome.status)
        outcome.status = (*decoder)->finish();
    outcome.rows = sink.rows(builder.schema());
    outcome.rejects = sink.rejects();
    outcome.position = (*decoder)->position().value();
    const decode::DecodeFindings findings = (*decoder)->findings();
    for (const std::string &note : findings.notes)
        outcome.findings += note + "; ";
    for (const auto &[path, value] : findings.envelope)
        outcome.findings += path + '=' + value + "; ";
    outcome.findings += findings.rowsAt + (findings.arrayClosed ? " closed" : "");
    return outcome;
}

/// Decode whole and split; both must be equal. Output: the outcome.
inline Outcome decodeBothWays(std::string_view text, const decode::DecodeOptions &options,
                              std::size_t longest)
{
    Outcome whole = decodeIn(text, options, 0);
    const Outcome split = decodeIn(text, options, longest);
    if (whole.text() != split.text()) {
        std::fprintf(stderr, "whole: %s\nsplit in %zu: %s\n", whole.text().c_str(), longest,
                     split.text().c_str());
        std::abort();
    }
    return whole;
}

} // namespace freshet::fuzz

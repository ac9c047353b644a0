// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "support/decode_recorder.h"

#include <QByteArray>

namespace freshet::test {

/// Decode in every split; if one differs from the whole, the error says so instead.
inline DecodeOutcome decodeInEverySplit(const QByteArray &text,
                                        const decode::DecodeOptions &options,
                                        std::size_t mostSingleCuts = 400)
{
    const auto make = [&options](decode::DecodeOutputs outputs) {
        auto decoder = decode::makeDecoder(options, outputs);
        return decoder ? std::move(*decoder) : nullptr;
    };
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    const std::vector<Split> splits = splitsOf(bytes.size(), mostSingleCuts);
    const DecodeOutcome whole = decodeSplit(bytes, splits.front(), make);
    for (const Split &split : splits) {
        const DecodeOutcome outcome = decodeSplit(bytes, split, make);
        if (outcome != whole)
            return {.error =
                        QStringLiteral("differs when split %1:\n%2\nagainst\n%3")
                            .arg(QString::fromStdString(split.name), outcome.text(), whole.text())};
    }
    return whole;
}

/// What one run over the whole text leaves behind, findings too.
struct WholeRun
{
    DecodeRecorder recorder;
    Status status;
    decode::DecodeFindings findings;
    columnar::SchemaPtr schema;
    std::int64_t rows = 0;
    std::int64_t position = 0;

    [[nodiscard]] QString error() const
    {
        return status ? QString() : DecodeRecorder::errorText(status.error());
    }
};

inline void decodeWhole(WholeRun &run, const QByteArray &text, const decode::DecodeOptions &options,
                        columnar::BatchBuilder &builder)
{
    auto decoder =
        decode::makeDecoder(options, decode::DecodeOutputs{builder, run.recorder, run.recorder});
    if (!decoder) {
        run.status = fail(decoder.error());
        return;
    }
    run.status = (*decoder)->feed({text.constData(), static_cast<std::size_t>(text.size())});
    if (run.status)
        run.status = (*decoder)->finish();
    run.findings = (*decoder)->findings();
    run.position = (*decoder)->position().value();
    run.schema = builder.schema();
    for (const columnar::RecordBatch &batch : run.recorder.batches)
        run.rows += batch.rowCount;
}

inline void decodeWhole(WholeRun &run, const QByteArray &text, const decode::DecodeOptions &options)
{
    columnar::BatchBuilder builder(options.limits);
    decodeWhole(run, text, options, builder);
}

} // namespace freshet::test

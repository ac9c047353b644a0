// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_text.h"
#include "decode/row_decoder.h"
#include "support/split_feeder.h"

#include <QString>
#include <QStringList>

namespace freshet::test {

/// Keeps what a decoder hands out, and draws it as text.
class DecodeRecorder final : public decode::BatchSink, public decode::RejectSink
{
public:
    explicit DecodeRecorder(bool keepsGoing = true) : m_keepsGoing(keepsGoing) {}

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) override
    {
        batches.push_back(std::move(batch));
        positions.push_back(resumeAt);
        return {};
    }
    [[nodiscard]] bool reject(decode::RejectedRow row) override
    {
        rejects.push_back(std::move(row));
        return m_keepsGoing;
    }

    /// All rows under the last schema, as `batchText` draws them.
    [[nodiscard]] QString rows(const columnar::SchemaPtr &schema) const
    {
        std::vector<columnar::RecordBatch> conformed;
        for (const columnar::RecordBatch &batch : batches) {
            for (const columnar::Column &column : batch.columns)
                if (const QString fault = columnFault(column); !fault.isEmpty())
                    return QStringLiteral("fault: ") + fault;
            Result<columnar::RecordBatch> one = columnar::conform(batch, schema);
            if (!one)
                return QString::fromStdString(one.error().toString());
            conformed.push_back(*std::move(one));
        }
        if (conformed.empty())
            conformed.push_back(emptyBatch(schema));
        return batchText(columnar::concatenate(conformed));
    }

    /// `line 3, byte 12: WrongFieldCount: …`, one reject a line.
    [[nodiscard]] QString rejectedRows() const
    {
        QStringList lines;
        for (const decode::RejectedRow &row : rejects)
            lines += errorText(row.error);
        return lines.join(u'\n');
    }

    [[nodiscard]] static QString errorText(const Error &error)
    {
        const std::string_view code = errorCodeName(error.code);
        return QStringLiteral("line %1, byte %2: %3: %4")
            .arg(error.line.value_or(-1))
            .arg(error.byteOffset ? error.byteOffset->value() : -1)
            .arg(QUtf8StringView(code.data(), static_cast<qsizetype>(code.size())).toString(),
                 QString::fromStdString(error.detail));
    }

    std::vector<columnar::RecordBatch> batches;
    std::vector<ByteOffset> positions;
    std::vector<decode::RejectedRow> rejects;

private:
    static columnar::RecordBatch emptyBatch(const columnar::SchemaPtr &schema)
    {
        columnar::RecordBatch batch{.schema = schema};
        for (const columnar::Field &field : schema->fields)
            batch.columns.push_back(
                columnar::absentColumn(field.type, 0, columnar::Absence::Missing));
        return batch;
    }

    bool m_keepsGoing;
};

/// Everything one run of a decoder gave.
struct DecodeOutcome
{
    QString rows;
    QString rejects;
    QString error; ///< empty: none
    qint64 position = 0;
    QString notes;

    bool operator==(const DecodeOutcome &) const = default;

    [[nodiscard]] QString text() const
    {
        return QStringLiteral("%1\n-- rejects:\n%2\n-- error: %3\n-- position %4\n-- %5")
            .arg(rows, rejects, error)
            .arg(position)
            .arg(notes);
    }
};

/// Decode `text` cut as `split` says. `make(outputs)` makes the decoder.
template <typename Make>
DecodeOutcome decodeSplit(std::string_view text, const Split &split, const Make &make)
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const std::unique_ptr<decode::RowDecoder> decoder =
        make(decode::DecodeOutputs{builder, recorder, recorder});
    Status status = feedSplit(*decoder, text, split);
    if (status)
        status = decoder->finish();
    QStringList notes;
    for (const std::string &note : decoder->findings().notes)
        notes += QString::fromStdString(note);
    return {.rows = recorder.rows(builder.schema()),
            .rejects = recorder.rejectedRows(),
            .error = status ? QString() : DecodeRecorder::errorText(status.error()),
            .position = decoder->position().value(),
            .notes = notes.join(QStringLiteral("; "))};
}

} // namespace freshet::test

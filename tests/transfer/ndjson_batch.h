// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <QtGlobal>

#include <string_view>

namespace freshet::test {

/// Rows written as NDJSON, decoded one batch after the other as a download would.
class NdjsonBatches final : public decode::BatchSink, public decode::RejectSink
{
public:
    NdjsonBatches()
    {
        auto decoder =
            decode::makeDecoder({.format = decode::Format::Ndjson}, {m_builder, *this, *this});
        if (!decoder)
            qFatal("%s", decoder.error().toString().c_str());
        m_decoder = std::move(*decoder);
    }

    columnar::RecordBatch next(std::string_view text)
    {
        if (!m_decoder->feed(text) || !m_decoder->flush())
            qFatal("the rows cannot be decoded");
        return std::move(m_batch);
    }

    Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        m_batch = std::move(batch);
        return {};
    }
    bool reject(decode::RejectedRow row) override
    {
        qFatal("%s", row.error.toString().c_str());
        return false;
    }

private:
    columnar::BatchBuilder m_builder;
    std::unique_ptr<decode::RowDecoder> m_decoder;
    columnar::RecordBatch m_batch;
};

} // namespace freshet::test

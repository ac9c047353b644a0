// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/text_format.h"

#include "columnar/value_text.h"

namespace freshet::exporters {

using columnar::Column;
using columnar::RecordBatch;

namespace {

class JsonFormat : public TextFormat
{
public:
    JsonFormat(const columnar::Schema &schema, bool isArray) : m_isArray(isArray)
    {
        for (const columnar::Field &field : schema.fields) {
            std::string &key = m_keys.emplace_back();
            columnar::appendJsonString(key, field.name);
            key += ':';
        }
    }

    void appendPrologue(std::string &out) const override
    {
        if (m_isArray)
            out += '[';
    }

    void appendEpilogue(std::string &out, bool isEmpty) const override
    {
        if (m_isArray)
            out += isEmpty ? "]\n" : "\n]\n";
    }

    void appendRows(std::string &out, const RecordBatch &batch, std::int64_t first,
                    std::int64_t end, bool isAtStart) const override
    {
        for (std::int64_t row = first; row < end; ++row) {
            if (m_isArray)
                out += isAtStart && row == first ? "\n" : ",\n";
            appendRow(out, batch, row);
            if (!m_isArray)
                out += '\n';
        }
    }

private:
    void appendRow(std::string &out, const RecordBatch &batch, std::int64_t row) const
    {
        char separator = '{';
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            const Column &column = batch.columns[i];
            if (column.missingCount != 0 && column.absence(row) == columnar::Absence::Missing)
                continue;
            out += separator;
            out += m_keys[i];
            columnar::appendJson(out, column, row);
            separator = ',';
        }
        out += separator == '{' ? "{}" : "}";
    }

    const bool m_isArray;
    std::vector<std::string> m_keys; ///< escaped, with their colon
};

} // namespace

std::unique_ptr<TextFormat> makeJsonFormat(const columnar::Schema &schema, bool isArray)
{
    return std::make_unique<JsonFormat>(schema, isArray);
}

} // namespace freshet::exporters

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/message_template.h"

#include "columnar/value_text.h"

namespace freshet::transfer {

namespace {

constexpr std::string_view kOpening = "${last.";

} // namespace

Result<MessageTemplate> MessageTemplate::parse(std::string_view text)
{
    MessageTemplate made;
    for (;;) {
        const std::size_t at = text.find("${");
        made.m_texts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return made;
        text.remove_prefix(at);
        const std::size_t end = text.find('}');
        if (!text.starts_with(kOpening) || end == std::string_view::npos || end == kOpening.size())
            return fail(ErrorCode::InvalidArgument,
                        "a message template knows ${last.COLUMN}, not \"" + Error::excerptOf(text) +
                            '"');
        made.m_columns.emplace_back(text.substr(kOpening.size(), end - kOpening.size()));
        text.remove_prefix(end + 1);
    }
}

std::string MessageTemplate::fill(const std::vector<std::string> &values) const
{
    std::string text = m_texts.front();
    for (std::size_t place = 0; place < m_columns.size(); ++place) {
        std::string quoted;
        columnar::appendJsonString(quoted, values[place]);
        text.append(quoted, 1, quoted.size() - 2).append(m_texts[place + 1]);
    }
    return text;
}

std::optional<std::vector<std::string>>
MessageTemplate::valuesOf(const columnar::RecordBatch &batch, std::int64_t row) const
{
    std::vector<std::string> values;
    for (const std::string &name : m_columns) {
        const auto index = batch.schema->indexOf(name);
        if (!index || batch.columns[static_cast<std::size_t>(*index)].isNull(row))
            return std::nullopt;
        columnar::appendText(values.emplace_back(), batch.columns[static_cast<std::size_t>(*index)],
                             row);
    }
    return values;
}

} // namespace freshet::transfer

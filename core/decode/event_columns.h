// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "decode/event_stream.h"
#include "decode/json_row.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace freshet::decode {

/// Which columns the parts of an event go to, beside those that its JSON data brings.
///
/// - `event`: the type as the stream sent it; null for an event that names none (which the standard
///   calls "message"), so that streams without types have no such column.
/// - `id`: the last event id as of the event; null while there is none.
/// - `data`: data that is no JSON object.
///
/// The data may have members called so. The first event decides, for each name, for the whole
/// stream: a member of its data keeps its name, and the event's own part goes to `sse.event`,
/// `sse.id` or `sse.data`; otherwise the name is the event's, and members that come with later
/// events go to `data.event`, `data.id` or `data.data`. A stream that goes on where an earlier one
/// stopped finds the decision in the columns of the builder.
///
/// Threads: one thread at a time.
class EventColumns
{
public:
    EventColumns(columnar::BatchBuilder &builder, JsonRow &row) : m_builder(builder), m_row(row) {}

    [[nodiscard]] bool isDecided() const { return m_isDecided; }
    /// Give the names out. `row` has read the data of the first event, if that is an object.
    void decide(const ServerEvent &first, bool isObject);
    /// Set what the row of `event` begins with; `withData`: also its data as text.
    void lead(const ServerEvent &event, bool withData, columnar::TextInference inference);
    void reset();

    /// What somebody who knows the stream may wonder at.
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_notes; }

private:
    [[nodiscard]] std::string nameFor(const char *part, bool isMember, bool eventHasIt);

    columnar::BatchBuilder &m_builder;
    JsonRow &m_row;
    bool m_isDecided = false;
    std::array<JsonRow::Lead, 3> m_lead = {};
    std::string m_type;
    std::string m_rawId;
    std::string m_id; ///< of `m_rawId`, with its UTF-8 repaired
    std::vector<std::string> m_notes;
};

} // namespace freshet::decode

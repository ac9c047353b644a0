// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/event_columns.h"

#include "decode/text_encoding.h"

#include <algorithm>

namespace freshet::decode {

namespace {

enum Part { kEvent, kId, kData };
constexpr std::array kParts = {"event", "id", "data"};

bool hasColumn(const columnar::BatchBuilder &builder, std::string_view name)
{
    for (int id = 0; id < builder.columnCount(); ++id) {
        if (builder.columnName(id) == name)
            return true;
    }
    return false;
}

} // namespace

void EventColumns::decide(const ServerEvent &first, bool isObject)
{
    const std::array hasIt = {first.isTypeNamed, !first.id.empty(), !isObject};
    std::array<bool, kParts.size()> isMember = {};
    for (std::size_t part = 0; part < kParts.size(); ++part)
        isMember[part] = isObject && m_row.hasMember(kParts[part]);
    if (isObject)
        m_row.drop();
    std::vector<std::string> names;
    for (std::size_t part = 0; part < kParts.size(); ++part)
        names.push_back(nameFor(kParts[part], isMember[part], hasIt[part]));
    m_row.setLeadColumns(names);
    m_isDecided = true;
}

std::string EventColumns::nameFor(const char *part, bool isMember, bool eventHasIt)
{
    const std::string own = "sse." + std::string(part);
    const bool wasTheEvents = eventHasIt && hasColumn(m_builder, part);
    if (hasColumn(m_builder, own) || (isMember && !wasTheEvents)) {
        if (eventHasIt)
            m_notes.push_back("the data has a member \"" + std::string(part) +
                              "\", so that the event's own is the column \"" + own + "\"");
        return own;
    }
    m_row.rename(part, "data." + std::string(part));
    return part;
}

void EventColumns::lead(const ServerEvent &event, bool withData, columnar::TextInference inference)
{
    std::size_t count = 0;
    if (event.isTypeNamed) {
        const bool isValid = isUtf8(event.type);
        if (!isValid)
            m_type = repairedUtf8(event.type);
        m_lead[count++] = {kEvent, isValid ? event.type : std::string_view(m_type)};
    }
    if (!event.id.empty()) {
        if (event.id != m_rawId) {
            m_rawId = event.id;
            m_id = isUtf8(event.id) ? m_rawId : repairedUtf8(event.id);
        }
        m_lead[count++] = {kId, m_id};
    }
    if (withData)
        m_lead[count++] = {kData, event.data, inference};
    m_row.lead(std::span(m_lead).first(count));
}

void EventColumns::reset()
{
    m_isDecided = false;
    m_notes.clear();
}

} // namespace freshet::decode

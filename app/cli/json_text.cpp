// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/json_text.h"

#include "columnar/value_text.h"

namespace freshet::cli {

void JsonText::separate()
{
    if (!m_isFirst)
        m_text += ',';
    m_isFirst = false;
}

void JsonText::name(std::string_view name)
{
    separate();
    columnar::appendJsonString(m_text, name);
    m_text += ':';
}

JsonText &JsonText::beginObject()
{
    separate();
    m_text += '{';
    m_isFirst = true;
    return *this;
}

JsonText &JsonText::beginObject(std::string_view objectName)
{
    name(objectName);
    m_text += '{';
    m_isFirst = true;
    return *this;
}

JsonText &JsonText::endObject()
{
    m_text += '}';
    m_isFirst = false;
    return *this;
}

JsonText &JsonText::beginArray(std::string_view arrayName)
{
    name(arrayName);
    m_text += '[';
    m_isFirst = true;
    return *this;
}

JsonText &JsonText::endArray()
{
    m_text += ']';
    m_isFirst = false;
    return *this;
}

JsonText &JsonText::member(std::string_view memberName, std::string_view value)
{
    name(memberName);
    columnar::appendJsonString(m_text, value);
    return *this;
}

JsonText &JsonText::member(std::string_view memberName, std::int64_t value)
{
    return raw(memberName, std::to_string(value));
}

JsonText &JsonText::null(std::string_view memberName)
{
    return raw(memberName, "null");
}

JsonText &JsonText::raw(std::string_view memberName, std::string_view json)
{
    name(memberName);
    m_text += json;
    return *this;
}

JsonText &JsonText::item(std::string_view value)
{
    separate();
    columnar::appendJsonString(m_text, value);
    return *this;
}

} // namespace freshet::cli

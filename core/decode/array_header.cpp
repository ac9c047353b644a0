// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/array_header.h"

#include "decode/json_lexer.h"

#include <algorithm>
#include <array>
#include <set>

namespace freshet::decode {

namespace {

bool isTypeName(std::string_view text)
{
    static constexpr std::array kPlain = {
        "Int8",     "Int16",  "Int32",  "Int64",   "Int128",   "Int256",  "UInt8",
        "UInt16",   "UInt32", "UInt64", "UInt128", "UInt256",  "Float32", "Float64",
        "BFloat16", "String", "Date",   "Date32",  "DateTime", "Bool",    "UUID",
        "IPv4",     "IPv6",   "JSON",   "Nothing", "Point",    "Ring",    "Polygon",
    };
    static constexpr std::array kOpening = {
        "FixedString(",
        "DateTime(",
        "DateTime64(",
        "Enum8(",
        "Enum16(",
        "Array(",
        "Nullable(",
        "LowCardinality(",
        "Map(",
        "Tuple(",
        "Decimal",
        "Nested(",
        "Variant(",
        "Object(",
        "AggregateFunction(",
        "SimpleAggregateFunction(",
    };
    return std::ranges::find(kPlain, text) != kPlain.end() ||
           (text.ends_with(')') && std::ranges::any_of(kOpening, [&](std::string_view opening) {
                return text.starts_with(opening);
            }));
}

bool areNames(const std::vector<std::string> &texts)
{
    const std::set<std::string_view> distinct(texts.begin(), texts.end());
    return !texts.empty() && distinct.size() == texts.size() && !distinct.contains("");
}

struct ArrayShape
{
    std::size_t elements = 0;
    bool hasNumberOrBool = false;
};

/// The elements of an array that is valid JSON.
ArrayShape shapeOf(std::string_view array)
{
    ArrayShape shape;
    int depth = 0;
    bool inString = false;
    bool atStart = true; // of an element
    for (std::size_t i = 1; i + 1 < array.size(); ++i) {
        const char c = array[i];
        if (inString) {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
            continue;
        }
        if (static_cast<unsigned char>(c) <= ' ')
            continue;
        if (atStart) {
            ++shape.elements;
            shape.hasNumberOrBool |= c != '"' && c != '[' && c != '{' && c != 'n';
        }
        inString = c == '"';
        depth += c == '[' || c == '{' ? 1 : 0;
        depth -= c == ']' || c == '}' ? 1 : 0;
        atStart = c == ',' && depth == 0;
    }
    return shape;
}

} // namespace

std::optional<std::vector<std::string>> stringsOf(std::string_view array)
{
    std::vector<std::string> texts;
    const auto isBlank = [](char c) {
        return static_cast<unsigned char>(c) <= ' ';
    };
    for (std::size_t at = 1; at + 1 < array.size();) {
        if (isBlank(array[at]) || array[at] == ',') {
            ++at;
            continue;
        }
        if (array[at] != '"')
            return std::nullopt;
        std::size_t close = at + 1;
        while (array[close] != '"')
            close += array[close] == '\\' ? 2 : 1;
        unescapeJson(array.substr(at + 1, close - at - 1), texts.emplace_back());
        at = close + 1;
    }
    return texts;
}

ArrayHeader::Next ArrayHeader::look(std::string_view array)
{
    auto texts = stringsOf(array);
    if (!isHolding()) {
        const bool mayName = texts && areNames(*texts) && m_hasHeader.value_or(true);
        if (!mayName) {
            m_isDecided = true;
            return Next::TakeRow;
        }
        m_names = std::move(*texts);
        return Next::HoldRow;
    }
    m_isDecided = true;
    const ArrayShape shape = shapeOf(array);
    const bool sameLength = shape.elements == m_names.size();
    if (texts && sameLength && std::ranges::all_of(*texts, isTypeName)) {
        m_types = std::move(*texts);
        return Next::NameAndPassOver;
    }
    if (m_hasHeader.value_or(false) || (shape.hasNumberOrBool && sameLength))
        return Next::NameAndTakeRow;
    m_names.clear();
    return Next::TakeHeldAndRow;
}

} // namespace freshet::decode

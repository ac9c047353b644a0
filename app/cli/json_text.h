// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::cli {

/// Writes one JSON document piece by piece. Integers keep all 64 bits, which is why no general
/// JSON class is used.
///
/// \code
///   JsonText json;
///   json.beginObject().member("rows",
///   rows).beginArray("evidence").item("…").endArray().endObject(); puts(json.text().c_str());
/// \endcode
/// Threads: one thread at a time.
class JsonText
{
public:
    JsonText &beginObject();
    JsonText &beginObject(std::string_view name);
    JsonText &endObject();
    JsonText &beginArray(std::string_view name);
    JsonText &endArray();

    JsonText &member(std::string_view name, std::string_view value);
    JsonText &member(std::string_view name, const char *value)
    {
        return member(name, std::string_view(value));
    }
    JsonText &member(std::string_view name, std::int64_t value);
    JsonText &null(std::string_view name);
    /// `json` is a JSON value already.
    JsonText &raw(std::string_view name, std::string_view json);
    JsonText &item(std::string_view value);

    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    void separate();
    void name(std::string_view name);

    std::string m_text;
    bool m_isFirst = true;
};

} // namespace freshet::cli

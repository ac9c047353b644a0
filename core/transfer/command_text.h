// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// A shell command that is put together part by part; `shellWords` reads the words back.
///
/// Secrets do not get into it: shell variables stand in their place, in double quotes and named
/// after what they are the value of, so that the command runs where these are set.
/// \code
///   CommandText command("curl");
///   command.addUrl("https://h/rows?token=s3cret");              // 'https://h/rows?token='"$TOKEN"
///   command.addHeader("-H", {"Authorization", "Bearer s3cret"}); // -H "Authorization:
///   $AUTHORIZATION"
/// \endcode
class CommandText
{
public:
    explicit CommandText(std::string_view program) : m_text(program) {}

    /// A word beside those before it.
    void add(std::string_view word);
    /// An option on a line of its own.
    void addFlag(std::string_view option);
    void addOption(std::string_view option, std::string_view value);
    void addHeader(std::string_view option, const transport::Header &header);
    void addSecretHeader(std::string_view option, std::string_view name);
    /// A URL without its secrets; so also where one is the value of an option.
    void addUrl(std::string_view url);
    void addUrlOption(std::string_view option, std::string_view url);

    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    std::string m_text;
};

} // namespace freshet::transfer

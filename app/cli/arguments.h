// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::cli {

/// One option of a command.
struct Option
{
    std::string_view name;  ///< without the dashes
    char letter = '\0';     ///< short form, if any
    std::string_view value; ///< what stands for its value in the help; empty: a flag
    std::string_view help;
};

/// The words behind a command, sorted into options and operands.
class Arguments
{
public:
    /// `--name VALUE`, `--name=VALUE`, `-n VALUE`, flags; `--` ends the options, a lone `-` is an
    /// operand. Errors: InvalidArgument in words for the user.
    [[nodiscard]] static Result<Arguments> parse(std::span<const Option> options,
                                                 std::span<const std::string_view> words);

    [[nodiscard]] bool has(std::string_view option) const;
    /// The last value given.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    /// All values in the order given.
    [[nodiscard]] const std::vector<std::string> &values(std::string_view option) const;
    /// `value` as a whole number from `least` on. Errors: InvalidArgument naming the option.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view option,
                                                             std::int64_t least) const;
    [[nodiscard]] const std::vector<std::string> &operands() const { return m_operands; }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
    std::vector<std::string> m_operands;
};

/// `a,b,c` → three; empty parts are left out.
[[nodiscard]] std::vector<std::string> splitList(std::string_view text);

} // namespace freshet::cli

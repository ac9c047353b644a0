// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include <algorithm>
#include <charconv>

namespace freshet::cli {

namespace {

const Option *findLong(std::span<const Option> options, std::string_view name)
{
    const auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : &*found;
}

const Option *findShort(std::span<const Option> options, char letter)
{
    const auto found = std::ranges::find(options, letter, &Option::letter);
    return found == options.end() ? nullptr : &*found;
}

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

} // namespace

Result<Arguments> Arguments::parse(std::span<const Option> options,
                                   std::span<const std::string_view> words)
{
    Arguments arguments;
    bool areOptionsOver = false;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto word = words[at];
        if (areOptionsOver || word.size() < 2 || word.front() != '-') {
            arguments.m_operands.emplace_back(word);
            continue;
        }
        if (word == "--") {
            areOptionsOver = true;
            continue;
        }
        const bool isLong = word.starts_with("--");
        const auto equals = isLong ? word.find('=') : std::string_view::npos;
        const auto *option = isLong             ? findLong(options, word.substr(2, equals - 2))
                             : word.size() == 2 ? findShort(options, word[1])
                                                : nullptr;
        const std::string shown(word.substr(0, equals));
        if (option == nullptr)
            return usage("there is no option " + shown);
        auto &values = arguments.m_values[std::string(option->name)];
        if (option->value.empty()) {
            if (equals != std::string_view::npos)
                return usage(shown + " takes no value");
            values.emplace_back();
        } else if (equals != std::string_view::npos) {
            values.emplace_back(word.substr(equals + 1));
        } else if (++at < words.size()) {
            values.emplace_back(words[at]);
        } else {
            return usage(shown + " needs a value: " + std::string(option->value));
        }
    }
    return arguments;
}

bool Arguments::has(std::string_view option) const
{
    return m_values.contains(option);
}

std::optional<std::string> Arguments::value(std::string_view option) const
{
    const auto &all = values(option);
    if (all.empty())
        return std::nullopt;
    return all.back();
}

const std::vector<std::string> &Arguments::values(std::string_view option) const
{
    static const std::vector<std::string> kNone;
    const auto found = m_values.find(option);
    return found == m_values.end() ? kNone : found->second;
}

Result<std::optional<std::int64_t>> Arguments::number(std::string_view option,
                                                      std::int64_t least) const
{
    const auto text = value(option);
    if (!text)
        return std::nullopt;
    std::int64_t number = 0;
    const char *end = text->data() + text->size();
    const auto [stop, problem] = std::from_chars(text->data(), end, number);
    if (text->empty() || problem != std::errc() || stop != end || number < least)
        return usage("--" + std::string(option) + " needs a whole number from " +
                     std::to_string(least) + " on, not \"" + *text + '"');
    return number;
}

std::vector<std::string> splitList(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (comma != 0)
            parts.emplace_back(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return parts;
}

} // namespace freshet::cli

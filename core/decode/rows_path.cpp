// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/rows_path.h"

#include <algorithm>
#include <charconv>

namespace freshet::decode {

namespace {

tl::unexpected<Error> badPath(std::string_view text, std::size_t at, std::string_view reason)
{
    return fail(ErrorCode::InvalidArgument, "rows-at \"" + std::string(text) + "\", character " +
                                                std::to_string(at + 1) + ": " +
                                                std::string(reason));
}

bool isPlainName(std::string_view name)
{
    return !name.empty() && name != "*" &&
           name.find_first_of(".[]'\" \t") == std::string_view::npos;
}

/// `[…]` at `at`, which is moved past it.
Result<RowsStep> parseBracket(std::string_view text, std::size_t &at)
{
    const std::size_t open = at++;
    if (at < text.size() && (text[at] == '\'' || text[at] == '"')) {
        const char quote = text[at++];
        RowsStep step;
        while (at < text.size() && text[at] != quote) {
            if (text[at] == '\\' && at + 1 < text.size())
                ++at;
            step.name += text[at++];
        }
        if (text.substr(at, 2) != std::string{quote, ']'})
            return badPath(text, open, "the quoted name is not closed by a quote and ']'");
        at += 2;
        return step;
    }
    const std::size_t close = text.find(']', at);
    if (close == std::string_view::npos)
        return badPath(text, open, "']' is missing");
    const std::string_view inside = text.substr(at, close - at);
    at = close + 1;
    if (inside == "*")
        return RowsStep{.kind = RowsStep::Kind::Every};
    RowsStep step{.kind = RowsStep::Kind::Element};
    const auto parsed = std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
    if (parsed.ec != std::errc() || parsed.ptr != inside.data() + inside.size() || step.index < 0)
        return badPath(text, open, "only [*], [number] and ['name'] are understood");
    return step;
}

Result<std::vector<RowsStep>> parseSteps(std::string_view text)
{
    std::vector<RowsStep> steps;
    // `data.items` is read as `$.data.items`.
    const bool hasRoot = text.starts_with('$');
    for (std::size_t at = hasRoot ? 1 : 0; at < text.size();) {
        if (text[at] == '[') {
            Result<RowsStep> step = parseBracket(text, at);
            if (!step)
                return fail(step.error());
            steps.push_back(std::move(*step));
            continue;
        }
        if (text[at] == '.')
            ++at;
        else if (hasRoot || at != 0)
            return badPath(text, at, "'.' or '[' is missing");
        const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
        if (end == at)
            return badPath(text, at, "a name is missing");
        const std::string_view name = text.substr(at, end - at);
        if (name == "*")
            steps.push_back({.kind = RowsStep::Kind::Every});
        else
            steps.push_back({.name = std::string(name)});
        at = end;
    }
    return steps;
}

} // namespace

Result<RowsPath> RowsPath::parse(std::string_view text)
{
    Result<std::vector<RowsStep>> steps = parseSteps(text);
    if (!steps)
        return fail(steps.error());
    RowsPath path;
    const auto last =
        std::ranges::find(steps->rbegin(), steps->rend(), RowsStep::Kind::Every, &RowsStep::kind);
    if (last == steps->rend()) {
        path.steps = std::move(*steps);
        return path;
    }
    path.steps.assign(steps->begin(), last.base() - 1);
    for (auto step = last.base(); step != steps->end(); ++step) {
        if (step->kind != RowsStep::Kind::Member)
            return badPath(text, 0, "behind the last [*] only names can follow");
        path.inner.push_back(step->name);
    }
    return path;
}

Result<std::vector<std::string>> membersToRow(const std::string &rowsAt)
{
    std::vector<std::string> members;
    if (rowsAt.empty())
        return members;
    Result<RowsPath> path = RowsPath::parse(rowsAt);
    if (!path)
        return fail(path.error());
    for (RowsStep &step : path->steps) {
        if (step.kind != RowsStep::Kind::Member)
            return fail(ErrorCode::InvalidArgument,
                        "rows-at \"" + rowsAt +
                            "\": in a stream of values only members lead to the row");
        members.push_back(std::move(step.name));
    }
    members.insert(members.end(), path->inner.begin(), path->inner.end());
    return members;
}

void appendMember(std::string &path, std::string_view name)
{
    if (isPlainName(name)) {
        path += '.';
        path += name;
        return;
    }
    path += "['";
    for (const char c : name) {
        if (c == '\'' || c == '\\')
            path += '\\';
        path += c;
    }
    path += "']";
}

std::string RowsPath::toString() const
{
    std::string path = "$";
    for (const RowsStep &step : steps) {
        if (step.kind == RowsStep::Kind::Member)
            appendMember(path, step.name);
        else
            path +=
                step.kind == RowsStep::Kind::Every ? "[*]" : "[" + std::to_string(step.index) + "]";
    }
    if (!inner.empty())
        path += "[*]";
    for (const std::string &name : inner)
        appendMember(path, name);
    return path;
}

} // namespace freshet::decode

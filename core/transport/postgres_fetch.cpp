// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_fetch.h"

#include "transport/ascii.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>

namespace freshet::transport {

namespace {

struct NamedVia
{
    PostgresVia via;
    std::string_view name;
};

constexpr std::array kVias = {
    NamedVia{PostgresVia::Copy, "copy"},
    NamedVia{PostgresVia::Cursor, "cursor"},
    NamedVia{PostgresVia::Keyset, "keyset"},
};

} // namespace

std::string_view postgresViaName(PostgresVia via)
{
    return std::ranges::find(kVias, via, &NamedVia::via)->name;
}

std::optional<PostgresVia> postgresViaByName(std::string_view name)
{
    const auto *const found = std::ranges::find(kVias, name, &NamedVia::name);
    return found == kVias.end() ? std::nullopt : std::optional(found->via);
}

bool isPostgresUrl(std::string_view url)
{
    const std::string start = lowered(url.substr(0, 13));
    return start == "postgresql://" || start.starts_with("postgres://");
}

std::string userOf(std::string_view url)
{
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(std::string(url).c_str(), nullptr), &PQconninfoFree);
    for (const auto *option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        if (std::string_view(option->keyword) == "user" && option->val != nullptr)
            return option->val;
    }
    return {};
}

} // namespace freshet::transport

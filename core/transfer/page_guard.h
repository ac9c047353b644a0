// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// Whether a file of this name, or where it has no suffix one from this URL, is surely no HTML
/// page: it ends in something else, and in nothing by which servers make pages (`.php`, `.aspx` …).
[[nodiscard]] bool excludesPage(std::string_view fileName, std::string_view url);

/// Holds the first bytes of a file back until they show whether they are an HTML page, which a
/// server that wants a login, or is out of order, sends in place of any file.
/// Threads: one thread at a time.
class PageGuard
{
public:
    /// `fileName` is for the sentence. A guard that is not `isWanted` lets everything pass.
    PageGuard(bool isWanted, std::string fileName)
        : m_isOpen(!isWanted), m_fileName(std::move(fileName))
    {}

    /// Output: what may be kept now; nothing while more must be seen. Errors: WrongContentType,
    /// with the page's title.
    [[nodiscard]] Result<std::string> take(std::string_view bytes);
    /// Nothing more comes. Output: what is still held back. Errors: as `take`.
    [[nodiscard]] Result<std::string> finish();

private:
    [[nodiscard]] Result<std::string> judge();

    bool m_isOpen;
    std::string m_fileName;
    std::string m_held;
};

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/source_page.h"

#include <QString>

#include <span>
#include <vector>

namespace freshet::ui {

/// What a page may use; it outlives the page.
struct PageContext
{
    const Theme &theme;
};

using PageMaker = SourcePage *(*)(const PageContext &context);

/// A kind of source: a protocol, or a format of what comes over one. One line in the list at the
/// left of the source dialog.
struct SourceKind
{
    const char *id;
    /// Kinds of one group follow each other; to be translated in the context "SourceKinds".
    const char *group;
    const char *name;
    const char *hint; ///< what it is good for, in a few words
    /// Whether `request` is one of this kind. Each request is of the first kind that says so, else
    /// of the first of all.
    bool (*holds)(const transfer::DownloadRequest &request);
    /// Make `request` one of this kind: its format and the scheme of its address, and nothing in it
    /// that does not fit.
    void (*settle)(transfer::DownloadRequest &request);
    std::vector<PageMaker> pages;
};

/// All of them, in the order in which they are listed.
[[nodiscard]] std::span<const SourceKind> sourceKinds();
[[nodiscard]] const SourceKind &kindOf(const transfer::DownloadRequest &request);
/// `url` with another scheme of the same security: `https` becomes `wss`. One without a scheme, or
/// with one that is not of the web, stays as it is.
[[nodiscard]] std::string withScheme(const std::string &url, std::string_view plain,
                                     std::string_view secure);

} // namespace freshet::ui

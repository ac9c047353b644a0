// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests of the source dialog have in common: a request to open it with, its kinds and its
// fields.
#pragma once

#include "source/source_dialog.h"
#include "transfer/download_request.h"

#include <string>

namespace freshet::test {

[[nodiscard]] inline transfer::DownloadRequest
requestFor(const std::string &place, decode::Format format = decode::Format::Auto)
{
    transfer::DownloadRequest request;
    request.bytes.url = place;
    request.decode.format = format;
    return request;
}

/// A test that names a kind there is not ends at once.
[[nodiscard]] inline const ui::SourceKind &kindCalled(const char *id)
{
    for (const ui::SourceKind &kind : ui::sourceKinds()) {
        if (qstrcmp(kind.id, id) == 0)
            return kind;
    }
    qFatal("there is no kind %s", id);
}

/// Null if the dialog has no such field of that type.
template <typename T>
[[nodiscard]] T *field(const ui::SourceDialog &dialog, const char *name)
{
    return dialog.findChild<T *>(QLatin1String(name));
}

} // namespace freshet::test

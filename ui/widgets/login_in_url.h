// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/url_login.h"

#include <QLineEdit>

#include <optional>

namespace freshet::ui {

/// Takes the login out of the address in `field`: a password does not stay where everybody who
/// passes by can read it. Nothing, and the field as it was, if there is none.
[[nodiscard]] inline std::optional<transfer::UrlLogin> takeLoginFrom(QLineEdit &field)
{
    transfer::DownloadRequest shown;
    shown.bytes.url = field.text().trimmed().toStdString();
    auto login = transfer::takeUrlLogin(shown);
    if (login)
        field.setText(QString::fromStdString(shown.bytes.url));
    return login;
}

} // namespace freshet::ui

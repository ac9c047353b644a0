// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace freshet::test {

/// A fresh self-signed certificate for 127.0.0.1 and localhost, as PEM files.
struct TestCertificate
{
    QString certificateFile;
    QString keyFile;

    /// Make one in `folder` with the openssl program; nothing if that fails.
    [[nodiscard]] static std::optional<TestCertificate> create(const QString &folder);
};

} // namespace freshet::test

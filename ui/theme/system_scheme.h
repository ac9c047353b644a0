// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

class QDBusVariant;

namespace freshet::ui {

/// Whether the desktop asks for light or dark.
///
/// Qt 6.4 does not say, so: the desktop portal's `color-scheme` where there is one, asked without
/// waiting for the answer, and before that the lightness of the palette the program started with.
/// Source: xdg-desktop-portal, interface org.freedesktop.portal.Settings.
/// Threads: GUI thread only.
class SystemScheme : public QObject
{
    Q_OBJECT
public:
    SystemScheme();
    [[nodiscard]] Scheme scheme() const { return m_scheme; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void askPortal();
    void take(const QVariant &value);

    Scheme m_scheme;
};

} // namespace freshet::ui

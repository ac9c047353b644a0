// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace freshet::ui {

/// Foreign text for a menu, a tab or a button, which would take its "&" for a mnemonic.
[[nodiscard]] inline QString withoutMnemonics(QString text)
{
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace freshet::ui

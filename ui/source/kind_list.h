// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/source_kind.h"

#include <QListWidget>

namespace freshet::ui {

/// The kinds of sources under the titles of their groups.
class KindList : public QListWidget
{
    Q_OBJECT
public:
    explicit KindList(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] const SourceKind *current() const;
    void setCurrent(const SourceKind &kind);

private:
    [[nodiscard]] QListWidgetItem *itemOf(const SourceKind &kind) const;
};

} // namespace freshet::ui

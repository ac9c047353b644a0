// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/details_text.h"

#include <QFrame>

namespace freshet::ui {

class DetailList;
class Theme;

/// Everything known of a dataset, part by part. Closes by itself; what it says can be selected and
/// copied.
class DetailsPopover : public QFrame
{
    Q_OBJECT
public:
    DetailsPopover(const std::vector<DetailSection> &sections, const Theme &theme, QWidget *parent);

    /// With its right edge under that of `button`; deletes itself when it closes.
    void showUnder(const QWidget *button);
    [[nodiscard]] const QString &plainText() const;

private:
    const Theme &m_theme;
    DetailList *m_details;
};

} // namespace freshet::ui

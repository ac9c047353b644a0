// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <QWidget>

namespace freshet::ui {

class Theme;
struct TrialFindings;

/// One part of what a request says, as a form: what is sent, where the rows are, how it goes on.
///
/// The source dialog shows those pages that the table in `source_kind.cpp` names for the chosen
/// kind of source. To add one: a file pair here, and its maker in that table. A page writes only
/// what it shows; everything else in the request is other pages' and stays as it is. Threads: GUI
/// thread only.
class SourcePage : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// The word on its tab.
    [[nodiscard]] virtual QString name() const = 0;
    /// Show what `request` says, without `edited`.
    virtual void load(const transfer::DownloadRequest &request) = 0;
    /// Put what is shown into `request`.
    virtual void store(transfer::DownloadRequest &request) const = 0;
    /// What hinders the request, in the user's words; asked before it is tried or made.
    /// Errors: InvalidArgument, UrlInvalid.
    [[nodiscard]] virtual Status validate() const { return {}; }
    /// A trial of the request found something out; nothing again once the request is another.
    virtual void showFindings(const TrialFindings *findings) { (void)findings; }

Q_SIGNALS:
    void edited();
};

} // namespace freshet::ui

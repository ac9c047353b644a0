// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

class QDoubleSpinBox;

namespace freshet::ui {

class HeaderTable;

/// What goes with a gRPC call: its metadata and its deadline.
class MetadataPage : public FormPage
{
    Q_OBJECT
public:
    explicit MetadataPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Metadata"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;

private:
    HeaderTable *m_metadata;
    QDoubleSpinBox *m_deadline;
};

} // namespace freshet::ui

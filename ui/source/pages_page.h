// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"
#include "transfer/page_finder.h"

class QPushButton;

namespace freshet::ui {

class NoticeLine;

/// How to get the pages behind the first: the style and its places. What a trial found is shown
/// before any of it is used.
class PagesPage : public FormPage
{
    Q_OBJECT
public:
    explicit PagesPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Pages"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;
    void showFindings(const TrialFindings *findings) override;

private:
    [[nodiscard]] std::optional<transfer::PageRule> rule() const;
    void setRule(const std::optional<transfer::PageRule> &rule);
    void updateFields();

    QWidget *m_found;
    NoticeLine *m_notice;
    QPushButton *m_use;
    std::optional<transfer::PageRule> m_foundRule;
    QComboBox *m_style;
    QLabel *m_meaning;
    QLineEdit *m_from;
    QLineEdit *m_to;
    QLineEdit *m_more;
    QSpinBox *m_size;
    QLineEdit *m_sizeTo;
    QLineEdit *m_first;
    QSpinBox *m_inFlight;
};

} // namespace freshet::ui

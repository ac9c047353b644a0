// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/schema.h"
#include "transfer/since_rule.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace freshet::ui {

class Theme;

/// How a source is asked for what is new since last time, for a dataset that does not know it yet.
/// Guesses from the columns what it can; says below what will be done, or what is missing.
class SinceDialog : public QDialog
{
    Q_OBJECT
public:
    SinceDialog(const QString &dataset, const columnar::Schema &schema, const Theme &theme,
                QWidget *parent);

    /// Errors: InvalidArgument, while something is missing.
    [[nodiscard]] Result<transfer::SinceRule> rule() const;

private:
    void fillChoices(const columnar::Schema &schema);
    void layOut(const Theme &theme);
    void update();
    /// A sentence; empty if nothing is.
    [[nodiscard]] QString whatIsMissing() const;
    [[nodiscard]] QStringList keyColumns() const;
    [[nodiscard]] QString inWords(const transfer::SinceRule &rule) const;

    QStringList m_columns;
    QComboBox *m_place; ///< where the token goes
    QLineEdit *m_name;
    QComboBox *m_origin; ///< where it comes from
    QComboBox *m_from;
    QCheckBox *m_isInclusive;
    QComboBox *m_key;
    QComboBox *m_mode;
    QLineEdit *m_overlap;
    QLabel *m_outcome;
    QPushButton *m_fetch = nullptr;
};

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/source_page.h"

class QAbstractButton;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace freshet::ui {

/// A page made of labelled fields in sections. Whatever the user changes in one of its fields is
/// told as `edited`.
class FormPage : public SourcePage
{
    Q_OBJECT
public:
    explicit FormPage(const Theme &theme);

protected:
    [[nodiscard]] const Theme &theme() const { return m_theme; }
    void addSection(const QString &title);
    /// `label` names the field, with its mnemonic; it is its accessible name as well.
    void addField(const QString &label, QWidget *field);
    /// A field over the whole width; `name` is its accessible name.
    void addWide(const QString &name, QWidget *field);
    /// A line under what stands above that explains it.
    QLabel *addHint(const QString &text);
    void addLayout(const QString &label, QLayout *layout);
    /// Show or hide a field with its label.
    void setFieldVisible(QWidget *field, bool isVisible);

    [[nodiscard]] QLineEdit *lineEdit(const QString &placeholder = {});
    /// In the fixed-width font: URLs, paths, messages.
    [[nodiscard]] QLineEdit *codeEdit(const QString &placeholder = {});
    [[nodiscard]] QPlainTextEdit *textEdit(const QString &placeholder, int lines);
    /// Make a text field one of the page's, as `textEdit` does.
    void adopt(QPlainTextEdit *field, const QString &placeholder, int lines);
    [[nodiscard]] QComboBox *choice();
    [[nodiscard]] QSpinBox *number(int least, int most);
    [[nodiscard]] QAbstractButton *check(const QString &text);
    /// A field for a path with a button that picks a file.
    [[nodiscard]] QWidget *filePicker(QLineEdit *field, const QString &title);

private:
    [[nodiscard]] int heightOf(int lines) const;
    void updateFonts();

    const Theme &m_theme;
    QFormLayout *m_form;
    QList<QWidget *> m_code;
    QList<QLabel *> m_hints;
};

/// Choose the entry that holds `data`, or the first.
void chooseData(QComboBox *box, const QVariant &data);

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAbstractItemModel;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QSplitter;
class QTableView;

namespace freshet::ui {

class TextView;
class Theme;

/// A page made of a sentence with buttons, a table, and under it all there is to say about the row
/// that is current. Rows are selected whole and copied from the keyboard or the table's menu.
class DetailTable : public QWidget
{
    Q_OBJECT
public:
    DetailTable(QAbstractItemModel *model, const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] QTableView *table() const { return m_table; }
    void setSentence(const QString &sentence);
    QPushButton *addButton(const QString &text);
    void setDetail(const QString &text);
    /// What there is to say are sentences, many for a row of the table: in the type of text, and
    /// with as much room as the table has.
    void showSentences();
    /// Make each column as wide as what is in it.
    void fitColumns();
    [[nodiscard]] QString detail() const;
    /// Selected rows [first, first + count); nothing selected: count 0.
    struct Rows
    {
        int first = 0;
        int count = 0;
    };
    [[nodiscard]] Rows selectedRows() const;

Q_SIGNALS:
    /// -1: none.
    void currentRowChanged(int row);
    void copyRequested();

private:
    void updateFonts();

    const Theme &m_theme;
    QLabel *m_sentence;
    QHBoxLayout *m_bar;
    QTableView *m_table;
    TextView *m_detail;
    QSplitter *m_splitter;
    bool m_hasSentences = false;
};

} // namespace freshet::ui

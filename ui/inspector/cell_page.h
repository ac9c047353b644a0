// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "grid/grid_style.h"
#include "inspector/cell_value.h"

#include <QThreadPool>
#include <QWidget>

#include <optional>

class QLabel;
class QStackedWidget;
class QPushButton;
class QTreeView;

namespace freshet::ui {

class JsonTreeModel;
class TextView;

/// The inspector's page for one cell: its text in full, JSON as a tree, bytes in hex.
///
/// A value that is in memory and short is there at once; others are read by one worker, and what is
/// no longer wanted when it comes is dropped. Of a long text the first `kFirstBytes` are shown,
/// more on demand. Threads: GUI thread only; the destructor waits for the read that may be going
/// on.
class CellPage final : public QWidget
{
    Q_OBJECT

public:
    static constexpr ByteCount kFirstBytes = 1_MiB;
    static constexpr ByteCount kMostBytes = 64_MiB;

    explicit CellPage(QWidget *parent = nullptr);
    ~CellPage() override;

    void setCell(GridSourcePtr source, std::optional<CellIndex> cell);
    void setStyle(const GridStyle &style);
    using QWidget::setStyle;

private:
    void buildBar();
    void read(ByteCount maxBytes);
    void show(const Result<CellValue> &value);
    void showEmpty(const QString &title, const QString &words);
    void showValue();
    void copyWhole();
    void showTreeMenu(const QPoint &position);
    [[nodiscard]] QString facts(const CellValue &value) const;

    GridSourcePtr m_source;
    std::optional<CellIndex> m_cell;
    std::optional<CellValue> m_value;
    CancelToken m_reading;
    QThreadPool m_worker;

    QLabel *m_title;
    QLabel *m_facts;
    QWidget *m_bar;
    QPushButton *m_asTree = nullptr;
    QPushButton *m_monospaced = nullptr;
    QPushButton *m_more = nullptr;
    QPushButton *m_copy = nullptr;
    QStackedWidget *m_stack;
    QLabel *m_words;
    TextView *m_text;
    QTreeView *m_tree;
    JsonTreeModel *m_json;
};

} // namespace freshet::ui

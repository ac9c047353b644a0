// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/detail_table.h"

#include "inspector/text_view.h"
#include "theme/theme.h"

#include <QAbstractItemModel>
#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

DetailTable::DetailTable(QAbstractItemModel *model, const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_sentence(new QLabel),
      m_bar(new QHBoxLayout),
      m_table(new QTableView),
      m_detail(new TextView),
      m_splitter(new QSplitter(Qt::Vertical))
{
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_bar->setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8));
    m_bar->setSpacing(theme.px(8));
    m_bar->addWidget(m_sentence, 1);
    auto *bar = new QWidget;
    bar->setProperty("surface", QStringLiteral("panel"));
    bar->setProperty("edge", QStringLiteral("bottom"));
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setLayout(m_bar);

    m_table->setModel(model);
    m_table->setProperty("bare", true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->setProperty("bare", true);
    m_detail->setAccessibleName(tr("About the row"));
    setFocusProxy(m_table);
    auto *copy = new QAction(tr("Copy"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &DetailTable::copyRequested);
    m_table->addAction(copy);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);

    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(m_splitter, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) {
                Q_EMIT currentRowChanged(index.isValid() ? index.row() : -1);
            });
    connect(&theme, &Theme::changed, this, &DetailTable::updateFonts);
    updateFonts();
}

void DetailTable::updateFonts()
{
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(26));
    m_detail->setMonospaced(!m_hasSentences);
}

void DetailTable::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
}

void DetailTable::showSentences()
{
    m_hasSentences = true;
    for (const int part : {0, 1})
        m_splitter->setStretchFactor(part, 1);
    m_splitter->setSizes({1, 1}); // of the same size, whatever that will be
    updateFonts();
}

void DetailTable::fitColumns()
{
    m_table->resizeColumnsToContents();
    // The header does not count all of the room that its style leaves around a title.
    const QFontMetrics metrics = m_table->horizontalHeader()->fontMetrics();
    const auto *model = m_table->model();
    for (int column = 0; column < model->columnCount(); ++column) {
        const QString title = model->headerData(column, Qt::Horizontal).toString();
        const int needed = metrics.horizontalAdvance(title) + m_theme.px(26);
        m_table->setColumnWidth(column, std::max(m_table->columnWidth(column), needed));
    }
}

QPushButton *DetailTable::addButton(const QString &text)
{
    auto *button = new QPushButton(text);
    m_bar->addWidget(button, 0, Qt::AlignTop);
    return button;
}

void DetailTable::setDetail(const QString &text)
{
    m_detail->showText(text);
}

QString DetailTable::detail() const
{
    return m_detail->toPlainText();
}

DetailTable::Rows DetailTable::selectedRows() const
{
    const QItemSelection selection = m_table->selectionModel()->selection();
    return selection.isEmpty() ? Rows{} : Rows{selection.first().top(), selection.first().height()};
}

} // namespace freshet::ui

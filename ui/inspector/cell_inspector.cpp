// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/cell_inspector.h"

#include "inspector/cell_page.h"
#include "inspector/row_page.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace freshet::ui {

CellInspector::CellInspector(QWidget *parent)
    : QWidget(parent),
      m_tabs(new QButtonGroup(this)),
      m_stack(new QStackedWidget(this)),
      m_cellPage(new CellPage(m_stack)),
      m_rowPage(new RowPage(m_stack))
{
    setAccessibleName(tr("Inspector"));
    m_stack->addWidget(m_cellPage);
    m_stack->addWidget(m_rowPage);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(14, 8, 8, 0);
    bar->setSpacing(4);
    const auto addTab = [&](const QString &text, Page page) {
        auto *button = new QPushButton(text, this);
        button->setFlat(true);
        button->setAutoDefault(false);
        button->setCheckable(true);
        button->setChecked(page == Page::Cell);
        m_tabs->addButton(button, static_cast<int>(page));
        bar->addWidget(button);
    };
    addTab(tr("Cell"), Page::Cell);
    addTab(tr("Row"), Page::Row);
    bar->addStretch(1);
    auto *close = new QPushButton(QString(QChar(0x2715)), this);
    close->setFlat(true);
    close->setAutoDefault(false);
    close->setToolTip(tr("Close the inspector"));
    close->setAccessibleName(close->toolTip());
    bar->addWidget(close);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    connect(m_tabs, &QButtonGroup::idClicked, m_stack, &QStackedWidget::setCurrentIndex);
    connect(close, &QPushButton::clicked, this, &CellInspector::closeRequested);
    connect(m_rowPage, &RowPage::columnPicked, this, &CellInspector::columnPicked);
    setStyle(GridStyle::light());
}

void CellInspector::setCell(const GridSourcePtr &source, std::optional<CellIndex> cell)
{
    m_cellPage->setCell(source, cell);
    m_rowPage->setCell(source, cell);
}

void CellInspector::setPage(Page page)
{
    m_tabs->button(static_cast<int>(page))->setChecked(true);
    m_stack->setCurrentIndex(static_cast<int>(page));
}

void CellInspector::setStyle(const GridStyle &style)
{
    m_style = style;
    QPalette colours = palette();
    colours.setColor(QPalette::Window, style.panel);
    colours.setColor(QPalette::Base, style.panel);
    colours.setColor(QPalette::Button, style.header);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        colours.setColor(role, style.text);
    colours.setColor(QPalette::Highlight, style.selection);
    colours.setColor(QPalette::HighlightedText, style.text);
    setPalette(colours);
    m_cellPage->setStyle(style);
    m_rowPage->setStyle(style);
    update();
}

void CellInspector::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_style.panel);
    painter.fillRect(0, 0, 1, height(), m_style.line);
}

} // namespace freshet::ui

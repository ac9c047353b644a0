// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/detail_list.h"

#include "theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

QLabel *selectable(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

DetailList::DetailList(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_outer(new QVBoxLayout(this))
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_outer->setContentsMargins(0, 0, 0, 0);
}

void DetailList::setSections(const std::vector<DetailSection> &sections)
{
    delete m_content;
    m_plainText.clear();
    m_content = new QWidget;
    m_layout = new QVBoxLayout(m_content);
    m_layout->setContentsMargins(m_theme.px(14), m_theme.px(12), m_theme.px(14), m_theme.px(12));
    m_layout->setSpacing(m_theme.px(4));
    for (const DetailSection &section : sections) {
        addTitle(section.title);
        for (const QString &sentence : section.sentences)
            addText(sentence);
        addFacts(section.facts);
    }
    m_outer->insertWidget(0, m_content);
}

void DetailList::addTitle(const QString &title)
{
    if (!m_plainText.isEmpty()) {
        m_layout->addSpacing(m_theme.px(10));
        m_plainText += QLatin1Char('\n');
    }
    auto *label = new QLabel(title);
    label->setProperty("role", QStringLiteral("section"));
    m_layout->addWidget(label);
    m_plainText += title + QLatin1Char('\n');
}

void DetailList::addText(const QString &text)
{
    m_layout->addWidget(selectable(text));
    m_plainText += text + QLatin1Char('\n');
}

void DetailList::addFacts(const std::vector<Fact> &facts)
{
    if (facts.empty())
        return;
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(m_theme.px(14));
    grid->setVerticalSpacing(m_theme.px(4));
    grid->setColumnStretch(1, 1);
    for (const Fact &fact : facts) {
        const int row = grid->rowCount();
        auto *name = new QLabel(fact.name);
        name->setProperty("role", QStringLiteral("small"));
        grid->addWidget(name, row, 0, Qt::AlignTop);
        grid->addWidget(selectable(fact.value), row, 1);
        m_plainText += fact.name + QStringLiteral(": ") + fact.value + QLatin1Char('\n');
    }
    m_layout->addLayout(grid);
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/choice_row.h"

#include "text/mnemonic.h"
#include "theme/theme.h"
#include "widgets/flow_layout.h"

#include <QCheckBox>
#include <QLabel>
#include <QVBoxLayout>

namespace freshet::ui {

ChoiceRow::ChoiceRow(const QString &title, const QString &hint, const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new QLabel(title)),
      m_hint(new QLabel(hint)),
      m_row(new FlowLayout(theme.px(18), theme.px(8)))
{
    m_title->setProperty("role", QStringLiteral("section"));
    m_hint->setProperty("role", QStringLiteral("small"));
    m_hint->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, theme.px(6));
    column->setSpacing(theme.px(4));
    column->addWidget(m_title);
    column->addWidget(m_hint);
    column->addLayout(m_row);
    connect(&theme, &Theme::changed, this, &ChoiceRow::updateFonts);
    updateFonts();
}

void ChoiceRow::updateFonts()
{
    m_title->setFont(m_theme.smallFont());
    m_hint->setFont(m_theme.smallFont());
}

void ChoiceRow::setChoices(const QString &kind, const QList<Choice> &choices)
{
    for (const auto &[box, name] : m_boxes)
        delete box;
    m_boxes.clear();
    for (const Choice &choice : choices) {
        auto *box = new QCheckBox(withoutMnemonics(choice.text));
        box->setObjectName(kind + QLatin1Char('-') + QString::fromStdString(choice.name));
        box->setToolTip(choice.toolTip);
        m_row->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &ChoiceRow::changed);
        m_boxes.emplace_back(box, choice.name);
    }
}

void ChoiceRow::addField(QWidget *field)
{
    m_row->addWidget(field);
}

void ChoiceRow::setHint(const QString &hint)
{
    m_hint->setText(hint);
}

std::vector<std::string> ChoiceRow::chosen() const
{
    std::vector<std::string> names;
    for (const auto &[box, name] : m_boxes) {
        if (box->isChecked())
            names.push_back(name);
    }
    return names;
}

} // namespace freshet::ui

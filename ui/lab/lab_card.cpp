// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_card.h"

#include "theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

QString toneName(LabCard::Tone tone)
{
    switch (tone) {
    case LabCard::Tone::Plain:
        return QStringLiteral("plain");
    case LabCard::Tone::Good:
        return QStringLiteral("verified");
    case LabCard::Tone::Warning:
        return QStringLiteral("warning");
    }
    return {};
}

} // namespace

LabCard::LabCard(Tone tone, const QString &title, const Theme &theme, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_title(new QLabel(title)), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("labCard"));
    setProperty("tone", toneName(tone));
    m_layout->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    m_layout->setSpacing(theme.px(6));
    m_title->setWordWrap(true);
    m_layout->addWidget(m_title);
    connect(&theme, &Theme::changed, this, &LabCard::updateFonts);
    updateFonts();
}

QLabel *LabCard::addLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    m_layout->addWidget(label);
    return label;
}

void LabCard::addSentence(const QString &text)
{
    addLabel(text);
}

void LabCard::addSmallPrint(const QString &text)
{
    QLabel *label = addLabel(text);
    label->setProperty("role", QStringLiteral("small"));
    m_smallPrint += label;
    updateFonts();
}

void LabCard::add(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void LabCard::add(QLayout *layout)
{
    m_layout->addLayout(layout);
}

void LabCard::setTitle(const QString &title)
{
    m_title->setText(title);
}

QString LabCard::text() const
{
    QStringList lines;
    for (const QLabel *label : findChildren<QLabel *>())
        lines += label->text();
    return lines.join(QLatin1Char('\n'));
}

void LabCard::updateFonts()
{
    QFont bold = m_theme.textFont();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    for (QLabel *label : std::as_const(m_smallPrint))
        label->setFont(m_theme.smallFont());
}

} // namespace freshet::ui

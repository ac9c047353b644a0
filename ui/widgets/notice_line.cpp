// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/notice_line.h"

#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

namespace freshet::ui {

namespace {

QString toneOf(Mark mark)
{
    switch (mark) {
    case Mark::Waiting:
    case Mark::Incomplete:
        return QStringLiteral("warning");
    case Mark::Failed:
        return QStringLiteral("failed");
    case Mark::Verified:
        return QStringLiteral("verified");
    default:
        return QStringLiteral("calm");
    }
}

} // namespace

NoticeLine::NoticeLine(const Theme &theme, QWidget *parent)
    : QFrame(parent), m_theme(theme), m_icon(new QLabel), m_sentence(new QLabel)
{
    setObjectName(QStringLiteral("noticeLine"));
    m_sentence->setObjectName(QStringLiteral("noticeSentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(6));
    layout->setSpacing(theme.px(8));
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_sentence, 1);
    connect(&theme, &Theme::changed, this, &NoticeLine::updateLook);
    updateLook();
    hide();
}

void NoticeLine::say(Mark mark, const QString &sentence)
{
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
    if (mark == m_mark)
        return;
    m_mark = mark;
    updateLook();
}

QString NoticeLine::sentence() const
{
    return m_sentence->text();
}

void NoticeLine::updateLook()
{
    setProperty("tone", toneOf(m_mark));
    style()->unpolish(this);
    style()->polish(this);
    m_icon->setPixmap(markPixmap(m_mark, m_theme, m_theme.px(16), devicePixelRatioF()));
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "error_banner.h"

#include "theme/icons.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

QLabel *wrappedLabel()
{
    auto *label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus);
    return label;
}

void setTextOrHide(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

ErrorBanner::ErrorBanner(const Theme &theme, QWidget *parent)
    : QFrame(parent),
      m_theme(theme),
      m_mark(new QLabel),
      m_what(wrappedLabel()),
      m_where(wrappedLabel()),
      m_detail(wrappedLabel()),
      m_next(wrappedLabel()),
      m_copy(new QPushButton(tr("Copy"))),
      m_close(new QPushButton)
{
    setObjectName(QStringLiteral("errorBanner"));
    m_what->setObjectName(QStringLiteral("errorWhat"));
    m_copy->setProperty("flat", true);
    m_copy->setAccessibleName(tr("Copy the error"));
    m_close->setProperty("flat", true);
    m_close->setAccessibleName(tr("Dismiss the error"));
    m_close->setToolTip(tr("Dismiss"));

    auto *texts = new QVBoxLayout;
    texts->setSpacing(theme.px(3));
    for (QLabel *label : {m_what, m_where, m_detail, m_next})
        texts->addWidget(label);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(9), theme.px(10), theme.px(9));
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_mark, 0, Qt::AlignTop);
    layout->addLayout(texts, 1);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_text.toPlainText()); });
    connect(m_close, &QPushButton::clicked, this, &ErrorBanner::dismiss);
    connect(&theme, &Theme::changed, this, &ErrorBanner::updateIcons);
    updateIcons();
    hide();
}

void ErrorBanner::updateIcons()
{
    QFont bold = m_theme.textFont();
    bold.setWeight(QFont::DemiBold);
    m_what->setFont(bold);
    m_mark->setPixmap(markPixmap(Mark::Failed, m_theme, m_theme.px(16), devicePixelRatioF()));
    m_close->setIcon(themedIcon(QStringLiteral("close"), m_theme.tokens().text, m_theme.px(16)));
    m_close->setIconSize(QSize(m_theme.px(16), m_theme.px(16)));
}

void ErrorBanner::show(const ErrorText &text)
{
    m_text = text;
    setTextOrHide(m_what, text.what);
    setTextOrHide(m_where, text.where);
    setTextOrHide(m_detail, text.detail);
    QString rest = text.kept;
    if (!text.next.isEmpty())
        rest += (rest.isEmpty() ? QString() : QStringLiteral(" ")) + text.next;
    setTextOrHide(m_next, rest);
    setAccessibleName(tr("Error: %1").arg(text.toPlainText()));
    setVisible(true);
}

bool ErrorBanner::dismiss()
{
    const bool wasThere = isVisible();
    setVisible(false);
    return wasThere;
}

} // namespace freshet::ui

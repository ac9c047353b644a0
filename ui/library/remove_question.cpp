// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/remove_question.h"

#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

RemoveQuestion::RemoveQuestion(const Theme &theme, QWidget *parent)
    : QFrame(parent), m_question(new QLabel), m_remove(new QPushButton(tr("Remove")))
{
    setObjectName(QStringLiteral("removeStrip"));
    m_question->setWordWrap(true);
    m_remove->setObjectName(QStringLiteral("confirmRemove"));
    m_remove->setProperty("danger", true);
    auto *keep = new QPushButton(tr("Keep"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addWidget(keep);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(8), theme.px(8), theme.px(8));
    layout->setSpacing(theme.px(8));
    layout->addWidget(m_question);
    layout->addLayout(buttons);
    hide();
    connect(keep, &QPushButton::clicked, this, &RemoveQuestion::dismiss);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        const QString id = m_id;
        dismiss();
        Q_EMIT confirmed(id);
    });
}

void RemoveQuestion::ask(const QString &id, const QString &question, bool takesFocus)
{
    m_id = id;
    m_question->setText(question);
    show();
    if (takesFocus)
        m_remove->setFocus();
}

bool RemoveQuestion::dismiss()
{
    const bool wasThere = isVisible();
    m_id.clear();
    hide();
    return wasThere;
}

} // namespace freshet::ui

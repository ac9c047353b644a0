// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "empty_start.h"

#include "text/mnemonic.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

/// A button as large as the layout in it asks for, where another one asks its text.
class Card : public QPushButton
{
public:
    explicit Card(const Theme &theme) : m_theme(theme)
    {
        QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }

    [[nodiscard]] QSize sizeHint() const override { return sized(m_theme.px(420)); }
    [[nodiscard]] QSize minimumSizeHint() const override { return sized(m_theme.px(240)); }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override
    {
        return layout()->totalHeightForWidth(width);
    }

private:
    [[nodiscard]] QSize sized(int width) const { return {width, heightForWidth(width)}; }

    const Theme &m_theme;
};

} // namespace

EmptyStart::EmptyStart(const Theme &theme, bool hasDemo, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_sentence(new QLabel),
      m_recentTitle(new QLabel),
      m_recent(new QVBoxLayout)
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_sentence->setText(tr("Enter a URL above: its rows appear while they arrive, and stay."));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_recentTitle->setText(tr("Recent sources"));
    m_recentTitle->setProperty("role", QStringLiteral("section"));
    m_recentTitle->hide();

    auto *cards = new QVBoxLayout;
    cards->setSpacing(theme.px(8));
    if (hasDemo)
        connect(addCard(cards, QStringLiteral("play"), tr("Try the demo dataset"),
                        tr("A million users from a server inside Freshet")),
                &QPushButton::clicked, this, &EmptyStart::demoRequested);
    connect(addCard(cards, QStringLiteral("open"), tr("Open a file"),
                    tr("CSV, JSON, NDJSON, Parquet, Arrow or ZIP; or drop it here")),
            &QPushButton::clicked, this, &EmptyStart::openFileRequested);
    connect(addCard(cards, QStringLiteral("source"), tr("Choose a source"),
                    tr("PostgreSQL, gRPC, WebSocket, export jobs, S3, SFTP")),
            &QPushButton::clicked, this, &EmptyStart::newSourceRequested);
    connect(addCard(cards, QStringLiteral("terminal"), tr("Paste a curl command"),
                    tr("URL, headers and body are filled in from it")),
            &QPushButton::clicked, this, &EmptyStart::curlRequested);

    auto *column = new QVBoxLayout;
    column->addStretch(2);
    column->addWidget(m_sentence);
    column->addSpacing(theme.px(22));
    column->addLayout(cards);
    column->addSpacing(theme.px(18));
    column->addWidget(m_recentTitle);
    column->addLayout(m_recent);
    column->addStretch(3);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(24), theme.px(24), theme.px(24), theme.px(24));
    layout->addStretch(1);
    layout->addLayout(column, 0);
    layout->addStretch(1);
    connect(&theme, &Theme::changed, this, &EmptyStart::updateLooks);
    updateLooks();
}

QPushButton *EmptyStart::addCard(QVBoxLayout *cards, const QString &icon, const QString &title,
                                 const QString &explanation)
{
    auto *card = new Card(m_theme);
    card->setProperty("card", true);
    card->setProperty("iconName", icon);
    card->setAccessibleName(title);
    card->setAccessibleDescription(explanation);
    auto *mark = new QLabel;
    mark->setObjectName(QStringLiteral("cardIcon"));
    auto *words = new QLabel(title);
    words->setObjectName(QStringLiteral("cardTitle"));
    auto *small = new QLabel(explanation);
    small->setObjectName(QStringLiteral("cardText"));
    small->setProperty("role", QStringLiteral("small"));
    small->setWordWrap(true);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(m_theme.px(2));
    texts->addWidget(words);
    texts->addWidget(small);
    auto *layout = new QHBoxLayout(card);
    layout->setContentsMargins(m_theme.px(14), m_theme.px(10), m_theme.px(14), m_theme.px(10));
    layout->setSpacing(m_theme.px(12));
    layout->addWidget(mark);
    layout->addLayout(texts, 1);
    for (QLabel *label : {mark, words, small})
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
    cards->addWidget(card);
    m_cards += card;
    return card;
}

void EmptyStart::updateLooks()
{
    m_sentence->setFont(m_theme.figureFont());
    m_recentTitle->setFont(m_theme.smallFont());
    QFont bold = m_theme.textFont();
    bold.setWeight(QFont::DemiBold);
    for (QPushButton *card : std::as_const(m_cards)) {
        const int size = m_theme.px(20);
        card->findChild<QLabel *>(QStringLiteral("cardIcon"))
            ->setPixmap(iconPixmap(card->property("iconName").toString(), m_theme.tokens().accent,
                                   size, devicePixelRatioF()));
        card->findChild<QLabel *>(QStringLiteral("cardTitle"))->setFont(bold);
        card->findChild<QLabel *>(QStringLiteral("cardText"))->setFont(m_theme.smallFont());
        card->updateGeometry();
    }
}

void EmptyStart::setRecentSources(const QStringList &sources)
{
    while (QLayoutItem *item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentTitle->setVisible(!sources.isEmpty());
    for (const QString &source : sources) {
        auto *button = new QPushButton;
        button->setProperty("link", true);
        button->setText(withoutMnemonics(
            button->fontMetrics().elidedText(source, Qt::ElideMiddle, m_theme.px(400))));
        button->setAccessibleName(source);
        button->setToolTip(source);
        connect(button, &QPushButton::clicked, this,
                [this, source] { Q_EMIT sourceRequested(source); });
        m_recent->addWidget(button, 0, Qt::AlignLeft);
    }
}

} // namespace freshet::ui

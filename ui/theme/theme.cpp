// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/style_sheet.h"
#include "theme/system_scheme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QIcon>
#include <QMenuBar>
#include <QPalette>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QToolTip>

/// Resources in a static library are linked only when somebody names them. At the top level,
/// because the macro declares a function in the namespace it stands in.
static void initResources()
{
    Q_INIT_RESOURCE(freshet);
}

namespace freshet::ui {

namespace {

constexpr qreal kDesignPixelSize = 13;

/// The font the desktop names for its windows; where it names none (a bare X session, no display),
/// Inter if it is there.
QFont systemFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    const QString platform = QGuiApplication::platformName();
    const bool isHeadless = platform == QLatin1String("offscreen") ||
                            platform == QLatin1String("minimal") ||
                            platform == QLatin1String("vnc");
    const bool isGeneric =
        font.family().isEmpty() ||
        font.family().compare(QLatin1String("Sans Serif"), Qt::CaseInsensitive) == 0 ||
        font.family().compare(QLatin1String("Sans"), Qt::CaseInsensitive) == 0;
    if (!isHeadless && !isGeneric)
        return font;
    if (QFontDatabase::hasFamily(QStringLiteral("Inter")))
        font.setFamily(QStringLiteral("Inter"));
    font.setPixelSize(static_cast<int>(kDesignPixelSize));
    return font;
}

/// Fusion, but the menu bar without underlines: they stay in the menus, where they are looked for.
class QuietStyle : public QProxyStyle
{
public:
    QuietStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *returned) const override
    {
        if (hint == SH_UnderlineShortcut && qobject_cast<const QMenuBar *>(widget) != nullptr)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, returned);
    }

    int pixelMetric(PixelMetric metric, const QStyleOption *option,
                    const QWidget *widget) const override
    {
        // Sizes that Fusion fixes in pixels grow with the text.
        if (metric == PM_TabCloseIndicatorWidth || metric == PM_TabCloseIndicatorHeight ||
            metric == PM_IndicatorWidth || metric == PM_IndicatorHeight)
            return QFontMetrics(QApplication::font()).height();
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
};

QPalette paletteOf(const Tokens &tokens)
{
    QPalette palette;
    palette.setColor(QPalette::Window, tokens.window);
    palette.setColor(QPalette::WindowText, tokens.text);
    palette.setColor(QPalette::Base, tokens.panel);
    palette.setColor(QPalette::AlternateBase, tokens.raised);
    palette.setColor(QPalette::Text, tokens.text);
    palette.setColor(QPalette::PlaceholderText, tokens.faint);
    palette.setColor(QPalette::Button, tokens.panel);
    palette.setColor(QPalette::ButtonText, tokens.text);
    palette.setColor(QPalette::BrightText, tokens.failed);
    palette.setColor(QPalette::Highlight, tokens.selection);
    palette.setColor(QPalette::HighlightedText, tokens.text);
    palette.setColor(QPalette::Link, tokens.link);
    palette.setColor(QPalette::LinkVisited, tokens.link);
    palette.setColor(QPalette::ToolTipBase, tokens.panel);
    palette.setColor(QPalette::ToolTipText, tokens.text);
    palette.setColor(QPalette::Light, tokens.panel);
    palette.setColor(QPalette::Midlight, tokens.raised);
    palette.setColor(QPalette::Mid, tokens.line);
    palette.setColor(QPalette::Dark, tokens.control);
    palette.setColor(QPalette::Shadow, tokens.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, tokens.faint);
    return palette;
}

} // namespace

Theme::Theme(QApplication &application)
    : m_application(application),
      m_system(std::make_unique<SystemScheme>()),
      m_base(systemFont()),
      m_text(m_base)
{
    initResources();
    QApplication::setStyle(new QuietStyle);
    connect(m_system.get(), &SystemScheme::changed, this, [this] {
        if (m_choice == SchemeChoice::FollowSystem)
            apply();
    });
    QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/freshet.svg")));
    apply();
}

Theme::~Theme() = default;

Scheme Theme::scheme() const
{
    switch (m_choice) {
    case SchemeChoice::Light:
        return Scheme::Light;
    case SchemeChoice::Dark:
        return Scheme::Dark;
    case SchemeChoice::FollowSystem:
        break;
    }
    return m_system->scheme();
}

void Theme::choose(SchemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    apply();
}

void Theme::setFontScale(qreal scale)
{
    m_text = m_base;
    if (m_base.pixelSize() > 0)
        m_text.setPixelSize(qRound(m_base.pixelSize() * scale));
    else
        m_text.setPointSizeF(m_base.pointSizeF() * scale);
    apply();
}

int Theme::px(qreal designPixels) const
{
    return qRound(designPixels * QFontInfo(m_text).pixelSize() / kDesignPixelSize);
}

QFont Theme::smallFont() const
{
    QFont font = m_text;
    font.setPixelSize(px(11.5));
    return font;
}

QFont Theme::figureFont() const
{
    QFont font = m_text;
    font.setPixelSize(px(14));
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont Theme::monospaceFont() const
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(px(12));
    return font;
}

void Theme::apply()
{
    QApplication::setFont(m_text);
    QApplication::setPalette(paletteOf(tokens()));
    QToolTip::setFont(smallFont());
    m_application.setStyleSheet(styleSheet(*this));
    Q_EMIT changed();
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/chart_picture.h"

#include "lab/chart_legend.h"
#include "theme/theme.h"

#include <QFontMetrics>
#include <QGraphicsView>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace freshet::ui {

namespace {

constexpr int kPixelScale = 2;
constexpr qreal kGap = 8;

} // namespace

ChartPicture::ChartPicture(const Theme &theme, const ChartLegend &legend, QString note,
                           QGraphicsView &view)
    : m_theme(theme), m_legend(legend), m_note(std::move(note)), m_view(view)
{}

int ChartPicture::noteHeight() const
{
    return m_note.isEmpty() ? 0 : QFontMetrics(m_theme.smallFont()).height() + m_theme.px(kGap);
}

QSize ChartPicture::size() const
{
    const int width = m_view.width();
    return {width, m_legend.wholeHeight(width) + noteHeight() + m_theme.px(kGap) + m_view.height()};
}

void ChartPicture::paint(QPainter &painter) const
{
    const QSize whole = size();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRect(QPoint(), whole), m_theme.tokens().panel);
    m_legend.paintWhole(painter, whole.width());
    const int top = whole.height() - m_view.height();
    if (!m_note.isEmpty()) {
        painter.setFont(m_theme.smallFont());
        painter.setPen(m_theme.tokens().dimText);
        painter.drawText(
            QRect(0, top - noteHeight(), whole.width() - m_theme.px(kGap), noteHeight()),
            Qt::AlignRight | Qt::AlignVCenter, m_note);
    }
    m_view.scene()->render(&painter, QRectF(QPointF(0, top), m_view.size()), m_view.sceneRect());
}

bool ChartPicture::saveSvg(const QString &file, const QString &title) const
{
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly))
        return false;
    QSvgGenerator svg;
    svg.setOutputDevice(&out);
    svg.setSize(size());
    svg.setViewBox(QRect(QPoint(), size()));
    svg.setTitle(title);
    QPainter painter;
    if (!painter.begin(&svg))
        return false;
    paint(painter);
    return painter.end() && out.commit();
}

bool ChartPicture::savePng(const QString &file) const
{
    QImage image(size() * kPixelScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kPixelScale);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    QSaveFile out(file);
    return out.open(QIODevice::WriteOnly) && image.save(&out, "PNG") && out.commit();
}

} // namespace freshet::ui

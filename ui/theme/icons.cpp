// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

#include "theme/theme.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace freshet::ui {

QPixmap iconPixmap(const QString &name, const QColor &color, int size, qreal devicePixelRatio)
{
    const QString key = QStringLiteral("freshet/%1/%2/%3/%4")
                            .arg(name, color.name())
                            .arg(size)
                            .arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        Q_ASSERT_X(false, "iconPixmap", qPrintable(name));
        return pixmap;
    }
    QByteArray drawing = file.readAll();
    drawing.replace("currentColor", color.name().toUtf8());
    QSvgRenderer renderer(drawing);
    const int pixels = qRound(size * devicePixelRatio);
    pixmap = QPixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon themedIcon(const QString &name, const QColor &color, int size)
{
    QIcon icon;
    for (const qreal ratio : {1.0, 2.0, 3.0})
        icon.addPixmap(iconPixmap(name, color, size, ratio));
    return icon;
}

QPixmap markPixmap(Mark mark, const Theme &theme, int size, qreal devicePixelRatio)
{
    static constexpr const char *kNames[] = {"mark-running",    "mark-verified", "mark-ended",
                                             "mark-incomplete", "mark-failed",   "mark-queued",
                                             "mark-paused",     "mark-waiting"};
    return iconPixmap(QLatin1String(kNames[static_cast<int>(mark)]), markColor(mark, theme), size,
                      devicePixelRatio);
}

QColor markColor(Mark mark, const Theme &theme)
{
    const Tokens &tokens = theme.tokens();
    switch (mark) {
    case Mark::Running:
    case Mark::Paused:
        return tokens.accent;
    case Mark::Verified:
        return tokens.verified;
    case Mark::Ended:
    case Mark::Queued:
        return tokens.faint;
    case Mark::Incomplete:
    case Mark::Waiting:
        return tokens.warning;
    case Mark::Failed:
        return tokens.failed;
    }
    return tokens.text;
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/figures.h"

#include "transfer/verdict.h"

#include <QCoreApplication>

#include <cmath>

namespace freshet::ui {

namespace {

QString tr(const char *text, int count = -1)
{
    return QCoreApplication::translate("Figures", text, nullptr, count);
}

/// Three significant digits, none after the point from 100 on; a trailing zero is left out.
QString threeDigits(double value)
{
    int decimals = value >= 99.95 ? 0 : (value >= 9.995 ? 1 : 2);
    QString text = QString::number(value, 'f', decimals);
    while (decimals > 0 && text.endsWith(QLatin1Char('0'))) {
        text.chop(1);
        --decimals;
    }
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

/// `value` below a thousand with the prefix that takes it there.
QString scaled(double value, const QString &unit, const char *const (&prefixes)[6])
{
    int step = 0;
    // 999.5 would be written as 1000.
    while (value >= 999.5 && step < 5) {
        value /= 1000;
        ++step;
    }
    const QString number = step == 0 ? QString::number(std::floor(value)) : threeDigits(value);
    return number + QLatin1Char(' ') + QLatin1String(prefixes[step]) + unit;
}

} // namespace

QString groupedText(std::int64_t value)
{
    return QString::fromStdString(transfer::groupedDigits(value));
}

QString rowsText(RowCount rows)
{
    return rows.value() == 1 ? tr("1 row") : tr("%1 rows").arg(groupedText(rows.value()));
}

QString bytesText(ByteCount bytes)
{
    static constexpr const char *kPrefixes[] = {"", "k", "M", "G", "T", "P"};
    return scaled(static_cast<double>(bytes.value()), QStringLiteral("B"), kPrefixes);
}

QString durationText(std::chrono::microseconds time)
{
    const double ms = static_cast<double>(time.count()) / 1000;
    if (ms < 1)
        return tr("%1 ms").arg(ms, 0, 'f', 1);
    if (ms < 999.5)
        return tr("%1 ms").arg(std::round(ms));
    if (ms < 59'950)
        return tr("%1 s").arg(ms / 1000, 0, 'f', 1);
    const auto seconds = static_cast<qint64>(std::round(ms / 1000));
    if (seconds < 3600)
        return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString waitText(std::chrono::milliseconds time)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time);
    return seconds.count() < 60 ? tr("%1 s").arg(seconds.count()) : durationText(seconds);
}

QString rateText(double rowsPerSecond)
{
    static constexpr const char *kPrefixes[] = {"", "k ", "M ", "G ", "T ", "P "};
    return scaled(rowsPerSecond, tr("rows/s"), kPrefixes);
}

QString shortRateText(double rowsPerSecond)
{
    static constexpr const char *kPrefixes[] = {"", "k", "M", "G", "T", "P"};
    return scaled(rowsPerSecond, tr("/s"), kPrefixes);
}

} // namespace freshet::ui

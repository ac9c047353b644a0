// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_line.h"

#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QFile>
#include <QHBoxLayout>

#include <unistd.h>

namespace freshet::ui {

namespace {

constexpr int kMemoryEveryMs = 1000;
constexpr int kSayForMs = 5000;

QString number(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

ByteCount residentMemory()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArrayList fields = file.readAll().split(' ');
    return fields.size() < 2 ? ByteCount()
                             : ByteCount(fields[1].toLongLong() * sysconf(_SC_PAGESIZE));
}

StatusLine::StatusLine(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_left(new ElidedLabel), m_right(new ElidedLabel)
{
    setProperty("surface", QStringLiteral("window"));
    setProperty("edge", QStringLiteral("top"));
    setAttribute(Qt::WA_StyledBackground);
    m_left->setObjectName(QStringLiteral("statusPosition"));
    m_right->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(5), theme.px(14), theme.px(5));
    layout->setSpacing(theme.px(20));
    layout->addWidget(m_left, 1);
    layout->addWidget(m_right);
    m_memory.setInterval(kMemoryEveryMs);
    connect(&m_memory, &QTimer::timeout, this, &StatusLine::updateRight);
    m_memory.start();
    m_saying.setSingleShot(true);
    m_saying.setInterval(kSayForMs);
    connect(&m_saying, &QTimer::timeout, this, [this] {
        m_said.clear();
        updateLeft();
    });
    connect(&theme, &Theme::changed, this, &StatusLine::updateColors);
    updateColors();
    updateRight();
}

void StatusLine::updateColors()
{
    for (ElidedLabel *label : {m_left, m_right}) {
        label->setFont(m_theme.smallFont());
        label->setColor(m_theme.tokens().dimText);
    }
}

void StatusLine::setPosition(std::optional<RowIndex> row, RowCount rows)
{
    m_position =
        row ? tr("Row %1 of %2").arg(groupedText(row->value() + 1), groupedText(rows.value()))
            : QString();
    updateLeft();
}

void StatusLine::setSelection(const SelectionSummary &summary)
{
    QStringList parts{summary.cells == 1 ? tr("1 cell")
                                         : tr("%1 cells").arg(groupedText(summary.cells))};
    if (summary.hasFigures && summary.numbers > 1) {
        parts += (summary.isSumRounded ? tr("sum ≈ %1") : tr("sum %1")).arg(number(summary.sum));
        parts += tr("min %1").arg(number(summary.min));
        parts += tr("max %1").arg(number(summary.max));
    }
    m_selection = parts.join(QStringLiteral("   "));
    updateLeft();
}

void StatusLine::clearSelection()
{
    m_selection.clear();
    updateLeft();
}

void StatusLine::setDisk(std::optional<ByteCount> disk)
{
    m_disk = disk ? tr("Disk %1").arg(bytesText(*disk)) : QString();
    updateRight();
}

void StatusLine::setTimes(const QString &words)
{
    m_times = words;
    updateRight();
}

void StatusLine::say(const QString &words)
{
    m_said = words;
    m_saying.start();
    updateLeft();
}

void StatusLine::updateLeft()
{
    QStringList parts;
    for (const QString &part : {m_said, m_position, m_selection}) {
        if (!part.isEmpty())
            parts += part;
    }
    m_left->setText(parts.join(QStringLiteral("      ")));
}

void StatusLine::updateRight()
{
    QStringList parts{tr("Memory %1").arg(bytesText(residentMemory()))};
    if (!m_disk.isEmpty())
        parts += m_disk;
    if (!m_times.isEmpty())
        parts += m_times;
    m_right->setText(parts.join(QStringLiteral("      ")));
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"
#include "grid/selection_summary.h"

#include <QTimer>
#include <QWidget>

#include <optional>

namespace freshet::ui {

class ElidedLabel;
class Theme;

/// The line at the bottom: position, selection, memory of the process, disk used by the dataset,
/// the zone of its times.
class StatusLine : public QWidget
{
    Q_OBJECT
public:
    explicit StatusLine(const Theme &theme, QWidget *parent = nullptr);

    void setPosition(std::optional<RowIndex> row, RowCount rows);
    void setSelection(const SelectionSummary &summary);
    void clearSelection();
    /// What is to be known of the times shown; empty: there are none.
    void setTimes(const QString &words);
    void setDisk(std::optional<ByteCount> disk);
    /// A short word about something that was done, instead of the position, for a few seconds.
    void say(const QString &words);

private:
    void updateLeft();
    void updateRight();
    void updateColors();

    const Theme &m_theme;
    ElidedLabel *m_left;
    ElidedLabel *m_right;
    QString m_position;
    QString m_selection;
    QString m_said;
    QString m_disk;
    QString m_times;
    QTimer m_memory;
    QTimer m_saying;
};

/// Memory of this process that is in use now (resident set). Source: proc(5), /proc/self/statm.
[[nodiscard]] ByteCount residentMemory();

} // namespace freshet::ui

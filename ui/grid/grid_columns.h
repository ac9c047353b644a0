// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/schema.h"

#include <QHash>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace freshet::ui {

class GridHeader;
class HeaderModel;

/// A column as the user arranged it, to keep from one session to the next.
struct ColumnSetting
{
    QString name;
    int width = 0; ///< pixels; 0 = fit to the rows in view
    bool isHidden = false;

    bool operator==(const ColumnSetting &) const = default;
};

/// A column that is at least partly in view.
struct VisibleColumn
{
    int column = 0; ///< number in the schema
    int place = 0;  ///< from the left, among those not hidden
    int x = 0;      ///< left edge, from the header's left edge
    int width = 0;
};

/// The columns' order, widths and hiding: the header's, kept in terms of columns and places.
///
/// Widths: a column gets its width once, from the rows in view when it is first seen, within
/// [60, 320] design pixels, and keeps it until the user changes it. Settings are matched by name,
/// so they also reach columns that come later (those stay at the right). Threads: GUI thread only.
/// Lifetime: `header` and `model` outlive it.
class GridColumns : public QObject
{
    Q_OBJECT

public:
    GridColumns(GridHeader *header, HeaderModel *model, QObject *parent);

    /// Other columns; settings that were applied before reach them.
    void reset(columnar::SchemaPtr schema);
    void forgetSettings();
    void grow(columnar::SchemaPtr schema);

    /// Columns not hidden, from left to right.
    [[nodiscard]] const std::vector<int> &shown() const { return m_shown; }
    [[nodiscard]] int shownCount() const { return static_cast<int>(m_shown.size()); }
    [[nodiscard]] int columnAt(int place) const { return m_shown[static_cast<std::size_t>(place)]; }
    [[nodiscard]] std::optional<int> placeOf(int column) const;

    [[nodiscard]] std::vector<VisibleColumn> visible(int viewportWidth) const;
    /// The place at `x` of the header, the nearest one beyond its ends.
    [[nodiscard]] std::optional<int> nearestPlace(int x) const;

    /// Whether a column in view waits for its width.
    [[nodiscard]] bool hasUnsettled(int viewportWidth) const;
    /// How wide the cells in view are, or nothing while they are not all there.
    using Measure = std::function<std::optional<int>(int column)>;
    /// Give columns in view that have none yet their width; while rows may still come into view
    /// (`isFinal` is false) columns grow but are not settled. Output: whether a width changed.
    bool settleWidths(int viewportWidth, const Measure &measure, bool isFinal);
    void fit(int column, int cellWidth);
    /// The font changed by this factor.
    void scaleWidths(qreal factor, int unit);

    [[nodiscard]] bool isHidden(int column) const;
    void setHidden(int column, bool hidden);
    void move(int fromPlace, int toPlace);

    [[nodiscard]] std::vector<ColumnSetting> settings() const;
    void apply(const std::vector<ColumnSetting> &settings);

Q_SIGNALS:
    /// A column was moved, hidden or shown: places mean other columns now.
    void arranged();
    /// Some width changed.
    void resized();
    /// The user changed something worth keeping.
    void settingsChanged();

private:
    void arrange();
    void adopt(int firstNew);
    void updateShown();
    void resize(int column, int width);

    GridHeader *m_header;
    HeaderModel *m_model;
    std::vector<int> m_shown;
    std::vector<int> m_places;      ///< by column; -1 if hidden
    std::vector<bool> m_isMeasured; ///< has a width of its own, which may still grow
    std::vector<bool> m_isSettled;
    QHash<QString, ColumnSetting> m_wanted;
    std::vector<QString> m_wantedOrder;
    int m_unit = 13; ///< pixel size of the font
    bool m_isArranging = false;
};

} // namespace freshet::ui

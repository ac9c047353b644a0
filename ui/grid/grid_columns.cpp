// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_columns.h"

#include "grid/grid_header.h"
#include "grid/header_model.h"

#include <QScopedValueRollback>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

namespace {

// In design pixels, at a 13-pixel font.
constexpr int kMinWidth = 60;
constexpr int kMaxWidth = 320;
constexpr int kMaxFitted = 1'200;
constexpr int kFirstWidth = 120;

} // namespace

GridColumns::GridColumns(GridHeader *header, HeaderModel *model, QObject *parent)
    : QObject(parent), m_header(header), m_model(model)
{
    connect(header, &QHeaderView::sectionResized, this, [this](int column, int, int width) {
        if (m_isArranging || width == 0)
            return;
        m_isSettled[static_cast<std::size_t>(column)] = true;
        Q_EMIT resized();
        Q_EMIT settingsChanged();
    });
    connect(header, &QHeaderView::sectionMoved, this, [this] {
        if (m_isArranging)
            return;
        updateShown();
        Q_EMIT arranged();
        Q_EMIT settingsChanged();
    });
}

void GridColumns::reset(columnar::SchemaPtr schema)
{
    const QScopedValueRollback guard(m_isArranging, true);
    m_isSettled.clear();
    m_isMeasured.clear();
    m_header->setDefaultSectionSize(kFirstWidth * m_unit / 13);
    m_model->reset(nullptr);
    m_model->reset(std::move(schema));
    arrange();
}

void GridColumns::forgetSettings()
{
    m_wanted.clear();
    m_wantedOrder.clear();
}

void GridColumns::grow(columnar::SchemaPtr schema)
{
    const int before = m_model->columnCount();
    const QScopedValueRollback guard(m_isArranging, true);
    m_model->grow(std::move(schema));
    if (m_model->columnCount() != before)
        adopt(std::min(before, m_model->columnCount()));
}

// New columns take the settings kept for their names.
void GridColumns::adopt(int firstNew)
{
    m_isSettled.resize(static_cast<std::size_t>(m_model->columnCount()), false);
    m_isMeasured.resize(m_isSettled.size(), false);
    for (int column = firstNew; column < m_model->columnCount(); ++column) {
        const QString name = QString::fromStdString(m_model->field(column).name);
        const auto found = m_wanted.constFind(name);
        if (found == m_wanted.constEnd())
            continue;
        if (found->width > 0)
            resize(column, found->width);
        m_header->setSectionHidden(column, found->isHidden);
    }
    updateShown();
}

void GridColumns::updateShown()
{
    m_shown.clear();
    m_places.assign(static_cast<std::size_t>(m_model->columnCount()), -1);
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        if (m_header->isSectionHidden(column))
            continue;
        m_places[static_cast<std::size_t>(column)] = static_cast<int>(m_shown.size());
        m_shown.push_back(column);
    }
}

std::optional<int> GridColumns::placeOf(int column) const
{
    if (column < 0 || column >= static_cast<int>(m_places.size()))
        return std::nullopt;
    const int place = m_places[static_cast<std::size_t>(column)];
    return place < 0 ? std::nullopt : std::optional(place);
}

std::vector<VisibleColumn> GridColumns::visible(int viewportWidth) const
{
    std::vector<VisibleColumn> columns;
    const std::optional<int> first = nearestPlace(0);
    if (!first)
        return columns;
    for (int place = *first; place < shownCount(); ++place) {
        const int column = columnAt(place);
        const int x = m_header->sectionViewportPosition(column);
        if (x >= viewportWidth)
            break;
        columns.push_back({column, place, x, m_header->sectionSize(column)});
    }
    return columns;
}

std::optional<int> GridColumns::nearestPlace(int x) const
{
    if (m_shown.empty())
        return std::nullopt;
    const int column = m_header->logicalIndexAt(x);
    if (const std::optional<int> place = placeOf(column))
        return place;
    return x + m_header->offset() < 0 ? 0 : shownCount() - 1;
}

void GridColumns::resize(int column, int width)
{
    const QScopedValueRollback guard(m_isArranging, true);
    m_isSettled[static_cast<std::size_t>(column)] = true;
    m_header->resizeSection(column, width);
}

bool GridColumns::hasUnsettled(int viewportWidth) const
{
    const std::vector<VisibleColumn> columns = visible(viewportWidth);
    return std::any_of(columns.begin(), columns.end(), [this](const VisibleColumn &shown) {
        return !m_isSettled[static_cast<std::size_t>(shown.column)];
    });
}

bool GridColumns::settleWidths(int viewportWidth, const Measure &measure, bool isFinal)
{
    bool changed = false;
    for (const VisibleColumn &shown : visible(viewportWidth)) {
        const auto at = static_cast<std::size_t>(shown.column);
        if (m_isSettled[at])
            continue;
        const std::optional<int> cells = measure(shown.column);
        if (!cells)
            continue;
        const int least = m_isMeasured[at] ? shown.width : kMinWidth * m_unit / 13;
        const int wanted = std::max({*cells, m_header->widthOf(shown.column), least});
        resize(shown.column, std::min(wanted, kMaxWidth * m_unit / 13));
        changed = changed || m_header->sectionSize(shown.column) != shown.width;
        m_isMeasured[at] = true;
        m_isSettled[at] = isFinal;
    }
    if (changed)
        Q_EMIT resized();
    return changed;
}

void GridColumns::fit(int column, int cellWidth)
{
    const int wanted = std::max(cellWidth, m_header->widthOf(column));
    resize(column, std::clamp(wanted, kMinWidth * m_unit / 26, kMaxFitted * m_unit / 13));
    Q_EMIT resized();
    Q_EMIT settingsChanged();
}

void GridColumns::scaleWidths(qreal factor, int unit)
{
    m_unit = std::max(1, unit);
    const QScopedValueRollback guard(m_isArranging, true);
    std::vector<std::pair<int, int>> scaled;
    for (const int column : m_shown) {
        if (m_isMeasured[static_cast<std::size_t>(column)] ||
            m_isSettled[static_cast<std::size_t>(column)])
            scaled.emplace_back(
                column, static_cast<int>(std::lround(m_header->sectionSize(column) * factor)));
    }
    m_header->setDefaultSectionSize(kFirstWidth * m_unit / 13); // of all sections there are
    for (const auto &[column, width] : scaled)
        m_header->resizeSection(column, width);
    Q_EMIT resized();
}

bool GridColumns::isHidden(int column) const
{
    return m_header->isSectionHidden(column);
}

void GridColumns::setHidden(int column, bool hidden)
{
    if (column < 0 || column >= m_model->columnCount() || isHidden(column) == hidden)
        return;
    {
        const QScopedValueRollback guard(m_isArranging, true);
        m_header->setSectionHidden(column, hidden);
    }
    updateShown();
    Q_EMIT arranged();
    Q_EMIT resized();
    Q_EMIT settingsChanged();
}

void GridColumns::move(int fromPlace, int toPlace)
{
    if (fromPlace < 0 || toPlace < 0 || fromPlace >= shownCount() || toPlace >= shownCount())
        return;
    m_header->moveSection(m_header->visualIndex(columnAt(fromPlace)),
                          m_header->visualIndex(columnAt(toPlace)));
}

std::vector<ColumnSetting> GridColumns::settings() const
{
    std::vector<ColumnSetting> settings;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        const bool hasWidth = m_isSettled[static_cast<std::size_t>(column)] && !isHidden(column);
        settings.push_back({QString::fromStdString(m_model->field(column).name),
                            hasWidth ? m_header->sectionSize(column) : 0, isHidden(column)});
    }
    return settings;
}

void GridColumns::apply(const std::vector<ColumnSetting> &settings)
{
    forgetSettings();
    for (const ColumnSetting &setting : settings) {
        m_wanted.insert(setting.name, setting);
        m_wantedOrder.push_back(setting.name);
    }
    {
        const QScopedValueRollback guard(m_isArranging, true);
        arrange();
    }
    Q_EMIT arranged();
    Q_EMIT resized();
}

void GridColumns::arrange()
{
    QHash<QString, int> columns;
    for (int column = 0; column < m_model->columnCount(); ++column)
        columns.insert(QString::fromStdString(m_model->field(column).name), column);
    int visual = 0;
    for (const QString &name : m_wantedOrder) {
        const auto found = columns.constFind(name);
        if (found != columns.constEnd())
            m_header->moveSection(m_header->visualIndex(*found), visual++);
    }
    adopt(0);
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/results_page.h"

#include "lab/summary_model.h"
#include "text/figures.h"
#include "text/lab_text.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"
#include "widgets/progress_line.h"

#include <QComboBox>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

constexpr qreal kHeaderPadding = 20; ///< both sides
constexpr qreal kSortedPadding = 32; ///< and the arrow
constexpr qreal kLeastName = 110;    ///< of a variant in the table
constexpr int kNameLength = 14;      ///< characters of a session that are shown at least

/// "median of 5 runs, band from fastest to slowest · 1,000,000 rows"
QString subtitleOf(const LabFigures &figures)
{
    RowCount most;
    for (const auto &summary : figures.summaries)
        most = std::max(most, summary.rows);
    const int runs = figures.session.plan.runs;
    const bool isCrowded = figures.lines.size() > qsizetype(lab::ChartFocus::kMostColours);
    const QString how =
        runs == 1   ? ResultsPage::tr("one run each")
        : isCrowded ? ResultsPage::tr("median of %1 runs, the quickest in colour").arg(runs)
                    : ResultsPage::tr("median of %1 runs, band from fastest to slowest").arg(runs);
    QStringList words{how, rowsText(most)};
    if (figures.before)
        words += ResultsPage::tr("= is no difference beyond the spread");
    return words.join(QStringLiteral(" · "));
}

} // namespace

ResultsPage::ResultsPage(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new QLabel(tr("Rows arrived over time"))),
      m_subtitle(new ElidedLabel),
      m_progress(new ProgressLine(theme)),
      m_chart(new ArrivalChart(theme)),
      m_model(new SummaryModel(theme, this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView),
      m_comparison(nullptr),
      m_earlier(new QComboBox)
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    buildTable();
    auto *head = new QVBoxLayout;
    head->setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(4));
    head->setSpacing(theme.px(2));
    head->addWidget(m_title);
    head->addWidget(m_subtitle);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(theme.px(18), 0, theme.px(18), theme.px(14));
    body->setSpacing(theme.px(8));
    body->addWidget(m_chart, 1);
    m_comparison = buildComparison();
    body->addWidget(m_comparison);
    body->addWidget(m_table);
    m_chart->setMinimumHeight(theme.px(200));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_progress);
    layout->addLayout(head);
    layout->addLayout(body, 1);
    connect(m_chart, &ArrivalChart::lineClicked, this, [this](int line) {
        if (line < m_chart->lines().size())
            Q_EMIT currentChanged(m_chart->lines()[line].variant);
    });
    connect(&theme, &Theme::changed, this, &ResultsPage::updateFonts);
    updateFonts();
}

QWidget *ResultsPage::buildComparison()
{
    auto *row = new QWidget;
    m_earlier->setObjectName(QStringLiteral("labEarlier"));
    m_earlier->setAccessibleName(tr("Earlier session to compare with"));
    m_earlier->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_earlier->setMinimumContentsLength(kNameLength);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(8));
    layout->addWidget(new QLabel(tr("Compare with")));
    layout->addWidget(m_earlier);
    layout->addStretch();
    row->hide();
    connect(m_earlier, &QComboBox::activated, this,
            [this] { Q_EMIT compareRequested(m_earlier->currentData().toString()); });
    return row;
}

void ResultsPage::offerEarlier(const std::vector<lab::SessionEntry> &entries)
{
    m_earlier->clear();
    m_earlier->addItem(tr("no other session"), QString());
    for (const auto &entry : entries)
        m_earlier->addItem(sessionText(QString::fromStdString(entry.name), entry.began),
                           QString::fromStdString(entry.id));
    updateComparison();
}

void ResultsPage::updateComparison()
{
    m_comparison->setVisible(m_figures && m_earlier->count() > 1);
    const bool isCompared = m_figures && m_figures->before;
    const QString id = isCompared ? QString::fromStdString(m_figures->before->id) : QString();
    m_earlier->setCurrentIndex(std::max(0, m_earlier->findData(id)));
}

void ResultsPage::buildTable()
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(SummaryModel::SortRole);
    m_table->setModel(m_sorted);
    m_table->setObjectName(QStringLiteral("labTable"));
    m_table->setAccessibleName(tr("Figures of the variants"));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(SummaryModel::columnOf(lab::Metric::LastRow), Qt::AscendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setWordWrap(false);
    // As high as its rows, and lower where the chart needs the room.
    m_table->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setStretchLastSection(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, &ResultsPage::chooseColumns);
    for (int column = 0; column < m_model->columnCount(); ++column)
        m_table->setColumnHidden(column, !SummaryModel::isShownByDefault(column));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) {
                if (index.isValid())
                    Q_EMIT currentChanged(index.data(SummaryModel::VariantRole).toInt());
            });
}

void ResultsPage::chooseColumns(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = SummaryModel::FirstMetric; column < m_model->columnCount(); ++column) {
        auto *action = menu->addAction(
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_table->isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool isShown) {
            m_areColumnsChosen = true;
            m_table->setColumnHidden(column, !isShown);
            fitTable();
        });
    }
    menu->popup(m_table->horizontalHeader()->mapToGlobal(position));
}

void ResultsPage::fitTable()
{
    // The view itself keeps room for a sort arrow in each header, which costs a column or two.
    const QAbstractItemView *cells = m_table;
    const QFontMetrics metrics(m_table->horizontalHeader()->font());
    m_widths.resize(m_model->columnCount());
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const QString title =
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        const bool isSorted = column == m_table->horizontalHeader()->sortIndicatorSection();
        const qreal padding = isSorted ? kSortedPadding : kHeaderPadding;
        m_widths[column] = std::max(cells->sizeHintForColumn(column),
                                    metrics.horizontalAdvance(title) + m_theme.px(padding));
        m_table->setColumnWidth(column, m_widths[column]);
    }
    fitTableHeight();
    fitColumns();
}

void ResultsPage::fitColumns()
{
    // Where there is not room for all, the number of runs goes if it says nothing of a variant,
    // and names are cut, but not the figures behind them.
    auto *header = m_table->horizontalHeader();
    if (!m_areColumnsChosen)
        m_table->setColumnHidden(SummaryModel::runsColumn(), false);
    const auto missing = [this, header] {
        const bool scrolls = m_table->maximumHeight() < wholeTableHeight();
        const int bar = scrolls ? m_table->verticalScrollBar()->sizeHint().width() : 0;
        int needed = bar + 2 * m_table->frameWidth();
        for (int column = 0; column < m_model->columnCount(); ++column) {
            if (!m_table->isColumnHidden(column))
                needed += m_widths[column];
        }
        return needed - m_table->width();
    };
    header->resizeSection(SummaryModel::VariantColumn, m_widths[SummaryModel::VariantColumn]);
    if (missing() > 0 && !m_areColumnsChosen && haveAllTheSameRuns())
        m_table->setColumnHidden(SummaryModel::runsColumn(), true);
    if (const int cut = missing(); cut > 0)
        header->resizeSection(
            SummaryModel::VariantColumn,
            std::max(m_theme.px(kLeastName), m_widths[SummaryModel::VariantColumn] - cut));
}

bool ResultsPage::haveAllTheSameRuns() const
{
    return m_figures && std::ranges::all_of(m_figures->summaries, [this](const auto &summary) {
               return summary.failed == 0 && summary.runs == m_figures->session.plan.runs;
           });
}

int ResultsPage::wholeTableHeight() const
{
    const int rows = m_sorted->rowCount() * m_table->verticalHeader()->defaultSectionSize();
    return m_table->horizontalHeader()->sizeHint().height() + rows + m_theme.px(16);
}

void ResultsPage::fitTableHeight()
{
    // All rows if they leave the chart its room; else so many that they can be gone through.
    const int whole = wholeTableHeight();
    m_table->setMinimumHeight(std::min(whole, height() * 2 / 5));
    m_table->setMaximumHeight(std::min(whole, height() * 9 / 20));
    m_table->updateGeometry();
}

void ResultsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitTableHeight();
    fitColumns();
}

void ResultsPage::updateFonts()
{
    m_title->setFont(m_theme.figureFont());
    m_subtitle->setFont(m_theme.smallFont());
    m_subtitle->setColor(m_theme.tokens().dimText);
    m_table->verticalHeader()->setDefaultSectionSize(m_theme.px(26));
    fitTable();
}

void ResultsPage::setFigures(const LabFiguresPtr &figures)
{
    m_figures = figures;
    m_model->setFigures(figures);
    if (m_figures)
        m_subtitle->setText(subtitleOf(*m_figures));
    updateComparison();
    updateLines();
    fitTable();
}

void ResultsPage::updateLines()
{
    QList<ArrivalLine> lines = m_figures ? m_figures->lines : QList<ArrivalLine>();
    if (!m_live.median.isEmpty())
        lines += m_live;
    m_chart->setLines(std::move(lines));
}

void ResultsPage::setProgress(const lab::LabProgress &progress, const lab::LabPlan &plan)
{
    m_progress->setRunning(!progress.isFinished);
    m_live = {};
    if (progress.isFinished) {
        updateLines();
        return;
    }
    m_progress->setFraction(progress.total > 0
                                ? std::optional(static_cast<double>(progress.done) / progress.total)
                                : std::nullopt);
    m_subtitle->setText(progressText(progress, plan));
    if (progress.current) {
        const auto &variant = plan.variants[static_cast<std::size_t>(progress.current->variant)];
        m_live.name = tr("%1, now").arg(QString::fromStdString(variant.name));
        m_live.variant = progress.current->variant;
        m_live.isLive = true;
        for (const auto &point : progress.rowPoints)
            m_live.median += QPointF(std::chrono::duration<double>(point.at).count(),
                                     static_cast<double>(point.total));
    }
    updateLines();
}

void ResultsPage::setCurrent(int variant)
{
    const auto &lines = m_chart->lines();
    int line = -1;
    for (int i = 0; i < lines.size(); ++i) {
        if (lines[i].variant == variant && !lines[i].isLive)
            line = i;
    }
    m_chart->setCurrent(line);
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        if (index.data(SummaryModel::VariantRole).toInt() == variant &&
            m_table->currentIndex().row() != row)
            m_table->setCurrentIndex(index);
    }
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/cell_page.h"

#include "columnar/value_text.h"
#include "grid/grid_copy.h"
#include "grid/type_words.h"
#include "inspector/json_tree_model.h"
#include "inspector/text_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <utility>

namespace freshet::ui {

namespace {

// Levels of a tree with up to this many values are opened at once.
constexpr int kOpenedNodes = 200;
// Lines of hex are four times as long as their bytes.
constexpr std::size_t kHexBytes = 64 << 10;

QPushButton *newButton(QWidget *parent, const QString &text, bool isCheckable)
{
    auto *button = new QPushButton(text, parent);
    button->setFlat(true);
    button->setAutoDefault(false);
    button->setCheckable(isCheckable);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

CellPage::CellPage(QWidget *parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_facts(new QLabel(this)),
      m_bar(new QWidget(this)),
      m_stack(new QStackedWidget(this)),
      m_words(new QLabel(this)),
      m_text(new TextView(this)),
      m_tree(new QTreeView(this)),
      m_json(new JsonTreeModel(this))
{
    m_worker.setMaxThreadCount(1);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    for (QLabel *label : {m_title, m_facts, m_words}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    for (QLabel *label : {m_facts, m_words})
        label->setProperty("role", QStringLiteral("small"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_text->setAccessibleName(tr("Value"));
    m_tree->setAccessibleName(tr("Value as a tree"));
    m_tree->setModel(m_json);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setHeaderHidden(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setSectionResizeMode(JsonTreeModel::Key, QHeaderView::ResizeToContents);
    m_tree->header()->setStretchLastSection(true);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &CellPage::showTreeMenu);
    m_stack->addWidget(m_words);
    m_stack->addWidget(m_text);
    m_stack->addWidget(m_tree);
    buildBar();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addSpacing(4);
    layout->addWidget(m_bar);
    layout->addSpacing(4);
    layout->addWidget(m_stack, 1);
    setCell(nullptr, std::nullopt);
}

CellPage::~CellPage()
{
    m_reading.cancel();
    m_worker.clear();
    m_worker.waitForDone();
}

void CellPage::buildBar()
{
    m_copy = newButton(m_bar, tr("Copy"), false);
    m_copy->setToolTip(tr("Copy the whole value, exactly"));
    m_asTree = newButton(m_bar, tr("Tree"), true);
    m_asTree->setChecked(true);
    m_monospaced = newButton(m_bar, tr("Monospace"), true);
    m_more = newButton(m_bar, tr("Show all"), false);
    auto *layout = new QHBoxLayout(m_bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (QPushButton *button : {m_copy, m_asTree, m_monospaced, m_more})
        layout->addWidget(button);
    layout->addStretch(1);
    connect(m_copy, &QPushButton::clicked, this, &CellPage::copyWhole);
    connect(m_asTree, &QPushButton::toggled, this, &CellPage::showValue);
    connect(m_monospaced, &QPushButton::toggled, m_text, &TextView::setMonospaced);
    connect(m_more, &QPushButton::clicked, this, [this] { read(kMostBytes); });
}

void CellPage::setStyle(const GridStyle &style)
{
    m_json->setStyle(style);
    QPalette dim = palette();
    dim.setColor(QPalette::WindowText, style.dimText);
    m_facts->setPalette(dim);
    m_words->setPalette(dim);
}

void CellPage::setCell(GridSourcePtr source, std::optional<CellIndex> cell)
{
    m_reading.cancel();
    m_worker.clear();
    m_source = std::move(source);
    m_cell = m_source ? cell : std::nullopt;
    if (!m_cell) {
        showEmpty({}, tr("Pick a cell in the grid to see all of it here."));
        return;
    }
    if (std::optional<CellValue> value = peekCell(*m_source, *m_cell))
        show(*std::move(value));
    else
        read(kFirstBytes);
}

void CellPage::read(ByteCount maxBytes)
{
    m_reading.cancel();
    m_reading = CancelToken();
    QtConcurrent::run(&m_worker, [source = m_source, cell = *m_cell, maxBytes, cancel = m_reading] {
        // Waited in line, and something else is wanted by now.
        if (cancel.isCancelled())
            return Result<CellValue>(fail(ErrorCode::Cancelled, {}));
        return readCell(*source, cell, maxBytes);
    }).then(this, [this, cancel = m_reading](const Result<CellValue> &value) {
        if (!cancel.isCancelled())
            show(value);
    });
}

void CellPage::showEmpty(const QString &title, const QString &words)
{
    m_value.reset();
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    m_facts->hide();
    m_bar->hide();
    m_words->setText(words);
    m_stack->setCurrentWidget(m_words);
}

QString CellPage::facts(const CellValue &value) const
{
    const QLocale words;
    QString text = typeWords(value.field.type) %
                   tr(" · row %1").arg(words.toString(qlonglong(m_cell->row.value() + 1)));
    if (value.absence != columnar::Absence::Present)
        return text;
    text += value.size == ByteCount(1)
                ? tr(" · 1 byte")
                : tr(" · %1 bytes").arg(words.toString(qlonglong(value.size.value())));
    if (value.isCut)
        text += tr(", the first %1 shown").arg(words.formattedDataSize(std::ssize(value.text)));
    else if (!value.isBinary())
        text += value.characters == 1
                    ? tr(", 1 character")
                    : tr(", %1 characters").arg(words.toString(qlonglong(value.characters)));
    return text;
}

void CellPage::show(const Result<CellValue> &value)
{
    if (!value) {
        const auto &field = m_source->schema()->fields[static_cast<std::size_t>(m_cell->column)];
        showEmpty(QString::fromStdString(field.name), tr("This value cannot be read."));
        m_words->setToolTip(QString::fromStdString(value.error().toString()));
        return;
    }
    m_value = *value;
    m_title->setText(QString::fromStdString(value->field.name));
    m_title->show();
    m_facts->setText(facts(*value));
    m_facts->show();
    m_json->setDocument(value->json);
    if (value->json && value->json->nodeCount() <= kOpenedNodes)
        m_tree->expandAll();
    showValue();
}

void CellPage::showValue()
{
    if (!m_value)
        return;
    const bool isPresent = m_value->absence == columnar::Absence::Present;
    const bool isEmpty = isPresent && m_value->text.empty();
    // A lone string or number is no tree.
    const bool canBeTree = m_value->json && m_json->rowCount() > 0;
    m_bar->setVisible(isPresent);
    m_asTree->setVisible(canBeTree);
    m_monospaced->setVisible(!m_value->isBinary() && !(canBeTree && m_asTree->isChecked()));
    m_more->setVisible(m_value->isCut && m_value->text.size() < kMostBytes.asSize());
    m_words->setToolTip({});
    if (m_value->absence == columnar::Absence::Null)
        m_words->setText(tr("null: the source says that there is no value."));
    else if (m_value->absence == columnar::Absence::Missing)
        m_words->setText(tr("Missing: this row of the source does not have this column."));
    else if (isEmpty)
        m_words->setText(tr("Empty: a value of no characters."));
    if (!isPresent || isEmpty) {
        m_stack->setCurrentWidget(m_words);
    } else if (canBeTree && m_asTree->isChecked()) {
        m_stack->setCurrentWidget(m_tree);
    } else {
        const std::string &text = m_value->text;
        m_text->setMonospaced(m_value->isBinary() || m_monospaced->isChecked());
        m_text->setLineWrapMode(m_value->isBinary() ? QPlainTextEdit::NoWrap
                                                    : QPlainTextEdit::WidgetWidth);
        m_text->showText(m_value->isBinary() ? QString::fromStdString(hexDump(
                                                   std::string_view(text).substr(0, kHexBytes)))
                                             : QString::fromStdString(text));
        m_stack->setCurrentWidget(m_text);
    }
}

void CellPage::copyWhole()
{
    if (!m_value || !m_cell)
        return;
    if (!m_value->isCut && !m_value->isBinary()) {
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_value->text));
        return;
    }
    // Only a part is here, or not as text.
    const CellBlocks whole{{m_cell->column},
                           {{{m_cell->row, m_cell->row + RowCount(1)}, {m_cell->column}}}};
    QtConcurrent::run(&m_worker, [source = m_source, whole] {
        return copyText(*source, whole, {CopyFormat::Tsv, false, 256_MiB}, CancelToken());
    }).then(this, [this](const Result<std::string> &text) {
        if (text)
            QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
        else
            m_facts->setText(tr("The value is too long for the clipboard. Export it instead."));
    });
}

void CellPage::showTreeMenu(const QPoint &position)
{
    const QModelIndex index = m_tree->indexAt(position);
    if (!index.isValid())
        return;
    QMenu menu(this);
    const auto copy = [](const QString &text) {
        QGuiApplication::clipboard()->setText(text);
    };
    menu.addAction(tr("Copy value"), this, [=, this] { copy(m_json->valueOf(index)); });
    menu.addAction(tr("Copy path"), this, [=, this] { copy(m_json->pathOf(index)); });
    menu.addSeparator();
    menu.addAction(tr("Open all"), m_tree, &QTreeView::expandAll)
        ->setEnabled(m_value && m_value->json && m_value->json->nodeCount() <= 100 * kOpenedNodes);
    menu.addAction(tr("Close all"), m_tree, &QTreeView::collapseAll);
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/schema_tree.h"

#include "text/figures.h"
#include "theme/theme.h"
#include "transport/postgres_statement.h"

#include <QHeaderView>
#include <QStyledItemDelegate>

#include <algorithm>

namespace freshet::ui {

namespace {

using transport::PostgresCatalogue;
using transport::PostgresRelation;
using transport::PostgresTable;

enum Column { Name, Rows, Kind };
enum ItemKind { Database = QTreeWidgetItem::UserType, Schema, Relation, Leaf };

const QTreeWidgetItem *ancestor(const QTreeWidgetItem *item, ItemKind kind)
{
    while (item != nullptr && item->type() != kind)
        item = item->parent();
    return item;
}

QString joined(const std::vector<std::string> &names)
{
    QStringList texts;
    for (const auto &name : names)
        texts += QString::fromStdString(name);
    return texts.join(QStringLiteral(", "));
}

QString kindWords(PostgresRelation::Kind kind)
{
    switch (kind) {
    case PostgresRelation::Kind::Table:
        break;
    case PostgresRelation::Kind::Partitioned:
        return SchemaTree::tr("partitioned");
    case PostgresRelation::Kind::View:
        return SchemaTree::tr("view");
    case PostgresRelation::Kind::MaterializedView:
        return SchemaTree::tr("materialized view");
    case PostgresRelation::Kind::Foreign:
        return SchemaTree::tr("on another server");
    }
    return {};
}

/// What is said of a column behind its type.
QString columnWords(const PostgresTable &table, const transport::PostgresColumnInfo &column)
{
    for (const auto &key : table.keys) {
        if (std::ranges::find(key.columns, column.name) != key.columns.end())
            return key.isPrimary ? SchemaTree::tr("primary key") : SchemaTree::tr("unique");
    }
    return column.isNullable ? SchemaTree::tr("may be null") : QString();
}

/// Keeps numbers off the words in the next column.
class NumberDelegate : public QStyledItemDelegate
{
public:
    NumberDelegate(const Theme &theme, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme)
    {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        QStyleOptionViewItem background = option;
        initStyleOption(&background, index);
        background.text.clear();
        background.widget->style()->drawControl(QStyle::CE_ItemViewItem, &background, painter,
                                                background.widget);
        QStyleOptionViewItem number = option;
        number.rect.setRight(option.rect.right() - m_theme.px(8));
        QStyledItemDelegate::paint(painter, number, index);
    }

private:
    const Theme &m_theme;
};

} // namespace

SchemaTree::SchemaTree(const Theme &theme, QWidget *parent) : HintedTree(theme, parent)
{
    setObjectName(QStringLiteral("schemaTree"));
    setProperty("roomy", true);
    setAccessibleName(tr("Tables of the server"));
    setColumnCount(3);
    setHeaderLabels({tr("Table"), tr("Rows, about"), tr("Key")});
    headerItem()->setTextAlignment(Rows, Qt::AlignRight | Qt::AlignVCenter);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setStretchLastSection(true);
    setItemDelegateForColumn(Rows, new NumberDelegate(theme, this));
    setColumnWidth(Name, theme.px(340));
    setColumnWidth(Rows, theme.px(175)); // "timestamp with time zone"
    setIndentation(theme.px(16));
    setUniformRowHeights(true);
    setExpandsOnDoubleClick(false);
    updateHint();
    connect(this, &SchemaTree::changed, this, &SchemaTree::updateHint);
    connect(this, &QTreeWidget::itemExpanded, this, &SchemaTree::expandItemLater);
    connect(this, &QTreeWidget::itemActivated, this, &SchemaTree::activate);
}

SchemaTree::~SchemaTree()
{
    m_cancel.cancel();
}

Result<SchemaTree::Contents> SchemaTree::read(transport::ByteRequest server, CancelToken cancel)
{
    const auto catalogue = PostgresCatalogue::open(std::move(server), std::move(cancel));
    if (!catalogue)
        return fail(catalogue.error());
    auto databases = (*catalogue)->databases();
    if (!databases)
        return fail(std::move(databases).error());
    auto schemas = (*catalogue)->schemas();
    if (!schemas)
        return fail(std::move(schemas).error());
    auto relations = (*catalogue)->relations();
    if (!relations)
        return fail(std::move(relations).error());
    return Contents{.database = (*catalogue)->database(),
                    .databases = std::move(*databases),
                    .schemas = std::move(*schemas),
                    .relations = std::move(*relations)};
}

template <typename Work, typename Answer>
void SchemaTree::ask(Work work, Answer answer)
{
    ++m_asking;
    m_runner.run(std::move(work), [this, round = m_round, answer = std::move(answer)](auto result) {
        if (round != m_round)
            return;
        --m_asking;
        if (result)
            answer(std::move(*result));
        else
            Q_EMIT failed(result.error());
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

void SchemaTree::browse(const transport::ByteRequest &server)
{
    stop();
    clear();
    m_tables.clear();
    m_server = server;
    m_server.body.clear();
    ask([request = m_server, cancel = m_cancel] { return read(request, cancel); },
        [this](const Contents &contents) { showServer(contents); });
}

void SchemaTree::stop()
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    ++m_round;
    m_asking = 0;
    Q_EMIT changed();
}

void SchemaTree::showServer(const Contents &contents)
{
    for (const auto &name : contents.databases) {
        auto *item = new QTreeWidgetItem(this, {QString::fromStdString(name)}, Database);
        item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
        if (name == contents.database) {
            fillDatabase(item, contents);
            item->setExpanded(true);
            setCurrentItem(item);
            scrollToItem(item, QAbstractItemView::PositionAtTop);
        }
    }
}

void SchemaTree::fillDatabase(QTreeWidgetItem *item, const Contents &contents)
{
    for (const auto &name : contents.schemas) {
        auto *schema = new QTreeWidgetItem(item, {QString::fromStdString(name)}, Schema);
        for (const auto &relation : contents.relations) {
            if (relation.schema == name)
                addRelation(schema, relation);
        }
        if (schema->childCount() == 0)
            addNote(schema, tr("no tables"));
        else
            schema->setExpanded(name == "public" || contents.schemas.size() == 1);
    }
    if (item->childCount() == 0)
        addNote(item, tr("no schemas that you may look into"));
}

void SchemaTree::addRelation(QTreeWidgetItem *schema, const PostgresRelation &relation)
{
    const QString rows =
        relation.estimatedRows ? groupedText(*relation.estimatedRows) : QStringLiteral("–");
    QString key = joined(relation.primaryKey);
    if (const QString kind = kindWords(relation.kind); !kind.isEmpty())
        key = key.isEmpty() ? kind : tr("%1 · %2").arg(key, kind);
    auto *item =
        new QTreeWidgetItem(schema, {QString::fromStdString(relation.name), rows, key}, Relation);
    item->setTextAlignment(Rows, Qt::AlignRight | Qt::AlignVCenter);
    item->setForeground(Kind, theme().tokens().dimText);
    item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
    // Names may be longer than the column.
    QString tip = item->text(Name) + QLatin1Char('\n') + tr("Double click to fill in the query.");
    if (!relation.comment.empty())
        tip.prepend(QString::fromStdString(relation.comment) + QLatin1Char('\n'));
    item->setToolTip(Name, tip);
}

QTreeWidgetItem *SchemaTree::addNote(QTreeWidgetItem *parent, const QString &text)
{
    auto *item = new QTreeWidgetItem(parent, {text}, Leaf);
    item->setFlags(Qt::NoItemFlags);
    return item;
}

void SchemaTree::expandItemLater(QTreeWidgetItem *item)
{
    if (item->type() == Database && item->childCount() == 0)
        openDatabase(item);
    else if (item->type() == Relation)
        openTable(item, [] {});
}

void SchemaTree::openDatabase(QTreeWidgetItem *item)
{
    ask([request = requestOf(item), cancel = m_cancel] { return read(request, cancel); },
        [this, item](const Contents &contents) { fillDatabase(item, contents); });
}

void SchemaTree::openTable(QTreeWidgetItem *item, const std::function<void()> &then)
{
    if (m_tables.contains(item)) {
        then();
        return;
    }
    ask(
        [request = requestOf(item), cancel = m_cancel, schema = item->parent()->text(Name),
         name = item->text(Name)]() -> Result<PostgresTable> {
            const auto catalogue = PostgresCatalogue::open(request, cancel);
            if (!catalogue)
                return fail(catalogue.error());
            return (*catalogue)->table(schema.toStdString(), name.toStdString());
        },
        [this, item, then](PostgresTable table) {
            fillTable(item, std::move(table));
            then();
        });
}

void SchemaTree::fillTable(QTreeWidgetItem *item, PostgresTable table)
{
    if (m_tables.contains(item))
        return;
    for (const auto &column : table.columns) {
        auto *leaf =
            new QTreeWidgetItem(item,
                                {QString::fromStdString(column.name),
                                 QString::fromStdString(column.type), columnWords(table, column)},
                                Leaf);
        leaf->setTextAlignment(Rows, Qt::AlignRight | Qt::AlignVCenter);
        for (const Column place : {Rows, Kind})
            leaf->setForeground(place, theme().tokens().dimText);
        leaf->setToolTip(Name, leaf->text(Name));
        leaf->setToolTip(Rows, leaf->text(Rows));
    }
    m_tables.emplace(item, std::move(table));
}

void SchemaTree::activate(QTreeWidgetItem *item)
{
    if (item->type() == Leaf && item->parent()->type() == Relation)
        item = item->parent();
    if (item->type() == Relation)
        openTable(item, [this, item] { pick(item); });
    else
        item->setExpanded(!item->isExpanded());
}

void SchemaTree::pick(QTreeWidgetItem *item)
{
    const auto quoted = [](const QString &name) {
        return transport::quotedIdentifier(name.toStdString());
    };
    const PostgresTable &table = m_tables.at(item);
    Q_EMIT picked(
        {.url = requestOf(item).url,
         .query =
             "select * from " + quoted(item->parent()->text(Name)) + '.' + quoted(item->text(Name)),
         .key = table.keys.empty() ? std::vector<std::string>() : table.keys.front().columns});
}

transport::ByteRequest SchemaTree::requestOf(const QTreeWidgetItem *item) const
{
    transport::ByteRequest request = m_server;
    request.url =
        transport::databaseUrl(request.url, ancestor(item, Database)->text(Name).toStdString());
    return request;
}

QTreeWidgetItem *SchemaTree::tableItem(const QString &schema, const QString &name) const
{
    for (QTreeWidgetItem *item : findItems(name, Qt::MatchExactly | Qt::MatchRecursive, Name)) {
        if (item->type() == Relation && item->parent()->text(Name) == schema)
            return item;
    }
    return nullptr;
}

QSize SchemaTree::sizeHint() const
{
    return {theme().px(460), theme().px(230)};
}

void SchemaTree::updateHint()
{
    setHint(isAsking() ? tr("Asking the server…")
                       : tr("Browse shows the server’s databases and tables here."));
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema_difference.h"

#include "store/catalogue_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace freshet::store {

using columnar::Absence;
using columnar::Column;

namespace {

bool isNamed(const Column &column, std::int64_t row)
{
    return column.absence(row) != Absence::Missing;
}

QString toQt(const std::string &text)
{
    return QString::fromStdString(text);
}

std::string fromQt(const QJsonValue &value)
{
    return value.toString().toStdString();
}

} // namespace

SchemaWatch::SchemaWatch(columnar::SchemaPtr before, RowCount rows)
    : m_before(rows.value() == 0 ? nullptr : std::move(before)),
      m_firstRow(rows.value()),
      m_rows(rows.value())
{}

void SchemaWatch::note(const columnar::RecordBatch &batch)
{
    if (batch.rowCount == 0)
        return;
    if (!m_before)
        m_before = batch.schema;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        const Column &column = batch.columns[i];
        if (column.missingCount == batch.rowCount)
            continue;
        std::int64_t last = batch.rowCount - 1;
        while (!isNamed(column, last))
            --last;
        auto seen = m_seen.find(batch.schema->fields[i].name);
        if (seen == m_seen.end()) {
            std::int64_t first = 0;
            while (!isNamed(column, first))
                ++first;
            seen = m_seen.emplace(batch.schema->fields[i].name, Seen{m_rows + first, 0}).first;
        }
        seen->second.last = m_rows + last;
    }
    m_rows += batch.rowCount;
}

SchemaDifference SchemaWatch::difference(const columnar::Schema &after) const
{
    SchemaDifference difference;
    if (!m_before || m_rows == m_firstRow)
        return difference;
    for (const columnar::Field &field : after.fields) {
        const auto known = m_before->indexOf(field.name);
        const auto seen = m_seen.find(field.name);
        if (!known) {
            if (seen != m_seen.end())
                difference.added.push_back(
                    {field.name, field.type.name(), RowIndex(seen->second.first)});
            continue;
        }
        const columnar::LogicalType was = m_before->fields[static_cast<std::size_t>(*known)].type;
        // A column of nulls had no type yet.
        if (was.name() != field.type.name() && was.kind != columnar::TypeKind::Null)
            difference.retyped.push_back({field.name, was.name(), field.type.name()});
        const std::int64_t gone = seen == m_seen.end() ? m_firstRow : seen->second.last + 1;
        if (seen == m_seen.end() || m_rows - gone >= kGoneAfterRows)
            difference.vanished.push_back({field.name, RowIndex(gone)});
    }
    return difference;
}

std::vector<std::string> SchemaDifference::sentences() const
{
    std::vector<std::string> sentences;
    for (const NewColumn &column : added)
        sentences.push_back('"' + column.name + "\" is new (" + column.type + "), from row " +
                            grouped(column.from.value() + 1) + " on");
    for (const VanishedColumn &column : vanished)
        sentences.push_back('"' + column.name + "\" has vanished: no row from " +
                            grouped(column.since.value() + 1) + " on names it");
    for (const RetypedColumn &column : retyped)
        sentences.push_back('"' + column.name + "\" was " + column.before + " and is now " +
                            column.after);
    return sentences;
}

std::string SchemaDifference::toJson() const
{
    if (isEmpty())
        return {};
    QJsonArray news;
    for (const NewColumn &column : added)
        news.append(QJsonObject{{u"name"_s, toQt(column.name)},
                                {u"type"_s, toQt(column.type)},
                                {u"row"_s, static_cast<qint64>(column.from.value())}});
    QJsonArray gone;
    for (const VanishedColumn &column : vanished)
        gone.append(QJsonObject{{u"name"_s, toQt(column.name)},
                                {u"row"_s, static_cast<qint64>(column.since.value())}});
    QJsonArray changed;
    for (const RetypedColumn &column : retyped)
        changed.append(QJsonObject{{u"name"_s, toQt(column.name)},
                                   {u"before"_s, toQt(column.before)},
                                   {u"after"_s, toQt(column.after)}});
    const QJsonObject object{{u"new"_s, news}, {u"vanished"_s, gone}, {u"retyped"_s, changed}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

SchemaDifference SchemaDifference::fromJson(std::string_view json)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())))
            .object();
    SchemaDifference difference;
    const QJsonArray news = object[u"new"].toArray();
    for (const QJsonValue column : news)
        difference.added.push_back({fromQt(column[u"name"]), fromQt(column[u"type"]),
                                    RowIndex(column[u"row"].toInteger())});
    const QJsonArray gone = object[u"vanished"].toArray();
    for (const QJsonValue column : gone)
        difference.vanished.push_back(
            {fromQt(column[u"name"]), RowIndex(column[u"row"].toInteger())});
    const QJsonArray changed = object[u"retyped"].toArray();
    for (const QJsonValue column : changed)
        difference.retyped.push_back(
            {fromQt(column[u"name"]), fromQt(column[u"before"]), fromQt(column[u"after"])});
    return difference;
}

} // namespace freshet::store

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_drift.h"

#include "transfer/json_text.h"

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

using Types = std::map<std::string, std::string>;

QJsonObject toObject(const Types &types)
{
    QJsonObject object;
    for (const auto &[column, type] : types)
        object[text(column)] = text(type);
    return object;
}

Types typesOf(const QJsonObject &object)
{
    Types types;
    for (auto at = object.begin(); at != object.end(); ++at)
        types.emplace(at.key().toStdString(), utf8(at.value()));
    return types;
}

} // namespace

void FileDrift::note(const columnar::RecordBatch &batch)
{
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        const columnar::Column &column = batch.columns[i];
        const columnar::Field &field = batch.schema->fields[i];
        if (column.missingCount < column.length)
            m_types[field.name] = field.type.name();
    }
}

std::string FileDrift::endFile(const std::string &name)
{
    const Types types = std::exchange(m_types, {});
    if (types.empty())
        return {};
    const bool isFirst = m_known.empty();
    std::string differences;
    const auto tell = [&differences](const std::string &difference) {
        differences += (differences.empty() ? "" : "; ") + difference;
    };
    for (const auto &[column, type] : types) {
        const auto known = m_known.find(column);
        if (known == m_known.end())
            tell("new column \"" + column + "\" (" + type + ')');
        else if (known->second != type)
            tell("column \"" + column + "\" becomes " + type + ", was " + known->second);
        m_known[column] = type;
    }
    for (const auto &[column, type] : m_known) {
        if (!types.contains(column))
            tell("no column \"" + column + '"');
    }
    if (isFirst || differences.empty() || m_sentences >= kMostSentences)
        return {};
    ++m_sentences;
    return name + ": " + differences;
}

QJsonObject FileDrift::toJson() const
{
    return {{u"known"_s, toObject(m_known)},
            {u"types"_s, toObject(m_types)},
            {u"sentences"_s, m_sentences}};
}

FileDrift FileDrift::fromJson(const QJsonObject &object)
{
    FileDrift drift;
    drift.m_known = typesOf(object[u"known"].toObject());
    drift.m_types = typesOf(object[u"types"].toObject());
    drift.m_sentences = object[u"sentences"].toInt();
    return drift;
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_text.h"

#include "base/grouped_digits.h"
#include "store/arrow_message.h"
#include "store/arrow_schema.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>

namespace freshet::store {

namespace {

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonDocument parsed(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())));
}

} // namespace

std::string jsonFromSentences(const std::vector<std::string> &sentences)
{
    QJsonArray array;
    for (const std::string &sentence : sentences)
        array.append(toQt(sentence));
    return QJsonDocument(array).toJson(QJsonDocument::Compact).toStdString();
}

std::vector<std::string> sentencesFromJson(std::string_view json)
{
    std::vector<std::string> sentences;
    const QJsonArray array = parsed(json).array();
    for (const QJsonValue value : array)
        sentences.push_back(value.toString().toStdString());
    return sentences;
}

std::string jsonFromFacts(const std::map<std::string, std::string> &facts)
{
    QJsonObject object;
    for (const auto &[key, value] : facts)
        object.insert(toQt(key), toQt(value));
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::map<std::string, std::string> factsFromJson(std::string_view json)
{
    std::map<std::string, std::string> facts;
    const QJsonObject object = parsed(json).object();
    for (auto fact = object.begin(); fact != object.end(); ++fact)
        facts.emplace(fact.key().toStdString(), fact.value().toString().toStdString());
    return facts;
}

std::string schemaBytes(const columnar::Schema &schema)
{
    return schemaMessage(schema);
}

Result<columnar::SchemaPtr> schemaFromBytes(std::string_view bytes)
{
    const auto length = metadataLength(bytes.substr(0, kMessagePrefix));
    if (!length)
        return fail(length.error());
    bytes.remove_prefix(kMessagePrefix);
    // FlatBuffers want their memory aligned.
    columnar::MutableBuffer metadata;
    metadata.append(bytes.data(), bytes.size());
    const auto message = verifiedMessage({metadata.data(), metadata.size()});
    if (!message)
        return fail(message.error());
    auto schema = readSchema((*message)->header_as_Schema(), "library.sqlite");
    if (!schema)
        return fail(std::move(schema).error());
    return std::move(schema->schema);
}

std::string grouped(std::int64_t value)
{
    return groupedDigits(value);
}

std::int64_t millisNow()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace freshet::store

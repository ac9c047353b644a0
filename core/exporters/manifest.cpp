// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/manifest.h"

#include "base/file.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace freshet::exporters {

namespace {

/// A manifest is a page of text, with a schema of some thousand columns some hundred kilobytes.
constexpr ByteCount kMaxManifest = 64_MiB;

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

std::string utf8(const QJsonValue &value)
{
    return value.toString().toStdString();
}

QJsonValue textOrNull(const std::string &utf8Text)
{
    return utf8Text.empty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text(utf8Text));
}

QJsonArray texts(const std::vector<std::string> &list)
{
    QJsonArray array;
    for (const auto &one : list)
        array.append(text(one));
    return array;
}

std::vector<std::string> listOf(const QJsonValue &value)
{
    std::vector<std::string> list;
    const QJsonArray array = value.toArray();
    for (const auto &one : array)
        list.push_back(one.toString().toStdString());
    return list;
}

QString isoText(Manifest::Time time)
{
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(milliseconds.count(), Qt::UTC)
        .toString(Qt::ISODateWithMs);
}

Manifest::Time timeFrom(const QJsonValue &value)
{
    const auto moment = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return Manifest::Time(
        std::chrono::milliseconds(moment.isValid() ? moment.toMSecsSinceEpoch() : 0));
}

QJsonArray schemaJson(const std::vector<Manifest::Column> &schema)
{
    QJsonArray array;
    for (const auto &[name, type] : schema)
        array.append(QJsonObject{{u"name"_s, text(name)}, {u"type"_s, text(type)}});
    return array;
}

std::vector<Manifest::Column> schemaFrom(const QJsonValue &value)
{
    std::vector<Manifest::Column> schema;
    const QJsonArray array = value.toArray();
    for (const auto &one : array) {
        const QJsonObject column = one.toObject();
        schema.push_back({utf8(column[u"name"_s]), utf8(column[u"type"_s])});
    }
    return schema;
}

/// The resume point without the rows that are kept for its decoder: data belongs into the file.
std::string resumeWithoutRows(const std::string &resumePoint)
{
    auto object = QJsonDocument::fromJson(QByteArray::fromStdString(resumePoint)).object();
    object.remove(u"preamble"_s);
    if (object.isEmpty())
        return {};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string_view compressionName(TextCompression compression)
{
    switch (compression) {
    case TextCompression::Gzip:
        return "gzip";
    case TextCompression::Zstd:
        return "zstd";
    case TextCompression::None:
        break;
    }
    return {};
}

} // namespace

std::string Manifest::toJson() const
{
    QJsonObject object{
        {u"freshet"_s, text(version)},
        {u"kind"_s, text(kind)},
        {u"file"_s, text(fileName)},
        {u"format"_s, textOrNull(format)},
        {u"compression"_s, textOrNull(compression)},
        {u"header"_s, header},
        {u"bytes"_s, qint64(bytes.value())},
        {u"sha256"_s, text(sha256)},
        {u"rows"_s, rows ? QJsonValue(qint64(rows->value())) : QJsonValue(QJsonValue::Null)},
        {u"schema"_s, schemaJson(schema)},
        {u"columns"_s, columns.empty() ? QJsonValue(QJsonValue::Null) : texts(columns)},
        {u"where"_s, textOrNull(where)},
        {u"source"_s, text(source)},
        {u"verdict"_s, text(verdict)},
        {u"evidence"_s, texts(evidence)},
        {u"error"_s, textOrNull(error)},
        {u"resume"_s, QJsonValue(QJsonValue::Null)},
        {u"started"_s, isoText(started)},
        {u"finished"_s, finished ? QJsonValue(isoText(*finished)) : QJsonValue(QJsonValue::Null)},
        {u"exported"_s, isoText(exported)},
        {u"dataset"_s, QJsonValue(QJsonValue::Null)},
    };
    if (!resume.empty())
        object[u"resume"_s] = QJsonDocument::fromJson(QByteArray::fromStdString(resume)).object();
    if (!datasetId.empty())
        object[u"dataset"_s] = QJsonObject{{u"id"_s, text(datasetId)},
                                           {u"name"_s, text(datasetName)},
                                           {u"rows"_s, qint64(datasetRows.value())},
                                           {u"rejected"_s, qint64(rejected.value())}};
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

Result<Manifest> Manifest::fromJson(std::string_view json)
{
    const QJsonObject object =
        QJsonDocument::fromJson(
            QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size())))
            .object();
    const QJsonValue rows = object[u"rows"_s];
    if (!object[u"freshet"_s].isString() || !object[u"bytes"_s].isDouble() ||
        !object[u"sha256"_s].isString() || !(rows.isNull() || rows.isDouble()))
        return fail(ErrorCode::SyntaxError, "this is no manifest of Freshet's");
    Manifest manifest;
    manifest.version = utf8(object[u"freshet"_s]);
    manifest.kind = utf8(object[u"kind"_s]);
    manifest.fileName = utf8(object[u"file"_s]);
    manifest.format = utf8(object[u"format"_s]);
    manifest.compression = utf8(object[u"compression"_s]);
    manifest.header = object[u"header"_s].toBool();
    manifest.bytes = ByteCount(object[u"bytes"_s].toInteger());
    manifest.sha256 = utf8(object[u"sha256"_s]);
    if (rows.isDouble())
        manifest.rows = RowCount(rows.toInteger());
    manifest.schema = schemaFrom(object[u"schema"_s]);
    manifest.columns = listOf(object[u"columns"_s]);
    manifest.where = utf8(object[u"where"_s]);
    const QJsonObject dataset = object[u"dataset"_s].toObject();
    manifest.datasetId = utf8(dataset[u"id"_s]);
    manifest.datasetName = utf8(dataset[u"name"_s]);
    manifest.datasetRows = RowCount(dataset[u"rows"_s].toInteger());
    manifest.rejected = RowCount(dataset[u"rejected"_s].toInteger());
    manifest.source = utf8(object[u"source"_s]);
    manifest.verdict = utf8(object[u"verdict"_s]);
    manifest.evidence = listOf(object[u"evidence"_s]);
    manifest.error = utf8(object[u"error"_s]);
    if (object[u"resume"_s].isObject())
        manifest.resume = QJsonDocument(object[u"resume"_s].toObject())
                              .toJson(QJsonDocument::Compact)
                              .toStdString();
    manifest.started = timeFrom(object[u"started"_s]);
    if (object[u"finished"_s].isString())
        manifest.finished = timeFrom(object[u"finished"_s]);
    manifest.exported = timeFrom(object[u"exported"_s]);
    return manifest;
}

std::filesystem::path manifestPath(const std::filesystem::path &file)
{
    std::filesystem::path path = file;
    path += ".manifest.json";
    return path;
}

Manifest manifestOf(const ExportReport &report, const ExportOptions &options,
                    const store::DatasetRecord &record)
{
    Manifest manifest{.version = FRESHET_VERSION,
                      .fileName = report.file.filename().string(),
                      .format = std::string(exportFormatName(options.format)),
                      .compression = std::string(compressionName(options.compression)),
                      .header = options.header && (options.format == ExportFormat::Csv ||
                                                   options.format == ExportFormat::Tsv),
                      .bytes = report.bytes,
                      .sha256 = report.sha256,
                      .rows = report.rows,
                      .columns = options.columns,
                      .where = options.where,
                      .datasetId = record.id,
                      .datasetName = record.name,
                      .datasetRows = record.rows,
                      .rejected = record.rejected,
                      .source = record.source,
                      .verdict = record.verdict,
                      .evidence = record.evidence,
                      .error = record.error,
                      .resume = resumeWithoutRows(record.resumePoint),
                      .started = record.created,
                      .finished = record.updated,
                      .exported = report.exported};
    for (const auto &field : report.schema->fields)
        manifest.schema.push_back({field.name, field.type.name()});
    if (record.verdict.empty()) {
        manifest.verdict = "incomplete";
        manifest.evidence.insert(manifest.evidence.begin(),
                                 "exported while rows were still coming");
        manifest.finished.reset();
    }
    return manifest;
}

Status writeManifest(const std::filesystem::path &file, const Manifest &manifest)
{
    auto target = AtomicFile::create(manifestPath(file));
    if (!target)
        return fail(std::move(target).error());
    FRESHET_TRY(target->write(manifest.toJson()));
    return target->commit();
}

Result<Manifest> readManifest(const std::filesystem::path &file)
{
    const auto path = manifestPath(file);
    const auto json = readFile(path, kMaxManifest);
    if (!json)
        return fail(json.error());
    auto manifest = Manifest::fromJson(*json);
    if (!manifest)
        manifest.error().detail = path.string() + ": " + manifest.error().detail;
    return manifest;
}

Status removeManifest(const std::filesystem::path &file)
{
    if (!readManifest(file))
        return {};
    if (::unlink(manifestPath(file).c_str()) != 0)
        return fail(systemError(errno, manifestPath(file).string()));
    return {};
}

Result<ExportReport> exportWithManifest(const store::DatasetSnapshot &snapshot,
                                        const store::DatasetRecord &record,
                                        const std::filesystem::path &file,
                                        const ExportOptions &options, const CancelToken &cancel,
                                        const std::function<void(const ExportProgress &)> &progress)
{
    auto report = exportDataset(snapshot, file, options, cancel, progress);
    if (report)
        FRESHET_TRY(writeManifest(file, manifestOf(*report, options, record)));
    return report;
}

} // namespace freshet::exporters

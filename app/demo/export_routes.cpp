// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/export_routes.h"

#include "base/file.h"
#include "demo/export_jobs.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <httplib.h>

#include <memory>
#include <string>

using namespace Qt::Literals::StringLiterals;

namespace freshet::demo {

namespace {

constexpr std::size_t kBlock = 256 * 1024;

void answerJson(httplib::Response &response, int status, const QJsonObject &object)
{
    response.status = status;
    response.set_header("Cache-Control", "no-store");
    response.set_content(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString(),
                         "application/json");
}

void refuse(httplib::Response &response, int status, const std::string &why)
{
    answerJson(response, status, {{u"error"_s, QString::fromStdString(why)}});
}

/// A member of the JSON body, or a parameter; as text.
QString wished(const QJsonObject &body, const httplib::Request &request, const char *name)
{
    const QJsonValue value = body[QLatin1String(name)];
    if (!value.isUndefined())
        return value.toVariant().toString();
    return QString::fromStdString(request.get_param_value(name));
}

Result<ExportWish> wishOf(const httplib::Request &request)
{
    const QJsonObject body =
        QJsonDocument::fromJson(QByteArray::fromStdString(request.body)).object();
    Status good;
    const auto number = [&](const char *name, double fallback, double least, double most) {
        const QString text = wished(body, request, name);
        if (text.isEmpty())
            return fallback;
        bool isNumber = false;
        const double value = text.toDouble(&isNumber);
        if (!isNumber || value < least || value > most)
            good = fail(ErrorCode::InvalidArgument, std::string(name) + " is out of range");
        return value;
    };
    ExportWish wish;
    wish.rows = static_cast<std::int64_t>(
        number("rows", 1000, 0, static_cast<double>(ExportJobs::kMostRows)));
    wish.parts = static_cast<std::int64_t>(
        number("parts", 1, 1, static_cast<double>(ExportJobs::kMostParts)));
    wish.seed = static_cast<std::uint64_t>(number("seed", 1, 0, 9e15));
    wish.takes =
        std::chrono::milliseconds(static_cast<std::int64_t>(1000 * number("seconds", 1, 0, 3600)));
    wish.expires = std::chrono::milliseconds(
        static_cast<std::int64_t>(1000 * number("expires", 60, 0, 86'400)));
    wish.fails = number("fail", 0, 0, 1) > 0;
    const QString format = wished(body, request, "format");
    const auto kind = exportKindByName(format.isEmpty() ? "csv" : format.toStdString());
    if (!kind)
        return fail(ErrorCode::InvalidArgument, "format is csv, ndjson.gz or parquet");
    wish.kind = *kind;
    FRESHET_TRY(good);
    return wish;
}

void startExport(ExportJobs &jobs, const httplib::Request &request, httplib::Response &response)
{
    const auto wish = wishOf(request);
    if (!wish)
        return refuse(response, 400, wish.error().detail);
    const auto id = jobs.start(*wish);
    if (!id)
        return refuse(response, 503, id.error().detail);
    const std::string address = "/api/export/" + *id + "/status";
    response.set_header("Location", address);
    response.set_header("Retry-After", "0");
    answerJson(response, 202,
               {{u"id"_s, QString::fromStdString(*id)},
                {u"status"_s, u"pending"_s},
                {u"statusUrl"_s, QString::fromStdString(address)}});
}

QString stateName(ExportStatus::State state)
{
    switch (state) {
    case ExportStatus::State::Pending:
        return u"pending"_s;
    case ExportStatus::State::Running:
        return u"running"_s;
    case ExportStatus::State::Completed:
        return u"completed"_s;
    case ExportStatus::State::Failed:
        break;
    }
    return u"failed"_s;
}

void tellStatus(ExportJobs &jobs, const httplib::Request &request, httplib::Response &response)
{
    const std::string id = request.matches[1].str();
    const auto status = jobs.status(id);
    if (!status)
        return refuse(response, 404, "no such export");
    const std::string origin = "http://" + request.get_header_value("Host");
    const auto urlOf = [&](const ExportLink &link) {
        return QString::fromStdString(origin + link.target);
    };
    QJsonObject object{{u"id"_s, QString::fromStdString(id)},
                       {u"status"_s, stateName(status->state)},
                       {u"progress"_s, static_cast<int>(status->progress * 100)}};
    if (!status->error.empty())
        object[u"error"_s] = QString::fromStdString(status->error);
    if (status->state == ExportStatus::State::Completed) {
        object[u"rowCount"_s] = static_cast<qint64>(status->rows);
        object[u"expiresIn"_s] = static_cast<double>(status->expiresIn.count()) / 1000;
        if (status->links.size() == 1)
            object[u"downloadUrl"_s] = urlOf(status->links.front());
        QJsonArray files;
        for (const auto &link : status->links)
            files.append(QJsonObject{{u"url"_s, urlOf(link)},
                                     {u"name"_s, QString::fromStdString(link.name)},
                                     {u"rows"_s, static_cast<qint64>(link.rows)},
                                     {u"bytes"_s, static_cast<qint64>(link.bytes)}});
        if (files.size() > 1)
            object[u"results"_s] = files;
    } else {
        response.set_header("Retry-After", status->progress < 0.9 ? "1" : "0");
    }
    answerJson(response, 200, object);
}

/// Whether the library may answer the request's ranges: those of another file would be wrong.
bool mayAnswerRanges(const httplib::Request &request, const ExportedFile &file)
{
    const std::string condition = request.get_header_value("If-Range");
    return condition.empty() || condition == file.etag;
}

void sendFile(ExportJobs &jobs, const httplib::Request &request, httplib::Response &response)
{
    const auto file =
        jobs.file(request.matches[1].str(), request.matches[2].str(),
                  request.get_param_value("expires"), request.get_param_value("signature"));
    if (!file)
        return refuse(response, file.error().code == ErrorCode::FileNotFound ? 404 : 403,
                      file.error().detail);
    auto opened = File::open(file->path, File::Mode::Read);
    if (!opened)
        return refuse(response, 500, opened.error().detail);
    // The request is its own object, passed as const only by the handler's signature.
    auto &ranges = const_cast<httplib::Request &>(request).ranges;
    if (!mayAnswerRanges(request, *file))
        ranges.clear();
    response.set_header("ETag", file->etag);
    response.set_header("Accept-Ranges", "bytes");
    if (!ranges.empty() && ranges.front().first >= file->bytes) {
        ranges.clear();
        response.set_header("Content-Range", "bytes */" + std::to_string(file->bytes));
        return refuse(response, 416, "the range lies behind the end of the file");
    }
    if (!ranges.empty() && ranges.front().second >= file->bytes)
        ranges.front().second = file->bytes - 1;
    response.set_content_provider(
        static_cast<std::size_t>(file->bytes), file->contentType,
        [source = std::make_shared<File>(std::move(*opened))](
            std::size_t offset, std::size_t length, httplib::DataSink &sink) {
            std::string block(std::min(length, kBlock), '\0');
            return source->readAt(ByteOffset(static_cast<std::int64_t>(offset)), block) &&
                   sink.write(block.data(), block.size());
        });
}

} // namespace

void addExportRoutes(httplib::Server &server, ExportJobs &jobs)
{
    server.Post("/api/export/request",
                [&jobs](const httplib::Request &request, httplib::Response &response) {
                    startExport(jobs, request, response);
                });
    server.Get(R"(/api/export/(\w+)/status)",
               [&jobs](const httplib::Request &request, httplib::Response &response) {
                   tellStatus(jobs, request, response);
               });
    server.Get(R"(/api/export/(\w+)/files/([\w.-]+))",
               [&jobs](const httplib::Request &request, httplib::Response &response) {
                   sendFile(jobs, request, response);
               });
}

} // namespace freshet::demo

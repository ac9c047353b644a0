// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/download_request.h"
#include "transfer/json_text.h"
#include "transfer/request_places.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

bool isUtf8(std::string_view bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    // The decoder works lazily: only the conversion finds the errors.
    [[maybe_unused]] const QString decoded =
        decoder(QByteArrayView(bytes.data(), std::ssize(bytes)));
    return !decoder.hasError();
}

constexpr std::array<std::pair<transport::HttpVersion, QLatin1StringView>, 3> kVersions = {{
    {transport::HttpVersion::Auto, "auto"_L1},
    {transport::HttpVersion::Http1, "1.1"_L1},
    {transport::HttpVersion::Http2, "2"_L1},
}};

QJsonArray headersToJson(const std::vector<transport::Header> &headers)
{
    QJsonArray array;
    for (const auto &[name, value] : headers) {
        const bool isSecret = transport::isSecretHeader(name);
        QJsonObject header{{u"name"_s, text(name)}};
        header[isSecret ? u"secret"_s : u"value"_s] =
            isSecret ? QJsonValue(true) : QJsonValue(text(value));
        array.append(header);
    }
    return array;
}

/// Those of the request; a secret that is missing stays missing in what is made of it.
QJsonArray headersToJson(const DownloadRequest &request)
{
    std::vector<transport::Header> headers = request.bytes.headers;
    for (const std::string &name : request.missingSecrets) {
        const bool isOfCall = request.grpc && findHeader(request.grpc->metadata, name);
        if (!findHeader(headers, name) && !isOfCall)
            headers.push_back({name, {}});
    }
    return headersToJson(headers);
}

/// Names of the header fields that were secret.
void addSecretNames(const QJsonValue &value, std::vector<std::string> &names)
{
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        const QJsonObject header = entry.toObject();
        std::string name = utf8(header[u"name"]);
        if (header.contains(u"secret"_s) && std::ranges::find(names, name) == names.end())
            names.push_back(std::move(name));
    }
}

/// Header fields without those that were secret.
std::vector<transport::Header> headersFrom(const QJsonValue &value)
{
    std::vector<transport::Header> headers;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        const QJsonObject header = entry.toObject();
        if (header.contains(u"value"_s))
            headers.push_back({utf8(header[u"name"]), utf8(header[u"value"])});
    }
    return headers;
}

void insertBody(QJsonObject &object, const std::string &body)
{
    if (body.empty())
        return;
    if (isUtf8(body))
        object[u"body"_s] = text(body);
    else
        object[u"bodyBase64"_s] = QString::fromLatin1(QByteArray::fromStdString(body).toBase64());
}

QString oneCharacter(char c)
{
    return c == '\0' ? QString() : QString(QLatin1Char(c));
}

char oneCharacter(const QJsonValue &value)
{
    const QString characters = value.toString();
    return characters.size() == 1 ? characters.front().toLatin1() : '\0';
}

void readBytes(const QJsonObject &object, transport::ByteRequest &bytes)
{
    bytes.url = utf8(object[u"url"]);
    bytes.method = utf8(object[u"method"]);
    bytes.headers = headersFrom(object[u"headers"]);
    bytes.body =
        object.contains(u"bodyBase64"_s)
            ? QByteArray::fromBase64(object[u"bodyBase64"].toString().toLatin1()).toStdString()
            : utf8(object[u"body"]);
    bytes.acceptEncoding = utf8(object[u"acceptEncoding"]);
    bytes.caFile = utf8(object[u"caFile"]);
    bytes.proxy = utf8(object[u"proxy"]);
    for (const auto &[version, name] : kVersions) {
        if (object[u"httpVersion"].toString() == name)
            bytes.version = version;
    }
}

/// The user in a URL, which goes with the password when that is taken out.
std::string userIn(std::string_view url)
{
    url.remove_prefix(std::min(url.find("://") + 3, url.size()));
    const std::string_view authority = url.substr(0, url.find('/'));
    const std::size_t at = authority.rfind('@');
    if (at == authority.npos)
        return {};
    return std::string(authority.substr(0, std::min(authority.find(':'), at)));
}

/// Where and as whom, without keys and passwords; empty where everything is as usual.
QJsonObject accessToJson(const DownloadRequest &request)
{
    const transport::ByteRequest &bytes = request.bytes;
    const std::vector<std::string> places = placesOf(request);
    QJsonObject object;
    const auto insert = [&object](const QString &name, const std::string &value) {
        if (!value.empty())
            object[name] = text(value);
    };
    if (isAnyOf(places, "s3://")) {
        insert(u"endpoint"_s, bytes.s3.endpoint);
        insert(u"region"_s, bytes.s3.region);
        object[u"isPathStyle"_s] = bytes.s3.isPathStyle;
    }
    if (isAnyOf(places, "sftp://")) {
        const std::string user = userIn(bytes.url);
        insert(u"user"_s, user.empty() ? bytes.ssh.user : user);
        insert(u"privateKeyFile"_s, bytes.ssh.privateKeyFile);
        insert(u"knownHostsFile"_s, bytes.ssh.knownHostsFile);
        object[u"hasAgent"_s] = bytes.ssh.hasAgent;
    }
    return object;
}

void readAccess(const QJsonObject &object, transport::ByteRequest &bytes)
{
    bytes.s3.endpoint = utf8(object[u"endpoint"]);
    if (object.contains(u"region"_s))
        bytes.s3.region = utf8(object[u"region"]);
    bytes.s3.isPathStyle = object[u"isPathStyle"].toBool();
    bytes.ssh.user = utf8(object[u"user"]);
    bytes.ssh.privateKeyFile = utf8(object[u"privateKeyFile"]);
    bytes.ssh.knownHostsFile = utf8(object[u"knownHostsFile"]);
    bytes.ssh.hasAgent = object[u"hasAgent"].toBool();
}

QJsonArray typedToJson(const std::vector<TypedSecret> &secrets)
{
    QJsonArray names;
    for (const TypedSecret secret : secrets)
        names.append(text(typedSecretName(secret)));
    return names;
}

std::vector<TypedSecret> typedFrom(const QJsonValue &value)
{
    std::vector<TypedSecret> secrets;
    for (const std::string &name : textsFrom(value)) {
        if (const auto secret = typedSecretByName(name))
            secrets.push_back(*secret);
    }
    return secrets;
}

QJsonObject messagesToJson(const decode::MessageSchema &messages)
{
    return {{u"descriptorSet"_s,
             QString::fromLatin1(QByteArray::fromStdString(messages.descriptorSet).toBase64())},
            {u"type"_s, text(messages.typeName)},
            {u"rowsField"_s, text(messages.rowsField)}};
}

decode::MessageSchema messagesFrom(const QJsonObject &object)
{
    return {
        .descriptorSet =
            QByteArray::fromBase64(object[u"descriptorSet"].toString().toLatin1()).toStdString(),
        .typeName = utf8(object[u"type"]),
        .rowsField = utf8(object[u"rowsField"])};
}

QJsonObject callToJson(const GrpcCall &call)
{
    return {{u"protoFiles"_s, textsToJson(call.schema.protoFiles)},
            {u"importFolders"_s, textsToJson(call.schema.importFolders)},
            {u"descriptorSetFile"_s, text(call.schema.descriptorSetFile)},
            {u"method"_s, text(call.method)},
            {u"request"_s, text(call.requestJson)},
            {u"metadata"_s, headersToJson(call.metadata)},
            {u"deadlineMs"_s, static_cast<qint64>(call.deadline.count())},
            {u"flavour"_s, text(grpcFlavourName(call.flavour))},
            {u"rowsField"_s, text(call.rowsField)}};
}

GrpcCall callFrom(const QJsonObject &object)
{
    GrpcCall call;
    call.schema = {.protoFiles = textsFrom(object[u"protoFiles"]),
                   .importFolders = textsFrom(object[u"importFolders"]),
                   .descriptorSetFile = utf8(object[u"descriptorSetFile"])};
    call.method = utf8(object[u"method"]);
    call.requestJson = utf8(object[u"request"]);
    call.metadata = headersFrom(object[u"metadata"]);
    call.deadline = std::chrono::milliseconds(object[u"deadlineMs"].toInteger());
    call.flavour = grpcFlavourByName(utf8(object[u"flavour"])).value_or(GrpcFlavour::Web);
    call.rowsField = utf8(object[u"rowsField"]);
    return call;
}

QJsonObject postgresToJson(const transport::ByteRequest &bytes)
{
    const transport::PostgresFetch &fetch = bytes.postgres;
    const std::string user = transport::userOf(bytes.url);
    return {{u"via"_s, text(transport::postgresViaName(fetch.via))},
            {u"batchRows"_s, static_cast<qint64>(fetch.batchRows)},
            {u"timeoutMs"_s, static_cast<qint64>(fetch.statementTimeout.count())},
            {u"user"_s, text(user.empty() ? fetch.user : user)},
            {u"key"_s, textsToJson(fetch.range.columns)}};
}

transport::PostgresFetch postgresFrom(const QJsonObject &object)
{
    transport::PostgresFetch fetch;
    fetch.via = transport::postgresViaByName(utf8(object[u"via"])).value_or(fetch.via);
    fetch.batchRows = object[u"batchRows"].toInteger(fetch.batchRows);
    fetch.statementTimeout = std::chrono::milliseconds(object[u"timeoutMs"].toInteger());
    fetch.user = utf8(object[u"user"]);
    fetch.range.columns = textsFrom(object[u"key"]);
    return fetch;
}

void readDecode(const QJsonObject &object, decode::DecodeOptions &options)
{
    if (const auto format = decode::formatByName(utf8(object[u"format"])))
        options.format = *format;
    options.rowsAt = utf8(object[u"rowsAt"]);
    options.flatten = object[u"flatten"].toBool(true);
    options.eventTypes = textsFrom(object[u"eventTypes"]);
    options.delimiter = oneCharacter(object[u"delimiter"]);
    options.quote = oneCharacter(object[u"quote"]);
    if (object[u"hasHeader"].isBool())
        options.hasHeader = object[u"hasHeader"].toBool();
}

/// Of SSH servers with the user, who may be another for each.
std::string keptPlace(const std::string &place)
{
    std::string kept = transport::withoutSecrets(place);
    constexpr std::string_view kSftp = "sftp://";
    if (const std::string user = userIn(place); kept.starts_with(kSftp) && !user.empty())
        kept.insert(kSftp.size(), user + '@');
    return kept;
}

QJsonArray originsToJson(const std::vector<UrlLogin> &logins)
{
    QJsonArray origins;
    for (const UrlLogin &login : logins)
        origins.append(text(login.origin));
    return origins;
}

QJsonObject filesToJson(const FileSet &files)
{
    QJsonArray sources;
    for (const FileSource &source : files.sources) {
        QJsonObject object{{u"place"_s, text(keptPlace(source.place))}};
        if (!source.name.empty())
            object[u"name"_s] = text(source.name);
        if (!source.proof.empty())
            object[u"proof"_s] = textsToJson(source.proof);
        sources.append(object);
    }
    return {{u"sources"_s, sources},
            {u"fileColumn"_s, text(files.fileColumn)},
            {u"areArchives"_s, files.areArchives},
            {u"leftOut"_s, textsToJson(files.leftOut)}};
}

FileSet filesFrom(const QJsonObject &object)
{
    FileSet files{.fileColumn = utf8(object[u"fileColumn"]),
                  .areArchives = object[u"areArchives"].toBool(),
                  .leftOut = textsFrom(object[u"leftOut"])};
    const QJsonArray sources = object[u"sources"].toArray();
    for (const QJsonValue &value : sources) {
        const QJsonObject source = value.toObject();
        files.sources.push_back({.place = utf8(source[u"place"]),
                                 .name = utf8(source[u"name"]),
                                 .proof = textsFrom(source[u"proof"])});
    }
    return files;
}

} // namespace

std::string DownloadRequest::toJson() const
{
    QJsonObject object{
        {u"url"_s, text(transport::withoutSecrets(bytes.url))},
        {u"method"_s, text(bytes.method)},
        {u"headers"_s, headersToJson(*this)},
        {u"acceptEncoding"_s, text(bytes.acceptEncoding)},
        {u"caFile"_s, text(bytes.caFile)},
        {u"format"_s, text(decode::formatName(decode.format))},
        {u"rowsAt"_s, text(decode.rowsAt)},
        {u"flatten"_s, decode.flatten},
        {u"delimiter"_s, oneCharacter(decode.delimiter)},
        {u"quote"_s, oneCharacter(decode.quote)},
        {u"name"_s, text(name)},
        {u"onBadRow"_s, onBadRow == OnBadRow::Keep ? u"keep"_s : u"stop"_s},
        {u"maxBadRows"_s, static_cast<qint64>(maxBadRows)},
        {u"retries"_s, retry.maxRetries},
        {u"isSafe"_s, retry.isSafe},
    };
    for (const auto &[version, versionName] : kVersions) {
        if (version == bytes.version)
            object[u"httpVersion"_s] = versionName;
    }
    insertBody(object, bytes.body);
    if (const QJsonObject access = accessToJson(*this); !access.isEmpty())
        object[u"access"_s] = access;
    if (!logins.empty())
        object[u"logins"_s] = originsToJson(logins);
    if (!typedSecrets.empty())
        object[u"typedSecrets"_s] = typedToJson(typedSecrets);
    if (!decode.messages.descriptorSet.empty())
        object[u"messages"_s] = messagesToJson(decode.messages);
    if (transport::isPostgresUrl(bytes.url))
        object[u"postgres"_s] = postgresToJson(bytes);
    if (grpc)
        object[u"grpc"_s] = callToJson(*grpc);
    if (!decode.eventTypes.empty())
        object[u"eventTypes"_s] = textsToJson(decode.eventTypes);
    if (decode.hasHeader)
        object[u"hasHeader"_s] = *decode.hasHeader;
    if (!webSocket.resumeMessage.empty())
        object[u"resumeMessage"_s] = text(webSocket.resumeMessage);
    if (pages)
        object[u"pages"_s] = pages->toJson();
    if (files)
        object[u"files"_s] = filesToJson(*files);
    if (since)
        object[u"since"_s] = text(since->text());
    if (job)
        object[u"job"_s] = job->toJson();
    if (!bytes.proxy.empty())
        object[u"proxy"_s] = text(transport::withoutSecrets(bytes.proxy));
    if (limit)
        object[u"limit"_s] = static_cast<qint64>(limit->value());
    if (ring)
        object[u"ring"_s] = static_cast<qint64>(ring->value());
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Result<DownloadRequest> DownloadRequest::fromJson(std::string_view json)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size())), &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject())
        return fail(Error{.code = ErrorCode::LibraryDamaged,
                          .detail = "the kept request is not a JSON object",
                          .byteOffset = ByteOffset(problem.offset)});
    const QJsonObject object = document.object();
    DownloadRequest request;
    readBytes(object, request.bytes);
    readAccess(object[u"access"].toObject(), request.bytes);
    readDecode(object, request.decode);
    addSecretNames(object[u"headers"], request.missingSecrets);
    addSecretNames(object[u"grpc"].toObject()[u"metadata"], request.missingSecrets);
    for (std::string &origin : textsFrom(object[u"logins"]))
        request.logins.push_back(forgottenLogin(std::move(origin)));
    request.typedSecrets = typedFrom(object[u"typedSecrets"]);
    if (object[u"messages"].isObject())
        request.decode.messages = messagesFrom(object[u"messages"].toObject());
    if (object[u"grpc"].isObject())
        request.grpc = callFrom(object[u"grpc"].toObject());
    if (object[u"postgres"].isObject())
        request.bytes.postgres = postgresFrom(object[u"postgres"].toObject());
    request.name = utf8(object[u"name"]);
    request.webSocket.resumeMessage = utf8(object[u"resumeMessage"]);
    if (object[u"pages"].isObject())
        request.pages = PageRule::fromJson(object[u"pages"].toObject());
    if (object[u"files"].isObject())
        request.files = filesFrom(object[u"files"].toObject());
    if (object.contains(u"since"_s)) {
        auto rule = SinceRule::parse(utf8(object[u"since"]));
        if (!rule)
            return fail(ErrorCode::LibraryDamaged, std::move(rule).error().detail);
        request.since = std::move(*rule);
    }
    if (object[u"job"].isObject())
        request.job = ExportJobRule::fromJson(object[u"job"].toObject());
    if (object[u"limit"].isDouble())
        request.limit = RowCount(object[u"limit"].toInteger());
    if (object[u"ring"].isDouble())
        request.ring = RowCount(object[u"ring"].toInteger());
    request.onBadRow = object[u"onBadRow"] == u"stop"_s ? OnBadRow::Stop : OnBadRow::Keep;
    request.retry.maxRetries = object[u"retries"].toInt(request.retry.maxRetries);
    request.retry.isSafe = object[u"isSafe"].toBool();
    request.maxBadRows = object[u"maxBadRows"].toInteger(request.maxBadRows);
    return request;
}

} // namespace freshet::transfer

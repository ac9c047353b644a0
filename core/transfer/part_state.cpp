// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/part_state.h"

#include "transfer/digest_json.h"
#include "transfer/json_text.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr int kFormatVersion = 1;

qint64 microseconds(std::chrono::system_clock::time_point moment)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch()).count();
}

std::chrono::system_clock::time_point moment(qint64 microseconds)
{
    return std::chrono::system_clock::time_point(std::chrono::microseconds(microseconds));
}

QJsonObject digestJson(const transport::StatedDigest &digest)
{
    return {{u"kind"_s, text(digestName(digest.kind))},
            {u"value"_s, text(hexText(digest.value))},
            {u"from"_s, text(digest.from)}};
}

std::optional<transport::StatedDigest> digestFrom(const QJsonObject &object)
{
    for (const auto kind : {DigestKind::Sha256, DigestKind::Sha512, DigestKind::Sha1,
                            DigestKind::Md5, DigestKind::Crc32c}) {
        if (object[u"kind"_s] != text(digestName(kind)))
            continue;
        auto value = bytesOfHex(utf8(object[u"value"_s]));
        if (value && value->size() == digestSize(kind))
            return transport::StatedDigest{kind, *std::move(value), utf8(object[u"from"_s])};
    }
    return std::nullopt;
}

QJsonArray piecesJson(const std::vector<FilePiece> &pieces)
{
    QJsonArray array;
    for (const auto &piece : pieces)
        array.append(QJsonObject{{u"first"_s, static_cast<qint64>(piece.first.value())},
                                 {u"length"_s, static_cast<qint64>(piece.length.value())},
                                 {u"held"_s, static_cast<qint64>(piece.held.length.value())},
                                 {u"crc64"_s, crcToJson(piece.held)}});
    return array;
}

/// Nothing if they do not follow upon each other from the first byte on.
std::optional<std::vector<FilePiece>> piecesFrom(const QJsonArray &array)
{
    std::vector<FilePiece> pieces;
    ByteOffset end;
    for (const auto &value : array) {
        const QJsonObject object = value.toObject();
        const auto crc = crcFrom(object[u"crc64"_s]);
        FilePiece piece{.first = ByteOffset(object[u"first"_s].toInteger(-1)),
                        .length = ByteCount(object[u"length"_s].toInteger(-1))};
        piece.held = {.length = ByteCount(object[u"held"_s].toInteger(-1)), .crc = crc.value_or(0)};
        const bool isSound = crc && piece.first == end && piece.length > ByteCount() &&
                             piece.held.length >= ByteCount() && piece.held.length <= piece.length;
        if (!isSound)
            return std::nullopt;
        end += piece.length;
        pieces.push_back(piece);
    }
    return pieces;
}

} // namespace

std::string PartState::toJson() const
{
    QJsonArray digests;
    for (const auto &one : stated)
        digests.append(digestJson(one));
    QJsonObject object{
        {u"freshetPart"_s, kFormatVersion},
        {u"url"_s, text(url)},
        {u"etag"_s, text(validator.etag)},
        {u"lastModified"_s, text(validator.lastModified)},
        {u"contentEncoding"_s, text(validator.contentEncoding)},
        {u"contentType"_s, text(contentType)},
        {u"bytes"_s, static_cast<qint64>(digest.length.value())},
        {u"crc64"_s, crcToJson(digest)},
        {u"stated"_s, digests},
        {u"wireBytes"_s, static_cast<qint64>(wireBytes.value())},
        {u"runs"_s, runs},
        {u"started"_s, microseconds(started)},
        {u"isDamaged"_s, isDamaged},
    };
    if (!pieces.empty())
        object[u"pieces"_s] = piecesJson(pieces);
    if (validator.length)
        object[u"length"_s] = static_cast<qint64>(validator.length->value());
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

Result<PartState> PartState::fromJson(std::string_view json)
{
    const QJsonObject object =
        QJsonDocument::fromJson(
            QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size())))
            .object();
    const auto crc = crcFrom(object[u"crc64"_s]);
    PartState state;
    state.digest.crc = crc.value_or(0);
    state.digest.length = ByteCount(object[u"bytes"_s].toInteger(-1));
    if (object[u"freshetPart"_s] != kFormatVersion || !crc || state.digest.length < ByteCount())
        return fail(ErrorCode::SyntaxError, "the state of the part file cannot be read");
    state.url = utf8(object[u"url"_s]);
    state.validator.etag = utf8(object[u"etag"_s]);
    state.validator.lastModified = utf8(object[u"lastModified"_s]);
    state.validator.contentEncoding = utf8(object[u"contentEncoding"_s]);
    if (object[u"length"_s].isDouble())
        state.validator.length = ByteCount(object[u"length"_s].toInteger());
    auto pieces = piecesFrom(object[u"pieces"_s].toArray());
    if (!pieces)
        return fail(ErrorCode::SyntaxError, "the pieces of the part file cannot be read");
    state.pieces = *std::move(pieces);
    state.contentType = utf8(object[u"contentType"_s]);
    const QJsonArray digests = object[u"stated"_s].toArray();
    for (const auto &one : digests) {
        if (auto digest = digestFrom(one.toObject()))
            state.stated.push_back(*std::move(digest));
    }
    state.wireBytes = ByteCount(object[u"wireBytes"_s].toInteger());
    state.runs = object[u"runs"_s].toInt();
    state.started = moment(object[u"started"_s].toInteger());
    state.isDamaged = object[u"isDamaged"_s].toBool();
    return state;
}

} // namespace freshet::transfer

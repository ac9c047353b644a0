// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/resume_point.h"

#include "transfer/digest_json.h"
#include "transfer/json_text.h"
#include "transfer/verdict.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr auto kByteOffset = "byte-offset"_L1;
constexpr auto kPlanned = "plan"_L1;
constexpr auto kDoubt = "doubt"_L1;

QString base64(const std::string &bytes)
{
    return QString::fromLatin1(QByteArray::fromStdString(bytes).toBase64());
}

std::string fromBase64(const QJsonValue &value)
{
    return QByteArray::fromBase64(value.toString().toLatin1()).toStdString();
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

/// The first of them, and whether there are more.
std::string listed(const std::vector<std::string> &sentences)
{
    return sentences.front() + (sentences.size() > 1 ? " …" : "");
}

} // namespace

void ResumePoint::adopt(const transport::ResponseHead &head)
{
    const transport::Validator now = transport::Validator::of(head);
    // The answer to a range may leave out what the first one said.
    if (!now.etag.empty())
        validator.etag = now.etag;
    if (!now.lastModified.empty())
        validator.lastModified = now.lastModified;
    if (now.length)
        validator.length = now.length;
    validator.contentEncoding = now.contentEncoding;
    isIdentity = head.contentCodings.empty();
}

bool ResumePoint::canEnterMidway() const
{
    if (planned || doubt != HeldDoubt::None)
        return false;
    const bool isDelimited = format == decode::Format::Csv || format == decode::Format::Tsv;
    return !preamble.bytes.empty() && format != decode::Format::Auto && (!isDelimited || hasHeader);
}

transport::HeldPrefix ResumePoint::heldPrefix() const
{
    if (!canEnterMidway())
        return {.validator = validator,
                .isIdentity = isIdentity,
                .digest = border.digest,
                .isReplayed = true,
                .isOnePiece = doubt != HeldDoubt::None};
    return {.offset = border.offset,
            .validator = validator,
            .isIdentity = isIdentity,
            .digest = border.digest};
}

std::string ResumePoint::plan() const
{
    const bool hasFailed = doubt == HeldDoubt::FailedChecksum;
    if (planned)
        return planned->says +
               (hasFailed ? ", whole and held to its checksum, which what is here "
                            "failed"
                          : "") +
               (planned->fellShort.empty() ? ""
                                           : "; that does not mend " + listed(planned->fellShort));
    const std::string rows = groupedDigits(row.value());
    if (hasFailed)
        return "reads everything again from the start and holds it to its checksum, which the " +
               rows + " rows that are here failed";
    if (!canEnterMidway())
        return "reads everything again from the start and passes over the " + rows +
               " rows that are here";
    const std::string bytes = groupedDigits(border.offset.value());
    if (!isIdentity || validator.ifRange().empty())
        return "reads everything again, makes sure that the first " + bytes +
               " bytes are the same, and goes on after row " + rows;
    return "asks for the bytes from " + bytes + " on and goes on after row " + rows +
           "; the server says whether its data is still " +
           (validator.etag.empty() ? "of " + validator.lastModified : validator.etag);
}

std::string ResumePoint::toJson() const
{
    QJsonObject object{
        {u"kind"_s, planned ? kPlanned : kByteOffset},
        {u"offset"_s, static_cast<qint64>(border.offset.value())},
        {u"row"_s, static_cast<qint64>(row.value())},
        {u"digestLength"_s, static_cast<qint64>(border.digest.length.value())},
        {u"digest"_s, crcToJson(border.digest)},
        {u"numbers"_s, text(border.numberMemory)},
        {u"etag"_s, text(validator.etag)},
        {u"lastModified"_s, text(validator.lastModified)},
        {u"contentEncoding"_s, text(validator.contentEncoding)},
        {u"isIdentity"_s, isIdentity},
        {u"preamble"_s, base64(preamble.bytes)},
        {u"preambleRows"_s, static_cast<qint64>(preamble.rows.value())},
        {u"format"_s, text(std::string(decode::formatName(format)))},
        {u"delimiter"_s, oneCharacter(delimiter)},
        {u"quote"_s, oneCharacter(quote)},
    };
    if (planned) {
        object[u"state"_s] = text(planned->state);
        object[u"says"_s] = text(planned->says);
        object[u"goesOn"_s] = planned->goesOn;
        object[u"fellShort"_s] = textsToJson(planned->fellShort);
    }
    if (validator.length)
        object[u"length"_s] = static_cast<qint64>(validator.length->value());
    if (hasHeader)
        object[u"hasHeader"_s] = *hasHeader;
    if (doubt != HeldDoubt::None)
        object[kDoubt] = text(std::string(heldDoubtName(doubt)));
    if (rejects)
        object[u"rejects"_s] = static_cast<qint64>(*rejects);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Result<ResumePoint> ResumePoint::fromJson(std::string_view json)
{
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size())));
    const QJsonObject object = document.object();
    const auto crc = crcFrom(object[u"digest"]);
    ResumePoint point;
    point.border.digest.crc = crc.value_or(0);
    const bool isPlanned = object[u"kind"] == kPlanned;
    if ((!isPlanned && object[u"kind"] != kByteOffset) || !object[u"offset"].isDouble() ||
        !object[u"row"].isDouble() || !crc)
        return fail(ErrorCode::LibraryDamaged, "the kept resume point cannot be read");
    point.border.offset = ByteOffset(object[u"offset"].toInteger());
    point.row = RowIndex(object[u"row"].toInteger());
    if (object[u"rejects"].isDouble())
        point.rejects = object[u"rejects"].toInteger();
    point.border.digest.length = ByteCount(object[u"digestLength"].toInteger());
    point.border.numberMemory = utf8(object[u"numbers"]);
    point.validator.etag = utf8(object[u"etag"]);
    point.validator.lastModified = utf8(object[u"lastModified"]);
    point.validator.contentEncoding = utf8(object[u"contentEncoding"]);
    if (object[u"length"].isDouble())
        point.validator.length = ByteCount(object[u"length"].toInteger());
    point.isIdentity = object[u"isIdentity"].toBool();
    point.preamble = {fromBase64(object[u"preamble"]),
                      RowCount(object[u"preambleRows"].toInteger())};
    point.format = decode::formatByName(utf8(object[u"format"])).value_or(decode::Format::Auto);
    point.delimiter = oneCharacter(object[u"delimiter"]);
    point.quote = oneCharacter(object[u"quote"]);
    if (object[u"hasHeader"].isBool())
        point.hasHeader = object[u"hasHeader"].toBool();
    point.doubt = heldDoubtByName(utf8(object[kDoubt]));
    if (isPlanned)
        point.planned = PlanPoint{utf8(object[u"state"]), utf8(object[u"says"]),
                                  object[u"goesOn"].toBool(true), textsFrom(object[u"fellShort"])};
    return point;
}

} // namespace freshet::transfer

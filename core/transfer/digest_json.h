// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/prefix_digest.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace freshet::transfer {

/// A CRC-64 as hexadecimal digits: 64 bits do not fit a JSON number of every reader.
[[nodiscard]] inline QString crcToJson(const transport::PrefixDigest &digest)
{
    return QString::number(digest.crc, 16);
}

[[nodiscard]] inline std::optional<std::uint64_t> crcFrom(const QJsonValue &value)
{
    bool isHex = false;
    const std::uint64_t crc = value.toString().toULongLong(&isHex, 16);
    return isHex ? std::optional(crc) : std::nullopt;
}

[[nodiscard]] inline QJsonObject digestToJson(const transport::PrefixDigest &digest)
{
    return {{QStringLiteral("length"), static_cast<qint64>(digest.length.value())},
            {QStringLiteral("crc"), crcToJson(digest)}};
}

/// Nothing that was no digest becomes one: its length is then 0.
[[nodiscard]] inline transport::PrefixDigest digestFromJson(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    const auto crc = crcFrom(object[QStringLiteral("crc")]);
    if (!crc)
        return {};
    return {.length = ByteCount(object[QStringLiteral("length")].toInteger()), .crc = *crc};
}

} // namespace freshet::transfer

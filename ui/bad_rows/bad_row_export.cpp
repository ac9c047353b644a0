// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bad_rows/bad_row_export.h"

#include "base/file.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>

using namespace Qt::Literals::StringLiterals;

namespace freshet::ui {

namespace {

/// So many are held in memory at a time; each has at most 64 KiB of text.
constexpr std::int64_t kPage = 256;

QByteArray jsonLine(const store::StoredReject &reject)
{
    QJsonObject object{{u"line"_s, qint64(reject.line)},
                       {u"byte_offset"_s, qint64(reject.byteOffset)},
                       {u"code"_s, QString::fromStdString(reject.code)},
                       {u"reason"_s, QString::fromStdString(reject.reason)}};
    const auto raw = QByteArray::fromStdString(reject.rawText);
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(raw);
    if (decoder.hasError())
        object[u"raw_base64"_s] = QString::fromLatin1(raw.toBase64());
    else
        object[u"raw"_s] = text;
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

Result<std::int64_t> exportBadRows(const store::Library &library, const std::string &id,
                                   const std::filesystem::path &path)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    std::int64_t written = 0;
    while (true) {
        const auto page = library.rejects(id, kPage, written);
        if (!page)
            return fail(page.error());
        QByteArray text;
        for (const auto &reject : *page)
            text += jsonLine(reject);
        FRESHET_TRY(file->write(std::string_view(text.constData(), text.size())));
        written += std::ssize(*page);
        if (std::ssize(*page) < kPage)
            break;
    }
    FRESHET_TRY(file->commit());
    return written;
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/session_entry.h"

#include "base/file.h"
#include "lab/json_fields.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace freshet::lab {

namespace {

constexpr std::int64_t kMostBytes = 16 << 10;
constexpr std::string_view kOpening = "{\"entry\":";
constexpr std::string_view kBorder = ",\n"; ///< compact JSON has no line break

std::string sourceOf(const LabPlan &plan)
{
    if (plan.variants.empty())
        return {};
    const Variant &first = plan.variants.front();
    return first.recording.empty() ? transport::withoutSecrets(first.request.bytes.url)
                                   : first.recording.string();
}

} // namespace

SessionEntry entryOf(const LabSession &session)
{
    return {.id = session.id,
            .name = session.plan.suggestedName(),
            .began = session.began,
            .variants = static_cast<int>(session.plan.variants.size()),
            .runs = static_cast<int>(session.runs.size()),
            .isCancelled = session.isCancelled,
            .source = sourceOf(session.plan),
            .file = {}};
}

std::string fileTextOf(const LabSession &session)
{
    const SessionEntry entry = entryOf(session);
    const QJsonObject object{{"id"_L1, asText(entry.id)},
                             {"name"_L1, asText(entry.name)},
                             {"beganMs"_L1, momentToJson(entry.began)},
                             {"variants"_L1, entry.variants},
                             {"runs"_L1, entry.runs},
                             {"isCancelled"_L1, entry.isCancelled},
                             {"source"_L1, asText(entry.source)}};
    const std::string head = std::string(kOpening) +
                             QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() +
                             std::string(kBorder);
    std::string text = session.toJson();
    if (std::ssize(head) <= kMostBytes) // else the list reads the whole, as of older files
        text.replace(0, 1, head);
    return text;
}

Result<std::optional<SessionEntry>> entryAt(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    const auto size = file->size();
    if (!size)
        return fail(size.error());
    std::string head(static_cast<std::size_t>(std::min(size->value(), kMostBytes)), '\0');
    FRESHET_TRY(file->readAt(ByteOffset(), head));
    const auto end = head.find(kBorder);
    if (!head.starts_with(kOpening) || end == std::string::npos)
        return std::nullopt;
    const auto object = QJsonDocument::fromJson(
                            QByteArray::fromRawData(head.data() + kOpening.size(),
                                                    static_cast<qsizetype>(end - kOpening.size())))
                            .object();
    if (!object["variants"_L1].isDouble())
        return std::nullopt;
    return SessionEntry{.id = textIn(object, "id"_L1),
                        .name = textIn(object, "name"_L1),
                        .began = momentFrom(object["beganMs"_L1]),
                        .variants = object["variants"_L1].toInt(),
                        .runs = object["runs"_L1].toInt(),
                        .isCancelled = object["isCancelled"_L1].toBool(),
                        .source = textIn(object, "source"_L1),
                        .file = {}};
}

} // namespace freshet::lab

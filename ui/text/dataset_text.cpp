// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/dataset_text.h"

#include "text/details_text.h"
#include "text/figures.h"

#include <QCoreApplication>

#include <algorithm>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Datasets", text);
}

const QString kDot = QStringLiteral(" · ");

} // namespace

Mark markOf(const store::DatasetRecord &record)
{
    using transfer::VerdictKind;
    const auto state = transfer::transferStateByName(record.state);
    if (state == transfer::TransferState::Failed)
        return Mark::Failed;
    const auto verdict = transfer::verdictByName(record.verdict);
    // Without a verdict the program was stopped before it could give one.
    switch (verdict.value_or(VerdictKind::Incomplete)) {
    case VerdictKind::Verified:
        return Mark::Verified;
    case VerdictKind::Ended:
        return Mark::Ended;
    case VerdictKind::Incomplete:
        break;
    }
    return Mark::Incomplete;
}

Mark markOf(const transfer::Progress &progress)
{
    switch (progress.state) {
    case transfer::TransferState::Complete:
        return Mark::Verified;
    case transfer::TransferState::Ended:
        return Mark::Ended;
    case transfer::TransferState::Incomplete:
    case transfer::TransferState::Cancelled:
        return Mark::Incomplete;
    case transfer::TransferState::Failed:
        return Mark::Failed;
    case transfer::TransferState::Queued:
        return Mark::Queued;
    case transfer::TransferState::Paused:
        return Mark::Paused;
    case transfer::TransferState::WaitingToRetry:
        return Mark::Waiting;
    default:
        return Mark::Running;
    }
}

QString markWord(Mark mark)
{
    switch (mark) {
    case Mark::Running:
        return tr("running");
    case Mark::Verified:
        return tr("verified");
    case Mark::Ended:
        return tr("ended");
    case Mark::Incomplete:
        return tr("incomplete");
    case Mark::Failed:
        return tr("failed");
    case Mark::Queued:
        return tr("queued");
    case Mark::Paused:
        return tr("paused");
    case Mark::Waiting:
        return tr("waiting to retry");
    }
    return {};
}

QString badgeText(Mark mark)
{
    QString word = markWord(mark);
    word[0] = word[0].toUpper();
    return word;
}

QString factLine(const store::DatasetRecord &record)
{
    const Mark mark = markOf(record);
    if (mark == Mark::Failed)
        return tr("nothing received");
    return rowsText(record.rows) + kDot + markWord(mark);
}

QString factLine(const transfer::Progress &progress)
{
    QString doing;
    if (progress.state == transfer::TransferState::WaitingToRetry)
        doing = tr("trying again in %1").arg(waitText(progress.retryIn));
    else if (progress.state == transfer::TransferState::Paused)
        doing = markWord(Mark::Paused);
    else if (!progress.errand.empty())
        doing = QString::fromStdString(progress.errand);
    else if (progress.rows.value() == 0 || progress.state == transfer::TransferState::Connecting)
        doing = tr("connecting");
    else if (const auto fraction = fractionOf(progress))
        // 100 % is for those who have arrived.
        doing = tr("%1 %").arg(std::min(99, static_cast<int>(*fraction * 100)));
    if (progress.rows.value() == 0)
        return doing;
    return doing.isEmpty() ? rowsText(progress.rows) : rowsText(progress.rows) + kDot + doing;
}

QString verdictSentence(const store::DatasetRecord &record)
{
    // What went wrong stands in the banner; the line need not say it in core's words again.
    if (markOf(record) == Mark::Failed)
        return tr("Nothing was received.");
    QString size = rowsText(record.rows);
    if (record.rejected > RowCount())
        size = tr("%1 and %2 bad ones").arg(size, groupedText(record.rejected.value()));
    if (record.wireBytes.value() > 0)
        size += QStringLiteral(", ") + bytesText(record.wireBytes);
    if (const QString total = millisecondsText(record, "totalMs"); !total.isEmpty())
        size = tr("%1 in %2").arg(size, total);
    if (record.evidence.empty())
        return record.verdict.empty()
                   ? tr("%1. The program ended before the download did.").arg(size)
                   : size + QLatin1Char('.');
    return size + QStringLiteral(". ") +
           asSentence(QString::fromStdString(record.evidence.front()));
}

std::optional<double> fractionOf(const transfer::Progress &progress)
{
    const auto part = [](std::int64_t have, std::int64_t all) -> std::optional<double> {
        if (all <= 0)
            return std::nullopt;
        return std::clamp(static_cast<double>(have) / static_cast<double>(all), 0.0, 1.0);
    };
    if (progress.errandDone)
        return progress.errandDone;
    if (progress.totalRows)
        return part(progress.rows.value(), progress.totalRows->value());
    if (progress.statedPart)
        return progress.statedPart;
    if (progress.totalWireBytes)
        return part(progress.wireBytes.value(), progress.totalWireBytes->value());
    return std::nullopt;
}

QString timesText(const columnar::Schema &schema)
{
    using Zone = columnar::TimeForm::Zone;
    std::optional<bool> inUtc;
    for (const auto &field : schema.fields) {
        if (field.type.kind != columnar::TypeKind::Timestamp)
            continue;
        const bool isUtc = field.type.form.zone != Zone::None;
        if (inUtc && *inUtc != isUtc)
            return tr("Times partly in UTC");
        inUtc = isUtc;
    }
    if (!inUtc)
        return {};
    return *inUtc ? tr("Times in UTC") : tr("Times without a zone");
}

QString exportNotice(const store::DatasetRecord &record, RowCount rows, bool isRunning)
{
    if (isRunning)
        return tr("%1 so far, incomplete: rows are still coming. The file’s manifest will say so.")
            .arg(rowsText(rows));
    if (markOf(record) != Mark::Incomplete)
        return {};
    const QString why = record.evidence.empty() ? tr("the program ended before the download did")
                                                : QString::fromStdString(record.evidence.front());
    return tr("%1, incomplete: %2. The file’s manifest will say so.").arg(rowsText(rows), why);
}

QString asSentence(const QString &words)
{
    if (words.isEmpty())
        return words;
    QString sentence = words;
    sentence[0] = sentence[0].toUpper();
    if (!sentence.endsWith(QLatin1Char('.')))
        sentence += QLatin1Char('.');
    return sentence;
}

QDateTime toDateTime(std::chrono::system_clock::time_point time)
{
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    return QDateTime::fromMSecsSinceEpoch(
        duration_cast<milliseconds>(time.time_since_epoch()).count());
}

} // namespace freshet::ui

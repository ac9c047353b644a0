// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/dataset_text.h"

#include "text/figures.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Datasets", text);
}

const QString kDot = QStringLiteral(" · ");

std::optional<transfer::TransferState> stateOf(const store::DatasetRecord &record)
{
    for (int i = 0; i <= static_cast<int>(transfer::TransferState::Cancelled); ++i) {
        const auto state = static_cast<transfer::TransferState>(i);
        if (transfer::transferStateName(state) == record.state)
            return state;
    }
    return std::nullopt;
}

QString fact(const store::DatasetRecord &record, const char *name)
{
    const auto found = record.facts.find(name);
    return found == record.facts.end() ? QString() : QString::fromStdString(found->second);
}

QString millisecondsFact(const store::DatasetRecord &record, const char *name)
{
    const QString value = fact(record, name);
    if (value.isEmpty())
        return {};
    return durationText(std::chrono::microseconds(qRound64(value.toDouble() * 1000)));
}

QStringList numberedFacts(const store::DatasetRecord &record, const QString &prefix)
{
    QStringList values;
    // "note.10" sorts before "note.2" in the map, so they are asked for by number.
    for (int number = 1;; ++number) {
        const QString name = prefix + QString::number(number);
        const auto found = record.facts.find(name.toStdString());
        if (found == record.facts.end())
            return values;
        values += QString::fromStdString(found->second);
    }
}

QString bytesFact(const store::DatasetRecord &record)
{
    const QString codings = fact(record, "contentCodings");
    if (record.wireBytes == record.decodedBytes || codings.isEmpty())
        return bytesText(record.wireBytes);
    return tr("%1 → %2 (%3)")
        .arg(bytesText(record.wireBytes), bytesText(record.decodedBytes), codings);
}

} // namespace

Mark markOf(const store::DatasetRecord &record)
{
    using transfer::VerdictKind;
    const auto state = stateOf(record);
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
        return tr("failed, nothing received");
    return rowsText(record.rows) + kDot + markWord(mark);
}

QString factLine(const transfer::Progress &progress)
{
    if (progress.rows.value() == 0)
        return progress.state == transfer::TransferState::WaitingToRetry ? tr("waiting to retry")
                                                                         : tr("connecting");
    const auto fraction = fractionOf(progress);
    // 100 % is for those who have arrived.
    return fraction ? rowsText(progress.rows) + kDot +
                          tr("%1 %").arg(std::min(99, static_cast<int>(*fraction * 100)))
                    : rowsText(progress.rows);
}

QString verdictSentence(const store::DatasetRecord &record)
{
    // What went wrong stands in the banner; the line need not say it in core's words again.
    if (markOf(record) == Mark::Failed)
        return tr("Nothing was received.");
    QString size = rowsText(record.rows);
    if (record.wireBytes.value() > 0)
        size += QStringLiteral(", ") + bytesText(record.wireBytes);
    if (const QString total = millisecondsFact(record, "totalMs"); !total.isEmpty())
        size = tr("%1 in %2").arg(size, total);
    if (record.evidence.empty())
        return record.verdict.empty()
                   ? tr("%1. The program ended before the download did.").arg(size)
                   : size + QLatin1Char('.');
    return size + QStringLiteral(". ") +
           asSentence(QString::fromStdString(record.evidence.front()));
}

std::vector<Fact> factsOf(const store::DatasetRecord &record)
{
    const QLocale locale;
    std::vector<Fact> facts;
    const auto add = [&facts](const QString &name, const QString &value) {
        if (!value.isEmpty())
            facts.push_back({name, value});
    };
    add(tr("Source"), QString::fromStdString(record.source));
    add(tr("Fetched"), locale.toString(toDateTime(record.created), QLocale::ShortFormat));
    QString format = fact(record, "format").toUpper();
    if (const QString reason = fact(record, "formatReason"); !reason.isEmpty())
        format += kDot + reason;
    add(tr("Format"), format);
    add(tr("Rows at"), fact(record, "rowsAt"));
    add(tr("Rows"), groupedText(record.rows.value()));
    if (record.rejected.value() > 0)
        add(tr("Unreadable rows"), groupedText(record.rejected.value()));
    add(tr("Received"), bytesFact(record));
    add(tr("On disk"), bytesText(record.storedBytes));
    const QString http = fact(record, "httpVersion");
    add(tr("Answer"), http.isEmpty()
                          ? QString()
                          : tr("HTTP/%1, status %2").arg(http, fact(record, "httpStatus")));
    add(tr("First byte"), millisecondsFact(record, "ttfbMs"));
    add(tr("First row"), millisecondsFact(record, "firstRowMs"));
    add(tr("In all"), millisecondsFact(record, "totalMs"));
    add(tr("Retries"), fact(record, "retries"));
    add(tr("Error"), QString::fromStdString(record.error));
    return facts;
}

QStringList evidenceOf(const store::DatasetRecord &record)
{
    QStringList sentences;
    for (const auto &evidence : record.evidence)
        sentences += asSentence(QString::fromStdString(evidence));
    return sentences;
}

QStringList wideningsOf(const store::DatasetRecord &record)
{
    return numberedFacts(record, QStringLiteral("widening."));
}

QStringList notesOf(const store::DatasetRecord &record)
{
    return numberedFacts(record, QStringLiteral("note."));
}

std::optional<double> fractionOf(const transfer::Progress &progress)
{
    const auto part = [](std::int64_t have, std::int64_t all) -> std::optional<double> {
        if (all <= 0)
            return std::nullopt;
        return std::clamp(static_cast<double>(have) / static_cast<double>(all), 0.0, 1.0);
    };
    if (progress.totalRows)
        return part(progress.rows.value(), progress.totalRows->value());
    if (progress.totalWireBytes)
        return part(progress.wireBytes.value(), progress.totalWireBytes->value());
    return std::nullopt;
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

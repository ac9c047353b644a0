// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/trial_text.h"

#include "grid/type_words.h"
#include "text/dataset_text.h"
#include "text/figures.h"

#include <QCoreApplication>

namespace freshet::ui {

namespace {

const QString kDot = QStringLiteral(" · ");

QString tr(const char *text)
{
    return QCoreApplication::translate("Trials", text);
}

/// Empty while it is not known.
QString formatWord(decode::Format format)
{
    switch (format) {
    case decode::Format::Auto:
        return {};
    case decode::Format::MsgPack:
        return QStringLiteral("MessagePack");
    case decode::Format::GrpcWeb:
        return QStringLiteral("gRPC");
    case decode::Format::WebSocket:
        return QStringLiteral("WebSocket");
    case decode::Format::Postgres:
        return QStringLiteral("PostgreSQL");
    case decode::Format::Sse:
        return tr("events (SSE)");
    default:
        break;
    }
    const auto name = decode::formatName(format);
    return QString::fromUtf8(name.data(), std::ssize(name)).toUpper();
}

QString fact(const TrialFindings &findings, const char *name)
{
    const auto &facts = findings.record.facts;
    const auto found = facts.find(name);
    return found == facts.end() ? QString() : QString::fromStdString(found->second);
}

std::vector<Fact> whatCame(const TrialFindings &findings)
{
    const auto &progress = findings.progress;
    std::vector<Fact> facts;
    const auto add = [&facts](const QString &name, const QString &value) {
        if (!value.isEmpty())
            facts.push_back({name, value});
    };
    add(tr("Format"), formatWord(progress.format));
    // A format that was asked for needs no reason.
    if (progress.formatReason != "asked for")
        add(tr("Because"), QString::fromStdString(progress.formatReason));
    add(tr("Rows at"), fact(findings, "rowsAt"));
    if (progress.totalRows)
        add(tr("Rows in all"), tr("%1, says %2")
                                   .arg(groupedText(progress.totalRows->value()),
                                        QString::fromStdString(progress.totalRowsFrom)));
    if (progress.rejected > RowCount())
        add(tr("Bad rows"), groupedText(progress.rejected.value()));
    if (!progress.httpVersion.empty())
        add(tr("Answer"), tr("HTTP/%1, status %2")
                              .arg(QString::fromStdString(progress.httpVersion))
                              .arg(progress.httpStatus));
    QStringList codings;
    for (const auto &coding : progress.contentCodings)
        codings += QString::fromStdString(coding);
    add(tr("Compression"), codings.isEmpty() ? tr("none") : codings.join(QStringLiteral(", ")));
    if (const auto &first = progress.timeline.transport.firstByte)
        add(tr("First byte"), durationText(*first));
    if (const auto &first = progress.timeline.firstRow)
        add(tr("First row"), durationText(*first));
    return facts;
}

QStringList pagesSentences(const TrialFindings &findings)
{
    if (const auto &found = findings.progress.foundPages) {
        QStringList sentences{asSentence(QString::fromStdString(found->sentence))};
        if (!found->isCertain)
            sentences += tr("Only the request looks like it; the answer says nothing of more.");
        return sentences;
    }
    if (!findings.progress.notice.empty())
        return {asSentence(QString::fromStdString(findings.progress.notice))};
    if (findings.progress.format != decode::Format::Json)
        return {};
    return {findings.isCutShort
                ? tr("The answer is too long to be read to its end here, where it may say that "
                     "there is more.")
                : tr("Nothing in the answer points to further pages.")};
}

std::vector<Fact> columnsOf(const TrialFindings &findings)
{
    std::vector<Fact> facts;
    if (!findings.schema)
        return facts;
    for (const auto &field : findings.schema->fields)
        facts.push_back({QString::fromStdString(field.name), typeWords(field.type)});
    return facts;
}

QStringList ending(const TrialFindings &findings)
{
    if (findings.isCutShort)
        return {tr("Not known from the first rows: the trial stopped behind them.")};
    return QStringList(badgeText(markOf(findings.record)) + QLatin1Char('.')) +
           evidenceOf(findings.record);
}

} // namespace

std::vector<DetailSection> detailsOf(const TrialFindings &findings)
{
    std::vector<DetailSection> sections{
        {tr("What came"), {}, whatCame(findings)},
        {tr("Pages"), pagesSentences(findings), {}},
        {tr("Columns"), {}, columnsOf(findings)},
        {tr("Columns that changed their type"), wideningsOf(findings.record), {}},
        {tr("Notes"), notesOf(findings.record), {}},
        {tr("Is it complete?"), ending(findings), {}},
    };
    std::erase_if(sections, [](const DetailSection &section) {
        return section.sentences.isEmpty() && section.facts.empty();
    });
    return sections;
}

QString trialSentence(const TrialFindings &findings)
{
    QString sentence =
        tr("%1 in %2").arg(rowsText(findings.shownRows), durationText(findings.progress.elapsed));
    if (findings.isCutShort)
        sentence += kDot + tr("stopped after the first rows");
    return sentence;
}

QString trialSentence(const std::optional<transfer::Progress> &progress)
{
    if (!progress || progress->rows == RowCount())
        return tr("Waiting for the first row…");
    return tr("%1 so far").arg(rowsText(std::min(progress->rows, Trial::kRows)));
}

} // namespace freshet::ui

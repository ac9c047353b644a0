// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/details_text.h"

#include "text/dataset_text.h"
#include "text/figures.h"
#include "text/resume_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace freshet::ui {

namespace {

const QString kDot = QStringLiteral(" · ");

QString tr(const char *text)
{
    return QCoreApplication::translate("Datasets", text);
}

/// Facts under their names; one that nobody knows is left out.
class FactList
{
public:
    void add(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            m_facts.push_back({name, value});
    }
    void addFormat(QString name, const QString &reason)
    {
        name =
            name == QLatin1StringView("postgres") ? QStringLiteral("PostgreSQL") : name.toUpper();
        add(tr("Format"), reason.isEmpty() ? name : name + kDot + reason);
    }
    void addAnswer(const QString &version, const QString &status)
    {
        if (!version.isEmpty())
            add(tr("Answer"), tr("HTTP/%1, status %2").arg(version, status));
    }
    void addRows(RowCount rows, RowCount rejected)
    {
        add(tr("Rows"), groupedText(rows.value()));
        if (rejected > RowCount())
            add(tr("Bad rows"), groupedText(rejected.value()));
    }
    void addBytes(ByteCount wire, ByteCount decoded, const QString &codings)
    {
        const bool isPlain = wire == decoded || codings.isEmpty();
        add(tr("Received"),
            isPlain ? bytesText(wire)
                    : tr("%1 → %2 (%3)").arg(bytesText(wire), bytesText(decoded), codings));
    }
    void addTime(const QString &name, std::optional<std::chrono::microseconds> time)
    {
        add(name, time ? durationText(*time) : QString());
    }
    [[nodiscard]] std::vector<Fact> take() { return std::move(m_facts); }

private:
    std::vector<Fact> m_facts;
};

QString fact(const store::DatasetRecord &record, const char *name)
{
    const auto found = record.facts.find(name);
    return found == record.facts.end() ? QString() : QString::fromStdString(found->second);
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

std::vector<Fact> factsOf(const transfer::Progress &progress, const QString &source)
{
    QStringList codings;
    for (const auto &coding : progress.contentCodings)
        codings += QString::fromStdString(coding);
    const auto &timeline = progress.timeline;
    FactList facts;
    facts.add(tr("Source"), source);
    if (progress.format != decode::Format::Auto)
        facts.addFormat(QString::fromStdString(std::string(decode::formatName(progress.format))),
                        QString::fromStdString(progress.formatReason));
    facts.addRows(progress.rows, progress.rejected);
    facts.addBytes(progress.wireBytes, progress.decodedBytes, codings.join(QStringLiteral(", ")));
    facts.addAnswer(QString::fromStdString(progress.httpVersion),
                    QString::number(progress.httpStatus));
    facts.addTime(tr("First byte"), timeline.transport.firstByte);
    facts.addTime(tr("First row"), timeline.firstRow);
    facts.addTime(tr("So far"), progress.elapsed);
    return facts.take();
}

std::vector<DetailSection> withoutEmpty(std::vector<DetailSection> sections)
{
    std::erase_if(sections, [](const DetailSection &section) {
        return section.sentences.isEmpty() && section.facts.empty();
    });
    return sections;
}

} // namespace

std::vector<DetailSection> detailsOf(const store::DatasetRecord &record)
{
    const QStringList plan = canResume(record) ? QStringList(resumePlan(record)) : QStringList();
    return withoutEmpty({{tr("Evidence"), evidenceOf(record), {}},
                         {tr("How it would go on"), plan, {}},
                         {tr("Facts"), {}, factsOf(record)},
                         {tr("Columns that changed their type"), wideningsOf(record), {}},
                         {tr("Notes"), notesOf(record), {}}});
}

std::vector<DetailSection> detailsOf(const transfer::Progress &progress, const QString &source)
{
    return withoutEmpty({{tr("Interruptions"), interruptionsOf(progress), {}},
                         {tr("Facts"), {}, factsOf(progress, source)}});
}

std::vector<Fact> factsOf(const store::DatasetRecord &record)
{
    const QLocale locale;
    FactList facts;
    facts.add(tr("Source"), QString::fromStdString(record.source));
    facts.add(tr("Fetched"), locale.toString(toDateTime(record.created), QLocale::ShortFormat));
    if (const QString format = fact(record, "format"); !format.isEmpty())
        facts.addFormat(format, fact(record, "formatReason"));
    facts.add(tr("Rows at"), fact(record, "rowsAt"));
    facts.addRows(record.rows, record.rejected);
    facts.addBytes(record.wireBytes, record.decodedBytes, fact(record, "contentCodings"));
    facts.add(tr("On disk"), bytesText(record.storedBytes));
    facts.addAnswer(fact(record, "httpVersion"), fact(record, "httpStatus"));
    facts.add(tr("First byte"), millisecondsText(record, "ttfbMs"));
    facts.add(tr("First row"), millisecondsText(record, "firstRowMs"));
    facts.add(tr("In all"), millisecondsText(record, "totalMs"));
    facts.add(tr("Retries"), fact(record, "retries"));
    facts.add(tr("Error"), QString::fromStdString(record.error));
    return facts.take();
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

QString millisecondsText(const store::DatasetRecord &record, const char *name)
{
    const QString value = fact(record, name);
    if (value.isEmpty())
        return {};
    return durationText(std::chrono::microseconds(qRound64(value.toDouble() * 1000)));
}

} // namespace freshet::ui

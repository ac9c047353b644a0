// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/job_planner.h"

#include "transfer/file_set.h"
#include "transfer/json_text.h"
#include "transfer/verdict.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

std::string countOfFiles(std::size_t count)
{
    return count == 1 ? "the file" : "all " + std::to_string(count) + " files";
}

/// The job failed, or nobody knows it any more.
bool isInVain(const Error &error)
{
    return error.code == ErrorCode::InBandError || error.code == ErrorCode::ProtocolViolation ||
           (error.code == ErrorCode::HttpStatus &&
            (error.nativeCode == 404 || error.nativeCode == 410));
}

} // namespace

JobPlanner::JobPlanner(const DownloadRequest &request)
    : m_files(std::make_shared<JobFiles>(request.bytes, *request.job, request.retry)),
      m_request(request.bytes)
{}

void JobPlanner::spoolInto(const std::filesystem::path &folder)
{
    m_files->setFolder(folder);
}

bool JobPlanner::isAskedAnew(std::string_view state)
{
    const auto kept = QJsonDocument::fromJson(
        QByteArray::fromRawData(state.data(), static_cast<qsizetype>(state.size())));
    return kept[u"statusUrl"].toString().isEmpty() && kept[u"files"].toArray().isEmpty();
}

Result<Leg> JobPlanner::first()
{
    return legFor(m_step);
}

Leg JobPlanner::legFor(Step step)
{
    m_step = step;
    Leg leg;
    const std::string part = "file " + std::to_string(m_part + 1);
    switch (step) {
    case Step::Start:
        leg.request = m_request;
        leg.label = "export job";
        leg.errand = startErrand(m_files);
        break;
    case Step::Wait:
        leg.request = m_request;
        leg.label = "export job";
        leg.errand = waitErrand(m_files);
        break;
    case Step::Fetch:
        leg.request = m_request;
        leg.label = "fetching " + part;
        leg.errand = fetchErrand(m_files, m_part);
        break;
    case Step::Read:
        leg.request.url = m_files->pathOf(m_part).string();
        leg.label = partName();
        leg.heldRows = m_rowsHeld;
        if (decode::isTableFormat(formatOfFile(m_files->pathOf(m_part))))
            leg.means = LegMeans::AsFile; // read in place
        m_rowsRead = {};
        break;
    }
    return leg;
}

std::string JobPlanner::partName() const
{
    return "file " + std::to_string(m_part + 1) + " of " + std::to_string(m_files->files().size());
}

JobPlanner::Step JobPlanner::stepBehind(Step step) const
{
    switch (step) {
    case Step::Start:
        return m_files->job().isDone() ? Step::Fetch : Step::Wait;
    case Step::Wait:
    case Step::Read:
        return Step::Fetch;
    case Step::Fetch:
        break;
    }
    return Step::Read;
}

NextLegs JobPlanner::judge(const LegReport &report)
{
    if (report.error) {
        m_error = m_step == Step::Read ? placedIn(partName(), *report.error) : *report.error;
        return {.isOver = true};
    }
    if (m_step == Step::Read) {
        finishPart(report);
        if (m_part == m_files->files().size()) {
            m_isOver = true;
            return {.isOver = true};
        }
    }
    NextLegs next;
    next.legs.push_back(legFor(stepBehind(m_step)));
    return next;
}

void JobPlanner::finishPart(const LegReport &report)
{
    const RowCount came = report.rows + report.rejected;
    const auto &stated = m_files->files()[m_part].rows;
    if (stated && *stated != came)
        m_loss.push_back("file " + std::to_string(m_part + 1) + " has " +
                         groupedDigits(came.value()) + " rows, but the export job states " +
                         groupedDigits(stated->value()));
    ++m_part;
    m_rowsHeld = {};
    m_rowsRead = {};
}

PlanOutcome JobPlanner::outcome() const
{
    const auto &files = m_files->files();
    PlanOutcome outcome{.loss = m_loss, .error = m_error};
    // Rows or none: the job is there to be asked again, unless that would be in vain.
    outcome.canGoOn =
        (m_files->job().isStarted() || !files.empty()) && !(m_error && isInVain(*m_error));
    if (const auto rows = m_files->rows()) {
        outcome.declaredTotal = *rows;
        outcome.declaredTotalFrom = "the export job";
    }
    if (!m_isOver)
        return outcome;
    const bool areProved = std::ranges::all_of(files, &FetchedFile::isProved);
    const std::string what = countOfFiles(files.size()) + " of the export job came whole";
    if (areProved)
        outcome.proof.push_back(what + ", as long as the server states or with its digest");
    else
        outcome.remarks.push_back(what + " as far as can be seen: no length was stated");
    return outcome;
}

bool JobPlanner::advance(const columnar::RecordBatch &batch, const decode::DecodeFindings &)
{
    m_rowsRead += RowCount(batch.rowCount);
    return m_step == Step::Read && m_rowsRead >= m_rowsHeld;
}

std::string JobPlanner::state() const
{
    QJsonObject object = m_files->toJson();
    object[u"part"_s] = static_cast<qint64>(m_part);
    object[u"partRows"_s] = static_cast<qint64>(std::max(m_rowsHeld, m_rowsRead).value());
    object[u"loss"_s] = textsToJson(m_loss);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status JobPlanner::restore(std::string_view state)
{
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(state.data(), static_cast<qsizetype>(state.size())));
    const QJsonObject object = document.object();
    m_files->readJson(object);
    const auto part = object[u"part"].toInteger(-1);
    m_rowsHeld = RowCount(object[u"partRows"].toInteger(-1));
    m_loss = textsFrom(object[u"loss"]);
    const auto count = std::ssize(m_files->files());
    if (part < 0 || part > count || m_rowsHeld < RowCount())
        return fail(ErrorCode::LibraryDamaged, "the kept state of the export job cannot be read");
    m_part = static_cast<std::size_t>(part);
    if (count > 0 && part == count)
        return fail(nothingIsLeft("all files of the export job are here", m_loss));
    if (count > 0)
        m_step = Step::Fetch;
    else
        m_step = m_files->job().statusUrl().empty() ? Step::Start : Step::Wait;
    return {};
}

std::string JobPlanner::plan() const
{
    const auto &files = m_files->files();
    if (!files.empty() && m_part < files.size())
        return "goes on with file " + std::to_string(m_part + 1) + " of " +
               std::to_string(files.size()) + " of the export job";
    if (!m_files->job().statusUrl().empty())
        return "asks how far the export job is";
    return "asks for the export again: the address of the job is not kept";
}

} // namespace freshet::transfer

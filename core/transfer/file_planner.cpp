// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_planner.h"

#include "base/file.h"
#include "decode/table_signature.h"
#include "transfer/digest_json.h"
#include "transfer/json_text.h"
#include "transport/url.h"
#include "transport/zip_archive.h"

#include <QJsonDocument>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

/// A table's footer lies within so much of its end, nearly always.
constexpr std::int64_t kTail = 64 << 10;

/// What a table in a file is told again by: its length, and a checksum of its end.
Result<transport::PrefixDigest> tailOf(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    const auto size = file->size();
    if (!size)
        return fail(size.error());
    std::string tail(static_cast<std::size_t>(std::min(kTail, size->value())), '\0');
    FRESHET_TRY(file->readAt(ByteOffset(size->value() - std::ssize(tail)), tail));
    transport::PrefixDigest digest;
    digest.append(tail);
    digest.length = *size;
    return digest;
}

/// Secrets go to where they were meant for only. Empty for files.
std::string originOf(const std::string &place)
{
    const auto url = transport::Url::parse(place);
    return url ? url->origin() : std::string();
}

} // namespace

FilePlanner::FilePlanner(const DownloadRequest &request)
    : m_request(request.bytes),
      m_format(request.decode.format),
      m_files(*request.files),
      m_logins(request.logins)
{
    // Header fields are for the web, if any of the files is there.
    for (const FileSource &source : m_files.sources) {
        const std::string origin = originOf(source.place);
        if (m_origin.empty() || (origin.starts_with("http") && !m_origin.starts_with("http")))
            m_origin = origin;
    }
    if (!m_files.leftOut.empty())
        m_tally.remark(counted(std::ssize(m_files.leftOut),
                               "file is not named like files of rows and is left out: ",
                               "files are not named like files of rows and are left out: ") +
                       m_files.leftOut.front() + (m_files.leftOut.size() > 1 ? " …" : ""));
}

bool FilePlanner::isArchive() const
{
    if (m_files.areArchives)
        return true;
    if (!isLocalPlace(source().place))
        return decode::tableFormatByName(source().place) == decode::Format::Zip;
    const auto path = pathOfPlace(source().place);
    return path && formatOfFile(*path) == decode::Format::Zip;
}

std::string FilePlanner::fileName() const
{
    std::string name =
        source().name.empty() ? transport::withoutSecrets(source().place) : source().name;
    if (m_member < m_members.size())
        name += '/' + m_members[m_member];
    return name;
}

Leg FilePlanner::legOfSource() const
{
    Leg leg{.request = m_request, .isDocument = true};
    leg.request.url = source().place;
    if (originOf(source().place) != m_origin) {
        std::erase_if(leg.request.headers, [](const transport::Header &header) {
            return transport::isSecretHeader(header.name);
        });
        for (const UrlLogin &login : m_logins) {
            if (login.isFor(source().place))
                leg.request.headers.push_back(login.header);
        }
    }
    leg.keepIn = "source-" + std::to_string(m_source + 1);
    if (!m_archive.empty()) {
        leg.request.url = m_archive.string();
        leg.request.member = m_members[m_member];
        return leg;
    }
    leg.holdsRows = !isArchive();
    decode::Format table = m_format;
    if (isLocalPlace(source().place)) {
        const auto path = pathOfPlace(source().place);
        table = path ? formatOfFile(*path) : decode::Format::Auto;
    } else if (!decode::isTableFormat(table)) {
        table = decode::tableFormatByName(source().place);
    }
    if (!leg.holdsRows || decode::isTableFormat(table))
        leg.means = LegMeans::AsFile;
    return leg;
}

Result<Leg> FilePlanner::makeLeg()
{
    Leg leg = legOfSource();
    leg.fileName = fileName();
    leg.label = leg.fileName;
    m_identity = {};
    const bool isInPlace = leg.means == LegMeans::AsFile || !leg.request.member.empty();
    if (leg.holdsRows && isInPlace && isLocalPlace(leg.request.url)) {
        const auto path = pathOfPlace(leg.request.url);
        auto identity = path ? tailOf(*path) : fail(path.error());
        if (!identity)
            return fail(placedIn(leg.fileName, std::move(identity).error()));
        m_identity = *identity;
    }
    if (!leg.holdsRows)
        return leg;
    const auto known = std::exchange(m_knownIdentity, std::nullopt);
    // What was damaged may have been mended: rows of an archive's first file are held to its bytes.
    const bool isHeldToBytes =
        m_doubt != HeldDoubt::None && !leg.request.member.empty() && m_member == 0;
    if (known && *known != m_identity && !isHeldToBytes)
        return fail(ErrorCode::SourceChanged, leg.fileName + " is not the file it was");
    leg.passOver = m_reached.rows;
    if (leg.means != LegMeans::AsFile)
        leg.passedOver = m_reached.digest;
    leg.isOnePiece = m_doubt != HeldDoubt::None;
    return leg;
}

Result<Leg> FilePlanner::first()
{
    if (m_source >= m_files.sources.size())
        return fail(
            nothingIsLeft(counted(std::ssize(m_files.sources), "file is", "files are") + " read",
                          m_tally.losses()));
    return makeLeg();
}

Status FilePlanner::listMembers(const std::filesystem::path &path)
{
    auto archive = transport::ZipArchive::open(path);
    if (!archive)
        return fail(std::move(archive).error());
    std::vector<std::string> members;
    std::vector<std::string> others;
    for (const transport::ZipMember &member : archive->members()) {
        if (member.isFolder || member.name.starts_with("__MACOSX/"))
            continue;
        (isNamedLikeRows(member.name) ? members : others).push_back(member.name);
    }
    std::ranges::sort(members);
    if (const auto twice = std::ranges::adjacent_find(members); twice != members.end())
        return fail(ErrorCode::Unsupported,
                    "the archive holds two files that are called " + *twice);
    if (members.empty() && others.size() == 1)
        members.swap(others);
    if (members.empty())
        return fail(ErrorCode::RowsNotFound,
                    "the archive holds no file that is named like one of rows");
    if (!others.empty())
        m_tally.remark(fileName() + ": left out, by their names: " + others.front() +
                       (others.size() > 1 ? " …" : ""));
    m_members = std::move(members);
    m_archive = path;
    return {};
}

NextLegs FilePlanner::judge(const LegReport &report)
{
    if (report.error) {
        if (m_reached.rows > RowCount())
            doubtHeldRows(doubtBy(*report.error, report.head.get()));
        dropIfDamaged(report.error->code, report.file);
        return over(placedIn(fileName(), *report.error));
    }
    if (m_archive.empty() && isArchive()) {
        const std::size_t member = std::exchange(m_member, 0);
        const bool isFirst = member == 0 && m_reached.rows.value() == 0; // else it is told already
        if (isFirst && report.end && !report.end->digestProof.empty())
            m_tally.remark(fileName() + ": " + report.end->digestProof);
        if (Status listed = listMembers(report.file); !listed) {
            dropIfDamaged(listed.error().code, report.file);
            return over(placedIn(fileName(), std::move(listed).error()));
        }
        m_member = std::min(member, m_members.size() - 1);
        return next();
    }
    const std::string name = fileName();
    m_tally.add(name, report, {.proof = source().proof, .doubt = m_doubt});
    if (const std::string drift = m_drift.endFile(name); !drift.empty())
        m_tally.remark(drift);
    moveOn();
    return m_source < m_files.sources.size() ? next() : over();
}

/// A file that was fetched whole and cannot be read is damaged: the next run fetches it anew. A
/// table stays if rows of it are held, which go with this one; of an archive they are held to the
/// bytes that the new one has in their place.
void FilePlanner::dropIfDamaged(ErrorCode code, const std::filesystem::path &fetched) const
{
    const std::filesystem::path &file = m_archive.empty() ? fetched : m_archive;
    const bool isDamaged = code == ErrorCode::SyntaxError || code == ErrorCode::Truncated ||
                           code == ErrorCode::CodingCorrupt || code == ErrorCode::CodingTruncated;
    if (!isDamaged || file.empty() || isLocalPlace(source().place) ||
        (m_archive.empty() && m_reached.rows > RowCount()))
        return;
    std::error_code ignored; // it stays then, and is found damaged again
    std::filesystem::remove(file, ignored);
}

void FilePlanner::moveOn()
{
    m_reached = {};
    m_doubt = HeldDoubt::None;
    const auto identity = std::exchange(m_identity, {});
    if (++m_member < m_members.size()) {
        m_knownIdentity = identity; // its next file has to be of the same archive
        return;
    }
    m_member = 0;
    m_members.clear();
    m_archive.clear();
    ++m_source;
}

NextLegs FilePlanner::next()
{
    auto leg = makeLeg();
    if (!leg)
        return over(std::move(leg).error());
    return {.legs = {std::move(*leg)}};
}

NextLegs FilePlanner::over(std::optional<Error> error)
{
    m_error = std::move(error);
    return {.isOver = true};
}

PlanOutcome FilePlanner::outcome() const
{
    PlanOutcome outcome = m_tally.outcome(m_files.sources.size());
    outcome.error = m_error;
    outcome.doubt = m_doubt;
    if (m_source < m_files.sources.size())
        outcome.loss.push_back("stopped at " + fileName() + ", file " +
                               std::to_string(m_source + 1) + " of " +
                               std::to_string(m_files.sources.size()));
    return outcome;
}

void FilePlanner::reached(RowCount rows, const transport::PrefixDigest &digest)
{
    // Rows that are passed over were reached before.
    if (rows > m_reached.rows)
        m_reached = {rows, digest};
}

bool FilePlanner::advance(const columnar::RecordBatch &batch, const decode::DecodeFindings &)
{
    m_drift.note(batch);
    return true;
}

std::string FilePlanner::state() const
{
    QJsonObject object{{u"source"_s, static_cast<qint64>(m_source)},
                       {u"member"_s, static_cast<qint64>(m_member)},
                       {u"rows"_s, static_cast<qint64>(m_reached.rows.value())},
                       {u"digest"_s, digestToJson(m_reached.digest)},
                       {u"tally"_s, m_tally.toJson()},
                       {u"drift"_s, m_drift.toJson()}};
    if (m_doubt != HeldDoubt::None)
        object[u"doubt"_s] = QString::fromUtf8(heldDoubtName(m_doubt));
    if (m_identity.length.value() > 0)
        object[u"identity"_s] = digestToJson(m_identity);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status FilePlanner::restore(std::string_view state)
{
    const QJsonDocument document = QJsonDocument::fromJson(text(state).toUtf8());
    if (!document.isObject())
        return fail(ErrorCode::LibraryDamaged, "the kept place among the files is no JSON object");
    const QJsonObject object = document.object();
    m_source = static_cast<std::size_t>(std::max<qint64>(object[u"source"].toInteger(), 0));
    m_member = static_cast<std::size_t>(std::max<qint64>(object[u"member"].toInteger(), 0));
    m_reached = {RowCount(object[u"rows"].toInteger()), digestFromJson(object[u"digest"])};
    m_doubt = heldDoubtByName(object[u"doubt"].toString().toStdString());
    m_tally = FileTally::fromJson(object[u"tally"].toObject());
    m_drift = FileDrift::fromJson(object[u"drift"].toObject());
    // A file of which nothing was read yet may have changed; an archive is one file to the end of
    // its last member.
    if (object[u"identity"].isObject() && (m_reached.rows.value() > 0 || m_member > 0))
        m_knownIdentity = digestFromJson(object[u"identity"]);
    return {};
}

std::string FilePlanner::plan() const
{
    if (m_source >= m_files.sources.size())
        return "has read all files";
    std::string sentence = "reads " + fileName();
    if (m_reached.rows.value() > 0)
        sentence += " from row " + groupedDigits(m_reached.rows.value() + 1) + " on";
    return sentence + ", file " + std::to_string(m_source + 1) + " of " +
           std::to_string(m_files.sources.size());
}

} // namespace freshet::transfer

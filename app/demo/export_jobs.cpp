// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/export_jobs.h"

#include "base/digest.h"
#include "base/file.h"

#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

#include <algorithm>
#include <charconv>
#include <utility>

namespace freshet::demo {

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string randomHex(int words)
{
    std::string bytes;
    for (int word = 0; word < words; ++word) {
        const quint32 value = QRandomGenerator::system()->generate();
        bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
    }
    return hexText(bytes);
}

/// Its size and a strong entity tag.
Status describe(ExportedFile &file)
{
    auto opened = File::open(file.path, File::Mode::Read);
    auto digest = Digest::create(DigestKind::Sha256);
    if (!opened || !digest)
        return fail(opened ? digest.error() : opened.error());
    std::vector<char> block(1 << 20);
    while (true) {
        const auto size = opened->read(block);
        if (!size)
            return fail(size.error());
        if (*size == 0)
            break;
        digest->append({block.data(), *size});
        file.bytes += static_cast<std::int64_t>(*size);
    }
    file.etag = '"' + hexText(digest->value()).substr(0, 32) + '"';
    return {};
}

} // namespace

struct ExportJobs::Job
{
    struct Part
    {
        std::string name;
        ExportRows rows;
        ExportedFile file;
    };

    std::string id;
    ExportWish wish;
    std::vector<Part> parts;
    Clock::time_point started = Clock::now();
    bool isMade = false;
    std::string error;
    std::thread thread;
};

ExportJobs::ExportJobs() : m_secret(randomHex(8)) {}

ExportJobs::~ExportJobs()
{
    m_stop.cancel();
    for (auto &[id, job] : m_jobs)
        job->thread.join();
}

Result<std::string> ExportJobs::start(const ExportWish &wish)
{
    auto job = std::make_unique<Job>();
    job->id = randomHex(2);
    job->wish = wish;
    const std::string suffix(exportKindName(wish.kind));
    for (std::int64_t number = 0; number < wish.parts; ++number) {
        Job::Part part{.name = "users-" + std::to_string(number + 1) + '.' + suffix,
                       .rows = {.seed = wish.seed,
                                .first = wish.rows * number / wish.parts,
                                .end = wish.rows * (number + 1) / wish.parts}};
        part.file.path =
            m_folder.filePath(QString::fromStdString(job->id + '-' + part.name)).toStdString();
        part.file.contentType = exportContentType(wish.kind);
        job->parts.push_back(std::move(part));
    }
    const std::lock_guard lock(m_mutex);
    if (m_jobs.size() == kMostJobs)
        return fail(ErrorCode::LimitReached, "too many exports; start the server again");
    Job &kept = *job;
    m_jobs.emplace(kept.id, std::move(job));
    kept.thread = std::thread([this, &kept] { make(kept); });
    return kept.id;
}

void ExportJobs::make(Job &job)
{
    std::string error;
    for (auto &part : job.parts) {
        if (!error.empty() || job.wish.fails)
            break;
        Status done = writeExportFile(job.wish.kind, part.rows, part.file.path, m_stop);
        if (done)
            done = describe(part.file);
        if (!done)
            error = done.error().detail;
    }
    const std::lock_guard lock(m_mutex);
    job.isMade = true;
    job.error = std::move(error);
}

std::optional<ExportStatus> ExportJobs::status(const std::string &id)
{
    using State = ExportStatus::State;
    const std::lock_guard lock(m_mutex);
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end())
        return std::nullopt;
    const Job &job = *found->second;
    const std::chrono::duration<double> elapsed = Clock::now() - job.started;
    const std::chrono::duration<double> wanted = job.wish.takes;
    ExportStatus status;
    status.progress = wanted.count() > 0 ? std::min(elapsed / wanted, 1.0) : 1.0;
    if (!job.error.empty() || (job.wish.fails && status.progress >= 0.5)) {
        status.state = State::Failed;
        status.error = job.error.empty() ? "the export was told to fail half-way" : job.error;
        return status;
    }
    if (!job.isMade || status.progress < 1) {
        status.progress = std::min(status.progress, 0.99);
        status.state = status.progress < 0.1 ? State::Pending : State::Running;
        return status;
    }
    status.state = State::Completed;
    status.rows = job.wish.rows;
    status.expiresIn = job.wish.expires;
    const std::string expires = std::to_string(nowMs() + job.wish.expires.count());
    for (const auto &part : job.parts)
        status.links.push_back({.target = "/api/export/" + id + "/files/" + part.name +
                                          "?expires=" + expires +
                                          "&signature=" + signatureOf(id, part.name, expires),
                                .name = part.name,
                                .rows = part.rows.end - part.rows.first,
                                .bytes = part.file.bytes});
    return status;
}

std::string ExportJobs::signatureOf(const std::string &id, const std::string &name,
                                    const std::string &expires) const
{
    QMessageAuthenticationCode code(QCryptographicHash::Sha256,
                                    QByteArray::fromStdString(m_secret));
    code.addData(QByteArray::fromStdString(id + '/' + name + '?' + expires));
    return code.result().toHex().toStdString();
}

Result<ExportedFile> ExportJobs::file(const std::string &id, const std::string &name,
                                      const std::string &expires, const std::string &signature)
{
    if (signature != signatureOf(id, name, expires))
        return fail(ErrorCode::PermissionDenied, "the signature does not match");
    std::int64_t end = 0;
    (void)std::from_chars(expires.data(), expires.data() + expires.size(), end);
    if (nowMs() >= end)
        return fail(ErrorCode::PermissionDenied, "the link has expired");
    const std::lock_guard lock(m_mutex);
    const auto job = m_jobs.find(id);
    if (job != m_jobs.end() && job->second->isMade) {
        for (const auto &part : job->second->parts) {
            if (part.name == name)
                return part.file;
        }
    }
    return fail(ErrorCode::FileNotFound, "no such file");
}

} // namespace freshet::demo

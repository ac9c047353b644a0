// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/job_files.h"

#include "transport/url.h"

#include <QJsonArray>
#include <QJsonObject>

#include <functional>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

/// `0001-users.csv.gz`: in order, and with the suffixes that tell the format.
std::string spoolName(std::size_t part, const JobFile &file)
{
    std::string name = file.name;
    if (name.empty()) {
        const std::string end = file.url.substr(0, file.url.find_first_of("?#"));
        name = end.substr(end.rfind('/') + 1);
    }
    name = name.substr(name.rfind('/') + 1);
    for (char &c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x21 || byte > 0x7E || c == '\\' || c == ':' || c == '*' || c == '?')
            c = '-';
    }
    constexpr std::size_t kMost = 100;
    if (name.size() > kMost) // the end holds the suffixes
        name.erase(0, name.size() - kMost);
    std::string number = std::to_string(part + 1);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    return name.empty() ? number : number + '-' + name;
}

/// An errand on the files of a job.
class JobErrand final : public Errand
{
public:
    using Work = std::function<Status(JobFiles &, const CancelToken &, transport::RetryListener *)>;

    JobErrand(std::shared_ptr<JobFiles> files, Work work)
        : m_files(std::move(files)), m_work(std::move(work)), m_before(m_files->progress())
    {}

    Status run(const CancelToken &cancel, transport::RetryListener *listener) override
    {
        return m_work(*m_files, cancel, listener);
    }
    ErrandProgress progress() const override
    {
        ErrandProgress now = m_files->progress();
        now.bytes.wireBytes -= m_before.bytes.wireBytes;
        now.bytes.decodedBytes -= m_before.bytes.decodedBytes;
        now.bytesReadAgain -= m_before.bytesReadAgain;
        return now;
    }
    void retryNow() override { m_files->hurry(); }

private:
    std::shared_ptr<JobFiles> m_files;
    Work m_work;
    ErrandProgress m_before; ///< figures of earlier errands
};

} // namespace

JobFiles::JobFiles(transport::ByteRequest request, ExportJobRule rule, transport::RetryPolicy retry)
    : m_mayRepeat(retry.isSafe || transport::isIdempotent(request.method)),
      m_job(std::move(request), rule, retry),
      m_rule(std::move(rule)),
      m_retry(retry)
{}

std::filesystem::path JobFiles::pathOf(std::size_t part) const
{
    return m_folder / m_files.at(part).name;
}

Status JobFiles::adopt()
{
    const auto &made = m_job.files();
    if (m_files.empty()) {
        for (std::size_t part = 0; part < made.size(); ++part)
            m_files.push_back({.name = spoolName(part, made[part]), .rows = made[part].rows});
        m_rows = m_job.rows();
        return {};
    }
    if (made.size() != m_files.size())
        return fail(ErrorCode::SourceChanged,
                    "the export job had " + std::to_string(m_files.size()) + " files and now has " +
                        std::to_string(made.size()));
    return {};
}

Status JobFiles::askAgain(const CancelToken &cancel, transport::RetryListener *listener)
{
    if (m_job.statusUrl().empty() && !m_mayRepeat)
        return fail(ErrorCode::SourceChanged,
                    "the address of the file has expired, and nothing says where to ask for a new "
                    "one");
    if (m_job.statusUrl().empty())
        FRESHET_TRY(m_job.start(cancel, listener));
    else
        FRESHET_TRY(m_job.waitUntilDone(cancel, listener));
    return adopt();
}

Status JobFiles::fetch(std::size_t part, const CancelToken &cancel,
                       transport::RetryListener *listener)
{
    std::error_code problem;
    // Only a whole file has its name.
    if (std::filesystem::exists(pathOf(part), problem) && !m_files[part].sha256.empty())
        return {};
    std::filesystem::create_directories(m_folder, problem);
    if (problem)
        return fail(systemError(problem.value(), m_folder.string()));
    if (!m_job.isDone())
        FRESHET_TRY(askAgain(cancel, listener));
    auto request = m_job.requestFor(part);
    if (!request)
        return fail(std::move(request).error());

    FileDownloadRequest wanted{.bytes = std::move(*request),
                               .file = pathOf(part),
                               .retry = m_retry,
                               .connections = m_rule.connections,
                               .listener = listener};
    wanted.renew = [&]() -> Result<transport::ByteRequest> {
        FRESHET_TRY(askAgain(cancel, listener));
        return m_job.requestFor(part);
    };
    auto download = FileDownload::create(std::move(wanted));
    if (!download)
        return fail(std::move(download).error());
    {
        const std::lock_guard lock(m_mutex);
        m_current = download->get();
        m_currentPart = part;
    }
    const FileDownloadReport report = (*download)->run(cancel);
    {
        const std::lock_guard lock(m_mutex);
        m_current = nullptr;
        m_before.add({report.wireBytes, report.wireBytes, report.timing});
        m_readAgain += report.bytesReadAgain;
    }
    return keep(part, report);
}

Status JobFiles::keep(std::size_t part, const FileDownloadReport &report)
{
    if (report.error)
        return fail(*report.error);
    if (report.verdict.kind == VerdictKind::Incomplete)
        return fail(ErrorCode::Truncated, report.verdict.evidence.front());
    FetchedFile &file = m_files[part];
    // Rows of the file as it was may be in the dataset already.
    if (!file.sha256.empty() && file.sha256 != report.sha256)
        return fail(ErrorCode::SourceChanged,
                    "file " + std::to_string(part + 1) +
                        " of the export job is another one than before: its SHA-256 differs");
    file.sha256 = report.sha256;
    file.isProved = report.verdict.kind == VerdictKind::Verified;
    return {};
}

ErrandProgress JobFiles::progress() const
{
    const std::lock_guard lock(m_mutex);
    ErrandProgress now{.bytes = m_before, .bytesReadAgain = m_readAgain};
    if (m_current == nullptr) {
        now.says = "export job: " + m_job.says();
        now.done = m_job.done();
        return now;
    }
    const FileDownloadProgress file = m_current->progress();
    now.bytes.wireBytes += file.wireBytes;
    now.file = FileUnderWay{.number = m_currentPart + 1,
                            .count = m_files.size(),
                            .held = file.held,
                            .total = file.total};
    now.says = "export job: file " + std::to_string(m_currentPart + 1) + " of " +
               std::to_string(m_files.size()) + ", " + groupedDigits(file.held.value());
    if (file.total && file.total->value() > 0)
        now.done =
            (static_cast<double>(m_currentPart) +
             static_cast<double>(file.held.value()) / static_cast<double>(file.total->value())) /
            static_cast<double>(m_files.size());
    if (file.total)
        now.says += " of " + groupedDigits(file.total->value());
    now.says += " bytes";
    return now;
}

void JobFiles::hurry()
{
    m_job.hurry();
    const std::lock_guard lock(m_mutex);
    if (m_current != nullptr)
        m_current->retryNow();
}

QJsonObject JobFiles::toJson() const
{
    QJsonArray files;
    for (const auto &file : m_files) {
        QJsonObject one{{u"name"_s, QString::fromStdString(file.name)},
                        {u"sha256"_s, QString::fromStdString(file.sha256)},
                        {u"isProved"_s, file.isProved}};
        if (file.rows)
            one[u"rows"_s] = static_cast<qint64>(file.rows->value());
        files.append(one);
    }
    QJsonObject object{{u"files"_s, files}};
    // An address that is secret is not kept: the job then has to be asked for again.
    if (const auto &url = m_job.statusUrl(); transport::withoutSecrets(url) == url)
        object[u"statusUrl"_s] = QString::fromStdString(url);
    if (m_rows)
        object[u"rows"_s] = static_cast<qint64>(m_rows->value());
    return object;
}

void JobFiles::readJson(const QJsonObject &object)
{
    m_job.goOn(object[u"statusUrl"].toString().toStdString());
    if (object[u"rows"].isDouble())
        m_rows = RowCount(object[u"rows"].toInteger());
    const QJsonArray files = object[u"files"].toArray();
    for (const auto &value : files) {
        const QJsonObject one = value.toObject();
        FetchedFile file{.name = one[u"name"].toString().toStdString(),
                         .sha256 = one[u"sha256"].toString().toStdString(),
                         .isProved = one[u"isProved"].toBool()};
        if (one[u"rows"].isDouble())
            file.rows = RowCount(one[u"rows"].toInteger());
        m_files.push_back(std::move(file));
    }
}

std::shared_ptr<Errand> startErrand(std::shared_ptr<JobFiles> files)
{
    return std::make_shared<JobErrand>(
        std::move(files),
        [](JobFiles &job, const CancelToken &cancel, transport::RetryListener *listener) -> Status {
            FRESHET_TRY(job.job().start(cancel, listener));
            return job.job().isDone() ? job.adopt() : Status();
        });
}

std::shared_ptr<Errand> waitErrand(std::shared_ptr<JobFiles> files)
{
    return std::make_shared<JobErrand>(
        std::move(files),
        [](JobFiles &job, const CancelToken &cancel, transport::RetryListener *listener) -> Status {
            FRESHET_TRY(job.job().waitUntilDone(cancel, listener));
            return job.adopt();
        });
}

std::shared_ptr<Errand> fetchErrand(std::shared_ptr<JobFiles> files, std::size_t part)
{
    return std::make_shared<JobErrand>(
        std::move(files),
        [part](JobFiles &job, const CancelToken &cancel, transport::RetryListener *listener) {
            return job.fetch(part, cancel, listener);
        });
}

} // namespace freshet::transfer

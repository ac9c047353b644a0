// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_run.h"
#include "support/child_process.h"
#include "support/test_certificate.h"

#include <QTest>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <thread>
#include <unistd.h>

using namespace freshet;
using namespace freshet::test;
using namespace std::chrono_literals;

namespace {

constexpr const char *kDownloadMode = "--download-until-killed";
constexpr int kWorkers = 12;
constexpr int kLongestLifeMs = 450;
constexpr Form kForms[] = {Form::Ndjson, Form::Json, Form::Csv, Form::SniffedCsv};

/// The child: downloads, holds its first batch back until a commit is due, and waits to be killed.
int downloadUntilKilled(const char *folder, const char *requestJson, const char *authorization)
{
    const auto library = store::Library::open(folder);
    auto request = transfer::DownloadRequest::fromJson(requestJson);
    if (!library || !request)
        return 1;
    if (*authorization != '\0')
        request->bytes.headers.push_back({"Authorization", authorization});
    transfer::Transfer::Options options;
    options.beforeWrite = [isFirst = true]() mutable {
        if (isFirst)
            std::this_thread::sleep_for(store::DatasetWriter::kCommitInterval);
        isFirst = false;
    };
    const auto transfer = transfer::Transfer::start(*library, std::move(*request), options);
    if (!transfer || !(*transfer)->waitFor(60s))
        return 2;
    ::pause();
    return 0;
}

/// A child inherits the descriptors of all threads until it becomes another program, and with them
/// the locks of datasets: nobody works on a library of this process while one is started.
std::shared_mutex starting;

struct Case
{
    const Fault &fault;
    const Sample &sample;
    const TableText &whole;
};

/// What is wrong, or nothing.
std::string killAndGoOn(const Case &which, const RawServer::Tls &tls, unsigned seed)
{
    FaultRun run(which.fault, which.sample, tls);
    if (!run.plan().skipped.empty())
        return {};
    run.closeLibrary();
    std::minstd_rand random(seed);
    random.discard(3);
    const auto request = run.request(5);
    const auto authorization = findHeader(request.bytes.headers, "Authorization").value_or("");
    ChildProcess child;
    {
        const std::unique_lock lock(starting);
        if (!child.start(QCoreApplication::applicationFilePath(),
                         {QString::fromLatin1(kDownloadMode),
                          QString::fromStdString(run.libraryFolder()),
                          QString::fromStdString(request.toJson()),
                          QString::fromStdString(std::string(authorization))}))
            return "the child cannot be started";
    }
    const auto ended = child.waitForEnd(static_cast<int>(random() % kLongestLifeMs));
    child.kill();
    if (ended)
        return "the child ended with " + std::to_string(*ended) + ": " +
               child.output().toStdString();
    const std::shared_lock lock(starting);
    run.openLibrary();
    if (auto problem = run.finish(which.whole); !problem.empty())
        return problem;
    return run.checkRequests(false);
}

} // namespace

/// Each fault against each form, and SIGKILL somewhere around it.
class TestFaultKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedAroundEachFault();
};

void TestFaultKills::killedAroundEachFault()
{
    QTemporaryDir folder;
    const auto certificate = TestCertificate::create(folder.path());
    QVERIFY(certificate);
    const RawServer::Tls tls{certificate->certificateFile.toStdString(),
                             certificate->keyFile.toStdString()};
    const std::vector<Fault> faults = allFaults();
    std::map<Form, std::pair<Sample, TableText>> prepared;
    for (const Form form : kForms) {
        const Sample sample = Sample::make(form);
        prepared.emplace(form, std::pair(sample, faultFreeTable(sample)));
    }
    std::vector<Case> cases;
    for (const Fault &fault : faults)
        for (const auto &[form, ready] : prepared)
            cases.push_back({fault, ready.first, ready.second});

    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::string problems;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < kWorkers; ++worker) {
        workers.emplace_back([&] {
            for (std::size_t number = next++; number < cases.size(); number = next++) {
                const Case &which = cases[number];
                const std::string problem =
                    killAndGoOn(which, tls, static_cast<unsigned>(number) + 1);
                const std::lock_guard lock(mutex);
                if (!problem.empty())
                    problems +=
                        which.fault.name() + " (" + which.sample.name + "): " + problem + '\n';
            }
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    QVERIFY2(problems.empty(), problems.c_str());
}

int main(int argc, char *argv[])
{
    if (argc == 5 && std::string_view(argv[1]) == kDownloadMode)
        return downloadUntilKilled(argv[2], argv[3], argv[4]);
    QCoreApplication app(argc, argv);
    TestFaultKills test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_fault_kills.moc"

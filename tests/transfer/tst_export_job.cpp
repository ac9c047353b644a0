// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_server.h"
#include "support/table_text.h"
#include "transfer/resume_point.h"
#include "transfer/transfer.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::Asked;
using freshet::test::RawServer;
using freshet::test::Resource;
using freshet::test::Script;
using namespace std::chrono_literals;

namespace {

constexpr transport::RetryPolicy kQuick{
    .maxRetries = 3, .firstDelay = 1ms, .maxDelay = 2ms, .isSafe = true};

std::string csv(int first, int end)
{
    std::string text = "id,name\n";
    for (int row = first; row < end; ++row)
        text += std::to_string(row) + ",\"name, " + std::to_string(row) + "\"\n";
    return text;
}

std::string json(int status, const std::string &body, const std::string &headers = {})
{
    return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nConnection: close\r\n" +
           "Content-Type: application/json\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A server of jobs whose answers a function makes from the request and its number among those for
/// the same path.
class JobServer
{
public:
    using Responder = std::function<Script(const Asked &asked, int number)>;

    explicit JobServer(Responder responder)
        : m_responder(std::move(responder)),
          m_server([this](const std::string &request, std::size_t) {
              const Asked asked{request};
              std::string path = asked.target();
              path = path.substr(0, path.find('?'));
              int number = 0;
              {
                  const std::lock_guard lock(m_mutex);
                  number = m_counts[path]++;
              }
              return m_responder(asked, number);
          })
    {}

    [[nodiscard]] std::string url(std::string_view path) const { return m_server.url(path); }
    /// Requests for targets that begin with `start`.
    [[nodiscard]] std::vector<Asked> asked(std::string_view start) const
    {
        std::vector<Asked> found;
        for (const auto &request : m_server.requests()) {
            if (Asked{request}.target().starts_with(start))
                found.push_back({request});
        }
        return found;
    }

private:
    std::mutex m_mutex;
    std::map<std::string, int> m_counts;
    const Responder m_responder;
    RawServer m_server; ///< last: its threads use what is above
};

std::string evidenceOf(const Progress &progress)
{
    std::string text;
    for (const auto &sentence :
         progress.verdict ? progress.verdict->evidence : std::vector<std::string>())
        text += sentence + '\n';
    return text;
}

} // namespace

/// Exports that a server prepares: asked for, waited for, downloaded, opened as one table.
class TestExportJob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsItsWay_data();
    void findsItsWay();
    void makesOneTableOfParts();
    void renewsAnExpiredLink_data();
    void renewsAnExpiredLink();
    void keepsSecretsAtHome();
    void tellsWhatWentWrong_data();
    void tellsWhatWentWrong();
    void goesOnWithTheSameJob();
    void goesOnBehindTheLastRow_data();
    void goesOnBehindTheLastRow();
    void refusesAnotherFile();
    void showsHowFarItIs();

private:
    DownloadRequest request(const std::string &url, const std::string &method = "POST") const
    {
        DownloadRequest wanted;
        wanted.bytes.url = url;
        wanted.bytes.method = method;
        wanted.retry = kQuick;
        wanted.job = ExportJobRule{.pollEvery = 1ms};
        wanted.name = "export";
        return wanted;
    }
    std::unique_ptr<Transfer> start(DownloadRequest request)
    {
        auto transfer = Transfer::start(m_library, std::move(request), {});
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        return std::move(*transfer);
    }
    std::unique_ptr<Transfer> resume(const RequestSecrets &secrets = {})
    {
        auto transfer = Transfer::resume(m_library, "export", secrets, {});
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        return std::move(*transfer);
    }
    static Progress endOf(const Transfer &transfer)
    {
        if (!transfer.waitFor(60s))
            qFatal("the transfer does not end");
        return transfer.progress();
    }
    /// The rows of the dataset as text.
    static std::vector<std::string> rowsOf(const Transfer &transfer)
    {
        const auto table = test::tableText(transfer.dataset()->snapshot());
        return table ? table->rows : std::vector<std::string>();
    }
    static std::vector<std::string> expectedRows(int count)
    {
        std::vector<std::string> rows;
        for (int row = 0; row < count; ++row)
            rows.push_back("id=" + std::to_string(row) + "|name=\"name, " + std::to_string(row) +
                           "\"|");
        return rows;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestExportJob::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
}

void TestExportJob::findsItsWay_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("first"); ///< the answer to the request
    QTest::addColumn<QByteArray>("done");  ///< the answer of the finished job
    QTest::addColumn<int>("questions");

    QTest::newRow("202 and Location")
        << QByteArray("POST") << 202 << QByteArray("Location: /jobs/1\r\nRetry-After: 0\r\n")
        << QByteArray() << QByteArray(R"({"status":"done","downloadUrl":"/f/users.csv"})") << 3;
    QTest::newRow("202 and Operation-Location")
        << QByteArray("POST") << 202 << QByteArray("Operation-Location: %1/jobs/1\r\n")
        << QByteArray("{}") << QByteArray(R"({"status":"Succeeded","resourceLocation":"%1/f/u"})")
        << 3;
    QTest::newRow("a status address in the body")
        << QByteArray("POST") << 200 << QByteArray()
        << QByteArray(R"({"id":"1","status":"pending","statusUrl":"/jobs/1"})")
        << QByteArray(R"({"status":"completed","download_url":"/f/users.csv"})") << 3;
    QTest::newRow("GET that asks for itself")
        << QByteArray("GET") << 202 << QByteArray("Location: /jobs/1\r\n") << QByteArray("{}")
        << QByteArray(R"({"files":[{"url":"../f/users.csv"}]})") << 3;
    QTest::newRow("done at once") << QByteArray("POST") << 200 << QByteArray()
                                  << QByteArray(
                                         R"({"status":"completed","downloadUrl":"/f/users.csv"})")
                                  << QByteArray() << 0;
    QTest::newRow("the job's address becomes the file")
        << QByteArray("POST") << 202 << QByteArray("Location: /jobs/1\r\n") << QByteArray()
        << QByteArray("csv") << 3;
}

void TestExportJob::findsItsWay()
{
    QFETCH(QByteArray, method);
    QFETCH(int, status);
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, done);
    QFETCH(int, questions);

    const Resource file{.body = csv(0, 500), .contentType = "text/csv"};
    std::string origin;
    const auto filled = [&origin](QByteArray text) {
        return text.replace("%1", QByteArray::fromStdString(origin)).toStdString();
    };
    const JobServer server([&](const Asked &asked, int number) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(status, filled(first), filled(headers)));
        if (asked.target() == "/jobs/1" && number < 2)
            return Script().send(json(number == 0 ? 202 : 200, R"({"status":"running"})"));
        if (asked.target() == "/jobs/1" && done != "csv")
            return Script().send(json(200, filled(done)));
        return Script().send(file.answerTo(asked));
    });
    origin = server.url("");
    const auto transfer = start(request(server.url("/export"), method.toStdString()));
    const Progress end = endOf(*transfer);

    QVERIFY2(!end.error, end.error ? end.error->toString().c_str() : "");
    QCOMPARE(rowsOf(*transfer), expectedRows(500));
    QCOMPARE(int(end.state), int(TransferState::Complete));
    QVERIFY(std::ssize(server.asked("/jobs/1")) >= questions);
    QCOMPARE(std::ssize(server.asked("/export")), 1);
    // Nothing is left of the file once its rows are here.
    const auto spool = m_library->folderOf(transfer->dataset()->id()) / "spool";
    QVERIFY(!std::filesystem::exists(spool));
}

void TestExportJob::makesOneTableOfParts()
{
    const JobServer server([](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(
                json(200, R"({"status":"done","results":[{"url":"/f/1.csv","rows":300},
                                                   {"url":"/f/2.csv","rows":200}]})"));
        const bool isFirst = asked.target() == "/f/1.csv";
        const Resource file{.body = isFirst ? csv(0, 300) : csv(300, 500),
                            .contentType = "text/csv",
                            .etag = isFirst ? "\"1\"" : "\"2\""};
        return Script().send(file.answerTo(asked));
    });
    const auto transfer = start(request(server.url("/export")));
    const Progress end = endOf(*transfer);
    QCOMPARE(int(end.state), int(TransferState::Complete));
    QCOMPARE(rowsOf(*transfer), expectedRows(500));
    const std::string evidence = evidenceOf(end);
    QVERIFY2(evidence.find("the export job") != evidence.npos, evidence.c_str());
    QVERIFY2(evidence.find("all 2 files of the export job came whole") != evidence.npos,
             evidence.c_str());
}

void TestExportJob::renewsAnExpiredLink_data()
{
    QTest::addColumn<QByteArray>("tagAfter");
    QTest::addColumn<int>("connections");
    QTest::addColumn<bool>("asksBehind"); ///< for what is missing, not for the whole
    QTest::newRow("the same file") << QByteArray("\"v1\"") << 1 << true;
    QTest::newRow("another tag") << QByteArray("\"v2\"") << 1 << true;
    QTest::newRow("a weak tag") << QByteArray("W/\"v1\"") << 1 << false;
    QTest::newRow("the same file over several connections") << QByteArray("\"v1\"") << 3 << true;
    QTest::newRow("another tag over several connections") << QByteArray("\"v2\"") << 3 << true;
}

void TestExportJob::renewsAnExpiredLink()
{
    QFETCH(QByteArray, tagAfter);
    QFETCH(int, connections);
    QFETCH(bool, asksBehind);

    Resource file{.body = csv(0, 5000), .contentType = "text/csv", .etag = "\"v1\""};
    if (tagAfter.startsWith("W/"))
        file.etag = "W/\"v1\"";
    Resource after = file;
    after.etag = tagAfter.toStdString();
    const std::size_t sixty = file.body.size() * 6 / 10;
    // Over several connections a first request only asks what there is.
    const int last = connections > 1 ? 1 : 0;
    const JobServer storage([&](const Asked &asked, int number) -> Script {
        if (asked.target().find("sig=second") != std::string::npos)
            return Script().send(after.answerTo(asked));
        if (number > last)
            return Script().send(json(403, R"({"error":"Request has expired"})"));
        const std::string answer = file.answerTo(asked);
        if (number < last)
            return Script().send(answer);
        // Cut at 60 % of the file; from then on the link is good for nothing.
        return Script().send(answer.substr(0, answer.find("\r\n\r\n") + 4 + sixty)).reset();
    });
    const JobServer server([&](const Asked &asked, int number) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(202, "", "Location: /jobs/1\r\n"));
        const std::string link =
            storage.url(number == 0 ? "/data.csv?sig=first" : "/data.csv?sig=second");
        return Script().send(
            json(200, R"({"status":"done","rowCount":5000,"downloadUrl":")" + link + "\"}"));
    });
    auto wanted = request(server.url("/export"));
    wanted.job->connections = connections;
    wanted.retry.maxRetries = 1;
    const auto transfer = start(std::move(wanted));
    const Progress end = endOf(*transfer);

    QVERIFY2(!end.error, end.error ? end.error->toString().c_str() : "");
    QCOMPARE(int(end.state), int(TransferState::Complete));
    QCOMPARE(rowsOf(*transfer), expectedRows(5000));
    QCOMPARE(std::ssize(server.asked("/jobs/1")), 2);
    const auto second = storage.asked("/data.csv?sig=second");
    QVERIFY(!second.empty());
    QCOMPARE(std::ranges::any_of(second,
                                 [](const Asked &asked) {
                                     return asked.header("If-Range") == "\"v1\"" &&
                                            asked.rangeStart().value_or(0) > 0;
                                 }),
             asksBehind);
}

void TestExportJob::keepsSecretsAtHome()
{
    const Resource file{.body = csv(0, 100), .contentType = "text/csv"};
    const JobServer storage(
        [&](const Asked &asked, int) -> Script { return Script().send(file.answerTo(asked)); });
    const JobServer server([&](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(202, "", "Location: /jobs/1\r\n"));
        return Script().send(json(200, R"({"status":"done","results":[{"url":")" +
                                           storage.url("/1.csv?X-Amz-Signature=s3cr3t") +
                                           R"("},{"url":"/own/2.csv"}]})"));
    });
    auto wanted = request(server.url("/export"));
    wanted.bytes.headers.push_back({"Authorization", "Bearer t0ken"});
    wanted.bytes.headers.push_back({"X-Api-Key", "k3y"});
    const auto transfer = start(std::move(wanted));
    (void)endOf(*transfer);

    for (const Asked &asked : storage.asked("/")) {
        QVERIFY(!asked.header("Authorization"));
        QVERIFY(!asked.header("X-Api-Key"));
    }
    QVERIFY(!storage.asked("/1.csv").empty());
    // The job itself, and a file at its own origin, are asked for with them.
    for (const char *path : {"/jobs/1", "/own/2.csv"}) {
        QVERIFY(!server.asked(path).empty());
        QCOMPARE(server.asked(path).front().header("Authorization"),
                 std::optional<std::string>("Bearer t0ken"));
    }
    m_library.reset();
    QDirIterator files(m_folder->path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile kept(files.next());
        QVERIFY(kept.open(QIODevice::ReadOnly));
        const QByteArray bytes = kept.readAll();
        for (const char *secret : {"s3cr3t", "t0ken", "k3y"})
            QVERIFY2(!bytes.contains(secret), qPrintable(kept.fileName()));
    }
}

void TestExportJob::tellsWhatWentWrong_data()
{
    QTest::addColumn<QByteArray>("started"); ///< the answer to the request
    QTest::addColumn<QByteArray>("status");  ///< the answer of the job
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("says");
    const QByteArray accepted = R"({"statusUrl":"/jobs/1"})";
    QTest::newRow("the job fails")
        << accepted << QByteArray(R"({"status":"failed","error":{"message":"out of disk"}})")
        << QByteArray("InBandError") << QByteArray("out of disk");
    QTest::newRow("the job names no file")
        << accepted << QByteArray(R"({"status":"done"})") << QByteArray("ProtocolViolation")
        << QByteArray("names no file");
    QTest::newRow("no job at all")
        << QByteArray(R"({"hello":1})") << QByteArray() << QByteArray("ProtocolViolation")
        << QByteArray("nothing of an export job");
    QTest::newRow("no JSON") << QByteArray("{\"status\":") << QByteArray()
                             << QByteArray("SyntaxError") << QByteArray("no JSON");
    QTest::newRow("data in place of a job")
        << QByteArray("csv") << QByteArray() << QByteArray("WrongContentType")
        << QByteArray("text/csv");
    QTest::newRow("fewer rows than it states")
        << accepted << QByteArray(R"({"status":"done","rowCount":501,"downloadUrl":"/f.csv"})")
        << QByteArray() << QByteArray("501");
    QTest::newRow("fewer rows in a part than it states")
        << accepted << QByteArray(R"({"results":[{"url":"/f.csv","rows":499}]})") << QByteArray()
        << QByteArray("499");
}

void TestExportJob::tellsWhatWentWrong()
{
    QFETCH(QByteArray, started);
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, says);

    const Resource file{.body = csv(0, 500), .contentType = "text/csv"};
    const JobServer server([&](const Asked &asked, int) -> Script {
        if (asked.target() == "/export" && started != "csv")
            return Script().send(json(200, started.toStdString()));
        if (asked.target() == "/jobs/1")
            return Script().send(json(200, status.toStdString()));
        return Script().send(file.answerTo(asked));
    });
    const auto transfer = start(request(server.url("/export")));
    const Progress end = endOf(*transfer);
    QVERIFY(end.verdict.has_value());
    QCOMPARE(int(end.verdict->kind), int(VerdictKind::Incomplete));
    QCOMPARE(QByteArray(end.error ? std::string(errorCodeName(end.error->code)).c_str() : ""),
             code);
    const std::string evidence = evidenceOf(end);
    QVERIFY2(QByteArray::fromStdString(evidence).contains(says), evidence.c_str());
}

void TestExportJob::goesOnWithTheSameJob()
{
    std::atomic<bool> isDone = false;
    const Resource file{.body = csv(0, 500), .contentType = "text/csv"};
    const JobServer server([&](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(202, "", "Location: /jobs/1\r\n"));
        if (asked.target() == "/jobs/1" && !isDone)
            return Script().send(json(200, R"({"status":"running","progress":10})"));
        if (asked.target() == "/jobs/1")
            return Script().send(json(200, R"({"status":"done","downloadUrl":"/f.csv"})"));
        return Script().send(file.answerTo(asked));
    });
    {
        const auto transfer = start(request(server.url("/export")));
        QTRY_VERIFY(server.asked("/jobs/1").size() > 2);
        transfer->cancel();
        QCOMPARE(int(endOf(*transfer).state), int(TransferState::Cancelled));
    }
    const auto record = m_library->find("export");
    QVERIFY(record.has_value());
    const auto point = ResumePoint::fromJson(record->resumePoint);
    QVERIFY(point && point->planned);
    QCOMPARE(QByteArray(point->plan().c_str()), QByteArray("asks how far the export job is"));
    isDone = true;
    const auto transfer = resume();
    const Progress end = endOf(*transfer);
    QCOMPARE(int(end.state), int(TransferState::Complete));
    QCOMPARE(rowsOf(*transfer), expectedRows(500));
    QCOMPARE(std::ssize(server.asked("/export")), 1);
}

void TestExportJob::goesOnBehindTheLastRow_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("in the first file") << 100;
    QTest::newRow("at its end") << 300;
    QTest::newRow("in the second") << 420;
}

void TestExportJob::goesOnBehindTheLastRow()
{
    QFETCH(int, limit);
    const JobServer server([](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(202, R"({"statusUrl":"/jobs/1"})"));
        if (asked.target() == "/jobs/1")
            return Script().send(json(200, R"({"status":"done","rowCount":500,
                              "results":[{"url":"/f/1.csv"},{"url":"/f/2.csv"}]})"));
        const bool isFirst = asked.target() == "/f/1.csv";
        const Resource file{.body = isFirst ? csv(0, 300) : csv(300, 500),
                            .contentType = "text/csv",
                            .etag = isFirst ? "\"1\"" : "\"2\""};
        return Script().send(file.answerTo(asked));
    });
    {
        auto wanted = request(server.url("/export"));
        wanted.limit = RowCount(limit);
        const auto transfer = start(std::move(wanted));
        (void)endOf(*transfer);
        QCOMPARE(rowsOf(*transfer), expectedRows(limit));
    }
    const auto transfer = resume();
    const Progress end = endOf(*transfer);
    QVERIFY2(!end.error, end.error ? end.error->toString().c_str() : "");
    QCOMPARE(rowsOf(*transfer), expectedRows(500));
    QCOMPARE(int(end.state), int(TransferState::Complete));
    // Neither the job nor a file that is here is asked for again.
    QCOMPARE(std::ssize(server.asked("/export")), 1);
    QVERIFY(std::ssize(server.asked("/f/1.csv")) <= 2);
}

void TestExportJob::refusesAnotherFile()
{
    std::atomic<bool> isOther = false;
    const JobServer server([&](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(
                json(200, R"({"status":"done","statusUrl":"/jobs/1","downloadUrl":"/f.csv"})"));
        if (asked.target() == "/jobs/1")
            return Script().send(json(200, R"({"status":"done","downloadUrl":"/f.csv"})"));
        const Resource file{.body = isOther ? csv(7, 507) : csv(0, 500),
                            .contentType = "text/csv",
                            .etag = isOther ? "\"2\"" : "\"1\""};
        return Script().send(file.answerTo(asked));
    });
    std::filesystem::path spool;
    {
        auto wanted = request(server.url("/export"));
        wanted.limit = RowCount(100);
        const auto transfer = start(std::move(wanted));
        (void)endOf(*transfer);
        spool = m_library->folderOf(transfer->dataset()->id()) / "spool";
    }
    // Somebody cleared the folder, and the server made the export anew meanwhile.
    std::filesystem::remove_all(spool);
    isOther = true;
    const auto transfer = resume();
    const Progress end = endOf(*transfer);
    QVERIFY(end.error.has_value());
    QCOMPARE(int(end.error->code), int(ErrorCode::SourceChanged));
    QCOMPARE(rowsOf(*transfer), expectedRows(100));
}

void TestExportJob::showsHowFarItIs()
{
    const JobServer server([&](const Asked &asked, int) -> Script {
        if (asked.target() == "/export")
            return Script().send(json(202, "", "Location: /jobs/1\r\n"));
        return Script().send(json(200, R"({"status":"running","progress":40})"));
    });
    const auto transfer = start(request(server.url("/export")));
    QTRY_COMPARE(QByteArray(transfer->progress().errand.c_str()),
                 QByteArray("export job: running, 40 %"));
    transfer->cancel();
    (void)endOf(*transfer);
    QVERIFY(transfer->progress().errand.empty());
}

QTEST_GUILESS_MAIN(TestExportJob)
#include "tst_export_job.moc"

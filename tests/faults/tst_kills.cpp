// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "demo/users_table.h"
#include "faults/cli_library.h"
#include "support/nginx_server.h"
#include "support/temporary_place.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <thread>

using namespace freshet;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Side by side: most of the time each waits for its server or for its death.
constexpr int kWorkers = 12;
/// Behind so many kills a download is let go on, so that the test ends.
constexpr int kMostKills = 4;
/// Longer than two commits are apart; a whole download takes about a second.
constexpr int kLongestLifeMs = 900;

int wanted(const char *variable, int otherwise)
{
    bool isNumber = false;
    const int value = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber && value > 0 ? value : otherwise;
}

/// A child inherits the descriptors of all threads until it becomes another program, and with them
/// the locks of datasets: nobody works on a library of this process while one is started.
std::shared_mutex starting;

struct Tally
{
    std::atomic<int> kills = 0;
    std::atomic<int> resumes = 0;
    std::atomic<int> restarts = 0; ///< killed before the dataset was made
    std::mutex mutex;
    QStringList problems;

    void report(const QString &problem)
    {
        const std::lock_guard lock(mutex);
        problems += problem;
    }
};

} // namespace

/// Downloads by the real program that are killed at any moment, and resumed until they are done.
///
/// `FRESHET_KILL_DOWNLOADS` (200) and `FRESHET_KILL_ROWS` (2000) make a bigger run.
class TestKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void equalsTheUnkilledTable_data();
    void equalsTheUnkilledTable();

private:
    void download(const CliLibrary &library, const QString &name, unsigned seed,
                  Tally &tally) const;
    [[nodiscard]] bool isKilled(const CliLibrary &library, const QString &command,
                                const QStringList &arguments, int lifeMs, Tally &tally) const;
    [[nodiscard]] qint64 bytesServed() const;

    const int m_downloads = wanted("FRESHET_KILL_DOWNLOADS", 200);
    const int m_rows = wanted("FRESHET_KILL_ROWS", 2000);
    const QTemporaryDir m_folder{temporaryPlace()};
    std::unique_ptr<demo::DemoServer> m_demo;
    NginxServer m_nginx;
    QString m_url;
    TableText m_whole;
};

void TestKills::initTestCase()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    const demo::UsersTable users(1);
    std::string text;
    for (int row = 0; row < m_rows; ++row) {
        users.appendJson(text, row);
        text += '\n';
    }
    const auto bytes = static_cast<qint64>(text.size());
    QFile file(m_folder.filePath(u"users.ndjson"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text.data(), bytes), bytes);
    file.close();
    auto demo = demo::DemoServer::start();
    QVERIFY(demo);
    m_demo = std::move(*demo);
    // Both ways through nginx, whose log counts the bytes. A download takes about a second.
    const QString text2 =
        u"access_log %HOME%/access.log; limit_rate %1; "_s.arg(bytes) +
        u"location /api/ { proxy_pass http://127.0.0.1:%1; proxy_buffering off; limit_rate 0; }"_s
            .arg(m_demo->port());
    QVERIFY(m_nginx.start({.folder = m_folder.path(), .extraServer = text2}));
}

void TestKills::equalsTheUnkilledTable_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("a file with byte ranges") << u"users.ndjson"_s;
    QTest::newRow("a stream without ranges")
        << u"api/users/stream?rows=%1&rate=%1&total=no"_s.arg(m_rows);
}

bool TestKills::isKilled(const CliLibrary &library, const QString &command,
                         const QStringList &arguments, int lifeMs, Tally &tally) const
{
    ChildProcess process;
    {
        const std::unique_lock lock(starting);
        library.start(process, command, arguments + QStringList{u"--quiet"_s});
    }
    const auto code = process.waitForEnd(lifeMs);
    if (!code) {
        process.kill();
        ++tally.kills;
        return true;
    }
    if (*code != 0)
        tally.report(command + u" ended with "_s + QString::number(*code) + u": "_s +
                     QString::fromUtf8(process.output()));
    return false;
}

void TestKills::download(const CliLibrary &library, const QString &name, unsigned seed,
                         Tally &tally) const
{
    constexpr int kForever = 60'000;
    std::minstd_rand random(seed);
    const std::string dataset = name.toStdString();
    for (int run = 0; run <= kMostKills; ++run) {
        const auto record = [&] {
            const std::shared_lock lock(starting);
            return library.record(dataset);
        }();
        if (!record && record.error().code != ErrorCode::DatasetNotFound)
            return tally.report(QString::fromStdString(record.error().toString()));
        // Killed behind the last commit, it is whole.
        if (record && record->verdict != "incomplete")
            break;
        if (!record && run > 0)
            ++tally.restarts;
        if (record)
            ++tally.resumes;
        const QStringList arguments =
            record ? QStringList{name} : QStringList{m_url, u"--name"_s, name};
        const int life = run < kMostKills ? static_cast<int>(random() % kLongestLifeMs) : kForever;
        if (!isKilled(library, record ? u"resume"_s : u"get"_s, arguments, life, tally))
            break;
    }
    const std::shared_lock lock(starting);
    const auto table = library.table(dataset);
    if (!table)
        tally.report(QString::fromStdString(table.error().toString()));
    else if (*table != m_whole)
        tally.report(
            u"%1 has %2 rows that differ from the table"_s.arg(name).arg(table->rows.size()));
}

qint64 TestKills::bytesServed() const
{
    QFile log(m_nginx.home() + u"/access.log"_s);
    qint64 bytes = 0;
    if (log.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> lines = log.readAll().split('\n');
        for (const QByteArray &line : lines) {
            // address - user [time] "request" status bytes "referer" "agent"
            const QList<QByteArray> parts = line.split('"');
            if (parts.size() > 2)
                bytes += parts[2].trimmed().split(' ').value(1).toLongLong();
        }
    }
    return bytes;
}

void TestKills::equalsTheUnkilledTable()
{
    QFETCH(const QString, path);
    m_url = m_nginx.url(NginxServer::Scheme::Plain, path);
    const QString home = m_folder.filePath(QString::fromUtf8(QTest::currentDataTag()));
    const qint64 atStart = bytesServed();
    const CliLibrary first(home + u"-whole"_s);
    const auto unkilled = first.run(u"get"_s, {m_url, u"--name"_s, u"whole"_s});
    QVERIFY2(unkilled.exitCode == 0, unkilled.output.constData());
    const auto whole = first.table("whole");
    QVERIFY(whole);
    m_whole = *whole;
    QCOMPARE(static_cast<int>(m_whole.rows.size()), m_rows);

    // It stands in the log a little later than the client has it. A coding makes it shorter.
    QVERIFY(QTest::qWaitFor([&] { return bytesServed() > atStart; }, 20'000));
    const qint64 before = bytesServed();
    const qint64 needed = (before - atStart) * (m_downloads / 2);
    Tally tally;
    std::atomic<int> next = 0;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < kWorkers; ++worker) {
        workers.emplace_back([&, worker] {
            const CliLibrary library(home + QString::number(worker));
            // Each kind gets its half.
            for (int number = next++; number < m_downloads / 2; number = next++)
                download(library, u"d"_s + QString::number(number),
                         static_cast<unsigned>(number) + 1, tally);
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    QVERIFY2(tally.problems.isEmpty(), qPrintable(tally.problems.join(u'\n')));
    QVERIFY(tally.kills >= m_downloads / 2);
    QVERIFY(tally.resumes > 0);
    const qint64 served = bytesServed() - before;
    qInfo("%d downloads, %d kills, %d resumes, %d begun again; %lld bytes, of them %lld twice "
          "(%lld %%)",
          m_downloads / 2, tally.kills.load(), tally.resumes.load(), tally.restarts.load(),
          static_cast<long long>(served), static_cast<long long>(served - needed),
          static_cast<long long>((served - needed) * 100 / needed));
}

QTEST_GUILESS_MAIN(TestKills)
#include "tst_kills.moc"

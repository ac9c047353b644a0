// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "faults/cli_library.h"
#include "faults/small_disk.h"
#include "transfer/verdict.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace freshet;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kLocalFailure = 5;
constexpr int kWaitMs = 60'000;

QByteArray groupedRows(RowCount rows)
{
    return QByteArray::fromStdString(transfer::groupedDigits(rows.value()));
}

} // namespace

/// What becomes of downloads whose library runs out of room, cannot be written, vanishes or is
/// shared: it opens again with every committed row, and the program says what is wrong.
class TestStorageTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void fullDisk();
    void fileThatMayNotGrow();
    void readOnlyLibrary();
    void removedLibrary();
    void readByTwoProcesses();
    void secondWriterOfADataset();
    void twoDownloadsByTwoProcesses();

private:
    [[nodiscard]] QString url(const QString &query) const
    {
        return QString::fromStdString(m_demo->origin()) + u"/api/users/stream?"_s + query;
    }
    [[nodiscard]] QString place(const QString &name) const { return m_folder->filePath(name); }
    /// Wait until another process has committed rows of `name`.
    [[nodiscard]] static bool hasRows(const CliLibrary &library, const std::string &name);
    void verifyGoesOn(const CliLibrary &library, const char *name, int rows);

    std::unique_ptr<demo::DemoServer> m_demo;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestStorageTrouble::initTestCase()
{
    auto demo = demo::DemoServer::start();
    QVERIFY(demo);
    m_demo = std::move(*demo);
}

void TestStorageTrouble::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

bool TestStorageTrouble::hasRows(const CliLibrary &library, const std::string &name)
{
    return QTest::qWaitFor(
        [&] {
            const auto record = library.record(name);
            return record && record->rows.value() > 0;
        },
        kWaitMs);
}

/// The rest comes as soon as the trouble is over, and the table is that of a good day.
void TestStorageTrouble::verifyGoesOn(const CliLibrary &library, const char *name, int rows)
{
    const auto kept = library.record(name);
    QVERIFY2(kept, kept ? "" : kept.error().toString().c_str());
    QCOMPARE(kept->verdict, std::string("incomplete"));
    QVERIFY(kept->rows.value() < rows);
    const auto resumed = library.run(u"resume"_s, {QString::fromUtf8(name)});
    QVERIFY2(resumed.exitCode == 0, resumed.output.constData());
    const CliLibrary good(place(u"good"_s));
    QCOMPARE(good.run(u"get"_s, {url(u"rows=%1"_s.arg(rows)), u"--name"_s, u"good"_s}).exitCode, 0);
    const auto expected = good.table("good");
    const auto table = library.table(name);
    QVERIFY(expected && table);
    QVERIFY(*table == *expected);
}

void TestStorageTrouble::fullDisk()
{
    constexpr int kRows = 60'000;
    const SmallDisk disk(place(u"disk"_s));
    if (!disk.isMounted())
        QSKIP("only root may mount a small disk");
    const CliLibrary library(place(u"disk/library"_s));
    const auto ended =
        library.run(u"get"_s, {url(u"rows=%1"_s.arg(kRows)), u"--name"_s, u"users"_s});
    QCOMPARE(ended.exitCode, kLocalFailure);
    QVERIFY2(ended.output.contains("disk is full"), ended.output.constData());
    // What it says of kept rows is what was committed, not what came.
    const auto committed = library.record("users");
    QVERIFY(committed);
    const QByteArray kept = "\n  " + groupedRows(committed->rows) + " rows are kept as \"users\".";
    QVERIFY2(ended.output.contains(kept), ended.output.constData());
    const QByteArray evidence = "X-Total-Count 60,000 ≠ rows " + groupedRows(committed->rows);
    QVERIFY2(ended.output.contains(evidence), ended.output.constData());
    // Also while it is full, what was committed can be looked at.
    const auto listed = library.run(u"ls"_s, {});
    QVERIFY2(listed.exitCode == 0 && listed.output.contains("users"), listed.output.constData());
    QVERIFY(disk.remount(0, "size=64m"));
    verifyGoesOn(library, "users", kRows);
}

void TestStorageTrouble::fileThatMayNotGrow()
{
    constexpr int kRows = 60'000;
    const CliLibrary library(place(u"library"_s));
    ChildProcess process;
    process.setModifier([] {
        constexpr rlim_t kMost = 800 * 1024;
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit = {kMost, kMost};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    });
    library.start(process, u"get"_s, {url(u"rows=%1"_s.arg(kRows)), u"--name"_s, u"users"_s});
    const auto code = process.waitForEnd(kWaitMs);
    QCOMPARE(code.value_or(-1), kLocalFailure);
    const QByteArray output = process.output();
    QVERIFY2(output.contains("part-0"), output.constData()); // it names the file
    const auto committed = library.record("users");
    QVERIFY(committed);
    QVERIFY2(output.contains(QByteArray(groupedRows(committed->rows) + " rows are kept")),
             output.constData());
    verifyGoesOn(library, "users", kRows);
}

void TestStorageTrouble::readOnlyLibrary()
{
    const SmallDisk disk(place(u"disk"_s));
    if (!disk.isMounted())
        QSKIP("only root may make a disk read-only");
    QVERIFY(disk.remount(0, "size=16m"));
    const CliLibrary library(place(u"disk/library"_s));
    const QStringList get{url(u"rows=500"_s), u"--name"_s, u"users"_s};
    QCOMPARE(library.run(u"get"_s, get).exitCode, 0);
    QVERIFY(disk.remount(MS_RDONLY, nullptr));
    const auto refused = library.run(u"get"_s, {url(u"rows=500"_s), u"--name"_s, u"more"_s});
    QCOMPARE(refused.exitCode, kLocalFailure);
    QVERIFY2(refused.output.contains(library.folder().toUtf8()), refused.output.constData());
    QVERIFY(disk.remount(0, nullptr));
    const auto table = library.table("users");
    QVERIFY(table);
    QCOMPARE(table->rows.size(), std::size_t(500));
    QCOMPARE(library.record("more").error().code, ErrorCode::DatasetNotFound);
}

void TestStorageTrouble::removedLibrary()
{
    const CliLibrary library(place(u"library"_s));
    ChildProcess process;
    library.start(process, u"get"_s, {url(u"rows=4000&rate=4000"_s), u"--name"_s, u"users"_s});
    QVERIFY(hasRows(library, "users"));
    QVERIFY(QDir(library.folder()).removeRecursively());
    const auto code = process.waitForEnd(kWaitMs);
    const QByteArray output = process.output();
    QVERIFY2(code == kLocalFailure, output.constData());
    QVERIFY2(output.contains("Nothing is kept.") && !output.contains("rows are kept"),
             output.constData());
    // It is not left in a state that stands in the way of a new one.
    QCOMPARE(library.run(u"get"_s, {url(u"rows=50"_s), u"--name"_s, u"users"_s}).exitCode, 0);
    QCOMPARE(library.table("users").value().rows.size(), std::size_t(50));
}

void TestStorageTrouble::readByTwoProcesses()
{
    const CliLibrary library(place(u"library"_s));
    QCOMPARE(library.run(u"get"_s, {url(u"rows=3000"_s), u"--name"_s, u"users"_s}).exitCode, 0);
    ChildProcess first;
    ChildProcess second;
    library.start(first, u"show"_s, {u"users"_s});
    library.start(second, u"show"_s, {u"users"_s});
    QCOMPARE(first.waitForEnd(kWaitMs).value_or(-1), 0);
    QCOMPARE(second.waitForEnd(kWaitMs).value_or(-1), 0);
    const QByteArray rows = first.output();
    QCOMPARE(rows.count('\n'), 3000);
    QVERIFY(rows == second.output());
}

void TestStorageTrouble::secondWriterOfADataset()
{
    const CliLibrary library(place(u"library"_s));
    QCOMPARE(library
                 .run(u"get"_s, {url(u"rows=3000&fault=cut:1000"_s), u"--name"_s, u"users"_s,
                                 u"--retries"_s, u"0"_s})
                 .exitCode,
             3);
    // Both read again from the start, slowly; the one that comes second has to leave it alone.
    const auto open = store::Library::open(library.folder().toStdString());
    QVERIFY(open);
    const auto record = (*open)->find("users");
    QVERIFY(record);
    auto writer = (*open)->append(record->id);
    QVERIFY(writer);
    const auto busy = library.run(u"resume"_s, {u"users"_s});
    QCOMPARE(busy.exitCode, kLocalFailure);
    QVERIFY2(busy.output.contains("Another program is writing this dataset"),
             busy.output.constData());
    const auto removed = library.run(u"rm"_s, {u"users"_s});
    QCOMPARE(removed.exitCode, kLocalFailure);
    const auto shown = library.run(u"show"_s, {u"users"_s});
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.output.count('\n'), qsizetype(record->rows.value()));
    writer->reset();
}

void TestStorageTrouble::twoDownloadsByTwoProcesses()
{
    const CliLibrary library(place(u"library"_s));
    constexpr int kProcesses = 4;
    std::vector<std::unique_ptr<ChildProcess>> processes;
    for (int number = 0; number < kProcesses; ++number) {
        processes.push_back(std::make_unique<ChildProcess>());
        library.start(*processes.back(), u"get"_s,
                      {url(u"rows=1500&rate=3000&seed=%1"_s.arg(number + 1)), u"--name"_s,
                       u"users"_s + QString::number(number)});
    }
    for (const auto &process : processes)
        QVERIFY2(process->waitForEnd(kWaitMs) == 0, process->output().constData());
    for (int number = 0; number < kProcesses; ++number) {
        const CliLibrary alone(place(u"alone"_s));
        const std::string name = "users" + std::to_string(number);
        QCOMPARE(alone
                     .run(u"get"_s, {url(u"rows=1500&seed=%1"_s.arg(number + 1)), u"--name"_s,
                                     QString::fromStdString(name)})
                     .exitCode,
                 0);
        const auto expected = alone.table(name);
        const auto table = library.table(name);
        QVERIFY(expected && table);
        QVERIFY(*table == *expected);
    }
}

QTEST_GUILESS_MAIN(TestStorageTrouble)
#include "tst_storage_trouble.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include "store/arrow_file.h"

#include <QProcess>

#include <csignal>
#include <cstdio>
#include <random>
#include <unistd.h>

using namespace freshet;
using store::Library;
using test::countingBatch;
using test::LibraryFixture;

namespace fs = std::filesystem;

namespace {

constexpr const char *kWriterMode = "--write-until-killed";

/// The child: appends counted rows for ever in batches of all sizes and says on standard output how
/// far it is: "a N" before rows up to N are appended, "c N" once they are committed.
int writeUntilKilled(const char *folder, unsigned seed)
{
    auto library = Library::open(folder);
    if (!library)
        return 1;
    auto writer = (*library)->create({.name = "killed", .state = "Receiving"});
    if (!writer)
        return 1;
    std::mt19937 random(seed);
    const std::int64_t largest = columnar::kMaxBatchRows < 100 ? 5 : 40'000;
    std::int64_t rows = 0;
    for (;;) {
        const std::int64_t count =
            random() % 4 == 0 ? static_cast<std::int64_t>(random() % largest) + 1 : 3;
        std::printf("a %lld\n", static_cast<long long>(rows + count));
        std::fflush(stdout);
        if (!(*writer)->append(countingBatch(rows, count)))
            return 2;
        rows += count;
        if (random() % 3 != 0)
            continue;
        if (!(*writer)->commit({.state = "Receiving", .resumePoint = std::to_string(rows)}))
            return 3;
        std::printf("c %lld\n", static_cast<long long>(rows));
        std::fflush(stdout);
    }
}

struct Said
{
    std::int64_t appended = 0;
    std::int64_t committed = 0;
};

Said heard(const QByteArray &output)
{
    Said said;
    // A last line without its end was cut by the kill.
    const QList<QByteArray> lines = output.left(output.lastIndexOf('\n') + 1).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("a "))
            said.appended = line.mid(2).toLongLong();
        else if (line.startsWith("c "))
            said.committed = line.mid(2).toLongLong();
    }
    return said;
}

class ChildWriter
{
public:
    ChildWriter(const fs::path &folder, unsigned seed)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(),
                        {QString::fromLatin1(kWriterMode), QString::fromStdString(folder.string()),
                         QString::number(seed)});
    }
    ~ChildWriter() { kill(); }
    /// Wait until it said `text`.
    bool waitFor(const char *text)
    {
        while (!m_output.contains(text)) {
            if (!m_process.waitForReadyRead(30'000))
                return false;
            m_output += m_process.readAllStandardOutput();
        }
        return true;
    }
    Said kill()
    {
        m_process.kill();
        m_process.waitForFinished();
        m_output += m_process.readAllStandardOutput();
        return heard(m_output);
    }

private:
    QProcess m_process;
    QByteArray m_output;
};

void appendBytes(const fs::path &path, const char *bytes)
{
    std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

/// Whether the dataset holds the numbers 0, 1, 2 … up to `rows`.
bool isCounted(const store::DatasetSnapshot &snapshot, std::int64_t rows)
{
    if (snapshot.rowCount().value() != rows)
        return false;
    std::int64_t expected = 0;
    for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch) {
        const auto column = snapshot.column(batch, 0);
        if (!column)
            return false;
        for (std::int64_t row = 0; row < column->length; ++row) {
            if (column->isNull(row) || column->valueAt<std::int64_t>(row) != expected++)
                return false;
        }
    }
    return expected == rows;
}

} // namespace

class TestRecovery : public QObject
{
    Q_OBJECT

private:
    /// A finished dataset of ten rows.
    static std::string finishedDataset(const LibraryFixture &fixture, const char *name)
    {
        auto writer = fixture.library->create({.name = name, .state = "Receiving"});
        if (!writer || !(*writer)->append(countingBatch(0, 10)) ||
            !(*writer)->finish(test::completeState()))
            return {};
        return (*writer)->dataset()->id();
    }

private Q_SLOTS:
    void killedAtAnyMoment()
    {
        constexpr unsigned kRuns = 36;
        std::mt19937 random(1);
        int withRows = 0;
        for (unsigned run = 0; run < kRuns; ++run) {
            LibraryFixture fixture;
            fixture.library.reset();
            ChildWriter child(fixture.folder(), run);
            // Some are killed right at the start, most while they write.
            if (run % 6 != 0)
                QVERIFY(child.waitFor("c "));
            ::usleep(random() % 60'000);
            const Said said = child.kill();
            fixture.reopen();
            const auto record = fixture.library->find("killed");
            if (!record) {
                QCOMPARE(record.error().code, ErrorCode::DatasetNotFound);
                QCOMPARE(said.committed, 0);
                continue;
            }
            const std::int64_t rows = record->rows.value();
            QVERIFY(rows >= said.committed);
            QVERIFY(rows <= said.appended);
            QCOMPARE(record->state, std::string("Incomplete"));
            QCOMPARE(record->verdict, std::string("incomplete"));
            QVERIFY(record->evidence.front().find("rows are kept") != std::string::npos);
            QCOMPARE(record->resumePoint, rows == 0 ? std::string() : std::to_string(rows));
            const auto dataset = fixture.library->dataset(record->id);
            QVERIFY_OK(dataset);
            QVERIFY(isCounted((*dataset)->snapshot(), rows));
            withRows += rows > 0 ? 1 : 0;
            // Every file opens on its own, too.
            for (const auto &name : fixture.files(record->id)) {
                QVERIFY_OK(store::ArrowFileReader::open(fixture.folderOf(record->id) / name));
            }
            // And the download goes on where it was.
            auto writer = fixture.library->append(record->id);
            QVERIFY_OK(writer);
            QVERIFY_OK((*writer)->append(countingBatch(rows, 100)));
            QVERIFY_OK((*writer)->finish(test::completeState()));
            writer->reset();
            fixture.reopen();
            const auto whole = fixture.library->dataset(record->id);
            QVERIFY_OK(whole);
            QVERIFY(isCounted((*whole)->snapshot(), rows + 100));
        }
        QVERIFY(withRows >= static_cast<int>(kRuns / 2));
    }

    void aLivingWriterIsLeftAlone()
    {
        LibraryFixture fixture;
        ChildWriter child(fixture.folder(), 7);
        QVERIFY(child.waitFor("c "));
        fixture.reopen();
        const auto record = fixture.library->find("killed");
        QVERIFY_OK(record);
        QCOMPARE(record->state, std::string("Receiving"));
        QCOMPARE(fixture.library->append(record->id).error().code, ErrorCode::LibraryBusy);
        QCOMPARE(fixture.library->remove(record->id).error().code, ErrorCode::LibraryBusy);
        std::int64_t before = 0;
        for (int look = 0; look < 20; ++look) {
            const auto dataset = fixture.library->dataset(record->id);
            QVERIFY_OK(dataset);
            const auto snapshot = (*dataset)->snapshot();
            QVERIFY(snapshot.rowCount().value() >= before);
            before = snapshot.rowCount().value();
        }
        (void)child.kill();
        // This library was open all the while; the next look finds the writer gone.
        const auto dataset = fixture.library->dataset(record->id);
        QVERIFY_OK(dataset);
        const auto now = fixture.library->find(record->id);
        QCOMPARE(now->state, std::string("Incomplete"));
        QVERIFY(isCounted((*dataset)->snapshot(), now->rows.value()));
    }

    void uncommittedBytesAreCutOff()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 10)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        writer.reset(); // as a crash
        const auto files = fixture.files(id);
        QCOMPARE(files.size(), std::size_t(1));
        appendBytes(fixture.folderOf(id) / files[0], "half a batch");
        appendBytes(fixture.folderOf(id) / "part-000099.arrow", "never committed");
        appendBytes(fixture.folderOf(id) / "notes.txt", "not ours");
        fixture.reopen();
        QCOMPARE(fixture.files(id), files);
        QVERIFY(fs::exists(fixture.folderOf(id) / "notes.txt"));
        const auto dataset = fixture.library->dataset(id);
        QVERIFY_OK(dataset);
        QVERIFY(isCounted((*dataset)->snapshot(), 10));
        QVERIFY_OK(store::ArrowFileReader::open(fixture.folderOf(id) / files[0]));
    }

    void aCutFileDamagesOneDatasetOnly_data()
    {
        QTest::addColumn<bool>("finished");
        QTest::newRow("after the end") << true;
        QTest::newRow("while it was written") << false;
    }
    void aCutFileDamagesOneDatasetOnly()
    {
        QFETCH(bool, finished);
        LibraryFixture fixture;
        const std::string good = finishedDataset(fixture, "good");
        auto writer = fixture.create("bad");
        const auto bad = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 100)));
        if (finished)
            QVERIFY_OK(writer->finish(test::completeState()));
        else
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
        writer.reset();
        const fs::path part = fixture.folderOf(bad) / fixture.files(bad)[0];
        fs::resize_file(part, 100);
        fixture.reopen();
        const auto broken = fixture.library->dataset(bad);
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::LibraryDamaged);
        QVERIFY(broken.error().detail.find(part.string()) != std::string::npos);
        QCOMPARE(fixture.library->append(bad).error().code, ErrorCode::LibraryDamaged);
        QVERIFY(fixture.library->find(bad)->error.find("LibraryDamaged") == 0);
        const auto whole = fixture.library->dataset(good);
        QVERIFY_OK(whole);
        QVERIFY(isCounted((*whole)->snapshot(), 10));
        QVERIFY_OK(fixture.library->remove(bad));
    }

    void halfMadeDatasetsGoAway()
    {
        LibraryFixture fixture;
        const std::string good = finishedDataset(fixture, "good");
        fs::create_directories(fixture.folderOf("0123456789abcdef"));
        appendBytes(fixture.folderOf("0123456789abcdef") / "lock", "");
        fs::create_directories(fixture.folderOf("a folder of the user"));
        fixture.reopen();
        QVERIFY(!fs::exists(fixture.folderOf("0123456789abcdef")));
        QVERIFY(fs::exists(fixture.folderOf("a folder of the user")));
        QVERIFY_OK(fixture.library->dataset(good));
    }

    void theBatchOfAPartTakesTheTailsPlaceAtOnce()
    {
        if (columnar::kMaxBatchRows < 1000)
            QSKIP("batches are tiny in this build");
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 10)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        // Full: written to a part, but not committed, so the tail file still stands for ten rows.
        QVERIFY_OK(writer->append(countingBatch(10, 50'000)));
        QCOMPARE(fixture.files(id).size(), std::size_t(2));
        writer.reset();
        fixture.reopen();
        QCOMPARE(fixture.files(id).size(), std::size_t(1));
        const auto dataset = fixture.library->dataset(id);
        QVERIFY_OK(dataset);
        QVERIFY(isCounted((*dataset)->snapshot(), 10));
    }
};

int main(int argc, char **argv)
{
    if (argc == 4 && std::string_view(argv[1]) == kWriterMode) {
        const QCoreApplication application(argc, argv);
        return writeUntilKilled(argv[2], static_cast<unsigned>(std::atoi(argv[3])));
    }
    QCoreApplication application(argc, argv);
    TestRecovery test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_recovery.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/sample_batches.h"
#include "support/file_size_limit.h"

#include <array>
#include <fstream>
#include <latch>
#include <thread>
#include <unistd.h>

using namespace freshet;
using store::Library;
using test::countingBatch;
using test::FileSizeLimit;
using test::LibraryFixture;

namespace fs = std::filesystem;

namespace {

columnar::RecordBatch noise(std::int64_t rows, std::uint64_t seed)
{
    static const auto schema = std::make_shared<const columnar::Schema>(
        columnar::Schema{{columnar::Field{"noise", {.kind = columnar::TypeKind::UInt64}}}});
    return test::sampleBatch(schema, rows, seed, test::Gaps::None);
}

} // namespace

class TestLibrary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// As two programs do that are started side by side on a new machine.
    void isMadeByManyAtOnce()
    {
        constexpr int kRounds = 40;
        constexpr std::size_t kOpeners = 4;
        for (int round = 0; round < kRounds; ++round) {
            const QTemporaryDir folder;
            std::latch together(kOpeners);
            std::array<Status, kOpeners> outcomes;
            {
                std::vector<std::jthread> openers;
                for (Status &outcome : outcomes) {
                    openers.emplace_back([&] {
                        together.arrive_and_wait();
                        const auto library = Library::open(folder.path().toStdString() + "/new");
                        if (!library)
                            outcome = fail(library.error());
                    });
                }
            }
            for (const Status &outcome : outcomes)
                QVERIFY_OK(outcome);
        }
    }

    void datasetsAreListedNewestFirst()
    {
        LibraryFixture fixture;
        for (const char *name : {"first", "second", "third"})
            QVERIFY_OK(fixture.create(name)->finish(test::completeState()));
        const auto list = fixture.library->list();
        QVERIFY_OK(list);
        QCOMPARE(list->size(), std::size_t(3));
        QCOMPARE((*list)[0].name, std::string("third"));
        QCOMPARE((*list)[2].name, std::string("first"));
        const auto byName = fixture.library->find("second");
        QVERIFY_OK(byName);
        const auto byId = fixture.library->find(byName->id);
        QVERIFY_OK(byId);
        QCOMPARE(byId->name, std::string("second"));
        const auto nobody = fixture.library->find("nobody");
        QVERIFY(!nobody);
        QCOMPARE(nobody.error().code, ErrorCode::DatasetNotFound);
    }

    void aRecordKeepsWhatItWasGiven()
    {
        LibraryFixture fixture;
        auto writer = fixture.create("naïve 数据");
        QVERIFY_OK(writer->append(countingBatch(0, 7)));
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->commit({.state = "Receiving",
                                   .resumePoint = "{\"byte\":12}",
                                   .evidence = {"so far so good", "a \"quoted\" one"},
                                   .wireBytes = ByteCount(100),
                                   .decodedBytes = ByteCount(300)}));
        auto record = fixture.library->find(id);
        QVERIFY_OK(record);
        QCOMPARE(record->name, std::string("naïve 数据"));
        QCOMPARE(record->source, std::string("http://localhost/naïve 数据"));
        QCOMPARE(record->state, std::string("Receiving"));
        QCOMPARE(record->verdict, std::string());
        QCOMPARE(record->resumePoint, std::string("{\"byte\":12}"));
        QCOMPARE(record->evidence,
                 (std::vector<std::string>{"so far so good", "a \"quoted\" one"}));
        QCOMPARE(record->rows, RowCount(7));
        QCOMPARE(record->wireBytes, ByteCount(100));
        QVERIFY(record->storedBytes > ByteCount(0));
        QVERIFY(record->created.time_since_epoch().count() > 0);
        QVERIFY(record->updated >= record->created);

        QVERIFY_OK(writer->finish({.state = "Complete",
                                   .verdict = "verified",
                                   .evidence = {"7 rows"},
                                   .facts = {{"ttfb_ms", "12"}, {"format", "ndjson"}},
                                   .decodedBytes = ByteCount(301)}));
        writer.reset();
        fixture.reopen();
        record = fixture.library->find(id);
        QVERIFY_OK(record);
        QCOMPARE(record->verdict, std::string("verified"));
        QCOMPARE(record->facts.at("format"), std::string("ndjson"));
        QCOMPARE(record->decodedBytes, ByteCount(301));
        std::uintmax_t onDisk = 0;
        for (const auto &name : fixture.files(id))
            onDisk += fs::file_size(fixture.folderOf(id) / name);
        QCOMPARE(record->storedBytes, ByteCount(static_cast<std::int64_t>(onDisk)));
    }

    void commitsAreSpacedOut()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        const auto atOnce = writer->commitIfDue({.state = "Receiving"});
        QVERIFY_OK(atOnce);
        QVERIFY(!*atOnce);
        bool committed = false;
        const auto commits = [&] {
            committed = committed || writer->commitIfDue({.state = "Receiving"}).value_or(false);
            return committed;
        };
        QTRY_VERIFY(commits());
    }

    void rejectsAreKeptAsTheyCame()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        const std::string raw("bad \xff\0 bytes", 12);
        writer->addReject(
            {.line = 3, .byteOffset = 99, .code = "SyntaxError", .reason = "why", .rawText = raw});
        writer->addReject({.line = 4});
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto rejects = fixture.library->rejects(id, 10);
        QVERIFY_OK(rejects);
        QCOMPARE(rejects->size(), std::size_t(2));
        QCOMPARE((*rejects)[0].byteOffset, 99);
        QCOMPARE((*rejects)[0].rawText, raw);
        QCOMPARE(fixture.library->rejects(id, 1)->size(), std::size_t(1));
        QCOMPARE(fixture.library->find(id)->rejected, RowCount(2));
    }

    void namesAreUnique()
    {
        LibraryFixture fixture;
        const auto first = fixture.create("users");
        const auto taken = fixture.library->create({.name = "users", .state = "Queued"});
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(*fixture.library->freeName("users"), std::string("users-2"));
        QCOMPARE(*fixture.library->freeName("others"), std::string("others"));
        const auto second = fixture.create("users-2");
        QCOMPARE(*fixture.library->freeName("users"), std::string("users-3"));
        const auto id = second->dataset()->id();
        QCOMPARE(fixture.library->rename(id, "users").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(fixture.library->rename(id, "").error().code, ErrorCode::InvalidArgument);
        QVERIFY_OK(fixture.library->rename(id, "people"));
        QCOMPARE(fixture.library->find("people")->id, id);
        QCOMPARE(fixture.library->rename("nobody", "x").error().code, ErrorCode::DatasetNotFound);
    }

    void removingTakesFilesAndNameAway()
    {
        LibraryFixture fixture;
        auto writer = fixture.create("users");
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 10)));
        const auto busy = fixture.library->remove(id);
        QVERIFY(!busy);
        QCOMPARE(busy.error().code, ErrorCode::LibraryBusy);
        QVERIFY_OK(writer->finish(test::completeState()));
        QVERIFY_OK(fixture.library->remove("users"));
        QVERIFY(!fs::exists(fixture.folderOf(id)));
        QCOMPARE(fixture.library->dataset(id).error().code, ErrorCode::DatasetNotFound);
        QVERIFY(fixture.library->list()->empty());
        QVERIFY_OK(fixture.create("users")->finish(test::completeState()));
    }

    void oneWriterForEachDataset()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        const auto second = fixture.library->append(id);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::LibraryBusy);
        // Another process is another Library object as far as locks go.
        const auto other = Library::open(fixture.folder());
        QVERIFY_OK(other);
        QCOMPARE((*other)->append(id).error().code, ErrorCode::LibraryBusy);
        QCOMPARE((*other)->remove(id).error().code, ErrorCode::LibraryBusy);
        QVERIFY_OK(writer->finish(test::completeState()));
        QVERIFY_OK((*other)->append(id));
    }

    void anotherProcessSeesEachCommit()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        const auto other = Library::open(fixture.folder());
        QVERIFY_OK(other);
        for (std::int64_t rows = 0; rows < 500; rows += 100) {
            QVERIFY_OK(writer->append(countingBatch(rows, 100)));
            const auto before = (*other)->dataset(id);
            QVERIFY_OK(before);
            QCOMPARE((*before)->snapshot().rowCount(), RowCount(rows));
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
            const auto after = (*other)->dataset(id);
            QVERIFY_OK(after);
            QCOMPARE((*after).get(), (*before).get());
            const auto snapshot = (*after)->snapshot();
            QCOMPARE(snapshot.rowCount(), RowCount(rows + 100));
            QCOMPARE(test::texts(snapshot)[0].back(), std::to_string(rows + 99));
        }
    }

    void aFullDiskLosesNothingThatWasCommitted()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(noise(1000, 1)));
        QVERIFY_OK(writer->commit({.state = "Receiving", .resumePoint = "1000"}));
        const auto dataset = writer->dataset();
        const auto expected = test::texts(dataset->snapshot());
        Status status;
        {
            // Few commits, so that the part file meets the limit before the catalogue does.
            const FileSizeLimit full(3_MiB);
            for (std::uint64_t seed = 2; status && seed < 5000; ++seed) {
                status = writer->append(noise(1000, seed));
                if (status && seed % 20 == 0)
                    status = writer->commit(
                        {.state = "Receiving", .resumePoint = std::to_string(seed * 1000)});
            }
            QVERIFY(!status);
            QCOMPARE(status.error().code, ErrorCode::DiskFull);
            QVERIFY(status.error().detail.find(fixture.folder().string()) != std::string::npos);
            // What was appended stays readable, committed or not.
            const auto snapshot = dataset->snapshot();
            QCOMPARE(test::texts(snapshot)[0].size(), snapshot.rowCount().asSize());
            store::FinalState final = test::completeState();
            final.resumePoint = "behind rows that are lost";
            const auto finished = writer->finish(final);
            QVERIFY(!finished);
            QCOMPARE(finished.error().code, ErrorCode::DiskFull);
        }
        const RowCount committed = dataset->snapshot().committedRows();
        writer.reset();
        fixture.reopen();
        const auto record = fixture.library->find(id);
        QVERIFY_OK(record);
        QCOMPARE(record->rows, committed);
        QCOMPARE(record->verdict, std::string("incomplete"));
        QCOMPARE(record->resumePoint, std::to_string(committed.value()));
        const auto again = fixture.library->dataset(id);
        QVERIFY_OK(again);
        const auto rows = test::texts((*again)->snapshot());
        QCOMPARE(rows[0].size(), committed.asSize());
        QVERIFY(std::equal(expected[0].begin(), expected[0].end(), rows[0].begin()));
        const auto appender = fixture.library->append(id);
        QVERIFY_OK(appender);
        QVERIFY_OK((*appender)->append(noise(10, 77)));
        QVERIFY_OK((*appender)->finish(test::completeState()));
        QCOMPARE((*appender)->dataset()->snapshot().rowCount(), committed + RowCount(10));
    }

    void filesThatVanishedAreNamed()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 10)));
        QVERIFY_OK(writer->finish(test::completeState()));
        writer.reset();
        fs::remove_all(fixture.folderOf(id));
        fixture.reopen();
        QVERIFY(!fixture.library->list()->empty());
        const auto dataset = fixture.library->dataset(id);
        QVERIFY(!dataset);
        QCOMPARE(dataset.error().code, ErrorCode::FileNotFound);
        QVERIFY(dataset.error().detail.find(fixture.folderOf(id).string()) != std::string::npos);
        const auto appender = fixture.library->append(id);
        QVERIFY(!appender);
        QCOMPARE(appender.error().code, ErrorCode::FileNotFound);
        QVERIFY_OK(fixture.library->remove(id));
    }

    void foldersThatCannotBeALibrary_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("a file stands there") << QStringLiteral("file");
        QTest::newRow("the catalogue is no database") << QStringLiteral("garbage");
        QTest::newRow("a newer program made it") << QStringLiteral("newer");
        QTest::newRow("it must not be written") << QStringLiteral("readonly");
    }
    void foldersThatCannotBeALibrary()
    {
        QFETCH(QString, kind);
        LibraryFixture fixture;
        fixture.library.reset();
        fs::path folder = fixture.folder();
        ErrorCode expected = ErrorCode::LibraryDamaged;
        if (kind == QLatin1String("file")) {
            folder = fixture.folder() / "library.sqlite";
            expected = ErrorCode::FileNotFound;
        } else if (kind == QLatin1String("garbage")) {
            for (const char *name : {"library.sqlite-wal", "library.sqlite-shm"})
                fs::remove(folder / name);
            std::ofstream(folder / "library.sqlite") << std::string(4096, 'x');
        } else if (kind == QLatin1String("newer")) {
            // user_version is the big-endian number at byte 60 of the header.
            std::fstream file(folder / "library.sqlite",
                              std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(60);
            file.write("\0\0\1\0", 4);
            expected = ErrorCode::Unsupported;
        } else {
            if (::geteuid() == 0)
                QSKIP("everything may be written by this user");
            fs::remove(folder / "library.sqlite");
            fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
            expected = ErrorCode::PermissionDenied;
        }
        const auto library = Library::open(folder);
        fs::permissions(fixture.folder(), fs::perms::owner_all);
        QVERIFY(!library);
        QCOMPARE(library.error().code, expected);
        QVERIFY(library.error().detail.find(folder.string()) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "tst_library.moc"

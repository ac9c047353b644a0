// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_check.h"

#include "store/catalogue_surgery.h"
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include <random>

using namespace freshet;
using store::DatasetCheck;
using test::countingBatch;
using test::LibraryFixture;

namespace {

// A full batch stays in its part when a column is added.
constexpr std::int64_t kFirst = columnar::kMaxBatchRows;
constexpr std::int64_t kSecond = std::min<std::int64_t>(5000, kFirst);

/// Two parts (the second has another column) with compressed batches, and two bad rows.
std::string makeDataset(LibraryFixture &fixture)
{
    auto writer = fixture.create();
    const std::string id = writer->dataset()->id();
    const auto batch = test::sampleBatch(test::everyTypeSchema(), kSecond, 1, test::Gaps::None);
    const bool isWritten = writer->append(test::countingBatch(0, kFirst)) &&
                           writer->commit({.state = "Receiving"}) && writer->append(batch);
    writer->addReject({.line = 3, .byteOffset = 40, .code = "SyntaxError", .rawText = "{\xff"});
    writer->addReject({.line = 9, .byteOffset = 99, .code = "SyntaxError", .rawText = "}"});
    if (!isWritten || !writer->finish(test::completeState()))
        qFatal("the dataset cannot be written");
    return id;
}

DatasetCheck check(const LibraryFixture &fixture, const std::string &id)
{
    auto found = fixture.library->check(id, CancelToken());
    if (!found)
        qFatal("%s", found.error().toString().c_str());
    return *std::move(found);
}

void flipBit(const std::filesystem::path &file, std::int64_t at, unsigned bit = 4)
{
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(at);
    const char byte = static_cast<char>(stream.get() ^ (1 << bit));
    stream.seekp(at);
    stream.put(byte);
}

/// As programs that kept no checksums left the catalogue.
const QStringList kBackToVersion2{QStringLiteral("ALTER TABLE blocks DROP COLUMN checksum"),
                                  QStringLiteral("ALTER TABLE parts DROP COLUMN footer_checksum"),
                                  QStringLiteral("PRAGMA user_version = 2")};

} // namespace

/// Reading a dataset again: what is sound is found sound, and damage is named with its place.
class TestDatasetCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soundDataset()
    {
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture);
        std::int64_t told = 0;
        const auto found = fixture.library->check(
            id, CancelToken(), [&](RowCount done, RowCount) { told = done.value(); });
        QVERIFY_OK(found);
        QVERIFY2(found->damage.empty(),
                 found->damage.empty() ? "" : found->damage[0].toString().c_str());
        QCOMPARE(found->rows.value(), kFirst + kSecond);
        QCOMPARE(told, kFirst + kSecond);
        QCOMPARE(found->record.rows.value(), kFirst + kSecond);
        QCOMPARE(found->rejects, 2);
        QVERIFY(found->parts >= 2);
        QVERIFY(found->bytes > ByteCount());
    }

    void datasetInProgress()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        const auto found = fixture.library->check(writer->dataset()->id(), CancelToken());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::LibraryBusy);
    }

    void cancelled()
    {
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture);
        const CancelToken cancel;
        cancel.cancel();
        const auto found = fixture.library->check(id, cancel);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }

    void unknownDataset()
    {
        LibraryFixture fixture;
        const auto found = fixture.library->check("nobody", CancelToken());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::DatasetNotFound);
    }

    void damagedFile_data()
    {
        QTest::addColumn<QByteArray>("damage");
        QTest::addColumn<bool>("hasByte");
        QTest::newRow("a flipped bit in a batch") << QByteArray("flip") << true;
        QTest::newRow("cut short") << QByteArray("cut") << false;
        QTest::newRow("something behind its end") << QByteArray("longer") << false;
        QTest::newRow("gone") << QByteArray("gone") << false;
    }

    void damagedFile()
    {
        QFETCH(QByteArray, damage);
        QFETCH(bool, hasByte);
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture);
        // The first part is compressed, so that its frames have checksums.
        const bool isFlip = damage == "flip";
        const auto names = fixture.files(id);
        const auto file = fixture.folderOf(id) / (isFlip ? names.front() : names.back());
        const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file));
        if (isFlip)
            flipBit(file, size / 2);
        else if (damage == "cut")
            std::filesystem::resize_file(file, static_cast<std::uintmax_t>(size / 2));
        else if (damage == "longer")
            std::filesystem::resize_file(file, static_cast<std::uintmax_t>(size + 1));
        else
            std::filesystem::remove(file);
        const auto found = check(fixture, id);
        QCOMPARE(found.damage.empty(), false);
        QVERIFY2(found.damage[0].detail.find(file.string()) != std::string::npos,
                 found.damage[0].toString().c_str());
        QCOMPARE(found.damage[0].byteOffset.has_value(), hasByte);
        QCOMPARE(found.rows.value(), isFlip               ? kSecond
                                     : damage == "longer" ? kFirst + kSecond
                                                          : kFirst);
    }

    /// Numbers drawn at random do not compress, so that their buffers are stored raw, and small
    /// buffers always are.
    void anyFlippedBitIsFound_data()
    {
        QTest::addColumn<bool>("isWhole");
        QTest::newRow("a finished dataset") << true;
        QTest::newRow("one that a crash left") << false;
    }

    void anyFlippedBitIsFound()
    {
        QFETCH(const bool, isWhole);
        constexpr int kFlips = 400;
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, kFirst)));
        QVERIFY_OK(writer->append(test::sampleBatch(test::everyTypeSchema(), 30, 1)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QVERIFY_OK(writer->append(test::sampleBatch(test::everyTypeSchema(), kSecond, 2)));
        QVERIFY_OK(isWhole ? writer->finish(test::completeState())
                           : writer->commit({.state = "Receiving"}));
        writer.reset();
        fixture.reopen();
        QVERIFY(check(fixture, id).damage.empty());
        const auto names = fixture.files(id);
        std::mt19937_64 random(7);
        for (int i = 0; i < kFlips; ++i) {
            const auto file = fixture.folderOf(id) / names[random() % names.size()];
            // Many of them in the head and the footer, which are small.
            const auto size = std::filesystem::file_size(file);
            const auto span = i % 3 == 0 ? std::min<std::uintmax_t>(size, 2000) : size;
            const auto at = static_cast<std::int64_t>(i % 2 == 0 ? random() % span
                                                                 : size - 1 - random() % span);
            const auto bit = static_cast<unsigned>(random() % 8);
            flipBit(file, at, bit);
            const auto found = check(fixture, id);
            QVERIFY2(!found.damage.empty(),
                     qPrintable(QStringLiteral("bit %1 of byte %2 of %3")
                                    .arg(bit)
                                    .arg(at)
                                    .arg(QString::fromStdString(file.string()))));
            flipBit(file, at, bit);
        }
        QVERIFY(check(fixture, id).damage.empty());
    }

    /// They open, and it is said what cannot be told of them; what is added has checksums.
    void datasetsWithoutChecksums()
    {
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture);
        const auto whole = check(fixture, id);
        QVERIFY(whole.batches >= 2);
        QCOMPARE(whole.batchesWithoutChecksum, 0);
        fixture.library.reset();
        QCOMPARE(test::changeCatalogue(fixture.folder(), kBackToVersion2), QString());
        fixture.reopen();
        const auto found = check(fixture, id);
        QVERIFY(found.damage.empty());
        QCOMPARE(found.rows, whole.rows);
        QCOMPARE(found.batches, whole.batches);
        QCOMPARE(found.batchesWithoutChecksum, whole.batches);

        auto writer = fixture.library->append(id);
        QVERIFY_OK(writer);
        QVERIFY_OK((*writer)->append(
            test::sampleBatch(test::everyTypeSchema(), kSecond, 3, test::Gaps::None)));
        QVERIFY_OK((*writer)->finish(test::completeState()));
        const auto grown = check(fixture, id);
        QVERIFY(grown.damage.empty());
        QVERIFY(grown.batchesWithoutChecksum <= whole.batches);
        QVERIFY(grown.batches > grown.batchesWithoutChecksum);
    }

    void pagesOfBadRows()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        for (int i = 0; i < 10; ++i)
            writer->addReject({.line = i, .byteOffset = 10 * i, .code = "SyntaxError"});
        QVERIFY_OK(writer->finish(test::completeState()));
        std::vector<std::int64_t> lines;
        for (std::int64_t at = 0; at < 12; at += 4) {
            const auto page = fixture.library->rejects(id, 4, at);
            QVERIFY_OK(page);
            for (const auto &reject : *page)
                lines.push_back(reject.line);
        }
        QCOMPARE(lines, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        QCOMPARE(fixture.library->rejects(id, 4, 10)->size(), 0u);
    }
};

QTEST_GUILESS_MAIN(TestDatasetCheck)
#include "tst_dataset_check.moc"

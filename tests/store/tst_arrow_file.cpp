// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_file.h"
#include "store/sample_batches.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace freshet;
using columnar::RecordBatch;
using columnar::SchemaPtr;
using store::ArrowFileReader;
using store::ArrowFileWriter;
using test::Gaps;

Q_DECLARE_METATYPE(test::Gaps)

class TestArrowFile : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path path(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    static void write(const std::filesystem::path &path, const SchemaPtr &schema,
                      const std::vector<RecordBatch> &batches, bool footer = true)
    {
        auto file = File::open(path, File::Mode::Truncate);
        QVERIFY(file.has_value());
        auto writer = ArrowFileWriter::create(std::move(*file), schema);
        QVERIFY(writer.has_value());
        for (const RecordBatch &batch : batches)
            QVERIFY(writer->append(batch).has_value());
        if (footer)
            QVERIFY(writer->finish().has_value());
        QVERIFY(writer->file().close().has_value());
    }
    static std::string bytesOf(const std::filesystem::path &path)
    {
        std::ifstream stream(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(stream), {});
    }
    static void writeBytes(const std::filesystem::path &path, const std::string &bytes)
    {
        std::ofstream stream(path, std::ios::binary);
        stream << bytes;
    }
    /// Small enough for damage at every byte.
    static SchemaPtr smallSchema()
    {
        auto schema = std::make_shared<columnar::Schema>();
        schema->fields = {{"n", {.kind = columnar::TypeKind::Int64}},
                          {"s", {.kind = columnar::TypeKind::String}},
                          {"b", {.kind = columnar::TypeKind::Bool}}};
        return schema;
    }
    /// Everything a file says, or the error it ends in.
    static std::vector<std::vector<std::string>>
    contents(const Result<std::shared_ptr<const ArrowFileReader>> &reader)
    {
        if (!reader)
            return {{reader.error().toString()}};
        std::vector<std::vector<std::string>> all;
        for (int column = 0; column < (*reader)->schema()->columnCount(); ++column) {
            const auto &field = (*reader)->schema()->fields[static_cast<std::size_t>(column)];
            std::vector<std::string> values{field.name, field.type.encode()};
            for (std::size_t block = 0; block < (*reader)->blocks().size(); ++block) {
                const auto read = (*reader)->column(block, column);
                if (!read)
                    return {{read.error().toString()}};
                const auto more = test::texts(*read);
                values.insert(values.end(), more.begin(), more.end());
            }
            all.push_back(std::move(values));
        }
        return all;
    }
    static std::vector<std::vector<std::string>> contents(const SchemaPtr &schema,
                                                          const std::vector<RecordBatch> &batches)
    {
        std::vector<std::vector<std::string>> all;
        for (std::size_t column = 0; column < schema->fields.size(); ++column) {
            std::vector<std::string> values{schema->fields[column].name,
                                            schema->fields[column].type.encode()};
            for (const RecordBatch &batch : batches) {
                const auto more = test::texts(batch.columns[column]);
                values.insert(values.end(), more.begin(), more.end());
            }
            all.push_back(std::move(values));
        }
        return all;
    }

private Q_SLOTS:
    void roundTrip_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<Gaps>("gaps");
        QTest::newRow("no rows") << 0 << Gaps::None;
        QTest::newRow("one row") << 1 << Gaps::None;
        QTest::newRow("seven rows, half a byte of bits") << 7 << Gaps::Mixed;
        QTest::newRow("eight rows") << 8 << Gaps::Nulls;
        QTest::newRow("every value there") << 1000 << Gaps::None;
        QTest::newRow("nulls") << 1000 << Gaps::Nulls;
        QTest::newRow("missing values") << 1000 << Gaps::Missing;
        QTest::newRow("nulls and missing values") << 1003 << Gaps::Mixed;
        QTest::newRow("nothing but missing values") << 100 << Gaps::Everything;
    }
    void roundTrip()
    {
        QFETCH(int, rows);
        QFETCH(Gaps, gaps);
        const SchemaPtr schema = test::everyTypeSchema();
        const std::vector<RecordBatch> batches{test::sampleBatch(schema, rows, 1, gaps),
                                               test::sampleBatch(schema, rows / 2, 2, gaps)};
        write(path("round.arrow"), schema, batches);
        const auto expected = contents(schema, batches);
        QCOMPARE(contents(ArrowFileReader::open(path("round.arrow"))), expected);
        const auto size = std::filesystem::file_size(path("round.arrow"));
        QCOMPARE(contents(ArrowFileReader::recover(path("round.arrow"),
                                                   ByteCount(static_cast<std::int64_t>(size)))),
                 expected);
    }

    void slicesAreWrittenAsTheyRead()
    {
        const SchemaPtr schema = test::everyTypeSchema();
        const RecordBatch whole = test::sampleBatch(schema, 100, 3);
        const std::vector<RecordBatch> slices{columnar::sliceBatch(whole, 13, 50),
                                              columnar::sliceBatch(whole, 99, 1),
                                              columnar::sliceBatch(whole, 40, 0)};
        write(path("slices.arrow"), schema, slices);
        QCOMPARE(contents(ArrowFileReader::open(path("slices.arrow"))), contents(schema, slices));
    }

    void rowsWithoutColumns()
    {
        const auto schema = std::make_shared<const columnar::Schema>();
        write(path("bare.arrow"), schema, {{.schema = schema, .rowCount = 5, .columns = {}}});
        const auto reader = ArrowFileReader::open(path("bare.arrow"));
        QVERIFY(reader.has_value());
        QCOMPARE((*reader)->blocks().size(), std::size_t(1));
        QCOMPARE((*reader)->blocks()[0].rows, RowCount(5));
    }

    void compressionIsLeftOutWhereItDoesNotPay()
    {
        // 64-bit noise does not shrink; batches after the first one are not even tried, and all
        // read back.
        auto schema = std::make_shared<columnar::Schema>();
        schema->fields = {{"noise", {.kind = columnar::TypeKind::UInt64}}};
        std::vector<RecordBatch> batches;
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            batches.push_back(test::sampleBatch(schema, 500, seed, Gaps::None));
        write(path("noise.arrow"), schema, batches);
        QCOMPARE(contents(ArrowFileReader::open(path("noise.arrow"))), contents(schema, batches));
        QVERIFY(std::filesystem::file_size(path("noise.arrow")) > 20 * 500 * 8);
    }

    void writingGoesOnBehindTheLastBatch()
    {
        const SchemaPtr schema = test::everyTypeSchema();
        const std::vector<RecordBatch> batches{test::sampleBatch(schema, 20, 1),
                                               test::sampleBatch(schema, 30, 2)};
        write(path("resumed.arrow"), schema, {batches[0]});
        const auto first = ArrowFileReader::open(path("resumed.arrow"));
        QVERIFY(first.has_value());
        const auto &block = (*first)->blocks()[0];
        const auto end = block.offset + ByteCount(block.metadataLength) + block.bodyLength;

        auto file = File::open(path("resumed.arrow"), File::Mode::ReadWrite);
        QVERIFY(file.has_value());
        QVERIFY(file->truncate(end).has_value());
        auto writer = ArrowFileWriter::resume(std::move(*file), schema, (*first)->blocks());
        QVERIFY(writer.has_value());
        QVERIFY(writer->append(batches[1]).has_value());
        QVERIFY(writer->finish().has_value());
        QCOMPARE(contents(ArrowFileReader::open(path("resumed.arrow"))), contents(schema, batches));
    }

    void aFileWithoutFooterIsWalked()
    {
        const SchemaPtr schema = test::everyTypeSchema();
        const std::vector<RecordBatch> batches{test::sampleBatch(schema, 20, 1),
                                               test::sampleBatch(schema, 30, 2)};
        write(path("open.arrow"), schema, batches, false);
        QVERIFY(!ArrowFileReader::open(path("open.arrow")));
        const ByteCount size(
            static_cast<std::int64_t>(std::filesystem::file_size(path("open.arrow"))));
        QCOMPARE(contents(ArrowFileReader::recover(path("open.arrow"), size)),
                 contents(schema, batches));
        const auto beyond = ArrowFileReader::recover(path("open.arrow"), size + ByteCount(1));
        QVERIFY(!beyond);
        QCOMPARE(beyond.error().code, ErrorCode::LibraryDamaged);
    }

    void aCutFileIsAnErrorAtEveryLength()
    {
        const SchemaPtr schema = smallSchema();
        write(path("whole.arrow"), schema, {test::sampleBatch(schema, 5, 1)});
        const std::string bytes = bytesOf(path("whole.arrow"));
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            writeBytes(path("cut.arrow"), bytes.substr(0, length));
            const auto reader = ArrowFileReader::open(path("cut.arrow"));
            QVERIFY2(!reader, qPrintable(QString::number(length)));
            QVERIFY(reader.error().byteOffset.has_value());
            QVERIFY(reader.error().detail.find("cut.arrow") != std::string::npos);
            // Without a footer, whole batches are found or an error is said.
            (void)contents(ArrowFileReader::recover(path("cut.arrow"),
                                                    ByteCount(static_cast<std::int64_t>(length))));
        }
    }

    void aFlippedByteIsAnErrorOrHarmless()
    {
        const SchemaPtr schema = smallSchema();
        write(path("small.arrow"), schema, {test::sampleBatch(schema, 4, 1)});
        const std::string bytes = bytesOf(path("small.arrow"));
        const auto expected = contents(ArrowFileReader::open(path("small.arrow")));
        for (std::size_t place = 0; place < bytes.size(); ++place) {
            for (const int flip : {0x01, 0x80}) {
                std::string damaged = bytes;
                damaged[place] = static_cast<char>(damaged[place] ^ flip);
                writeBytes(path("flipped.arrow"), damaged);
                const auto read = contents(ArrowFileReader::open(path("flipped.arrow")));
                // Names and raw values are not guarded; shapes are.
                if (read.size() != 1)
                    QCOMPARE(read.size(), expected.size());
                (void)contents(ArrowFileReader::recover(
                    path("flipped.arrow"), ByteCount(static_cast<std::int64_t>(bytes.size()))));
            }
        }
    }

    void aFlippedBitInACompressedBufferIsNoticed()
    {
        auto schema = std::make_shared<columnar::Schema>();
        schema->fields = {{"s", {.kind = columnar::TypeKind::String}}};
        write(path("packed.arrow"), schema, {test::sampleBatch(schema, 2000, 1, Gaps::None)});
        const auto reader = ArrowFileReader::open(path("packed.arrow"));
        QVERIFY(reader.has_value());
        const auto &block = (*reader)->blocks()[0];
        const auto body = block.offset + ByteCount(block.metadataLength);
        std::string bytes = bytesOf(path("packed.arrow"));
        // In the middle of the last buffer, the text.
        const std::size_t place = body.asSize() + block.bodyLength.asSize() - 200;
        bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
        writeBytes(path("packed.arrow"), bytes);
        const auto damaged = ArrowFileReader::open(path("packed.arrow"));
        QVERIFY(damaged.has_value());
        const auto column = (*damaged)->column(0, 0);
        QVERIFY(!column);
        QCOMPARE(column.error().code, ErrorCode::LibraryDamaged);
        QCOMPARE(column.error().column, std::string("s"));
        QCOMPARE(*column.error().byteOffset, block.offset);
    }

    void otherFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("id,name\n1,Ada\n");
        QTest::newRow("only the magic") << QByteArray("ARROW1\0\0", 8);
        QTest::newRow("magic twice") << QByteArray("ARROW1\0\0\0\0\0\0ARROW1", 18);
        QTest::newRow("huge length")
            << QByteArray("ARROW1\0\0\xff\xff\xff\xff\xff\xff\xff\x7f", 16);
    }
    void otherFilesAreRefused()
    {
        QFETCH(QByteArray, bytes);
        writeBytes(path("other.arrow"), bytes.toStdString());
        const auto reader = ArrowFileReader::open(path("other.arrow"));
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::LibraryDamaged);
    }

    void aMissingFileIsNamed()
    {
        const auto reader = ArrowFileReader::open(path("nowhere.arrow"));
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::FileNotFound);
        QVERIFY(reader.error().detail.find("nowhere.arrow") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestArrowFile)
#include "tst_arrow_file.moc"

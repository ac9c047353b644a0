// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arrow files such as other writers make, and such as nobody should: built here from their parts.
#include "store/arrow_file.h"
#include "store/sample_batches.h"

#include "arrow_ipc_generated.h"

#include <lz4frame.h>
#include <zstd.h>

#include <QTemporaryDir>
#include <QtTest>

#include <cstring>
#include <fstream>
#include <functional>
#include <limits>

using namespace freshet;
namespace ipc = store::ipc;
using flatbuffers::FlatBufferBuilder;
using store::ArrowFileReader;

namespace {

enum class Packing { None, Lz4, Zstd, RawMark };

/// One column with the buffers of its only batch.
struct ForeignColumn
{
    ipc::Type tag = ipc::Type::NONE;
    std::function<flatbuffers::Offset<void>(FlatBufferBuilder &)> type;
    std::vector<std::string> buffers;
    std::string extension; ///< ARROW:extension:name
};

template <typename T>
std::string bytesOf(std::initializer_list<T> values)
{
    return {reinterpret_cast<const char *>(std::data(values)), values.size() * sizeof(T)};
}

std::string packed(const std::string &bytes, Packing packing)
{
    if (packing == Packing::None || bytes.empty())
        return bytes;
    const std::int64_t length =
        packing == Packing::RawMark ? -1 : static_cast<std::int64_t>(bytes.size());
    std::string content = bytes;
    if (packing == Packing::Lz4) {
        content.resize(LZ4F_compressFrameBound(bytes.size(), nullptr));
        content.resize(LZ4F_compressFrame(content.data(), content.size(), bytes.data(),
                                          bytes.size(), nullptr));
    } else if (packing == Packing::Zstd) {
        content.resize(ZSTD_compressBound(bytes.size()));
        content.resize(
            ZSTD_compress(content.data(), content.size(), bytes.data(), bytes.size(), 3));
    }
    return bytesOf({length}) + content;
}

struct ForeignFile
{
    std::int64_t rows = 3;
    ForeignColumn column;
    Packing packing = Packing::None;
    bool isPacked = false; ///< the buffers are in their stored form already
    ipc::Version version = ipc::Version::V5;
    ipc::ByteOrder byteOrder = ipc::ByteOrder::Little;
    std::int64_t lengthOfLastBuffer = -1; ///< a lie, unless negative

    [[nodiscard]] flatbuffers::Offset<ipc::Schema> schema(FlatBufferBuilder &builder) const
    {
        const auto type = column.type(builder);
        flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<ipc::KeyValue>>> metadata;
        if (!column.extension.empty()) {
            metadata = builder.CreateVector(std::vector{
                ipc::CreateKeyValue(builder, builder.CreateString("ARROW:extension:name"),
                                    builder.CreateString(column.extension))});
        }
        const auto field = ipc::CreateField(builder, builder.CreateString("c"), true, column.tag,
                                            type, 0, 0, metadata);
        return ipc::CreateSchema(builder, byteOrder, builder.CreateVector(std::vector{field}));
    }

    [[nodiscard]] std::string body(std::vector<ipc::BufferRange> &ranges) const
    {
        std::string body;
        for (const std::string &buffer : column.buffers) {
            const std::string bytes = isPacked ? buffer : packed(buffer, packing);
            ranges.emplace_back(static_cast<std::int64_t>(body.size()),
                                static_cast<std::int64_t>(bytes.size()));
            body += bytes;
            body.resize((body.size() + 7) / 8 * 8, '\0');
        }
        if (lengthOfLastBuffer >= 0)
            ranges.back() = ipc::BufferRange(ranges.back().offset(), lengthOfLastBuffer);
        return body;
    }

    [[nodiscard]] std::string bytes() const
    {
        std::vector<ipc::BufferRange> ranges;
        const std::string content = body(ranges);
        FlatBufferBuilder builder;
        const auto nodes = builder.CreateVectorOfStructs(std::vector{ipc::FieldNode(rows, 1)});
        const auto buffers = builder.CreateVectorOfStructs(ranges);
        flatbuffers::Offset<ipc::BodyCompression> compression;
        if (packing != Packing::None)
            compression = ipc::CreateBodyCompression(
                builder, packing == Packing::Lz4 ? ipc::Codec::Lz4Frame : ipc::Codec::Zstd);
        const auto batch = ipc::CreateRecordBatch(builder, rows, nodes, buffers, compression);
        builder.Finish(ipc::CreateMessage(builder, version, ipc::Header::RecordBatch, batch.Union(),
                                          static_cast<std::int64_t>(content.size())));
        std::string metadata(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                             builder.GetSize());
        metadata.resize((metadata.size() + 7) / 8 * 8, '\0');

        std::string file("ARROW1\0\0", 8);
        file += bytesOf({std::uint32_t(0xFFFFFFFF), static_cast<std::uint32_t>(metadata.size())});
        file += metadata + content;

        FlatBufferBuilder footer;
        const auto footerSchema = schema(footer);
        const auto blocks = footer.CreateVectorOfStructs(
            std::vector{ipc::Block(8, static_cast<std::int32_t>(metadata.size() + 8),
                                   static_cast<std::int64_t>(content.size()))});
        footer.Finish(ipc::CreateFooter(footer, version, footerSchema, 0, blocks));
        file.append(reinterpret_cast<const char *>(footer.GetBufferPointer()), footer.GetSize());
        file += bytesOf({static_cast<std::int32_t>(footer.GetSize())});
        return file + "ARROW1";
    }
};

ForeignColumn int32Column()
{
    return {ipc::Type::IntType,
            [](FlatBufferBuilder &b) { return ipc::CreateIntType(b, 32, true).Union(); },
            {std::string(1, '\x05'), bytesOf<std::int32_t>({-7, 0, 9})}};
}

ForeignColumn textColumn(std::initializer_list<std::int32_t> offsets, std::string text)
{
    return {ipc::Type::TextType,
            [](FlatBufferBuilder &b) { return ipc::CreateTextType(b).Union(); },
            {std::string(1, '\x05'), bytesOf(offsets), std::move(text)}};
}

} // namespace

class TestForeignArrow : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    Result<columnar::Column> read(const ForeignFile &file)
    {
        const auto path = m_folder.filePath(QStringLiteral("foreign.arrow")).toStdString();
        {
            std::ofstream stream(path, std::ios::binary);
            stream << file.bytes();
        }
        const auto reader = ArrowFileReader::open(path);
        if (!reader)
            return fail(reader.error());
        return (*reader)->column(0, 0);
    }
    void expectError(const ForeignFile &file, ErrorCode code)
    {
        const auto column = read(file);
        QVERIFY(!column);
        QCOMPARE(column.error().code, code);
        QVERIFY(column.error().detail.find("foreign.arrow") != std::string::npos);
    }

private Q_SLOTS:
    void anyPackingReadsTheSame_data()
    {
        QTest::addColumn<int>("packing");
        QTest::newRow("uncompressed") << static_cast<int>(Packing::None);
        QTest::newRow("LZ4 frames") << static_cast<int>(Packing::Lz4);
        QTest::newRow("Zstandard") << static_cast<int>(Packing::Zstd);
        QTest::newRow("compressed, but stored raw") << static_cast<int>(Packing::RawMark);
    }
    void anyPackingReadsTheSame()
    {
        QFETCH(int, packing);
        ForeignFile file{.column = int32Column(), .packing = static_cast<Packing>(packing)};
        const auto numbers = read(file);
        QVERIFY(numbers.has_value());
        QCOMPARE(test::texts(*numbers), (std::vector<std::string>{"-7", "‹null›", "9"}));
        file.column = textColumn({0, 2, 2, 5}, "abcde");
        const auto texts = read(file);
        QVERIFY(texts.has_value());
        QCOMPARE(test::texts(*texts), (std::vector<std::string>{"ab", "‹null›", "cde"}));
    }

    void aBatchThatIsASliceOfAnother()
    {
        // Offsets need not start at 0.
        const auto column = read({.column = textColumn({3, 5, 5, 8}, "xyzabcdeuv")});
        QVERIFY(column.has_value());
        QCOMPARE(test::texts(*column), (std::vector<std::string>{"ab", "‹null›", "cde"}));
        QCOMPARE(column->offsets.as<std::int32_t>()[0], 0);
    }

    void jsonIsKnownByItsExtension()
    {
        ForeignFile file{.column = textColumn({0, 2, 2, 4}, "[]{}")};
        file.column.extension = "arrow.json";
        const auto column = read(file);
        QVERIFY(column.has_value());
        QCOMPARE(column->type.kind, columnar::TypeKind::Json);
    }

    void smallDecimals()
    {
        ForeignFile file{
            .column = {
                ipc::Type::DecimalType,
                [](FlatBufferBuilder &b) { return ipc::CreateDecimalType(b, 9, 2, 32).Union(); },
                {std::string(1, '\x05'), bytesOf<std::int32_t>({-199, 0, 1250})}}};
        const auto column = read(file);
        QVERIFY(column.has_value());
        QCOMPARE(test::texts(*column), (std::vector<std::string>{"-1.99", "‹null›", "12.50"}));
    }

    void theVersionBeforeIsReadToo()
    {
        QVERIFY(read({.column = int32Column(), .version = ipc::Version::V4}).has_value());
    }

    void whatCannotBeIsDamage_data()
    {
        QTest::addColumn<int>("packing");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QByteArray>("offsets");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("lie");
        const auto row = [](const char *name, std::initializer_list<std::int32_t> offsets,
                            const char *text, int rows = 3, Packing packing = Packing::None,
                            qint64 lie = -1) {
            QTest::newRow(name) << static_cast<int>(packing) << rows
                                << QByteArray::fromStdString(bytesOf(offsets)) << QByteArray(text)
                                << lie;
        };
        row("offsets that descend", {0, 4, 2, 5}, "abcde");
        row("offsets behind the text", {0, 2, 2, 6}, "abcde");
        row("offsets before the text", {-1, 2, 2, 5}, "abcde");
        row("offsets that are far off", {0, 2, 2, 2147483647}, "abcde");
        row("fewer offsets than rows", {0, 2, 5}, "abcde");
        row("more rows than bits", {0, 2, 2, 5}, "abcde", 100);
        row("a buffer behind the body", {0, 2, 2, 5}, "abcde", 3, Packing::None, 1'000'000);
        row("a buffer behind the end of the world", {0, 2, 2, 5}, "abcde", 3, Packing::None,
            std::numeric_limits<qint64>::max());
        row("a frame cut short", {0, 2, 2, 5}, "abcde", 3, Packing::Zstd, 12);
        row("an LZ4 frame cut short", {0, 2, 2, 5}, "abcde", 3, Packing::Lz4, 16);
        row("a compressed buffer without its length", {0, 2, 2, 5}, "abcde", 3, Packing::Zstd, 4);
    }
    void whatCannotBeIsDamage()
    {
        QFETCH(int, packing);
        QFETCH(int, rows);
        QFETCH(QByteArray, offsets);
        QFETCH(QByteArray, text);
        QFETCH(qint64, lie);
        ForeignFile file{.rows = rows,
                         .column = textColumn({}, text.toStdString()),
                         .packing = static_cast<Packing>(packing),
                         .lengthOfLastBuffer = lie};
        file.column.buffers[1] = offsets.toStdString();
        expectError(file, ErrorCode::LibraryDamaged);
    }

    void anotherLengthThanTheFrameHolds_data()
    {
        QTest::addColumn<int>("packing");
        QTest::addColumn<qint64>("length");
        for (const auto &[name, packing] :
             {std::pair("LZ4", Packing::Lz4), std::pair("Zstandard", Packing::Zstd)}) {
            for (const qint64 length : {qint64(0), qint64(11), qint64(13), qint64(-2),
                                        std::numeric_limits<qint64>::max()})
                QTest::addRow("%s, %lld", name, static_cast<long long>(length))
                    << static_cast<int>(packing) << length;
        }
    }
    void anotherLengthThanTheFrameHolds()
    {
        QFETCH(int, packing);
        QFETCH(qint64, length);
        ForeignFile file{
            .column = int32Column(), .packing = static_cast<Packing>(packing), .isPacked = true};
        std::string values = packed(file.column.buffers[1], file.packing);
        std::memcpy(values.data(), &length, sizeof length);
        file.column.buffers = {packed(file.column.buffers[0], Packing::RawMark), values};
        expectError(file, ErrorCode::LibraryDamaged);
    }
};

QTEST_GUILESS_MAIN(TestForeignArrow)
#include "tst_foreign_arrow.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/bad_rows.h"

#include "store/library_fixture.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace freshet;
using test::LibraryFixture;

namespace {

constexpr int kRows = 600; // several pages

QByteArray contentOf(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::string makeDataset(LibraryFixture &fixture, const std::string &raw)
{
    auto writer = fixture.create();
    for (int n = 0; n < kRows; ++n)
        writer->addReject({.line = n,
                           .byteOffset = 10 * n,
                           .code = "SyntaxError",
                           .reason = "no \"value\"",
                           .rawText = raw});
    if (!writer->finish(test::completeState()))
        qFatal("the dataset cannot be written");
    return writer->dataset()->id();
}

} // namespace

/// Bad rows as files: each byte of them is there, also of text that is none.
class TestBadRowExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyByteIsThere_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<bool>("isText");
        QTest::newRow("text") << QByteArray("{\"a\":\n\"ä\"") << true;
        QTest::newRow("empty") << QByteArray("") << true;
        QTest::newRow("not UTF-8") << QByteArray("{\xff}") << false;
        QTest::newRow("cut in the middle of a character") << QByteArray("a\xc3") << false;
        QTest::newRow("a NUL") << QByteArray("a\0b", 3) << true;
    }

    void everyByteIsThere()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const bool, isText);
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture, raw.toStdString());
        const auto file = fixture.folder() / "bad.ndjson";
        const auto count = exporters::exportBadRows(*fixture.library, id, file);
        QVERIFY_OK(count);
        QCOMPARE(*count, kRows);
        const auto lines = contentOf(file).trimmed().split('\n');
        QCOMPARE(lines.size(), kRows);
        const QJsonObject last = QJsonDocument::fromJson(lines.back()).object();
        QCOMPARE(last[QLatin1String("line")].toInt(), kRows - 1);
        QCOMPARE(last[QLatin1String("reason")].toString(), QStringLiteral("no \"value\""));
        const auto base64 = last[QLatin1String("raw_base64")].toString().toLatin1();
        QCOMPARE(last[QLatin1String("raw")].isNull(), !isText);
        QCOMPARE(isText ? last[QLatin1String("raw")].toString().toUtf8()
                        : QByteArray::fromBase64(base64),
                 raw);
    }

    void aPartAsCsv()
    {
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture, "say \"no\"");
        const auto file = fixture.folder() / "bad.csv";
        const auto count = exporters::exportBadRows(*fixture.library, id, file, {5, 7});
        QVERIFY_OK(count);
        QCOMPARE(*count, 2);
        QCOMPARE(contentOf(file),
                 QByteArray("line,byte_offset,code,reason,raw,raw_base64\n"
                            "5,50,SyntaxError,\"no \"\"value\"\"\",\"say \"\"no\"\"\",\n"
                            "6,60,SyntaxError,\"no \"\"value\"\"\",\"say \"\"no\"\"\",\n"));
    }

    void otherFormatsAreRefused()
    {
        LibraryFixture fixture;
        const std::string id = makeDataset(fixture, "x");
        const auto file = fixture.folder() / "bad.xml";
        QCOMPARE(exporters::exportBadRows(*fixture.library, id, file).error().code,
                 ErrorCode::InvalidArgument);
        QVERIFY(!std::filesystem::exists(file));
    }
};

QTEST_GUILESS_MAIN(TestBadRowExport)
#include "tst_bad_row_export.moc"

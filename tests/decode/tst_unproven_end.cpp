// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_decoder.h"
#include "support/decode_recorder.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

/// A stream that only the close of its connection ends: a last row which something else closes is
/// one, any other is kept aside and read again.
class TestUnprovenEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesNoOpenRow_data();
    void takesNoOpenRow();
};

void TestUnprovenEnd::takesNoOpenRow_data()
{
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isOpen");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QByteArray>("kept");
    const auto row = [](const char *name, Format format, const char *text, bool isOpen, int rows,
                        const char *kept = "") {
        QTest::newRow(name) << format << QByteArray(text) << isOpen << rows << QByteArray(kept);
    };
    row("CSV with its last line end", Format::Csv, "a,b\n1,2\n3,4\n", false, 2);
    row("CSV without it", Format::Csv, "a,b\n1,2\n3,4", true, 1, "3,4");
    row("CSV, the last field quoted", Format::Csv, "a,b\n1,2\n3,\"4\"", true, 1, "3,\"4\"");
    row("CSV, half a CRLF", Format::Csv, "a,b\r\n1,2\r", false, 1);
    row("CSV, half a header", Format::Csv, "alpha,be", true, 0, "alpha,be");
    row("TSV without it", Format::Tsv, "a\tb\n1\t2", true, 0, "1\t2");
    row("NDJSON, objects without it", Format::Ndjson, "{\"a\":1}\n{\"a\":2}", false, 2);
    row("NDJSON, a text without it", Format::Ndjson, "\"x\"\n\"y\"", false, 2);
    row("NDJSON, a number without it", Format::Ndjson, "12\n345", true, 1, "345");
    row("NDJSON, a number with it", Format::Ndjson, "12\n345\n", false, 2);
    row("JSON", Format::Json, "[{\"a\":1},{\"a\":2}]", false, 2);
}

void TestUnprovenEnd::takesNoOpenRow()
{
    QFETCH(Format, format);
    QFETCH(QByteArray, text);
    QFETCH(bool, isOpen);
    QFETCH(int, rows);
    QFETCH(QByteArray, kept);
    for (const bool isProven : {false, true}) {
        columnar::BatchBuilder builder;
        DecodeRecorder recorder;
        DecodeOptions options{.format = format};
        options.hasHeader =
            format == Format::Csv || format == Format::Tsv ? std::optional(true) : std::nullopt;
        const auto decoder = makeDecoder(options, {builder, recorder, recorder});
        QVERIFY(decoder);
        QVERIFY((*decoder)->feed({text.constData(), static_cast<std::size_t>(text.size())}));
        const Status status = isProven ? (*decoder)->finish() : (*decoder)->finishUnproven();
        QCOMPARE(status.has_value(), isProven || !isOpen);
        std::int64_t count = 0;
        for (const auto &batch : recorder.batches)
            count += batch.rowCount;
        const bool isHeaderOnly = rows == 0 && format == Format::Csv;
        QCOMPARE(count, rows + (isProven && isOpen && !isHeaderOnly ? 1 : 0));
        if (status)
            continue;
        QCOMPARE(status.error().code, ErrorCode::Truncated);
        QCOMPARE(recorder.rejects.size(), std::size_t(1));
        QCOMPARE(QByteArray::fromStdString(recorder.rejects.front().rawText), kept);
        QVERIFY((*decoder)->position().value() <= text.size() - kept.size());
    }
}

QTEST_APPLESS_MAIN(TestUnprovenEnd)
#include "tst_unproven_end.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_decoder.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;

class TestFormatChoice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names();
    void chooses_data();
    void chooses();
    void refuses_data();
    void refuses();
};

void TestFormatChoice::names()
{
    for (const Format format : {Format::Auto, Format::Json, Format::Ndjson, Format::Csv,
                                Format::Tsv, Format::Sse, Format::MsgPack, Format::Cbor})
        QCOMPARE(formatByName(formatName(format)), std::optional(format));
    QCOMPARE(formatByName("jsonl"), std::optional(Format::Ndjson));
    QVERIFY(!formatByName("xlsx"));
}

void TestFormatChoice::chooses_data()
{
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("format");

    const auto row = [](const char *name, const char *contentType, const char *file,
                        const char *bytes, const char *format) {
        QTest::newRow(name) << QByteArray(contentType) << QByteArray(file) << QByteArray(bytes)
                            << QByteArray(format);
    };
    row("JSON by content type", "application/json; charset=utf-8", "", "{\"a\":", "json");
    row("JSON by a suffix of the type", "application/vnd.api+json", "", "{\"a\":", "json");
    row("NDJSON by content type", "application/x-ndjson", "", "{\"a\":", "ndjson");
    row("JSON lines by content type", "application/jsonl", "", "{\"a\":", "ndjson");
    row("CSV by content type", "text/csv", "", "a,b\n1,2\n", "csv");
    row("TSV by content type", "text/tab-separated-values", "", "a\tb\n", "tsv");
    row("NDJSON by name", "", "https://h/x.jsonl.gz?token=1.csv", "{\"a\":", "ndjson");
    row("JSON by name", "application/octet-stream", "x.JSON", "{\"a\":", "json");
    row("CSV by name", "text/plain", "x.csv.zst", "a,b\n", "csv");
    row("TSV by name", "", "x.tsv", "a\tb\n", "tsv");
    row("an object by its bytes", "text/plain", "", "\n{\"a\":", "json");
    row("an array by its bytes", "", "", "[{\"a\":", "json");
    row("NDJSON by its bytes", "", "", "{\"a\":1}\n{\"a\":2}\n", "ndjson");
    row("other text", "text/plain", "", "a;b\n1;2\n", "csv");
    row("a Parquet file", "text/csv", "x.csv", "PAR1\x15\x04", "parquet");
    row("text called Parquet", "application/vnd.apache.parquet", "x.parquet", "a,b\n1,2\n", "csv");
    row("an object called Arrow", "", "x.arrow", "{\"error\":", "json");
    row("text that begins like Parquet", "", "", "PAR1,PAR2\n1,2\n", "csv");
    QTest::newRow("an Arrow file")
        << QByteArray() << QByteArray() << QByteArray("ARROW1\0\0", 8) << QByteArray("arrow");
    QTest::newRow("an Arrow stream")
        << QByteArray() << QByteArray() << QByteArray::fromHex("ffffffff780000001000000000000a00")
        << QByteArray("arrow");
    row("an empty Parquet body", "", "x.parquet", "", "parquet");
    row("a quoted header", "", "", "\"a\",\"b\"\n1,2\n", "csv");
    row("objects called one document", "application/json", "x.json", "{\"a\":1}\r\n{\"a\":2}",
        "ndjson");
    row("objects spread over lines", "application/json", "", "{\n\"a\":1\n}\n{\n\"a\":2\n}",
        "ndjson");
    row("an array called lines", "application/x-ndjson", "", "[{\"a\":1},\n{\"a\":2}]", "json");
    row("lines of arrays called a document", "application/json", "", "[1,[2]]\n[3,[4]]\n",
        "ndjson");
    row("JSON called CSV", "text/csv", "x.csv", "{\"error\":\"no\"}", "json");
    row("JSON called HTML", "text/html", "", "[{\"a\":1}]", "json");
    row("CSV that starts like an array", "text/csv", "", "[a],[b]\n1,2\n", "csv");
    row("CSV called JSON by the server", "application/json", "x.csv", "a,b\n1,2\n", "csv");
    row("no JSON, called JSON", "application/json", "", "Internal error\n", "json");
    row("a byte order mark", "", "", "\xEF\xBB\xBF[1", "json");
    row("an empty body with a name", "", "x.ndjson", "", "ndjson");
    row("an empty body with a content type", "text/csv", "x.json", " \n", "csv");
    row("an empty body", "", "", "", "json");
    row("events by content type", "text/event-stream;charset=utf-8;", "", "data: {}\n\n", "sse");
    row("events by name", "application/octet-stream", "x.sse", "data: {}\n\n", "sse");
    row("events by their bytes", "text/plain", "", ": hello\r\nid: 1\r\ndata: {}\r\n\r\n", "sse");
    row("text that is no event", "text/plain", "", "id: 1\nname: Ada\n", "csv");
    row("an error document called events", "text/event-stream", "", "{\"error\":\"no\"}", "json");
    row("MessagePack by content type", "application/x-msgpack", "",
        "\x81\xA1"
        "a\x01",
        "msgpack");
    row("MessagePack by a suffix of the type", "application/vnd.x+msgpack", "", "\x90", "msgpack");
    row("MessagePack by name", "application/octet-stream", "x.mpk.gz",
        "\x81\xA1"
        "a\x01",
        "msgpack");
    row("JSON called MessagePack", "application/msgpack", "", "[{\"a\":1}]", "json");
    row("CBOR by content type", "application/cbor-seq", "",
        "\xA1\x61"
        "a\x01",
        "cbor");
    row("CBOR by name", "", "x.cbor",
        "\xA1\x61"
        "a\x01",
        "cbor");
    row("CBOR by its mark", "", "", "\xD9\xD9\xF7\xA0", "cbor");
    row("a broken first line", "application/x-ndjson", "", "{\"a\":1 \"b\"}\n{\"a\":2}\n",
        "ndjson");
}

void TestFormatChoice::chooses()
{
    QFETCH(QByteArray, contentType);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, format);
    const Result<FormatChoice> choice =
        chooseFormat(contentType.toStdString(), name.toStdString(), bytes.toStdString());
    QVERIFY2(choice, choice ? "" : choice.error().toString().c_str());
    QCOMPARE(QByteArray::fromStdString(std::string(formatName(choice->format))), format);
    QVERIFY(!choice->reason.empty());
}

void TestFormatChoice::refuses_data()
{
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("what");

    const auto row = [](const char *name, const char *contentType, const QByteArray &bytes,
                        const char *what) {
        QTest::newRow(name) << QByteArray(contentType) << bytes << QByteArray(what);
    };
    row("an HTML page", "application/json", "\n<!DOCTYPE html><html>", "an HTML page");
    row("an HTML page in capitals", "", "<HTML><BODY>", "an HTML page");
    row("an XML document", "", "<?xml version=\"1.0\"?><Error/>", "an XML document");
    row("an XML document without its declaration", "", "<Error><Code>x</Code></Error>",
        "an XML document");
    row("nothing that Parquet begins with", "", QByteArray("PAR1\x01\x00", 6), "a Parquet file");
    row("a ZIP archive", "text/csv", QByteArray("PK\x03\x04"), "a ZIP archive or spreadsheet");
    row("a PDF document", "", "%PDF-1.7", "a PDF document");
    row("a PNG image", "", QByteArray("\x89PNG\r\n\x1A\n"), "a PNG image");
    row("gzip inside", "", QByteArray("\x1F\x8B\x08"), "gzip data inside the decoded body");
    row("an image by content type", "image/svg+xml", "svg text", "an image");
    row("a page called events", "text/event-stream", "<!DOCTYPE html><html>", "an HTML page");
    row("a page called MessagePack", "application/msgpack", "<html><body>", "an HTML page");
    row("bytes", "application/octet-stream", QByteArray("a\0b\0c", 5), "binary data");
}

void TestFormatChoice::refuses()
{
    QFETCH(QByteArray, contentType);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, what);
    const Result<FormatChoice> choice =
        chooseFormat(contentType.toStdString(), "", bytes.toStdString());
    QVERIFY(!choice);
    QCOMPARE(choice.error().code, ErrorCode::WrongContentType);
    QVERIFY2(QByteArray::fromStdString(choice.error().detail).contains(what),
             choice.error().detail.c_str());
}

QTEST_GUILESS_MAIN(TestFormatChoice)
#include "tst_format_choice.moc"

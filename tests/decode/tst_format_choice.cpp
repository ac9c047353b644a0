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
    for (const Format format :
         {Format::Auto, Format::Json, Format::Ndjson, Format::Csv, Format::Tsv})
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
    row("a Parquet file", "application/octet-stream", QByteArray("PAR1\x15\x00", 6),
        "a Parquet file");
    row("a ZIP archive", "text/csv", QByteArray("PK\x03\x04"), "a ZIP archive or spreadsheet");
    row("a PDF document", "", "%PDF-1.7", "a PDF document");
    row("a PNG image", "", QByteArray("\x89PNG\r\n\x1A\n"), "a PNG image");
    row("gzip inside", "", QByteArray("\x1F\x8B\x08"), "gzip data inside the decoded body");
    row("an image by content type", "image/svg+xml", "svg text", "an image");
    row("events by content type", "text/event-stream", "data: {}\n\n",
        "a stream of server-sent events");
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

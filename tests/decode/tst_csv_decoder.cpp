// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/csv_decoder.h"
#include "support/corpora.h"
#include "support/decode_recorder.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

auto csvMaker(DecodeOptions options = {})
{
    if (options.format == Format::Auto)
        options.format = Format::Csv;
    return [options](DecodeOutputs outputs) {
        return makeCsvDecoder(options, outputs);
    };
}

/// Decode in every split, and compare each with the first.
DecodeOutcome decodeEverySplit(const QByteArray &text, const DecodeOptions &options = {})
{
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    const std::vector<Split> splits = splitsOf(bytes.size(), 400);
    const DecodeOutcome whole = decodeSplit(bytes, splits.front(), csvMaker(options));
    for (const Split &split : splits) {
        const DecodeOutcome outcome = decodeSplit(bytes, split, csvMaker(options));
        if (outcome == whole)
            continue;
        return {.error =
                    QStringLiteral("differs when split %1:\n%2\nagainst\n%3")
                        .arg(QString::fromStdString(split.name), outcome.text(), whole.text())};
    }
    return whole;
}

} // namespace

class TestCsvDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
    void rejectsBadRows_data();
    void rejectsBadRows();
    void breaks_data();
    void breaks();
    void obeysOptions_data();
    void obeysOptions();
    void findsTheDialect_data();
    void findsTheDialect();
    void matchesCsvSpectrum_data();
    void matchesCsvSpectrum();
    void survivesOddFiles_data();
    void survivesOddFiles();
    void positionIsAfterWholeRows();
    void decidesWhereAStreamPauses_data();
    void decidesWhereAStreamPauses();
    void showsRowsOfASlowStream();
    void stopsWhereTheSinkSays();
    void staysBroken();
    void startsAgain();
    void goesOnInAdoptedColumns();
    void tellsHowToGoOn();
    void stopsAtTheRowLimit();
};

void TestCsvDecoder::decodes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char *name, QByteArray text, const char *rows) {
        QTest::newRow(name) << text << QString::fromUtf8(rows);
    };
    row("a header and typed columns", "id,name,ok\n1,Ada,true\n2,Bob,false\n",
        "id:int64 [1 | 2]\nname:string [\"Ada\" | \"Bob\"]\nok:bool [true | false]");
    row("CRLF", "a,b\r\n1,x\r\n2,y\r\n", "a:int64 [1 | 2]\nb:string [\"x\" | \"y\"]");
    row("CR", "a,b\r1,x\r2,y\r", "a:int64 [1 | 2]\nb:string [\"x\" | \"y\"]");
    row("line ends mixed", "a,b\n1,x\r\n2,y\r3,z\n",
        "a:int64 [1 | 2 | 3]\nb:string [\"x\" | \"y\" | \"z\"]");
    row("no line end at the end", "a,b\n1,x\n2,y", "a:int64 [1 | 2]\nb:string [\"x\" | \"y\"]");
    row("a byte order mark", "\xEF\xBB\xBFid,v\n1,2\n", "id:int64 [1]\nv:int64 [2]");
    row("quoted delimiters, quotes and line ends", "a,b\n1,\"x, \"\"y\"\"\r\nz\"\n2,\"\"\"\"\n",
        "a:int64 [1 | 2]\nb:string [\"x, \"y\"\r\nz\" | \"\"\"]");
    row("empty against quoted empty", "a,b\n1,\n2,\"\"\n",
        "a:int64 [1 | 2]\nb:string [null | \"\"]");
    row("quotes inside a bare field", "a,b\n1,6'37.8\"N\n2,[\"x\"]\n",
        "a:int64 [1 | 2]\nb:string [\"6'37.8\"N\" | \"[\"x\"]\"]");
    row("blanks belong to the text", "a,b\n1, x \n2,\" y \"\n",
        "a:int64 [1 | 2]\nb:string [\" x \" | \" y \"]");
    row("blank lines", "a,b\n\n1,x\n\r\n2,y\n\n\n", "a:int64 [1 | 2]\nb:string [\"x\" | \"y\"]");
    row("rows of nothing but empty fields", "a,b\n1,x\n,\n",
        "a:int64 [1 | null]\nb:string [\"x\" | null]");
    row("one column", "n\n1\n2\n", "n:int64 [1 | 2]");
    row("one column, a blank line inside", "n\n1\n\n3\n", "n:int64 [1 | null | 3]");
    row("one column, a blank line at the end", "n\n1\n2\n\n", "n:int64 [1 | 2]");
    row("one column, blank lines at the end", "n\n1\n\n\n\n", "n:int64 [1 | null | null]");
    row("a header alone", "id,name\n", "id:null []\nname:null []");
    row("no header", "1,x\n2,y\n", "column0:int64 [1 | 2]\ncolumn1:string [\"x\" | \"y\"]");
    row("names twice", "id,v,id,v_2,v\n1,2,3,4,5\n",
        "id:int64 [1]\nv:int64 [2]\nid_2:int64 [3]\nv_2:int64 [4]\nv_3:int64 [5]");
    row("blank names", "id,,age,\n1,x,30,\n",
        "id:int64 [1]\ncolumn1:string [\"x\"]\nage:int64 [30]\ncolumn3:null [null]");
    row("a blank name beside its stand-in", "column1,,v\nx,y,1\n",
        "column1:string [\"x\"]\ncolumn1_2:string [\"y\"]\nv:int64 [1]");
    row("quoted header", "\"a \"\"1\"\"\",\"b\nc\"\n1,2\n", "a \"1\":int64 [1]\nb\nc:int64 [2]");
    row("types widen late", "a,b\n1,1.5\n2,9.50\nx,2.25\n",
        "a:string [\"1\" | \"2\" | \"x\"]\nb:string [\"1.5\" | \"9.50\" | \"2.25\"]");
    row("money and times", "sum,at\n9.50,2024-01-01 10:00:00\n10.00,2024-01-02 11:30:00\n",
        "sum:decimal;18;2 [9.50 | 10.00]\n"
        "at:timestamp;_;0; [2024-01-01 10:00:00 | 2024-01-02 11:30:00]");
    row("a NUL is a letter", QByteArray("a,b\n1,x\0y\n", 10), "a:int64 [1]\nb:string [\"x");
    row("letters beyond ASCII", "a,größe\n1,ä€😀\n", "a:int64 [1]\ngröße:string [\"ä€😀\"]");
    row("nothing", "", "");
    row("nothing but blank lines", "\n\r\n\n", "");
    row("nothing but a mark", "\xEF\xBB\xBF", "");
}

void TestCsvDecoder::decodes()
{
    QFETCH(const QByteArray, text);
    QFETCH(QString, rows);
    const DecodeOutcome outcome = decodeEverySplit(text);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    if (text.contains('\0'))
        rows += QChar(u'\0') + QStringLiteral("y\"]");
    QCOMPARE(outcome.rows, rows);
}

void TestCsvDecoder::rejectsBadRows_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("rejects");
    const auto row = [](const char *name, QByteArray text, const char *rows, const char *rejects) {
        QTest::newRow(name) << text << QString::fromUtf8(rows) << QString::fromUtf8(rejects);
    };
    row("too few fields", "a,b\n1,2\n3\n4,5\n", "a:int64 [1 | 4]\nb:int64 [2 | 5]",
        "line 3, byte 8: WrongFieldCount: expected 2 fields, found 1");
    row("too many fields", "a,b\n1,2\n3,4,5\n4,5\n", "a:int64 [1 | 4]\nb:int64 [2 | 5]",
        "line 3, byte 8: WrongFieldCount: expected 2 fields, found 3");
    row("far too many fields", "a,b\n1,2\n" + QByteArray(100'000, ',') + "\n4,5\n",
        "a:int64 [1 | 4]\nb:int64 [2 | 5]",
        "line 3, byte 8: WrongFieldCount: expected 2 fields, found 100001");
    row("too many fields in a last line without end", "a,b\n1,2\n3,4,5", "a:int64 [1]\nb:int64 [2]",
        "line 3, byte 8: WrongFieldCount: expected 2 fields, found 3");
    row("lines are counted through quoted ones", "a,b\n1,\"x\r\ny\n\rz\"\n3\n",
        "a:int64 [1]\nb:string [\"x\r\ny\n\rz\"]",
        "line 6, byte 16: WrongFieldCount: expected 2 fields, found 1");
    row("text behind a closing quote", "a,b\n1,x\n2,\"y\"z\n3,w\n",
        "a:int64 [1 | 3]\nb:string [\"x\" | \"w\"]",
        "line 3, byte 13: SyntaxError: text follows a closing quote");
    row("a blank behind a closing quote", "a,b\n1,x\n\"2\" ,y\n3,w\n",
        "a:int64 [1 | 3]\nb:string [\"x\" | \"w\"]",
        "line 3, byte 11: SyntaxError: text follows a closing quote");
    row("Latin-1", "a,b\n1,x\n2,caf\xE9\n3,w\n", "a:int64 [1 | 3]\nb:string [\"x\" | \"w\"]",
        "line 3, byte 13: InvalidUtf8: not valid UTF-8: byte 0xe9");
    row("a surrogate", "a,b\n1,x\n2,\xED\xA0\x80\n3,w\n",
        "a:int64 [1 | 3]\nb:string [\"x\" | \"w\"]",
        "line 3, byte 10: InvalidUtf8: not valid UTF-8: byte 0xed");
    row("a sequence cut by the delimiter", "a,b\n1,x\n2\xE2\x82,y\n",
        "a:int64 [1]\nb:string [\"x\"]", "line 3, byte 9: InvalidUtf8: not valid UTF-8: byte 0xe2");
    row("a title and a comment above", "Users, all\n\n# 2024\na;b\n1;2\n3;4\n5;6\n",
        "a:int64 [1 | 3 | 5]\nb:int64 [2 | 4 | 6]",
        "line 1, byte 0: WrongFieldCount: a line before the table: found 1 field\n"
        "line 3, byte 12: WrongFieldCount: a line before the table: found 1 field");
    row("several", "a,b\n1\n2,x\n3,4,5\n6,\"7\"8\n", "a:int64 [2]\nb:string [\"x\"]",
        "line 2, byte 4: WrongFieldCount: expected 2 fields, found 1\n"
        "line 4, byte 10: WrongFieldCount: expected 2 fields, found 3\n"
        "line 5, byte 21: SyntaxError: text follows a closing quote");
}

void TestCsvDecoder::rejectsBadRows()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, rows);
    QFETCH(const QString, rejects);
    const bool isSniffed = text.contains(';');
    const DecodeOutcome outcome = decodeEverySplit(
        text, {.delimiter = isSniffed ? '\0' : ',', .quote = isSniffed ? '\0' : '"'});
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.position, text.size());
}

void TestCsvDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("error");
    QTest::addColumn<qint64>("position");
    const auto row = [](const char *name, QByteArray text, const char *rows, const char *error,
                        qint64 position) {
        QTest::newRow(name) << text << QString::fromUtf8(rows) << QString::fromUtf8(error)
                            << position;
    };
    row("a quote not closed", "a,b\n1,x\n2,\"y\n3,z\n", "a:int64 [1]\nb:string [\"x\"]",
        "line 3, byte 10: Truncated: the input ends inside a quoted field that begins here", 8);
    row("a doubled quote at the end", "a,b\n1,x\n2,\"y\"\"", "a:int64 [1]\nb:string [\"x\"]",
        "line 3, byte 10: Truncated: the input ends inside a quoted field that begins here", 8);
    row("a last line cut", "a,b\n1,x\n2", "a:int64 [1]\nb:string [\"x\"]",
        "line 3, byte 8: Truncated: the input ends inside a record: expected 2 fields, found 1", 8);
    row("UTF-16",
        QByteArray("\xFF\xFE"
                   "a\0,\0b\0",
                   8),
        "", "line 1, byte 0: InvalidUtf8: the text is UTF-16 (little endian), not UTF-8", 0);
    row("UTF-16, the other order", QByteArray("\xFE\xFF\0a\0,\0b", 8), "",
        "line 1, byte 0: InvalidUtf8: the text is UTF-16 (big endian), not UTF-8", 0);
    row("UTF-32", QByteArray("\xFF\xFE\0\0a\0\0\0", 8), "",
        "line 1, byte 0: InvalidUtf8: the text is UTF-32 (little endian), not UTF-8", 0);
    row("UTF-16 without a mark", QByteArray("a\0,\0b\0\n\0001\0,\0002\0\n\0", 16), "",
        "line 1, byte 0: InvalidUtf8: the text looks like UTF-16 (little endian), not UTF-8", 0);
}

void TestCsvDecoder::breaks()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, rows);
    QFETCH(const QString, error);
    QFETCH(const qint64, position);
    DecodeOptions options;
    if (!text.contains('\0'))
        options = {.delimiter = ',', .quote = '"'};
    const DecodeOutcome outcome = decodeEverySplit(text, options);
    QCOMPARE(outcome.error, error);
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.position, position);
}

void TestCsvDecoder::obeysOptions_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("delimiterAndQuote");
    QTest::addColumn<int>("header");
    QTest::addColumn<QString>("rows");
    QTest::newRow("another delimiter") << QByteArray("a;b,c\n1;2,3\n") << "csv"
                                       << ";\"" << 1 << "a:int64 [1]\nb,c:string [\"2,3\"]";
    QTest::newRow("another quote") << QByteArray("a,b\n1,'x,y'\n") << "csv"
                                   << ",'" << 1 << "a:int64 [1]\nb:string [\"x,y\"]";
    QTest::newRow("a header that looks like data")
        << QByteArray("2019,2020\n1,2\n") << "csv"
        << ",\"" << 1 << "2019:int64 [1]\n2020:int64 [2]";
    QTest::newRow("no header, though it looks like one")
        << QByteArray("id,n\n1,2\n") << "csv"
        << ",\"" << 0 << "column0:string [\"id\" | \"1\"]\ncolumn1:string [\"n\" | \"2\"]";
    QTest::newRow("tabs") << QByteArray("a\tb,c\n1\t2,3\n") << "tsv"
                          << "" << 1 << "a:int64 [1]\nb,c:string [\"2,3\"]";
    QTest::newRow("tabs that no line has") << QByteArray("a,b\n1,2\n") << "tsv"
                                           << "" << 1 << "a,b:string [\"1,2\"]";
}

void TestCsvDecoder::obeysOptions()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, format);
    QFETCH(const QString, delimiterAndQuote);
    QFETCH(const int, header);
    QFETCH(const QString, rows);
    DecodeOptions options{.format = formatByName(format.toStdString()).value(),
                          .hasHeader = header == 1};
    if (!delimiterAndQuote.isEmpty()) {
        options.delimiter = delimiterAndQuote.at(0).toLatin1();
        options.quote = delimiterAndQuote.at(1).toLatin1();
    }
    const DecodeOutcome outcome = decodeEverySplit(text, options);
    QCOMPARE(outcome.error + outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
}

void TestCsvDecoder::findsTheDialect_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("note");
    const auto row = [](const char *name, QByteArray text, const char *note) {
        QTest::newRow(name) << text << QString::fromUtf8(note);
    };
    row("commas", "a,b\n1,2\n", "delimiter ',', header found");
    row("semicolons with decimal commas", "1,5;2,5\n3,5;4,5\n", "delimiter ';', no header");
    row("semicolons, commas in one row only", "a;b;c\n1;x, y;2\n3;z;4\n",
        "delimiter ';', header found");
    row("tabs", "a\tb\n1\tx, y\n", "delimiter tab, header found");
    row("bars", "a|b\n1|x\n2|y\n", "delimiter '|', header found");
    row("colons as the last resort", "a:b\n1:x\n2:y\n", "delimiter ':', header found");
    row("clock times are no colons", "at,v\n10:00:00,1\n11:00:00,2\n",
        "delimiter ',', header found");
    row("one column", "name\nAda\nBob\n", "delimiter ',', header found");
    row("one record", "a;b,c,d\n", "delimiter ',', header found");
    row("delimiters inside quotes", "\"a;b;c\"\n\"d;e;f\"\n\"1;2;3\"\n",
        "delimiter ',', header found");
    row("single quotes", "1|'a|b'\n2|'c'\n", "delimiter '|', quote \"'\", no header");
    row("apostrophes are no quotes", "n,t\n1,it's\n2,'tis\n", "delimiter ',', header found");
    row("backslash escapes", "123|T|text1\n345|T|\"text\\\"2\\\"\"\n\"567\"|T|text3\n",
        "delimiter '|', backslash escapes, no header");
    row("no quotes at all", "a\tb\n1\t\"x\" y\n2\t\"\n3\t\"u\"v\n",
        "delimiter tab, no quotes, header found");
    row("one bad quote among good ones", "a,b\n1,\"x\"\n2,\"y\"\n3,\"z\"\n4,w\"\n",
        "delimiter ',', header found");
    row("data of text that comes again", "Ada,Rome,X\nBob,Oslo,X\n", "delimiter ',', no header");
    row("all text, all different", "name,town\nAda,Rome\nBob,Oslo\n",
        "delimiter ',', header found");
    row("a date above dates", "2024-01-01,x\n2024-01-02,y\n", "delimiter ',', no header");
    row("a blank name above numbers", ",v\nx,1\ny,2\n", "delimiter ',', header found");
}

void TestCsvDecoder::findsTheDialect()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, note);
    const DecodeOutcome outcome = decodeEverySplit(text);
    QCOMPARE(outcome.notes, note);
    QCOMPARE(outcome.error + outcome.rejects, QString());
}

void TestCsvDecoder::matchesCsvSpectrum_data()
{
    QTest::addColumn<QString>("name");
    const QString folder = corpusPath(QStringLiteral("csv/csv-spectrum/csvs"));
    if (folder.isEmpty())
        QSKIP("the corpora are not here");
    for (const QString &file : QDir(folder).entryList(QDir::Files))
        if (file != QStringLiteral("location_coordinates.csv")) // its answer is of another row
            QTest::newRow(qPrintable(file)) << QFileInfo(file).completeBaseName();
}

/// Each file has its answer as JSON, all values as text.
void TestCsvDecoder::matchesCsvSpectrum()
{
    QFETCH(const QString, name);
    const QString folder = corpusPath(QStringLiteral("csv/csv-spectrum"));
    QFile csv(folder + QStringLiteral("/csvs/") + name + QStringLiteral(".csv"));
    QFile json(folder + QStringLiteral("/json/") + name + QStringLiteral(".json"));
    QVERIFY(csv.open(QIODevice::ReadOnly) && json.open(QIODevice::ReadOnly));
    const QByteArray text = csv.readAll();
    const DecodeOutcome outcome = decodeEverySplit(text, {.hasHeader = true});
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());

    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder =
        makeCsvDecoder({.format = Format::Csv, .hasHeader = true}, {builder, recorder, recorder});
    QVERIFY(decoder->feed(text.toStdString()));
    QVERIFY(decoder->finish());
    QJsonArray rows;
    for (const columnar::RecordBatch &batch : recorder.batches) {
        for (std::int64_t row = 0; row < batch.rowCount; ++row) {
            QJsonObject object;
            for (std::size_t i = 0; i < batch.columns.size(); ++i) {
                std::string value;
                if (!batch.columns[i].isNull(row))
                    columnar::appendText(value, batch.columns[i], row);
                object.insert(QString::fromStdString(batch.schema->fields[i].name),
                              QString::fromStdString(value));
            }
            rows.append(object);
        }
    }
    // The line ends inside of fields were changed in the files and not in the answers.
    const QByteArray answer = json.readAll().replace("\\r\\n", "\\n");
    QCOMPARE(QJsonDocument(rows).toJson(), QJsonDocument::fromJson(answer).toJson());
}

void TestCsvDecoder::survivesOddFiles_data()
{
    QTest::addColumn<QString>("path");
    bool isHere = false;
    for (const char *folder : {"csv/duckdb", "csv/frictionless", "tabular-real", "json-numbers"}) {
        const QString path = corpusPath(QString::fromUtf8(folder));
        if (path.isEmpty())
            continue;
        isHere = true;
        QDir::Filters filters = QDir::Files;
        for (const QString &file :
             QDir(path).entryList({QStringLiteral("*.csv"), QStringLiteral("*.tsv")}, filters))
            QTest::addRow("%s/%s", folder, qPrintable(file)) << QDir(path).filePath(file);
    }
    if (!isHere)
        QSKIP("the corpora are not here");
}

/// No answers are known here; what is known: each split gives the same, every line is accounted
/// for, and whatever goes wrong has a place.
void TestCsvDecoder::survivesOddFiles()
{
    QFETCH(const QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    const DecodeOutcome outcome = decodeEverySplit(text.left(200'000));
    QVERIFY2(!outcome.error.startsWith(QStringLiteral("differs")), qPrintable(outcome.error));
    QVERIFY(!outcome.rows.startsWith(QStringLiteral("fault")));
    for (const QString &reject : outcome.rejects.split(u'\n', Qt::SkipEmptyParts))
        QVERIFY2(!reject.contains(QStringLiteral("-1")), qPrintable(reject));
    if (outcome.error.isEmpty())
        QVERIFY(outcome.position >= text.left(200'000).trimmed().size());
}

void TestCsvDecoder::positionIsAfterWholeRows()
{
    const std::string text = "a,b\r\n1,\"x\ny\"\r\n2,z\r\n";
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder =
        makeCsvDecoder({.format = Format::Csv, .delimiter = ',', .quote = '"', .hasHeader = true},
                       {builder, recorder, recorder});
    QList<qint64> positions;
    for (const char c : text) {
        QVERIFY(decoder->feed({&c, 1}));
        positions += decoder->position().value();
    }
    for (qint64 fed = 1; fed <= qint64(text.size()); ++fed)
        QCOMPARE(positions.at(fed - 1), fed < 5 ? 0 : fed < 14 ? 5 : fed < 19 ? 14 : 19);
    QVERIFY(decoder->finish());
    QCOMPARE(recorder.positions.back(), ByteOffset(19));
}

void TestCsvDecoder::decidesWhereAStreamPauses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("position"); // 0: not decided
    const auto row = [](const char *name, const QByteArray &text, qint64 position = -1) {
        QTest::newRow(name) << text << (position < 0 ? qint64(text.size()) : position);
    };
    row("a header alone", "id,name\n", 0);
    row("half a row", "id,name\n1,A", 0);
    row("a header and a row", "id,name\n1,Ada\n");
    row("and half a row", "id,name\n1,Ada\n2,B", 14);
    row("rows without a header", "1,2\n3,4\n");
    row("quoted", "id,name\n1,\"A\"\n");
    row("an open quote", "id,name\n1,\"A\n", 0);
    row("words, which may be a header", "name,city\nAda,Rome\n", 0);
    row("more words below it", "name,city\nAda,Rome\nBob,Bern\n");
    row("two delimiters", "a,b;c\n1,2;3\n", 0);
    row("a comma in a text", "id;note\n1;well, no\n", 0);
    row("one that is quoted", "id;note\n1;\"well, no\"\n", 0);
    row("another count of fields", "id,name\n1,2,3\n", 0);
    row("one column, or a title", "id\n1\n", 0);
    row("one column", "id\n1\n2\n");
}

void TestCsvDecoder::decidesWhereAStreamPauses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qint64, position);
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(decoder->feed(text.toStdString()));
    QCOMPARE(decoder->position(), ByteOffset(0));
    QVERIFY(decoder->flush());
    QCOMPARE(decoder->position(), ByteOffset(position));
}

void TestCsvDecoder::showsRowsOfASlowStream()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(decoder->feed("id;name\n"));
    QVERIFY(decoder->flush());
    QVERIFY(recorder.batches.empty());
    QVERIFY(decoder->feed("1;Ada\n"));
    QVERIFY(decoder->flush());
    QCOMPARE(recorder.batches.size(), std::size_t(1));
    QVERIFY(decoder->feed("2;Bob\n3;"));
    QVERIFY(decoder->flush());
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("id:int64 [1 | 2]\nname:string [\"Ada\" | \"Bob\"]"));
    QVERIFY(decoder->feed("Eve\n"));
    QVERIFY(decoder->flush());
    QVERIFY(decoder->finish());
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("id:int64 [1 | 2 | 3]\nname:string [\"Ada\" | \"Bob\" | \"Eve\"]"));
}

void TestCsvDecoder::stopsWhereTheSinkSays()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder(false);
    const auto decoder = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(decoder->feed("a,b\n1,2\n3\n4,5\n"));
    const Status status = decoder->finish();
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::WrongFieldCount);
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1]\nb:int64 [2]"));
    QCOMPARE(decoder->position(), ByteOffset(8));
}

void TestCsvDecoder::staysBroken()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(!decoder->feed(std::string_view("\xFF\xFE"
                                            "a\0b\0",
                                            6)));
    const Status again = decoder->feed("a,b\n1,2\n");
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::InvalidUtf8);
    QVERIFY(!decoder->finish());
}

void TestCsvDecoder::startsAgain()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(decoder->feed("a;b\n1;\"x"));
    QVERIFY(!decoder->finish());
    decoder->reset();
    QCOMPARE(decoder->position(), ByteOffset(0));
    QVERIFY(decoder->feed("a,b\n1,y\n"));
    QVERIFY(decoder->finish());
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1]\nb:string [\"y\"]"));
}

void TestCsvDecoder::goesOnInAdoptedColumns()
{
    columnar::BatchBuilder builder;
    builder.adopt({{{"id", {columnar::TypeKind::Int64}}, {"name", {columnar::TypeKind::String}}}},
                  RowIndex(7));
    DecodeRecorder recorder;
    const auto decoder =
        makeCsvDecoder({.format = Format::Csv, .delimiter = ',', .quote = '"', .hasHeader = false},
                       {builder, recorder, recorder});
    QVERIFY(decoder->feed("8,Ada\n"));
    QVERIFY(decoder->finish());
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("id:int64 [8]\nname:string [\"Ada\"]"));
}

/// A decoder that is given what another one found takes the rest as that one would have.
void TestCsvDecoder::tellsHowToGoOn()
{
    const std::string text = "id;name\n1;Ada\n2;Bob\n3;\"E;ve\"\n";
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    DecodeOptions options{.format = Format::Csv};
    const auto first = makeCsvDecoder(options, {builder, recorder, recorder});
    QVERIFY(!first->findings().hasHeader);
    QVERIFY(first->feed(text.substr(0, 24)));
    QVERIFY(first->flush());
    QCOMPARE(first->position(), ByteOffset(20));
    QCOMPARE(first->findings().hasHeader, std::optional(true));

    options.delimiter = first->findings().delimiter;
    options.quote = first->findings().quote;
    options.hasHeader = false;
    const auto second = makeCsvDecoder(options, {builder, recorder, recorder});
    QVERIFY(second->feed(text.substr(first->position().asSize())));
    QVERIFY(second->finish());
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("id:int64 [1 | 2 | 3]\nname:string [\"Ada\" | \"Bob\" | \"E;ve\"]"));

    const auto odd = makeCsvDecoder({.format = Format::Csv}, {builder, recorder, recorder});
    QVERIFY(odd->feed("a|b\n1|\"x\\\"y\"\n2|\"z\"\n"));
    QVERIFY(odd->finish());
    QVERIFY(!odd->findings().hasHeader); // no option tells of backslashes
}

void TestCsvDecoder::stopsAtTheRowLimit()
{
    DecodeOptions options{.delimiter = ',', .quote = '"', .hasHeader = false};
    options.limits.rowBytes = ByteCount(10);
    options.limits.columns = 3;
    const DecodeOutcome fits = decodeEverySplit("1,2345678\n", options);
    QCOMPARE(fits.error, QString());
    const DecodeOutcome tooLong = decodeEverySplit("1,2\n1,23456789\n", options);
    QVERIFY2(tooLong.error.startsWith(QStringLiteral("line 2, byte 4: RowTooLarge")),
             qPrintable(tooLong.error));
    QCOMPARE(tooLong.rows, QStringLiteral("column0:int64 [1]\ncolumn1:int64 [2]"));
    const DecodeOutcome tooWide = decodeEverySplit("1,2,3,4\n", options);
    QVERIFY2(tooWide.error.contains(QStringLiteral("LimitReached")), qPrintable(tooWide.error));
}

QTEST_APPLESS_MAIN(TestCsvDecoder)
#include "tst_csv_decoder.moc"

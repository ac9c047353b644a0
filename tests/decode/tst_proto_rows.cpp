// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_oracle.h"
#include "decode/proto_rows.h"
#include "decode/row_decoder.h"
#include "support/decode_recorder.h"
#include "support/grpc_frames.h"
#include "support/json_decoding.h"
#include "support/proto_source.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

constexpr QByteArrayView kEverything = R"(
syntax = "proto3";
package t;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Colour { UNSET = 0; RED = 1; BLUE = 7; NEGATIVE = -3; }
message Empty {}
message Inner { int32 n = 1; optional string s = 2; repeated int32 list = 3; Deep deep = 4; }
message Deep { double x = 1; bytes raw = 300; }
message Tree { string label = 1; Tree left = 2; repeated Tree more = 3; }
message All {
  double f_double = 1; float f_float = 2; int32 f_int32 = 3; int64 f_int64 = 4;
  uint32 f_uint32 = 5; uint64 f_uint64 = 6; sint32 f_sint32 = 7; sint64 f_sint64 = 8;
  fixed32 f_fixed32 = 9; fixed64 f_fixed64 = 10; sfixed32 f_sfixed32 = 11; sfixed64 f_sfixed64 = 12;
  bool f_bool = 13; string f_string = 14; bytes f_bytes = 15; Colour f_enum = 16;
  optional double o_double = 17; optional int64 o_int64 = 18; optional string o_string = 19;
  optional Colour o_enum = 20; optional bool o_bool = 21; optional bytes o_bytes = 22;
  Inner inner = 23; optional Inner other = 24; Empty empty = 25; Tree tree = 26;
  repeated int32 r_int32 = 27; repeated sint64 r_sint64 = 28 [packed = false];
  repeated string r_string = 29; repeated Inner r_inner = 30; repeated double r_double = 31;
  repeated Colour r_enum = 32; repeated bytes r_bytes = 33; repeated bool r_bool = 34;
  repeated float r_float = 35; repeated fixed64 r_fixed64 = 36;
  map<string, int32> m_string = 37; map<int64, Inner> m_inner = 38; map<bool, string> m_bool = 39;
  map<uint32, Colour> m_enum = 40; map<string, double> m_double = 41;
  oneof choice { int32 c_int = 42; string c_text = 43; Inner c_inner = 44; Colour c_enum = 45; }
  google.protobuf.Timestamp at = 46; google.protobuf.Duration took = 47;
  google.protobuf.Struct meta = 48; google.protobuf.Value value = 49;
  google.protobuf.ListValue list = 50; google.protobuf.FieldMask mask = 51;
  google.protobuf.DoubleValue w_double = 52; google.protobuf.FloatValue w_float = 53;
  google.protobuf.Int64Value w_int64 = 54; google.protobuf.UInt64Value w_uint64 = 55;
  google.protobuf.Int32Value w_int32 = 56; google.protobuf.UInt32Value w_uint32 = 57;
  google.protobuf.BoolValue w_bool = 58; google.protobuf.StringValue w_string = 59;
  google.protobuf.BytesValue w_bytes = 60;
  repeated google.protobuf.Timestamp r_at = 61; repeated google.protobuf.Int64Value r_wide = 62;
  map<string, google.protobuf.Timestamp> m_at = 63; repeated google.protobuf.Duration r_took = 64;
  repeated google.protobuf.Struct r_meta = 65; int32 far = 536870911;
}
)";

constexpr QByteArrayView kOldStyle = R"(
syntax = "proto2";
package o;
enum Kind { A = 1; B = 2; }
message Part { optional int32 n = 1 [default = 5]; optional string s = 2; }
message Old {
  required int32 id = 1;
  optional int32 with_default = 2 [default = -7];
  optional string text_default = 3 [default = "none"];
  optional Kind kind = 4 [default = B];
  optional double no_default = 5;
  optional group Box = 6 { optional int32 w = 1; optional int32 h = 2 [default = 2]; }
  repeated group Row = 7 { optional string k = 1; }
  optional Part part = 8;
  repeated int32 packed = 9 [packed = true];
  repeated int32 loose = 10;
  optional bool flag = 11 [default = true];
  optional float ratio = 12 [default = 0.25];
  optional uint64 big = 13 [default = 18446744073709551615];
  extensions 100 to 199;
}
extend Old { optional int32 more = 100; }
)";

/// Both schemas and what they decode into.
struct Schemas
{
    Schemas()
    {
        source.add(QStringLiteral("all.proto"), kEverything);
        source.add(QStringLiteral("old.proto"), kOldStyle);
    }
    ProtoSource source;

    DecodeOptions options(const QString &file, const std::string &type) const
    {
        DecodeOptions options;
        options.format = Format::GrpcWeb;
        const auto schema = source.load(file);
        if (schema)
            options.messages = {.descriptorSet = schema->descriptorSet(), .typeName = type};
        return options;
    }
    DecodeOptions all() const { return options(QStringLiteral("all.proto"), "t.All"); }
    DecodeOptions old() const { return options(QStringLiteral("old.proto"), "o.Old"); }
};

QJsonValue parsed(const std::string &json)
{
    const QByteArray wrapped = '[' + QByteArray::fromStdString(json) + ']';
    const QJsonDocument document = QJsonDocument::fromJson(wrapped);
    return document.isArray() ? document.array().first() : QJsonValue(QJsonValue::Undefined);
}

/// Floats may be spelled in other ways, so they are compared as floats.
bool isSameJson(const QJsonValue &a, const QJsonValue &b, bool isFloat)
{
    if (isFloat && a.isArray() && b.isArray() && a.toArray().size() == b.toArray().size()) {
        const QJsonArray left = a.toArray();
        const QJsonArray right = b.toArray();
        for (qsizetype i = 0; i < left.size(); ++i)
            if (static_cast<float>(left[i].toDouble()) != static_cast<float>(right[i].toDouble()))
                return false;
        return true;
    }
    return a == b && !a.isUndefined();
}

/// Empty if the cell is the expected one.
QString difference(const std::string &name, const columnar::Column &column, std::int64_t row,
                   const ProtoOracle::Cell &expected)
{
    using Sort = ProtoOracle::Cell::Sort;
    const bool isAbsent = column.absence(row) != columnar::Absence::Present;
    std::string text;
    if (!isAbsent)
        columnar::appendText(text, column, row);
    const double number = QByteArray::fromStdString(text).toDouble();
    bool isSame = false;
    switch (expected.sort) {
    case Sort::Null:
        isSame = isAbsent;
        break;
    case Sort::Unknown:
        isSame = true;
        break;
    case Sort::Text:
        isSame = !isAbsent && text == expected.text;
        break;
    case Sort::Json:
        isSame = !isAbsent && isSameJson(parsed(text), parsed(expected.text), name == "r_float");
        break;
    case Sort::Float:
        isSame = !isAbsent && static_cast<float>(number) == static_cast<float>(expected.number);
        break;
    case Sort::Double:
        isSame = !isAbsent && number == expected.number;
        break;
    }
    return isSame ? QString()
                  : QStringLiteral("is %1 and not %2 %3")
                        .arg(isAbsent ? QStringLiteral("absent") : QString::fromStdString(text),
                             QString::fromStdString(expected.text))
                        .arg(expected.number);
}

/// All differences between the decoder and the oracle for these messages.
QStringList compared(const DecodeOptions &options, const ProtoOracle &oracle,
                     const std::vector<std::string> &messages)
{
    QByteArray body;
    for (const std::string &message : messages)
        body += grpcFrame(message);
    body += grpcTrailers();
    WholeRun run;
    decodeWhole(run, body, options);
    QStringList faults;
    if (!run.error().isEmpty() || !run.recorder.rejects.empty())
        return {run.error() + run.recorder.rejectedRows()};
    std::vector<columnar::RecordBatch> batches;
    for (const auto &batch : run.recorder.batches)
        batches.push_back(columnar::conform(batch, run.schema).value());
    const columnar::RecordBatch rows = columnar::concatenate(batches);
    if (rows.rowCount != std::ssize(messages))
        return {QStringLiteral("%1 rows").arg(rows.rowCount)};
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto cells = oracle.cells(messages[i]);
        if (std::ssize(cells) != rows.schema->columnCount())
            faults += QStringLiteral("%1 cells, %2 columns")
                          .arg(cells.size())
                          .arg(rows.schema->columnCount());
        for (const auto &[name, cell] : cells) {
            const auto index = rows.schema->indexOf(name);
            const QString fault = index ? difference(name, rows.columns[std::size_t(*index)],
                                                     static_cast<std::int64_t>(i), cell)
                                        : QStringLiteral("has no column");
            if (!fault.isEmpty())
                faults += QStringLiteral("message %1, %2 %3")
                              .arg(i)
                              .arg(QString::fromStdString(name), fault);
        }
    }
    return faults;
}

} // namespace

class TestProtoRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithLibprotobuf_data();
    void agreesWithLibprotobuf();
    void declaresColumnsInTheOrderOfTheSchema();
    void readsWireForms_data();
    void readsWireForms();
    void writesNestedMessagesAsJson_data();
    void writesNestedMessagesAsJson();
    void writesGroupsAndNullsAsJson();
    void countsUnknownFields();
    void rejectsBadMessages_data();
    void rejectsBadMessages();
    void takesRowsFromAField();
    void refusesSchemas_data();
    void refusesSchemas();
    void keepsNanosecondsAsText();
    void keepsMessagesAsJsonIfAsked();

private:
    Schemas m_schemas;
};

void TestProtoRows::agreesWithLibprotobuf_data()
{
    QTest::addColumn<bool>("isOld");
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 8; ++seed) {
        QTest::addRow("proto3, seed %u", seed) << false << seed;
        QTest::addRow("proto2, seed %u", seed) << true << seed;
    }
}

void TestProtoRows::agreesWithLibprotobuf()
{
    QFETCH(bool, isOld);
    QFETCH(unsigned, seed);
    const DecodeOptions options = isOld ? m_schemas.old() : m_schemas.all();
    const ProtoOracle oracle(options.messages.descriptorSet, options.messages.typeName);
    std::vector<std::string> messages;
    for (unsigned i = 0; i < 60; ++i)
        messages.push_back(oracle.randomMessage(seed * 1000 + i));
    // Two messages one after another are one merged message.
    for (std::size_t i = 0; i + 1 < 40; i += 2)
        messages.push_back(messages[i] + messages[i + 1]);
    if (!isOld) // where a field is required
        messages.emplace_back();
    const QStringList faults = compared(options, oracle, messages);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.mid(0, 10).join(u'\n')));
}

void TestProtoRows::declaresColumnsInTheOrderOfTheSchema()
{
    ProtoSource source;
    source.add(QStringLiteral("a.proto"),
               "syntax = \"proto3\"; message M { string last = 9; In in = 3; int32 first = 1;"
               " message In { bool b = 2; uint64 a = 1; } }");
    DecodeOptions options{.format = Format::GrpcWeb};
    options.messages = {.descriptorSet = source.load(QStringLiteral("a.proto"))->descriptorSet(),
                        .typeName = "M"};
    WholeRun run;
    decodeWhole(run, grpcFrame(QByteArray()) + grpcTrailers(), options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.recorder.rows(run.schema),
             QStringLiteral("last:string [\"\"]\nin.b:bool [null]\nin.a:uint64 [null]\n"
                            "first:int64 [0]"));
}

void TestProtoRows::readsWireForms_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("cell");
    const auto row = [](const char *name, const char *hex, const char *column, const char *cell) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << QString::fromUtf8(column)
                            << QString::fromUtf8(cell);
    };
    row("the largest uint64", "30ffffffffffffffffff01", "f_uint64", "18446744073709551615");
    row("the smallest int64", "2080808080808080808001", "f_int64", "-9223372036854775808");
    row("a negative int32 has ten bytes", "18ffffffffffffffffff01", "f_int32", "-1");
    row("an int32 wider than it may be", "18ffffffff7f", "f_int32", "-1");
    row("a varint longer than needed", "18818000", "f_int32", "1");
    row("a bool that is two", "6802", "f_bool", "true");
    row("0.1 as float", "15cdcccc3d", "f_float", "0.1");
    row("16777217 does not fit a float", "150000804b", "f_float", "16777216");
    row("the largest float", "15ffff7f7f", "f_float", "3.4028235e+38");
    row("NaN", "09000000000000f87f", "f_double", "NaN");
    row("minus infinity", "09000000000000f0ff", "f_double", "-Infinity");
    row("minus zero", "090000000000000080", "f_double", "-0");
    row("the last value wins", "180118021803", "f_int32", "3");
    row("an enum's name", "80010 7", "f_enum", "\"BLUE\"");
    row("an enum without name", "80012a", "f_enum", "\"42\"");
    row("a negative enum", "8001fdffffffffffffffff01", "f_enum", "\"NEGATIVE\"");
    row("an optional zero is there", "900100", "o_int64", "0");
    row("packed numbers", "da010301027f", "r_int32", "[1,2,127]");
    row("the same, not packed", "d80101d80102d8017f", "r_int32", "[1,2,127]");
    row("mixed", "d80101da0102027f", "r_int32", "[1,2,127]");
    row("declared not packed, but packed", "e2010201 02", "r_sint64", "[\"-1\",\"1\"]");
    row("nothing repeated", "", "r_string", "[]");
    row("nothing in a map", "", "m_string", "{}");
    row("a map entry without key", "aa02021005", "m_string", "{\"\":5}");
    row("a map entry without value", "aa02030a0161", "m_string", "{\"a\":0}");
    row("a map key twice: the last counts", "aa02050a01611001aa02050a01611002", "m_string",
        "{\"a\":2}");
    row("a wrapper of zero", "b20300", "w_int64", "0");
    row("no wrapper", "", "w_int64", "null");
    row("a message in two pieces: numbers", "ba01020801ba0103120161", "inner.n", "1");
    row("a message in two pieces: texts", "ba01020801ba0103120161", "inner.s", "\"a\"");
    row("a oneof keeps its last member", "d00201da020161", "c_int", "null");
    row("the last member", "d00201da020161", "c_text", "\"a\"");
    row("a oneof goes back: what was cleared is gone", "e202020801da020161e20203120162",
        "c_inner.n", "0");
    row("a message without fields", "ca0100", "empty", "{}");
    row("paths of a mask", "9a030a0a08757365725f6e6f77", "mask", "\"userNow\"");
    row("paths that no camel case can tell", "9a03120a036361620a03615f310a03435f640a0162", "mask",
        "\"cab,a_1,C_d,b\"");
    row("a type inside itself", "d20105120 30a0161", "tree.left", "{\"label\":\"a\"}");
    row("the largest field number", "f8ffffff0f07", "far", "7");
    row("a time in two pieces", "f202020801f2020310c0 3e", "at", "1970-01-01T00:00:01.000008Z");
    row("a negative duration", "fa021608ffffffffffffffffff0110ffffffffffffffffff01", "took",
        "-1.000000001");
}

void TestProtoRows::readsWireForms()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, column);
    QFETCH(QString, cell);
    WholeRun run;
    decodeWhole(run, grpcFrame(message) + grpcTrailers(), m_schemas.all());
    QCOMPARE(run.error() + run.recorder.rejectedRows(), QString());
    QCOMPARE(run.rows, 1);
    const auto index = run.schema->indexOf(column.toStdString());
    QVERIFY(index);
    QCOMPARE(cellText(run.recorder.batches.front().columns[std::size_t(*index)], 0), cell);
}

void TestProtoRows::writesNestedMessagesAsJson_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 10; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestProtoRows::writesNestedMessagesAsJson()
{
    QFETCH(unsigned, seed);
    const DecodeOptions options = m_schemas.all();
    const ProtoOracle oracle(options.messages.descriptorSet, options.messages.typeName);
    const auto schema = ProtoSchema::parse(options.messages.descriptorSet);
    const ProtoTypes types(**schema->descriptor("t.All"));
    SchemaFit fit(types);
    ProtoJson writer(types, fit, 100);
    for (unsigned i = 0; i < 30; ++i) {
        std::string bytes = oracle.randomMessage(seed * 7919 + i);
        const QJsonValue expected = parsed(oracle.json(bytes));
        const std::size_t size = bytes.size();
        bytes.append(WireReader::kPadding, '\0');
        std::string json;
        QVERIFY(writer.message(json, types.root(), std::string_view(bytes).substr(0, size)));
        // A float's text may differ where its value does not.
        QVERIFY(expected.isObject());
        QJsonObject mine = parsed(json).toObject();
        QJsonObject theirs = expected.toObject();
        for (const QString &floats :
             {QStringLiteral("f_float"), QStringLiteral("r_float"), QStringLiteral("w_float")}) {
            QCOMPARE(mine.contains(floats), theirs.contains(floats));
            mine.remove(floats);
            theirs.remove(floats);
        }
        QCOMPARE(mine, theirs);
    }
}

void TestProtoRows::writesGroupsAndNullsAsJson()
{
    const auto cell = [](const DecodeOptions &options, const char *text, const char *column) {
        const ProtoOracle oracle(options.messages.descriptorSet, options.messages.typeName);
        WholeRun run;
        decodeWhole(run, grpcFrame(oracle.fromText(text)) + grpcTrailers(), options);
        const auto index = run.schema->indexOf(column);
        return index && run.rows == 1
                   ? cellText(run.recorder.batches.front().columns[std::size_t(*index)], 0)
                   : run.error();
    };
    const DecodeOptions old = m_schemas.old();
    QCOMPARE(cell(old, "id: 1 Row {k: 'a'} Row {} Row {k: 'b'}", "row"),
             QStringLiteral(R"([{"k":"a"},{},{"k":"b"}])"));
    QCOMPARE(cell(old, "id: 1 Box {w: 3}", "box.w"), QStringLiteral("3"));
    QCOMPARE(cell(old, "id: 1 Box {w: 3}", "box.h"), QStringLiteral("2"));
    QCOMPARE(cell(old, "id: 1", "box.h"), QStringLiteral("null"));
    const DecodeOptions all = m_schemas.all();
    QCOMPARE(cell(all, "value {null_value: NULL_VALUE}", "value"), QStringLiteral("null"));
    QCOMPARE(cell(all, "list {values {null_value: NULL_VALUE} values {bool_value: false}}", "list"),
             QStringLiteral("[null,false]"));
    QCOMPARE(cell(all,
                  "meta {fields {key: 'a' value {}} fields {key: 'b' value {number_value: 2}}}",
                  "meta"),
             QStringLiteral(R"({"a":null,"b":2})"));
}

void TestProtoRows::countsUnknownFields()
{
    // Field 1000 as varint, fixed64, bytes, group and fixed32; field 3 with the wrong wire type.
    const QByteArray message = QByteArray::fromHex("c03e01"
                                                   "c13e0000000000000000"
                                                   "c23e0161"
                                                   "c33e0801c43e"
                                                   "c53e00000000"
                                                   "1a0161"
                                                   "2007");
    WholeRun run;
    decodeWhole(run, grpcFrame(message) + grpcTrailers(), m_schemas.all());
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.findings.unknownFields, 6);
    const auto index = run.schema->indexOf("f_int64");
    QCOMPARE(cellText(run.recorder.batches.front().columns[std::size_t(*index)], 0),
             QStringLiteral("7"));
}

void TestProtoRows::rejectsBadMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("place"); // in the message
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *hex, int place, const char *error) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << place << QString::fromUtf8(error);
    };
    const char *const cutNumber = "SyntaxError: the message ends inside a number";
    const char *const tooLong = "SyntaxError: a length points beyond the end of the message";
    const char *const noField = "SyntaxError: this is no field of a message";
    row("a number cut short", "188080", 1, cutNumber);
    row("a number of eleven bytes", "18ffffffffffffffffffff01", 1,
        "SyntaxError: a number has more than ten bytes");
    row("a fixed number cut short", "15000000", 1, cutNumber);
    row("a text that is too long", "720561", 1, tooLong);
    row("a length beyond 32 bits", "72ffffffffff01", 1, tooLong);
    row("field number zero", "0001", 0, noField);
    row("wire type six", "0e01", 0, noField);
    row("a text that is not UTF-8", "720261ff", 3,
        "InvalidUtf8: the text is not UTF-8, in field 14 \"f_string\"");
    row("such a text in a list", "ea010261ff", 3,
        "InvalidUtf8: the text is not UTF-8, in field 29 \"r_string\"");
    row("a group without end", "c33e0801", 2, "SyntaxError: a group has no end");
    row("an end without group", "c43e", 2, "SyntaxError: a group ends that has not begun");
    row("a nested message cut short", "ba010208", 2, tooLong);
    row("a packed list that ends in a number", "da010180", 3, cutNumber);
}

void TestProtoRows::rejectsBadMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, place);
    QFETCH(QString, error);
    const QByteArray before = grpcFrame(QByteArray::fromHex("2007"));
    WholeRun run;
    decodeWhole(
        run, before + grpcFrame(message) + grpcFrame(QByteArray::fromHex("2009")) + grpcTrailers(),
        m_schemas.all());
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.recorder.rejectedRows(), QStringLiteral("line -1, byte %1: %2, in message 2")
                                              .arg(before.size() + 5 + place)
                                              .arg(error));
    QCOMPARE(run.recorder.rejects.front().rawText, message.toStdString());
    // It leaves no trace in the messages around it.
    const auto index = run.schema->indexOf("f_int64");
    QCOMPARE(columnText(run.recorder.batches.front().columns[std::size_t(*index)]),
             QStringLiteral("7 | 9"));
}

void TestProtoRows::takesRowsFromAField()
{
    ProtoSource source;
    source.add(QStringLiteral("a.proto"),
               "syntax = \"proto3\"; message Page { repeated User users = 2; string next = 1; }"
               "message User { int32 id = 1; string name = 2; }");
    DecodeOptions options{.format = Format::GrpcWeb};
    options.messages = {.descriptorSet = source.load(QStringLiteral("a.proto"))->descriptorSet(),
                        .typeName = "Page",
                        .rowsField = "users"};
    const ProtoOracle oracle(options.messages.descriptorSet, "Page");
    const QByteArray body =
        grpcFrame(oracle.fromText("users {id: 1 name: 'a'} next: 'x' users {id: 2}")) +
        grpcFrame(QByteArray()) + grpcFrame(oracle.fromText("users {}")) + grpcTrailers();
    const DecodeOutcome outcome = decodeInEverySplit(body, options);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows,
             QStringLiteral("id:int64 [1 | 2 | 0]\nname:string [\"a\" | \"\" | \"\"]"));
    QCOMPARE(outcome.notes, QStringLiteral("rows taken from the field \"users\" of 3 messages"));
    QCOMPARE(outcome.position, 0); // a batch may end inside a message
}

void TestProtoRows::refusesSchemas_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("rowsField");
    QTest::addColumn<int>("columns");
    QTest::addColumn<QString>("error");
    QTest::newRow("an unknown type")
        << QStringLiteral("t.None") << QString() << 1000
        << QStringLiteral("SchemaInvalid: there is no message type \"t.None\"");
    QTest::newRow("a field that is none")
        << QStringLiteral("t.Tree") << QStringLiteral("less") << 1000
        << QStringLiteral(
               "SchemaInvalid: t.Tree has no repeated message field \"less\" for the rows; "
               "it has more");
    QTest::newRow("a field that is not repeated")
        << QStringLiteral("t.Tree") << QStringLiteral("left") << 1000
        << QStringLiteral(
               "SchemaInvalid: t.Tree has no repeated message field \"left\" for the rows; "
               "it has more");
    QTest::newRow("too many columns") << QStringLiteral("t.All") << QString() << 20
                                      << QStringLiteral("LimitReached: more than 20 columns");
}

void TestProtoRows::refusesSchemas()
{
    QFETCH(QString, type);
    QFETCH(QString, rowsField);
    QFETCH(int, columns);
    QFETCH(QString, error);
    DecodeOptions options = m_schemas.all();
    options.messages.typeName = type.toStdString();
    options.messages.rowsField = rowsField.toStdString();
    options.limits.columns = columns;
    WholeRun run;
    decodeWhole(run, grpcTrailers(), options);
    QVERIFY2(run.error().contains(error), qPrintable(run.error()));
}

void TestProtoRows::keepsNanosecondsAsText()
{
    const DecodeOptions options = m_schemas.all();
    const ProtoOracle oracle(options.messages.descriptorSet, "t.All");
    QByteArray body;
    for (const char *text : {"at {seconds: 1 nanos: 1000}", "at {seconds: 1 nanos: 1}",
                             "at {seconds: 2}", "at {seconds: 999999999999}"})
        body += grpcFrame(oracle.fromText(text));
    WholeRun run;
    decodeWhole(run, body + grpcTrailers(), options);
    QCOMPARE(run.error(), QString());
    const auto index = run.schema->indexOf("at");
    QCOMPARE(
        columnText(run.recorder.batches.front().columns[std::size_t(*index)]),
        QStringLiteral("\"1970-01-01T00:00:01.000001Z\" | \"1970-01-01T00:00:01.000000001Z\" | "
                       "\"1970-01-01T00:00:02.000000Z\" | \"999999999999s 0ns\""));
}

void TestProtoRows::keepsMessagesAsJsonIfAsked()
{
    DecodeOptions options = m_schemas.options(QStringLiteral("all.proto"), "t.Inner");
    options.flatten = false;
    const ProtoOracle oracle(options.messages.descriptorSet, "t.Inner");
    WholeRun run;
    decodeWhole(run,
                grpcFrame(oracle.fromText("n: 4 deep {x: 0.5 raw: 'ab'}")) +
                    grpcFrame(QByteArray()) + grpcTrailers(),
                options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.recorder.rows(run.schema),
             QStringLiteral("n:int64 [4 | 0]\ns:string [null | null]\nlist:json [[] | []]\n"
                            "deep:json [{\"x\":0.5,\"raw\":\"YWI=\"} | null]"));
}

QTEST_GUILESS_MAIN(TestProtoRows)
#include "tst_proto_rows.moc"

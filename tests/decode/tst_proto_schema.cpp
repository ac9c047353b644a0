// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_schema.h"
#include "support/proto_source.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

class TestProtoSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsImports();
    void findsMethods_data();
    void findsMethods();
    void namesThePlaceOfAnError_data();
    void namesThePlaceOfAnError();
    void readsDescriptorSets();
    void refusesOtherFiles();
    void readsLongChains_data();
    void readsLongChains();
    void encodesRequests_data();
    void encodesRequests();
    void makesAnExample();
};

namespace {

constexpr QByteArrayView kService = R"(syntax = "proto3";
package shop;
import "common/money.proto";
import "google/protobuf/timestamp.proto";
service Shop {
  rpc List (ListRequest) returns (stream Order);
  rpc Total (ListRequest) returns (common.Money);
}
message ListRequest { int32 limit = 1; string filter = 2; google.protobuf.Timestamp since = 3; }
message Order { uint64 id = 1; common.Money price = 2; }
)";
constexpr QByteArrayView kMoney = R"(syntax = "proto3";
package common;
message Money { string currency = 1; int64 units = 2; }
)";

} // namespace

void TestProtoSchema::followsImports()
{
    ProtoSource source;
    source.add(QStringLiteral("shop.proto"), kService);
    source.add(QStringLiteral("common/money.proto"), kMoney);
    const auto schema = source.load(QStringLiteral("shop.proto"));
    QVERIFY2(schema, schema ? "" : schema.error().detail.c_str());
    QCOMPARE(schema->methods().size(), std::size_t{2});
    QCOMPARE(schema->methods().front(), (ProtoMethod{.path = "shop.Shop/List",
                                                     .requestType = "shop.ListRequest",
                                                     .responseType = "shop.Order",
                                                     .streamsResponses = true}));
    QVERIFY(!schema->methods().back().streamsResponses);
    QVERIFY(schema->descriptor("common.Money"));
    QVERIFY(schema->descriptor("google.protobuf.Timestamp"));
    QVERIFY(!schema->descriptor("shop.Nothing"));

    // From a folder of imports, with the file somewhere below it.
    ProtoSource deep;
    deep.add(QStringLiteral("apis/shop/v1/shop.proto"), kService);
    deep.add(QStringLiteral("apis/common/money.proto"), kMoney);
    const auto found =
        ProtoSchema::load({.protoFiles = {deep.path(QStringLiteral("apis/shop/v1/shop.proto"))},
                           .importFolders = {deep.path(QStringLiteral("apis"))}});
    QVERIFY2(found, found ? "" : found.error().detail.c_str());
}

void TestProtoSchema::findsMethods_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("error");
    QTest::newRow("as in the URL") << QStringLiteral("shop.Shop/List") << QString();
    QTest::newRow("with a slash in front") << QStringLiteral("/shop.Shop/List") << QString();
    QTest::newRow("with dots") << QStringLiteral("shop.Shop.List") << QString();
    QTest::newRow("another") << QStringLiteral("shop.Shop/Lost")
                             << QStringLiteral(
                                    "there is no method shop.Shop/Lost; there are shop.Shop/List, "
                                    "shop.Shop/Total");
}

void TestProtoSchema::findsMethods()
{
    QFETCH(QString, name);
    QFETCH(QString, error);
    ProtoSource source;
    source.add(QStringLiteral("shop.proto"), kService);
    source.add(QStringLiteral("common/money.proto"), kMoney);
    const auto method = source.load(QStringLiteral("shop.proto"))->method(name.toStdString());
    QCOMPARE(method ? QString() : QString::fromStdString(method.error().detail), error);
    if (method)
        QCOMPARE(method->path, std::string("shop.Shop/List"));
}

void TestProtoSchema::namesThePlaceOfAnError_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("detail");
    QTest::newRow("syntax") << QByteArray("syntax = \"proto3\";\nmessage A {\n  int32 x 1;\n}\n")
                            << 3 << QStringLiteral("a.proto:3:11: Missing field number.");
    QTest::newRow("an unknown type")
        << QByteArray("syntax = \"proto3\";\n\nmessage A { Nothing x = 1; }\n") << 3
        << QStringLiteral("a.proto:3:13: \"Nothing\" is not defined.");
    QTest::newRow("a number twice")
        << QByteArray("syntax = \"proto3\";\nmessage A { int32 x = 1;\n int32 y = 1; }\n") << 3
        << QStringLiteral("a.proto:3:12: Field number 1 has already been used in \"A\" by field "
                          "\"x\".");
    QTest::newRow("an import that is not there")
        << QByteArray("syntax = \"proto3\";\nimport \"no/such.proto\";\n") << 0
        << QStringLiteral("no/such.proto: File not found.");
    QTest::newRow("an import of itself")
        << QByteArray("syntax = \"proto3\";\nimport \"a.proto\";\n") << 2
        << QStringLiteral("a.proto:2:1: File recursively imports itself: a.proto -> a.proto");
    QTest::newRow("bytes that are no text")
        << QByteArray("\x00\xff\xfe", 3) << 1 << QStringLiteral("a.proto:1:");
}

void TestProtoSchema::namesThePlaceOfAnError()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(QString, detail);
    ProtoSource source;
    source.add(QStringLiteral("a.proto"), text);
    const auto schema = source.load(QStringLiteral("a.proto"));
    QVERIFY(!schema);
    QCOMPARE(schema.error().code, ErrorCode::SchemaInvalid);
    QCOMPARE(schema.error().line.value_or(0), line);
    QVERIFY2(schema.error().detail.starts_with(detail.toStdString()),
             schema.error().detail.c_str());
}

void TestProtoSchema::readsDescriptorSets()
{
    ProtoSource source;
    source.add(QStringLiteral("shop.proto"), kService);
    source.add(QStringLiteral("common/money.proto"), kMoney);
    const std::string set = source.load(QStringLiteral("shop.proto"))->descriptorSet();
    source.add(QStringLiteral("shop.pb"), QByteArray::fromStdString(set));
    const auto read =
        ProtoSchema::load({.descriptorSetFile = source.path(QStringLiteral("shop.pb"))});
    QVERIFY2(read, read ? "" : read.error().detail.c_str());
    QVERIFY(read->method("shop.Shop/Total"));
    // Cut anywhere it is none, or has less in it; it is never the end of us.
    for (std::size_t size = 0; size < set.size(); ++size) {
        const auto cut = ProtoSchema::parse(std::string_view(set).substr(0, size));
        if (cut)
            QVERIFY(cut->descriptorSet().size() <= set.size());
        else
            QCOMPARE(cut.error().code, ErrorCode::SchemaInvalid);
    }
}

void TestProtoSchema::refusesOtherFiles()
{
    ProtoSource source;
    source.add(QStringLiteral("a.pb"), "this is text");
    QCOMPARE(
        ProtoSchema::load({.descriptorSetFile = source.path(QStringLiteral("a.pb"))}).error().code,
        ErrorCode::SchemaInvalid);
    QCOMPARE(
        ProtoSchema::load({.descriptorSetFile = source.path(QStringLiteral("b.pb"))}).error().code,
        ErrorCode::FileNotFound);
    QCOMPARE(
        ProtoSchema::load({.protoFiles = {source.path(QStringLiteral("b.proto"))}}).error().code,
        ErrorCode::FileNotFound);
    QCOMPARE(ProtoSchema::load({}).error().code, ErrorCode::SchemaInvalid);
}

namespace {

std::string varint(std::size_t value)
{
    std::string text;
    for (; value >= 0x80; value >>= 7)
        text += static_cast<char>(value | 0x80);
    return text + static_cast<char>(value);
}

std::string member(int number, const std::string &bytes)
{
    return static_cast<char>(number << 3 | 2) + varint(bytes.size()) + bytes;
}

/// A DescriptorProto: `M5 { optional M6 m = 1; }`.
std::string typeNumber(int number, int next)
{
    const std::string field =
        member(1, "m") + "\x18\x01\x20\x01\x28\x0B" + member(6, ".M" + std::to_string(next));
    return member(1, 'M' + std::to_string(number)) + member(2, field);
}

} // namespace

/// libprotobuf follows them by calling itself, which a stack bears only so often.
void TestProtoSchema::readsLongChains_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("areFiles");
    QTest::addColumn<bool>("areImports");
    QTest::addColumn<bool>("isCircle");
    QTest::addColumn<QString>("error");
    QTest::newRow("files that import the next")
        << 50'000 << true << true << false
        << QStringLiteral("M0 holds more than 2000 types inside each other");
    QTest::newRow("files that import the next, in a circle")
        << 50'000 << true << true << true
        << QStringLiteral("50000 files of the schema need each other in a circle");
    QTest::newRow("files that leave their imports out")
        << 50'000 << true << false << false
        << QStringLiteral("M0 holds more than 2000 types inside each other");
    QTest::newRow("files that leave their imports out, in a circle")
        << 50'000 << true << false << true
        << QStringLiteral("50000 files of the schema need each other in a circle");
    QTest::newRow("a circle of some packages") << 900 << true << false << true << QString();
    QTest::newRow("types inside each other")
        << 50'000 << false << false << false
        << QStringLiteral("M0 holds more than 2000 types inside each other");
    QTest::newRow("not that many types") << 1'900 << false << false << true << QString();
}

void TestProtoSchema::readsLongChains()
{
    QFETCH(int, length);
    QFETCH(bool, areFiles);
    QFETCH(bool, areImports);
    QFETCH(bool, isCircle);
    QFETCH(QString, error);
    std::string set;
    std::string types;
    for (int i = 0; i < length; ++i) {
        const int next = i + 1 < length ? i + 1 : isCircle ? 0 : i;
        const std::string type = member(4, typeNumber(i, next));
        types += type;
        if (areFiles)
            set += member(1, member(1, 'f' + std::to_string(i)) +
                                 (areImports && next != i ? member(3, 'f' + std::to_string(next))
                                                          : std::string()) +
                                 type);
    }
    if (!areFiles)
        set = member(1, member(1, "f") + types);
    const auto schema = ProtoSchema::parse(set);
    const auto example = schema ? schema->exampleJson("M0") : fail(schema.error());
    QCOMPARE(example ? QString() : QString::fromStdString(example.error().detail), error);
    if (!example)
        QCOMPARE(example.error().code, ErrorCode::SchemaInvalid);
}

void TestProtoSchema::encodesRequests_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *json, const char *hex,
                        const char *error = "") {
        QTest::newRow(name) << QString::fromUtf8(json) << QByteArray(hex)
                            << QString::fromUtf8(error);
    };
    row("nothing", "", "");
    row("an empty object", "{}", "");
    row("values", R"({"limit": 5, "filter": "a"})", "0805120161");
    row("a time", R"({"since": "1970-01-01T00:00:01Z"})", "1a020801");
    row("an unknown field", R"({"limits": 5})", "", "the request is no shop.ListRequest in JSON: ");
    row("a wrong type", R"({"limit": "many"})", "", "the request is no shop.ListRequest in JSON: ");
    row("no JSON", "limit=5", "", "the request is no shop.ListRequest in JSON: ");
}

void TestProtoSchema::encodesRequests()
{
    QFETCH(QString, json);
    QFETCH(QByteArray, hex);
    QFETCH(QString, error);
    ProtoSource source;
    source.add(QStringLiteral("shop.proto"), kService);
    source.add(QStringLiteral("common/money.proto"), kMoney);
    const auto schema = source.load(QStringLiteral("shop.proto"));
    const auto bytes = schema->encode("shop.ListRequest", json.toStdString());
    if (error.isEmpty()) {
        QVERIFY2(bytes, bytes ? "" : bytes.error().detail.c_str());
        QCOMPARE(QByteArray::fromStdString(*bytes).toHex(), hex);
    } else {
        QCOMPARE(bytes.error().code, ErrorCode::SyntaxError);
        QVERIFY2(bytes.error().detail.starts_with(error.toStdString()),
                 bytes.error().detail.c_str());
    }
}

void TestProtoSchema::makesAnExample()
{
    ProtoSource source;
    source.add(QStringLiteral("shop.proto"), kService);
    source.add(QStringLiteral("common/money.proto"), kMoney);
    const auto schema = source.load(QStringLiteral("shop.proto"));
    QCOMPARE(schema->exampleJson("shop.ListRequest").value(),
             std::string("{\n \"limit\": 0,\n \"filter\": \"\"\n}\n"));
}

QTEST_GUILESS_MAIN(TestProtoSchema)
#include "tst_proto_schema.moc"

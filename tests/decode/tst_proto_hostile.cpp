// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_rows.h"
#include "decode/row_decoder.h"
#include "support/decode_recorder.h"
#include "support/grpc_frames.h"
#include "support/json_decoding.h"
#include "support/proto_source.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

/// Types and messages as no honest server describes or sends them.
class TestProtoHostile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesWellKnownNamesOfOtherShapes();
    void refusesMasksThatAreNoText();
    void followsAChoiceThatChangesOften();

private:
    /// Decodes `message`, which is a `type` of the .proto file `schema`.
    static void decodeOne(WholeRun &run, QByteArrayView schema, const std::string &type,
                          const QByteArray &message);
};

void TestProtoHostile::decodeOne(WholeRun &run, QByteArrayView schema, const std::string &type,
                                 const QByteArray &message)
{
    ProtoSource source;
    source.add(QStringLiteral("a.proto"), schema);
    const auto loaded = source.load(QStringLiteral("a.proto"));
    QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
    DecodeOptions options{.format = Format::GrpcWeb};
    options.messages = {.descriptorSet = loaded->descriptorSet(), .typeName = type};
    decodeWhole(run, grpcFrame(message) + grpcTrailers(), options);
}

/// A server may describe google.protobuf.Int32Value as it likes.
void TestProtoHostile::takesWellKnownNamesOfOtherShapes()
{
    WholeRun run;
    decodeOne(run, R"(
syntax = "proto3";
package google.protobuf;
message Int32Value {}
message Struct { repeated Int32Value fields = 1; }
message Any {}
message ListValue { int32 x = 1; }
message FieldMask { int32 y = 1; }
message M { Int32Value a = 1; repeated Int32Value b = 2; Struct c = 3; Any d = 4;
            repeated ListValue e = 5; FieldMask f = 6; }
)",
              "google.protobuf.M",
              QByteArray::fromHex("0a001200 1a020a00 22020801 2a020807 32020805"));
    QCOMPARE(run.error() + run.recorder.rejectedRows(), QString());
    QCOMPARE(run.recorder.rows(run.schema),
             QStringLiteral("a:json [{}]\nb:json [[{}]]\nc.fields:json [[{}]]\nd:json [{}]\n"
                            "e:json [[{\"x\":7}]]\nf.y:int64 [5]"));
}

void TestProtoHostile::refusesMasksThatAreNoText()
{
    WholeRun run;
    decodeOne(run,
              "syntax = \"proto3\"; import \"google/protobuf/field_mask.proto\";"
              "message M { repeated google.protobuf.FieldMask masks = 1; }",
              "M", QByteArray::fromHex("0a050a0361ff62"));
    QVERIFY2(run.recorder.rejectedRows().contains(QStringLiteral("InvalidUtf8")),
             qPrintable(run.recorder.rejectedRows()));
    QCOMPARE(run.rows, 0);
}

/// Each change of a oneof used to look through all that came before.
void TestProtoHostile::followsAChoiceThatChangesOften()
{
    constexpr int kTimes = 1 << 20;
    const QByteArray inner = QByteArray("\x08\x01", 2).repeated(kTimes) +
                             QByteArray("\x10\x01\x18\x02", 4).repeated(kTimes);
    QCOMPARE(inner.size(), 6 << 20);
    WholeRun run;
    decodeOne(run,
              "syntax = \"proto3\"; message M { repeated T t = 1; } message T {"
              " repeated int32 n = 1 [packed = false]; oneof c { int32 a = 2; int32 b = 3; } }",
              "M", QByteArray("\x0a\x80\x80\x80\x03", 5) + inner);
    QCOMPARE(run.error() + run.recorder.rejectedRows(), QString());
    const QString text = cellText(run.recorder.batches.front().columns.front(), 0);
    QVERIFY2(text.endsWith(QStringLiteral("1],\"b\":2}]")), qPrintable(text.right(40)));
}

QTEST_GUILESS_MAIN(TestProtoHostile)
#include "tst_proto_hostile.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages of every kind of field, read from the wire by our own plan, against libprotobuf: what it
// reads is a row here too, and the same row once it has written the message anew, merged and in
// order. The first bytes of an input choose the type and the split, the rest is the message.
#include "split_run.h"

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace {

using namespace freshet;
namespace pb = google::protobuf;

// Maps and structs are left out of the first two: libprotobuf writes them in an order of its own.
constexpr std::string_view kThree = R"(
syntax = "proto3";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Colour { UNSET = 0; RED = 1; NEGATIVE = -3; }
message Inner { int32 n = 1; optional string s = 2; repeated int32 list = 3; Tree tree = 4; }
message Tree { bytes raw = 300; Tree left = 1; repeated Tree more = 2; }
message Three {
  double f_double = 1; float f_float = 2; int32 f_int32 = 3; int64 f_int64 = 4;
  uint32 f_uint32 = 5; uint64 f_uint64 = 6; sint32 f_sint32 = 7; sint64 f_sint64 = 8;
  fixed32 f_fixed32 = 9; fixed64 f_fixed64 = 10; sfixed32 f_sfixed32 = 11;
  sfixed64 f_sfixed64 = 12; bool f_bool = 13; string f_string = 14; bytes f_bytes = 15;
  Colour f_enum = 16; optional double o_double = 17; optional Colour o_enum = 18;
  Inner inner = 19; Tree tree = 20; repeated int32 r_int32 = 21;
  repeated sint64 r_sint64 = 22 [packed = false]; repeated string r_string = 23;
  repeated Inner r_inner = 24; repeated Colour r_enum = 25; repeated float r_float = 26;
  oneof choice { int32 c_int = 27; string c_text = 28; Inner c_inner = 29; Tree c_tree = 30; }
  google.protobuf.Timestamp at = 31; google.protobuf.Duration took = 32;
  google.protobuf.FieldMask mask = 33; google.protobuf.Any any = 34;
  google.protobuf.DoubleValue w_double = 35; google.protobuf.StringValue w_string = 36;
  google.protobuf.ListValue list = 37; repeated google.protobuf.Timestamp r_at = 38;
}
message Mapped {
  map<string, int32> m_string = 1; map<int64, Inner> m_inner = 2; map<bool, bytes> m_bool = 3;
  map<uint32, Colour> m_enum = 4; google.protobuf.Struct meta = 5;
  map<sint32, google.protobuf.Duration> m_took = 6; google.protobuf.Value value = 7;
}
)";

constexpr std::string_view kTwo = R"(
syntax = "proto2";
message Part { optional int32 n = 1 [default = 5]; optional string s = 2; }
message Two {
  required int32 id = 1; optional int32 with_default = 2 [default = -7];
  optional string text_default = 3 [default = "none"]; optional double no_default = 4;
  optional group Box = 5 { optional int32 w = 1; optional Two two = 2; }
  repeated group Row = 6 { optional string k = 1; } optional Part part = 7;
  repeated int32 packed = 8 [packed = true]; repeated sfixed32 loose = 9;
  oneof choice { group Chosen = 10 { repeated bool b = 1; } fixed64 other = 11; }
  extensions 100 to 199;
}
extend Two { optional int32 more = 100; }
)";

class Quiet final : public pb::io::ErrorCollector
{
    void AddError(int, int, const std::string &) override { std::abort(); }
};

void addFile(pb::FileDescriptorSet &set, const char *name, std::string_view text)
{
    pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
    Quiet errors;
    pb::io::Tokenizer tokens(&input, &errors);
    pb::compiler::Parser parser;
    pb::FileDescriptorProto &file = *set.add_file();
    file.set_name(name);
    if (!parser.Parse(&tokens, &file))
        std::abort();
}

/// The schema for us, and messages of it for libprotobuf.
struct Types
{
    Types()
    {
        pb::SetLogHandler(nullptr);
        pb::FileDescriptorSet set;
        addFile(set, "three.proto", kThree);
        addFile(set, "two.proto", kTwo);
        if (!set.SerializeToString(&descriptorSet))
            std::abort();
        for (const pb::FileDescriptorProto &file : set.file()) {
            if (pool.BuildFile(file) == nullptr)
                std::abort();
        }
    }

    [[nodiscard]] const pb::Message &prototype(const char *type)
    {
        return *factory.GetPrototype(pool.FindMessageTypeByName(type));
    }

    std::string descriptorSet;
    // Two pools lend each other the well-known types that are compiled in.
    pb::DescriptorPool pool{pb::DescriptorPool::generated_pool()};
    pb::DynamicMessageFactory factory;
};

/// The message as libprotobuf writes it; nothing if it does not read it.
std::optional<std::string> rewritten(const pb::Message &prototype, const std::string &bytes)
{
    const std::unique_ptr<pb::Message> message(prototype.New());
    if (!message->ParsePartialFromString(bytes))
        return std::nullopt;
    return message->SerializePartialAsString();
}

bool isOurLimit(const std::string &rejects)
{
    // proto2 lets any bytes be a string, a row may be nested less deeply than it can be long, and
    // libprotobuf 3.21 cuts a field's number to 29 bits.
    return rejects.find("UTF-8") != std::string::npos ||
           rejects.find("inside each other") != std::string::npos ||
           rejects.find("this is no field") != std::string::npos;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    static Types types;
    constexpr std::size_t kHeaderBytes = 2;
    constexpr const char *kNames[] = {"Three", "Two", "Mapped", "Three"};
    if (size < kHeaderBytes)
        return 0;
    const char *const name = kNames[data[0] & 3];
    decode::DecodeOptions options;
    options.format = decode::Format::GrpcWeb;
    options.contentType = "application/proto";
    options.flatten = (data[0] & 64) == 0;
    options.messages = {.descriptorSet = types.descriptorSet, .typeName = name};
    const std::string bytes(data + kHeaderBytes, data + size);
    const fuzz::Outcome ours = (data[0] & 128) != 0
                                   ? fuzz::decodeBothWays(bytes, options, 1u + data[1] % 40)
                                   : fuzz::decodeIn(bytes, options, 0);
    const auto theirs = rewritten(types.prototype(name), bytes);
    if (!theirs || isOurLimit(ours.rejects))
        return 0;
    const fuzz::Outcome again = fuzz::decodeIn(*theirs, options, 0);
    const bool isSame = ours.rejects.empty() && again.rejects.empty() &&
                        (ours.rows == again.rows || (data[0] & 3) == 2);
    if (!isSame) {
        std::fprintf(stderr, "as sent: %s\nrewritten: %s\n", ours.text().c_str(),
                     again.text().c_str());
        std::abort();
    }
    return 0;
}

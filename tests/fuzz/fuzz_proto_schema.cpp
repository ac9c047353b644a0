// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Types as a server's reflection describes them: an error, or a schema whose methods can be asked
// for, whose examples can be sent, and whose messages can be read, whatever they are. An input is
// the size of a FileDescriptorSet in two bytes, that set, and a message.
#include "split_run.h"

#include "decode/grpc_details.h"
#include "decode/proto_schema.h"

#include <google/protobuf/descriptor.pb.h>

namespace {

using namespace freshet;
using decode::ProtoSchema;

void callMethods(const ProtoSchema &schema, const std::string &message)
{
    for (const decode::ProtoMethod &method : schema.methods()) {
        if (!schema.method(method.path))
            std::abort();
        (void)schema.toJson(method.responseType, message);
        // An example may lack required fields, and a well-known type may be described as another.
        if (const auto example = schema.exampleJson(method.requestType))
            (void)schema.encode(method.requestType, *example);
    }
}

void readRows(const std::string &descriptorSet, const std::string &type, const std::string &message)
{
    decode::DecodeOptions options;
    options.format = decode::Format::GrpcWeb;
    options.contentType = "application/proto";
    options.flatten = message.size() % 2 == 0;
    options.messages = {.descriptorSet = descriptorSet, .typeName = type};
    (void)fuzz::decodeBothWays(message, options, 1u + message.size() % 40);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    constexpr int kMostTypes = 4;
    if (size < kHeaderBytes)
        return 0;
    const std::string text(data + kHeaderBytes, data + size);
    const std::size_t border = std::min<std::size_t>(data[0] | data[1] << 8, text.size());
    const std::string bytes = text.substr(0, border);
    const std::string message = text.substr(border);
    (void)decode::grpcDetailsText(message, nullptr);
    const auto schema = ProtoSchema::parse(bytes);
    if (!schema)
        return 0;
    (void)decode::grpcDetailsText(message, &*schema);
    callMethods(*schema, message);
    google::protobuf::FileDescriptorSet set;
    if (!set.ParseFromString(schema->descriptorSet()))
        std::abort();
    int types = 0;
    for (const auto &file : set.file()) {
        const std::string prefix = file.package().empty() ? "" : file.package() + '.';
        for (int i = 0; i < file.message_type_size() && types < kMostTypes; ++i, ++types)
            readRows(bytes, prefix + file.message_type(i).name(), message);
    }
    return 0;
}

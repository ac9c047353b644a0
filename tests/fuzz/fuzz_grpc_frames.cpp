// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gRPC decoder must give the same however its input is split, and never crash: frames, base64
// and the wire format. The first bytes of an input choose the framing and the split.
#include "split_run.h"

#include <array>

namespace {

/// A FileDescriptorSet with
///   message M { int32 a = 1; string b = 2; M c = 3; repeated sint64 d = 4; optional double e = 5;
///   }
/// put together by hand, so that no file is needed.
std::string descriptorSet()
{
    const auto text = [](char tag, const std::string &value) {
        return std::string(1, tag) + static_cast<char>(value.size()) + value;
    };
    const auto field = [&](const char *name, char number, char label, char type) {
        std::string value = text('\x0A', name) + '\x18' + number + '\x20' + label + '\x28' + type;
        if (type == 11)
            value += text('\x32', ".M");
        return text('\x12', value);
    };
    const std::string message = text('\x0A', "M") + field("a", 1, 1, 5) + field("b", 2, 1, 9) +
                                field("c", 3, 1, 11) + field("d", 4, 3, 18) + field("e", 5, 1, 1);
    return text('\x0A', text('\x0A', "m.proto") + text('\x22', message));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    constexpr std::array kTypes = {"application/grpc-web", "application/grpc-web-text",
                                   "application/connect+proto", "application/connect+json",
                                   "application/proto"};
    if (size < kHeaderBytes)
        return 0;
    freshet::decode::DecodeOptions options;
    options.format = freshet::decode::Format::GrpcWeb;
    options.contentType = kTypes[data[0] % kTypes.size()];
    options.headers = {{"grpc-encoding", "gzip"}};
    options.flatten = (data[0] & 64) == 0;
    options.messages = {.descriptorSet = descriptorSet(), .typeName = "M"};
    if ((data[0] & 128) != 0)
        options.limits.rowBytes = freshet::ByteCount(64);
    const std::string text(data + kHeaderBytes, data + size);
    (void)freshet::fuzz::decodeBothWays(text, options, 1u + data[1] % 40);
    return 0;
}

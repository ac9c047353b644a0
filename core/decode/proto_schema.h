// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Descriptor;
} // namespace google::protobuf

namespace freshet::decode {

/// Where the types of a service are written down: .proto files, or what `protoc -o` made of them.
struct ProtoFiles
{
    std::vector<std::string> protoFiles;
    /// Folders that `import` looks in; empty: those of the files themselves. The well-known types
    /// (google/protobuf/…) need none.
    std::vector<std::string> importFolders;
    std::string descriptorSetFile; ///< a serialized google.protobuf.FileDescriptorSet

    bool operator==(const ProtoFiles &) const = default;
};

/// A method as its service declares it.
struct ProtoMethod
{
    std::string path; ///< as it stands in the URL: `users.UserService/ListUsers`
    std::string requestType;
    std::string responseType;
    bool streamsRequests = false;
    bool streamsResponses = false;
    /// Calling it twice does no harm: the schema gives it an `idempotency_level`.
    bool isIdempotent = false;

    bool operator==(const ProtoMethod &) const = default;
};

/// The types and services of a protobuf schema. An immutable value; copies share it.
///
/// Source: protobuf 3.21 descriptors; proto2 and proto3. The well-known types are always there.
/// Errors: SchemaInvalid with file, line and column where there are any, the line in `Error::line`.
/// Threads: thread-safe.
class ProtoSchema
{
public:
    static constexpr std::int64_t kMaxBytes = 64 << 20;

    /// Errors: also FileNotFound, PermissionDenied … for files that cannot be read.
    [[nodiscard]] static Result<ProtoSchema> load(const ProtoFiles &files);
    /// `bytes` of a serialized FileDescriptorSet, in any order of files.
    [[nodiscard]] static Result<ProtoSchema> parse(std::string_view bytes);
    /// From serialized FileDescriptorProtos, which is what a server's reflection gives.
    [[nodiscard]] static Result<ProtoSchema>
    fromFiles(const std::vector<std::string> &descriptorProtos);

    /// A FileDescriptorSet with everything that the files use.
    [[nodiscard]] const std::string &descriptorSet() const;
    [[nodiscard]] const std::vector<ProtoMethod> &methods() const;
    /// `pkg.Service/Method`, also `pkg.Service.Method` or with a slash in front.
    /// Errors: SchemaInvalid, naming the methods there are.
    [[nodiscard]] Result<ProtoMethod> method(std::string_view name) const;

    /// The bytes of a message given as protobuf JSON; empty text is an empty message.
    /// Errors: SchemaInvalid for an unknown type; SyntaxError saying what in the JSON is wrong.
    [[nodiscard]] Result<std::string> encode(std::string_view type, std::string_view json) const;
    /// The message as protobuf JSON with the names of the schema. Errors: SchemaInvalid,
    /// SyntaxError.
    [[nodiscard]] Result<std::string> toJson(std::string_view type, std::string_view bytes) const;
    /// A message of the type with every field at its default, as JSON to be edited.
    [[nodiscard]] Result<std::string> exampleJson(std::string_view type) const;

    /// Lives as long as a copy of the schema. Errors: SchemaInvalid.
    [[nodiscard]] Result<const google::protobuf::Descriptor *>
    descriptor(std::string_view type) const;

private:
    struct Impl;
    explicit ProtoSchema(std::shared_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
    std::shared_ptr<const Impl> m_impl;
};

} // namespace freshet::decode

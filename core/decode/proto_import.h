// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <exception>
#include <set>
#include <string>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
class FileDescriptorSet;
} // namespace google::protobuf

namespace freshet::decode {

/// Compile .proto files and what they import into a serialized FileDescriptorSet. `importFolders`
/// as in `ProtoFiles`. Errors: SchemaInvalid at `file:line:column`, FileNotFound.
[[nodiscard]] Result<std::string> importProtoFiles(const std::vector<std::string> &files,
                                                   const std::vector<std::string> &importFolders);

/// Append `file` behind the files that it imports, each once; `seen` holds their names.
void addWithImports(const google::protobuf::FileDescriptor &file, std::set<std::string> &seen,
                    google::protobuf::FileDescriptorSet &set);

/// Keep libprotobuf from writing to stderr; what matters comes back as an Error.
void silenceProtobuf();

/// Call into libprotobuf, which throws where one of its own checks fails.
template <typename Call>
[[nodiscard]] auto guardedProto(const Call &call) -> decltype(call())
{
    silenceProtobuf();
    try {
        return call();
    } catch (const std::exception &problem) {
        return fail(ErrorCode::SchemaInvalid, Error::excerptOf(problem.what()));
    }
}

} // namespace freshet::decode

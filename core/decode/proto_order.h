// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class FileDescriptorSet;
} // namespace google::protobuf

namespace freshet::decode {

/// The files of `set` by name, each once and behind those that it needs: those it imports, and
/// those whose types it names, because some servers leave the imports out. libprotobuf builds a
/// file's needs by calling itself, so that in another order a long chain of files would overflow
/// the stack.
///
/// Limits: no more than `kMostEntangled` files may need each other in circles.
/// Errors: SchemaInvalid.
[[nodiscard]] Result<std::vector<std::string>>
orderOfFiles(const google::protobuf::FileDescriptorSet &set);
inline constexpr std::size_t kMostEntangled = 1000;

/// Whether types contain each other in a chain that is short enough to be followed by functions
/// that call themselves, as libprotobuf and we do. Errors: SchemaInvalid.
[[nodiscard]] Status checkChainOfTypes(const google::protobuf::Descriptor &root);
inline constexpr std::size_t kLongestChain = 2000;

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_import.h"

#include "base/file.h"

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/logging.h>

#include <filesystem>
#include <mutex>

namespace freshet::decode {

namespace pb = google::protobuf;
using pb::compiler::DiskSourceTree;

namespace {

/// Keeps the first error, in the words of compilers: `users.proto:7:3: …`.
class ImportErrors final : public pb::compiler::MultiFileErrorCollector
{
public:
    void AddError(const std::string &file, int line, int column,
                  const std::string &message) override
    {
        if (m_first)
            return;
        m_first = Error{.code = ErrorCode::SchemaInvalid, .detail = file};
        if (line >= 0) {
            m_first->line = line + 1;
            m_first->detail += ':' + std::to_string(line + 1) + ':' + std::to_string(column + 1);
        }
        m_first->detail += ": " + message;
    }
    [[nodiscard]] const std::optional<Error> &first() const { return m_first; }

private:
    std::optional<Error> m_first;
};

/// The name under which `file` is imported by others.
Result<std::string> importName(DiskSourceTree &tree, const std::string &file)
{
    std::string name;
    std::string shadow;
    auto found = tree.DiskFileToVirtualFile(file, &name, &shadow);
    if (found == DiskSourceTree::NO_MAPPING) {
        const std::string folder = std::filesystem::path(file).parent_path().string();
        tree.MapPath("", folder.empty() ? "." : folder);
        found = tree.DiskFileToVirtualFile(file, &name, &shadow);
    }
    switch (found) {
    case DiskSourceTree::SUCCESS:
        return name;
    case DiskSourceTree::SHADOWED:
        return fail(ErrorCode::SchemaInvalid, file + ": hidden by " + shadow +
                                                  ", which comes first among the import folders");
    case DiskSourceTree::CANNOT_OPEN:
    case DiskSourceTree::NO_MAPPING:
        break;
    }
    return fail(systemError(errno != 0 ? errno : ENOENT, file));
}

Result<std::string> compile(const std::vector<std::string> &files,
                            const std::vector<std::string> &importFolders)
{
    DiskSourceTree tree;
    for (const std::string &folder : importFolders)
        tree.MapPath("", folder);
    ImportErrors errors;
    pb::DescriptorPoolDatabase wellKnown(*pb::DescriptorPool::generated_pool());
    pb::compiler::SourceTreeDescriptorDatabase database(&tree, &wellKnown);
    database.RecordErrorsTo(&errors);
    pb::DescriptorPool pool(&database, database.GetValidationErrorCollector());

    pb::FileDescriptorSet set;
    std::set<std::string> seen;
    for (const std::string &file : files) {
        errno = 0;
        const auto name = importName(tree, file);
        if (!name)
            return fail(name.error());
        const pb::FileDescriptor *built = pool.FindFileByName(*name);
        if (built == nullptr || errors.first())
            return fail(errors.first().value_or(
                Error{.code = ErrorCode::SchemaInvalid, .detail = file + ": cannot be used"}));
        addWithImports(*built, seen, set);
    }
    std::string bytes;
    if (!set.SerializeToString(&bytes))
        return fail(ErrorCode::SchemaInvalid, "the types cannot be written down");
    return bytes;
}

} // namespace

void addWithImports(const pb::FileDescriptor &file, std::set<std::string> &seen,
                    pb::FileDescriptorSet &set)
{
    if (!seen.insert(file.name()).second)
        return;
    for (int i = 0; i < file.dependency_count(); ++i)
        addWithImports(*file.dependency(i), seen, set);
    file.CopyTo(set.add_file());
}

void silenceProtobuf()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pb::SetLogHandler([](pb::LogLevel, const char *, int, const std::string &) {});
    });
}

Result<std::string> importProtoFiles(const std::vector<std::string> &files,
                                     const std::vector<std::string> &importFolders)
{
    if (files.empty())
        return fail(ErrorCode::SchemaInvalid, "no .proto file is given");
    return guardedProto([&] { return compile(files, importFolders); });
}

} // namespace freshet::decode

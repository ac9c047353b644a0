// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_order.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <unordered_map>
#include <unordered_set>

namespace freshet::decode {

namespace pb = google::protobuf;

namespace {

/// Calls `take` with every message of a file or of a message, and with its full name.
template <typename Within, typename Take>
void eachMessage(const Within &messages, const std::string &scope, const Take &take)
{
    for (const pb::DescriptorProto &message : messages) {
        const std::string name = scope.empty() ? message.name() : scope + '.' + message.name();
        take(message, name);
        eachMessage(message.nested_type(), name, take);
    }
}

/// Which file needs which.
class FileNeeds
{
public:
    explicit FileNeeds(const pb::FileDescriptorSet &set)
    {
        for (const pb::FileDescriptorProto &file : set.file()) {
            if (!m_indexes.emplace(file.name(), m_files.size()).second)
                continue; // twice the same is fine: sets are put together by hand
            m_files.push_back(&file);
        }
        m_missing.resize(m_files.size());
        m_needed.resize(m_files.size());
        for (std::size_t i = 0; i < m_files.size(); ++i)
            noteTypes(i);
        for (std::size_t i = 0; i < m_files.size(); ++i)
            noteNeeds(i);
    }

    /// Kahn's algorithm; what is left over stands in circles or behind them.
    Result<std::vector<std::string>> order()
    {
        std::vector<std::size_t> ready;
        std::vector<std::string> names;
        for (std::size_t i = m_files.size(); i-- > 0;) {
            if (m_missing[i].empty())
                ready.push_back(i);
        }
        std::vector<bool> isOrdered(m_files.size());
        while (!ready.empty()) {
            const std::size_t file = ready.back();
            ready.pop_back();
            isOrdered[file] = true;
            names.push_back(m_files[file]->name());
            for (const std::size_t other : m_needed[file]) {
                m_missing[other].erase(file);
                if (m_missing[other].empty())
                    ready.push_back(other);
            }
        }
        if (m_files.size() - names.size() > kMostEntangled)
            return fail(ErrorCode::SchemaInvalid,
                        std::to_string(m_files.size() - names.size()) +
                            " files of the schema need each other in a circle");
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            if (!isOrdered[i])
                names.push_back(m_files[i]->name());
        }
        return names;
    }

private:
    void noteTypes(std::size_t index)
    {
        const pb::FileDescriptorProto &file = *m_files[index];
        const auto note = [&](const std::string &scope, const std::string &name) {
            m_types.emplace(scope.empty() ? name : scope + '.' + name, index);
        };
        for (const auto &one : file.enum_type())
            note(file.package(), one.name());
        eachMessage(file.message_type(), file.package(),
                    [&](const pb::DescriptorProto &message, const std::string &name) {
                        note({}, name);
                        for (const auto &one : message.enum_type())
                            note(name, one.name());
                    });
    }

    void noteNeeds(std::size_t index)
    {
        const pb::FileDescriptorProto &file = *m_files[index];
        for (const std::string &name : file.dependency()) {
            if (const auto found = m_indexes.find(name); found != m_indexes.end())
                noteNeed(index, found->second);
        }
        const auto noteFields = [&](const auto &fields, const std::string &scope) {
            for (const pb::FieldDescriptorProto &field : fields) {
                noteType(index, field.type_name(), scope);
                noteType(index, field.extendee(), scope);
            }
        };
        noteFields(file.extension(), file.package());
        eachMessage(file.message_type(), file.package(),
                    [&](const pb::DescriptorProto &message, const std::string &name) {
                        noteFields(message.field(), name);
                        noteFields(message.extension(), name);
                    });
        for (const auto &service : file.service()) {
            for (const auto &method : service.method()) {
                noteType(index, method.input_type(), file.package());
                noteType(index, method.output_type(), file.package());
            }
        }
    }

    /// `.pkg.Type`, or `Type` as it is looked for from `scope` outwards.
    void noteType(std::size_t index, const std::string &type, std::string scope)
    {
        if (type.empty())
            return;
        const auto note = [&](const std::string &name) {
            if (const auto found = m_types.find(name); found != m_types.end())
                noteNeed(index, found->second);
        };
        if (type.front() == '.')
            return note(type.substr(1));
        while (!scope.empty()) {
            note(scope + '.' + type);
            const std::size_t dot = scope.rfind('.');
            scope.resize(dot == std::string::npos ? 0 : dot);
        }
        note(type);
    }

    void noteNeed(std::size_t index, std::size_t needed)
    {
        if (index != needed && m_missing[index].insert(needed).second)
            m_needed[needed].push_back(index);
    }

    std::vector<const pb::FileDescriptorProto *> m_files;
    std::unordered_map<std::string, std::size_t> m_indexes; ///< of files
    std::unordered_map<std::string, std::size_t> m_types;   ///< the file of each
    std::vector<std::unordered_set<std::size_t>> m_missing; ///< what a file still needs
    std::vector<std::vector<std::size_t>> m_needed;         ///< by which others
};

} // namespace

Result<std::vector<std::string>> orderOfFiles(const pb::FileDescriptorSet &set)
{
    return FileNeeds(set).order();
}

Status checkChainOfTypes(const pb::Descriptor &root)
{
    struct Step
    {
        const pb::Descriptor *type;
        int nextField = 0;
    };
    std::unordered_set<const pb::Descriptor *> seen = {&root};
    std::vector<Step> chain = {{&root}};
    while (!chain.empty()) {
        Step &step = chain.back();
        if (step.nextField == step.type->field_count()) {
            chain.pop_back();
            continue;
        }
        const pb::Descriptor *const next = step.type->field(step.nextField++)->message_type();
        if (next == nullptr || !seen.insert(next).second)
            continue;
        if (chain.size() == kLongestChain)
            return fail(ErrorCode::SchemaInvalid, root.full_name() + " holds more than " +
                                                      std::to_string(kLongestChain) +
                                                      " types inside each other");
        chain.push_back({next});
    }
    return {};
}

} // namespace freshet::decode

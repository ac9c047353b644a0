// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_schema.h"

#include "base/file.h"
#include "decode/proto_import.h"
#include "decode/proto_order.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <algorithm>
#include <set>

namespace freshet::decode {

namespace pb = google::protobuf;

namespace {

const std::string kUrlPrefix = "type.googleapis.com";

/// What the resolver knows a type by.
std::string urlOf(std::string_view type)
{
    return kUrlPrefix + '/' + std::string(type);
}

tl::unexpected<Error> invalid(std::string detail)
{
    return fail(ErrorCode::SchemaInvalid, std::move(detail));
}

/// Keeps what is wrong with descriptors, which have no lines.
class DescriptorErrors final : public pb::DescriptorPool::ErrorCollector
{
public:
    void AddError(const std::string &file, const std::string &element, const pb::Message *,
                  ErrorLocation, const std::string &message) override
    {
        if (m_first.empty())
            m_first = file + ": " + element + ": " + message;
    }
    [[nodiscard]] const std::string &first() const { return m_first; }

private:
    std::string m_first;
};

std::vector<ProtoMethod> methodsOf(const pb::FileDescriptor &file)
{
    std::vector<ProtoMethod> methods;
    for (int s = 0; s < file.service_count(); ++s) {
        const pb::ServiceDescriptor &service = *file.service(s);
        for (int m = 0; m < service.method_count(); ++m) {
            const pb::MethodDescriptor &method = *service.method(m);
            methods.push_back({.path = service.full_name() + '/' + method.name(),
                               .requestType = method.input_type()->full_name(),
                               .responseType = method.output_type()->full_name(),
                               .streamsRequests = method.client_streaming(),
                               .streamsResponses = method.server_streaming(),
                               .isIdempotent = method.options().idempotency_level() !=
                                               pb::MethodOptions::IDEMPOTENCY_UNKNOWN});
        }
    }
    return methods;
}

} // namespace

struct ProtoSchema::Impl
{
    // The pool asks its databases whenever it meets a name that it does not know.
    DescriptorErrors errors;
    pb::SimpleDescriptorDatabase files;
    pb::DescriptorPoolDatabase wellKnown{*pb::DescriptorPool::generated_pool()};
    pb::MergedDescriptorDatabase merged{&files, &wellKnown};
    pb::DescriptorPool pool{&merged, &errors};
    mutable pb::DynamicMessageFactory factory;
    /// For JSON. Made for a call, as libprotobuf does, it would be lost where that throws.
    std::unique_ptr<pb::util::TypeResolver> resolver{
        pb::util::NewTypeResolverForDescriptorPool(kUrlPrefix, &pool)};
    std::string set;
    std::vector<ProtoMethod> methods;

    static Result<ProtoSchema> build(const pb::FileDescriptorSet &set);
};

Result<ProtoSchema> ProtoSchema::Impl::build(const pb::FileDescriptorSet &set)
{
    auto impl = std::make_shared<Impl>();
    // Some servers describe their files without what these import.
    impl->pool.InternalDontEnforceDependencies();
    const auto order = orderOfFiles(set);
    if (!order)
        return fail(order.error());
    std::set<std::string> names;
    for (const auto &file : set.file()) {
        if (names.insert(file.name()).second && !impl->files.Add(file))
            return invalid(file.name() + ": defines what another file defines already");
    }
    pb::FileDescriptorSet whole;
    std::set<std::string> seen;
    for (const std::string &name : *order) {
        const pb::FileDescriptor *built = impl->pool.FindFileByName(name);
        if (built == nullptr)
            return invalid(impl->errors.first().empty() ? name + ": cannot be used"
                                                        : impl->errors.first());
        addWithImports(*built, seen, whole);
    }
    for (const auto &file : set.file()) {
        if (names.erase(file.name()) == 0)
            continue;
        const auto methods = methodsOf(*impl->pool.FindFileByName(file.name()));
        impl->methods.insert(impl->methods.end(), methods.begin(), methods.end());
    }
    if (!whole.SerializeToString(&impl->set))
        return invalid("the types cannot be written down");
    return ProtoSchema(std::move(impl));
}

Result<ProtoSchema> ProtoSchema::load(const ProtoFiles &files)
{
    if (!files.descriptorSetFile.empty()) {
        const auto bytes = readFile(files.descriptorSetFile, ByteCount(kMaxBytes));
        if (!bytes)
            return fail(bytes.error());
        return parse(*bytes);
    }
    const auto set = importProtoFiles(files.protoFiles, files.importFolders);
    if (!set)
        return fail(set.error());
    return parse(*set);
}

Result<ProtoSchema> ProtoSchema::parse(std::string_view bytes)
{
    return guardedProto([&]() -> Result<ProtoSchema> {
        pb::FileDescriptorSet set;
        if (std::ssize(bytes) > kMaxBytes ||
            !set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
            set.file_size() == 0)
            return invalid("this is no FileDescriptorSet: make one with protoc "
                           "--include_imports --descriptor_set_out=FILE");
        return Impl::build(set);
    });
}

Result<ProtoSchema> ProtoSchema::fromFiles(const std::vector<std::string> &descriptorProtos)
{
    return guardedProto([&]() -> Result<ProtoSchema> {
        pb::FileDescriptorSet set;
        for (const std::string &bytes : descriptorProtos) {
            if (!set.add_file()->ParseFromString(bytes))
                return invalid("the server's description of its types cannot be read");
        }
        return Impl::build(set);
    });
}

const std::string &ProtoSchema::descriptorSet() const
{
    return m_impl->set;
}

const std::vector<ProtoMethod> &ProtoSchema::methods() const
{
    return m_impl->methods;
}

Result<ProtoMethod> ProtoSchema::method(std::string_view name) const
{
    std::string path(name.substr(name.starts_with('/') ? 1 : 0));
    if (const auto dot = path.rfind('.');
        path.find('/') == std::string::npos && dot != std::string::npos)
        path[dot] = '/';
    const auto found = std::ranges::find(methods(), path, &ProtoMethod::path);
    if (found != methods().end())
        return *found;
    std::string known;
    for (const ProtoMethod &method : methods())
        known += (known.empty() ? "" : ", ") + method.path;
    return invalid("there is no method " + path + (known.empty() ? "" : "; there are " + known));
}

Result<const pb::Descriptor *> ProtoSchema::descriptor(std::string_view type) const
{
    const pb::Descriptor *found = m_impl->pool.FindMessageTypeByName(std::string(type));
    if (found == nullptr)
        return invalid("there is no message type \"" + std::string(type) + '"');
    FRESHET_TRY(checkChainOfTypes(*found));
    return found;
}

Result<std::string> ProtoSchema::encode(std::string_view type, std::string_view json) const
{
    const auto found = descriptor(type);
    if (!found)
        return fail(found.error());
    return guardedProto([&]() -> Result<std::string> {
        const std::unique_ptr<pb::Message> message(m_impl->factory.GetPrototype(*found)->New());
        if (json.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            std::string bytes;
            const auto status = pb::util::JsonToBinaryString(m_impl->resolver.get(), urlOf(type),
                                                             std::string(json), &bytes);
            if (!status.ok() || !message->ParsePartialFromString(bytes))
                return fail(ErrorCode::SyntaxError,
                            "the request is no " + std::string(type) +
                                " in JSON: " + Error::excerptOf(std::string(status.message())));
        }
        if (!message->IsInitialized())
            return fail(ErrorCode::SyntaxError, "the request lacks required fields: " +
                                                    message->InitializationErrorString());
        return message->SerializeAsString();
    });
}

Result<std::string> ProtoSchema::toJson(std::string_view type, std::string_view bytes) const
{
    const auto found = descriptor(type);
    if (!found)
        return fail(found.error());
    return guardedProto([&]() -> Result<std::string> {
        const std::unique_ptr<pb::Message> message(m_impl->factory.GetPrototype(*found)->New());
        if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size())))
            return fail(ErrorCode::SyntaxError, "the bytes are no " + std::string(type));
        pb::util::JsonPrintOptions options;
        options.preserve_proto_field_names = true;
        std::string json;
        const auto status =
            pb::util::BinaryToJsonString(m_impl->resolver.get(), urlOf(type),
                                         message->SerializePartialAsString(), &json, options);
        if (!status.ok())
            return fail(ErrorCode::SyntaxError, std::string(status.message()));
        return json;
    });
}

Result<std::string> ProtoSchema::exampleJson(std::string_view type) const
{
    const auto found = descriptor(type);
    if (!found)
        return fail(found.error());
    return guardedProto([&]() -> Result<std::string> {
        pb::util::JsonPrintOptions options;
        options.preserve_proto_field_names = true;
        options.always_print_primitive_fields = true;
        options.add_whitespace = true;
        std::string json;
        const auto status = pb::util::BinaryToJsonString(m_impl->resolver.get(), urlOf(type),
                                                         std::string(), &json, options);
        if (!status.ok())
            return fail(ErrorCode::SyntaxError, std::string(status.message()));
        return json;
    });
}

} // namespace freshet::decode

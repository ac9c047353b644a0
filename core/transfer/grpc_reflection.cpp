// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a server says about its own types.
// Source: grpc/grpc src/proto/grpc/reflection/v1/reflection.proto; v1alpha has the same fields.
#include "decode/grpc_frames.h"
#include "decode/proto_wire.h"
#include "transfer/grpc_call.h"
#include "transport/grpc_status.h"

#include <set>

namespace freshet::transfer {

namespace {

using decode::WirePiece;
using decode::WireReader;
using decode::WireType;

/// Fields of ServerReflectionRequest.
enum class Ask : std::uint32_t { FileByName = 3, FileWithSymbol = 4, ListServices = 7 };
/// Fields of ServerReflectionResponse.
constexpr std::uint32_t kFiles = 4;
constexpr std::uint32_t kServices = 6;
constexpr std::uint32_t kProblem = 7;

/// The answers of all requests together.
struct Answers
{
    std::vector<std::string> files; ///< serialized FileDescriptorProtos
    std::vector<std::string> services;
    std::string problem; ///< what the server could not find
};

void appendVarint(std::string &out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

std::string question(Ask ask, std::string_view text)
{
    std::string message;
    appendVarint(message, static_cast<std::uint32_t>(ask) << 3 |
                              static_cast<std::uint32_t>(WireType::Length));
    appendVarint(message, text.size());
    return message.append(text);
}

/// Call `take` with the number and bytes of each field of a message that holds bytes.
template <typename Take>
bool eachPart(std::string_view message, const Take &take)
{
    constexpr int kDepth = 10;
    WireReader reader(message);
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        WirePiece piece;
        if (!reader.tag(tag) || !reader.piece(tag, piece, kDepth))
            return false;
        if (piece.wire == WireType::Length && !take(tag >> 3, piece.bytes))
            return false;
    }
    return true;
}

bool readAnswer(std::string_view message, Answers &answers)
{
    return eachPart(message, [&](std::uint32_t kind, std::string_view inside) {
        return eachPart(inside, [&](std::uint32_t field, std::string_view bytes) {
            if (kind == kFiles && field == 1)
                answers.files.emplace_back(bytes);
            else if (kind == kProblem && field == 2)
                answers.problem = bytes;
            else if (kind == kServices && field == 1)
                return eachPart(bytes, [&](std::uint32_t inner, std::string_view name) {
                    if (inner == 1)
                        answers.services.emplace_back(name);
                    return true;
                });
            return true;
        });
    });
}

/// Name and imports of a serialized FileDescriptorProto.
struct FileHead
{
    std::string name;
    std::vector<std::string> imports;
};

FileHead headOf(const std::string &file)
{
    std::string padded = file;
    padded.append(WireReader::kPadding, '\0');
    FileHead head;
    // What cannot be read is found out when the schema is built.
    (void)eachPart(std::string_view(padded).substr(0, file.size()),
                   [&](std::uint32_t field, std::string_view bytes) {
                       if (field == 1)
                           head.name = bytes;
                       else if (field == 3)
                           head.imports.emplace_back(bytes);
                       return true;
                   });
    return head;
}

/// Keeps the body of an answer.
class BodyKeeper final : public transport::ByteSink
{
public:
    Status onHead(const transport::ResponseHead &) override { return {}; }
    Status onBytes(std::string_view bytes) override
    {
        if (std::ssize(m_body) + std::ssize(bytes) > decode::ProtoSchema::kMaxBytes)
            return fail(ErrorCode::SizeLimitExceeded,
                        "the server describes its types in more than 64 MiB");
        m_body += bytes;
        return {};
    }
    [[nodiscard]] const std::string &body() const { return m_body; }

private:
    std::string m_body;
};

/// Asks one version of the service.
class Reflector
{
public:
    Reflector(transport::ByteRequest server, std::string_view package, const CancelToken &cancel)
        : m_server(std::move(server)), m_cancel(cancel)
    {
        const std::size_t host = m_server.url.find("://") + 3;
        m_server.url.resize(std::min(m_server.url.find('/', host), m_server.url.size()));
        m_server.url += '/' + std::string(package) + ".ServerReflection/ServerReflectionInfo";
        m_server.method = "POST";
        m_server.body.clear();
    }

    [[nodiscard]] Result<decode::ProtoSchema> schemaOf(const std::string &service)
    {
        std::vector<std::string> services = {service};
        if (service.empty()) {
            auto listed = ask({question(Ask::ListServices, "*")});
            if (!listed)
                return fail(std::move(listed).error());
            services = std::move(listed->services);
        }
        std::vector<std::string> questions;
        for (const std::string &name : services)
            questions.push_back(question(Ask::FileWithSymbol, name));
        FRESHET_TRY(gather(std::move(questions)));
        if (m_files.empty())
            return fail(ErrorCode::SchemaInvalid,
                        "the server does not describe " + service +
                            (m_problem.empty() ? "" : ": " + Error::excerptOf(m_problem)));
        return decode::ProtoSchema::fromFiles(m_files);
    }

private:
    /// Ask for files, then for what they import, until nothing is missing.
    Status gather(std::vector<std::string> questions)
    {
        while (!questions.empty()) {
            auto answers = ask(questions);
            if (!answers)
                return fail(std::move(answers).error());
            m_problem = answers->problem;
            std::set<std::string> wanted;
            for (std::string &file : answers->files) {
                FileHead head = headOf(file);
                if (!m_known.insert(head.name).second)
                    continue;
                wanted.insert(head.imports.begin(), head.imports.end());
                m_files.push_back(std::move(file));
            }
            questions.clear();
            for (const std::string &name : wanted) {
                // The well-known types are here already.
                if (!m_known.contains(name) && !name.starts_with("google/protobuf/"))
                    questions.push_back(question(Ask::FileByName, name));
            }
        }
        return {};
    }

    Result<Answers> ask(const std::vector<std::string> &questions)
    {
        transport::ByteRequest request = m_server;
        for (const std::string &one : questions)
            request.body += grpcFramed(one);
        auto made = transport::makeTransport(std::move(request));
        if (!made)
            return fail(std::move(made).error());
        BodyKeeper keeper;
        if (const auto end = (*made)->run(keeper, m_cancel); !end)
            return fail(end.error());
        return answersIn(keeper.body());
    }

    Result<Answers> answersIn(std::string body) const
    {
        const std::size_t size = body.size();
        body.append(WireReader::kPadding, '\0');
        std::string_view left = std::string_view(body).substr(0, size);
        Answers answers;
        while (!left.empty()) {
            const auto frame =
                decode::readGrpcFrame(left, decode::GrpcFraming::GrpcWeb, m_server.limits);
            if (!frame)
                return fail(frame.error());
            if (!*frame)
                break;
            if ((*frame)->isLast) {
                const auto end = decode::grpcEndIn(decode::parseGrpcTrailers((*frame)->payload));
                if (!end)
                    return fail(end.error());
                if (*end && (**end).code != transport::kGrpcOk)
                    return fail(transport::grpcError((**end).code, (**end).message));
                return answers;
            }
            if (!readAnswer((*frame)->payload, answers))
                return fail(ErrorCode::SchemaInvalid, "the server's reflection cannot be read");
            left.remove_prefix((*frame)->size());
        }
        return fail(ErrorCode::Truncated, "the server's reflection ends in the middle");
    }

    transport::ByteRequest m_server;
    const CancelToken &m_cancel;
    std::set<std::string> m_known;
    std::vector<std::string> m_files;
    std::string m_problem;
};

} // namespace

Result<decode::ProtoSchema> reflectSchema(transport::ByteRequest server, const std::string &service,
                                          const CancelToken &cancel)
{
    for (const std::string_view package : {"grpc.reflection.v1", "grpc.reflection.v1alpha"}) {
        auto schema = Reflector(server, package, cancel).schemaOf(service);
        const bool isOther = schema || schema.error().code != ErrorCode::GrpcStatus ||
                             schema.error().nativeCode != transport::kGrpcUnimplemented;
        if (isOther)
            return schema;
    }
    return fail(ErrorCode::Unsupported,
                "the server does not describe its types (no reflection): give .proto files or a "
                "descriptor set");
}

} // namespace freshet::transfer

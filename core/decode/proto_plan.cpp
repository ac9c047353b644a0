// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_plan.h"

#include <google/protobuf/descriptor.h>

namespace freshet::decode {

using columnar::LogicalType;
using columnar::TypeKind;

namespace {

LogicalType typeOfScalar(ProtoKind kind)
{
    switch (kind) {
    case ProtoKind::Double:
    case ProtoKind::Float:
        return {TypeKind::Double};
    case ProtoKind::UInt64:
    case ProtoKind::Fixed64:
        return {TypeKind::UInt64};
    case ProtoKind::Bool:
        return {TypeKind::Bool};
    case ProtoKind::String:
    case ProtoKind::Enum:
        return {TypeKind::String};
    case ProtoKind::Bytes:
        return {TypeKind::Binary};
    default:
        return {TypeKind::Int64};
    }
}

Action directActionOf(ProtoKind kind)
{
    if (kind == ProtoKind::String)
        return Action::Text;
    return kind == ProtoKind::Int64 ? Action::Int64 : Action::Scalar;
}

LogicalType typeOf(const ProtoField &field)
{
    if (field.isRepeated)
        return {TypeKind::Json};
    if (!field.isMessage())
        return typeOfScalar(field.kind);
    switch (field.type->wellKnown) {
    case WellKnown::Timestamp:
        return LogicalType::timestamp(kTimestampForm);
    case WellKnown::Duration:
        return LogicalType::decimal(18, kDurationScale);
    case WellKnown::FieldMask:
        return {TypeKind::String};
    case WellKnown::Wrapper:
        return typeOfScalar(field.type->fields[0].kind);
    default:
        return {TypeKind::Json};
    }
}

tl::unexpected<Error> invalid(std::string detail)
{
    return fail(ErrorCode::SchemaInvalid, std::move(detail));
}

/// The field that `rowsField` names.
Result<const ProtoField *> rowsFieldOf(const ProtoType &type, const std::string &name)
{
    std::string possible;
    for (const ProtoField &field : type.fields) {
        const bool isPossible = field.isRepeated && !field.isMap && field.isMessage();
        if (isPossible && field.name == name)
            return &field;
        if (isPossible)
            possible += (possible.empty() ? "" : ", ") + field.name;
    }
    return invalid(type.fullName + " has no repeated message field \"" + name + "\" for the rows" +
                   (possible.empty() ? "" : "; it has " + possible));
}

} // namespace

ProtoRows::ProtoRows(ProtoSchema schema, const google::protobuf::Descriptor &root,
                     columnar::BatchBuilder &builder, const Limits &limits)
    : m_schema(std::move(schema)),
      m_builder(builder),
      m_types(root),
      m_fit(m_types),
      m_json(m_types, m_fit, limits.nestingDepth),
      m_maxDepth(limits.nestingDepth)
{}

ProtoRows::~ProtoRows() = default;

Result<std::unique_ptr<ProtoRows>> ProtoRows::create(const DecodeOptions &options,
                                                     columnar::BatchBuilder &builder)
{
    const MessageSchema &messages = options.messages;
    if (messages.descriptorSet.empty())
        return invalid("gRPC messages need a schema: .proto files, a descriptor set or reflection");
    auto schema = ProtoSchema::parse(messages.descriptorSet);
    if (!schema)
        return fail(std::move(schema).error());
    const auto root = schema->descriptor(messages.typeName);
    if (!root)
        return fail(root.error());
    std::unique_ptr<ProtoRows> rows(
        new ProtoRows(*std::move(schema), **root, builder, options.limits));
    const ProtoType *row = &rows->m_types.root();
    if (!messages.rowsField.empty()) {
        const auto field = rowsFieldOf(*row, messages.rowsField);
        if (!field)
            return fail(field.error());
        rows->m_rowsField = (*field)->number;
        rows->m_fit.setRowsField(**field);
        row = (*field)->type;
    }
    FRESHET_TRY(rows->plan(*row, options.flatten));
    return rows;
}

void ProtoRows::Node::finishPlan()
{
    const std::size_t words = (members.size() + 63) / 64;
    seen.assign(words, 0);
    closed.assign(words, 0);
    for (std::size_t i = 0; i < members.size(); ++i) {
        Member &member = members[i];
        member.kind = member.field->kind;
        member.isInOneof = member.field->oneof >= 0;
        member.place = MemberBit::of(i);
        if (member.action == Action::Scalar && !member.isInOneof)
            member.action = directActionOf(member.kind);
        if (isScalar(member.action))
            closed[member.place.word] |= member.place.bit;
    }
}

Status ProtoRows::plan(const ProtoType &row, bool flatten)
{
    m_root = std::make_unique<Node>();
    std::vector<const ProtoType *> above;
    return planNode(*m_root, row, {}, above, flatten);
}

Status ProtoRows::planNode(Node &node, const ProtoType &type, const std::string &prefix,
                           std::vector<const ProtoType *> &above, bool flatten)
{
    above.push_back(&type);
    node.type = &type;
    node.chosen.resize(static_cast<std::size_t>(type.oneofs));
    node.members.reserve(type.fields.size());
    for (const ProtoField &field : type.fields) {
        Member member{.tag = field.tag(), .field = &field};
        const std::string name = prefix + field.name;
        const bool isPlainMessage =
            field.isMessage() && !field.isRepeated && field.type->wellKnown == WellKnown::None;
        if (isPlainMessage && flatten && !field.type->fields.empty() &&
            std::ssize(above) < kFlattenDepth &&
            std::ranges::find(above, field.type) == above.end()) {
            member.action = Action::Child;
            member.child = std::make_unique<Node>();
            FRESHET_TRY(planNode(*member.child, *field.type, name + '.', above, flatten));
        } else {
            const auto column = m_builder.declareColumn(name, typeOf(field));
            if (!column)
                return fail(column.error());
            member.column = *column;
            member.action = field.isRepeated || field.isMessage() ? Action::Late : Action::Scalar;
        }
        if (field.isMessage() && !field.isRepeated && field.type->wellKnown == WellKnown::Wrapper) {
            member.child = std::make_unique<Node>();
            member.child->type = field.type;
            member.child->members.push_back({.tag = field.type->fields[0].tag(),
                                             .column = member.column,
                                             .field = &field.type->fields[0]});
            member.child->byField = {0};
            member.child->finishPlan();
        }
        node.members.push_back(std::move(member));
    }
    // Columns stand in the order of the schema; reading wants the order of the numbers.
    std::ranges::sort(node.members, {}, &Member::tag);
    node.byField.resize(type.fields.size());
    node.finishPlan();
    for (std::size_t i = 0; i < node.members.size(); ++i)
        node.byField[static_cast<std::size_t>(node.members[i].field - type.fields.data())] =
            static_cast<int>(i);
    above.pop_back();
    return {};
}

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_type.h"

#include <google/protobuf/descriptor.h>

#include <array>
#include <bit>
#include <utility>

namespace freshet::decode {

namespace pb = google::protobuf;

namespace {

constexpr std::uint32_t kNearNumbers = 256;

WireType wireOf(ProtoKind kind)
{
    switch (kind) {
    case ProtoKind::Double:
    case ProtoKind::Fixed64:
    case ProtoKind::SFixed64:
        return WireType::Fixed64;
    case ProtoKind::Float:
    case ProtoKind::Fixed32:
    case ProtoKind::SFixed32:
        return WireType::Fixed32;
    case ProtoKind::String:
    case ProtoKind::Bytes:
    case ProtoKind::Message:
        return WireType::Length;
    case ProtoKind::Group:
        return WireType::StartGroup;
    default:
        return WireType::Varint;
    }
}

bool isSameShape(const pb::Descriptor &one, const pb::Descriptor &other);

bool isSameShape(const pb::FieldDescriptor &one, const pb::FieldDescriptor &other)
{
    const pb::Descriptor *const type = other.message_type();
    return one.number() == other.number() && one.type() == other.type() &&
           one.label() == other.label() && one.is_map() == other.is_map() &&
           (one.real_containing_oneof() != nullptr) == (other.real_containing_oneof() != nullptr) &&
           (type == nullptr || one.message_type()->full_name() == type->full_name()) &&
           (!other.is_map() || isSameShape(*one.message_type(), *type));
}

bool isSameShape(const pb::Descriptor &one, const pb::Descriptor &other)
{
    bool isSame = one.field_count() == other.field_count();
    for (int i = 0; isSame && i < one.field_count(); ++i)
        isSame = isSameShape(*one.field(i), *other.field(i));
    return isSame;
}

/// Servers describe these types too, and may do so in another way than everybody knows them.
bool isAsKnown(const pb::Descriptor &descriptor)
{
    const pb::Descriptor *const known =
        pb::DescriptorPool::generated_pool()->FindMessageTypeByName(descriptor.full_name());
    return known != nullptr && isSameShape(descriptor, *known);
}

WellKnown wellKnownOf(const pb::Descriptor &descriptor)
{
    if (descriptor.well_known_type() != pb::Descriptor::WELLKNOWNTYPE_UNSPECIFIED &&
        !isAsKnown(descriptor))
        return WellKnown::None;
    switch (descriptor.well_known_type()) {
    case pb::Descriptor::WELLKNOWNTYPE_TIMESTAMP:
        return WellKnown::Timestamp;
    case pb::Descriptor::WELLKNOWNTYPE_DURATION:
        return WellKnown::Duration;
    case pb::Descriptor::WELLKNOWNTYPE_STRUCT:
        return WellKnown::Struct;
    case pb::Descriptor::WELLKNOWNTYPE_VALUE:
        return WellKnown::Value;
    case pb::Descriptor::WELLKNOWNTYPE_LISTVALUE:
        return WellKnown::ListValue;
    case pb::Descriptor::WELLKNOWNTYPE_FIELDMASK:
        return WellKnown::FieldMask;
    case pb::Descriptor::WELLKNOWNTYPE_ANY:
        return WellKnown::Any;
    case pb::Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
    case pb::Descriptor::__WELLKNOWNTYPE__DO_NOT_USE__ADD_DEFAULT_INSTEAD__:
        return WellKnown::None;
    default:
        return WellKnown::Wrapper;
    }
}

void takeDefault(ProtoField &field, const pb::FieldDescriptor &from)
{
    field.hasDefault = from.has_default_value();
    switch (from.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
        field.defaultBits = static_cast<std::uint64_t>(std::int64_t{from.default_value_int32()});
        break;
    case pb::FieldDescriptor::CPPTYPE_INT64:
        field.defaultBits = static_cast<std::uint64_t>(from.default_value_int64());
        break;
    case pb::FieldDescriptor::CPPTYPE_UINT32:
        field.defaultBits = from.default_value_uint32();
        break;
    case pb::FieldDescriptor::CPPTYPE_UINT64:
        field.defaultBits = from.default_value_uint64();
        break;
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        field.defaultBits = std::bit_cast<std::uint64_t>(from.default_value_double());
        break;
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
        field.defaultBits = std::bit_cast<std::uint32_t>(from.default_value_float());
        break;
    case pb::FieldDescriptor::CPPTYPE_BOOL:
        field.defaultBits = from.default_value_bool() ? 1 : 0;
        break;
    case pb::FieldDescriptor::CPPTYPE_ENUM:
        field.defaultBits =
            static_cast<std::uint64_t>(std::int64_t{from.default_value_enum()->number()});
        break;
    case pb::FieldDescriptor::CPPTYPE_STRING:
        field.defaultText = from.default_value_string();
        break;
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
}

} // namespace

ProtoEnum::ProtoEnum(const pb::EnumDescriptor &descriptor)
{
    for (int i = 0; i < descriptor.value_count(); ++i)
        m_names.emplace(descriptor.value(i)->number(), descriptor.value(i)->name());
}

const std::string *ProtoEnum::name(std::int32_t number) const
{
    const auto found = m_names.find(number);
    return found == m_names.end() ? nullptr : &found->second;
}

ProtoTypes::ProtoTypes(const pb::Descriptor &root) : m_root(add(root)) {}

const ProtoType *ProtoTypes::find(std::string_view fullName) const
{
    const auto found = m_types.find(std::string(fullName));
    return found == m_types.end() ? nullptr : found->second.get();
}

const ProtoType *ProtoTypes::add(const pb::Descriptor &descriptor)
{
    auto &slot = m_types[descriptor.full_name()];
    if (slot)
        return slot.get();
    slot = std::make_unique<ProtoType>();
    ProtoType &type = *slot; // the slot may move, what it points at stays
    type.index = m_types.size() - 1;
    type.fullName = descriptor.full_name();
    type.file = descriptor.file()->name();
    type.wellKnown = wellKnownOf(descriptor);
    type.oneofs = descriptor.real_oneof_decl_count();
    for (int i = 0; i < descriptor.field_count(); ++i) {
        const pb::FieldDescriptor &from = *descriptor.field(i);
        ProtoField field{.name = from.name(),
                         .number = static_cast<std::uint32_t>(from.number()),
                         .kind = static_cast<ProtoKind>(from.type())};
        field.wire = wireOf(field.kind);
        field.isRepeated = from.is_repeated();
        field.isMap = from.is_map();
        field.hasPresence = from.has_presence();
        if (from.real_containing_oneof() != nullptr)
            field.oneof = from.real_containing_oneof()->index();
        takeDefault(field, from);
        if (field.isMessage())
            field.type = add(*from.message_type());
        if (field.kind == ProtoKind::Enum)
            field.names = add(*from.enum_type());
        if (field.number < kNearNumbers) {
            if (type.m_near.size() <= field.number)
                type.m_near.resize(field.number + 1, -1);
            type.m_near[field.number] = i;
        } else {
            type.m_far.emplace(field.number, i);
        }
        type.fields.push_back(std::move(field));
    }
    return &type;
}

const ProtoEnum *ProtoTypes::add(const pb::EnumDescriptor &descriptor)
{
    auto &slot = m_enums[descriptor.full_name()];
    if (!slot)
        slot = std::make_unique<ProtoEnum>(descriptor);
    return slot.get();
}

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
} // namespace google::protobuf

namespace freshet::decode {

/// How a field's values are written, in the order of FieldDescriptorProto.Type.
enum class ProtoKind : std::uint8_t {
    Double = 1,
    Float,
    Int64,
    UInt64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Group,
    Message,
    Bytes,
    UInt32,
    Enum,
    SFixed32,
    SFixed64,
    SInt32,
    SInt64,
};

/// Messages that the JSON mapping writes in a way of their own, if the schema describes them as
/// protobuf does.
enum class WellKnown : std::uint8_t {
    None,
    Timestamp,
    Duration,
    Wrapper,
    Struct,
    Value,
    ListValue,
    FieldMask,
    Any,
};

enum class WireType : std::uint8_t { Varint, Fixed64, Length, StartGroup, EndGroup, Fixed32 };

/// The names of an enum's numbers.
class ProtoEnum
{
public:
    explicit ProtoEnum(const google::protobuf::EnumDescriptor &descriptor);
    /// Output: nullptr if the number has no name.
    [[nodiscard]] const std::string *name(std::int32_t number) const;

private:
    std::unordered_map<std::int32_t, std::string> m_names; ///< of an alias, the first
};

struct ProtoType;

struct ProtoField
{
    std::string name;
    std::uint32_t number = 0;
    ProtoKind kind = ProtoKind::Int32;
    WireType wire = WireType::Varint; ///< of one value that is not packed
    bool isRepeated = false;          ///< maps too
    bool isMap = false;
    /// Absent is something else than the default value.
    bool hasPresence = false;
    /// proto2: the schema names a default.
    bool hasDefault = false;
    int oneof = -1; ///< counted in the message
    std::uint64_t defaultBits =
        0;                   ///< numbers: as a varint or fixed value holds them, sign-extended
    std::string defaultText; ///< string, bytes, and the enum's name
    const ProtoType *type = nullptr; ///< Message and Group
    const ProtoEnum *names = nullptr;

    [[nodiscard]] bool isMessage() const
    {
        return kind == ProtoKind::Message || kind == ProtoKind::Group;
    }
    [[nodiscard]] bool isPackable() const
    {
        return isRepeated && wire != WireType::Length && wire != WireType::StartGroup;
    }
    /// Whether its values may come so: repeated numbers packed or not.
    [[nodiscard]] bool canHave(WireType found) const
    {
        return found == wire || (isPackable() && found == WireType::Length);
    }
    [[nodiscard]] std::uint32_t tag() const
    {
        return number << 3 | static_cast<std::uint32_t>(wire);
    }
};

/// A message type, taken from its descriptor once so that reading needs no look-ups by name.
struct ProtoType
{
    std::string fullName;
    std::string file;      ///< that declares it
    std::size_t index = 0; ///< among all types
    WellKnown wellKnown = WellKnown::None;
    std::vector<ProtoField> fields; ///< in the order of the schema
    int oneofs = 0;

    /// Output: -1 if there is no field of this number.
    [[nodiscard]] int indexOf(std::uint32_t number) const
    {
        if (number < m_near.size())
            return m_near[number];
        const auto found = m_far.find(number);
        return found == m_far.end() ? -1 : found->second;
    }

private:
    friend class ProtoTypes;
    std::vector<int> m_near; ///< by number
    std::unordered_map<std::uint32_t, int> m_far;
};

/// All types that one type needs, itself included; types may contain each other.
/// Lifetime: types and enums live as long as this. Threads: immutable once made.
class ProtoTypes
{
public:
    explicit ProtoTypes(const google::protobuf::Descriptor &root);

    [[nodiscard]] const ProtoType &root() const { return *m_root; }
    /// By full name. Output: nullptr if the root does not need it.
    [[nodiscard]] const ProtoType *find(std::string_view fullName) const;
    [[nodiscard]] std::size_t count() const { return m_types.size(); }
    template <typename Call>
    void forEach(const Call &call) const
    {
        for (const auto &named : m_types)
            call(*named.second);
    }

private:
    const ProtoType *add(const google::protobuf::Descriptor &descriptor);
    const ProtoEnum *add(const google::protobuf::EnumDescriptor &descriptor);

    std::unordered_map<std::string, std::unique_ptr<ProtoType>> m_types;
    std::unordered_map<std::string, std::unique_ptr<ProtoEnum>> m_enums;
    const ProtoType *m_root;
};

} // namespace freshet::decode

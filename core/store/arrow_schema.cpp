// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_schema.h"

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace freshet::store {

using columnar::Field;
using columnar::LogicalType;
using columnar::Schema;
using columnar::TimeForm;
using columnar::TypeKind;

namespace {

constexpr std::string_view kTypeKey = "freshet.type";
constexpr std::string_view kExtensionKey = "ARROW:extension:name";
constexpr std::string_view kExtensionDataKey = "ARROW:extension:metadata";
constexpr std::string_view kJsonExtension = "arrow.json";
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr int kMaxDecimalDigits = 38;

using Builder = flatbuffers::FlatBufferBuilder;

std::pair<ipc::Type, flatbuffers::Offset<void>> writeType(Builder &builder, LogicalType type)
{
    switch (type.kind) {
    case TypeKind::Null:
        return {ipc::Type::NullType, ipc::CreateNullType(builder).Union()};
    case TypeKind::Bool:
        return {ipc::Type::BoolType, ipc::CreateBoolType(builder).Union()};
    case TypeKind::Int64:
        return {ipc::Type::IntType, ipc::CreateIntType(builder, 64, true).Union()};
    case TypeKind::UInt64:
        return {ipc::Type::IntType, ipc::CreateIntType(builder, 64, false).Union()};
    case TypeKind::Double:
        return {ipc::Type::FloatType,
                ipc::CreateFloatType(builder, ipc::FloatWidth::Double).Union()};
    case TypeKind::Decimal:
        return {ipc::Type::DecimalType,
                ipc::CreateDecimalType(builder, type.precision, type.scale, 128).Union()};
    case TypeKind::Date:
        return {ipc::Type::DateType, ipc::CreateDateType(builder, ipc::DateUnit::Day).Union()};
    case TypeKind::Time:
        return {ipc::Type::TimeType,
                ipc::CreateTimeType(builder, ipc::TimeUnit::Microsecond, 64).Union()};
    case TypeKind::Timestamp: {
        flatbuffers::Offset<flatbuffers::String> zone;
        if (type.form.zone != TimeForm::Zone::None)
            zone = builder.CreateString("UTC");
        return {ipc::Type::TimestampType,
                ipc::CreateTimestampType(builder, ipc::TimeUnit::Microsecond, zone).Union()};
    }
    case TypeKind::Binary:
        return {ipc::Type::BinaryType, ipc::CreateBinaryType(builder).Union()};
    case TypeKind::String:
    case TypeKind::Json:
        break;
    }
    return {ipc::Type::TextType, ipc::CreateTextType(builder).Union()};
}

flatbuffers::Offset<ipc::Field> writeField(Builder &builder, const Field &field)
{
    std::vector<flatbuffers::Offset<ipc::KeyValue>> metadata;
    const auto add = [&](std::string_view key, std::string_view value) {
        const auto keyText = builder.CreateString(key.data(), key.size());
        const auto valueText = builder.CreateString(value.data(), value.size());
        metadata.push_back(ipc::CreateKeyValue(builder, keyText, valueText));
    };
    add(kTypeKey, field.type.encode());
    if (field.type.kind == TypeKind::Json) {
        add(kExtensionKey, kJsonExtension);
        add(kExtensionDataKey, "");
    }
    const auto name = builder.CreateString(field.name);
    const auto [tag, type] = writeType(builder, field.type);
    const auto entries = builder.CreateVector(metadata);
    // Some readers take an absent list of children for a damaged field.
    const auto children = builder.CreateVector(std::vector<flatbuffers::Offset<ipc::Field>>());
    return ipc::CreateField(builder, name, true, tag, type, 0, children, entries);
}

std::string_view textOf(const flatbuffers::String *text)
{
    return text == nullptr ? std::string_view() : text->string_view();
}

std::string_view metadataOf(const ipc::Field &field, std::string_view key)
{
    if (field.custom_metadata() == nullptr)
        return {};
    for (const ipc::KeyValue *entry : *field.custom_metadata()) {
        if (textOf(entry->key()) == key)
            return textOf(entry->value());
    }
    return {};
}

std::int64_t unitsPerSecond(ipc::TimeUnit unit)
{
    constexpr std::array<std::int64_t, 4> units{1, 1'000, 1'000'000, 1'000'000'000};
    const auto index = static_cast<std::size_t>(unit);
    return index < units.size() ? units[index] : 0;
}

std::uint8_t fractionDigits(std::int64_t perSecond)
{
    return perSecond == 1 ? 0 : perSecond == 1'000 ? 3 : 6;
}

struct FieldType
{
    LogicalType type;
    ArrowStorage storage;
};

/// What a type is called in the message that it cannot be read.
std::string_view refusedTypeName(ipc::Type type)
{
    switch (type) {
    case ipc::Type::ListType:
    case ipc::Type::FixedListType:
    case ipc::Type::LargeListType:
    case ipc::Type::ListViewType:
    case ipc::Type::LargeListViewType:
        return "a list";
    case ipc::Type::StructType:
        return "a struct";
    case ipc::Type::MapType:
        return "a map";
    case ipc::Type::UnionType:
        return "a union";
    case ipc::Type::IntervalType:
        return "an interval";
    case ipc::Type::DurationType:
        return "a duration";
    case ipc::Type::RunEndType:
        return "run-end encoded";
    case ipc::Type::BinaryViewType:
    case ipc::Type::TextViewType:
        return "a view";
    default:
        return "of a type that is not known";
    }
}

using Kind = ArrowStorage::Kind;
using MaybeType = std::optional<FieldType>;

MaybeType integerType(const ipc::IntType &type)
{
    const int bits = type.bit_width();
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
        return std::nullopt;
    const bool needsUnsigned = bits == 64 && !type.is_signed();
    return FieldType{{.kind = needsUnsigned ? TypeKind::UInt64 : TypeKind::Int64},
                     {.kind = Kind::Int, .isSigned = type.is_signed(), .bitWidth = bits}};
}

MaybeType floatType(const ipc::FloatType &type)
{
    const auto width = static_cast<int>(type.width());
    if (width < 0 || width > 2)
        return std::nullopt;
    return FieldType{{.kind = TypeKind::Double}, {.kind = Kind::Float, .bitWidth = 16 << width}};
}

MaybeType decimalType(const ipc::DecimalType &type)
{
    const int bits = type.bit_width();
    if ((bits != 32 && bits != 64 && bits != 128) || type.precision() < 1 ||
        type.precision() > kMaxDecimalDigits || type.scale() < 0 ||
        type.scale() > kMaxDecimalDigits)
        return std::nullopt;
    return FieldType{LogicalType::decimal(type.precision(), type.scale()),
                     {.kind = Kind::Decimal, .bitWidth = bits, .scale = type.scale()}};
}

MaybeType dateType(const ipc::DateType &type)
{
    const int bits = type.unit() == ipc::DateUnit::Day ? 32 : 64;
    return FieldType{{.kind = TypeKind::Date}, {.kind = Kind::Date, .bitWidth = bits}};
}

MaybeType timeType(const ipc::TimeType &type)
{
    const std::int64_t units = unitsPerSecond(type.unit());
    const int bits = type.bit_width();
    if (units == 0 || bits != (units <= 1'000 ? 32 : 64))
        return std::nullopt;
    LogicalType logical{.kind = TypeKind::Time};
    logical.form = {.fractionDigits = fractionDigits(units), .isFree = true};
    return FieldType{logical, {.kind = Kind::Time, .bitWidth = bits, .unitsPerSecond = units}};
}

MaybeType timestampType(const ipc::TimestampType &type)
{
    const std::int64_t units = unitsPerSecond(type.unit());
    if (units == 0)
        return std::nullopt;
    TimeForm form{.fractionDigits = fractionDigits(units), .isFree = true};
    // With any zone the values are instants in UTC; the zone is only how they would be shown.
    form.zone = textOf(type.timezone()).empty() ? TimeForm::Zone::None : TimeForm::Zone::Z;
    return FieldType{LogicalType::timestamp(form),
                     {.kind = Kind::Timestamp, .bitWidth = 64, .unitsPerSecond = units}};
}

MaybeType fixedBinaryType(const ipc::FixedBinaryType &type)
{
    constexpr int kMaxWidth = 1 << 20;
    if (type.byte_width() < 1 || type.byte_width() > kMaxWidth)
        return std::nullopt;
    return FieldType{{.kind = TypeKind::Binary},
                     {.kind = Kind::FixedBytes, .bitWidth = type.byte_width() * 8}};
}

FieldType bytesType(TypeKind kind, int offsetBits)
{
    return {{.kind = kind}, {.kind = Kind::VariableBytes, .bitWidth = offsetBits}};
}

/// The type by the file's own words, without our metadata.
MaybeType declaredType(const ipc::Field &field)
{
    const bool json = metadataOf(field, kExtensionKey) == kJsonExtension;
    const TypeKind text = json ? TypeKind::Json : TypeKind::String;
    switch (field.type_type()) {
    case ipc::Type::NullType:
        return FieldType{};
    case ipc::Type::BoolType:
        return FieldType{{.kind = TypeKind::Bool}, {.kind = Kind::Bool, .bitWidth = 1}};
    case ipc::Type::IntType:
        return integerType(*field.type_as_IntType());
    case ipc::Type::FloatType:
        return floatType(*field.type_as_FloatType());
    case ipc::Type::DecimalType:
        return decimalType(*field.type_as_DecimalType());
    case ipc::Type::DateType:
        return dateType(*field.type_as_DateType());
    case ipc::Type::TimeType:
        return timeType(*field.type_as_TimeType());
    case ipc::Type::TimestampType:
        return timestampType(*field.type_as_TimestampType());
    case ipc::Type::TextType:
        return bytesType(text, 32);
    case ipc::Type::LargeTextType:
        return bytesType(text, 64);
    case ipc::Type::BinaryType:
        return bytesType(TypeKind::Binary, 32);
    case ipc::Type::LargeBinaryType:
        return bytesType(TypeKind::Binary, 64);
    case ipc::Type::FixedBinaryType:
        return fixedBinaryType(*field.type_as_FixedBinaryType());
    default:
        return std::nullopt;
    }
}

/// Our token is believed only as far as it says the same as the declared type, apart from what
/// Arrow has no word for: how dates were spelled, and our two classes of precision.
LogicalType refinedType(const FieldType &declared, std::string_view token)
{
    if (token.empty() || declared.storage != nativeStorage(declared.type))
        return declared.type;
    const LogicalType exact = LogicalType::decode(token);
    const bool zoned = exact.form.zone != TimeForm::Zone::None;
    const bool declaredZoned = declared.type.form.zone != TimeForm::Zone::None;
    const bool same = exact.kind == declared.type.kind && exact.scale == declared.type.scale &&
                      exact.precision == declared.type.precision && zoned == declaredZoned &&
                      exact.form.fractionDigits <= 6;
    return same ? exact : declared.type;
}

} // namespace

int ArrowStorage::bufferCount() const
{
    return kind == Kind::Null ? 0 : kind == Kind::VariableBytes ? 3 : 2;
}

ArrowStorage nativeStorage(LogicalType type)
{
    switch (type.kind) {
    case TypeKind::Null:
        return {};
    case TypeKind::Bool:
        return {.kind = Kind::Bool, .bitWidth = 1};
    case TypeKind::Int64:
        return {.kind = Kind::Int, .bitWidth = 64};
    case TypeKind::UInt64:
        return {.kind = Kind::Int, .isSigned = false, .bitWidth = 64};
    case TypeKind::Double:
        return {.kind = Kind::Float, .bitWidth = 64};
    case TypeKind::Decimal:
        return {.kind = Kind::Decimal, .bitWidth = 128, .scale = type.scale};
    case TypeKind::Date:
        return {.kind = Kind::Date, .bitWidth = 32};
    case TypeKind::Time:
        return {.kind = Kind::Time, .bitWidth = 64, .unitsPerSecond = kMicrosPerSecond};
    case TypeKind::Timestamp:
        return {.kind = Kind::Timestamp, .bitWidth = 64, .unitsPerSecond = kMicrosPerSecond};
    case TypeKind::String:
    case TypeKind::Binary:
    case TypeKind::Json:
        break;
    }
    return {.kind = Kind::VariableBytes, .bitWidth = 32};
}

flatbuffers::Offset<ipc::Schema> writeSchema(Builder &builder, const Schema &schema)
{
    std::vector<flatbuffers::Offset<ipc::Field>> fields;
    fields.reserve(schema.fields.size());
    for (const Field &field : schema.fields)
        fields.push_back(writeField(builder, field));
    return ipc::CreateSchema(builder, ipc::ByteOrder::Little, builder.CreateVector(fields));
}

Result<ArrowSchema> readSchema(const ipc::Schema *schema, std::string_view path)
{
    const std::string file(path);
    if (schema == nullptr)
        return fail(ErrorCode::LibraryDamaged, file + ": no schema");
    if (schema->byte_order() != ipc::ByteOrder::Little)
        return fail(ErrorCode::Unsupported, file + ": a big-endian Arrow file");

    auto fields = std::make_shared<Schema>();
    ArrowSchema result;
    std::unordered_set<std::string> names;
    const auto *declaredFields = schema->fields();
    const flatbuffers::uoffset_t count = declaredFields == nullptr ? 0 : declaredFields->size();
    for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
        const ipc::Field &field = *declaredFields->Get(i);
        std::string name(textOf(field.name()));
        const auto refuse = [&](std::string_view why) {
            return fail(Error{.code = ErrorCode::Unsupported,
                              .detail = file + ": the column is " + std::string(why),
                              .column = name});
        };
        if (field.dictionary() != nullptr)
            return refuse("dictionary-encoded");
        if (field.type_type() != ipc::Type::NONE && field.type() == nullptr)
            return fail(ErrorCode::LibraryDamaged, file + ": a column without its type");
        const MaybeType declared = declaredType(field);
        if (!declared)
            return refuse(refusedTypeName(field.type_type()));

        std::string unique = name;
        for (int copy = 2; !names.insert(unique).second; ++copy)
            unique = name + '_' + std::to_string(copy);
        const LogicalType type = refinedType(*declared, metadataOf(field, kTypeKey));
        fields->fields.push_back({std::move(unique), type});
        result.storage.push_back(declared->storage);
        result.firstBuffer.push_back(result.bufferCount);
        result.bufferCount += declared->storage.bufferCount();
    }
    result.schema = std::move(fields);
    return result;
}

} // namespace freshet::store

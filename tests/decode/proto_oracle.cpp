// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_oracle.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <bit>
#include <cstdio>
#include <random>

namespace freshet::test {

namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

using Random = std::mt19937;
using Cells = std::map<std::string, ProtoOracle::Cell>;
using Sort = ProtoOracle::Cell::Sort;

std::string jsonOf(const pb::Message &message)
{
    pb::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string json;
    const auto status = pb::util::MessageToJsonString(message, &json, options);
    return status.ok() ? json : "!" + std::string(status.message());
}

std::int64_t randomWide(Random &random)
{
    const std::uint64_t bits = std::uint64_t{random()} << 32 | random();
    return static_cast<std::int64_t>(bits >> random() % 64);
}

std::string randomText(Random &random)
{
    static const char *const kPieces[] = {"a",  "Bee", " ", "\"", "\\", "\n",   "é",  "日本",
                                          "\t", "😀",   "{", "0",  ",",  "\x01", "zz", "/"};
    std::string text;
    for (unsigned n = random() % 6; n > 0; --n)
        text += kPieces[random() % std::size(kPieces)];
    return text;
}

double randomReal(Random &random)
{
    const double reals[] = {0, 0.5, -1.25, 0.1, 1e300, 123456789.125, -0.0, 1e-7};
    return random() % 2 == 0 ? reals[random() % std::size(reals)]
                             : static_cast<double>(randomWide(random)) / 1000;
}

void fill(pb::Message &message, Random &random, int depth);

void fillTime(pb::Message &message, Random &random, bool isDuration)
{
    const auto *type = message.GetDescriptor();
    const std::int64_t seconds =
        isDuration ? randomWide(random) % 1'000'000 : randomWide(random) % 50'000'000'000;
    const int nanos[] = {0, 5'000'000, 123'456'000, 1000};
    const int nano = nanos[random() % 4];
    message.GetReflection()->SetInt64(&message, type->FindFieldByNumber(1), seconds);
    message.GetReflection()->SetInt32(&message, type->FindFieldByNumber(2),
                                      isDuration && seconds < 0 ? -nano : nano);
}

void setOne(pb::Message &message, const FieldDescriptor &field, Random &random, int depth)
{
    const pb::Reflection &to = *message.GetReflection();
    const bool many = field.is_repeated();
    const auto set = [&](auto setter, auto adder, auto value) {
        if (many)
            (to.*adder)(&message, &field, value);
        else
            (to.*setter)(&message, &field, value);
    };
    using R = pb::Reflection;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
        return set(&R::SetInt32, &R::AddInt32, static_cast<std::int32_t>(randomWide(random)));
    case FieldDescriptor::CPPTYPE_INT64:
        return set(&R::SetInt64, &R::AddInt64, randomWide(random));
    case FieldDescriptor::CPPTYPE_UINT32:
        return set(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(randomWide(random)));
    case FieldDescriptor::CPPTYPE_UINT64:
        return set(&R::SetUInt64, &R::AddUInt64, static_cast<std::uint64_t>(randomWide(random)));
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return set(&R::SetDouble, &R::AddDouble, randomReal(random));
    case FieldDescriptor::CPPTYPE_FLOAT:
        return set(&R::SetFloat, &R::AddFloat,
                   std::bit_cast<float>(static_cast<std::uint32_t>(random() % 0x7F000000)));
    case FieldDescriptor::CPPTYPE_BOOL:
        return set(&R::SetBool, &R::AddBool, random() % 2 == 0);
    case FieldDescriptor::CPPTYPE_ENUM:
        return set(&R::SetEnumValue, &R::AddEnumValue,
                   field.enum_type()
                       ->value(static_cast<int>(random() % 251) % field.enum_type()->value_count())
                       ->number());
    case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = randomText(random);
        if (many)
            to.AddString(&message, &field, text);
        else
            to.SetString(&message, &field, text);
        return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
        fill(many ? *to.AddMessage(&message, &field) : *to.MutableMessage(&message, &field), random,
             depth - 1);
        return;
    }
}

void fill(pb::Message &message, Random &random, int depth)
{
    const pb::Descriptor &type = *message.GetDescriptor();
    if (type.full_name() == "google.protobuf.Timestamp")
        return fillTime(message, random, false);
    if (type.full_name() == "google.protobuf.Duration")
        return fillTime(message, random, true);
    if (type.full_name() == "google.protobuf.FieldMask")
        return message.GetReflection()->AddString(&message, type.field(0), "user_list.first_name");
    if (type.full_name() == "google.protobuf.Value") {
        // One kind must be set, else libprotobuf writes nothing.
        const int kind =
            depth > 0 ? static_cast<int>(random() % 6) : static_cast<int>(random() % 4);
        return setOne(message, *type.field(kind), random, depth);
    }
    if (type.full_name() == "google.protobuf.Any")
        return;
    const bool isEntry = type.options().map_entry();
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor &field = *type.field(i);
        const bool isDeep = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth <= 0 &&
                            !field.is_required() &&
                            field.message_type()->full_name() != "google.protobuf.Value";
        if (isDeep || (!isEntry && !field.is_required() && random() % 3 == 0))
            continue;
        for (unsigned n = field.is_repeated() ? random() % 4 : 1; n > 0; --n)
            setOne(message, field, random, depth);
    }
}

Cells::mapped_type scalarCell(const pb::Message &message, const FieldDescriptor &field)
{
    const pb::Reflection &from = *message.GetReflection();
    char hex[8];
    std::string text;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
        return {Sort::Text, std::to_string(from.GetInt32(message, &field))};
    case FieldDescriptor::CPPTYPE_INT64:
        return {Sort::Text, std::to_string(from.GetInt64(message, &field))};
    case FieldDescriptor::CPPTYPE_UINT32:
        return {Sort::Text, std::to_string(from.GetUInt32(message, &field))};
    case FieldDescriptor::CPPTYPE_UINT64:
        return {Sort::Text, std::to_string(from.GetUInt64(message, &field))};
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return {Sort::Double, {}, from.GetDouble(message, &field)};
    case FieldDescriptor::CPPTYPE_FLOAT:
        return {Sort::Float, {}, static_cast<double>(from.GetFloat(message, &field))};
    case FieldDescriptor::CPPTYPE_BOOL:
        return {Sort::Text, from.GetBool(message, &field) ? "true" : "false"};
    case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = from.GetEnumValue(message, &field);
        const auto *value = field.enum_type()->FindValueByNumber(number);
        return {Sort::Text, value != nullptr ? value->name() : std::to_string(number)};
    }
    default:
        text = from.GetString(message, &field);
        if (field.type() == FieldDescriptor::TYPE_STRING)
            return {Sort::Text, text};
        break;
    }
    std::string bytes = "\\x";
    for (const char c : text) {
        std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned char>(c));
        bytes += hex;
    }
    return {Sort::Text, bytes};
}

/// The JSON of one field, cut out of that of its message.
std::string fieldJson(const pb::Message &message, const FieldDescriptor &field)
{
    const QJsonObject all =
        QJsonDocument::fromJson(QByteArray::fromStdString(jsonOf(message))).object();
    const QJsonValue value = all.value(QString::fromStdString(field.name()));
    if (value.isUndefined())
        return field.is_map() ? "{}" : "[]";
    const QByteArray wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return wrapped.mid(1, wrapped.size() - 2).toStdString();
}

std::string unquoted(const std::string &json)
{
    return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

/// `2020-01-02T03:04:05.5Z` with six digits.
std::string withMicros(std::string text)
{
    text.pop_back();
    std::size_t point = text.find('.');
    if (point == std::string::npos) {
        point = text.size();
        text += '.';
    }
    text.resize(point + 7, '0');
    return text + 'Z';
}

std::string withNanos(std::string text)
{
    text.pop_back();
    std::size_t point = text.find('.');
    if (point == std::string::npos) {
        point = text.size();
        text += '.';
    }
    text.resize(point + 10, '0');
    return text;
}

void walk(Cells &cells, const std::string &prefix, const pb::Descriptor &type,
          const pb::Message *message)
{
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor &field = *type.field(i);
        const std::string name = prefix + field.name();
        const bool isThere =
            message != nullptr &&
            (field.is_repeated() || !field.has_presence() || field.has_default_value() ||
             message->GetReflection()->HasField(*message, &field));
        if (field.is_repeated() && field.type() == FieldDescriptor::TYPE_GROUP) {
            cells[name] = {Sort::Unknown, {}}; // libprotobuf writes no JSON for groups
        } else if (field.is_repeated()) {
            cells[name] = isThere ? ProtoOracle::Cell{Sort::Json, fieldJson(*message, field)}
                                  : ProtoOracle::Cell{};
        } else if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
            cells[name] = isThere ? scalarCell(*message, field) : ProtoOracle::Cell{};
        } else {
            const pb::Message *inner =
                isThere ? &message->GetReflection()->GetMessage(*message, &field) : nullptr;
            const pb::Descriptor &below = *field.message_type();
            const std::string &known = below.full_name();
            const bool isWrapper = known.starts_with("google.protobuf.") &&
                                   known.ends_with("Value") && known != "google.protobuf.Value" &&
                                   known != "google.protobuf.ListValue";
            if (!isThere && (known.starts_with("google.protobuf.") || &below == &type ||
                             below.field_count() == 0))
                cells[name] = {};
            else if (isWrapper)
                cells[name] = scalarCell(*inner, *below.field(0));
            else if (known == "google.protobuf.Timestamp")
                cells[name] = {Sort::Text, withMicros(unquoted(fieldJson(*message, field)))};
            else if (known == "google.protobuf.Duration")
                cells[name] = {Sort::Text, withNanos(unquoted(fieldJson(*message, field)))};
            else if (known == "google.protobuf.FieldMask")
                cells[name] = {Sort::Text, unquoted(fieldJson(*message, field))};
            else if (known.starts_with("google.protobuf.") || &below == &type ||
                     below.field_count() == 0)
                cells[name] = {Sort::Json, fieldJson(*message, field)};
            else
                walk(cells, name + '.', below, inner);
        }
    }
}

} // namespace

struct ProtoOracle::Impl
{
    pb::DescriptorPool pool;
    pb::DynamicMessageFactory factory;
    const pb::Message *prototype = nullptr;

    [[nodiscard]] std::unique_ptr<pb::Message> parse(const std::string &bytes) const
    {
        std::unique_ptr<pb::Message> message(prototype->New());
        if (!message->ParsePartialFromString(bytes))
            message->Clear();
        return message;
    }
};

ProtoOracle::ProtoOracle(const std::string &descriptorSet, const std::string &type)
    : m_impl(std::make_unique<Impl>())
{
    pb::FileDescriptorSet set;
    if (!set.ParseFromString(descriptorSet))
        return;
    for (const auto &file : set.file())
        (void)m_impl->pool.BuildFile(file);
    m_impl->prototype = m_impl->factory.GetPrototype(m_impl->pool.FindMessageTypeByName(type));
}

ProtoOracle::~ProtoOracle() = default;

std::string ProtoOracle::randomMessage(unsigned seed) const
{
    Random random(seed);
    const std::unique_ptr<pb::Message> message(m_impl->prototype->New());
    fill(*message, random, 3);
    return message->SerializePartialAsString();
}

std::string ProtoOracle::fromText(const std::string &text) const
{
    const std::unique_ptr<pb::Message> message(m_impl->prototype->New());
    pb::TextFormat::Parser parser;
    parser.AllowPartialMessage(true);
    return parser.ParseFromString(text, message.get()) ? message->SerializePartialAsString()
                                                       : std::string();
}

std::map<std::string, ProtoOracle::Cell> ProtoOracle::cells(const std::string &bytes) const
{
    Cells cells;
    const auto message = m_impl->parse(bytes);
    walk(cells, {}, *message->GetDescriptor(), message.get());
    return cells;
}

std::string ProtoOracle::json(const std::string &bytes) const
{
    return jsonOf(*m_impl->parse(bytes));
}

} // namespace freshet::test

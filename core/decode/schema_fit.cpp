// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/schema_fit.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

constexpr std::size_t kMostTold = 8;

const char *wireWords(WireType wire)
{
    switch (wire) {
    case WireType::Varint:
        return "as a varint";
    case WireType::Fixed64:
        return "as eight fixed bytes";
    case WireType::Length:
        return "length-delimited";
    case WireType::StartGroup:
    case WireType::EndGroup:
        return "as a group";
    case WireType::Fixed32:
        return "as four fixed bytes";
    }
    return "otherwise";
}

std::string kindWords(const ProtoField &field)
{
    constexpr std::array<const char *, 19> kNames = {
        "",        "double",   "float",    "int64",  "uint64",  "int32", "fixed64",
        "fixed32", "bool",     "string",   "group",  "message", "bytes", "uint32",
        "enum",    "sfixed32", "sfixed64", "sint32", "sint64"};
    if (field.isMap)
        return "map";
    const std::string kind =
        field.isMessage() ? field.type->fullName : kNames[static_cast<std::size_t>(field.kind)];
    return field.isRepeated ? "repeated " + kind : kind;
}

std::string typeWords(const ProtoType &type)
{
    return type.fullName + " in " + type.file;
}

std::string fieldWords(const ProtoField &field)
{
    return "field " + std::to_string(field.number) + " \"" + field.name + '"';
}

std::string timesText(std::int64_t count)
{
    return count == 1 ? "once" : std::to_string(count) + " times";
}

void join(std::string &text, const std::string &part, const char *between)
{
    text += (text.empty() ? "" : between) + part;
}

} // namespace

std::string faultText(const WireFault &fault)
{
    std::string text = fault.reason;
    if (fault.field != nullptr)
        text += ", in " + fieldWords(*fault.field);
    return text;
}

bool SchemaFit::TypeFit::hasUndeclared() const
{
    return std::ranges::any_of(odd, [](const Odd &one) { return one.declared == nullptr; });
}

/// `field 5`, `fields 5, 6 and 9`.
std::string SchemaFit::TypeFit::undeclaredNumbers() const
{
    std::vector<std::uint32_t> numbers;
    for (const Odd &one : odd) {
        if (one.declared == nullptr)
            numbers.push_back(one.tag >> 3);
    }
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    std::string text = numbers.size() == 1 ? "field " : "fields ";
    const std::size_t told = std::min(numbers.size(), kMostTold);
    for (std::size_t i = 0; i < told; ++i) {
        const bool isLast = i + 1 == numbers.size();
        text += (i == 0 ? "" : isLast ? " and " : ", ") + std::to_string(numbers[i]);
    }
    if (told < numbers.size())
        text += " and " + std::to_string(numbers.size() - told) + " more";
    return text;
}

SchemaFit::SchemaFit(const ProtoTypes &types) : m_all(types)
{
    m_types.resize(types.count());
    types.forEach([this](const ProtoType &type) { m_types[type.index].type = &type; });
}

void SchemaFit::passedOver(const ProtoType &type, std::uint32_t tag)
{
    ++m_unknownFields;
    std::vector<Odd> &odd = m_types[type.index].odd;
    const auto known = std::ranges::find(odd, tag, &Odd::tag);
    if (known != odd.end()) {
        ++known->count;
    } else if (odd.size() < kMostNumbers) {
        const int index = type.indexOf(tag >> 3);
        odd.push_back(
            {tag, index < 0 ? nullptr : &type.fields[static_cast<std::size_t>(index)], 1});
    }
}

void SchemaFit::refusedRow(const WireFault &fault)
{
    if (m_refused++ == 0)
        m_firstRefusal = faultText(fault);
}

void SchemaFit::reset()
{
    for (TypeFit &fit : m_types) {
        fit.hasKnown = false;
        fit.odd.clear();
    }
    m_unknownFields = m_read = m_refused = 0;
    m_firstRefusal.clear();
}

const ProtoType &SchemaFit::rowType() const
{
    return m_rowsField != nullptr ? *m_rowsField->type : m_all.root();
}

std::vector<std::string> SchemaFit::reasons() const
{
    std::vector<std::string> reasons;
    for (const TypeFit &fit : m_types) {
        for (const Odd &one : fit.odd) {
            if (one.declared == nullptr)
                continue;
            const bool isNoText = one.tag == one.declared->tag();
            const auto wire = static_cast<WireType>(one.tag & 7);
            reasons.push_back(fieldWords(*one.declared) + " of " + typeWords(*fit.type) + " is " +
                              kindWords(*one.declared) + " there, but came " +
                              (isNoText ? "as bytes that are no text" : wireWords(wire)) + ' ' +
                              timesText(one.count) + ", which is not in the rows");
        }
    }
    const auto addIfStrange = [&](const ProtoType &type) {
        const TypeFit &fit = m_types[type.index];
        if (!fit.hasKnown && fit.hasUndeclared())
            reasons.push_back("none of the fields that " + typeWords(type) +
                              " declares came, but " + fit.undeclaredNumbers() + " did");
    };
    addIfStrange(m_all.root());
    if (&rowType() != &m_all.root())
        addIfStrange(rowType());
    if (m_refused > m_read)
        reasons.push_back(std::to_string(m_refused) + " of " + std::to_string(m_refused + m_read) +
                          " could not be read as " + typeWords(rowType()) +
                          ", the first because: " + m_firstRefusal);
    return reasons;
}

std::optional<std::string> SchemaFit::problem() const
{
    const std::vector<std::string> all = reasons();
    if (all.empty())
        return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < std::min(all.size(), kMostTold); ++i)
        join(text, all[i], "; ");
    if (all.size() > kMostTold)
        text += "; and " + std::to_string(all.size() - kMostTold) + " more";
    return "the messages do not fit their schema: " + text;
}

std::vector<std::string> SchemaFit::remarks() const
{
    std::int64_t count = 0;
    std::string where;
    for (const TypeFit &fit : m_types) {
        for (const Odd &one : fit.odd)
            count += one.declared == nullptr ? one.count : 0;
        if (fit.hasUndeclared())
            join(where, fit.undeclaredNumbers() + " of " + typeWords(*fit.type), ", ");
    }
    std::vector<std::string> remarks;
    if (count > 0)
        remarks.push_back(std::to_string(count) + (count == 1 ? " value came" : " values came") +
                          " that the schema does not know: " + where);
    const TypeFit &envelope = m_types[m_all.root().index];
    if (m_rowsField != nullptr && m_read + m_refused == 0 &&
        (envelope.hasKnown || !envelope.odd.empty()))
        remarks.push_back(fieldWords(*m_rowsField) + " of " + typeWords(m_all.root()) +
                          ", which holds the rows, never came");
    return remarks;
}

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/text_format.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace freshet::exporters {

using columnar::Column;
using columnar::RecordBatch;

namespace {

/// Whether any byte of `text` is one of `,` `"` `\n` `\r`, eight at a time.
/// Source: the zero-byte test of H. Warren, Hacker's Delight, 2nd ed., 6-1.
class SpecialBytes
{
public:
    explicit SpecialBytes(char delimiter)
        : m_patterns{repeated(delimiter), repeated('"'), repeated('\n'), repeated('\r')}
    {
        for (const char c : {delimiter, '"', '\n', '\r'})
            m_isSpecial[static_cast<unsigned char>(c)] = true;
    }

    [[nodiscard]] bool anyIn(std::string_view text) const
    {
        while (text.size() >= sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data(), sizeof word);
            std::uint64_t found = 0;
            for (const std::uint64_t pattern : m_patterns)
                found |= zeroBytes(word ^ pattern);
            if (found != 0)
                return true;
            text.remove_prefix(sizeof word);
        }
        return std::any_of(text.begin(), text.end(),
                           [this](char c) { return m_isSpecial[static_cast<unsigned char>(c)]; });
    }

private:
    static constexpr std::uint64_t repeated(char c)
    {
        return 0x0101010101010101ULL * static_cast<unsigned char>(c);
    }
    static constexpr std::uint64_t zeroBytes(std::uint64_t word)
    {
        return (word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL;
    }

    std::array<std::uint64_t, 4> m_patterns;
    std::array<bool, 256> m_isSpecial{};
};

char *copyBytes(char *out, std::string_view bytes)
{
    std::memcpy(out, bytes.data(), bytes.size());
    return out + bytes.size();
}

char *copyQuoted(char *out, std::string_view text)
{
    *out++ = '"';
    for (const char c : text) {
        if (c == '"')
            *out++ = '"';
        *out++ = c;
    }
    *out++ = '"';
    return out;
}

class CsvFormat : public TextFormat
{
public:
    CsvFormat(const columnar::Schema &schema, char delimiter, bool header)
        : m_delimiter(delimiter), m_special(delimiter)
    {
        if (!header || schema.fields.empty())
            return;
        for (const columnar::Field &field : schema.fields) {
            std::string quoted(quotedRoom(field.name), '\0');
            char *end = writeText(quoted.data(), field.name);
            quoted.resize(static_cast<std::size_t>(end - quoted.data()));
            m_header += (m_header.empty() ? "" : std::string(1, delimiter)) + quoted;
        }
        m_header += '\n';
    }

    void appendPrologue(std::string &out) const override { out += m_header; }
    void appendEpilogue(std::string &, bool) const override {}

    void appendRows(std::string &out, const RecordBatch &batch, std::int64_t first,
                    std::int64_t end, bool) const override
    {
        if (batch.columns.empty())
            return;
        // Each row is spelled where there is room for its longest form, which stays in the cache.
        std::string scratch;
        for (std::int64_t row = first; row < end; ++row) {
            if (const std::size_t room = rowRoom(batch, row); room > scratch.size())
                scratch.resize(2 * room);
            char *at = scratch.data();
            for (const Column &column : batch.columns) {
                if (!column.isNull(row))
                    at = writeValue(at, column, row);
                *at++ = m_delimiter;
            }
            at[-1] = '\n';
            out.append(scratch.data(), static_cast<std::size_t>(at - scratch.data()));
        }
    }

private:
    static std::size_t quotedRoom(std::string_view text) { return 2 * text.size() + 2; }

    static std::size_t rowRoom(const RecordBatch &batch, std::int64_t row)
    {
        std::size_t room = 0;
        for (const Column &column : batch.columns) {
            room += 1 + columnar::kMaxScalarText;
            if (column.type.isText() && !column.isNull(row))
                room += quotedRoom(column.textAt(row));
        }
        return room;
    }

    char *writeText(char *out, std::string_view text) const
    {
        return text.empty() || m_special.anyIn(text) ? copyQuoted(out, text) : copyBytes(out, text);
    }

    char *writeValue(char *out, const Column &column, std::int64_t row) const
    {
        using columnar::TypeKind;
        if (column.type.kind == TypeKind::String || column.type.kind == TypeKind::Json)
            return writeText(out, column.textAt(row));
        if (column.type.kind == TypeKind::Binary) {
            std::string hex;
            columnar::appendText(hex, column, row);
            return copyBytes(out, hex);
        }
        return columnar::writeScalarText(out, column, row);
    }

    const char m_delimiter;
    const SpecialBytes m_special;
    std::string m_header;
};

} // namespace

std::unique_ptr<TextFormat> makeCsvFormat(const columnar::Schema &schema, char delimiter,
                                          bool header)
{
    return std::make_unique<CsvFormat>(schema, delimiter, header);
}

} // namespace freshet::exporters

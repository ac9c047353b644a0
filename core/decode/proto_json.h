// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_type.h"
#include "decode/proto_wire.h"
#include "decode/schema_fit.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace freshet::decode {

/// Writes messages as JSON straight from the wire.
///
/// Source: https://protobuf.dev/programming-guides/json/, with the field names of the schema, as
/// libprotobuf's `preserve_proto_field_names`. 64-bit integers are in quotes, fields that are not
/// there are left out. Where the mapping knows no text (times beyond the years 1 to 9999, NaN in a
/// Value) something readable stands instead of an error.
/// Threads: one thread at a time.
class ProtoJson
{
public:
    /// `types` and `fit`, which is told what came, outlive this.
    ProtoJson(const ProtoTypes &types, SchemaFit &fit, int maxDepth)
        : m_types(types), m_fit(fit), m_maxDepth(maxDepth)
    {}

    /// Append the message or, for repeated fields and maps, all occurrences as array or object.
    /// Output: false with a fault if the bytes are no such message.
    [[nodiscard]] bool message(std::string &out, const ProtoType &type, std::string_view bytes);
    [[nodiscard]] bool repeated(std::string &out, const ProtoField &field,
                                std::span<const WirePiece> pieces);

    [[nodiscard]] const WireFault &fault() const { return m_fault; }

private:
    struct Occurrence
    {
        int field;
        WirePiece piece;
    };

    bool anyMessage(std::string &out, const ProtoType &type, std::string_view bytes, int depth);
    bool members(std::string &out, const ProtoType &type, std::string_view bytes, int depth,
                 bool isFirst);
    bool occurrences(std::vector<Occurrence> &found, const ProtoType &type, std::string_view bytes,
                     int depth);
    bool field(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
               int depth);
    bool many(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
              int depth);
    bool map(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
             int depth);
    bool one(std::string &out, const ProtoField &field, const WirePiece &piece, int depth);
    bool wrapper(std::string &out, const ProtoType &type, std::string_view bytes, int depth);
    bool structValue(std::string &out, const ProtoType &type, std::string_view bytes, int depth);
    bool any(std::string &out, const ProtoType &type, std::string_view bytes, int depth);
    bool failed(const WireFault &fault)
    {
        m_fault = fault;
        return false;
    }

    const ProtoTypes &m_types;
    SchemaFit &m_fit;
    const int m_maxDepth;
    WireFault m_fault;
};

/// Append the text of a number as the JSON mapping has it; 64-bit integers in quotes if `quoted`.
void appendProtoNumber(std::string &out, const ProtoField &field, std::uint64_t bits, bool quoted);
/// A float's shortest decimal, as a double: 0.1f becomes 0.1.
[[nodiscard]] double shortestDouble(float value);

/// Seconds and nanoseconds of a Timestamp or Duration.
struct ProtoTime
{
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;

    /// `type` is google.protobuf.Timestamp or Duration. Output: false with the reader's fault if
    /// the bytes are no such message.
    [[nodiscard]] bool read(WireReader &reader, const ProtoType &type, SchemaFit &fit);
    /// Years 1 to 9999, nanos within a second.
    [[nodiscard]] bool isTimestamp() const;
    /// Within ±10,000 years, signs alike.
    [[nodiscard]] bool isDuration() const;
};
/// `1970-01-01T00:00:01.500Z`, `1.500s`; with 0, 3, 6 or 9 fraction digits.
[[nodiscard]] std::string timestampText(ProtoTime time);
[[nodiscard]] std::string durationText(ProtoTime time);
/// The paths of a FieldMask: `user.displayName,photo`. Output: false as above.
[[nodiscard]] bool fieldMaskText(std::string &out, WireReader &reader, const ProtoType &type,
                                 SchemaFit &fit);

} // namespace freshet::decode

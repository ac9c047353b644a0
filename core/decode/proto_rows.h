// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "decode/proto_json.h"
#include "decode/proto_schema.h"
#include "decode/proto_type.h"
#include "decode/row_decoder.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Reads messages straight from the wire into typed columns, by a plan made once from the schema.
///
/// Shape: a column for each field in the order of the schema, all there from the start. Fields of
/// nested messages become dotted columns (`address.city`) unless the options keep them as json, the
/// type contains itself or has no fields. The types:
///
///   integers         int64; uint64 and fixed64: uint64      float, double   double, a float by its
///   bool             bool                                                   shortest decimal
///   string, enum     string, an unknown number as its digits
///   bytes            binary                                 repeated, map, Struct, Value, Any
///   Timestamp        timestamp with six digits and Z                        json (see ProtoJson)
///   Duration         decimal(18,9) of seconds               wrappers        their value's type
///   FieldMask        string, a path as it is where camel case could not tell it
///
/// A Timestamp with nanoseconds, or beyond the years 1 to 9999, makes its column text, which keeps
/// all digits. Absent: a scalar without presence has its default value, and so has one with a
/// default in the schema; a repeated field is `[]`; anything else is null, and so is everything
/// inside of a message that is absent. Singular fields that come twice: the last value wins,
/// messages merge, of a oneof only the last member stays.
///
/// Threads: one thread at a time. Lifetime: the builder outlives this.
class ProtoRows
{
public:
    static constexpr int kFlattenDepth = 16;

    /// Errors: SchemaInvalid for types that are not there; LimitReached for too many columns.
    [[nodiscard]] static Result<std::unique_ptr<ProtoRows>> create(const DecodeOptions &options,
                                                                   columnar::BatchBuilder &builder);
    ~ProtoRows();

    /// Read `bytes`, followed by `WireReader::kPadding` readable ones, as a row, which is then open
    /// in the builder. Output: false with a fault if they are no such message; the row is gone
    /// then.
    [[nodiscard]] bool readRow(std::string_view bytes);
    /// Whether a message holds rows instead of being one (`MessageSchema::rowsField`).
    [[nodiscard]] bool hasRowsField() const { return m_rowsField != 0; }
    /// The next row in such a message, if there is one more. Output: false with a fault.
    [[nodiscard]] bool nextRow(WireReader &message, std::string_view &row, bool &isThere);

    [[nodiscard]] const WireFault &fault() const { return m_fault; }
    /// How well what came fits the schema.
    [[nodiscard]] const SchemaFit &fit() const { return m_fit; }
    void reset() { m_fit.reset(); }
    [[nodiscard]] const ProtoSchema &schema() const { return m_schema; }

private:
    struct Node;
    struct Member;

    ProtoRows(ProtoSchema schema, const google::protobuf::Descriptor &root,
              columnar::BatchBuilder &builder, const Limits &limits);
    [[nodiscard]] Status plan(const ProtoType &row, bool flatten);
    [[nodiscard]] Status planNode(Node &node, const ProtoType &type, const std::string &prefix,
                                  std::vector<const ProtoType *> &above, bool flatten);

    bool readNode(Node &node, WireReader &reader);
    bool readExpected(Node &node, Member &member, WireReader &reader);
    bool readOther(Node &node, std::uint32_t tag, WireReader &reader);
    bool readMember(Node &node, Member &member, WireReader &reader);
    bool readScalar(const Member &member, WireReader &reader);
    bool appendLate(Member &member);
    void appendNumber(const Member &member, std::uint64_t bits);
    bool appendString(const Member &member, std::string_view text);
    void appendDefault(const Member &member);
    bool finishNode(Node &node, bool isPresent);
    bool finishMember(Member &member, bool isSeen, bool isPresent);
    void choose(Node &node, const Member &member);
    void clear(Node &node, Member &member);
    void forget(Node &node);
    bool failed(const WireFault &fault);

    ProtoSchema m_schema;
    columnar::BatchBuilder &m_builder;
    ProtoTypes m_types;
    SchemaFit m_fit;
    ProtoJson m_json;
    const int m_maxDepth;
    std::unique_ptr<Node> m_root;
    std::uint32_t m_rowsField = 0;
    WireFault m_fault;
    std::string m_text;    ///< of a json value
    std::string m_scratch; ///< a message in pieces
};

} // namespace freshet::decode

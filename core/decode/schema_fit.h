// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_type.h"
#include "decode/proto_wire.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace freshet::decode {

/// Whether messages are of the schema that they are read by, told from what came.
///
/// A newer server sends fields beside those that are known; protobuf is made for that, and they are
/// counted. A server of another schema gives itself away: a declared number comes in a wire type
/// that its field cannot have, none of the declared fields comes but others do, or most messages
/// cannot be read at all. Rows of defaults alone prove nothing: that is how protobuf sends zeros.
/// Not seen: fields of another meaning that are written alike (int64 and sint64, two strings).
///
/// Threads: one thread at a time. Lifetime: the types outlive this.
class SchemaFit
{
public:
    /// Different numbers of one type that are remembered; all are counted.
    static constexpr std::size_t kMostNumbers = 64;

    /// `types.root()` is each message.
    explicit SchemaFit(const ProtoTypes &types);
    /// Messages hold rows of `field` instead of being rows.
    void setRowsField(const ProtoField &field) { m_rowsField = &field; }

    /// A field of `type` came that was read.
    void took(const ProtoType &type) { m_types[type.index].hasKnown = true; }
    /// A field of `type` came that could not be: it is not declared, or not in this wire type; in
    /// its own, it is a string that is none.
    void passedOver(const ProtoType &type, std::uint32_t tag);
    void readRow() { ++m_read; }
    /// A message, or a row in one, is not of its type.
    void refusedRow(const WireFault &fault);
    void reset();

    /// All that were passed over.
    [[nodiscard]] std::int64_t unknownFields() const { return m_unknownFields; }
    /// Why the messages cannot be of the schema, with the message, its file and the numbers.
    [[nodiscard]] std::optional<std::string> problem() const;
    /// What came that the schema does not declare, for the evidence: empty if nothing did.
    [[nodiscard]] std::vector<std::string> remarks() const;

private:
    struct Odd
    {
        std::uint32_t tag = 0;
        const ProtoField *declared = nullptr; ///< in another wire type; null: not at all
        std::int64_t count = 0;
    };
    struct TypeFit
    {
        const ProtoType *type = nullptr;
        bool hasKnown = false;
        std::vector<Odd> odd;

        [[nodiscard]] bool hasUndeclared() const;
        [[nodiscard]] std::string undeclaredNumbers() const;
    };

    [[nodiscard]] std::vector<std::string> reasons() const;
    [[nodiscard]] const ProtoType &rowType() const;

    const ProtoTypes &m_all;
    const ProtoField *m_rowsField = nullptr;
    std::vector<TypeFit> m_types; ///< by ProtoType::index
    std::int64_t m_unknownFields = 0;
    std::int64_t m_read = 0;
    std::int64_t m_refused = 0;
    std::string m_firstRefusal;
};

/// `fault.reason` with the field where it is known: `the text is not UTF-8, in field 2 "name"`.
[[nodiscard]] std::string faultText(const WireFault &fault);

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_rows.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace freshet::decode {

inline constexpr columnar::TimeForm kTimestampForm{
    .separator = 'T', .fractionDigits = 6, .zone = columnar::TimeForm::Zone::Z};
inline constexpr int kDurationScale = 9;

/// What is done with a field when it comes.
enum class Action : std::uint8_t {
    Text,   ///< a string: goes into the column at once
    Int64,  ///< a varint that is the value: likewise
    Scalar, ///< any other value that goes into the column at once
    Late,   ///< its pieces are kept until the row is whole: more may follow or be merged
    Child,  ///< its fields are columns of their own
};

[[nodiscard]] inline bool isScalar(Action action)
{
    return action <= Action::Scalar;
}

/// A member of a node as a bit in `ProtoRows::Node::seen`.
struct MemberBit
{
    std::size_t word = 0;
    std::uint64_t bit = 0;

    [[nodiscard]] static MemberBit of(std::size_t index)
    {
        return {index / 64, std::uint64_t{1} << index % 64};
    }
};

/// A field on its way into a column.
struct ProtoRows::Member
{
    std::uint32_t tag = 0;
    Action action = Action::Scalar;
    ProtoKind kind = ProtoKind::Int32; ///< the field's, at hand
    bool isInOneof = false;
    MemberBit place; ///< among the members
    int column = columnar::BatchBuilder::kNoColumn;
    const ProtoField *field = nullptr;
    std::unique_ptr<Node> child; ///< Child; of a wrapper: the value inside
    std::vector<WirePiece> pieces;
};

/// A message whose fields are columns.
struct ProtoRows::Node
{
    const ProtoType *type = nullptr;
    std::vector<Member> members;        ///< by tag
    std::vector<int> byField;           ///< the member of each field of the type
    std::vector<const Member *> chosen; ///< by oneof
    std::vector<std::uint64_t> seen;    ///< members that have a value in this row
    std::vector<std::uint64_t> closed;  ///< members that are done once they are seen

    [[nodiscard]] bool has(MemberBit member) const { return (seen[member.word] & member.bit) != 0; }
    void forgetRow()
    {
        std::ranges::fill(seen, 0);
        std::ranges::fill(chosen, nullptr);
    }
    /// Once the members are there, in the order of their tags.
    void finishPlan();
};

} // namespace freshet::decode

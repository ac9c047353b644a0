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
    Scalar, ///< its value goes into the column at once
    Late,   ///< its pieces are kept until the row is whole: more may follow or be merged
    Child,  ///< its fields are columns of their own
};

/// A field on its way into a column.
struct ProtoRows::Member
{
    std::uint32_t tag = 0;
    Action action = Action::Scalar;
    bool isCleared = false; ///< the row's value belongs to a member of a oneof that is gone
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
    bool isSeen = false;
};

} // namespace freshet::decode

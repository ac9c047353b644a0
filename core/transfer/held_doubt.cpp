// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/held_doubt.h"

#include "transport/stated_digests.h"

namespace freshet::transfer {

namespace {

constexpr std::string_view kDamaged = "damaged";
constexpr std::string_view kFailedChecksum = "checksum";

} // namespace

std::string_view heldDoubtName(HeldDoubt doubt)
{
    switch (doubt) {
    case HeldDoubt::Damaged:
        return kDamaged;
    case HeldDoubt::FailedChecksum:
        return kFailedChecksum;
    case HeldDoubt::None:
        break;
    }
    return {};
}

HeldDoubt heldDoubtByName(std::string_view name)
{
    if (name.empty())
        return HeldDoubt::None;
    return name == kFailedChecksum ? HeldDoubt::FailedChecksum : HeldDoubt::Damaged;
}

HeldDoubt doubtBy(const Error &error, const transport::ResponseHead *head)
{
    if (error.code == ErrorCode::SourceChanged)
        return HeldDoubt::Damaged;
    if (error.code != ErrorCode::CodingCorrupt)
        return HeldDoubt::None;
    // A coding that is damaged fails a digest of its bytes as well.
    return head != nullptr && !transport::statedDigests(*head).empty() ? HeldDoubt::FailedChecksum
                                                                       : HeldDoubt::Damaged;
}

} // namespace freshet::transfer

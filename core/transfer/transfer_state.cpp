// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/transfer_state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::transfer {

namespace {

using S = TransferState;
using E = TransferEvent;

struct Transition
{
    S from;
    E event;
    S to;
};

constexpr std::array kTransitions = {
    Transition{S::Queued, E::Started, S::Connecting},
    Transition{S::Queued, E::StopAsked, S::Stopping},

    Transition{S::Connecting, E::HeadArrived, S::Receiving},
    Transition{S::Connecting, E::RetryPlanned, S::WaitingToRetry},
    Transition{S::Connecting, E::StopAsked, S::Stopping},
    Transition{S::Connecting, E::FoundIncomplete, S::Incomplete},
    Transition{S::Connecting, E::FoundNothing, S::Failed},

    Transition{S::Receiving, E::PauseAsked, S::Paused},
    Transition{S::Receiving, E::RetryPlanned, S::WaitingToRetry},
    Transition{S::Receiving, E::StopAsked, S::Stopping},
    Transition{S::Receiving, E::FoundVerified, S::Complete},
    Transition{S::Receiving, E::FoundEnded, S::Ended},
    Transition{S::Receiving, E::FoundIncomplete, S::Incomplete},
    Transition{S::Receiving, E::FoundNothing, S::Failed},

    Transition{S::Paused, E::ResumeAsked, S::Receiving},
    Transition{S::Paused, E::RetryPlanned, S::WaitingToRetry},
    Transition{S::Paused, E::StopAsked, S::Stopping},
    // What had been read before the pause may have been all.
    Transition{S::Paused, E::FoundVerified, S::Complete},
    Transition{S::Paused, E::FoundEnded, S::Ended},
    Transition{S::Paused, E::FoundIncomplete, S::Incomplete},
    Transition{S::Paused, E::FoundNothing, S::Failed},

    Transition{S::WaitingToRetry, E::RetryBegan, S::Connecting},
    Transition{S::WaitingToRetry, E::StopAsked, S::Stopping},
    Transition{S::WaitingToRetry, E::FoundIncomplete, S::Incomplete},
    Transition{S::WaitingToRetry, E::FoundNothing, S::Failed},

    // A wish to stop may come after the last byte: then the download is as whole as it is.
    Transition{S::Stopping, E::FoundVerified, S::Complete},
    Transition{S::Stopping, E::FoundEnded, S::Ended},
    Transition{S::Stopping, E::FoundIncomplete, S::Incomplete},
    Transition{S::Stopping, E::FoundNothing, S::Failed},
    Transition{S::Stopping, E::FoundCancelled, S::Cancelled},
};

constexpr std::array<std::pair<S, std::string_view>, 11> kNames = {{
    {S::Queued, "queued"},
    {S::Connecting, "connecting"},
    {S::Receiving, "receiving"},
    {S::Paused, "paused"},
    {S::WaitingToRetry, "waiting-to-retry"},
    {S::Stopping, "stopping"},
    {S::Complete, "complete"},
    {S::Ended, "ended"},
    {S::Incomplete, "incomplete"},
    {S::Failed, "failed"},
    {S::Cancelled, "cancelled"},
}};

} // namespace

std::optional<TransferState> nextState(TransferState state, TransferEvent event)
{
    const auto *found = std::ranges::find_if(kTransitions, [&](const Transition &transition) {
        return transition.from == state && transition.event == event;
    });
    if (found == kTransitions.end())
        return std::nullopt;
    return found->to;
}

std::string_view transferStateName(TransferState state)
{
    const auto *found = std::ranges::find(kNames, state, &std::pair<S, std::string_view>::first);
    return found == kNames.end() ? std::string_view("failed") : found->second;
}

std::optional<TransferState> transferStateByName(std::string_view name)
{
    const auto *found = std::ranges::find(kNames, name, &std::pair<S, std::string_view>::second);
    if (found == kNames.end())
        return std::nullopt;
    return found->first;
}

} // namespace freshet::transfer

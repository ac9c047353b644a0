// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace freshet::transfer {

enum class TransferState {
    Queued,
    Connecting,
    Receiving,
    Paused,
    WaitingToRetry,
    Stopping,
    // final
    Complete,   ///< verdict verified
    Ended,      ///< verdict ended
    Incomplete, ///< verdict incomplete, rows kept
    Failed,     ///< nothing received
    Cancelled,  ///< by the user; verdict incomplete, rows kept
};

/// What can happen to a transfer. `Found…` are the verdicts, after which nothing more comes.
enum class TransferEvent {
    Started,     ///< its threads run
    HeadArrived, ///< the response head, or the file is open
    PauseAsked,
    ResumeAsked,
    RetryPlanned, ///< the connection failed; another try comes after a wait
    RetryBegan,
    StopAsked, ///< by the user, a limit or an error; what is under way is brought to rest
    FoundVerified,
    FoundEnded,
    FoundIncomplete, ///< rows are kept
    FoundNothing,    ///< failed before the first row
    FoundCancelled,  ///< the user's wish was carried out
};

/// Where `event` leads from `state`; nothing if it has no place there, which leaves the state as
/// it is. Final states lead nowhere.
[[nodiscard]] std::optional<TransferState> nextState(TransferState state, TransferEvent event);

/// `queued`, `connecting`, … `waiting-to-retry`, … `cancelled`: kept in the library.
[[nodiscard]] std::string_view transferStateName(TransferState state);
[[nodiscard]] std::optional<TransferState> transferStateByName(std::string_view name);

[[nodiscard]] constexpr bool isFinal(TransferState state)
{
    return state >= TransferState::Complete;
}

} // namespace freshet::transfer

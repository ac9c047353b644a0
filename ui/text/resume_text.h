// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/transfer.h"

#include <QString>
#include <QStringList>

namespace freshet::ui {

/// What the window says about going on: of a dataset at rest, what a resume would do; of a
/// transfer, what it waits for and how it went on after interruptions.

/// Whether a dataset at rest is not whole, so that it can be gone on with.
[[nodiscard]] bool canResume(const store::DatasetRecord &record);
/// Whether a resume may not be enough, or can do nothing: what is here is wrong, or lacks something
/// in its middle. Then the same is to be got anew, as another dataset.
[[nodiscard]] bool mayNeedNew(const store::DatasetRecord &record);
/// A resume would find nothing to ask for.
[[nodiscard]] bool onlyNewHelps(const store::DatasetRecord &record);
/// Whether a dataset at rest is whole and its source, no local file, may have news.
[[nodiscard]] bool canFetchNew(const store::DatasetRecord &record);
/// The button: `Resume`, `Try again` where nothing is there to go on with, or `Get anew` where
/// nothing else helps.
[[nodiscard]] QString resumeWord(const store::DatasetRecord &record);
/// What the button will do, as a sentence: "Resume asks for the bytes from 48,112 on …".
/// Of a request that may do something each time, also that it is sent once more.
[[nodiscard]] QString resumePlan(const store::DatasetRecord &record);
/// That the request which ended with `error` would have been tried again if it were safe to, and
/// where to say that it is; empty if that is not so.
[[nodiscard]] QString whyNotTriedAgain(const store::DatasetRecord &record, const Error &error);

/// While WaitingToRetry: "The connection was lost; trying again in 7 s."
[[nodiscard]] QString retrySentence(const transfer::Progress &progress);
/// How many retries there were, how the body went on after each interruption and what that cost,
/// one sentence each.
[[nodiscard]] QStringList interruptionsOf(const transfer::Progress &progress);

} // namespace freshet::ui

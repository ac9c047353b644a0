// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "theme/icons.h"
#include "transfer/transfer.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace freshet::ui {

/// What the window says about a dataset, made from the catalogue's record and, while it is being
/// downloaded, from the transfer's progress.

[[nodiscard]] Mark markOf(const store::DatasetRecord &record);
[[nodiscard]] Mark markOf(const transfer::Progress &progress);
/// `verified`, `ended`, `incomplete`, `failed`, `running`, `queued`, `paused`, `waiting to retry`.
[[nodiscard]] QString markWord(Mark mark);
/// `Verified` …, for the badge.
[[nodiscard]] QString badgeText(Mark mark);

/// The line under a dataset's name: `412,007 rows · incomplete`, `612,400 rows · 61 %`,
/// `612,400 rows · trying again in 7 s`.
[[nodiscard]] QString factLine(const store::DatasetRecord &record);
[[nodiscard]] QString factLine(const transfer::Progress &progress);

/// The decisive evidence as a sentence, with rows and bytes first.
[[nodiscard]] QString verdictSentence(const store::DatasetRecord &record);
/// How much of the whole is there, in [0, 1], if somebody declared a total.
[[nodiscard]] std::optional<double> fractionOf(const transfer::Progress &progress);

/// How the times of a table are to be read, as they are shown just as they were sent: "times in
/// UTC". Empty if it has none.
[[nodiscard]] QString timesText(const columnar::Schema &schema);
/// What has to be said before a dataset is exported that is not whole; else empty.
[[nodiscard]] QString exportNotice(const store::DatasetRecord &record, RowCount rows,
                                   bool isRunning);

/// First letter large, a full stop at the end.
[[nodiscard]] QString asSentence(const QString &words);
[[nodiscard]] QDateTime toDateTime(std::chrono::system_clock::time_point time);

} // namespace freshet::ui

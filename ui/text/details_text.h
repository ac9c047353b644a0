// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/transfer.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace freshet::ui {

/// A word and its value.
struct Fact
{
    QString name;
    QString value;
};

/// A part of what is known of a dataset: sentences, or facts.
struct DetailSection
{
    QString title;
    QStringList sentences;
    std::vector<Fact> facts;
};

/// All that is known of a dataset at rest: evidence, what a resume would do, facts of its download,
/// columns that changed their type, notes of the decoder. Empty parts are left out.
[[nodiscard]] std::vector<DetailSection> detailsOf(const store::DatasetRecord &record);
/// The same of a download under way: interruptions and facts so far.
[[nodiscard]] std::vector<DetailSection> detailsOf(const transfer::Progress &progress,
                                                   const QString &source);

[[nodiscard]] std::vector<Fact> factsOf(const store::DatasetRecord &record);
[[nodiscard]] QStringList evidenceOf(const store::DatasetRecord &record);
/// Columns that changed their type, one sentence each.
[[nodiscard]] QStringList wideningsOf(const store::DatasetRecord &record);
[[nodiscard]] QStringList notesOf(const store::DatasetRecord &record);

/// A fact of the last run in milliseconds, as a duration; empty if nobody knows it.
[[nodiscard]] QString millisecondsText(const store::DatasetRecord &record, const char *name);

} // namespace freshet::ui

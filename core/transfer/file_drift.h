// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <QJsonObject>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Tells how the columns of one file of a set differ from those of the files before it.
/// Threads: one thread at a time.
class FileDrift
{
public:
    /// More sentences than these are not made.
    static constexpr int kMostSentences = 50;

    /// The next rows of the file under way.
    void note(const columnar::RecordBatch &batch);
    /// The file is over. Output: a sentence if it differs: `b.csv: new column "x"; no column "y"`.
    [[nodiscard]] std::string endFile(const std::string &name);

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static FileDrift fromJson(const QJsonObject &object);

private:
    std::map<std::string, std::string> m_known; ///< columns of the files before, and their types
    std::map<std::string, std::string> m_types; ///< of the file under way
    int m_sentences = 0;
};

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transfer/verdict.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace freshet::transfer {

/// Weighs the files of a set one by one and says what that makes of the whole: verified if each of
/// them is, incomplete if one is.
/// Threads: one thread at a time.
class FileTally
{
public:
    /// More single files than these are counted and not listed.
    static constexpr std::size_t kMostListed = 20;

    /// What is known of a file beside what came.
    struct Known
    {
        std::vector<std::string> proof;
        HeldDoubt doubt = HeldDoubt::None;
    };

    /// A file came to its end.
    void add(const std::string &name, const LegReport &report, const Known &known);
    void remark(std::string sentence);
    [[nodiscard]] std::int64_t files() const { return m_files; }
    /// Of which files something is missing, and why: "b.json: …".
    [[nodiscard]] const std::vector<std::string> &losses() const { return m_losses; }

    /// `ofFiles`: of so many in all.
    [[nodiscard]] PlanOutcome outcome(std::size_t ofFiles) const;

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static FileTally fromJson(const QJsonObject &object);

private:
    /// `digestProof`: as TransportEnd has it.
    void tell(const std::string &name, const Verdict &verdict, const std::string &digestProof);

    std::int64_t m_files = 0;
    RowCount m_rows;
    ByteCount m_bytes;
    std::vector<std::string> m_unproven; ///< files that ended cleanly, and no more is known
    std::vector<std::string> m_losses;
    std::vector<std::string> m_remarks;
    std::vector<std::string> m_evidence; ///< of the last file
};

} // namespace freshet::transfer

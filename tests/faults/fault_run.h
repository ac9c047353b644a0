// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faults/fault_table.h"
#include "support/table_text.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace freshet::test {

/// A download against a server that commits one fault, in a library of its own, and the oracle:
///
/// - the rows that are kept are the first rows of the fault-free table, at any time;
/// - no verdict is better than the truth;
/// - in the end, after as many resumes as it takes, the table equals the fault-free one;
/// - what the server was asked is what RFC 9110 lets a client ask.
///
/// The checks answer with what is wrong, or with nothing.
/// Threads: one thread at a time.
class FaultRun
{
public:
    /// `tls`: what to serve with if the plan wants it. The sample outlives the run.
    FaultRun(const Fault &fault, const Sample &sample, const RawServer::Tls &tls);
    ~FaultRun();

    [[nodiscard]] const Plan &plan() const { return m_plan; }
    [[nodiscard]] FaultServer &server() { return *m_server; }
    [[nodiscard]] std::string libraryFolder() const;
    [[nodiscard]] transfer::DownloadRequest request(int retries) const;

    /// Open the library (again): what a start of the program does.
    void openLibrary();
    /// No other process may have it open for writing.
    void closeLibrary() { m_library.reset(); }
    /// Start the download; after a kill that came before the dataset was made, also in place of
    /// `resume`.
    [[nodiscard]] Result<std::unique_ptr<transfer::Transfer>> start(int retries);
    [[nodiscard]] Result<std::unique_ptr<transfer::Transfer>> resume();

    /// Run the download as `plan().runs` says and check each run.
    [[nodiscard]] std::string playRuns(const TableText &whole);
    /// Check a transfer that has come to its end.
    [[nodiscard]] std::string check(const transfer::Transfer &transfer,
                                    const TableText &whole) const;
    /// Whatever state the library is in: resume until the table is whole.
    [[nodiscard]] std::string finish(const TableText &whole);
    [[nodiscard]] std::string checkRequests(bool isPlain) const;

private:
    [[nodiscard]] bool mayEndShort() const;
    [[nodiscard]] std::string checkExpected(const transfer::Transfer &transfer,
                                            const Expected &expected, const TableText &whole) const;
    [[nodiscard]] std::string checkRequest(const Asked &asked) const;

    const Sample &m_sample;
    QTemporaryDir m_folder;
    std::string m_caFile;
    std::unique_ptr<FaultServer> m_elsewhere;
    Plan m_plan;
    std::unique_ptr<FaultServer> m_server;
    std::shared_ptr<store::Library> m_library;
};

/// The table of a download without any fault.
[[nodiscard]] TableText faultFreeTable(const Sample &sample);

/// Wait for the end. Output: its last figures.
[[nodiscard]] transfer::Progress finished(const transfer::Transfer &transfer);

} // namespace freshet::test

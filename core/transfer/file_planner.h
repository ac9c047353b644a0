// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/file_drift.h"
#include "transfer/file_tally.h"
#include "transfer/leg.h"

#include <algorithm>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Reads the files of a FileSet one after the other, each as a leg of its own, and of ZIP archives
/// each member.
///
/// Where its files are: local text streams from its place; a local table is read where it lies; a
/// remote table or archive is kept in a file first; remote text streams. It goes on in the middle
/// of a file: behind the rows that are held, if the file is still the same (its bytes up to there,
/// or of a table its length and its last 64 KiB). It is over after the last file, or with the first
/// that cannot be read to its end.
/// Threads: one thread at a time.
class FilePlanner final : public LegPlanner
{
public:
    /// `request.files` is settled.
    explicit FilePlanner(const DownloadRequest &request);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    void reached(RowCount rows, const transport::PrefixDigest &digest) override;
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    void doubtHeldRows(HeldDoubt doubt) override { m_doubt = std::max(m_doubt, doubt); }
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] std::vector<std::string> fellShort() const override { return m_tally.losses(); }

private:
    /// How far the file under way has come.
    struct Reached
    {
        RowCount rows;
        transport::PrefixDigest digest;
    };

    [[nodiscard]] const FileSource &source() const { return m_files.sources[m_source]; }
    [[nodiscard]] bool isLast() const;
    [[nodiscard]] bool isArchive() const;
    [[nodiscard]] std::string fileName() const;
    [[nodiscard]] Result<Leg> makeLeg();
    [[nodiscard]] Leg legOfSource() const;
    [[nodiscard]] Status listMembers(const std::filesystem::path &archive);
    void dropIfDamaged(ErrorCode code, const std::filesystem::path &fetched) const;
    void moveOn();
    [[nodiscard]] NextLegs next();
    [[nodiscard]] NextLegs over(std::optional<Error> error = std::nullopt);

    transport::ByteRequest m_request;
    decode::Format m_format;
    FileSet m_files;
    std::string m_origin; ///< of the first remote file: the others are not told its secrets
    std::vector<UrlLogin> m_logins; ///< for the others

    std::size_t m_source = 0;
    std::size_t m_member = 0;
    std::filesystem::path m_archive; ///< that `m_members` is of; empty: none is open
    std::vector<std::string> m_members;
    Reached m_reached;
    HeldDoubt m_doubt = HeldDoubt::None; ///< against the rows of the file under way
    /// Of a table that is read in place or an archive, which cannot be held to the bytes before a
    /// row: its length and a checksum of its end.
    transport::PrefixDigest m_identity;
    std::optional<transport::PrefixDigest> m_knownIdentity; ///< as of an earlier run

    FileTally m_tally;
    FileDrift m_drift;
    std::optional<Error> m_error;
};

} // namespace freshet::transfer

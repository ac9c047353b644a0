// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/file_download.h"
#include "transfer/page_guard.h"
#include "transfer/part_file.h"

#include <optional>
#include <string>

namespace freshet::transfer {

/// Takes the answers to the requests for a file into its part, and hears of their retries.
/// Threads: what hears of retries may be called from several; the rest from that of the download.
class FileDownload::Intake final : public transport::ByteSink, public transport::RetryListener
{
public:
    /// `goesOn`: behind what the part holds; else that is dropped once an answer is here that can
    /// take its place.
    Intake(FileDownload &owner, PartFile &part, bool goesOn);

    Status onHead(const transport::ResponseHead &head) override;
    Status onBytes(std::string_view bytes) override;
    /// The body is over, be it cut: what the guard holds back is kept as well. Errors: those of the
    /// guard, of writing.
    [[nodiscard]] Status finish(bool isWhole);
    /// Drop what the part holds for the answer whose head came, if that is its turn.
    [[nodiscard]] Status begin();
    void onRetryPlanned(const transport::RetryNotice &notice) override;
    void onRetryBegan() override;
    void onContinued(const std::string &how) override;
    /// A 416 that found everything here says how long the whole is, and has no other head.
    void noteWholeLength(const std::optional<transport::ResponseHead> &refusal);

private:
    [[nodiscard]] Status keep(std::string_view bytes);
    [[nodiscard]] PartState stateFor(const transport::ResponseHead &head) const;
    void noteTotal(std::optional<ByteCount> total);

    FileDownload &m_owner;
    PartFile &m_part;
    bool m_goesOn;
    PageGuard m_guard;
    bool m_hasPassed = false; ///< the guard
    std::optional<transport::ResponseHead>
        m_firstHead; ///< of an answer that nothing is kept of yet
};

} // namespace freshet::transfer

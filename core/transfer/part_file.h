// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/file.h"
#include "store/file_lock.h"
#include "transfer/file_verdict.h"
#include "transfer/part_state.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A file under way: `FILE.part`, with its state in `FILE.part.json`, until it is whole and takes
/// the name `FILE` in one step.
///
/// Commit: append → fdatasync → replace the state, at least `kCommitInterval` apart, so that the
/// state never speaks of bytes that a power cut can take away. Locked against other processes.
/// Threads: one thread at a time.
class PartFile
{
public:
    /// Open or create the part of `target`. What an earlier run left is read over once: it is kept
    /// up to where its state vouches for it, if the checksum agrees, else `remark()` says why not.
    /// Errors: LibraryBusy, PermissionDenied, DiskFull, IoError, Cancelled.
    [[nodiscard]] static Result<PartFile> open(const std::filesystem::path &target,
                                               const CancelToken &cancel);

    [[nodiscard]] static std::filesystem::path partPath(const std::filesystem::path &target);
    [[nodiscard]] static std::filesystem::path statePath(const std::filesystem::path &target);

    /// Why bytes of an earlier run are not used; empty if all of them are.
    [[nodiscard]] const std::string &remark() const { return m_remark; }
    /// Bytes that are here.
    [[nodiscard]] ByteCount size() const
    {
        return m_state.pieces.empty() ? m_digest.length : heldBytes(m_state.pieces);
    }
    [[nodiscard]] const transport::PrefixDigest &digest() const { return m_digest; }
    /// What the owner keeps with the part; `digest` in it is ours.
    [[nodiscard]] PartState &state() { return m_state; }

    /// Drop all bytes; `state` belongs to what comes next.
    [[nodiscard]] Status startOver(PartState state);
    [[nodiscard]] Status append(std::string_view bytes);
    /// From now on the file is filled piece by piece: what is here becomes the first of them.
    /// `behind` are the others, up to the file's end.
    [[nodiscard]] Status beginPieces(std::vector<FilePiece> behind);
    /// The next bytes of a piece.
    [[nodiscard]] Status appendTo(std::size_t piece, std::string_view bytes);
    /// All pieces are whole: read the file over for its digests; it is one again.
    [[nodiscard]] Status joinPieces(const CancelToken &cancel);
    [[nodiscard]] Status commit();
    /// SHA-256 of all bytes.
    [[nodiscard]] std::string sha256() const { return m_digests.front().value(); }
    /// The stated digests against those of the bytes; none where OpenSSL lacks the algorithm.
    [[nodiscard]] std::vector<DigestCheck> checks() const;
    /// Sync, take the target's place, remove the state.
    [[nodiscard]] Status publish();
    /// Leave nothing behind of a download that brought nothing.
    void removeIfEmpty();

    static constexpr std::chrono::milliseconds kCommitInterval{1000};

private:
    PartFile(std::filesystem::path target, store::FileLock lock, File file);
    [[nodiscard]] Status adopt(const CancelToken &cancel);
    [[nodiscard]] Status adoptPieces(const CancelToken &cancel);
    /// Hand the bytes [first, first + length), or what there is of them, to `take`.
    template <typename Take>
    [[nodiscard]] Status readOver(ByteOffset first, ByteCount length, const CancelToken &cancel,
                                  Take take);
    [[nodiscard]] Status makeDigests();
    void digestBytes(std::string_view bytes);
    [[nodiscard]] Status forget();

    std::filesystem::path m_target;
    store::FileLock m_lock;
    File m_file;
    PartState m_state;
    std::string m_remark;
    transport::PrefixDigest m_digest;
    std::vector<Digest> m_digests; ///< SHA-256, then those of `m_state.stated` that differ from it
    std::chrono::steady_clock::time_point m_committed;
};

} // namespace freshet::transfer

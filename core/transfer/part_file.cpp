// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/part_file.h"

#include "transfer/verdict.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace freshet::transfer {

namespace {

constexpr std::size_t kReadBlock = 1 << 20;
/// A state is some hundred bytes; a file of this size is none.
constexpr ByteCount kMaxState = 1_MiB;

std::filesystem::path withSuffix(std::filesystem::path path, const char *suffix)
{
    path += suffix;
    return path;
}

Result<std::string> readSmallFile(const std::filesystem::path &path)
{
    const auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(file.error());
    const auto size = file->size();
    if (!size)
        return fail(size.error());
    if (*size > kMaxState)
        return fail(ErrorCode::SizeLimitExceeded, path.string() + " is too long for a state");
    std::string text(size->asSize(), '\0');
    FRESHET_TRY(file->readAt(ByteOffset(), text));
    return text;
}

} // namespace

std::filesystem::path PartFile::partPath(const std::filesystem::path &target)
{
    return withSuffix(target, ".part");
}

std::filesystem::path PartFile::statePath(const std::filesystem::path &target)
{
    return withSuffix(target, ".part.json");
}

PartFile::PartFile(std::filesystem::path target, store::FileLock lock, File file)
    : m_target(std::move(target)),
      m_lock(std::move(lock)),
      m_file(std::move(file)),
      m_committed(std::chrono::steady_clock::now())
{}

Result<PartFile> PartFile::open(const std::filesystem::path &target, const CancelToken &cancel)
{
    auto lock = store::FileLock::tryAcquire(partPath(target));
    if (!lock)
        return fail(std::move(lock).error());
    auto file = File::open(partPath(target), File::Mode::ReadWrite);
    if (!file)
        return fail(std::move(file).error());
    PartFile part(target, std::move(*lock), std::move(*file));
    FRESHET_TRY(part.makeDigests());
    FRESHET_TRY(part.adopt(cancel));
    return part;
}

Status PartFile::adopt(const CancelToken &cancel)
{
    const auto size = m_file.size();
    if (!size)
        return fail(size.error());
    if (*size == ByteCount())
        return forget();
    const auto text = readSmallFile(statePath(m_target));
    auto state = text ? PartState::fromJson(*text) : fail(text.error());
    if (!state || state->isDamaged || state->digest.length > *size) {
        m_remark = groupedDigits(size->value()) + " bytes of an earlier run are not used: " +
                   (!state             ? state.error().detail
                    : state->isDamaged ? "they are not what the server stated"
                                       : "fewer than its state says");
        return forget();
    }

    m_state = *std::move(state);
    FRESHET_TRY(makeDigests());
    if (!m_state.pieces.empty())
        return adoptPieces(cancel);
    FRESHET_TRY(readOver(ByteOffset(), m_state.digest.length, cancel,
                         [this](std::string_view bytes) { digestBytes(bytes); }));
    if (m_digest != m_state.digest) {
        m_remark = groupedDigits(m_state.digest.length.value()) +
                   " bytes of an earlier run are not used: they were changed on this machine";
        return forget();
    }
    // What came behind the last commit is not vouched for.
    return m_file.truncate(ByteOffset() + m_digest.length);
}

template <typename Take>
Status PartFile::readOver(ByteOffset first, ByteCount length, const CancelToken &cancel, Take take)
{
    FRESHET_TRY(m_file.seek(first));
    std::vector<char> block(kReadBlock);
    for (ByteCount left = length; left > ByteCount();) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const auto got = m_file.read({block.data(), std::min(block.size(), left.asSize())});
        if (!got)
            return fail(got.error());
        if (*got == 0)
            break;
        take(std::string_view(block.data(), *got));
        left -= ByteCount(static_cast<std::int64_t>(*got));
    }
    return {};
}

/// A piece that is not what its state says is fetched again; the others stay.
Status PartFile::adoptPieces(const CancelToken &cancel)
{
    ByteCount dropped;
    for (FilePiece &piece : m_state.pieces) {
        transport::PrefixDigest seen;
        FRESHET_TRY(readOver(piece.first, piece.held.length, cancel,
                             [&seen](std::string_view bytes) { seen.append(bytes); }));
        if (seen != piece.held) {
            dropped += piece.held.length;
            piece.held = {};
        }
    }
    if (dropped > ByteCount())
        m_remark = groupedDigits(dropped.value()) +
                   " bytes of an earlier run are not used: they were changed on this machine";
    return {};
}

Status PartFile::forget()
{
    m_state = {};
    m_digest = {};
    FRESHET_TRY(makeDigests());
    return m_file.seek(ByteOffset());
}

Status PartFile::makeDigests()
{
    std::vector<DigestKind> kinds = {DigestKind::Sha256};
    for (const auto &stated : m_state.stated) {
        if (std::ranges::find(kinds, stated.kind) == kinds.end())
            kinds.push_back(stated.kind);
    }
    m_digests.clear();
    for (const auto kind : kinds) {
        auto digest = Digest::create(kind);
        // What OpenSSL leaves out here is not checked; SHA-256 always is.
        if (!digest && kind == DigestKind::Sha256)
            return fail(std::move(digest).error());
        if (digest)
            m_digests.push_back(*std::move(digest));
    }
    return {};
}

void PartFile::digestBytes(std::string_view bytes)
{
    m_digest.append(bytes);
    for (auto &digest : m_digests)
        digest.append(bytes);
}

Status PartFile::startOver(PartState state)
{
    FRESHET_TRY(m_file.truncate(ByteOffset()));
    FRESHET_TRY(forget());
    m_state = std::move(state);
    return makeDigests();
}

Status PartFile::append(std::string_view bytes)
{
    FRESHET_TRY(m_file.write(bytes));
    digestBytes(bytes);
    if (std::chrono::steady_clock::now() - m_committed >= kCommitInterval)
        return commit();
    return {};
}

Status PartFile::beginPieces(std::vector<FilePiece> behind)
{
    m_state.pieces = std::move(behind);
    if (m_digest.length > ByteCount())
        m_state.pieces.insert(m_state.pieces.begin(),
                              FilePiece{.length = m_digest.length, .held = m_digest});
    m_digest = {};
    return commit();
}

Status PartFile::appendTo(std::size_t number, std::string_view bytes)
{
    FilePiece &piece = m_state.pieces[number];
    FRESHET_TRY(m_file.writeAt(piece.next(), bytes));
    piece.held.append(bytes);
    if (std::chrono::steady_clock::now() - m_committed >= kCommitInterval)
        return commit();
    return {};
}

Status PartFile::joinPieces(const CancelToken &cancel)
{
    // Until the digests are known, the state of the pieces is the one to go on with.
    FRESHET_TRY(commit());
    FRESHET_TRY(makeDigests());
    transport::PrefixDigest whole;
    FRESHET_TRY(
        readOver(ByteOffset(), heldBytes(m_state.pieces), cancel, [&](std::string_view bytes) {
            whole.append(bytes);
            for (auto &digest : m_digests)
                digest.append(bytes);
        }));
    m_digest = whole;
    m_state.pieces.clear();
    return {};
}

Status PartFile::commit()
{
    m_committed = std::chrono::steady_clock::now();
    FRESHET_TRY(m_file.syncData());
    m_state.digest = m_digest;
    auto file = AtomicFile::create(statePath(m_target));
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->write(m_state.toJson()));
    return file->commit();
}

std::vector<DigestCheck> PartFile::checks() const
{
    std::vector<DigestCheck> checks;
    for (const auto &stated : m_state.stated) {
        for (const auto &digest : m_digests) {
            if (digest.kind() == stated.kind)
                checks.push_back({stated, digest.value() == stated.value});
        }
    }
    return checks;
}

void PartFile::removeIfEmpty()
{
    // An empty file in the way is no harm: failing to remove it is not worth a word.
    if (const auto size = m_file.size(); size && *size == ByteCount())
        (void)::unlink(partPath(m_target).c_str());
}

Status PartFile::publish()
{
    FRESHET_TRY(m_file.sync());
    FRESHET_TRY(m_file.close());
    if (std::rename(partPath(m_target).c_str(), m_target.c_str()) != 0)
        return fail(systemError(errno, m_target.string()));
    if (::unlink(statePath(m_target).c_str()) != 0 && errno != ENOENT)
        return fail(systemError(errno, statePath(m_target).string()));
    return syncFolder(m_target.parent_path());
}

} // namespace freshet::transfer

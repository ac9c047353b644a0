// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/buffer.h"

#include "arrow_ipc_generated.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace freshet::store {

/// Compresses the buffers of record batches with Zstandard.
/// Source: Arrow IPC format, BodyCompression with method BUFFER: a little-endian int64 with the
/// uncompressed length, then one Zstandard frame; or -1, then the bytes as they are.
///
/// Threads: one thread at a time.
class BufferCompressor
{
public:
    /// What earlier batches taught about one buffer of one column: where compression did not pay,
    /// it is left out for a while and then tried again.
    struct Habit
    {
        int batchesToSkip = 0;
    };

    BufferCompressor();

    /// Append the stored form of `bytes`, which are not empty, to `body`.
    [[nodiscard]] Status append(columnar::MutableBuffer &body, std::span<const std::byte> bytes,
                                Habit &habit);

    /// Chosen by measurement on batches of the demo server's users (one core, by processor time):
    /// level -10 keeps 26 % at 1.1 GB/s of columns, -3 keeps 22 % at 0.99, 1 keeps 16 % at 0.82.
    /// tests/bench/bench_store prints what the whole writer does.
    static constexpr int kLevel = -3;

private:
    struct ContextDeleter
    {
        void operator()(void *context) const;
    };
    std::unique_ptr<void, ContextDeleter> m_context;
};

/// Memory for reading a stored buffer from a file such that, when it proves to be stored raw, its
/// bytes behind the 8-byte length lie at a 64-byte border already: read to `data() + kReadAhead`.
inline constexpr std::size_t kStoredPrefix = 8;
inline constexpr std::size_t kReadAhead = 64 - kStoredPrefix;

/// The bytes of a stored buffer, in 64-byte aligned memory. `stored` was read to a place
/// `kReadAhead` bytes behind such a border; it is shared when it holds raw bytes.
/// Errors: LibraryDamaged if the lengths contradict each other or pass `limit`, if the frame is
/// corrupt or its checksum wrong.
[[nodiscard]] Result<columnar::Buffer>
restoreBuffer(ipc::Codec codec, const columnar::Buffer &stored, std::int64_t limit);

} // namespace freshet::store

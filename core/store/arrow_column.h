// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "store/arrow_schema.h"

namespace freshet::store {

/// The buffers of one column as they came from a file, decompressed and 64-byte aligned. An absent
/// or empty validity means that every value is present.
struct StoredBuffers
{
    columnar::Buffer validity;
    columnar::Buffer offsets;
    columnar::Buffer values;
};

/// Make a Column of type `type` from what lies in a file: no copy where the storage is the native
/// one, else converted exactly. Offsets are rebased to 0, nulls are counted anew.
/// Errors: LibraryDamaged if a buffer is too short or offsets do not ascend within the values;
/// Unsupported if a value has no counterpart (more than 2 GiB of text in a batch, times finer than
/// a microsecond under a type of microseconds).
[[nodiscard]] Result<columnar::Column> assembleColumn(columnar::LogicalType type,
                                                      const ArrowStorage &storage,
                                                      std::int64_t rows, StoredBuffers buffers);

/// Whether every present value of a nanosecond column is a whole number of microseconds.
[[nodiscard]] Result<bool> fitsMicroseconds(std::int64_t rows, const StoredBuffers &buffers);

} // namespace freshet::store

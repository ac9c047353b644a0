// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "store/dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace freshet::test {

/// Which of the values of a sample are absent.
enum class Gaps { None, Nulls, Missing, Mixed, Everything };

/// A column of each logical type, in several spellings and scales.
columnar::SchemaPtr everyTypeSchema();
/// A column of type `type` with values drawn from `seed`, edge cases among them.
columnar::Column sampleColumn(columnar::LogicalType type, std::int64_t rows, std::uint64_t seed,
                              Gaps gaps);
columnar::RecordBatch sampleBatch(const columnar::SchemaPtr &schema, std::int64_t rows,
                                  std::uint64_t seed, Gaps gaps = Gaps::Mixed);
/// One int64 column "n" that counts from `first`.
columnar::RecordBatch countingBatch(std::int64_t first, std::int64_t rows);

/// Each value as shown, "‹null›" or "‹missing›".
std::vector<std::string> texts(const columnar::Column &column);
/// All rows of a snapshot, column by column, read through `column()`.
std::vector<std::vector<std::string>> texts(const store::DatasetSnapshot &snapshot);
/// The same through `scan()`.
std::vector<std::vector<std::string>> scannedTexts(const store::DatasetSnapshot &snapshot);

} // namespace freshet::test

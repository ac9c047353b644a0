// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes opened as an Arrow file must give columns that can be read or an error, never a crash.
#include "memory_file.h"

#include "columnar/value_text.h"
#include "store/arrow_file.h"

namespace {

using namespace freshet;

void readAll(const store::ArrowFileReader &reader)
{
    constexpr std::int64_t kMostRows = 1000;
    std::string text;
    for (std::size_t block = 0; block < reader.blocks().size(); ++block) {
        for (int i = 0; i < reader.schema()->columnCount(); ++i) {
            const Result<columnar::Column> column = reader.column(block, i);
            if (!column)
                continue;
            text.clear();
            for (std::int64_t row = 0; row < std::min(column->length, kMostRows); ++row)
                if (!column->isNull(row))
                    columnar::appendJson(text, *column, row);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const fuzz::MemoryFile file({reinterpret_cast<const char *>(data), size});
    if (const auto reader = store::ArrowFileReader::open(file.path()))
        readAll(**reader);
    const ByteCount length(static_cast<std::int64_t>(size));
    if (const auto reader = store::ArrowFileReader::recover(file.path(), length))
        readAll(**reader);
    return 0;
}

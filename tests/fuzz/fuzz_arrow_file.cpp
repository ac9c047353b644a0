// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes opened as an Arrow file must give columns that can be read or an error, never a crash.
#include "columnar/value_text.h"
#include "store/arrow_file.h"

#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

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
    const int file = memfd_create("arrow", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size))
        std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (const auto reader = store::ArrowFileReader::open(path))
        readAll(**reader);
    const ByteCount length(static_cast<std::int64_t>(size));
    if (const auto reader = store::ArrowFileReader::recover(path, length))
        readAll(**reader);
    close(file);
    return 0;
}

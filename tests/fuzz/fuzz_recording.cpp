// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes opened as a recording must give events that can be read or an error, and heads and ends
// that stay the same when written and read again.
#include "memory_file.h"

#include "transport/recording.h"
#include "transport/recording_text.h"

#include <cstdlib>

namespace {

using namespace freshet::transport;

void readAll(const Recording &recording)
{
    for (const Recording::Exchange &exchange : recording.exchanges()) {
        for (const Recording::Event &event : exchange.events) {
            if (!recording.payload(event))
                std::abort(); // what lies in the file was checked when it was opened
        }
        if (exchange.head) {
            const std::string text = recording::headText(*exchange.head);
            if (recording::headText(recording::headFrom(text)) != text)
                std::abort();
        }
        if (exchange.end) {
            const std::string text = recording::endText(*exchange.end);
            if (recording::endText(recording::endFrom(text)) != text)
                std::abort();
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    std::string bytes(recording::kMagic);
    bytes.append(data, data + size);
    const freshet::fuzz::MemoryFile file(bytes);
    if (const auto recording = Recording::load(file.path()))
        readAll(**recording);
    return 0;
}

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/memory_meter.h"

#include "base/file.h"

#include <array>
#include <charconv>
#include <string_view>

namespace freshet::lab {

namespace {

/// The value of a line such as `VmHWM:     12345 kB`.
std::optional<ByteCount> sizeIn(std::string_view status, std::string_view name)
{
    const auto at = status.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    status.remove_prefix(at + name.size());
    status.remove_prefix(std::min(status.find_first_of("0123456789"), status.size()));
    std::int64_t kilobytes = 0;
    if (std::from_chars(status.data(), status.data() + status.size(), kilobytes).ec != std::errc())
        return std::nullopt;
    return ByteCount(kilobytes << 10);
}

} // namespace

bool beginPeak()
{
    auto file = File::open("/proc/self/clear_refs", File::Mode::Truncate);
    return file && file->write("5");
}

std::optional<MemoryFigures> readMemory()
{
    auto file = File::open("/proc/self/status", File::Mode::Read);
    if (!file)
        return std::nullopt;
    std::array<char, 8192> buffer{};
    const auto size = file->read(buffer);
    if (!size)
        return std::nullopt;
    const std::string_view status(buffer.data(), *size);
    const auto peak = sizeIn(status, "VmHWM:");
    const auto now = sizeIn(status, "VmRSS:");
    if (!peak || !now)
        return std::nullopt;
    return MemoryFigures{*now, *peak};
}

} // namespace freshet::lab

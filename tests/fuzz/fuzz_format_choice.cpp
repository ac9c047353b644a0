// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any content type, name and first bytes must give a format or WrongContentType. An input is the
// three, separated by bytes 0.
#include "decode/row_decoder.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    using namespace freshet;
    const std::string text(data, data + size);
    const std::size_t first = std::min(text.find('\0'), text.size());
    const std::size_t second = std::min(text.find('\0', first + 1), text.size());
    const std::string contentType = text.substr(0, first);
    const std::string name = first < second ? text.substr(first + 1, second - first - 1) : "";
    const std::string bytes = second < text.size() ? text.substr(second + 1) : "";
    const auto choice = decode::chooseFormat(contentType, name, bytes);
    const bool isFine = choice ? choice->format != decode::Format::Auto && !choice->reason.empty()
                               : choice.error().code == ErrorCode::WrongContentType;
    if (!isFine)
        std::abort();
    return 0;
}

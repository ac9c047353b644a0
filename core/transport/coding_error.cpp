// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/coding_error.h"

namespace freshet::transport {

Error corruptCoding(std::string_view coding, std::string_view reason, ByteOffset offset)
{
    return Error{.code = ErrorCode::CodingCorrupt,
                 .detail = "damaged " + std::string(coding) + " data: " + std::string(reason),
                 .byteOffset = offset};
}

Error truncatedCoding(std::string_view coding, ByteOffset offset)
{
    return Error{.code = ErrorCode::CodingTruncated,
                 .detail = "the " + std::string(coding) + " data stops before its end, after " +
                           std::to_string(offset.value()) + " encoded bytes",
                 .byteOffset = offset};
}

} // namespace freshet::transport

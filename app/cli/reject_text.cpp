// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/reject_text.h"

#include "exporters/bad_rows.h"
#include "transfer/verdict.h"

#include <QByteArray>

namespace freshet::cli {

namespace {

/// What a terminal may be shown: text without control characters, neither of ASCII nor those
/// from U+0080 to U+009F, which some terminals obey as well.
std::string printable(const std::string &raw)
{
    if (!exporters::isUtf8(raw))
        return "(base64) " + QByteArray::fromStdString(raw).toBase64().toStdString();
    std::string text = raw;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0xff);
        if (byte < 0x20 || byte == 0x7f)
            text[i] = ' ';
        else if (byte == 0xc2 && next < 0xa0)
            text[i] = text[i + 1] = ' ';
    }
    return text;
}

} // namespace

std::string rejectText(const store::StoredReject &reject)
{
    return "line " + transfer::groupedDigits(reject.line) + ", byte " +
           transfer::groupedDigits(reject.byteOffset) + ": " + reject.code + ": " +
           printable(reject.reason) + "\n  " + printable(reject.rawText) + '\n';
}

} // namespace freshet::cli

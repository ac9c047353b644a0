// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/windowed_decoder.h"

namespace freshet::decode {

Status WindowedDecoder::feed(std::string_view bytes)
{
    if (m_broken)
        return fail(*m_broken);
    while (!bytes.empty()) {
        if (neededFrom() == m_window.endOffset()) {
            FRESHET_TRY(settle(decodeInPlace(bytes)));
            const std::int64_t taken = m_at - m_window.endOffset();
            m_window.skip(taken);
            bytes.remove_prefix(static_cast<std::size_t>(taken));
        }
        const std::size_t wanted = wantedBytes();
        m_window.append(bytes.substr(0, wanted));
        bytes.remove_prefix(std::min(bytes.size(), wanted));
        FRESHET_TRY(settle(decode(false)));
        m_window.release(neededFrom());
    }
    return {};
}

Status WindowedDecoder::finish()
{
    if (m_broken)
        return fail(*m_broken);
    m_window.append({});
    FRESHET_TRY(settle(decode(true)));
    return flush();
}

Status WindowedDecoder::finishUnproven()
{
    m_isEndUnproven = true;
    return finish();
}

Status WindowedDecoder::settle(Status decoded)
{
    if (decoded)
        return {};
    m_broken = decoded.error();
    // The rows before the place are good: they must not wait for an end that will not come.
    FRESHET_TRY(flush());
    return decoded;
}

Status WindowedDecoder::flush()
{
    return m_output.flush();
}

void WindowedDecoder::reset()
{
    m_window.clear();
    m_output.reset();
    m_at = 0;
    m_broken.reset();
    m_isPastMark = false;
    m_isEndUnproven = false;
    restart();
}

bool WindowedDecoder::passByteOrderMark(bool atEnd)
{
    if (m_isPastMark)
        return true;
    static constexpr std::string_view kMark = "\xEF\xBB\xBF";
    const std::string_view text(m_window.at(0), static_cast<std::size_t>(m_window.endOffset()));
    if (!atEnd && text.size() < kMark.size() && kMark.starts_with(text))
        return false;
    if (text.starts_with(kMark))
        m_at = static_cast<std::int64_t>(kMark.size());
    m_isPastMark = true;
    return true;
}

} // namespace freshet::decode

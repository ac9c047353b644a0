// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/first_bytes.h"

namespace freshet::transfer {

namespace {

constexpr std::string_view kBlank = " \t\r\n\xEF\xBB\xBF";
constexpr int kPatienceForOneObject = 10;

} // namespace

void FirstBytes::append(std::string_view bytes)
{
    if (m_text.empty())
        m_firstAt = Clock::now();
    m_text += bytes;
}

bool FirstBytes::isOneObject() const
{
    const auto start = m_text.find_first_not_of(kBlank);
    if (m_text[start] != '{')
        return false;
    const auto lineEnd = m_text.find('\n', start);
    return lineEnd == std::string::npos ||
           m_text.find_first_not_of(kBlank, lineEnd) == std::string::npos;
}

std::optional<FirstBytes::Clock::time_point>
FirstBytes::decideAt(std::chrono::milliseconds visibleWithin) const
{
    if (m_text.find_first_not_of(kBlank) == std::string::npos)
        return std::nullopt;
    return m_firstAt + (isOneObject() ? visibleWithin * kPatienceForOneObject : visibleWithin);
}

} // namespace freshet::transfer

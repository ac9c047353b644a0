// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_size.h"

#include "transfer/page_names.h"
#include "transfer/page_place.h"

#include <algorithm>
#include <charconv>

namespace freshet::transfer {

namespace {

using namespace std::chrono_literals;

std::int64_t numberIn(const std::optional<std::string> &text)
{
    std::int64_t value = 0;
    if (text)
        std::from_chars(text->data(), text->data() + text->size(), value);
    return std::max<std::int64_t>(value, 0);
}

/// Where the size goes: as the rule says, else where the request has one, else where it usually is.
std::string placeOf(const PageRule &rule, const transport::ByteRequest &request)
{
    if (!rule.sizeTo.empty())
        return rule.sizeTo;
    for (const auto &[name, value] : queryParameters(request.url)) {
        if (isSizeParameter(name, rule.positionTo))
            return name;
    }
    return rule.size ? sizeParameterFor(rule.positionTo) : std::string();
}

} // namespace

PageSizer::PageSizer(const PageRule &rule, const transport::ByteRequest &request)
    : m_place(placeOf(rule, request))
{
    if (m_place.empty())
        return;
    m_sent = numberIn(valueIn(request, m_place));
    m_asked = rule.size.value_or(m_sent);
    const bool isFree = rule.style == PageStyle::Offset || rule.style == PageStyle::Cursor ||
                        rule.style == PageStyle::Keyset || rule.style == PageStyle::GraphQl;
    m_mayAdapt = isFree && !rule.size && m_asked > 0;
}

Status PageSizer::apply(transport::ByteRequest &request) const
{
    if (m_asked == m_sent)
        return {};
    return setValueIn(request, m_place, std::to_string(m_asked), true);
}

void PageSizer::learn(std::int64_t asked, std::int64_t rows, ByteCount bytes,
                      std::chrono::microseconds took)
{
    if (rows == 0)
        return;
    if (rows < asked && asked <= m_proven)
        return; // the last page, or a short one; the server can do more
    if (asked == 0 || rows < asked) {
        m_cap = std::max(m_cap, rows);
        m_mayAdapt = false;
        return;
    }
    m_proven = std::max(m_proven, asked);
    if (!m_mayAdapt || asked != m_asked)
        return;
    const std::int64_t size = std::max<std::int64_t>(bytes.value(), 1);
    if (size > kLargeBytes || took > 2s) {
        m_asked = std::max<std::int64_t>(asked / 2, 1);
        m_mayAdapt = false;
        return;
    }
    if (size >= kSmallBytes || took >= 500ms || asked >= kMostRows)
        return;
    const std::int64_t growth = std::clamp<std::int64_t>(kWantedBytes / size, 2, 4);
    m_asked = std::min(asked * growth, kMostRows);
}

bool PageSizer::refuse()
{
    const bool hasGrown = m_proven > 0 && m_asked > m_proven;
    m_mayAdapt = false;
    if (hasGrown)
        m_asked = m_proven;
    return hasGrown;
}

std::int64_t PageSizer::expected() const
{
    if (m_cap == 0)
        return m_asked;
    return m_asked == 0 ? m_cap : std::min(m_asked, m_cap);
}

void PageSizer::restore(std::int64_t asked, std::int64_t cap)
{
    m_asked = asked;
    m_cap = cap;
    m_proven = asked;
    m_mayAdapt = m_mayAdapt && cap == 0;
}

} // namespace freshet::transfer

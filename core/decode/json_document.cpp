// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_document.h"

#include "decode/rows_rules.h"

namespace freshet::decode {

void JsonStack::pop()
{
    const JsonFrame closed = std::move(m_frames.back());
    m_frames.pop_back();
    if (m_frames.empty())
        return;
    JsonFrame &around = m_frames.back();
    if (closed.isArray) {
        const bool isFirst = around.arrays++ == 0;
        around.innerCount =
            isFirst || around.innerCount == closed.count ? closed.count : std::int64_t{-2};
    } else {
        const bool isFirst = around.objects++ == 0;
        around.sameFirstKey =
            around.sameFirstKey && (isFirst || around.innerFirstKey == closed.firstKey);
        around.innerFirstKey = closed.firstKey;
    }
}

std::string JsonStack::path() const
{
    std::string path = "$";
    for (const JsonFrame &frame : m_frames) {
        if (frame.isArray)
            path += "[" + std::to_string(frame.count - 1) + "]";
        else
            appendMember(path, frame.key);
    }
    return path;
}

RowsPath JsonStack::rowsPath() const
{
    RowsPath path;
    for (const JsonFrame &frame : m_frames) {
        if (frame.isArray)
            path.steps.push_back({.kind = RowsStep::Kind::Element, .index = frame.count - 1});
        else
            path.steps.push_back({.name = frame.key});
    }
    return path;
}

int JsonStack::matchedBy(const std::vector<RowsStep> &wanted) const
{
    if (m_frames.empty())
        return 0;
    const JsonFrame &frame = m_frames.back();
    if (frame.matched < 0 || static_cast<std::size_t>(frame.matched) >= wanted.size())
        return -1;
    const RowsStep &step = wanted[static_cast<std::size_t>(frame.matched)];
    bool fits = false;
    switch (step.kind) {
    case RowsStep::Kind::Member:
        fits = !frame.isArray && step.name == frame.key;
        break;
    case RowsStep::Kind::Element:
        fits = frame.isArray && step.index == frame.count - 1;
        break;
    case RowsStep::Kind::Every:
        fits = frame.isArray;
        break;
    }
    return fits ? frame.matched + 1 : -1;
}

bool JsonStack::mayHoldRows() const
{
    if (m_frames.empty())
        return true;
    const JsonFrame &frame = m_frames.back();
    return isBesideRows() && !isMetadataName(frame.key);
}

bool JsonStack::isBesideRows() const
{
    if (m_frames.empty())
        return false;
    const JsonFrame &frame = m_frames.back();
    return frame.mayHoldRows && !frame.isArray && frame.key.size() <= kLongestKey;
}

std::string_view JsonStack::key() const
{
    if (m_frames.empty() || m_frames.back().isArray)
        return {};
    return m_frames.back().key;
}

} // namespace freshet::decode

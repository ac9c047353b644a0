// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_intake.h"

#include "decode/input_window.h"

#include <utility>

namespace freshet::decode {

RowIntake::RowIntake(const DecodeOptions &options, DecodeOutputs outputs, RowOutput &output)
    : m_hasHeader(options.hasHeader),
      m_output(output),
      m_row(outputs.builder, options.flatten, options.limits),
      m_header(options.hasHeader)
{}

void RowIntake::reset()
{
    m_row.reset();
    m_header = ArrayHeader(m_hasHeader);
    m_held.clear();
}

void RowIntake::setColumnNames(std::vector<std::string> names)
{
    m_header.decide();
    m_row.setColumnNames(std::move(names));
}

std::vector<std::string> RowIntake::notes() const
{
    std::vector<std::string> notes = m_row.notes();
    if (m_header.isDecided() && !m_header.names().empty())
        notes.insert(notes.begin(), "the first row names the columns");
    return notes;
}

Status RowIntake::beforeValue(char first)
{
    if (m_header.isDecided() || first == '[')
        return {};
    return takeHeld();
}

Status RowIntake::take(const RowPlace &place)
{
    return m_header.isDecided() ? m_output.endRow(place.after) : takeArray(place);
}

Status RowIntake::takeArray(const RowPlace &place)
{
    const std::string_view text = between(place.at, place.next);
    switch (m_header.look(text)) {
    case ArrayHeader::Next::TakeRow:
        break;
    case ArrayHeader::Next::HoldRow:
        m_row.drop();
        m_held = text;
        m_held.append(InputWindow::kPadding, '\0');
        m_heldPlace = place;
        return {};
    case ArrayHeader::Next::TakeHeldAndRow:
        m_row.drop();
        FRESHET_TRY(takeHeld());
        return takeAgain(place);
    case ArrayHeader::Next::NameAndTakeRow:
        m_row.drop();
        m_held.clear();
        m_row.setColumnNames(m_header.names());
        return takeAgain(place);
    case ArrayHeader::Next::NameAndPassOver:
        m_row.drop();
        m_held.clear();
        m_row.setColumnNames(m_header.names());
        m_output.moveTo(place.after);
        return {};
    }
    return m_output.endRow(place.after);
}

Status RowIntake::finish()
{
    return takeHeld();
}

Status RowIntake::takeHeld()
{
    m_header.decide();
    if (m_held.empty())
        return {};
    const std::string held = std::exchange(m_held, {});
    RowPlace place = m_heldPlace;
    place.at = held.data();
    place.next = place.end = held.data() + held.size() - InputWindow::kPadding;
    return takeAgain(place);
}

/// Read a value that was valid once more, now that it is known how.
Status RowIntake::takeAgain(const RowPlace &place)
{
    if (m_row.read(place.at, place.end, place.depth, false) != nullptr)
        return m_output.endRow(place.after);
    return rejectWhole(place);
}

Status RowIntake::rejectWhole(const RowPlace &place)
{
    const std::string_view text = between(place.at, place.next);
    Error error{.code = m_row.fault().code,
                .detail = m_row.fault().reason,
                .byteOffset = ByteOffset(place.after - (place.next - place.at)),
                .line = place.line};
    error.excerpt = Error::excerptOf(text);
    FRESHET_TRY(m_output.reject(std::move(error), text));
    m_output.moveTo(place.after);
    return {};
}

} // namespace freshet::decode

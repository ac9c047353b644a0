// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/user_stream.h"

#include <algorithm>

namespace freshet::demo {

namespace {

bool readVarint(std::string_view &bytes, std::uint64_t &value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

tl::unexpected<Error> unreadable()
{
    return fail(ErrorCode::InvalidArgument, "the request is no users.ListUsersRequest");
}

} // namespace

void appendProtoVarint(std::string &out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void appendProtoText(std::string &out, unsigned field, std::string_view text)
{
    appendProtoVarint(out, field << 3 | 2u);
    appendProtoVarint(out, text.size());
    out += text;
}

Result<UserQuery> UserQuery::parse(std::string_view message)
{
    UserQuery query;
    std::string fault;
    while (!message.empty()) {
        std::uint64_t tag = 0;
        std::uint64_t number = 0;
        if (!readVarint(message, tag) || (tag & 5) != 0 || !readVarint(message, number))
            return unreadable();
        const auto field = static_cast<unsigned>(tag >> 3);
        if ((tag & 2) != 0) {
            if (number > message.size())
                return unreadable();
            const std::string_view text = message.substr(0, number);
            message.remove_prefix(number);
            if (field == 2)
                query.country = text;
            else if (field == 6)
                fault = text;
        } else if (field == 1 && number != 0) {
            query.batchSize = static_cast<std::int64_t>(number);
        } else if (field == 3) {
            query.behindId = static_cast<std::int64_t>(number);
        } else if (field == 4 && number != 0) {
            query.rows = static_cast<std::int64_t>(number);
        } else if (field == 5 && number != 0) {
            query.seed = number;
        }
    }
    if (query.rows < 0 || query.rows > kMostRows || query.batchSize < 1 ||
        query.batchSize > 100'000)
        return fail(ErrorCode::InvalidArgument, "rows or batch_size is out of range");
    auto parsed = Fault::parse(fault);
    if (!parsed)
        return fail(std::move(parsed).error());
    query.fault = *parsed;
    return query;
}

UserStream::UserStream(UserQuery query, bool inBatches)
    : m_query(std::move(query)), m_inBatches(inBatches), m_table(m_query.seed)
{}

bool UserStream::findNext()
{
    if (m_index == 0)
        m_index = UsersTable::indexBehind(m_query.behindId);
    while (m_index < m_query.rows && !m_query.country.empty() &&
           m_table.country(m_index) != m_query.country)
        ++m_index;
    return m_index < m_query.rows;
}

void UserStream::appendUser(std::string &message)
{
    m_user.clear();
    m_table.appendProto(m_user, m_index++);
    ++m_made;
    if (m_query.fault.kind == Fault::Kind::Bad && m_made % m_query.fault.n == 0)
        m_user += '\x0F'; // no field starts like this
    if (m_inBatches)
        appendProtoText(message, 1, m_user);
    else
        message = m_user;
}

UserStream::Step UserStream::next(std::string &message)
{
    message.clear();
    const Fault &fault = m_query.fault;
    const bool isFaultDue = m_made >= fault.n && findNext();
    if (isFaultDue && fault.kind == Fault::Kind::Cut)
        return Step::Closed;
    if (isFaultDue && fault.kind == Fault::Kind::Stall)
        return Step::Stalled;
    if (isFaultDue && fault.kind == Fault::Kind::Error)
        return Step::Failed;
    const bool isHalf = isFaultDue && fault.kind == Fault::Kind::CutRow;
    const bool stopsThere = fault.kind != Fault::Kind::None && fault.kind != Fault::Kind::Bad;
    std::int64_t left = m_inBatches ? m_query.batchSize : 1;
    if (stopsThere && !isFaultDue)
        left = std::min(left, fault.n - m_made);
    for (; left > 0 && findNext(); --left)
        appendUser(message);
    if (message.empty())
        return Step::Done;
    return isHalf ? Step::Half : Step::Message;
}

} // namespace freshet::demo

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/fault.h"
#include "demo/users_table.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::demo {

/// A users.ListUsersRequest (see resources/demo.proto) with its defaults filled in.
struct UserQuery
{
    static constexpr std::int64_t kMostRows = 10'000'000'000;

    std::int64_t batchSize = 500;
    std::string country;
    std::int64_t behindId = 0;
    std::int64_t rows = 1000;
    std::uint64_t seed = 1;
    Fault fault;

    /// Errors: InvalidArgument.
    [[nodiscard]] static Result<UserQuery> parse(std::string_view message);
};

/// Makes the messages that answer a query.
/// Threads: one thread at a time.
class UserStream
{
public:
    enum class Step {
        Message, ///< `message` is the next one
        Half,    ///< send half of `message`, then close the connection
        Closed,  ///< close the connection without an end
        Stalled, ///< send nothing more, and no end
        Failed,  ///< end with an error status
        Done,    ///< end with success
    };

    /// `inBatches`: each message is a ListUsersResponse, else a User.
    UserStream(UserQuery query, bool inBatches);

    [[nodiscard]] Step next(std::string &message);

private:
    [[nodiscard]] bool findNext();
    void appendUser(std::string &message);

    const UserQuery m_query;
    const bool m_inBatches;
    const UsersTable m_table;
    std::int64_t m_index = 0; ///< in the table
    std::int64_t m_made = 0;  ///< users so far
    std::string m_user;
};

/// Append the parts that protobuf messages are made of.
void appendProtoVarint(std::string &out, std::uint64_t value);
void appendProtoText(std::string &out, unsigned field, std::string_view text);

} // namespace freshet::demo

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/page_finder.h"
#include "transfer/page_rule.h"
#include "transfer/page_size.h"

#include <QJsonObject>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// What is known of a page when the next one has to be found.
struct PageFacts
{
    PageAnswer answer;
    PageSigns signs;
    std::int64_t number = 0;  ///< of the page, from 1
    std::int64_t newRows = 0; ///< rows that were not held already
    std::int64_t allRows = 0; ///< received on this and all earlier pages
    ByteCount bytes;
    std::chrono::microseconds took{0};
    std::optional<std::string> lastKey; ///< Keyset: of the last row
};

/// What a page leads to.
struct PageStep
{
    enum class Kind {
        More, ///< there is a next page
        End,  ///< `why` proves that this was the last one
        Stop, ///< nothing more can be asked for, and `why` is no proof
        Lost, ///< `why` says that rows are missing
    };
    Kind kind = Kind::More;
    std::string why;
};

/// A request for one page, and how a person would call its place: "offset 12,000".
struct PageRequest
{
    transport::ByteRequest request;
    std::string place;
    std::chrono::milliseconds delay{0};
};

/// The way from page to page in one style.
/// Threads: one thread at a time.
class PageCourse
{
public:
    virtual ~PageCourse() = default;

    /// A page came; pages come in the order of their requests.
    [[nodiscard]] virtual PageStep judge(const PageFacts &facts) = 0;
    /// A page failed with a status that may mean that there is no such page, or not of this size.
    [[nodiscard]] virtual PageStep judgeRefusal(const Error &error, std::int64_t number) = 0;
    /// What is to be sent now. `wantedRows` is how many rows are still wanted at most.
    /// Errors: InvalidArgument if the position cannot be put into the request.
    [[nodiscard]] virtual Result<std::vector<PageRequest>> next(std::int64_t wantedRows) = 0;
    /// Whether the requests that are under way are worthless: `next` gives others in their place.
    [[nodiscard]] virtual bool dropsUnderWay() { return false; }
    /// Whether the first page is the first of all, so that a declared total counts.
    [[nodiscard]] virtual bool startsAtFirstPage() const = 0;
    /// The place of the page that follows those judged: "offset 12,000".
    [[nodiscard]] virtual std::string place() const = 0;

    [[nodiscard]] virtual QJsonObject state() const = 0;
    /// Errors: LibraryDamaged.
    [[nodiscard]] virtual Status restore(const QJsonObject &state) = 0;
};

/// Pages by the number of the first row, or by their own number: several can be under way.
[[nodiscard]] std::unique_ptr<PageCourse> makeCountedCourse(const PageRule &rule,
                                                            const transport::ByteRequest &request);
/// Pages of which each says where the next one is.
[[nodiscard]] std::unique_ptr<PageCourse> makeFollowedCourse(const PageRule &rule,
                                                             const transport::ByteRequest &request);
/// One of the two. `rule` is complete, see `completed`.
[[nodiscard]] std::unique_ptr<PageCourse> makePageCourse(const PageRule &rule,
                                                         const transport::ByteRequest &request);
/// Whether the style follows something that each answer says at `positionFrom`.
[[nodiscard]] bool needsPositionFrom(const PageRule &rule);
/// `rule` with what it leaves open filled in from the request and the first answer, if there is one
/// that shows it.
[[nodiscard]] PageRule completed(PageRule rule, const transport::ByteRequest &request,
                                 const PageAnswer *answer);

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "faults/sample.h"
#include "support/fault_server.h"

#include <functional>
#include <string>
#include <vector>

namespace freshet::test {

/// What a run of the download that meets a fault has to come to.
struct Expected
{
    enum class End {
        Whole,  ///< all rows, and a verdict that says no less
        Broken, ///< verdict incomplete, with one of `codes` as the error (none: no error at all)
        Short,  ///< rows are missing and nobody can know: the verdict is "ended" at best
    };
    End end = End::Whole;
    std::vector<ErrorCode> codes;
};

[[nodiscard]] inline Expected whole()
{
    return {};
}
[[nodiscard]] inline Expected broken(std::vector<ErrorCode> codes)
{
    return {Expected::End::Broken, std::move(codes)};
}
[[nodiscard]] inline Expected shortOfRows()
{
    return {Expected::End::Short, {}};
}

/// What the requests have to look like besides the rules that hold for all.
enum class Ranges {
    Free,
    Used,      ///< at least one asked for a range
    Forbidden, ///< none did: there is no strong validator, or the coding has other offsets
};

/// A fault against one form of the table.
struct Plan
{
    /// Why it does not apply to this form; empty: it does.
    std::string skipped;
    Resource resource;           ///< what the server holds all the time
    std::vector<Answer> answers; ///< to the first requests; later ones are answered honestly
    std::vector<Expected> runs;  ///< what each run comes to if nothing is retried by itself
    Ranges ranges = Ranges::Free;
    int retries = 0; ///< what `runs` speaks of takes so many tries after the first
    bool isTls = false;
    /// What was sent belongs to no whole table, and was taken for rows or for what lies between
    /// them: nothing can follow it. The rows before are kept, and every resume says SourceChanged.
    bool isBeyondRepair = false;
    /// The last row that is kept is none of the table's.
    bool hasForeignRow = false;
    bool hasCredentials = false; ///< the request carries an Authorization header
};

/// One of the forty faults, or a variant of it.
struct Fault
{
    int number;
    std::string words;
    /// `elsewhere` is the origin of another server that holds the same resource.
    std::function<Plan(const Sample &sample, const std::string &elsewhere)> plan;

    /// "24: only a weak entity tag"
    [[nodiscard]] std::string name() const { return std::to_string(number) + ": " + words; }
};

/// All forty, in order.
[[nodiscard]] std::vector<Fault> allFaults();

[[nodiscard]] std::vector<Fault> faultsOfFraming();  ///< 1–15
[[nodiscard]] std::vector<Fault> faultsOfCodings();  ///< 16–20
[[nodiscard]] std::vector<Fault> faultsOfResuming(); ///< 21–36
[[nodiscard]] std::vector<Fault> faultsOfContent();  ///< 37–40

/// Send `bytes` and close.
[[nodiscard]] inline Answer raw(std::string bytes)
{
    return [bytes = std::move(bytes)](const Asked &) {
        return Script().send(bytes);
    };
}
/// 200 with its full length, cut after `at` bytes of the body.
[[nodiscard]] inline Answer cutAt(const Resource &resource, std::size_t at)
{
    return raw(resource.head("200 OK", Resource::length(resource.body.size())) +
               resource.body.substr(0, at));
}

} // namespace freshet::test

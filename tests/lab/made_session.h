// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace freshet::test {

/// A session of `variants` (up to 40), five runs each, as a lab has them: formats by codings and
/// protocols, most of them through within two seconds, pages later, and the smallest pages after 93
/// seconds. No run was made.
[[nodiscard]] inline lab::LabSession madeSession(int variants)
{
    using std::chrono::microseconds;
    struct Way
    {
        const char *name;
        double seconds;
        double begins; ///< share of the time that passes before the first row
    };
    static constexpr std::array<Way, 6> ways{{{"NDJSON", 1.20, 0.01},
                                              {"Batch JSON", 1.62, 0.60},
                                              {"CSV", 0.94, 0.02},
                                              {"Event stream", 1.71, 0.01},
                                              {"gRPC-web", 0.78, 0.02},
                                              {"MessagePack", 1.05, 0.03}}};
    static constexpr std::array<std::pair<const char *, double>, 3> codings{
        {{"", 1.0}, {", gzip", 1.14}, {", br", 1.43}}};
    static constexpr std::array<std::pair<const char *, double>, 2> protocols{
        {{"", 1.0}, {", HTTP/2", 1.06}}};
    static constexpr std::array<Way, 4> pages{{{"Pages of 5,000", 4.0, 0.01},
                                               {"Pages of 1,000", 11.0, 0.01},
                                               {"Pages of 500", 26.0, 0.01},
                                               {"Pages of 100", 93.0, 0.01}}};
    lab::LabSession session{.id = "20261126-140500-made-" + std::to_string(variants),
                            .plan = {.name = "Batch or stream?", .runs = 5},
                            .program = "Freshet test"};
    session.began = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'701'900));
    const auto add = [&](const std::string &name, const Way &way, double seconds) {
        const int variant = static_cast<int>(session.plan.variants.size());
        auto &added = session.plan.variants.emplace_back();
        added.name = name;
        added.detail = "Accept: application/x-ndjson";
        added.request.bytes.url = "http://127.0.0.1/users?rows=1000000";
        for (int repeat = 0; repeat < 5; ++repeat) {
            // The spread of a few percent that repeats on one machine have.
            const double end = seconds * (1 + 0.03 * std::sin(variant * 3.0 + repeat * 2.0));
            const auto at = [end](double share) {
                return microseconds(std::llround(end * share * 1e6));
            };
            lab::RunRecord run{.variant = variant, .repeat = repeat};
            run.verdict = transfer::VerdictKind::Verified;
            run.began = session.began + std::chrono::minutes(repeat);
            run.format = "ndjson";
            run.requests = 1;
            run.rows = RowCount(1'000'000);
            run.wireBytes = ByteCount(487'000'000);
            run.decodedBytes = ByteCount(487'000'000);
            run.peakMemory = ByteCount(74'000'000 + repeat);
            run.phases.requestSent = microseconds(300);
            run.phases.answerBegan = run.phases.firstByte = at(way.begins);
            run.marks = {.first = at(way.begins), .half = at((1 + way.begins) / 2), .last = at(1)};
            run.total = at(1.01);
            for (int step = 0; step <= 40; ++step) {
                const double share = step / 40.0;
                const double bend = share + 0.05 * std::sin(share * 6.283) * std::cos(variant);
                run.arrivals.rows.push_back(
                    {at(way.begins + (1 - way.begins) * share),
                     step == 40 ? 1'000'000 : std::max<std::int64_t>(1, std::llround(bend * 1e6))});
            }
            session.runs.push_back(std::move(run));
        }
    };
    for (const auto &[protocol, protocolCost] : protocols) {
        for (const auto &[coding, codingCost] : codings) {
            for (const Way &way : ways)
                add(std::string(way.name) + coding + protocol, way,
                    way.seconds * codingCost * protocolCost);
        }
    }
    for (const Way &way : pages)
        add(way.name, way, way.seconds);
    // Few of them are a mix as well, with the slowest among them.
    const std::size_t all = session.plan.variants.size();
    const auto kept = std::min(all, static_cast<std::size_t>(variants));
    std::vector<lab::Variant> plan;
    std::vector<lab::RunRecord> runs;
    for (std::size_t i = 0; i < kept; ++i) {
        const std::size_t from = i + 1 < kept || kept == 3 ? i : all - 1;
        plan.push_back(session.plan.variants[from]);
        for (lab::RunRecord run : session.runs) {
            if (run.variant != static_cast<int>(from))
                continue;
            run.variant = static_cast<int>(i);
            runs.push_back(std::move(run));
        }
    }
    session.plan.variants = std::move(plan);
    session.runs = std::move(runs);
    return session;
}

} // namespace freshet::test

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/decode_recorder.h"
#include "transfer/page_place.h"
#include "transfer/page_planner.h"

#include <QStringList>

#include <deque>
#include <functional>

namespace freshet::test {

/// What a simulated server answers.
struct SimulatedAnswer
{
    int status = 200;
    std::string body;
    std::vector<transport::Header> headers;
    std::string finalUrl; ///< empty: the one asked for
};

/// Drives a planner the way a transfer does, without network and threads.
class PageSimulation
{
public:
    using Server = std::function<SimulatedAnswer(const transport::ByteRequest &)>;

    PageSimulation(transfer::PageRule rule, transport::ByteRequest request, Server server,
                   std::optional<RowCount> limit = std::nullopt)
        : m_rule(std::move(rule)),
          m_request(std::move(request)),
          m_server(std::move(server)),
          m_limit(limit)
    {
        m_planner = std::make_unique<transfer::PagePlanner>(m_rule, m_request, m_limit);
    }

    /// Up to the end, or until `pages` answers were judged.
    void run(int pages = 10'000)
    {
        if (m_queue.empty()) {
            auto leg = m_planner->first();
            if (!leg) {
                error = QString::fromStdString(leg.error().toString());
                return;
            }
            m_queue.push_back(std::move(*leg));
        }
        while (!isOver && pages-- > 0)
            step();
        outcome = m_planner->outcome();
    }

    /// As after a crash: what is under way is gone, and a new planner has what was kept of the old
    /// one.
    [[nodiscard]] Status restart()
    {
        m_planner = std::make_unique<transfer::PagePlanner>(m_rule, m_request, m_limit);
        m_queue.clear();
        isOver = false;
        rows = keptRows;
        return m_keptState.empty() ? Status() : m_planner->restore(m_keptState);
    }

    [[nodiscard]] std::string plan() const { return m_planner->plan(); }
    [[nodiscard]] const std::string &keptState() const { return m_keptState; }

    QStringList rows; ///< of the column `id`, else of the first one
    std::vector<transport::ByteRequest> requests;
    transfer::PlanOutcome outcome;
    std::size_t mostUnderWay = 0;
    bool isOver = false;
    QString error;
    std::string keptPlan; ///< as of the last page that others followed
    QStringList keptRows;

private:
    void step()
    {
        mostUnderWay = std::max(mostUnderWay, m_queue.size());
        if (m_queue.empty()) {
            isOver = true;
            error = QStringLiteral("nothing is under way, and it is not over");
            return;
        }
        const transfer::Leg leg = std::move(m_queue.front());
        m_queue.pop_front();
        transfer::NextLegs next = m_planner->judge(reportOf(leg));
        isOver = next.isOver;
        if (!isOver) {
            m_keptState = m_planner->state();
            keptPlan = m_planner->plan();
            keptRows = rows;
        }
        if (next.dropsUnderWay)
            m_queue.clear();
        for (auto &one : next.legs)
            m_queue.push_back(std::move(one));
    }

    transfer::LegReport reportOf(const transfer::Leg &leg)
    {
        requests.push_back(leg.request);
        const SimulatedAnswer answer = m_server(leg.request);
        transfer::LegReport report;
        transport::ResponseHead head{.status = answer.status, .headers = answer.headers};
        head.finalUrl = answer.finalUrl.empty() ? leg.request.url : answer.finalUrl;
        report.head = std::make_shared<transport::ResponseHead>(std::move(head));
        if (answer.status >= 400) {
            report.error = Error{.code = ErrorCode::HttpStatus,
                                 .detail = "status " + std::to_string(answer.status),
                                 .nativeCode = answer.status};
            return report;
        }
        report.decodedBytes = ByteCount(static_cast<std::int64_t>(answer.body.size()));
        decode(leg, answer.body, report);
        return report;
    }

    void decode(const transfer::Leg &leg, const std::string &body, transfer::LegReport &report)
    {
        decode::DecodeOptions options;
        options.format = decode::Format::Json;
        options.isPage = leg.isPage;
        options.columnNames = leg.columnNames;
        DecodeRecorder recorder;
        columnar::BatchBuilder builder(options.limits);
        auto decoder =
            decode::makeDecoder(options, decode::DecodeOutputs{builder, recorder, recorder});
        Status status = (*decoder)->feed(body);
        if (status)
            status = (*decoder)->finish();
        report.findings = (*decoder)->findings();
        if (!status)
            report.error = status.error();
        for (const auto &batch : recorder.batches) {
            (void)m_planner->advance(batch, report.findings);
            report.rows += RowCount(batch.rowCount);
            const auto column = batch.schema->indexOf("id").value_or(0);
            for (std::int64_t row = 0; row < batch.rowCount; ++row) {
                std::string text;
                columnar::appendText(text, batch.columns[static_cast<std::size_t>(column)], row);
                rows += QString::fromStdString(text);
            }
        }
        report.newRows = report.rows;
    }

    const transfer::PageRule m_rule;
    const transport::ByteRequest m_request;
    const Server m_server;
    const std::optional<RowCount> m_limit;
    std::unique_ptr<transfer::PagePlanner> m_planner;
    std::deque<transfer::Leg> m_queue;
    std::string m_keptState;
};

} // namespace freshet::test

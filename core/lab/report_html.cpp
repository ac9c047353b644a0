// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/report.h"

#include "lab/advice.h"
#include "lab/charts.h"
#include "lab/report_style.h"
#include "lab/svg_writer.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace freshet::lab {

namespace {

using transfer::groupedDigits;

std::string escaped(std::string_view text)
{
    return escapedMarkup(text);
}

std::string momentText(std::chrono::system_clock::time_point moment)
{
    const std::time_t time = std::chrono::system_clock::to_time_t(moment);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 40> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &utc)};
}

/// Builds the page section by section.
class Page
{
public:
    Page(const LabSession &session, const LabSession *before)
        : m_session(session), m_before(before), m_summaries(session.summaries())
    {
        // Fastest first, and what failed last.
        std::ranges::stable_sort(m_summaries, {}, [](const VariantSummary &summary) {
            const auto last = summary.figures.find(Metric::LastRow);
            return last == summary.figures.end() ? 1e300 : last->second.median;
        });
    }

    std::string text()
    {
        const std::string title = "Lab: " + m_session.plan.suggestedName();
        m_text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                 "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
                 escaped(title) + "</title><style>" + std::string(kReportStyle) +
                 "</style></head>\n<body><main>\n";
        addHead(title);
        addAdvice();
        addRows();
        addTable();
        addPhases();
        if (m_before != nullptr)
            addComparison();
        addHealth();
        addFigures();
        addSetUp();
        return std::move(m_text) + "</main></body></html>\n";
    }

private:
    [[nodiscard]] const Variant &variantOf(const VariantSummary &summary) const
    {
        return m_session.plan.variants[static_cast<std::size_t>(summary.variant)];
    }

    void add(std::string_view markup) { m_text += markup; }

    void addHead(const std::string &title)
    {
        const LabPlan &plan = m_session.plan;
        add("<h1>" + escaped(title) + "</h1><p class=\"dim\">" + momentText(m_session.began) +
            " · " + groupedDigits(std::ssize(plan.variants)) + " variants, " +
            std::to_string(plan.runs) + " runs each, order rotated · " +
            (plan.warmUp ? "one warm-up" : "no warm-up") + " · " +
            (plan.connections == Connections::Warm ? "warm" : "cold") + " connections · rows " +
            (plan.rows == RowsGo::IntoStore ? "stored" : "discarded") +
            (m_session.isCancelled ? " · cancelled before the end" : "") + "</p>\n");
    }

    void addAdvice()
    {
        const auto sentences = adviceFor(m_session);
        add("<div class=\"cards\">");
        addCard("What the figures say", "decided", sentences, [](const AdviceSentence &sentence) {
            return sentence.weight == AdviceWeight::Decided &&
                   sentence.topic != AdviceTopic::Health;
        });
        addCard("How the streams come", "health", sentences, [](const AdviceSentence &sentence) {
            return sentence.topic == AdviceTopic::Health;
        });
        addCard("What they leave open", "", sentences, [](const AdviceSentence &sentence) {
            return sentence.weight == AdviceWeight::Undecided &&
                   sentence.topic != AdviceTopic::Health;
        });
        add("</div>\n");
    }

    template <typename Belongs>
    void addCard(std::string_view title, std::string_view classes,
                 const std::vector<AdviceSentence> &sentences, Belongs belongs)
    {
        std::string body;
        for (const AdviceSentence &sentence : sentences) {
            if (belongs(sentence))
                body += "<p>" + escaped(sentence.text) + "<br><span class=\"dim\">" +
                        escaped(sentence.basis) + "</span></p>";
        }
        if (!body.empty())
            add("<section class=\"" + std::string(classes) + "\"><h2>" + std::string(title) +
                "</h2>" + body + "</section>");
    }

    void addRows()
    {
        std::int64_t rows = 0;
        for (const VariantSummary &summary : m_summaries)
            rows = std::max(rows, summary.rows.value());
        const ChartFocus focus = rowsFocus(m_summaries);
        add("<section><h2>Rows arrived over time</h2><p class=\"dim\">median of the runs, " +
            std::string(focus.isCrowded() ? "the quickest in colour"
                                          : "band from fastest to slowest") +
            " · " + groupedDigits(rows) + " rows</p>" + rowsChart(m_session, m_summaries));
        if (focus.isCut())
            add("<details><summary>All of the time, to " + valueText(focus.lastRow, Unit::Seconds) +
                "</summary>" + rowsChart(m_session, m_summaries, ChartSpan::Whole) + "</details>");
        add("</section>\n");
    }

    [[nodiscard]] static std::string cell(const VariantSummary &summary, Metric metric,
                                          bool hasSpread = false)
    {
        const auto found = summary.figures.find(metric);
        if (found == summary.figures.end())
            return "<td>–</td>";
        const Unit unit = metricInfo(metric).unit;
        std::string text = valueText(found->second.median, unit);
        if (hasSpread && found->second.n > 1)
            text += " <span class=\"range\">± " + valueText(found->second.width() / 2, unit) +
                    "</span>";
        return "<td>" + text + "</td>";
    }

    void addTable()
    {
        constexpr std::array kColumns = {
            Metric::FirstByte,     Metric::FirstRow,  Metric::Half,      Metric::LastRow,
            Metric::RowsPerSecond, Metric::WireBytes, Metric::PeakMemory};
        add("<section><h2>Variants</h2><p class=\"dim\">medians; ± is half of the way from least "
            "to "
            "most</p><table><tr><th>variant</th>");
        for (const Metric metric : kColumns)
            add("<th>" + std::string(metricInfo(metric).title) + "</th>");
        add("<th>runs</th><th class=\"word\">verdict</th><th class=\"word\">stream</th></tr>\n");
        for (const VariantSummary &summary : m_summaries) {
            add("<tr><td>" + escaped(variantOf(summary).name) + "</td>");
            for (const Metric metric : kColumns)
                add(cell(summary, metric, metric == Metric::LastRow));
            const std::string verdict(transfer::verdictName(summary.verdict));
            add("<td>" + std::to_string(summary.runs) +
                (summary.failed > 0 ? ", " + std::to_string(summary.failed) + " failed" : "") +
                "</td><td class=\"word " + verdict + "\">" + verdict + "</td><td class=\"word\">" +
                std::string(streamKindName(summary.health.kind)) + "</td></tr>\n");
        }
        add("</table></section>\n");
    }

    void addPhases()
    {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kKeys = {
            {{"p-connect", "connect"},
             {"p-wait", "wait for the first byte"},
             {"p-first", "to the first row"},
             {"p-receive", "receive rows"},
             {"p-finish", "finish"}}};
        add("<section><h2>Where the time goes</h2><div class=\"legend\">");
        for (const auto &[classes, name] : kKeys)
            add("<span><i class=\"key " + std::string(classes) + "\"></i>" + std::string(name) +
                "</span>");
        add("</div>" + phasesChart(m_session, m_summaries) + "</section>\n");
    }

    void addComparison()
    {
        const SessionComparison comparison = compareSessions(*m_before, m_session);
        constexpr std::array kColumns = {Metric::FirstRow, Metric::LastRow, Metric::WireBytes,
                                         Metric::PeakMemory};
        add("<section><h2>Since " + momentText(m_before->began) +
            "</h2><p class=\"dim\">before → now; a change smaller than the spread is no "
            "difference</p><table><tr><th>variant</th>");
        for (const Metric metric : kColumns)
            add("<th>" + std::string(metricInfo(metric).title) + "</th>");
        add("</tr>\n");
        for (const VariantChange &change : comparison.variants) {
            add("<tr><td>" + escaped(change.name) + "</td>");
            for (const Metric metric : kColumns)
                add(changeCell(change, metric));
            add("</tr>\n");
        }
        add("</table>");
        addNames("Only now: ", comparison.onlyNow);
        addNames("Only before: ", comparison.onlyBefore);
        add("</section>\n");
    }

    [[nodiscard]] std::string changeCell(const VariantChange &change, Metric metric) const
    {
        const auto found = change.changes.find(metric);
        if (found == change.changes.end())
            return "<td>–</td>";
        const Unit unit = metricInfo(metric).unit;
        const auto before = spreadOf(valuesOf(m_before->runs, change.before, metric));
        const auto now = spreadOf(valuesOf(m_session.runs, change.now, metric));
        std::string classes = "range";
        std::string word = "no difference";
        const Comparison &comparison = found->second;
        if (comparison.outcome == Outcome::TooFewRuns) {
            word = "too few runs";
        } else if (comparison.outcome != Outcome::NoDifference) {
            const bool isLess = comparison.outcome == Outcome::SecondSmaller;
            const bool isBetter = isLess == (metricInfo(metric).better == Better::Smaller);
            classes = isBetter ? "better" : "worse";
            word = (isLess ? "−" : "+") + valueText(std::abs(comparison.difference), unit);
        }
        return "<td>" + valueText(before->median, unit) + " → " + valueText(now->median, unit) +
               "<br><span class=\"" + classes + "\">" + word + "</span></td>";
    }

    void addNames(std::string_view title, const std::vector<std::string> &names)
    {
        if (names.empty())
            return;
        std::string list;
        for (const std::string &name : names)
            list += (list.empty() ? "" : ", ") + escaped(name);
        add("<p class=\"dim\">" + std::string(title) + list + "</p>");
    }

    void addHealth()
    {
        std::string body;
        for (const VariantSummary &summary : m_summaries) {
            for (const HealthFinding &finding : summary.health.findings) {
                body += "<p><b>" + escaped(variantOf(summary).name) +
                        "</b>: " + escaped(finding.sentence) + "<br><span class=\"dim\">";
                for (std::size_t i = 0; i < finding.evidence.size(); ++i)
                    body += (i == 0 ? "" : " · ") + escaped(finding.evidence[i]);
                body += "</span></p>";
                if (finding.cures.empty())
                    continue;
                body += "<ul>";
                for (const std::string &cure : finding.cures)
                    body += "<li>" + escaped(cure) + "</li>";
                body += "</ul>";
            }
        }
        if (!body.empty())
            add("<section><h2>Stream health</h2><p class=\"dim\">judged from the times at which "
                "bytes "
                "and rows arrived</p>" +
                body + "</section>\n");
    }

    void addFigures()
    {
        add("<section><details><summary>Every figure</summary><p class=\"dim\">median, least to "
            "most, "
            "95 % within, number of runs</p><table><tr><th>figure</th>");
        for (const VariantSummary &summary : m_summaries)
            add("<th>" + escaped(variantOf(summary).name) + "</th>");
        add("</tr>\n");
        for (const MetricInfo &info : allMetrics()) {
            add("<tr><td>" + std::string(info.title) + "</td>");
            for (const VariantSummary &summary : m_summaries) {
                const auto found = summary.figures.find(info.metric);
                if (found == summary.figures.end()) {
                    add("<td>–</td>");
                    continue;
                }
                const Spread &spread = found->second;
                add("<td>" + valueText(spread.median, info.unit) + "<br><span class=\"range\">" +
                    valueText(spread.least, info.unit) + " – " + valueText(spread.most, info.unit) +
                    "<br>p95 " + valueText(spread.p95, info.unit) + ", n " +
                    std::to_string(spread.n) + "</span></td>");
            }
            add("</tr>\n");
        }
        add("</table></details></section>\n");
    }

    void addSetUp()
    {
        add("<section><details><summary>What was asked for</summary><table>");
        for (const Variant &variant : m_session.plan.variants)
            add("<tr><td>" + escaped(variant.name) + "</td><td class=\"word\">" +
                escaped(variant.recording.empty()
                            ? variant.request.bytes.method + ' ' +
                                  transport::withoutSecrets(variant.request.bytes.url)
                            : "recording " + variant.recording.string()) +
                "</td><td class=\"word\">" + escaped(variant.detail) + "</td></tr>");
        add("</table><p class=\"dim\">Times since the request began. First row: the first data row "
            "decoded. Memory: the whole process, highest during the run. A difference is one if "
            "the "
            "medians lie further apart than the wider of the two spreads, and with five runs or "
            "more "
            "if the Mann-Whitney test gives p &lt; 0.05 as well. Made by " +
            escaped(m_session.program) + ".</p></details></section>\n");
    }

    const LabSession &m_session;
    const LabSession *m_before;
    std::vector<VariantSummary> m_summaries;
    std::string m_text;
};

} // namespace

std::string reportHtml(const LabSession &session, const LabSession *before)
{
    return Page(session, before).text();
}

} // namespace freshet::lab

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace freshet::lab {

namespace {

bool isSameButForEncoding(const Variant &a, const Variant &b)
{
    transfer::DownloadRequest first = a.request;
    transfer::DownloadRequest second = b.request;
    first.bytes.acceptEncoding = second.bytes.acceptEncoding = "identity";
    return a.recording == b.recording && first.toJson() == second.toJson();
}

} // namespace

AdviceFacts::AdviceFacts(const LabSession &session)
    : m_session(session), m_summaries(session.summaries())
{}

std::vector<const VariantSummary *> AdviceFacts::measured() const
{
    std::vector<const VariantSummary *> these;
    for (const VariantSummary &summary : m_summaries) {
        if (summary.runs > 0)
            these.push_back(&summary);
    }
    return these;
}

const std::string &AdviceFacts::name(int variant) const
{
    return m_session.plan.variants[static_cast<std::size_t>(variant)].name;
}

std::vector<int> AdviceFacts::byMetric(Metric metric) const
{
    std::vector<std::pair<double, int>> order;
    for (const VariantSummary &summary : m_summaries) {
        if (const auto found = summary.figures.find(metric); found != summary.figures.end())
            order.emplace_back(found->second.median, summary.variant);
    }
    std::ranges::stable_sort(order);
    if (metricInfo(metric).better == Better::Larger)
        std::ranges::reverse(order);
    std::vector<int> variants;
    for (const auto &[value, variant] : order)
        variants.push_back(variant);
    return variants;
}

Contrast AdviceFacts::contrast(int first, int second, Metric metric) const
{
    const auto a = valuesOf(m_session.runs, first, metric);
    const auto b = valuesOf(m_session.runs, second, metric);
    const MetricInfo &info = metricInfo(metric);
    Contrast contrast{.comparison = compare(a, b)};
    const auto spreadA = spreadOf(a);
    const auto spreadB = spreadOf(b);
    const bool isFirstBetter =
        (contrast.comparison.difference >= 0) == (info.better == Better::Smaller);
    contrast.better = name(isFirstBetter ? first : second);
    contrast.worse = name(isFirstBetter ? second : first);
    contrast.gap = valueText(std::abs(contrast.comparison.difference), info.unit);
    if (contrast.comparison.ratio >= 1.05)
        contrast.times = " (" + valueText(contrast.comparison.ratio, Unit::Ratio) + ')';
    if (!spreadA || !spreadB)
        return contrast;
    const Spread &better = isFirstBetter ? *spreadA : *spreadB;
    const Spread &worse = isFirstBetter ? *spreadB : *spreadA;
    contrast.basis = std::string(info.title) + ": " + valueText(better.median, info.unit) +
                     " against " + valueText(worse.median, info.unit) + ", medians of " +
                     std::to_string(better.n) + " and " + std::to_string(worse.n) +
                     " runs, spread " + valueText(contrast.comparison.spread, info.unit);
    return contrast;
}

const RunRecord *AdviceFacts::lastRun(int variant) const
{
    const RunRecord *last = nullptr;
    for (const RunRecord &run : m_session.runs) {
        if (run.variant == variant && run.counts())
            last = &run;
    }
    return last;
}

std::optional<int> AdviceFacts::batch() const
{
    for (const int variant : byMetric(Metric::LastRow)) {
        const RunRecord *run = lastRun(variant);
        if (run != nullptr && run->format == "json" && run->requests == 1)
            return variant;
    }
    return std::nullopt;
}

std::vector<int> AdviceFacts::pagesBySpeed() const
{
    auto order = byMetric(Metric::LastRow);
    std::erase_if(order, [this](int variant) {
        return !m_session.plan.variants[static_cast<std::size_t>(variant)].request.pages;
    });
    return order;
}

std::vector<EncodingPair> AdviceFacts::encodingPairs() const
{
    const auto &variants = m_session.plan.variants;
    std::vector<EncodingPair> pairs;
    for (const VariantSummary *plain : measured()) {
        const Variant &first = variants[static_cast<std::size_t>(plain->variant)];
        if (first.request.bytes.acceptEncoding != "identity")
            continue;
        for (const VariantSummary *encoded : measured()) {
            const Variant &second = variants[static_cast<std::size_t>(encoded->variant)];
            if (encoded != plain && isSameButForEncoding(first, second))
                pairs.push_back(
                    {plain->variant, encoded->variant, second.request.bytes.acceptEncoding});
        }
    }
    return pairs;
}

bool AdviceFacts::isCompressed(int variant) const
{
    const RunRecord *run = lastRun(variant);
    return run != nullptr && !run->contentCodings.empty();
}

double AdviceFacts::volume() const
{
    double most = 0;
    for (const VariantSummary *summary : measured())
        most = std::max(most, summary->figures.at(Metric::DecodedBytes).median);
    return most;
}

std::int64_t AdviceFacts::rows() const
{
    std::int64_t most = 0;
    for (const VariantSummary *summary : measured())
        most = std::max(most, summary->rows.value());
    return most;
}

std::string AdviceFacts::otherFormat(int variant) const
{
    const auto &request = m_session.plan.variants[static_cast<std::size_t>(variant)].request;
    const auto accept = findHeader(request.bytes.headers, "Accept");
    const RunRecord *run = lastRun(variant);
    if (!accept || run == nullptr || request.decode.format != decode::Format::Auto)
        return {};
    for (const auto format :
         {decode::Format::Json, decode::Format::Ndjson, decode::Format::Csv, decode::Format::Tsv,
          decode::Format::Sse, decode::Format::MsgPack, decode::Format::Cbor}) {
        const bool isAsked = transfer::acceptFor(format).starts_with(*accept);
        if (isAsked && run->format != decode::formatName(format))
            return "asked for " + std::string(decode::formatName(format)) + ", answered " +
                   run->format;
    }
    return {};
}

std::string AdviceFacts::otherVersion(int variant) const
{
    const auto &request = m_session.plan.variants[static_cast<std::size_t>(variant)].request;
    const RunRecord *run = lastRun(variant);
    const bool wantsNew = request.bytes.version == transport::HttpVersion::Http2;
    if (!wantsNew || run == nullptr || run->httpVersion.empty() || run->httpVersion == "2")
        return {};
    return "asked for HTTP/2, answered over HTTP/" + run->httpVersion;
}

} // namespace freshet::lab

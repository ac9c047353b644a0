// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/network_stage.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

tl::unexpected<Error> nobodyWants()
{
    return fail(ErrorCode::Cancelled, "nobody wants the bytes any more");
}

} // namespace

NetworkStage::NetworkStage(LegSource &source, BlockQueue &bytes, LiveProgress &progress,
                           const StopSwitch &stop, PauseGate &gate, ArrivalTrace *trace)
    : m_source(source),
      m_bytes(bytes),
      m_progress(progress),
      m_stop(stop),
      m_gate(gate),
      m_trace(trace)
{}

void NetworkStage::run()
{
    m_progress.apply(TransferEvent::Started);
    const auto began = std::chrono::steady_clock::now();
    if (m_trace != nullptr)
        m_trace->start();
    // What the sink said is known to those who made it say so.
    (void)m_source.run(*this);
    if (m_trace != nullptr)
        measure(std::chrono::steady_clock::now() - began);
    m_bytes.close();
}

void NetworkStage::measure(std::chrono::steady_clock::duration took)
{
    const auto cpu = threadCpuTime();
    const auto blocked = m_bytes.blockedFor();
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(took) - cpu - blocked;
    m_trace->addCpu(ArrivalTrace::Stage::Network, cpu);
    m_trace->setWaits(
        {.forServer = std::max(rest, std::chrono::microseconds(0)), .forUs = blocked});
}

void NetworkStage::onLegBegin(const std::string &label)
{
    m_progress.beganRequest(label);
}

Status NetworkStage::onHead(const transport::ResponseHead &head)
{
    m_progress.arrived(head);
    return {};
}

Status NetworkStage::onBytes(std::string_view bytes)
{
    m_gate.pass(m_stop.token());
    if (!m_bytes.write(bytes))
        return nobodyWants();
    return {};
}

Status NetworkStage::onLegEnd(LegEnd end)
{
    m_lastEnd = std::make_shared<const LegEnd>(std::move(end));
    if (!m_bytes.endLeg(m_lastEnd))
        return nobodyWants();
    return {};
}

} // namespace freshet::transfer

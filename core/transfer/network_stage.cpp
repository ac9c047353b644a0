// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/network_stage.h"

namespace freshet::transfer {

NetworkStage::NetworkStage(transport::Transport &transport, BlockQueue &bytes,
                           LiveProgress &progress, const StopSwitch &stop, PauseGate &gate)
    : m_transport(transport), m_bytes(bytes), m_progress(progress), m_stop(stop), m_gate(gate)
{}

void NetworkStage::run()
{
    m_progress.apply(TransferEvent::Started);
    m_outcome = m_transport.run(*this, m_stop.token());
    m_bytes.close();
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
        return fail(ErrorCode::Cancelled, "nobody wants the bytes any more");
    return {};
}

} // namespace freshet::transfer

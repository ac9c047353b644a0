// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/body_reader.h"

#include <utility>

namespace freshet::transport {

namespace {

/// Bytes that tell every coding with a signature.
constexpr std::size_t kSignature = 4;

} // namespace

BodyReader::BodyReader(ByteSink &sink, ResponseHead head, std::string fileName,
                       const Limits &limits, ProgressBoard &board)
    : m_sink(sink),
      m_head(std::move(head)),
      m_fileName(std::move(fileName)),
      m_limits(limits),
      m_board(board),
      m_output([this](std::string_view bytes) -> Status {
          m_board.handedOn(bytes.size());
          return m_sink.onBytes(bytes);
      })
{}

Status BodyReader::begin()
{
    return m_fileName.empty() ? open({}) : Status();
}

Status BodyReader::feed(std::string_view encoded)
{
    m_board.bodyArrived(encoded.size());
    if (m_decoder)
        return decode(encoded);
    if (m_held.size() + encoded.size() < kSignature) {
        m_held.append(encoded);
        return {};
    }
    if (m_held.empty()) {
        FRESHET_TRY(open(encoded));
        return decode(encoded);
    }
    m_held.append(encoded);
    return deliverHeld();
}

Status BodyReader::finish()
{
    FRESHET_TRY(deliverHeld());
    return m_decoder->finish(m_output);
}

Status BodyReader::deliverHeld()
{
    if (m_decoder)
        return {};
    const std::string held = std::exchange(m_held, {});
    FRESHET_TRY(open(held));
    return decode(held);
}

Status BodyReader::open(std::string_view firstBytes)
{
    if (!m_fileName.empty()) {
        if (std::string coding = codingOfFile(m_fileName, firstBytes); !coding.empty())
            m_head.contentCodings.push_back(std::move(coding));
    }
    auto decoder = makeContentDecoder(m_head.contentCodings, m_limits);
    if (!decoder)
        return fail(std::move(decoder).error());
    FRESHET_TRY(m_sink.onHead(m_head));
    m_decoder = std::move(*decoder);
    return {};
}

Status BodyReader::decode(std::string_view encoded)
{
    return encoded.empty() ? Status() : m_decoder->feed(encoded, m_output);
}

} // namespace freshet::transport

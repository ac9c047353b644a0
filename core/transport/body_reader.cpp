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
          if (m_decodedDigest)
              m_decodedDigest->append(bytes);
          return m_sink.onBytes(bytes);
      })
{}

void BodyReader::holdToHead()
{
    std::vector<StatedDigest> stated = statedDigests(m_head);
    constexpr int kFile = 0;
    if ((m_head.status != 200 && m_head.status != kFile) || stated.empty())
        return;
    auto digest = Digest::create(stated.front().kind);
    if (!digest)
        return; // this machine cannot
    m_digest = std::move(*digest);
    m_stated = std::move(stated.front());
    if (!m_head.stated || m_head.contentCodings.empty())
        return;
    if (auto decoded = Digest::create(m_stated->kind))
        m_decodedDigest = std::move(*decoded);
}

Status BodyReader::begin()
{
    return m_fileName.empty() ? open({}) : Status();
}

Status BodyReader::feed(std::string_view encoded)
{
    m_board.bodyArrived(encoded.size());
    if (m_digest)
        m_digest->append(encoded);
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
    FRESHET_TRY(m_decoder->finish(m_output));
    return checkDigest();
}

Status BodyReader::finishEmpty()
{
    FRESHET_TRY(deliverHeld());
    return checkDigest();
}

Status BodyReader::checkDigest()
{
    if (!m_digest)
        return {};
    const std::string actual = m_digest->value();
    if (actual == m_stated->value)
        return {};
    m_matchesDecoded = m_decodedDigest && m_decodedDigest->value() == m_stated->value;
    if (m_matchesDecoded)
        return {};
    return fail(notAsStated(*m_stated, "the body", actual));
}

std::string BodyReader::digestProof() const
{
    if (!m_stated)
        return {};
    return std::string(digestName(m_stated->kind)) +
           (m_matchesDecoded ? " of the decoded body = " : " of the body = ") +
           hexText(m_stated->value) + ", which " + m_stated->from + " states";
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

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/recorded_body.h"

#include "transport/ascii.h"
#include "transport/coded_file.h"
#include "transport/url.h"

namespace freshet::transport {

namespace {

std::string codedFileNameOf(const ResponseHead &head)
{
    const auto url = Url::parse(head.finalUrl);
    return url ? codedFileName(head, *url) : std::string();
}

} // namespace

std::vector<std::string> codingsOf(const ResponseHead &head)
{
    std::vector<std::string> codings;
    for (const Header &header : head.headers) {
        if (!equalsIgnoringCase(header.name, "Content-Encoding"))
            continue;
        for (std::string_view rest = header.value; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (const auto coding = trimmed(rest.substr(0, comma)); !coding.empty())
                codings.push_back(lowered(coding));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return codings;
}

RecordedBody::RecordedBody(ByteSink &sink, ResponseHead head, const Limits &limits,
                           ProgressBoard &board)
    : m_isEmpty(head.status == 204 || head.status == 304 || head.contentLength == ByteCount()),
      m_reader(sink, head, codedFileNameOf(head), limits, board)
{
    m_reader.holdToHead();
}

Status RecordedBody::finish()
{
    return m_isEmpty ? m_reader.finishEmpty() : m_reader.finish();
}

Result<TransportEnd> concludeRecorded(Result<BodyEnd> outcome, std::optional<RecordedBody> &body,
                                      const ProgressBoard &board)
{
    if (body)
        FRESHET_TRY(outcome ? body->finish() : body->deliverHeld());
    if (!outcome)
        return fail(std::move(outcome).error());
    return TransportEnd{*outcome, board.wireBytes(), board.decodedBytes(),
                        body ? body->digestProof() : std::string()};
}

} // namespace freshet::transport

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_intake.h"

#include "transport/ascii.h"

#include <utility>

namespace freshet::transfer {

using transport::ResponseHead;

namespace {

bool isHtml(std::string_view contentType)
{
    const auto type = transport::trimmed(contentType.substr(0, contentType.find(';')));
    return transport::equalsIgnoringCase(type, "text/html");
}

} // namespace

FileDownload::Intake::Intake(FileDownload &owner, PartFile &part, bool goesOn)
    : m_owner(owner),
      m_part(part),
      m_goesOn(goesOn),
      m_guard(!goesOn &&
                  excludesPage(owner.m_request.file.filename().string(), owner.m_request.bytes.url),
              owner.m_request.file.filename().string())
{}

Status FileDownload::Intake::onHead(const ResponseHead &head)
{
    if (head.status != 200 && head.status != 206)
        return fail(Error{.code = ErrorCode::HttpStatus,
                          .detail = "the server answered " + std::to_string(head.status) +
                                    ", which brings no file",
                          .nativeCode = head.status});
    PartState &state = m_part.state();
    if (isHtml(head.contentType) && !state.contentType.empty() && !isHtml(state.contentType))
        return fail(ErrorCode::WrongContentType,
                    "the server now sends a page (text/html) in place of the file, which was " +
                        state.contentType);
    m_owner.m_report.head = head;
    if (m_goesOn)
        noteTotal(transport::Validator::of(head).length);
    else
        m_firstHead = head; // what is here stays until something better is
    return {};
}

Status FileDownload::Intake::onBytes(std::string_view bytes)
{
    if (m_hasPassed)
        return keep(bytes);
    const auto passed = m_guard.take(bytes);
    if (!passed)
        return fail(passed.error());
    m_hasPassed = !passed->empty();
    return m_hasPassed ? keep(*passed) : Status();
}

Status FileDownload::Intake::finish(bool isWhole)
{
    const auto passed = m_guard.finish();
    if (!passed)
        return fail(passed.error());
    return isWhole || !passed->empty() ? keep(*passed) : Status();
}

Status FileDownload::Intake::begin()
{
    if (!m_firstHead)
        return {};
    const ResponseHead head = *std::exchange(m_firstHead, std::nullopt);
    FRESHET_TRY(m_part.startOver(stateFor(head)));
    m_owner.m_report.earlierBytes = {};
    noteTotal(transport::Validator::of(head).length);
    return {};
}

Status FileDownload::Intake::keep(std::string_view bytes)
{
    FRESHET_TRY(begin());
    if (bytes.empty())
        return {};
    FRESHET_TRY(m_part.append(bytes));
    const std::lock_guard lock(m_owner.m_mutex);
    m_owner.m_progress.held = m_part.size();
    return {};
}

void FileDownload::Intake::onRetryPlanned(const transport::RetryNotice &notice)
{
    // The wait may be long, and the machine may not live to see its end.
    if (m_part.state().pieces.empty() && m_part.size() > ByteCount())
        (void)m_part.commit(); // a disk that fails is told by the next append
    if (m_owner.m_request.listener != nullptr)
        m_owner.m_request.listener->onRetryPlanned(notice);
    const std::lock_guard lock(m_owner.m_mutex);
    m_owner.m_progress.waiting = notice;
    m_owner.m_progress.retries += 1;
    m_owner.m_whyAgain = notice.cause.detail;
}

void FileDownload::Intake::onRetryBegan()
{
    if (m_owner.m_request.listener != nullptr)
        m_owner.m_request.listener->onRetryBegan();
    const std::lock_guard lock(m_owner.m_mutex);
    m_owner.m_progress.waiting.reset();
}

void FileDownload::Intake::onContinued(const std::string &how)
{
    if (how.empty())
        return;
    m_owner.m_remarks.push_back("interrupted, then continued: " + how);
    ++m_owner.m_continuations;
}

void FileDownload::Intake::noteWholeLength(const std::optional<ResponseHead> &refusal)
{
    if (!refusal || refusal->status != 416)
        return;
    const auto value = findHeader(refusal->headers, "Content-Range").value_or("");
    if (const auto range = transport::ContentRange::parse(value))
        noteTotal(range->completeLength);
}

PartState FileDownload::Intake::stateFor(const ResponseHead &head) const
{
    PartState state;
    state.url = transport::withoutSecrets(m_owner.m_request.bytes.url);
    state.validator = transport::Validator::of(head);
    state.contentType = head.contentType;
    state.stated = statedDigests(head);
    state.started = std::chrono::system_clock::now();
    return state;
}

void FileDownload::Intake::noteTotal(std::optional<ByteCount> total)
{
    auto &known = m_part.state().validator.length;
    if (!known)
        known = total;
    const std::lock_guard lock(m_owner.m_mutex);
    m_owner.m_progress.total = known;
    m_owner.m_progress.held = m_part.size();
}

} // namespace freshet::transfer

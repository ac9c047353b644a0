// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sync.h"

#include "transfer/resume_point.h"
#include "transfer/transfer_impl.h"

namespace freshet::transfer {

namespace {

using transport::ResponseHead;
using transport::Validator;

constexpr int kNotModified = 304;

/// Takes the head and wants nothing else.
class HeadOnly final : public transport::ByteSink
{
public:
    Status onHead(const ResponseHead &answer) override
    {
        head = answer;
        return fail(ErrorCode::Cancelled, "the head was all that was wanted");
    }
    Status onBytes(std::string_view) override { return {}; }

    std::optional<ResponseHead> head;
};

Result<Validator> keptValidator(const store::DatasetRecord &record)
{
    const auto verdict = verdictByName(record.verdict);
    if (!verdict || *verdict == VerdictKind::Incomplete)
        return fail(ErrorCode::InvalidArgument,
                    '"' + record.name + "\" is not complete: resume it first");
    auto point = ResumePoint::fromJson(record.resumePoint);
    if (!point || (point->validator.etag.empty() && point->validator.lastModified.empty()))
        return fail(ErrorCode::InvalidArgument,
                    '"' + record.name +
                        "\" came with neither ETag nor Last-Modified, so nothing tells whether it "
                        "has changed; give a since rule, or download it anew");
    return std::move(point->validator);
}

transport::ByteRequest conditional(transport::ByteRequest bytes, const Validator &validator)
{
    if (!validator.etag.empty())
        bytes.headers.push_back({"If-None-Match", validator.etag});
    if (!validator.lastModified.empty())
        bytes.headers.push_back({"If-Modified-Since", validator.lastModified});
    return bytes;
}

std::string nameOf(const Validator &validator)
{
    return validator.etag.empty() ? validator.lastModified : "version " + validator.etag;
}

/// A server that does not know conditional requests still says what it has now.
bool isSame(const Validator &now, const Validator &kept)
{
    return kept.etag.empty() ? now.lastModified == kept.lastModified : now.etag == kept.etag;
}

Result<SourceCheck> ask(const transport::ByteRequest &request, const Validator &kept,
                        const Transfer::Options &options, const CancelToken &cancel)
{
    auto transport = options.makeTransport ? options.makeTransport(conditional(request, kept))
                                           : transport::makeTransport(conditional(request, kept));
    if (!transport)
        return fail(std::move(transport).error());
    HeadOnly sink;
    const auto outcome = (*transport)->run(sink, cancel);
    if (sink.head) {
        const Validator now = Validator::of(*sink.head);
        if (isSame(now, kept))
            return SourceCheck{true, "unchanged: the server still has " + nameOf(kept)};
        return SourceCheck{false, "the server had " + nameOf(kept) + ", now it has " +
                                      (nameOf(now).empty() ? "something else" : nameOf(now))};
    }
    if (!outcome && outcome.error().code == ErrorCode::HttpStatus &&
        outcome.error().nativeCode == kNotModified)
        return SourceCheck{true, "unchanged since " + nameOf(kept) + ", says the server (304)"};
    return fail(
        outcome ? Error{.code = ErrorCode::ProtocolViolation, .detail = "an answer without a head"}
                : outcome.error());
}

store::RunRecord runOf(const store::DatasetRecord &record, const SourceCheck &check,
                       std::chrono::system_clock::time_point started)
{
    return {.kind = "sync",
            .source = record.source,
            .started = started,
            .finished = std::chrono::system_clock::now(),
            .rowsBefore = record.rows,
            .verdict = check.isUnchanged ? "unchanged" : "changed",
            .evidence = {check.sentence}};
}

} // namespace

Result<SourceCheck> checkSource(store::Library &library, const std::string &idOrName,
                                const RequestSecrets &secrets, const Transfer::Options &options,
                                const CancelToken &cancel)
{
    const auto started = std::chrono::system_clock::now();
    const auto record = library.find(idOrName);
    if (!record)
        return fail(record.error());
    const auto validator = keptValidator(*record);
    if (!validator)
        return fail(validator.error());
    auto request = DownloadRequest::fromJson(record->request);
    if (!request)
        return fail(std::move(request).error());
    FRESHET_TRY(giveSecretsBack(*request, secrets));
    auto check =
        ask(withAccept(request->bytes, request->decode.format), *validator, options, cancel);
    if (check)
        FRESHET_TRY(library.addRun(record->id, runOf(*record, *check, started)));
    return check;
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/transfer.h"

#include "transfer/pipeline.h"

namespace freshet::transfer {

namespace {

bool isHttp(std::string_view url)
{
    return url.starts_with("http://") || url.starts_with("https://");
}

transport::ByteRequest withAccept(transport::ByteRequest bytes, decode::Format format)
{
    if (isHttp(bytes.url) && !findHeader(bytes.headers, "Accept"))
        bytes.headers.push_back({"Accept", std::string(acceptFor(format))});
    return bytes;
}

Result<std::unique_ptr<store::DatasetWriter>> createDataset(store::Library &library,
                                                            const DownloadRequest &request)
{
    auto name = library.freeName(request.name.empty() ? request.suggestedName() : request.name);
    if (!name)
        return fail(std::move(name).error());
    store::DatasetRecord record;
    record.name = std::move(*name);
    record.source = transport::withoutSecrets(request.bytes.url);
    record.request = request.toJson();
    record.state = transferStateName(TransferState::Queued);
    return library.create(record);
}

} // namespace

struct Transfer::Impl
{
    std::shared_ptr<store::Library> library;
    std::shared_ptr<store::Dataset> dataset;
    std::string name;
    std::unique_ptr<Pipeline> pipeline;
};

Transfer::Transfer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Transfer::~Transfer() = default;

Result<std::unique_ptr<Transfer>> Transfer::start(std::shared_ptr<store::Library> library,
                                                  DownloadRequest request, Options options)
{
    FRESHET_TRY(request.validate());
    const auto bytes = withAccept(request.bytes, request.decode.format);
    auto transport =
        options.makeTransport ? options.makeTransport(bytes) : transport::makeTransport(bytes);
    if (!transport)
        return fail(std::move(transport).error());
    auto writer = createDataset(*library, request);
    if (!writer)
        return fail(std::move(writer).error());

    auto impl = std::make_unique<Impl>();
    impl->library = std::move(library);
    impl->dataset = (*writer)->dataset();
    const auto record = impl->library->find(impl->dataset->id());
    if (!record)
        return fail(record.error());
    impl->name = record->name;
    impl->pipeline = std::make_unique<Pipeline>(std::move(request), std::move(options),
                                                std::move(*transport), std::move(*writer));
    FRESHET_TRY(impl->pipeline->start());
    return std::unique_ptr<Transfer>(new Transfer(std::move(impl)));
}

std::shared_ptr<store::Dataset> Transfer::dataset() const
{
    return m_impl->dataset;
}

const std::string &Transfer::datasetName() const
{
    return m_impl->name;
}

const DownloadRequest &Transfer::request() const
{
    return m_impl->pipeline->request();
}

Progress Transfer::progress() const
{
    return m_impl->pipeline->progress().snapshot();
}

void Transfer::cancel()
{
    m_impl->pipeline->cancel();
}

bool Transfer::waitFor(std::chrono::milliseconds patience) const
{
    return m_impl->pipeline->progress().waitFor(patience);
}

bool Transfer::isFinished() const
{
    return isFinal(progress().state);
}

} // namespace freshet::transfer

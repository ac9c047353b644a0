// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/prepare.h"

#include "transfer/digest_beside.h"
#include "transfer/grpc_call.h"
#include "transfer/natural_order.h"
#include "transport/remote_listing.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

/// The files that `place` means now.
Status addListed(transport::ByteRequest request, const std::string &place, FileSet &files,
                 const CancelToken &cancel)
{
    request.url = place;
    const auto found = transport::listRemoteFiles(request, cancel);
    if (!found)
        return fail(found.error());
    const bool isFolder = place.find_first_of("*?[") == std::string::npos;
    const auto before = std::ssize(files.sources);
    for (const transport::RemoteFile &file : *found) {
        if (!isFolder || isNamedLikeRows(file.url))
            files.sources.push_back({.place = file.url});
        else if (!isDigestFile(file.url))
            files.leftOut.push_back(transport::withoutSecrets(file.url));
    }
    if (std::ssize(files.sources) == before)
        return fail(ErrorCode::FileNotFound, transport::withoutSecrets(place) +
                                                 " holds no file that is named like one of rows");
    std::sort(
        files.sources.begin() + before, files.sources.end(),
        [](const FileSource &a, const FileSource &b) { return comesBefore(a.place, b.place); });
    return {};
}

} // namespace

Status settleRemoteFiles(DownloadRequest &request, const CancelToken &cancel)
{
    if (!request.files && transport::namesSeveralFiles(request.bytes.url))
        request.files = FileSet{.sources = {{.place = request.bytes.url}},
                                .fileColumn = std::string(kDefaultFileColumn)};
    if (!request.files)
        return {};
    FileSet settled = *request.files;
    settled.sources.clear();
    for (const FileSource &source : request.files->sources) {
        if (transport::namesSeveralFiles(source.place))
            FRESHET_TRY(addListed(request.bytes, source.place, settled, cancel));
        else
            settled.sources.push_back(source);
    }
    request.files = std::move(settled);
    return {};
}

Status prepareRequest(DownloadRequest &request, const CancelToken &cancel)
{
    if (request.grpc)
        FRESHET_TRY(prepareGrpcCall(request, cancel));
    return settleRemoteFiles(request, cancel);
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_set.h"

#include "base/file.h"
#include "decode/table_signature.h"
#include "transfer/digest_beside.h"
#include "transfer/download_request.h"
#include "transfer/natural_order.h"
#include "transport/url.h"

#include <algorithm>
#include <array>
#include <glob.h>

namespace freshet::transfer {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPatternCharacters = "*?[";

bool isRemote(std::string_view place)
{
    constexpr std::array<std::string_view, 4> kSchemes = {"http://", "https://", "s3://",
                                                          "sftp://"};
    return std::ranges::any_of(
        kSchemes, [place](std::string_view scheme) { return place.starts_with(scheme); });
}

/// Absolute, so that a later run finds it from wherever it is started; called as it was named.
FileSource localSource(const std::string &path)
{
    std::error_code problem;
    const fs::path whole = fs::absolute(path, problem);
    return {.place = problem ? path : whole.string(), .name = path};
}

Status addFolder(const fs::path &folder, FileSet &files)
{
    std::vector<std::string> found;
    std::error_code problem;
    fs::recursive_directory_iterator entry(folder, problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        std::error_code gone; // a link to nowhere, or one that went meanwhile
        const fs::file_status status = entry->status(gone);
        if (fs::is_directory(status)) {
            if (name.starts_with('.') || name.starts_with('_'))
                entry.disable_recursion_pending();
        } else if (fs::is_regular_file(status) && isNamedLikeRows(entry->path())) {
            found.push_back(entry->path().string());
        } else if (!name.starts_with('.') && !name.starts_with('_') && !isDigestFile(name)) {
            files.leftOut.push_back(entry->path().string());
        }
    }
    if (problem)
        return fail(systemError(problem.value(), folder.string()));
    if (found.empty())
        return fail(ErrorCode::FileNotFound, "the folder " + folder.string() +
                                                 " holds no file that is named like one of rows");
    std::ranges::sort(found, comesBefore);
    for (const auto &path : found)
        files.sources.push_back(localSource(path));
    return {};
}

Status addMatches(const std::string &pattern, FileSet &files)
{
    glob_t found = {};
    const int outcome = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
    std::vector<std::string> paths;
    for (std::size_t i = 0; outcome == 0 && i < found.gl_pathc; ++i) {
        std::error_code ignored;
        if (!fs::is_directory(found.gl_pathv[i], ignored))
            paths.emplace_back(found.gl_pathv[i]);
    }
    ::globfree(&found);
    if (outcome == GLOB_NOSPACE)
        return fail(ErrorCode::Internal, "no memory for the files of " + pattern);
    if (paths.empty())
        return fail(ErrorCode::FileNotFound, "no file matches " + pattern);
    std::ranges::sort(paths, comesBefore);
    for (const auto &path : paths)
        files.sources.push_back(localSource(path));
    return {};
}

Status addSource(const FileSource &source, FileSet &files)
{
    if (!isLocalPlace(source.place)) {
        if (!isRemote(source.place))
            return fail(ErrorCode::Unsupported, transport::withoutSecrets(source.place) +
                                                    " is neither a file nor an address of one");
        files.sources.push_back(source);
        return {};
    }
    const auto path = pathOfPlace(source.place);
    if (!path)
        return fail(path.error());
    std::error_code problem;
    const auto status = fs::status(*path, problem);
    if (fs::is_directory(status))
        return addFolder(*path, files);
    if (fs::exists(status)) {
        FileSource local = localSource(path->string());
        local.proof = source.proof;
        if (!source.name.empty())
            local.name = source.name;
        files.sources.push_back(std::move(local));
        return {};
    }
    if (source.place.find_first_of(kPatternCharacters) != std::string::npos)
        return addMatches(path->string(), files);
    return fail(systemError(problem ? problem.value() : ENOENT, path->string()));
}

/// Whether what is asked for takes more than the one stream that its URL gives.
bool needsSet(const DownloadRequest &request)
{
    const std::string &place = request.bytes.url;
    const bool isTable = decode::isTableFormat(request.decode.format) ||
                         request.decode.format == decode::Format::Zip;
    if (!isLocalPlace(place)) {
        return isRemote(place) &&
               (isTable || decode::tableFormatByName(place) != decode::Format::Auto);
    }
    const auto path = pathOfPlace(place);
    if (!path)
        return false;
    std::error_code ignored;
    const auto status = fs::status(*path, ignored);
    if (fs::is_regular_file(status)) {
        return isTable || hasDigestBeside(*path) ||
               (request.decode.format == decode::Format::Auto &&
                formatOfFile(*path) != decode::Format::Auto);
    }
    return fs::is_directory(status) ||
           (!fs::exists(status) && place.find_first_of(kPatternCharacters) != std::string::npos);
}

} // namespace

bool isNamedLikeRows(const fs::path &path)
{
    const std::string name = path.filename().string();
    if (name.starts_with('.') || name.starts_with('_'))
        return false;
    constexpr std::array<std::string_view, 21> kSuffixes = {
        ".csv",    ".tsv", ".tab",     ".txt", ".json",  ".ndjson",  ".jsonl",
        ".ldjson", ".sse", ".parquet", ".pq",  ".arrow", ".arrows",  ".feather",
        ".ipc",    ".zip", ".msgpack", ".mpk", ".cbor",  ".geojson", ".geojsonl"};
    const fs::path bare = isNamedCompressed(path) ? path.stem() : path.filename();
    return std::ranges::find(kSuffixes, bare.extension().string()) != kSuffixes.end() &&
           !name.ends_with(".manifest.json");
}

bool isNamedCompressed(const fs::path &name)
{
    constexpr std::array<std::string_view, 6> kPackings = {".gz",  ".zst",  ".br",
                                                           ".lz4", ".zlib", ".deflate"};
    return std::ranges::find(kPackings, name.extension().string()) != kPackings.end();
}

decode::Format formatOfFile(const fs::path &path)
{
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored))
        return decode::Format::Auto; // what is looked at in a pipe is gone
    auto file = File::open(path, File::Mode::Read);
    std::array<char, 16> start{};
    const auto size = file ? file->read(start) : Result<std::size_t>(0);
    return size ? decode::tableFormat({start.data(), *size}) : decode::Format::Auto;
}

bool isLocalPlace(std::string_view place)
{
    return place != "-" &&
           (place.starts_with("file:") || place.find("://") == std::string_view::npos);
}

Result<fs::path> pathOfPlace(std::string_view place)
{
    if (!place.starts_with("file:"))
        return fs::path(place);
    auto path = transport::pathOfFileUrl(place);
    if (!path)
        return fail(std::move(path).error());
    return fs::path(*path);
}

Status settleFiles(DownloadRequest &request)
{
    if (!request.files) {
        const bool isPlain =
            request.bytes.body.empty() && !request.pages && !request.since && !request.job;
        if (!isPlain || !needsSet(request))
            return {};
        request.files = FileSet{.sources = {{.place = request.bytes.url}}};
        std::error_code ignored;
        if (isLocalPlace(request.bytes.url) && !fs::is_regular_file(request.bytes.url, ignored))
            request.files->fileColumn = kDefaultFileColumn;
    }
    if (request.pages || !request.bytes.body.empty())
        return fail(ErrorCode::InvalidArgument, "files have neither pages nor a request body");
    FileSet settled{.fileColumn = request.files->fileColumn,
                    .areArchives = request.files->areArchives};
    if (request.decode.format == decode::Format::Zip) {
        settled.areArchives = true; // what they hold has its own formats
        request.decode.format = decode::Format::Auto;
    }
    for (const FileSource &source : request.files->sources)
        FRESHET_TRY(addSource(source, settled));
    if (settled.sources.empty())
        return fail(ErrorCode::InvalidArgument, "no file is named");
    request.files = std::move(settled);
    if (request.bytes.url.empty())
        request.bytes.url = request.files->sources.front().place;
    return {};
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/remote_listing.h"

#include "transport/ascii.h"
#include "transport/resuming_transport.h"
#include "transport/s3_location.h"
#include "transport/s3_transport.h"
#include "transport/ssh_exchange.h"

#include <QXmlStreamReader>

#include <algorithm>
#include <charconv>
#include <fnmatch.h>
#include <utility>

namespace freshet::transport {

namespace {

constexpr std::string_view kPattern = "*?[";
/// A page of a thousand objects takes half a megabyte at most; a folder's listing may be longer.
constexpr std::size_t kMaxListing = 256 << 20;
/// A million objects.
constexpr int kMaxPages = 1000;

bool isS3(std::string_view url)
{
    return url.starts_with("s3://");
}

std::string_view pathOf(std::string_view url)
{
    const std::size_t slash = url.find('/', url.find("://") + 3);
    return slash == url.npos ? std::string_view() : url.substr(slash);
}

class TextSink final : public ByteSink
{
public:
    Status onHead(const ResponseHead &) override { return {}; }
    Status onBytes(std::string_view bytes) override
    {
        if (bytes.size() > kMaxListing - text.size())
            return fail(ErrorCode::SizeLimitExceeded, "the listing is too long");
        text.append(bytes);
        return {};
    }
    std::string text;
};

Result<std::string> s3ListText(const ByteRequest &request, const S3Location &prefix,
                               const std::string &token, const CancelToken &cancel)
{
    ByteRequest page = request;
    page.url = s3ListUrl(prefix, request.s3, token);
    ResumingTransport::Options options;
    options.makeTransport = [&prefix](ByteRequest asked) -> Result<std::unique_ptr<Transport>> {
        auto url = Url::parse(asked.url);
        if (!url)
            return fail(std::move(url).error());
        return std::make_unique<S3Transport>(std::move(asked), std::move(*url), prefix.url());
    };
    ResumingTransport transport(std::move(page), std::move(options));
    TextSink sink;
    if (const auto end = transport.run(sink, cancel); !end)
        return fail(end.error());
    return std::move(sink.text);
}

Result<std::vector<RemoteFile>> listS3(const ByteRequest &request, const CancelToken &cancel)
{
    const auto location = S3Location::parse(request.url);
    if (!location)
        return fail(location.error());
    const std::size_t pattern = location->key.find_first_of(kPattern);
    const S3Location prefix{location->bucket, location->key.substr(0, pattern)};
    std::vector<RemoteFile> files;
    std::string token;
    for (int pages = 0; pages < kMaxPages; ++pages) {
        const auto text = s3ListText(request, prefix, token, cancel);
        if (!text)
            return fail(text.error());
        auto page = readS3Page(*text);
        if (!page)
            return fail(std::move(page).error());
        for (const auto &[key, size] : page->objects) {
            const bool isWanted =
                !key.ends_with('/') && // stands for a folder
                (pattern == std::string::npos ||
                 ::fnmatch(location->key.c_str(), key.c_str(), FNM_PATHNAME) == 0);
            if (isWanted)
                files.push_back({S3Location{location->bucket, key}.url(), size});
        }
        if (page->next.empty())
            return files;
        if (page->next == token)
            return fail(ErrorCode::ProtocolViolation, "the listing does not go on");
        token = std::move(page->next);
    }
    return fail(ErrorCode::LimitReached, "the prefix has more than a million objects");
}

/// A name as it stands in a URL's path: what would end the path or be decoded is encoded.
std::string inUrl(const std::string &name)
{
    std::string text;
    for (const char c : name) {
        if (c == '%')
            text += "%25";
        else if (c == '?')
            text += "%3F";
        else if (c == '#')
            text += "%23";
        else
            text += c;
    }
    return text;
}

Result<std::vector<RemoteFile>> listSftp(const ByteRequest &request, const CancelToken &cancel)
{
    const std::size_t end = request.url.rfind('/') + 1;
    const std::string folder = request.url.substr(0, end);
    const std::string pattern = request.url.substr(end);
    SshExchange exchange(request);
    TextSink sink;
    FRESHET_TRY(exchange.run(
        folder, ByteOffset(), [](const RemoteFileFacts &) { return Status(); },
        [&sink](std::string_view bytes) { return sink.onBytes(bytes); }, cancel));
    std::vector<RemoteFile> files;
    for (const auto &[name, size] : readLongNames(sink.text)) {
        const bool isHidden = name.starts_with('.');
        if (pattern.empty() ? !isHidden : ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0)
            files.push_back({folder + inUrl(name), size});
    }
    return files;
}

/// The text up to the next run of blanks, which goes too.
std::string_view takeField(std::string_view &line)
{
    const std::string_view field = line.substr(0, line.find(' '));
    line.remove_prefix(field.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return field;
}

} // namespace

bool namesSeveralFiles(std::string_view url)
{
    if (!isS3(url) && !url.starts_with("sftp://"))
        return false;
    std::string_view path = pathOf(url);
    if (path.empty() || path.ends_with('/'))
        return true;
    if (!isS3(url))
        path.remove_prefix(path.rfind('/') + 1);
    return path.find_first_of(kPattern) != path.npos;
}

Result<S3Page> readS3Page(std::string_view xml)
{
    QXmlStreamReader reader(QByteArray(xml.data(), static_cast<qsizetype>(xml.size())));
    S3Page page;
    bool isListing = false;
    std::pair<std::string, ByteCount> object;
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isEndElement() && reader.name() == u"Contents")
            page.objects.push_back(std::exchange(object, {}));
        if (!reader.isStartElement())
            continue;
        if (reader.name() == u"ListBucketResult")
            isListing = true;
        else if (reader.name() == u"Key")
            object.first = reader.readElementText().toStdString();
        else if (reader.name() == u"Size")
            object.second = ByteCount(std::max(reader.readElementText().toLongLong(), 0LL));
        else if (reader.name() == u"NextContinuationToken")
            page.next = reader.readElementText().toStdString();
    }
    if (reader.hasError() || !isListing)
        return fail(Error{.code = ErrorCode::ProtocolViolation,
                          .detail = "the answer is no listing of a bucket",
                          .excerpt = Error::excerptOf(xml)});
    return page;
}

std::vector<std::pair<std::string, ByteCount>> readLongNames(std::string_view listing)
{
    std::vector<std::pair<std::string, ByteCount>> files;
    while (!listing.empty()) {
        const std::size_t end = listing.find('\n');
        std::string_view line = listing.substr(0, end);
        listing.remove_prefix(end == listing.npos ? listing.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.starts_with('-')) // folders, links, devices
            continue;
        // Mode, links, owner, group; size; month, day, time or year; the rest is the name.
        for (int field = 0; field < 4; ++field)
            (void)takeField(line);
        const std::string_view size = takeField(line);
        for (int field = 0; field < 3; ++field)
            (void)takeField(line);
        std::int64_t bytes = 0;
        if (std::from_chars(size.data(), size.data() + size.size(), bytes).ec == std::errc() &&
            bytes >= 0 && !line.empty())
            files.emplace_back(line, ByteCount(bytes));
    }
    return files;
}

Result<std::vector<RemoteFile>> listRemoteFiles(const ByteRequest &request,
                                                const CancelToken &cancel)
{
    auto files = isS3(request.url) ? listS3(request, cancel) : listSftp(request, cancel);
    if (!files)
        return files;
    if (files->empty())
        return fail(ErrorCode::FileNotFound, "no file at " + withoutSecrets(request.url));
    std::ranges::sort(*files, {}, &RemoteFile::url);
    return files;
}

} // namespace freshet::transport

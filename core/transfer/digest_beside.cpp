// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/digest_beside.h"

#include "base/file.h"
#include "transport/stated_digests.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <vector>

namespace freshet::transfer {

namespace {

constexpr std::array kSuffixes = {".sha256", ".sha512", ".sha1", ".md5"};
constexpr std::size_t kBlock = 1 << 20;
/// A checksum file is one line, or one for each file of a release.
constexpr ByteCount kMostText = 16_MiB;
constexpr std::size_t kMostRemoteText = 1 << 20;

class TextSink final : public transport::ByteSink
{
public:
    Status onHead(const transport::ResponseHead &) override { return {}; }
    Status onBytes(std::string_view bytes) override
    {
        if (bytes.size() > kMostRemoteText - text.size())
            return fail(ErrorCode::SizeLimitExceeded, "the checksum file is too long to be one");
        text.append(bytes);
        return {};
    }
    std::string text;
};

bool isFile(const std::filesystem::path &path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

/// Where the path ends: keys of S3 and files of SSH servers have no query.
std::size_t pathEnd(const std::string &url)
{
    return url.starts_with("http") ? std::min(url.find_first_of("?#"), url.size()) : url.size();
}

/// The last part of a URL's path, with its escapes undone; those of S3 are as they are.
std::string fileNameOf(const std::string &url)
{
    const std::string path = url.substr(0, pathEnd(url));
    std::string name = path.substr(path.rfind('/') + 1);
    return url.starts_with("s3://")
               ? name
               : QByteArray::fromPercentEncoding(QByteArray::fromStdString(name)).toStdString();
}

transport::ByteRequest requestBeside(const transport::ByteRequest &file)
{
    transport::ByteRequest request = file;
    request.url = checksumUrl(file.url);
    request.stated.reset();
    request.undoCodings = true; // of this one the text counts
    return request;
}

} // namespace

bool isDigestFile(const std::filesystem::path &name)
{
    return std::ranges::find(kSuffixes, name.extension().string()) != kSuffixes.end();
}

bool hasDigestBeside(const std::filesystem::path &path)
{
    return std::ranges::any_of(
        kSuffixes, [&path](const char *suffix) { return isFile(path.string() + suffix); });
}

Result<std::optional<transport::StatedDigest>> digestBeside(const std::filesystem::path &path)
{
    for (const char *suffix : kSuffixes) {
        const std::filesystem::path beside = path.string() + suffix;
        if (!isFile(beside))
            continue;
        const auto text = readFile(beside, kMostText);
        if (!text)
            return fail(text.error());
        auto stated =
            transport::digestFromText(*text, path.filename().string(), beside.filename().string());
        if (!stated)
            return fail(std::move(stated).error());
        return std::move(*stated);
    }
    return std::nullopt;
}

Result<std::string> holdTo(const transport::StatedDigest &stated, const std::filesystem::path &path,
                           const CancelToken &cancel)
{
    auto file = File::open(path, File::Mode::Read);
    auto digest = Digest::create(stated.kind);
    if (!file || !digest)
        return fail(file ? digest.error() : file.error());
    std::vector<char> block(kBlock);
    while (true) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const auto size = file->read(block);
        if (!size)
            return fail(size.error());
        if (*size == 0)
            break;
        digest->append({block.data(), *size});
    }
    const std::string actual = digest->value();
    const std::string name(digestName(stated.kind));
    if (actual != stated.value)
        return fail(transport::notAsStated(stated, "the file", actual));
    return name + " of the file = " + hexText(actual) + ", which " + stated.from + " states";
}

std::string checksumUrl(const std::string &url)
{
    return std::string(url).insert(pathEnd(url), kSuffixes.front());
}

DigestQuestion::DigestQuestion(const transport::ByteRequest &file,
                               transport::ResumingTransport::Options options)
    : m_fileName(fileNameOf(file.url)),
      m_listener(options.listener),
      m_transport(requestBeside(file), std::move(options))
{
    m_transport.setListener(this);
}

void DigestQuestion::onRetryPlanned(const transport::RetryNotice &notice)
{
    ++m_retries;
    if (m_listener != nullptr)
        m_listener->onRetryPlanned(notice);
}

void DigestQuestion::onRetryBegan()
{
    if (m_listener != nullptr)
        m_listener->onRetryBegan();
}

Result<transport::StatedDigest> DigestQuestion::ask(const CancelToken &cancel)
{
    TextSink sink;
    if (const auto end = m_transport.run(sink, cancel); !end)
        return fail(end.error());
    auto digest = transport::sha256FromText(sink.text, m_fileName);
    if (!digest)
        return fail(std::move(digest).error());
    return transport::StatedDigest{DigestKind::Sha256, std::move(*digest), "the .sha256 file"};
}

} // namespace freshet::transfer

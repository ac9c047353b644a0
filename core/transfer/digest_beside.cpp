// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/digest_beside.h"

#include "base/file.h"
#include "transport/stated_digests.h"

#include <algorithm>
#include <array>
#include <vector>

namespace freshet::transfer {

namespace {

constexpr std::array kSuffixes = {".sha256", ".sha512", ".sha1", ".md5"};
constexpr std::size_t kBlock = 1 << 20;
/// A list of checksums of many files at most.
constexpr std::size_t kMostText = 16 << 20;

Result<std::string> textOf(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::string text(kMostText, '\0');
    const auto size = file->read(text);
    if (!size)
        return fail(size.error());
    text.resize(*size);
    return text;
}

Result<std::string> digestOf(const std::filesystem::path &path, DigestKind kind,
                             const CancelToken &cancel)
{
    auto file = File::open(path, File::Mode::Read);
    auto digest = Digest::create(kind);
    if (!file || !digest)
        return fail(file ? digest.error() : file.error());
    std::vector<char> block(kBlock);
    while (!cancel.isCancelled()) {
        const auto size = file->read(block);
        if (!size)
            return fail(size.error());
        if (*size == 0)
            return digest->value();
        digest->append({block.data(), *size});
    }
    return fail(ErrorCode::Cancelled, "cancelled");
}

bool isFile(const std::filesystem::path &path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

} // namespace

bool hasDigestBeside(const std::filesystem::path &path)
{
    return std::ranges::any_of(
        kSuffixes, [&path](const char *suffix) { return isFile(path.string() + suffix); });
}

Result<std::optional<std::string>> checkBeside(const std::filesystem::path &path,
                                               const CancelToken &cancel)
{
    for (const char *suffix : kSuffixes) {
        const std::filesystem::path beside = path.string() + suffix;
        if (!isFile(beside))
            continue;
        const auto text = textOf(beside);
        if (!text)
            return fail(text.error());
        const auto stated =
            transport::digestFromText(*text, path.filename().string(), beside.filename().string());
        if (!stated)
            return fail(stated.error());
        const auto actual = digestOf(path, stated->kind, cancel);
        if (!actual)
            return fail(actual.error());
        const std::string name(digestName(stated->kind));
        if (*actual != stated->value)
            return fail(ErrorCode::CodingCorrupt, name + " of the file is " + hexText(*actual) +
                                                      " and not " + hexText(stated->value) +
                                                      ", which " + stated->from + " states");
        return name + " of the file = " + hexText(*actual) + ", which " + stated->from + " states";
    }
    return std::nullopt;
}

} // namespace freshet::transfer

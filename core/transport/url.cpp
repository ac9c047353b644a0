// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/url.h"

#include "transport/ascii.h"
#include "transport/transport.h"

#include <curl/curl.h>

#include <memory>

namespace freshet::transport {

namespace {

struct FreeUrl
{
    void operator()(CURLU *url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURLU, FreeUrl>;

std::optional<std::string> partOf(CURLU *url, CURLUPart part, unsigned flags = 0)
{
    char *text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return std::nullopt;
    std::string result(text);
    curl_free(text);
    return result;
}

tl::unexpected<Error> invalid(std::string_view text, std::string_view reason)
{
    return fail(ErrorCode::UrlInvalid,
                "\"" + withoutSecrets(text) + "\" is no valid URL: " + std::string(reason));
}

Result<Handle> handleFor(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos)
        return invalid(text.substr(0, text.find('\0')), "it contains a zero byte");
    Handle handle(curl_url());
    if (!handle)
        return fail(ErrorCode::Internal, "no memory for a URL");
    const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(),
                                        CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK)
        return invalid(text, curl_url_strerror(code));
    return handle;
}

} // namespace

Result<Url> Url::parse(std::string_view text)
{
    auto handle = handleFor(text);
    if (!handle)
        return fail(std::move(handle).error());
    CURLU *const parts = handle->get();

    Url url;
    const std::string scheme = lowered(partOf(parts, CURLUPART_SCHEME).value_or(""));
    if (scheme != "http" && scheme != "https")
        return fail(ErrorCode::Unsupported, "the scheme \"" + scheme + "\" is not supported");
    const auto host = partOf(parts, CURLUPART_HOST);
    if (!host || host->empty())
        return invalid(text, "it names no host");

    const auto user = partOf(parts, CURLUPART_USER, CURLU_URLDECODE);
    const auto password = partOf(parts, CURLUPART_PASSWORD, CURLU_URLDECODE);
    if (user || password)
        url.m_credentials = Credentials{user.value_or(""), password.value_or("")};
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
        if (const CURLUcode code = curl_url_set(parts, part, nullptr, 0); code != CURLUE_OK)
            return invalid(text, curl_url_strerror(code));
    }

    auto whole = partOf(parts, CURLUPART_URL);
    if (!whole)
        return invalid(text, "it cannot be put together again");
    url.m_text = std::move(*whole);
    url.m_origin = scheme + "://" + lowered(*host) + ':' +
                   partOf(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
    const std::string path = partOf(parts, CURLUPART_PATH, CURLU_URLDECODE).value_or("");
    url.m_fileName = path.substr(path.find_last_of('/') + 1);
    return url;
}

Result<Url> Url::resolve(std::string_view reference) const
{
    auto handle = handleFor(m_text);
    if (!handle)
        return fail(std::move(handle).error());
    if (reference.find('\0') != std::string_view::npos)
        return invalid(m_text, "its successor contains a zero byte");
    const CURLUcode code =
        curl_url_set(handle->get(), CURLUPART_URL, std::string(reference).c_str(),
                     CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK)
        return invalid(reference, curl_url_strerror(code));
    const auto whole = partOf(handle->get(), CURLUPART_URL);
    if (!whole)
        return invalid(reference, "it cannot be put together again");
    return parse(*whole);
}

Result<std::string> pathOfFileUrl(std::string_view text)
{
    constexpr std::string_view kScheme = "file:";
    std::string_view rest = text.substr(kScheme.size());
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        const std::string_view host = rest.substr(0, rest.find('/'));
        if (!host.empty() && !equalsIgnoringCase(host, "localhost"))
            return invalid(text, "files on other machines cannot be read");
        rest.remove_prefix(host.size());
    }
    if (rest.empty())
        return invalid(text, "it names no file");
    int length = 0;
    const std::unique_ptr<char, decltype(&curl_free)> decoded(
        curl_easy_unescape(nullptr, rest.data(), static_cast<int>(rest.size()), &length),
        &curl_free);
    const std::string path(decoded ? decoded.get() : "",
                           decoded ? static_cast<std::size_t>(length) : 0);
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
        return invalid(text, "it names no file");
    return path;
}

} // namespace freshet::transport

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/curl_command.h"

#include "transfer/shell_words.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace freshet::transfer {

namespace {

enum class Meaning {
    Header,
    Data,
    DataRaw,
    DataUrlEncode,
    Json,
    Method,
    User,
    UserAgent,
    Referer,
    Cookie,
    Url,
    Proxy,
    AsQuery,
    Version,
    Flag,    ///< changes nothing that matters here
    Ignored, ///< as Flag, with a value
    Refused,
};

using Names = std::map<std::string_view, Meaning>;

const Names &longNames()
{
    static const Names names{
        {"header", Meaning::Header},
        {"data", Meaning::Data},
        {"data-ascii", Meaning::Data},
        {"data-binary", Meaning::Data},
        {"data-raw", Meaning::DataRaw},
        {"data-urlencode", Meaning::DataUrlEncode},
        {"json", Meaning::Json},
        {"request", Meaning::Method},
        {"user", Meaning::User},
        {"user-agent", Meaning::UserAgent},
        {"referer", Meaning::Referer},
        {"cookie", Meaning::Cookie},
        {"url", Meaning::Url},
        {"get", Meaning::AsQuery},
        {"compressed", Meaning::Flag},
        {"silent", Meaning::Flag},
        {"show-error", Meaning::Flag},
        {"location", Meaning::Flag},
        {"verbose", Meaning::Flag},
        {"fail", Meaning::Flag},
        {"fail-with-body", Meaning::Flag},
        {"globoff", Meaning::Flag},
        {"include", Meaning::Flag},
        {"no-buffer", Meaning::Flag},
        {"progress-bar", Meaning::Flag},
        {"http1.1", Meaning::Version},
        {"http2", Meaning::Version},
        {"proxy", Meaning::Proxy},
        {"remote-name", Meaning::Flag},
        {"output", Meaning::Ignored},
        {"max-time", Meaning::Ignored},
        {"connect-timeout", Meaning::Ignored},
        {"retry", Meaning::Ignored},
        {"write-out", Meaning::Ignored},
        {"insecure", Meaning::Refused},
        {"form", Meaning::Refused},
        {"upload-file", Meaning::Refused},
        {"config", Meaning::Refused},
        {"head", Meaning::Refused},
    };
    return names;
}

std::string_view longNameOf(char letter)
{
    static const std::map<char, std::string_view> names{
        {'H', "header"},       {'d', "data"},        {'X', "request"},  {'u', "user"},
        {'A', "user-agent"},   {'e', "referer"},     {'b', "cookie"},   {'G', "get"},
        {'s', "silent"},       {'S', "show-error"},  {'L', "location"}, {'v', "verbose"},
        {'f', "fail"},         {'g', "globoff"},     {'i', "include"},  {'N', "no-buffer"},
        {'#', "progress-bar"}, {'O', "remote-name"}, {'o', "output"},   {'m', "max-time"},
        {'w', "write-out"},    {'k', "insecure"},    {'F', "form"},     {'T', "upload-file"},
        {'K', "config"},       {'I', "head"},        {'x', "proxy"},
    };
    const auto found = names.find(letter);
    return found == names.end() ? std::string_view() : found->second;
}

bool takesValue(Meaning meaning)
{
    return meaning != Meaning::Flag && meaning != Meaning::AsQuery && meaning != Meaning::Version &&
           meaning != Meaning::Refused;
}

/// Why an option cannot be followed, where that is more than being unknown.
std::string refusal(std::string_view name)
{
    if (name == "insecure")
        return "-k switches the check of the server's certificate off; remove it, it stays on here";
    if (name == "form" || name == "upload-file")
        return "--" + std::string(name) + " uploads a file; that is not supported";
    if (name == "head")
        return "-I asks for headers only; there would be no rows";
    return "--" + std::string(name) + " reads options from a file; paste them here";
}

/// Collects what the options say, then makes the request.
class CurlReader
{
public:
    explicit CurlReader(std::vector<std::string> words) : m_words(std::move(words)) {}

    Result<DownloadRequest> read()
    {
        for (m_at = 1; m_at < m_words.size(); ++m_at) {
            const std::string &word = m_words[m_at];
            if (word.starts_with("--"))
                FRESHET_TRY(readLong(word));
            else if (word.size() > 1 && word[0] == '-')
                FRESHET_TRY(readShort(word));
            else
                FRESHET_TRY(takeUrl(word));
        }
        return finish();
    }

private:
    Status readLong(const std::string &word)
    {
        const auto found = longNames().find(std::string_view(word).substr(2));
        if (found == longNames().end())
            return unknown(word);
        return follow(found->first, found->second, std::nullopt);
    }

    /// `-sSL`, `-XPOST`, `-H 'A: b'`.
    Status readShort(const std::string &word)
    {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const auto name = longNameOf(word[i]);
            if (name.empty())
                return unknown(std::string("-") + word[i]);
            const Meaning meaning = longNames().at(name);
            if (!takesValue(meaning)) {
                FRESHET_TRY(follow(name, meaning, std::nullopt));
                continue;
            }
            const std::string rest = word.substr(i + 1);
            return follow(name, meaning,
                          rest.empty() ? std::nullopt : std::optional<std::string>(rest));
        }
        return {};
    }

    static Status unknown(const std::string &option)
    {
        return fail(ErrorCode::InvalidArgument,
                    "the curl option " + option + " is not known here; remove it and paste again");
    }

    Status follow(std::string_view name, Meaning meaning, std::optional<std::string> value)
    {
        if (meaning == Meaning::Refused)
            return fail(ErrorCode::InvalidArgument, refusal(name));
        if (takesValue(meaning) && !value) {
            if (++m_at >= m_words.size())
                return fail(ErrorCode::InvalidArgument,
                            "the curl option --" + std::string(name) + " lacks its value");
            value = m_words[m_at];
        }
        return take(name, meaning, value.value_or(std::string()));
    }

    Status take(std::string_view name, Meaning meaning, const std::string &value)
    {
        switch (meaning) {
        case Meaning::Header:
            return takeHeader(value);
        case Meaning::Data:
        case Meaning::Json:
            if (value.starts_with('@'))
                return readsFile(name, value);
            m_isJson = m_isJson || meaning == Meaning::Json;
            addData(value);
            return {};
        case Meaning::DataRaw:
            addData(value);
            return {};
        case Meaning::DataUrlEncode:
            return takeEncoded(name, value);
        case Meaning::Method:
            m_request.bytes.method = value;
            m_hasMethod = true;
            return {};
        case Meaning::User:
            addHeader("Authorization",
                      "Basic " + QByteArray::fromStdString(value).toBase64().toStdString());
            return {};
        case Meaning::UserAgent:
            addHeader("User-Agent", value);
            return {};
        case Meaning::Referer:
            addHeader("Referer", value);
            return {};
        case Meaning::Cookie:
            if (value.find('=') == std::string::npos)
                return readsFile(name, value);
            addHeader("Cookie", value);
            return {};
        case Meaning::Url:
            return takeUrl(value);
        case Meaning::AsQuery:
            m_asQuery = true;
            return {};
        case Meaning::Version:
            m_request.bytes.version =
                name == "http2" ? transport::HttpVersion::Http2 : transport::HttpVersion::Http1;
            return {};
        case Meaning::Proxy:
            m_request.bytes.proxy = value;
            return {};
        case Meaning::Flag:
        case Meaning::Ignored:
        case Meaning::Refused:
            return {};
        }
        return {};
    }

    static Status readsFile(std::string_view name, const std::string &value)
    {
        return fail(ErrorCode::InvalidArgument,
                    "--" + std::string(name) + ' ' + value +
                        " would read a file, which a pasted command may not do; put its content "
                        "into the command");
    }

    Status takeUrl(const std::string &word)
    {
        if (!m_request.bytes.url.empty())
            return fail(ErrorCode::InvalidArgument,
                        "the curl command names two URLs, the second is \"" +
                            Error::excerptOf(word) + '"');
        m_request.bytes.url = word.find("://") == std::string::npos ? "http://" + word : word;
        return {};
    }

    Status takeHeader(const std::string &line)
    {
        if (line.starts_with('@'))
            return readsFile("header", line);
        const auto colon = line.find_first_of(":;");
        if (colon == std::string::npos || colon == 0)
            return fail(ErrorCode::InvalidArgument,
                        "the header \"" + Error::excerptOf(line) + "\" has no colon");
        auto value = std::string_view(line).substr(colon + 1);
        while (value.starts_with(' '))
            value.remove_prefix(1);
        const std::string name = line.substr(0, colon);
        // "Name:" asks curl to leave a header of its own out; "Name;" sends it empty.
        const auto isNamed = [&name](const char *other) {
            return QString::fromStdString(name).compare(QLatin1String(other),
                                                        Qt::CaseInsensitive) == 0;
        };
        if (value.empty() && line[colon] == ':') {
            m_isUntyped = m_isUntyped || isNamed("content-type");
            return {};
        }
        if (isNamed("accept-encoding"))
            return {}; // what can be decoded is asked for in any case
        addHeader(name, std::string(value));
        return {};
    }

    /// `name=text` and `text`; `name@file` reads a file.
    Status takeEncoded(std::string_view name, const std::string &value)
    {
        const auto equals = value.find('=');
        if (value.find('@') < equals)
            return readsFile(name, value);
        const std::string key =
            equals == std::string::npos ? std::string() : value.substr(0, equals);
        const std::string text = equals == std::string::npos ? value : value.substr(equals + 1);
        addData((key.empty() ? std::string() : key + '=') +
                QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString());
        return {};
    }

    void addHeader(std::string name, std::string value)
    {
        m_request.bytes.headers.push_back({std::move(name), std::move(value)});
    }

    void addData(const std::string &data)
    {
        if (m_hasData)
            m_data += '&';
        m_data += data;
        m_hasData = true;
    }

    Result<DownloadRequest> finish()
    {
        auto &bytes = m_request.bytes;
        if (bytes.url.empty())
            return fail(ErrorCode::InvalidArgument, "the curl command names no URL");
        if (m_hasData && m_asQuery) {
            bytes.url += (bytes.url.find('?') == std::string::npos ? '?' : '&') + m_data;
        } else if (m_hasData) {
            bytes.body = m_data;
            if (!m_hasMethod)
                bytes.method = "POST";
            if (!m_isUntyped && !transport::findHeader(bytes.headers, "Content-Type"))
                addHeader("Content-Type",
                          m_isJson ? "application/json" : "application/x-www-form-urlencoded");
            if (m_isJson && !transport::findHeader(bytes.headers, "Accept"))
                addHeader("Accept", "application/json");
        }
        return std::move(m_request);
    }

    std::vector<std::string> m_words;
    std::size_t m_at = 0;
    DownloadRequest m_request;
    std::string m_data;
    bool m_hasData = false;
    bool m_hasMethod = false;
    bool m_asQuery = false;
    bool m_isJson = false;
    bool m_isUntyped = false; ///< a body without Content-Type was asked for
};

} // namespace

bool isCurlCommand(std::string_view text)
{
    const auto start = text.find_first_not_of(" \t\r\n$");
    if (start == std::string_view::npos)
        return false;
    text.remove_prefix(start);
    return text.starts_with("curl ") || text.starts_with("curl\t") || text.starts_with("curl\\");
}

Result<DownloadRequest> requestFromCurl(std::string_view command)
{
    if (!isCurlCommand(command))
        return fail(ErrorCode::InvalidArgument, "this is no curl command");
    command.remove_prefix(command.find("curl"));
    auto words = shellWords(command);
    if (!words)
        return fail(std::move(words).error());
    return CurlReader(std::move(*words)).read();
}

} // namespace freshet::transfer

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/transport.h"
#include "transport/url.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

/// A row of texts.
template <typename... Texts>
void row(const char *name, Texts... texts)
{
    QTestData &data = QTest::newRow(name);
    (data << ... << std::string(texts));
}

} // namespace

class TestUrl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void takesCredentialsOut();
    void refuses_data();
    void refuses();
    void resolves_data();
    void resolves();
    void hidesSecrets_data();
    void hidesSecrets();
    void secretHeaders_data();
    void secretHeaders();
    void fileUrls_data();
    void fileUrls();
};

void TestUrl::parses_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("origin");
    QTest::addColumn<std::string>("fileName");
    row("plain", "http://h/a/b.csv", "http://h/a/b.csv", "http://h:80", "b.csv");
    row("no path", "https://h", "https://h/", "https://h:443", "");
    row("host and scheme in capitals", "HTTPS://Host:8443/A", "https://Host:8443/A",
        "https://host:8443", "A");
    row("fragment is dropped", "http://h/a#x", "http://h/a", "http://h:80", "a");
    row("blanks and umlauts are encoded", "http://h/ä b?q=ö ", "http://h/%c3%a4%20b?q=%c3%b6+",
        "http://h:80", "ä b");
    row("escapes stay", "http://h/a%2Cb?_next=d%2Cv", "http://h/a%2Cb?_next=d%2Cv", "http://h:80",
        "a,b");
    row("IPv6", "http://[::1]:81/x", "http://[::1]:81/x", "http://[::1]:81", "x");
}

void TestUrl::parses()
{
    QFETCH(const std::string, url);
    QFETCH(const std::string, text);
    QFETCH(const std::string, origin);
    QFETCH(const std::string, fileName);
    const auto parsed = Url::parse(url);
    QVERIFY2(parsed, parsed ? "" : parsed.error().toString().c_str());
    QCOMPARE(parsed->text(), text);
    QCOMPARE(parsed->origin(), origin);
    QCOMPARE(parsed->fileName(), fileName);
    QVERIFY(!parsed->credentials());
}

void TestUrl::takesCredentialsOut()
{
    const auto url = Url::parse("https://me:p%40ss@h/x");
    QVERIFY(url && url->credentials());
    QCOMPARE(url->credentials()->user, std::string("me"));
    QCOMPARE(url->credentials()->password, std::string("p@ss"));
    QCOMPARE(url->text(), std::string("https://h/x"));
}

void TestUrl::refuses_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("code");
    row("no host", "http://", "UrlInvalid");
    row("bad port", "http://h:99999/", "UrlInvalid");
    row("other scheme", "ftp://h/x", "Unsupported");
    row("no scheme", "h/x", "UrlInvalid");
    row("control character", "http://h/a\nb", "UrlInvalid");
}

void TestUrl::refuses()
{
    QFETCH(const std::string, url);
    QFETCH(const std::string, code);
    const auto parsed = Url::parse(url);
    QVERIFY(!parsed);
    QCOMPARE(std::string(errorCodeName(parsed.error().code)), code);
}

void TestUrl::resolves_data()
{
    QTest::addColumn<std::string>("reference");
    QTest::addColumn<std::string>("text");
    // RFC 3986 §5.4, with http instead of its example's scheme
    row("name", "g", "http://a/b/c/g");
    row("same folder", "./g", "http://a/b/c/g");
    row("absolute path", "/g", "http://a/g");
    row("other host", "//g", "http://g/");
    row("query only", "?y", "http://a/b/c/d;p?y");
    row("one up", "../g", "http://a/b/g");
    row("two up", "../../g", "http://a/g");
    row("absolute", "https://x/y?z=1", "https://x/y?z=1");
    row("blank in it", "/a b", "http://a/a%20b");
}

void TestUrl::resolves()
{
    QFETCH(const std::string, reference);
    QFETCH(const std::string, text);
    const auto base = Url::parse("http://a/b/c/d;p?q");
    QVERIFY(base);
    const auto target = base->resolve(reference);
    QVERIFY2(target, target ? "" : target.error().toString().c_str());
    QCOMPARE(target->text(), text);
}

void TestUrl::hidesSecrets_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("shown");
    row("nothing to hide", "https://h/a?b=c&d", "https://h/a?b=c&d");
    row("user and password", "https://me:pw@h/a", "https://h/a");
    row("at sign in the password", "https://me:p@w@h/a", "https://h/a");
    row("at sign in the path", "https://h/@me?x=@y", "https://h/@me?x=@y");
    row("token", "https://h/a?access_token=abc&x=1", "https://h/a?access_token=***&x=1");
    row("api key in many spellings", "https://h/?api_key=a&apikey=b&API-Key=c&x-api-key=d&apiKey=e",
        "https://h/?api_key=***&apikey=***&API-Key=***&x-api-key=***&apiKey=***");
    row("AWS presigned",
        "https://b.s3/x?X-Amz-Credential=AK%2F1&X-Amz-Date=2&X-Amz-Signature=ff"
        "&X-Amz-Security-Token=t",
        "https://b.s3/x?X-Amz-Credential=***&X-Amz-Date=2&X-Amz-Signature=***"
        "&X-Amz-Security-Token=***");
    row("Azure SAS", "https://b/x?sv=1&sig=abc", "https://b/x?sv=1&sig=***");
    row("page tokens stay", "https://h/?pageToken=a&next_token=b&$skiptoken=c&continuation_token=d",
        "https://h/?pageToken=a&next_token=b&$skiptoken=c&continuation_token=d");
    row("columns stay", "https://h/?sort_key=name&keyset=1&author=x&monkey=1",
        "https://h/?sort_key=name&keyset=1&author=x&monkey=1");
    row("fragment", "https://h/a#access_token=abc&x=1", "https://h/a#access_token=***&x=1");
    row("empty value", "https://h/a?token=&x", "https://h/a?token=&x");
    row("invalid URL", "http://me:pw@/x?secret=1", "http:///x?secret=***");
    row("path", "/home/me/a?token=b.csv", "/home/me/a?token=b.csv");
}

void TestUrl::hidesSecrets()
{
    QFETCH(const std::string, url);
    QFETCH(const std::string, shown);
    QCOMPARE(withoutSecrets(url), shown);
    QCOMPARE(withoutSecrets(shown), shown);
}

void TestUrl::secretHeaders_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<bool>("isSecret");
    for (const char *name :
         {"Authorization", "authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "Api-Key",
          "apikey", "PRIVATE-TOKEN", "X-Auth-Token", "X-Amz-Security-Token", "DD-APPLICATION-KEY",
          "Ocp-Apim-Subscription-Key", "x-functions-key", "X-Vault-Token", "X-Client-Secret",
          "X-Password", "X-Signature", "X-CSRF-Token"})
        QTest::newRow(name) << std::string(name) << true;
    for (const char *name : {"Accept", "Content-Type", "User-Agent", "Range", "If-Range",
                             "X-Request-Id", "Author", "Idempotency-Key", "X-Page-Token"})
        QTest::newRow(name) << std::string(name) << false;
}

void TestUrl::secretHeaders()
{
    QFETCH(const std::string, name);
    QFETCH(const bool, isSecret);
    QCOMPARE(isSecretHeader(name), isSecret);
}

void TestUrl::fileUrls_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("path");
    row("three slashes", "file:///a/b.csv", "/a/b.csv");
    row("one slash", "file:/a/b.csv", "/a/b.csv");
    row("localhost", "file://localhost/a", "/a");
    row("escapes", "file:///a%20b/%C3%A4", "/a b/ä");
    row("another host", "file://server/a", "");
    row("no path", "file:", "");
    row("relative", "file:a", "");
    row("zero byte", "file:///a%00b", "");
}

void TestUrl::fileUrls()
{
    QFETCH(const std::string, url);
    QFETCH(const std::string, path);
    const auto found = pathOfFileUrl(url);
    if (path.empty()) {
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::UrlInvalid);
    } else {
        QVERIFY2(found, found ? "" : found.error().toString().c_str());
        QCOMPARE(*found, path);
    }
}

QTEST_APPLESS_MAIN(TestUrl)
#include "tst_url.moc"

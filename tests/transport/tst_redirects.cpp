// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transport/collecting_sink.h"
#include "transport/redirects.h"

#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

std::string redirect(const std::string &location, int status = 302)
{
    return "HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + location +
           "\r\nContent-Length: 4\r\n\r\ngone";
}

const std::string kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

bool holds(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

Hop hopTo(const std::string &url, const std::string &method = "GET")
{
    const auto parsed = Url::parse(url);
    return Hop{*parsed, method, {}, {}, parsed->credentials()};
}

MessageHead answerWith(int status, const std::string &location)
{
    MessageHead head;
    head.status = status;
    head.headers = {{"Location", location}};
    return head;
}

} // namespace

class TestRedirects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void method_data();
    void method();
    void secrets_data();
    void secrets();
    void secretsStayGone();
    void errors_data();
    void errors();

    void followsOnOneConnection();
    void crossOriginGetsNoSecrets();
    void postBodyIsRepeatedOn307();
    void rangeIsKept();
    void loopEnds();
    void endlessChainEnds();
    void largeRedirectBodyIsNotRead();
    void userHasNoHeadOfARedirect();
};

void TestRedirects::method_data()
{
    QTest::addColumn<std::string>("before");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("after");
    // RFC 9110 §15.4
    const auto row = [](const char *before, int status, const char *after) {
        QTest::addRow("%s after %d", before, status)
            << std::string(before) << status << std::string(after);
    };
    for (const int status : {301, 302, 303, 307, 308})
        row("GET", status, "GET");
    row("HEAD", 303, "HEAD");
    row("POST", 301, "GET");
    row("POST", 302, "GET");
    row("POST", 303, "GET");
    row("POST", 307, "POST");
    row("POST", 308, "POST");
    row("PUT", 301, "PUT");
    row("PUT", 303, "GET");
}

void TestRedirects::method()
{
    QFETCH(const std::string, before);
    QFETCH(const int, status);
    QFETCH(const std::string, after);
    Hop hop = hopTo("http://h/a", before);
    hop.body = "rows=1";
    hop.headers = {{"Content-Type", "text/plain"}, {"Accept", "text/csv"}};
    RedirectFollower follower(hop, {});
    const auto next = follower.next(hop, answerWith(status, "/b"));
    QVERIFY(next);
    QCOMPARE(next->method, after);
    const bool keepsBody = before == after;
    QCOMPARE(next->body.empty(), !keepsBody);
    QCOMPARE(findHeader(next->headers, "Content-Type").has_value(), keepsBody);
    QVERIFY(findHeader(next->headers, "Accept") == "text/csv");
}

void TestRedirects::secrets_data()
{
    QTest::addColumn<std::string>("target");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("another path") << std::string("/b") << true;
    QTest::newRow("same origin, default port written") << std::string("https://H:443/b") << true;
    QTest::newRow("another host") << std::string("https://other/b") << false;
    QTest::newRow("a subdomain") << std::string("https://x.h/b") << false;
    QTest::newRow("another port") << std::string("https://h:8443/b") << false;
    QTest::newRow("another scheme") << std::string("http://h/b") << false;
    QTest::newRow("another scheme, same port") << std::string("http://h:443/b") << false;
    QTest::newRow("without scheme") << std::string("//other/b") << false;
    QTest::newRow("user name of the server's choice") << std::string("https://x:y@h/b") << true;
}

void TestRedirects::secrets()
{
    QFETCH(const std::string, target);
    QFETCH(const bool, isKept);
    Hop hop = hopTo("https://me:pw@h/a");
    hop.headers = {{"Authorization", "a"},
                   {"Cookie", "b"},
                   {"X-Api-Key", "c"},
                   {"PRIVATE-TOKEN", "d"},
                   {"Accept", "text/csv"}};
    RedirectFollower follower(hop, {});
    const auto next = follower.next(hop, answerWith(302, target));
    QVERIFY(next);
    for (const char *name : {"Authorization", "Cookie", "X-Api-Key", "Private-Token"})
        QCOMPARE(findHeader(next->headers, name).has_value(), isKept);
    QVERIFY(findHeader(next->headers, "Accept"));
    QCOMPARE(next->credentials.has_value(), isKept);
    if (isKept)
        QCOMPARE(next->credentials->user, std::string("me"));
}

void TestRedirects::secretsStayGone()
{
    Hop hop = hopTo("https://me:pw@h/a");
    hop.headers = {{"Authorization", "a"}};
    RedirectFollower follower(hop, {});
    const auto away = follower.next(hop, answerWith(302, "https://other/b"));
    QVERIFY(away);
    const auto back = follower.next(*away, answerWith(302, "https://h/c"));
    QVERIFY(back);
    QVERIFY(back->headers.empty() && !back->credentials);
}

void TestRedirects::errors_data()
{
    QTest::addColumn<std::string>("location");
    QTest::addColumn<std::string>("code");
    QTest::newRow("empty Location") << std::string() << std::string("ProtocolViolation");
    QTest::newRow("file") << std::string("file:///etc/passwd") << std::string("Unsupported");
    QTest::newRow("other scheme") << std::string("ftp://h/x") << std::string("Unsupported");
    QTest::newRow("bad port") << std::string("http://h:99999/") << std::string("UrlInvalid");
    QTest::newRow("itself") << std::string("/a") << std::string("TooManyRedirects");
}

void TestRedirects::errors()
{
    QFETCH(const std::string, location);
    QFETCH(const std::string, code);
    const Hop hop = hopTo("http://h/a");
    RedirectFollower follower(hop, {});
    const auto next = follower.next(hop, answerWith(302, location));
    QVERIFY(!next);
    QCOMPARE(std::string(errorCodeName(next.error().code)), code);
}

void TestRedirects::followsOnOneConnection()
{
    RawServer server({Script()
                          .send(redirect("b/c"))
                          .awaitRequest()
                          .send(redirect("/d?x=1"))
                          .awaitRequest()
                          .send(kHello)});
    const Fetched fetched = fetch(server.url("/a/"));
    QVERIFY2(fetched.end, fetched.error().c_str());
    QCOMPARE(fetched.sink.text, std::string("hello"));
    QCOMPARE(fetched.sink.head.redirects, 2);
    QCOMPARE(fetched.sink.head.finalUrl, server.url("/d?x=1"));
    const auto requests = server.requests();
    QCOMPARE(requests.size(), std::size_t(3));
    QVERIFY(requests[1].starts_with("GET /a/b/c HTTP/1.1\r\n"));
    QVERIFY(requests[2].starts_with("GET /d?x=1 HTTP/1.1\r\n"));
}

void TestRedirects::crossOriginGetsNoSecrets()
{
    RawServer other({Script().send(kHello)});
    RawServer first({Script().send(redirect(other.url("/b")))});
    ByteRequest request;
    request.url = "http://me:pw@127.0.0.1:" + std::to_string(first.port()) + "/a";
    request.headers = {{"X-Api-Key", "key"}, {"Cookie", "c=1"}, {"Accept", "text/csv"}};
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.end, fetched.error().c_str());
    const std::string sent = first.requests().at(0);
    QVERIFY(holds(sent, "Authorization: Basic") && holds(sent, "X-Api-Key: key") &&
            holds(sent, "Cookie: c=1"));
    const std::string got = other.requests().at(0);
    QVERIFY(!holds(got, "Authorization") && !holds(got, "X-Api-Key") && !holds(got, "Cookie"));
    QVERIFY(holds(got, "Accept: text/csv"));
}

void TestRedirects::postBodyIsRepeatedOn307()
{
    RawServer server({Script().send(redirect("/b", 307)).awaitRequest().send(kHello)});
    ByteRequest request;
    request.url = server.url("/a");
    request.method = "POST";
    request.body = "{\"limit\":5}";
    request.headers = {{"Content-Type", "application/json"}};
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.end, fetched.error().c_str());
    for (const std::string &sent : server.requests()) {
        QVERIFY(sent.starts_with("POST /"));
        QVERIFY(sent.ends_with("\r\n\r\n{\"limit\":5}"));
        QVERIFY(holds(sent, "Content-Type: application/json\r\n"));
        QVERIFY(!holds(sent, "Expect:"));
    }
}

void TestRedirects::rangeIsKept()
{
    RawServer server({Script()
                          .send(redirect("/b"))
                          .awaitRequest()
                          .send("HTTP/1.1 206 Part\r\nContent-Range: bytes 5-6/7\r\n"
                                "Content-Length: 2\r\n\r\nxy")});
    ByteRequest request;
    request.url = server.url("/a");
    request.headers = {{"Range", "bytes=5-"}, {"If-Range", "\"tag\""}};
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.end, fetched.error().c_str());
    QCOMPARE(fetched.sink.head.status, 206);
    const std::string sent = server.requests().at(1);
    QVERIFY(holds(sent, "Range: bytes=5-\r\n") && holds(sent, "If-Range: \"tag\"\r\n"));
}

void TestRedirects::loopEnds()
{
    RawServer server(
        {Script().send(redirect("/b")).awaitRequest().send(redirect("/a")).awaitRequest().stall()});
    const Fetched fetched = fetch(server.url("/a"));
    QVERIFY2(fetched.outcome() == "TooManyRedirects", fetched.error().c_str());
    QCOMPARE(server.requests().size(), std::size_t(2));
}

void TestRedirects::endlessChainEnds()
{
    Script script;
    for (int i = 1; i <= 8; ++i)
        script = std::move(script).send(redirect("/" + std::to_string(i))).awaitRequest();
    RawServer server({std::move(script)});
    ByteRequest request;
    request.url = server.url("/0");
    request.limits.redirects = 5;
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "TooManyRedirects", fetched.error().c_str());
    QCOMPARE(server.requests().size(), std::size_t(6));
}

void TestRedirects::largeRedirectBodyIsNotRead()
{
    RawServer server(
        {Script().send("HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n").flood(std::string(8192, 'x')),
         Script().send(kHello)});
    const Fetched fetched = fetch(server.url("/a"));
    QVERIFY2(fetched.end, fetched.error().c_str());
    QCOMPARE(fetched.sink.text, std::string("hello"));
}

void TestRedirects::userHasNoHeadOfARedirect()
{
    RawServer server({Script().send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")});
    const Fetched fetched = fetch(server.url("/a"));
    QVERIFY2(fetched.outcome() == "ProtocolViolation", fetched.error().c_str());
    QCOMPARE(fetched.sink.heads, 0);
}

QTEST_GUILESS_MAIN(TestRedirects)
#include "tst_redirects.moc"

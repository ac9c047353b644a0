// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/cli_command.h"
#include "transfer/curl_command.h"
#include "transfer/shell_words.h"

#include <QTest>

#include <random>

using namespace freshet;
using namespace freshet::transfer;

namespace {

DownloadRequest requestFor(std::string url)
{
    DownloadRequest request;
    request.bytes.url = std::move(url);
    return request;
}

} // namespace

class TestCommandText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quotesOneWord_data();
    void quotesOneWord();
    void quotesAnyBytes();
    void curlComesBack_data();
    void curlComesBack();
    void secretsBecomeVariables_data();
    void secretsBecomeVariables();
    void whatCurlCannot_data();
    void whatCurlCannot();
};

void TestCommandText::quotesOneWord_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("quoted");
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &quoted) {
        QTest::newRow(name) << text << quoted;
    };
    row("plain", "a-b_c.d/e:f", "a-b_c.d/e:f");
    row("empty", "", "''");
    row("blank", "a b", "'a b'");
    row("variable", "$HOME `x`", "'$HOME `x`'");
    row("single quote", "it's", "'it'\\''s'");
    row("line end", "a\nb", "'a\nb'");
    row("UTF-8", "größe", "'größe'");
    row("control character", "a\x01'b", "$'a\\x01\\'b'");
    row("not UTF-8", "\xff\\", "$'\\xff\\\\'");
}

void TestCommandText::quotesOneWord()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, quoted);
    QCOMPARE(QByteArray::fromStdString(shellQuoted(text.toStdString())), quoted);
    const auto words = shellWords(quoted.toStdString());
    QVERIFY(words.has_value());
    QCOMPARE(words->size(), std::size_t(1));
    QCOMPARE(QByteArray::fromStdString(words->front()), text);
}

void TestCommandText::quotesAnyBytes()
{
    std::minstd_rand random(7);
    for (int i = 0; i < 2000; ++i) {
        std::string text;
        for (auto left = random() % 12; left > 0; --left)
            text += static_cast<char>(1 + random() % (i % 2 == 0 ? 126 : 255));
        const auto words = shellWords("x " + shellQuoted(text) + " y");
        QVERIFY(words.has_value());
        const std::vector<std::string> expected{"x", text, "y"};
        QCOMPARE(*words, expected);
    }
}

void TestCommandText::curlComesBack_data()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const DownloadRequest &request) {
        QTest::newRow(name) << QByteArray::fromStdString(request.toJson());
    };
    auto request = requestFor("https://h/a?x=1&y=a%20b");
    request.bytes.headers = {{"Accept", "*/*"}};
    row("URL", request);
    request.bytes.url = "https://h/a?ids[]=1";
    row("brackets", request);
    request.bytes.headers.push_back({"X-Note", "it's \"so\""});
    row("header with quotes", request);
    request.bytes.headers.push_back({"X-Empty", ""});
    row("header without a value", request);
    request.bytes.body = "{\"a\":\n\"it's\"}";
    request.bytes.method = "POST";
    row("body without a type", request);
    request.bytes.headers.push_back({"Content-Type", "application/json"});
    row("body", request);
    request.bytes.body = "@no file";
    request.bytes.method = "PUT";
    row("body that begins with @, another method", request);
    request.bytes.method = "DELETE";
    request.bytes.body.clear();
    row("method without a body", request);
    request.bytes.version = transport::HttpVersion::Http1;
    request.bytes.proxy = "socks5h://p:1080";
    row("version and proxy", request);
    request.bytes.version = transport::HttpVersion::Http2;
    row("HTTP/2", request);
}

void TestCommandText::curlComesBack()
{
    QFETCH(QByteArray, json);
    const auto request = DownloadRequest::fromJson(json.toStdString());
    QVERIFY(request.has_value());
    const auto command = curlCommandFor(*request);
    QVERIFY(command.has_value());
    QVERIFY(isCurlCommand(*command));
    const auto read = requestFromCurl(*command);
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QCOMPARE(QByteArray::fromStdString(read->toJson()), json);
}

void TestCommandText::secretsBecomeVariables_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArrayList>("parts");
    const auto row = [](const char *name, const char *url, const char *header,
                        const QByteArrayList &parts) {
        QTest::newRow(name) << QByteArray(url) << QByteArray(header) << parts;
    };
    row("header", "https://h/", "Authorization", {"-H \"Authorization: $AUTHORIZATION\""});
    row("header with dashes", "https://h/", "X-Api-Key", {"-H \"X-Api-Key: $X_API_KEY\""});
    row("parameter", "https://h/?a=1&api_key=hunter2&b=2", "X-Plain",
        {"'https://h/?a=1&api_key='\"$API_KEY\"'&b=2'"});
    row("parameter at the end", "https://h/?token=hunter2", "X-Plain",
        {"'https://h/?token='\"$TOKEN\""});
    row("user and password", "https://me:hunter2@h/x?a=b", "X-Plain",
        {"https://\"$URL_USER:$URL_PASSWORD\"@'h/x?a=b'"});
}

void TestCommandText::secretsBecomeVariables()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, header);
    QFETCH(QByteArrayList, parts);
    auto request = requestFor(url.toStdString());
    request.bytes.headers = {{header.toStdString(), "hunter2 is secret"}};
    if (!transport::isSecretHeader(header.toStdString()))
        request.bytes.headers.front().value = "plain";
    const auto kept = DownloadRequest::fromJson(request.toJson());
    QVERIFY(kept.has_value());
    for (const auto &command : {curlCommandFor(request), cliCommandFor(request),
                                curlCommandFor(*kept), cliCommandFor(*kept)}) {
        QVERIFY(command.has_value());
        const auto text = QByteArray::fromStdString(*command);
        QVERIFY2(!text.contains("hunter2"), text.constData());
        // A kept URL has lost its user for good.
        if (!text.contains("URL_USER") && url.contains('@'))
            continue;
        for (const auto &part : parts)
            QVERIFY2(text.contains(part), text.constData());
    }
}

void TestCommandText::whatCurlCannot_data()
{
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const DownloadRequest &request) {
        QTest::newRow(name) << QByteArray::fromStdString(request.toJson());
    };
    row("WebSocket", requestFor("wss://h/feed"));
    row("file", requestFor("/tmp/rows.csv"));
    auto call = requestFor("https://h");
    call.grpc = GrpcCall{.method = "a.B/C"};
    row("gRPC-web", call);
    auto binary = requestFor("https://h");
    binary.bytes.body = std::string("a\0b", 3);
    binary.bytes.method = "POST";
    row("binary body", binary);
}

void TestCommandText::whatCurlCannot()
{
    QFETCH(QByteArray, json);
    const auto request = DownloadRequest::fromJson(json.toStdString());
    QVERIFY(request.has_value());
    const auto command = curlCommandFor(*request);
    QVERIFY(!command.has_value());
    QCOMPARE(command.error().code, ErrorCode::Unsupported);
}

QTEST_GUILESS_MAIN(TestCommandText)
#include "tst_command_text.moc"

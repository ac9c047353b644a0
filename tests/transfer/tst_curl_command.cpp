// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/curl_command.h"
#include "transfer/shell_words.h"

#include <QTest>

using namespace freshet;

class TestCurlCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wordsOfAShell_data();
    void wordsOfAShell();
    void openQuotesAreRefused_data();
    void openQuotesAreRefused();
    void whatACommandAsksFor_data();
    void whatACommandAsksFor();
    void whatIsRefused_data();
    void whatIsRefused();
    void knowsACurlCommand_data();
    void knowsACurlCommand();
};

void TestCurlCommand::wordsOfAShell_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("words");
    const auto row = [](const char *name, const char *command, QStringList words) {
        QTest::newRow(name) << QString::fromUtf8(command) << std::move(words);
    };
    const auto list = [](std::initializer_list<const char *> words) {
        QStringList texts;
        for (const char *word : words)
            texts += QString::fromUtf8(word);
        return texts;
    };
    row("blanks and tabs separate", "a  b\tc", list({"a", "b", "c"}));
    row("single quotes keep everything", "'a \\ \"b' c", list({"a \\ \"b", "c"}));
    row("double quotes keep blanks", "\"a b\"", list({"a b"}));
    row("double quotes know four escapes", "\"\\\" \\$ \\n\"", list({"\" $ \\n"}));
    row("quotes join with what they touch", "a'b'\"c\"d", list({"abcd"}));
    row("an empty word", "a '' b", list({"a", "", "b"}));
    row("a backslash keeps a blank", "a\\ b", list({"a b"}));
    row("a backslash joins lines", "a \\\n  b", list({"a", "b"}));
    row("a backslash joins Windows lines", "a \\\r\n  b", list({"a", "b"}));
    row("C escapes", "$'a\\n\\t\\'b\\x41\\u00e9\\u20ac'", list({"a\n\t'bAé€"}));
    row("a lone dollar", "a$b", list({"a$b"}));
    row("ends at a pipe", "a b | c", list({"a", "b"}));
    row("ends at a semicolon", "a; b", list({"a"}));
    row("ends at a line end", "\na b\nc", list({"a", "b"}));
    row("ends at a redirection", "a > b", list({"a"}));
    row("keeps the ampersand of a URL", "curl http://h/?a=1&b=2 && x",
        list({"curl", "http://h/?a=1&b=2"}));
}

void TestCurlCommand::wordsOfAShell()
{
    QFETCH(QString, command);
    QFETCH(QStringList, words);
    const auto found = transfer::shellWords(command.toStdString());
    QVERIFY(found.has_value());
    QStringList texts;
    for (const auto &word : *found)
        texts += QString::fromStdString(word);
    QCOMPARE(texts, words);
}

void TestCurlCommand::openQuotesAreRefused_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("single") << QStringLiteral("curl 'http://h");
    QTest::newRow("double") << QStringLiteral("curl \"http://h");
    QTest::newRow("double, ending in a backslash") << QStringLiteral("curl \"http://h\\");
    QTest::newRow("C") << QStringLiteral("curl $'http://h");
}

void TestCurlCommand::openQuotesAreRefused()
{
    QFETCH(QString, command);
    const auto request = transfer::requestFromCurl(command.toStdString());
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
    QVERIFY(request.error().detail.find("not closed") != std::string::npos);
}

void TestCurlCommand::whatACommandAsksFor_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("headers");
    QTest::addColumn<QString>("body");
    const auto row = [](const char *name, const char *command, const char *method, const char *url,
                        const char *headers, const char *body) {
        QTest::newRow(name) << QString::fromUtf8(command) << QString::fromUtf8(method)
                            << QString::fromUtf8(url) << QString::fromUtf8(headers)
                            << QString::fromUtf8(body);
    };
    const char *form = "Content-Type: application/x-www-form-urlencoded";
    row("only a URL", "curl https://h/p", "GET", "https://h/p", "", "");
    row("a prompt before it", "$ curl https://h/p", "GET", "https://h/p", "", "");
    row("no scheme", "curl h/p", "GET", "http://h/p", "", "");
    row("the URL by name", "curl --url https://h/p", "GET", "https://h/p", "", "");
    row("headers in all spellings", "curl -H 'A: 1' -HB:2 --header 'C:  3' https://h", "GET",
        "https://h", "A: 1|B: 2|C: 3", "");
    row("a header without a value is left out", "curl -H 'A:' -H 'B;' https://h", "GET",
        "https://h", "B: ", "");
    row("codings are asked for by ourselves", "curl -H 'Accept-Encoding: br' https://h", "GET",
        "https://h", "", "");
    row("data posts", "curl -d a=1 -d b=2 https://h", "POST", "https://h", form, "a=1&b=2");
    row("data with a method", "curl -X PUT --data a https://h", "PUT", "https://h", form, "a");
    row("method joined to its letter", "curl -XDELETE https://h", "DELETE", "https://h", "", "");
    row("raw data may begin with @", "curl --data-raw @x https://h", "POST", "https://h", form,
        "@x");
    row("a content type given", "curl -H 'content-type: text/plain' -d x https://h", "POST",
        "https://h", "content-type: text/plain", "x");
    row("json", "curl --json '{}' https://h", "POST", "https://h",
        "Content-Type: application/json|Accept: application/json", "{}");
    row("data as a query", "curl -G -d a=1 --data-urlencode 'q=x y' 'https://h?z=0'", "GET",
        "https://h?z=0&a=1&q=x%20y", "", "");
    row("user", "curl -u me:secret https://h", "GET", "https://h",
        "Authorization: Basic bWU6c2VjcmV0", "");
    row("cookie, agent, referer", "curl -b a=1 -A x -e http://r https://h", "GET", "https://h",
        "Cookie: a=1|User-Agent: x|Referer: http://r", "");
    row("what only changes curl", "curl -sSL --compressed -o out.json --retry 3 https://h", "GET",
        "https://h", "", "");
    row("as a browser copies it",
        "curl 'https://h/api?x=1' \\\n  -H 'accept: */*' \\\n  --data-raw $'{\"a\":\"it\\'s\"}' "
        "\\\n  --compressed",
        "POST", "https://h/api?x=1", "accept: */*|Content-Type: application/x-www-form-urlencoded",
        "{\"a\":\"it's\"}");
    row("a pipe behind it", "curl https://h | jq .", "GET", "https://h", "", "");
}

void TestCurlCommand::whatACommandAsksFor()
{
    QFETCH(QString, command);
    QFETCH(QString, method);
    QFETCH(QString, url);
    QFETCH(QString, headers);
    QFETCH(QString, body);
    const auto request = transfer::requestFromCurl(command.toStdString());
    QVERIFY2(request.has_value(), request ? "" : request.error().detail.c_str());
    QStringList found;
    for (const auto &header : request->bytes.headers)
        found += QString::fromStdString(header.name + ": " + header.value);
    QCOMPARE(QString::fromStdString(request->bytes.method), method);
    QCOMPARE(QString::fromStdString(request->bytes.url), url);
    QCOMPARE(found.join(QLatin1Char('|')), headers);
    QCOMPARE(QString::fromStdString(request->bytes.body), body);
}

void TestCurlCommand::whatIsRefused_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("names");
    const auto row = [](const char *name, const char *command, const char *names) {
        QTest::newRow(name) << QString::fromUtf8(command) << QString::fromUtf8(names);
    };
    row("a body from a file", "curl -d @secret https://h", "@secret");
    row("a binary body from a file", "curl --data-binary @secret https://h", "@secret");
    row("an encoded field from a file", "curl --data-urlencode q@secret https://h", "q@secret");
    row("headers from a file", "curl -H @secret https://h", "@secret");
    row("cookies from a file", "curl -b jar.txt https://h", "jar.txt");
    row("no check of certificates", "curl -k https://h", "certificate");
    row("an upload", "curl -F a=@b https://h", "upload");
    row("headers only", "curl -I https://h", "-I");
    row("options from a file", "curl -K conf https://h", "--config");
    row("an unknown long option", "curl --socks9 x https://h", "--socks9");
    row("an unknown letter", "curl -sZ https://h", "-Z");
    row("no URL", "curl -s", "no URL");
    row("two URLs", "curl http://a http://b", "http://b");
    row("an option without its value", "curl http://a -H", "--header");
    row("a header without a colon", "curl -H nonsense http://a", "nonsense");
}

void TestCurlCommand::whatIsRefused()
{
    QFETCH(QString, command);
    QFETCH(QString, names);
    const auto request = transfer::requestFromCurl(command.toStdString());
    QVERIFY(!request.has_value());
    QCOMPARE(request.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(QString::fromStdString(request.error().detail).contains(names),
             request.error().detail.c_str());
}

void TestCurlCommand::knowsACurlCommand_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isCurl");
    QTest::newRow("curl") << QStringLiteral("curl http://h") << true;
    QTest::newRow("after blank lines") << QStringLiteral("\n  curl http://h") << true;
    QTest::newRow("a URL") << QStringLiteral("http://h/curl ") << false;
    QTest::newRow("a longer word") << QStringLiteral("curlew x") << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestCurlCommand::knowsACurlCommand()
{
    QFETCH(QString, text);
    QFETCH(bool, isCurl);
    QCOMPARE(transfer::isCurlCommand(text.toStdString()), isCurl);
}

QTEST_GUILESS_MAIN(TestCurlCommand)
#include "tst_curl_command.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/url_login.h"

#include "base/base64.h"
#include "support/raw_server.h"
#include "transfer/request_secrets.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using test::RawServer;
using test::Script;
using namespace std::chrono_literals;

namespace {

DownloadRequest requestOf(const std::vector<std::string> &places)
{
    DownloadRequest request;
    request.bytes.url = places.front();
    if (places.size() > 1) {
        request.files.emplace();
        for (const std::string &place : places)
            request.files->sources.push_back({.place = place});
    }
    return request;
}

QByteArray placesIn(const DownloadRequest &request)
{
    std::string text = request.bytes.url;
    if (request.files) {
        for (const FileSource &source : request.files->sources)
            text += ' ' + source.place;
    }
    return QByteArray::fromStdString(text);
}

QByteArray loginIn(const DownloadRequest &request)
{
    const auto field = findHeader(request.bytes.headers, "Authorization").value_or("Basic ");
    return QByteArray::fromStdString(fromBase64(field.substr(6)).value_or("?"));
}

} // namespace

/// A user name and a password in a web address go as a header field, which nothing keeps.
class TestUrlLogin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void becomesAHeader_data();
    void becomesAHeader();
    void leavesAHeaderThatIsThere();
    void isForItsOriginOnly();
    void isTypedAsPeopleKnowIt_data();
    void isTypedAsPeopleKnowIt();
    void isAskedForAgain_data();
    void isAskedForAgain();
};

void TestUrlLogin::becomesAHeader_data()
{
    using Places = std::vector<std::string>;
    QTest::addColumn<Places>("places");
    QTest::addColumn<QByteArray>("left");
    QTest::addColumn<QByteArray>("login");
    const auto row = [](const char *title, const Places &places, const char *left,
                        const char *login) {
        QTest::newRow(title) << places << QByteArray(left) << QByteArray(login);
    };
    row("none", {"https://h/a?b=c@d"}, "https://h/a?b=c@d", "");
    row("https", {"https://zoe:s3cret@h:8443/a?b=c@d#e"}, "https://h:8443/a?b=c@d#e", "zoe:s3cret");
    row("escaped", {"HTTP://z%40e:s3%3Acret@h"}, "HTTP://h", "z@e:s3:cret");
    row("a name alone", {"https://s3cret@h/"}, "https://h/", "s3cret:");
    row("a WebSocket", {"wss://zoe:s3cret@h/x"}, "wss://h/x", "zoe:s3cret");
    row("a database", {"postgresql://zoe:s3cret@h/d"}, "postgresql://zoe:s3cret@h/d", "");
    row("an SSH server", {"sftp://zoe:s3cret@h/d"}, "sftp://zoe:s3cret@h/d", "");
    row("a path", {"/data/zoe:s3cret@h"}, "/data/zoe:s3cret@h", "");
    row("files of one place", {"https://h/1", "https://zoe:s3cret@h/2", "/3"},
        "https://h/1 https://h/1 https://h/2 /3", "zoe:s3cret");
    row("files of several places", {"https://zoe:s3cret@h/1", "https://eve:other@i/2"},
        "https://h/1 https://h/1 https://i/2", "zoe:s3cret");
    row("several logins at one place", {"https://zoe:s3cret@h/1", "https://eve:other@h/2"},
        "https://zoe:s3cret@h/1 https://zoe:s3cret@h/1 https://eve:other@h/2", "");
}

void TestUrlLogin::becomesAHeader()
{
    QFETCH(std::vector<std::string>, places);
    QFETCH(QByteArray, left);
    QFETCH(QByteArray, login);
    DownloadRequest request = requestOf(places);
    liftUrlLogin(request);
    QCOMPARE(placesIn(request), left);
    QCOMPARE(loginIn(request), login);
    const std::string kept = request.toJson();
    for (const char *secret : {"s3cret", "other"})
        QVERIFY2(kept.find(secret) == std::string::npos || places.front().starts_with('/'),
                 kept.c_str());
}

void TestUrlLogin::leavesAHeaderThatIsThere()
{
    DownloadRequest request = requestOf({"https://zoe:s3cret@h/"});
    request.bytes.headers = {{"authorization", "Bearer x"}};
    liftUrlLogin(request);
    QCOMPARE(placesIn(request), QByteArray("https://h/"));
    QCOMPARE(request.bytes.headers.size(), std::size_t(1));

    DownloadRequest call = requestOf({"https://zoe:s3cret@h/"});
    call.grpc.emplace();
    liftUrlLogin(call);
    QVERIFY(call.bytes.headers.empty());
    QVERIFY(findHeader(call.grpc->metadata, "Authorization"));
}

void TestUrlLogin::isForItsOriginOnly()
{
    DownloadRequest request = requestOf({"https://zoe:s3cret@h/"});
    const auto login = takeUrlLogin(request);
    QVERIFY(login.has_value());
    QVERIFY(login->isFor("https://h:443/else"));
    for (const char *place : {"http://h/", "https://h:8443/", "https://i/", "/h", ""})
        QVERIFY2(!login->isFor(place), place);
}

void TestUrlLogin::isTypedAsPeopleKnowIt_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *title, const char *typed, const char *value) {
        QTest::newRow(title) << QByteArray(typed) << QByteArray(value);
    };
    row("a login", "zoe:s3cret", "Basic em9lOnMzY3JldA==");
    row("a password with a blank", "zoe:s3 cret", "Basic em9lOnMzIGNyZXQ=");
    row("no password", "zoe:", "Basic em9lOg==");
    row("as HTTP has it", "Basic em9lOnMzY3JldA==", "Basic em9lOnMzY3JldA==");
    row("a token", "Bearer a:b", "Bearer a:b");
    row("a token alone", "abc", "abc");
    row("nothing", "", "");
}

void TestUrlLogin::isTypedAsPeopleKnowIt()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, value);
    QCOMPARE(QByteArray::fromStdString(authorizationFor(typed.toStdString())), value);
}

void TestUrlLogin::isAskedForAgain_data()
{
    QTest::addColumn<bool>("isInUrl");
    QTest::newRow("given as a header field") << false;
    QTest::newRow("given in the whole URL") << true;
}

void TestUrlLogin::isAskedForAgain()
{
    QFETCH(bool, isInUrl);
    const RawServer server({Script().send(
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: \"1\"\r\n\r\nid\n1\n2\n3\n4\n")});
    const QTemporaryDir folder;
    auto library = store::Library::open(folder.path().toStdString());
    QVERIFY(library.has_value());
    const std::shared_ptr<store::Library> shared = *library;
    const std::string plain = server.url("/rows.csv");
    const std::string whole = "http://zoe:s3cret@" + plain.substr(7);
    DownloadRequest request = requestOf({whole});
    request.limit = RowCount(2);
    auto transfer = Transfer::start(shared, request, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(30s));
    const auto sent = [&server] {
        return QByteArray::fromStdString(server.requests().back());
    };
    QVERIFY2(sent().contains("Authorization: Basic em9lOnMzY3JldA=="), sent().constData());

    const auto record = shared->find((*transfer)->dataset()->id());
    QVERIFY(record.has_value());
    for (const std::string &text : {record->request, record->resumePoint, record->source})
        QVERIFY2(text.find("s3cret") == std::string::npos, text.c_str());
    const auto kept = DownloadRequest::fromJson(record->request);
    QVERIFY(kept.has_value());
    QCOMPARE(missingSecrets(*kept).headers, std::vector<std::string>{"Authorization"});
    transfer->reset();

    const auto without = Transfer::resume(shared, record->id, {}, {});
    QVERIFY(!without.has_value());
    QVERIFY2(without.error().detail.find("Authorization") != std::string::npos,
             without.error().detail.c_str());
    RequestSecrets secrets;
    if (isInUrl)
        secrets.url = whole;
    else
        secrets.headers = {{"Authorization", authorizationFor("zoe:s3cret")}};
    const auto resumed = Transfer::resume(shared, record->id, secrets, {});
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
    QVERIFY((*resumed)->waitFor(30s));
    QVERIFY2(sent().contains("Authorization: Basic em9lOnMzY3JldA=="), sent().constData());
    QCOMPARE((*resumed)->dataset()->snapshot().rowCount(), RowCount(4));
}

QTEST_GUILESS_MAIN(TestUrlLogin)
#include "tst_url_login.moc"

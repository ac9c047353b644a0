// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transfer/cli_command.h"
#include "transfer/request_secrets.h"
#include "transfer/transfer.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using test::RawServer;
using test::Script;
using namespace std::chrono_literals;

namespace {

constexpr char kFirstLogin[] = "Authorization: Basic em9lOmZpcnN0cHc="; // zoe:firstpw
constexpr char kOtherLogin[] = "Authorization: Basic ZXZlOnNlY29uZHB3"; // eve:secondpw

Script rows(const std::string &, std::size_t)
{
    return Script().send("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 11\r\n"
                         "ETag: \"1\"\r\n\r\nid\n1\n2\n3\n4\n");
}

std::string withLogin(const std::string &url, const std::string &login)
{
    return std::string(url).insert(7, login + '@');
}

QByteArray asked(const RawServer &server)
{
    return QByteArray::fromStdString(server.requests().back());
}

} // namespace

/// A set of files on two servers, each with a login of its own: each is told its own only, neither
/// is kept, and going on asks for both.
class TestSetLogins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areAskedForAgain();
    void standAsVariablesInACommand();
};

void TestSetLogins::areAskedForAgain()
{
    const RawServer first(rows);
    const RawServer other(rows);
    const QTemporaryDir folder;
    auto library = store::Library::open(folder.path().toStdString());
    QVERIFY(library.has_value());
    const std::shared_ptr<store::Library> shared = *library;

    DownloadRequest request;
    request.bytes.url = withLogin(first.url("/a.csv"), "zoe:firstpw");
    request.files = FileSet{.sources = {{.place = request.bytes.url},
                                        {.place = withLogin(other.url("/b.csv"), "eve:secondpw")}}};
    request.limit = RowCount(6);
    auto transfer = Transfer::start(shared, request, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(30s));
    const std::string id = (*transfer)->dataset()->id();
    QVERIFY2(asked(first).contains(kFirstLogin), asked(first).constData());
    QVERIFY2(asked(other).contains(kOtherLogin), asked(other).constData());
    QVERIFY(!asked(first).contains(kOtherLogin) && !asked(other).contains(kFirstLogin));
    transfer->reset();

    const auto record = shared->find(id);
    const auto kept = record ? DownloadRequest::fromJson(record->request) : fail(record.error());
    QVERIFY(kept.has_value());
    const std::string origin = other.url("");
    QCOMPARE(missingSecrets(*kept).logins, std::vector<std::string>{origin});
    QDirIterator written(folder.path(), QDir::Files, QDirIterator::Subdirectories);
    while (written.hasNext()) {
        QFile file(written.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const char *secret : {"firstpw", "secondpw", "em9lOmZpcnN0cHc", "ZXZlOnNlY29uZHB3"})
            QVERIFY2(!bytes.contains(secret), qPrintable(file.fileName()));
    }

    RequestSecrets secrets{.headers = {{"Authorization", authorizationFor("zoe:firstpw")}}};
    const auto without = Transfer::resume(shared, id, secrets, {});
    QVERIFY(!without.has_value());
    QCOMPARE(without.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(without.error().detail.find(origin) != std::string::npos,
             without.error().detail.c_str());
    secrets.logins = {*urlLoginFrom(withLogin(origin, "eve:secondpw"))};
    const auto resumed = Transfer::resume(shared, id, secrets, {});
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
    QVERIFY((*resumed)->waitFor(30s));
    QVERIFY2(asked(other).contains(kOtherLogin), asked(other).constData());
    QCOMPARE((*resumed)->dataset()->snapshot().rowCount(), RowCount(8));
}

void TestSetLogins::standAsVariablesInACommand()
{
    DownloadRequest request;
    request.bytes.url = "https://zoe:firstpw@h/a.csv";
    request.files = FileSet{
        .sources = {{.place = request.bytes.url}, {.place = "https://eve:secondpw@i/b.csv"}}};
    liftUrlLogin(request);
    const auto command = cliCommandFor(request);
    QVERIFY(command.has_value());
    QVERIFY2(command->find("secondpw") == std::string::npos, command->c_str());
    QVERIFY2(command->find("https://\"$URL_USER:$URL_PASSWORD\"@i/b.csv") != std::string::npos,
             command->c_str());
}

QTEST_GUILESS_MAIN(TestSetLogins)
#include "tst_set_logins.moc"

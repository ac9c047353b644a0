// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/download_request.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

class TestDownloadRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void suggestsAName_data();
    void suggestsAName();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void comesBackFromJson();
    void keepsABinaryBody();
    void leavesSecretsOutOfJson();
    void keepsHowStorageIsReached();
    void keepsAnExportJob();
    void refusesDamagedJson();
    void asksForTheFormatWanted();
};

void TestDownloadRequest::suggestsAName_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *title, const char *url, const char *name) {
        QTest::newRow(title) << QString::fromUtf8(url) << QString::fromUtf8(name);
    };
    row("last segment", "http://h/api/users", "users");
    row("generic segment passed over", "http://h/api/users/stream?rows=5", "users");
    row("suffixes taken off", "https://h/users.ndjson.gz", "users");
    row("number joined to what it counts", "https://h/v2/orders/2026", "orders-2026");
    row("date joined", "https://h/orders/2026/07/01", "orders-2026-07-01");
    row("only generic segments", "https://example.org/api/v1/data", "example.org");
    row("port and user left out", "https://me:pw@example.org:8080/", "example.org");
    row("IPv6 host", "http://[::1]:8080/", "[::1]");
    row("escaped", "http://h/caf%C3%A9s", "cafés");
    row("escaped slash", "http://h/a%2Fb", "a-b");
    row("plain path", "/home/me/rows.csv", "rows");
    row("relative path", "rows.tsv.zst", "rows");
    row("generic file", "./data.json", "data");
    row("nothing", "http://", "download");
}

void TestDownloadRequest::suggestsAName()
{
    QFETCH(QString, url);
    QFETCH(QString, name);
    DownloadRequest request;
    request.bytes.url = url.toStdString();
    QCOMPARE(QString::fromStdString(request.suggestedName()), name);
}

void TestDownloadRequest::refusesWhatCannotBe_data()
{
    QTest::addColumn<QString>("field");
    for (const auto *field : {"name", "limit", "maxBadRows", "delimiter", "pages"})
        QTest::newRow(field) << QString::fromUtf8(field);
}

void TestDownloadRequest::refusesWhatCannotBe()
{
    QFETCH(QString, field);
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/rows";
    QVERIFY(request.validate().has_value());
    if (field == u"name")
        request.name = "two\nlines";
    else if (field == u"limit")
        request.limit = RowCount(0);
    else if (field == u"maxBadRows")
        request.maxBadRows = -1;
    else if (field == u"pages")
        request.pages = PageRule{.style = PageStyle::Keyset, .positionTo = "after"};
    else
        request.decode.delimiter = '\n';
    const auto status = request.validate();
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::InvalidArgument);
    QVERIFY(status.error().detail.starts_with(field.toStdString()));
}

void TestDownloadRequest::comesBackFromJson()
{
    DownloadRequest request;
    request.bytes.url = "https://example.org/rows?page=1";
    request.bytes.method = "POST";
    request.bytes.headers = {{"X-Kind", "a"}, {"X-Kind", "b"}};
    request.bytes.body = "{\"q\":\"é\"}";
    request.bytes.acceptEncoding = "identity";
    request.bytes.version = transport::HttpVersion::Http2;
    request.bytes.caFile = "/etc/own.pem";
    request.decode.format = decode::Format::Csv;
    request.decode.rowsAt = "$.rows";
    request.decode.flatten = false;
    request.decode.delimiter = ';';
    request.decode.hasHeader = false;
    request.name = "mine";
    request.limit = RowCount(9'007'199'254'740'993);
    request.onBadRow = OnBadRow::Stop;
    request.maxBadRows = 7;
    request.pages = PageRule{.style = PageStyle::Cursor,
                             .positionTo = "body:$.after",
                             .positionFrom = "$.meta.next",
                             .moreFrom = "$.more",
                             .sizeTo = "limit",
                             .size = 500,
                             .first = 3,
                             .inFlight = 2};
    const std::string json = request.toJson();
    const auto read = DownloadRequest::fromJson(json);
    QVERIFY(read.has_value());
    QCOMPARE(read->toJson(), json);
    QCOMPARE(read->bytes.url, request.bytes.url);
    QCOMPARE(read->bytes.headers.size(), 2u);
    QCOMPARE(read->bytes.body, request.bytes.body);
    QVERIFY(read->bytes.version == transport::HttpVersion::Http2);
    QVERIFY(read->decode.format == decode::Format::Csv);
    QCOMPARE(read->decode.delimiter, ';');
    QCOMPARE(read->decode.hasHeader, std::optional(false));
    QCOMPARE(read->limit->value(), 9'007'199'254'740'993);
    QVERIFY(read->onBadRow == OnBadRow::Stop);
    QVERIFY(read->pages == request.pages);
}

void TestDownloadRequest::keepsABinaryBody()
{
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/rows";
    request.bytes.body = std::string("\xFF\x00\x80", 3);
    const auto read = DownloadRequest::fromJson(request.toJson());
    QVERIFY(read.has_value());
    QVERIFY(read->bytes.body == request.bytes.body);
}

void TestDownloadRequest::leavesSecretsOutOfJson()
{
    DownloadRequest request;
    request.bytes.url = "https://me:hunter2@example.org/rows?token=hunter3&page=1";
    request.bytes.headers = {{"Authorization", "Bearer hunter4"}, {"X-Api-Key", "hunter5"}};
    const std::string json = request.toJson();
    QVERIFY(json.find("hunter") == std::string::npos);
    QVERIFY(json.find("page=1") != std::string::npos);
    QVERIFY(json.find("Authorization") != std::string::npos);
    const auto read = DownloadRequest::fromJson(json);
    QVERIFY(read.has_value());
    QVERIFY(read->bytes.headers.empty());
}

void TestDownloadRequest::keepsHowStorageIsReached()
{
    DownloadRequest request;
    request.bytes.url = "s3://bucket/key.csv";
    request.bytes.s3 = {.endpoint = "https://storage.example",
                        .region = "eu-north-1",
                        .accessKeyId = "hunter1",
                        .secretAccessKey = "hunter2",
                        .sessionToken = "hunter3",
                        .isPathStyle = true};
    const std::string json = request.toJson();
    QVERIFY(json.find("hunter") == std::string::npos);
    const auto read = DownloadRequest::fromJson(json);
    QVERIFY(read.has_value());
    QVERIFY(read->bytes.s3 == (transport::S3Access{.endpoint = "https://storage.example",
                                                   .region = "eu-north-1",
                                                   .isPathStyle = true}));

    request.bytes.url = "sftp://zoe:hunter4@host:22/rows.csv";
    request.bytes.ssh = {.password = "hunter5",
                         .privateKeyFile = "/home/zoe/.ssh/id_ed25519",
                         .passphrase = "hunter6",
                         .hasAgent = true,
                         .knownHostsFile = "/home/zoe/.ssh/known_hosts"};
    const std::string ofSsh = request.toJson();
    QVERIFY(ofSsh.find("hunter") == std::string::npos);
    const auto again = DownloadRequest::fromJson(ofSsh);
    QVERIFY(again.has_value());
    QVERIFY(again->bytes.ssh ==
            (transport::SshAccess{.user = "zoe",
                                  .privateKeyFile = "/home/zoe/.ssh/id_ed25519",
                                  .hasAgent = true,
                                  .knownHostsFile = "/home/zoe/.ssh/known_hosts"}));
}

void TestDownloadRequest::keepsAnExportJob()
{
    DownloadRequest request;
    request.bytes.url = "https://example.org/export";
    request.bytes.method = "POST";
    request.job = ExportJobRule{.resultsFrom = "$.files[].url", .connections = 2};
    const auto read = DownloadRequest::fromJson(request.toJson());
    QVERIFY(read.has_value());
    QVERIFY(read->job == request.job);
    request.pages = PageRule();
    QVERIFY(!request.validate());
}

void TestDownloadRequest::refusesDamagedJson()
{
    for (const auto *text : {"", "[]", "{\"url\":"}) {
        const auto read = DownloadRequest::fromJson(text);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::LibraryDamaged);
    }
}

void TestDownloadRequest::asksForTheFormatWanted()
{
    QVERIFY(acceptFor(decode::Format::Auto).starts_with("application/x-ndjson"));
    QVERIFY(acceptFor(decode::Format::Json).starts_with("application/json"));
    QVERIFY(acceptFor(decode::Format::Ndjson).starts_with("application/x-ndjson"));
    QVERIFY(acceptFor(decode::Format::Csv).starts_with("text/csv"));
    QVERIFY(acceptFor(decode::Format::Tsv).starts_with("text/tab-separated-values"));
}

QTEST_APPLESS_MAIN(TestDownloadRequest)
#include "tst_download_request.moc"

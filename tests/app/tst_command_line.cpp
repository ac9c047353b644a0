// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/get_options.h"
#include "transfer/cli_command.h"
#include "transfer/recipe.h"
#include "transfer/shell_words.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace freshet;
using namespace freshet::cli;
using transfer::DownloadRequest;

namespace {

/// What `freshet-cli get` makes of a command line, the program's name and the command in front.
Result<DownloadRequest> requestOf(const std::string &command)
{
    const auto words = transfer::shellWords(command);
    if (!words)
        return fail(words.error());
    std::vector<std::string_view> views(words->begin() + 2, words->end());
    const auto arguments = Arguments::parse(getOptions(), views);
    if (!arguments)
        return fail(arguments.error());
    return requestFrom(*arguments);
}

struct Case
{
    const char *name;
    std::function<void(DownloadRequest &)> change;
};

/// One for each thing that a request can say.
const std::vector<Case> &cases()
{
    using transfer::PageStyle;
    static const std::vector<Case> list = {
        {"nothing but a URL",
         [](auto &) {
         }},
        {"file",
         [](auto &r) {
             r.bytes.url = "/data/my rows.csv";
         }},
        {"files",
         [](auto &r) {
             r.bytes.url = "/data/a b.csv";
             r.files = transfer::FileSet{
                 .sources = {{.place = "/data/a b.csv"}, {.place = "https://h/*.parquet"}},
                 .fileColumn = "file"};
         }},
        {"files by another column",
         [](auto &r) {
             r.bytes.url = "/data";
             r.files = transfer::FileSet{.sources = {{.place = "/data"}}, .fileColumn = "source"};
         }},
        {"files without a column",
         [](auto &r) {
             r.bytes.url = "/data";
             r.files = transfer::FileSet{.sources = {{.place = "/data"}}};
         }},
        {"name",
         [](auto &r) {
             r.name = "Orders of today";
         }},
        {"format",
         [](auto &r) {
             r.decode.format = decode::Format::Cbor;
         }},
        {"rows at",
         [](auto &r) {
             r.decode.rowsAt = "$.hits.hits[*]._source";
         }},
        {"method",
         [](auto &r) {
             r.bytes.method = "QUERY";
         }},
        {"headers",
         [](auto &r) {
             r.bytes.headers = {{"Accept", "text/csv"}, {"X-Note", "a 'b' \"c\" $d"}};
         }},
        {"secret header",
         [](auto &r) {
             r.bytes.headers = {{"Authorization", "Bearer x"}};
         }},
        {"secret parameter",
         [](auto &r) {
             r.bytes.url += "?token=x&a=%20";
         }},
        {"missing secret",
         [](auto &r) {
             r.missingSecrets = {"X-Api-Key"};
         }},
        {"body",
         [](auto &r) {
             r.bytes.method = "POST";
             r.bytes.body = "{\"from\": \"it's\\n\"}";
             r.bytes.headers = {{"Content-Type", "application/json"}};
         }},
        {"body without a type",
         [](auto &r) {
             r.bytes.method = "POST";
             r.bytes.body = "a=1";
         }},
        {"body like a file's name",
         [](auto &r) {
             r.bytes.method = "PUT";
             r.bytes.body = "@a";
         }},
        {"codings",
         [](auto &r) {
             r.bytes.acceptEncoding = "identity";
         }},
        {"HTTP/1.1",
         [](auto &r) {
             r.bytes.version = transport::HttpVersion::Http1;
         }},
        {"HTTP/2",
         [](auto &r) {
             r.bytes.version = transport::HttpVersion::Http2;
         }},
        {"certificates",
         [](auto &r) {
             r.bytes.caFile = "/etc/my ca.pem";
         }},
        {"proxy",
         [](auto &r) {
             r.bytes.proxy = "http://proxy:3128";
         }},
        {"WebSocket",
         [](auto &r) {
             r.bytes.url = "wss://h/feed";
             r.bytes.body = "{\"type\":\"fetch-all\"}";
             r.webSocket.resumeMessage = "{\"after\":${last.id}}";
         }},
        {"no flattening",
         [](auto &r) {
             r.decode.flatten = false;
         }},
        {"delimiter",
         [](auto &r) {
             r.decode.delimiter = '|';
         }},
        {"tab and quote",
         [](auto &r) {
             r.decode.delimiter = '\t';
             r.decode.quote = '\'';
         }},
        {"header line",
         [](auto &r) {
             r.decode.hasHeader = true;
         }},
        {"no header line",
         [](auto &r) {
             r.decode.hasHeader = false;
         }},
        {"event types",
         [](auto &r) {
             r.decode.eventTypes = {"row", "my event"};
         }},
        {"gRPC",
         [](auto &r) {
             r.bytes.url = "grpc://h:50051";
             r.grpc = transfer::GrpcCall{.method = "users.UserService/ListUsers",
                                         .requestJson = "{\"batch_size\": 100}",
                                         .metadata = {{"x-team", "blue"}, {"authorization", "x"}},
                                         .deadline = std::chrono::milliseconds(1500),
                                         .flavour = transfer::GrpcFlavour::Native,
                                         .rowsField = "users"};
         }},
        {"gRPC-web in text with files",
         [](auto &r) {
             r.grpc = transfer::GrpcCall{
                 .schema = {.protoFiles = {"a b.proto", "c.proto"}, .importFolders = {"/p", "/q"}},
                 .method = "a.B/C",
                 .flavour = transfer::GrpcFlavour::WebText};
         }},
        {"gRPC-web",
         [](auto &r) {
             r.grpc = transfer::GrpcCall{.schema = {.protoFiles = {"a.proto"}}, .method = "a.B/C"};
         }},
        {"Connect with descriptors",
         [](auto &r) {
             r.grpc = transfer::GrpcCall{.schema = {.descriptorSetFile = "x.pb"},
                                         .method = "a.B/C",
                                         .flavour = transfer::GrpcFlavour::Connect};
         }},
        {"Connect in JSON",
         [](auto &r) {
             r.grpc = transfer::GrpcCall{.schema = {.descriptorSetFile = "x.pb"},
                                         .method = "a.B/C",
                                         .requestJson = "{\"a\":1}",
                                         .flavour = transfer::GrpcFlavour::ConnectJson};
         }},
        {"pages found by themselves",
         [](auto &r) {
             r.pages = transfer::PageRule();
         }},
        {"pages in full",
         [](auto &r) {
             r.pages = transfer::PageRule{.style = PageStyle::Offset,
                                          .positionTo = "body:$.from",
                                          .positionFrom = "$.meta.next",
                                          .moreFrom = "header:X-More",
                                          .sizeTo = "limit",
                                          .size = 500,
                                          .first = 0,
                                          .inFlight = 2};
         }},
        {"export job",
         [](auto &r) {
             r.job = transfer::ExportJobRule{.statusUrlFrom = "/jobs/{$.id}",
                                             .stateFrom = "$.status",
                                             .doneStates = "ready, made",
                                             .failedStates = "broken",
                                             .progressFrom = "$.percent",
                                             .resultsFrom = "$.results[].url",
                                             .rowsFrom = "$.rows",
                                             .patience = std::chrono::seconds(90),
                                             .connections = 2};
         }},
        {"since",
         [](auto &r) {
             r.since =
                 *transfer::SinceRule::parse("param=since,from=updated_at,inclusive,overlap=10m,"
                                             "initial=0,key=id+a%2Cb,mode=upsert");
         }},
        {"limit and ring",
         [](auto &r) {
             r.limit = RowCount(100);
             r.ring = RowCount(5000);
         }},
        {"bad rows",
         [](auto &r) {
             r.onBadRow = transfer::OnBadRow::Stop;
             r.maxBadRows = 7;
         }},
        {"retries",
         [](auto &r) {
             r.retry.maxRetries = 0;
             r.retry.isSafe = true;
         }},
    };
    return list;
}

/// What is filled up from this machine's set-up when it is read, so that it cannot be compared.
const std::vector<Case> &casesOfThisMachine()
{
    static const std::vector<Case> list = {
        {"PostgreSQL",
         [](auto &r) {
             r.bytes.url = "postgresql://h/shop";
             r.bytes.body = "select 1";
             r.bytes.postgres.range.columns = {"id"};
             r.bytes.postgres.via = transport::PostgresVia::Cursor;
             r.bytes.postgres.statementTimeout = std::chrono::seconds(30);
             r.bytes.postgres.batchRows = 100;
         }},
        {"S3",
         [](auto &r) {
             r.bytes.url = "s3://bucket/key";
             r.bytes.s3.endpoint = "https://storage.example:9000";
             r.bytes.s3.region = "eu-north-1";
             r.bytes.s3.isPathStyle = true;
         }},
        {"SSH",
         [](auto &r) {
             r.bytes.url = "sftp://h/rows.csv";
             r.bytes.ssh.privateKeyFile = "/keys/id";
             r.bytes.ssh.knownHostsFile = "/keys/known";
         }},
    };
    return list;
}

DownloadRequest requestOf(const Case &one)
{
    DownloadRequest request;
    request.bytes.url = "https://h/rows";
    one.change(request);
    return request;
}

/// Its text without the secrets, which differ.
QByteArray textOf(const DownloadRequest &request)
{
    return QByteArray::fromStdString(request.toJson());
}

} // namespace

/// Requests as command lines and as recipes: what is printed is read back as the same.
class TestCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack_data();
    void comesBack();
    void everyOptionIsPrinted();
    void aRecipeIsTheSame_data() { comesBack_data(); }
    void aRecipeIsTheSame();
    void whatIsGivenBesideARecipeCounts_data();
    void whatIsGivenBesideARecipeCounts();
    void missingSecretsAreNamed_data();
    void missingSecretsAreNamed();
    void aRecipeMayBeNamed();
};

void TestCommandLine::comesBack_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i)
        QTest::newRow(cases()[i].name) << static_cast<int>(i);
}

void TestCommandLine::comesBack()
{
    QFETCH(int, index);
    const DownloadRequest request = requestOf(cases()[static_cast<std::size_t>(index)]);
    const auto command = transfer::cliCommandFor(request);
    QVERIFY(command.has_value());
    const auto read = requestOf(*command);
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QCOMPARE(textOf(*read), textOf(request));
}

void TestCommandLine::everyOptionIsPrinted()
{
    // What says nothing about the request, but what to do with it or its rows.
    QSet<QByteArray> unprinted{"table",       "record",   "speed",       "profile",
                               "anonymous",   "recipe",   "save-recipe", "save",
                               "no-manifest", "download", "sha256",      "json",
                               "quiet",       "library",  "help",        "header-line"};
    QByteArrayList all;
    for (const auto *list : {&cases(), &casesOfThisMachine()}) {
        for (const auto &one : *list) {
            const auto words = transfer::shellWords(*transfer::cliCommandFor(requestOf(one)));
            for (const auto &word : *words)
                all += QByteArray::fromStdString(word);
        }
    }
    for (const auto &option : getOptions()) {
        const auto name =
            QByteArray(option.name.data(), static_cast<qsizetype>(option.name.size()));
        QVERIFY2(unprinted.contains(name) || all.contains("--" + name), name.constData());
    }
    QVERIFY(all.contains("-H"));
}

void TestCommandLine::aRecipeIsTheSame()
{
    QFETCH(int, index);
    DownloadRequest request = requestOf(cases()[static_cast<std::size_t>(index)]);
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("it.recipe.json")).toStdString();
    QVERIFY((transfer::Recipe{.name = "it", .request = request}.save(file)).has_value());
    std::string secrets;
    if (const auto kept = DownloadRequest::fromJson(request.toJson())) {
        for (const auto &name : kept->missingSecrets)
            secrets += " -H '" + name + ": again'";
    }
    if (request.bytes.url.find("token=") != std::string::npos)
        secrets += " 'https://h/rows?token=again&a=%20'";
    const auto read = requestOf("freshet-cli get --recipe " + file + secrets);
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    if (request.name.empty())
        request.name = "it";
    // Secrets of metadata were given as header fields, which is the same to the server.
    if (request.grpc && !secrets.empty())
        return;
    QCOMPARE(textOf(*read), textOf(request));
}

void TestCommandLine::whatIsGivenBesideARecipeCounts_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const char *options,
                        const std::function<void(DownloadRequest &)> &change) {
        DownloadRequest request;
        request.bytes.url = "https://h/rows";
        request.bytes.headers = {{"X-Team", "blue"}};
        request.decode.rowsAt = "$.a";
        request.pages = transfer::PageRule{
            .style = transfer::PageStyle::Cursor, .positionTo = "cursor", .positionFrom = "$.next"};
        request.limit = RowCount(10);
        request.name = "it";
        if (change)
            change(request);
        QTest::newRow(name) << QByteArray(options) << textOf(request);
    };
    row("nothing", "", nullptr);
    row("another URL", "http://other/", [](auto &r) { r.bytes.url = "http://other/"; });
    row("another header", "-H 'x-team: red'", [](auto &r) {
        r.bytes.headers = {{"x-team", "red"}};
    });
    row("a further header", "-H 'A: b'", [](auto &r) { r.bytes.headers.push_back({"A", "b"}); });
    row("another limit", "--limit 5", [](auto &r) { r.limit = RowCount(5); });
    row("rows elsewhere", "--rows-at '$.b'", [](auto &r) { r.decode.rowsAt = "$.b"; });
    row("another parameter of the pages", "--page-param after",
        [](auto &r) { r.pages->positionTo = "after"; });
    row("other pages", "--page link",
        [](auto &r) { r.pages = transfer::PageRule{.style = transfer::PageStyle::Link}; });
    row("no pages", "--page none", [](auto &r) { r.pages.reset(); });
    row("another name", "--name that", [](auto &r) { r.name = "that"; });
    row("a body", "--data '{}'", [](auto &r) {
        r.bytes.body = "{}";
        r.bytes.method = "POST";
        r.bytes.headers.push_back({"Content-Type", "application/json"});
    });
}

void TestCommandLine::whatIsGivenBesideARecipeCounts()
{
    QFETCH(QByteArray, options);
    QFETCH(QByteArray, json);
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("it.recipe.json")).toStdString();
    DownloadRequest request;
    request.bytes.url = "https://h/rows";
    request.bytes.headers = {{"X-Team", "blue"}};
    request.decode.rowsAt = "$.a";
    request.pages = transfer::PageRule{
        .style = transfer::PageStyle::Cursor, .positionTo = "cursor", .positionFrom = "$.next"};
    request.limit = RowCount(10);
    QVERIFY((transfer::Recipe{.name = "it", .request = request}.save(file)).has_value());
    const auto read = requestOf("freshet-cli get --recipe " + file + ' ' + options.toStdString());
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QCOMPARE(textOf(*read), json);
}

void TestCommandLine::missingSecretsAreNamed_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<QByteArrayList>("named");
    QTest::newRow("none given") << QByteArray()
                                << QByteArrayList{"-H 'Authorization: …'", "X-Api-Key",
                                                  "whole URL with token"};
    QTest::newRow("one header given")
        << QByteArray("-H 'authorization: x'") << QByteArrayList{"X-Api-Key", "token"};
    QTest::newRow("headers given")
        << QByteArray("-H 'authorization: x' -H 'x-api-key: y'") << QByteArrayList{"token"};
    QTest::newRow("all given")
        << QByteArray("-H 'authorization: x' -H 'x-api-key: y' 'https://h/?token=z'")
        << QByteArrayList{};
}

void TestCommandLine::missingSecretsAreNamed()
{
    QFETCH(QByteArray, options);
    QFETCH(QByteArrayList, named);
    const QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("it.recipe.json")).toStdString();
    DownloadRequest request;
    request.bytes.url = "https://h/?token=s3cret";
    request.bytes.headers = {{"Authorization", "s3cret"}, {"X-Api-Key", "s3cret"}};
    QVERIFY((transfer::Recipe{.name = "it", .request = request}.save(file)).has_value());
    const auto read = requestOf("freshet-cli get --recipe " + file + ' ' + options.toStdString());
    QCOMPARE(read.has_value(), named.isEmpty());
    if (read)
        return;
    QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
    const auto words = QByteArray::fromStdString(read.error().detail);
    for (const auto &word : named)
        QVERIFY2(words.contains(word), words.constData());
    QCOMPARE(words.contains("Authorization"), options.isEmpty());
}

void TestCommandLine::aRecipeMayBeNamed()
{
    const QTemporaryDir folder;
    const auto recipes = transfer::recipeFolder(folder.path().toStdString());
    std::filesystem::create_directories(recipes);
    DownloadRequest request;
    request.bytes.url = "https://h/rows";
    const auto file = transfer::recipeFile(recipes, "Orders of today");
    QVERIFY(
        (transfer::Recipe{.name = "Orders of today", .request = request}.save(file)).has_value());
    const std::string library = " --library " + folder.path().toStdString();
    const auto read = requestOf("freshet-cli get --recipe 'Orders of today'" + library);
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QCOMPARE(read->bytes.url, request.bytes.url);
    QCOMPARE(read->name, std::string("Orders of today"));
    const auto none = requestOf("freshet-cli get --recipe nothing" + library);
    QVERIFY(!none.has_value());
    QCOMPARE(none.error().code, ErrorCode::FileNotFound);
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"
#include "support/child_process.h"
#include "transfer/transfer.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;
constexpr int kRows = 1500;

QString scripts()
{
    return qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
}

using Table = std::map<std::string, std::vector<std::string>>;

Table tableOf(const store::Dataset &dataset)
{
    Table table;
    const auto reader = dataset.snapshot().scan();
    for (auto batch = reader->next(); batch && *batch; batch = reader->next()) {
        for (std::size_t i = 0; i < (*batch)->columns.size(); ++i) {
            auto &cells = table[(*batch)->schema->fields[i].name];
            for (std::int64_t row = 0; row < (*batch)->rowCount; ++row)
                columnar::appendJson(cells.emplace_back(), (*batch)->columns[i], row);
        }
    }
    return table;
}

} // namespace

/// Streams that Express, @msgpack/msgpack and cborg make.
class TestStreamsNode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void giveTheTableOfNdjson_data();
    void giveTheTableOfNdjson();
    void refusesALoginPage();

private:
    [[nodiscard]] std::unique_ptr<Transfer> run(const QString &target, decode::Format format,
                                                const std::string &codings);

    test::ChildProcess m_server;
    std::string m_origin;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestStreamsNode::initTestCase()
{
    const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
    if (node.isEmpty())
        QSKIP("node is not installed");
    if (!QFile::exists(scripts() + QStringLiteral("node_modules/express")))
        QSKIP("the packages in tests/interop/node are not installed (npm ci)");
    QVERIFY(m_server.start(node, {scripts() + QStringLiteral("serve_streams.mjs")}));
    QByteArray printed;
    QTRY_VERIFY_WITH_TIMEOUT((printed += m_server.output()).contains('\n'), 30'000);
    m_origin = "http://127.0.0.1:" + printed.trimmed().toStdString();
}

void TestStreamsNode::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library);
    m_library = *library;
}

std::unique_ptr<Transfer> TestStreamsNode::run(const QString &target, decode::Format format,
                                               const std::string &codings)
{
    DownloadRequest request;
    request.bytes.url = m_origin + target.toStdString();
    request.bytes.acceptEncoding = codings;
    request.decode.format = format;
    request.retry.firstDelay = 1ms;
    auto transfer = Transfer::start(m_library, std::move(request), {});
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    if (!(*transfer)->waitFor(kPatience))
        qFatal("the transfer does not end");
    return std::move(*transfer);
}

void TestStreamsNode::giveTheTableOfNdjson_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("codings");
    QTest::addColumn<bool>("isVerified");
    const QString rows = QStringLiteral("?rows=%1").arg(kRows);
    QTest::newRow("events") << QStringLiteral("/sse") + rows << QByteArray("identity") << true;
    QTest::newRow("events, gzip") << QStringLiteral("/sse") + rows << QByteArray("gzip") << true;
    QTest::newRow("events, cut again and again")
        << QStringLiteral("/sse") + rows + QStringLiteral("&cut=400") << QByteArray("identity")
        << true;
    QTest::newRow("events, cut again and again, gzip")
        << QStringLiteral("/sse") + rows + QStringLiteral("&cut=400") << QByteArray("gzip") << true;
    QTest::newRow("NDJSON, br") << QStringLiteral("/ndjson") + rows << QByteArray("br") << false;
    QTest::newRow("MessagePack") << QStringLiteral("/msgpack") + rows << QByteArray("gzip")
                                 << false;
    QTest::newRow("a MessagePack document")
        << QStringLiteral("/msgpack-array") + rows << QByteArray("identity") << true;
    QTest::newRow("a CBOR sequence")
        << QStringLiteral("/cbor") + rows << QByteArray("gzip") << false;
    QTest::newRow("a CBOR array") << QStringLiteral("/cbor-array") + rows << QByteArray("identity")
                                  << true;
}

void TestStreamsNode::giveTheTableOfNdjson()
{
    QFETCH(QString, target);
    QFETCH(QByteArray, codings);
    QFETCH(bool, isVerified);
    const auto transfer = run(target, decode::Format::Auto, codings.toStdString());
    const Progress progress = transfer->progress();
    QVERIFY2(progress.verdict->kind == (isVerified ? VerdictKind::Verified : VerdictKind::Ended),
             progress.verdict->evidence.front().c_str());
    Table table = tableOf(*transfer->dataset());
    table.erase("sse.id");
    table.erase("event");
    const auto expected =
        run(QStringLiteral("/ndjson?rows=%1").arg(kRows), decode::Format::Auto, "identity");
    QCOMPARE(expected->progress().rows.value(), kRows);
    QVERIFY(table == tableOf(*expected->dataset()));
}

void TestStreamsNode::refusesALoginPage()
{
    const auto transfer = run(QStringLiteral("/login"), decode::Format::Sse, "gzip");
    const Progress progress = transfer->progress();
    QCOMPARE(progress.rows.value(), 0);
    QCOMPARE(progress.error->code, ErrorCode::WrongContentType);
}

QTEST_GUILESS_MAIN(TestStreamsNode)
#include "tst_streams_node.moc"

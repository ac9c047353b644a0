// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "faults/fault_run.h"
#include "support/nginx_server.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kWaitMs = 60'000;

} // namespace

/// A real nginx with its own ETags and ranges that goes away in the middle of a download and comes
/// back, with the same file or another one, and one that stands before a streaming server.
class TestNginxRestarts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void goesOnByItself_data();
    void goesOnByItself();
    void seesThatTheFileChanged_data();
    void seesThatTheFileChanged();
    void streamsThroughAProxy_data();
    void streamsThroughAProxy();

private:
    void addForms() const;
    [[nodiscard]] Sample grown(Form form) const;
    [[nodiscard]] std::unique_ptr<Transfer> begin(const QString &path,
                                                  const decode::DecodeOptions &options);
    [[nodiscard]] bool store(const QString &path, const std::string &body) const;
    /// nginx is killed in the middle of what it sends.
    [[nodiscard]] bool killMidway(const Transfer &transfer, std::int64_t bodyBytes);
    [[nodiscard]] Result<TableText> tableAtOnce(const QString &path,
                                                const decode::DecodeOptions &options);

    QTemporaryDir m_folder;
    QTemporaryDir m_libraryFolder;
    std::shared_ptr<store::Library> m_library;
    std::unique_ptr<demo::DemoServer> m_demo;
    NginxServer m_nginx;
};

void TestNginxRestarts::initTestCase()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    auto demo = demo::DemoServer::start();
    QVERIFY(demo);
    m_demo = std::move(*demo);
    auto library = store::Library::open(m_libraryFolder.path().toStdString());
    QVERIFY(library);
    m_library = *library;
    const QString proxy = u"http://127.0.0.1:%1/api/;"_s.arg(m_demo->port());
    QVERIFY(m_nginx.start(
        {.folder = m_folder.path(),
         .extraServer = u"location /slow/ { alias %1/; limit_rate 300k; } "_s.arg(m_folder.path()) +
                        u"location /buffered/ { proxy_buffering on; proxy_pass "_s + proxy +
                        u" } location /direct/ { proxy_buffering off; proxy_pass "_s + proxy +
                        u" } "_s}));
}

bool TestNginxRestarts::store(const QString &path, const std::string &body) const
{
    QFile file(m_folder.filePath(path));
    const auto size = static_cast<qint64>(body.size());
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.write(body.data(), size) == size && file.flush();
}

/// The sample with so many rows that nginx needs a while to send it.
Sample TestNginxRestarts::grown(Form form) const
{
    Sample sample = Sample::make(form);
    const std::size_t first = sample.rowEnds.front();
    const std::string rows = sample.body.substr(first, sample.rowEnds[50] - first);
    constexpr std::size_t kBytes = 500'000;
    std::string more;
    while (more.size() < kBytes)
        more += rows;
    sample.body.insert(first, more);
    return sample;
}

std::unique_ptr<Transfer> TestNginxRestarts::begin(const QString &path,
                                                   const decode::DecodeOptions &options)
{
    DownloadRequest request;
    request.bytes.url = m_nginx.url(NginxServer::Scheme::Plain, path).toStdString();
    request.decode = options;
    request.retry = {.maxRetries = 1000, .firstDelay = 20ms, .maxDelay = 20ms};
    auto transfer = Transfer::start(m_library, std::move(request), {});
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    return std::move(*transfer);
}

bool TestNginxRestarts::killMidway(const Transfer &transfer, std::int64_t bodyBytes)
{
    const bool isMidway = QTest::qWaitFor(
        [&] { return transfer.progress().decodedBytes.value() > bodyBytes / 4; }, kWaitMs);
    m_nginx.process().kill();
    return isMidway && QTest::qWaitFor([&] { return transfer.progress().retries > 0; }, kWaitMs);
}

Result<TableText> TestNginxRestarts::tableAtOnce(const QString &path,
                                                 const decode::DecodeOptions &options)
{
    const auto transfer = begin(path, options);
    if (const Progress progress = finished(*transfer); progress.error)
        return fail(*progress.error);
    return tableText(transfer->dataset()->snapshot());
}

void TestNginxRestarts::addForms() const
{
    QTest::addColumn<int>("form");
    for (const Form form : {Form::Ndjson, Form::Json, Form::Csv, Form::SniffedCsv})
        QTest::newRow(Sample::make(form).name.c_str()) << static_cast<int>(form);
}

void TestNginxRestarts::goesOnByItself_data()
{
    addForms();
}

void TestNginxRestarts::goesOnByItself()
{
    QFETCH(const int, form);
    const Sample sample = grown(static_cast<Form>(form));
    QVERIFY(store(u"rows"_s, sample.body));
    const auto expected = tableAtOnce(u"rows"_s, sample.decodeOptions());
    QVERIFY(expected);
    const auto transfer = begin(u"slow/rows"_s, sample.decodeOptions());
    QVERIFY(killMidway(*transfer, static_cast<std::int64_t>(sample.body.size())));
    QVERIFY(m_nginx.restart());
    const Progress progress = finished(*transfer);
    QVERIFY2(!progress.error, progress.error ? progress.error->toString().c_str() : "");
    QCOMPARE(progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(progress.bytesReadAgain.value(), 0); // nginx gives ranges
    const auto table = tableText(transfer->dataset()->snapshot());
    QVERIFY(table);
    QVERIFY(*table == *expected);
}

void TestNginxRestarts::seesThatTheFileChanged_data()
{
    addForms();
}

void TestNginxRestarts::seesThatTheFileChanged()
{
    QFETCH(const int, form);
    const Sample sample = grown(static_cast<Form>(form));
    QVERIFY(store(u"changed"_s, sample.body));
    const auto expected = tableAtOnce(u"changed"_s, sample.decodeOptions());
    QVERIFY(expected);
    const auto transfer = begin(u"slow/changed"_s, sample.decodeOptions());
    QVERIFY(killMidway(*transfer, static_cast<std::int64_t>(sample.body.size())));
    // Longer, so that the ETag differs whatever the clock says.
    std::string other = sample.body;
    other.insert(other.find("Zoë"), "not ");
    QVERIFY(store(u"changed"_s, other));
    QVERIFY(m_nginx.restart());
    const Progress progress = finished(*transfer);
    QVERIFY(progress.error);
    QCOMPARE(progress.error->code, ErrorCode::SourceChanged);
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    const auto table = tableText(transfer->dataset()->snapshot());
    QVERIFY(table);
    QVERIFY(!table->rows.empty());
    QVERIFY(table->isStartOf(*expected));
}

void TestNginxRestarts::streamsThroughAProxy_data()
{
    QTest::addColumn<QString>("way");
    QTest::addColumn<QString>("fault");
    for (const char *way : {"direct", "buffered"}) {
        QTest::addRow("%s, whole", way) << QString::fromLatin1(way) << QString();
        QTest::addRow("%s, cut", way) << QString::fromLatin1(way) << u"&fault=cut:900"_s;
        QTest::addRow("%s, cut in a row", way)
            << QString::fromLatin1(way) << u"&fault=cut-row:900"_s;
    }
}

void TestNginxRestarts::streamsThroughAProxy()
{
    QFETCH(const QString, way);
    QFETCH(const QString, fault);
    const QString path = way + u"/users/stream?rows=2000"_s;
    DownloadRequest request;
    request.bytes.url = m_nginx.url(NginxServer::Scheme::Plain, path + fault).toStdString();
    request.retry.maxRetries = 0;
    const auto transfer = Transfer::start(m_library, std::move(request), {});
    QVERIFY(transfer);
    const Progress progress = finished(**transfer);
    if (fault.isEmpty()) {
        QCOMPARE(progress.verdict->kind, VerdictKind::Verified); // X-Total-Count
        QCOMPARE(progress.rows.value(), 2000);
        return;
    }
    // However the proxy passes it on: what is missing is missed.
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QVERIFY(progress.rows.value() <= 900);
    const auto expected = tableAtOnce(path, {});
    const auto table = tableText((*transfer)->dataset()->snapshot());
    QVERIFY(expected && table);
    QVERIFY(table->isStartOf(*expected));
}

QTEST_GUILESS_MAIN(TestNginxRestarts)
#include "tst_nginx_restarts.moc"

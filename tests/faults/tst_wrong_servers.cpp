// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/wrong_servers.h"
#include "support/proto_source.h"
#include "support/temporary_place.h"
#include "transfer/transfer.h"

#include <QFile>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

// Sanitizers keep books of all memory, in memory.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kHasShadowMemory = true;
#else
constexpr bool kHasShadowMemory = false;
#endif

enum class Wrong {
    Page,        ///< a login page in place of the answer
    Type,        ///< the answer calls itself a picture
    Schema,      ///< the rows are no such rows
    Huge,        ///< a length beyond any limit
    EndlessHead, ///< header fields for ever
    EndlessRow,
    HalfRow,
};

struct Case
{
    WrongServer server;
    Wrong wrong = Wrong::Page;
};

constexpr std::string_view kPage = "<!DOCTYPE html><html><head><title>Log in</title></head>"
                                   "<body>Who are you?</body></html>";

std::string page()
{
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
           std::to_string(kPage.size()) + "\r\n\r\n" + std::string(kPage);
}

/// The most memory that this process has had so far, in kB.
qint64 peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').front().toLongLong();
    }
    return 0;
}

Script answerOf(const Case &wrong)
{
    const WrongServer &server = wrong.server;
    // Of pages, the rows were on the page before.
    const std::string before = server.request.pages ? std::string() : server.rows;
    switch (wrong.wrong) {
    case Wrong::Page:
        return Script().send(page());
    case Wrong::Type:
        return Script().send("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n"
                             "\r\n\x89PNG\r\n\x1a\n and so on");
    case Wrong::Schema:
        return server.opening().send(server.otherSchema);
    case Wrong::Huge:
        return server.opening().send(before + server.huge);
    case Wrong::EndlessHead:
        return Script()
            .send("HTTP/1.1 200 OK\r\n")
            .flood("X-More: " + std::string(1000, 'x') + "\r\n");
    case Wrong::EndlessRow:
        return server.opening().send(before + server.endless).flood(server.flood);
    case Wrong::HalfRow:
        return server.opening().send(before + server.half);
    }
    return {};
}

} // namespace

Q_DECLARE_METATYPE(Case)

/// Each protocol against servers that do not keep to it: the error is clear and names its place,
/// memory stays bounded, the rows before it are kept.
class TestWrongServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();

private:
    std::string m_descriptorSet;
};

void TestWrongServers::initTestCase()
{
    ProtoSource source;
    source.add(QStringLiteral("row.proto"),
               "syntax = \"proto3\"; package test; message Row { int64 id = 1; }");
    const auto schema = source.load(QStringLiteral("row.proto"));
    QVERIFY2(schema, schema ? "" : schema.error().detail.c_str());
    m_descriptorSet = schema->descriptorSet();
}

void TestWrongServers::tellsWhatIsWrong_data()
{
    QTest::addColumn<Case>("wrong");
    QTest::addColumn<QList<int>>("codes");
    QTest::addColumn<bool>("hasRows"); // those before the place
    const auto list = [](std::initializer_list<ErrorCode> codes) {
        QList<int> numbers;
        for (const ErrorCode code : codes)
            numbers << static_cast<int>(code);
        return numbers;
    };
    using enum ErrorCode;
    for (const WrongServer &server : wrongServers(m_descriptorSet)) {
        const auto add = [&](const char *words, Wrong wrong, const QList<int> &codes,
                             bool hasRows) {
            QTest::addRow("%s: %s", server.name.c_str(), words)
                << Case{server, wrong} << codes << hasRows;
        };
        const bool isSocket = server.contentType.empty();
        const bool isPaged = server.request.pages.has_value();
        add("a login page", Wrong::Page,
            isSocket ? list({ProtocolViolation, HttpStatus, WrongContentType})
                     : list({WrongContentType}),
            isPaged);
        if (!isSocket)
            add("another content type", Wrong::Type, list({WrongContentType}), isPaged);
        if (!server.otherSchema.empty())
            add("another schema", Wrong::Schema,
                list({InBandError, SyntaxError, Truncated, GrpcStatus, RowsNotFound,
                      WrongContentType, ConnectionLost}),
                isPaged);
        if (!server.huge.empty())
            add("a length beyond the limit", Wrong::Huge, list({RowTooLarge, SizeLimitExceeded}),
                true);
        add("endless header fields", Wrong::EndlessHead,
            list({SizeLimitExceeded, ProtocolViolation}), isPaged);
        if (!server.endless.empty())
            add("a row without an end", Wrong::EndlessRow, list({RowTooLarge, SizeLimitExceeded}),
                true);
        add("half a row at the end", Wrong::HalfRow, list({Truncated, ConnectionLost}), true);
    }
}

void TestWrongServers::tellsWhatIsWrong()
{
    QFETCH(const Case, wrong);
    QFETCH(const QList<int>, codes);
    QFETCH(const bool, hasRows);
    std::vector<Script> scripts;
    if (wrong.server.request.pages)
        scripts.push_back(wrong.server.opening().send(wrong.server.rows));
    scripts.push_back(answerOf(wrong));
    const RawServer raw(std::move(scripts));

    const QTemporaryDir folder(temporaryPlace());
    auto library = store::Library::open(folder.path().toStdString());
    QVERIFY(library);
    DownloadRequest request = wrong.server.request;
    request.bytes.url = wrong.server.scheme + raw.url("/1").substr(4);
    const qint64 before = peakMemory();
    auto started = Transfer::start(*library, std::move(request), {});
    QVERIFY2(started, started ? "" : started.error().toString().c_str());
    QVERIFY((*started)->waitFor(60s));

    const Progress progress = (*started)->progress();
    QVERIFY(progress.verdict.has_value());
    QByteArray told;
    for (const std::string &sentence : progress.verdict->evidence)
        told += QByteArray::fromStdString(sentence) + "; ";
    if (progress.error)
        told += QByteArray::fromStdString(progress.error->toString());
    const std::int64_t held = (*started)->dataset()->snapshot().rowCount().value();
    QVERIFY2(progress.rows.value() == held, told.constData());
    // What came is kept: rows of defaults, said to be no such rows. More is in tst_wrong_schema.
    if (wrong.wrong == Wrong::Schema &&
        wrong.server.request.decode.format == decode::Format::GrpcWeb) {
        QVERIFY2(progress.verdict->kind == VerdictKind::Incomplete, told.constData());
        QVERIFY2(told.contains("field 1 \"id\" of test.Row in row.proto"), told.constData());
        QCOMPARE(held, 1);
        return;
    }
    QVERIFY2(progress.verdict->kind == VerdictKind::Incomplete, told.constData());
    QVERIFY2(progress.error.has_value(), told.constData());
    const Error &error = *progress.error;
    QVERIFY2(codes.contains(static_cast<int>(error.code)), told.constData());
    QVERIFY2(error.detail.size() > 10, told.constData());
    const bool hasPlace = error.byteOffset || error.row || error.line || !error.excerpt.empty() ||
                          error.detail.starts_with("page ");
    const bool isAnswerAsSuch = wrong.wrong == Wrong::EndlessHead || wrong.wrong == Wrong::Page ||
                                wrong.wrong == Wrong::Type ||
                                error.code == ErrorCode::ConnectionLost;
    QVERIFY2(hasPlace || isAnswerAsSuch, told.constData());
    QVERIFY2(held == (hasRows ? kWrongServerRows : 0), told.constData());
    // The limit of a row is 1 MiB here, queues are larger; of a page, 64 MiB.
    const qint64 most = wrong.server.request.pages ? 256 : 64;
    QVERIFY2(kHasShadowMemory || peakMemory() - before < most * 1024, told.constData());
}

QTEST_GUILESS_MAIN(TestWrongServers)
#include "tst_wrong_servers.moc"

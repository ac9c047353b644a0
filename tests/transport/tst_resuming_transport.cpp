// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/resuming_transport.h"

#include <QTest>

#include <deque>
#include <thread>

using namespace freshet;
using namespace freshet::transport;
using namespace std::chrono_literals;

namespace {

const std::string kBody = "0123456789abcdefghijklmnopqrstuvwxyz";

/// One answer of a scripted server.
struct Answer
{
    int status = 200;
    std::vector<Header> headers = {{"ETag", "\"v1\""}};
    std::string body = kBody;
    /// Fails so after the body; unset: ends well.
    std::optional<ErrorCode> failure;
    std::vector<std::string> codings;
    std::vector<Header> trailers;
};

Answer whole()
{
    return {};
}
Answer cutAfter(std::size_t bytes)
{
    return {.body = kBody.substr(0, bytes), .failure = ErrorCode::ConnectionLost};
}
Answer rest(std::size_t from, const std::string &etag = "\"v1\"")
{
    return {
        .status = 206,
        .headers = {{"ETag", etag}, {"Content-Range", "bytes " + std::to_string(from) + "-35/36"}},
        .body = kBody.substr(from)};
}
Answer refused(int status, std::vector<Header> headers = {})
{
    return {.status = status, .headers = std::move(headers), .body = {}};
}
/// A gRPC call that ends with a status behind `bytes` of the body.
Answer failedCall(std::size_t bytes, const char *status, const std::string &last = "trailers")
{
    return {.headers = {},
            .body = kBody.substr(0, bytes) + last,
            .trailers = {{"grpc-status", status}, {"grpc-message", "not%20now"}}};
}
Answer with(Answer answer, std::vector<Header> headers)
{
    answer.headers = std::move(headers);
    return answer;
}

/// Answers from a script and keeps what it was asked.
struct Server
{
    std::deque<Answer> script;
    std::vector<std::string> ranges;
    std::vector<std::string> ifRanges;

    ResumingTransport::Factory factory();
};

class ScriptedTransport final : public Transport
{
public:
    explicit ScriptedTransport(Answer answer) : m_answer(std::move(answer)) {}

    Result<TransportEnd> run(ByteSink &sink, const CancelToken &) override
    {
        ResponseHead head;
        head.status = m_answer.status;
        head.headers = m_answer.headers;
        head.contentCodings = m_answer.codings;
        if (m_answer.status >= 300) {
            m_refusal = head;
            return fail(Error{.code = ErrorCode::HttpStatus, .nativeCode = m_answer.status});
        }
        FRESHET_TRY(sink.onHead(head));
        // In small pieces, so that borders fall everywhere.
        for (std::size_t at = 0; at < m_answer.body.size(); at += 5) {
            const std::string_view piece = std::string_view(m_answer.body).substr(at, 5);
            m_progress.wireBytes += ByteCount(static_cast<std::int64_t>(piece.size()));
            m_progress.decodedBytes = m_progress.wireBytes;
            FRESHET_TRY(sink.onBytes(piece));
        }
        if (m_answer.failure)
            return fail(*m_answer.failure, "scripted");
        return TransportEnd{.end = BodyEnd::LengthReached};
    }
    TransportProgress progress() const override { return m_progress; }
    std::optional<ResponseHead> refusal() const override { return m_refusal; }
    std::vector<Header> trailers() const override { return m_answer.trailers; }

private:
    Answer m_answer;
    TransportProgress m_progress;
    std::optional<ResponseHead> m_refusal;
};

ResumingTransport::Factory Server::factory()
{
    return [this](const ByteRequest &request) -> Result<std::unique_ptr<Transport>> {
        ranges.emplace_back(findHeader(request.headers, "Range").value_or(""));
        ifRanges.emplace_back(findHeader(request.headers, "If-Range").value_or(""));
        if (script.empty())
            return fail(ErrorCode::Internal, "the script is at its end");
        Answer answer = std::move(script.front());
        script.pop_front();
        return std::make_unique<ScriptedTransport>(std::move(answer));
    };
}

class Collector final : public ByteSink
{
public:
    Status onHead(const ResponseHead &) override
    {
        ++heads;
        return {};
    }
    Status onBytes(std::string_view bytes) override
    {
        text.append(bytes);
        return {};
    }
    int heads = 0;
    std::string text;
};

struct Log final : RetryListener
{
    void onRetryPlanned(const RetryNotice &notice) override { delays.push_back(notice.delay); }
    void onRetryBegan() override { ++begun; }
    void onContinued(const std::string &text) override { how.push_back(text); }
    std::vector<std::chrono::milliseconds> delays;
    std::vector<std::string> how;
    int begun = 0;
};

constexpr RetryPolicy kQuick{.maxRetries = 4, .firstDelay = 1ms, .maxDelay = 2ms};

} // namespace

Q_DECLARE_METATYPE(Answer)

class TestResumingTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesOneBodyOfManyAnswers_data();
    void makesOneBodyOfManyAnswers();
    void stopsWhenTheSourceChanged_data();
    void stopsWhenTheSourceChanged();
    void tellsTheStatusOfARepeatedCall();
    void givesUpAsThePolicySays_data();
    void givesUpAsThePolicySays();
    void goesOnWithAnEarlierDownload_data();
    void goesOnWithAnEarlierDownload();
    void replaysWhatIsHeld_data();
    void replaysWhatIsHeld();
    void asksForTheRestWithAStrongValidator();
    void waitsAsLongAsTheServerSays();
    void endsAWaitOnDemand();
    void endsAWaitOnCancel();
    void doesNotRepeatWhatTheSinkRefused();
};

void TestResumingTransport::makesOneBodyOfManyAnswers_data()
{
    QTest::addColumn<QList<Answer>>("script");
    QTest::addColumn<qint64>("readAgain");
    QTest::newRow("at once") << QList{whole()} << qint64(0);
    QTest::newRow("refused first, then whole")
        << QList{refused(503), refused(429), whole()} << qint64(0);
    QTest::newRow("cut before the first byte") << QList{cutAfter(0), whole()} << qint64(0);
    QTest::newRow("cut, then the rest by range") << QList{cutAfter(12), rest(12)} << qint64(0);
    QTest::newRow("cut, then less than was asked for, then the rest")
        << QList{cutAfter(12),
                 with({.status = 206, .body = kBody.substr(12, 8)},
                      {{"ETag", "\"v1\""}, {"Content-Range", "bytes 12-19/36"}}),
                 rest(20)}
        << qint64(0);
    QTest::newRow("cut twice, the rest by range")
        << QList{cutAfter(7),
                 [] {
                     Answer part = rest(7);
                     part.body = part.body.substr(0, 4);
                     part.failure = ErrorCode::ConnectionLost;
                     return part;
                 }(),
                 rest(11)}
        << qint64(0);
    QTest::newRow("cut, then the whole again for a range")
        << QList{cutAfter(12), whole()} << qint64(12);
    QTest::newRow("no validator: the whole is read again")
        << QList{with(cutAfter(12), {}), with(whole(), {})} << qint64(12);
    QTest::newRow("weak validator: the whole is read again")
        << QList{with(cutAfter(12), {{"ETag", "W/\"v1\""}}), with(whole(), {{"ETag", "W/\"v1\""}})}
        << qint64(12);
    QTest::newRow("range that begins elsewhere: the whole is read again")
        << QList{cutAfter(12), rest(10), whole()} << qint64(12);
    QTest::newRow("416 at full size")
        << QList{cutAfter(36), refused(416, {{"Content-Range", "bytes */36"}})} << qint64(0);
    QTest::newRow("416 without a length: the whole is read again")
        << QList{cutAfter(36), refused(416), whole()} << qint64(36);
    QTest::newRow("416 though there is more: the whole is read again")
        << QList{cutAfter(12), refused(416, {{"Content-Range", "bytes */36"}}), whole()}
        << qint64(12);
    QTest::newRow("range that is compressed: the whole is read again")
        << QList{cutAfter(12),
                 with(rest(12), {{"ETag", "\"v1\""},
                                 {"Content-Encoding", "gzip"},
                                 {"Content-Range", "bytes 12-35/36"}}),
                 whole()}
        << qint64(12);
    QTest::newRow("range that brings nothing: the whole is read again")
        << QList{cutAfter(12),
                 [] {
                     Answer empty = rest(12);
                     empty.body.clear();
                     return empty;
                 }(),
                 whole()}
        << qint64(12);
    Answer coded = cutAfter(12);
    coded.codings = {"gzip"};
    Answer codedWhole = whole();
    codedWhole.codings = {"gzip"};
    QTest::newRow("with a content coding: the whole is read again")
        << QList{coded, codedWhole} << qint64(12);
    QTest::newRow("a call that is not available for a while")
        << QList{with(cutAfter(12), {}), failedCall(1, "14"), with(whole(), {})} << qint64(21);
    QTest::newRow("a call that says so within what is held")
        << QList{with(cutAfter(12), {}), failedCall(2, "14"), with(whole(), {})} << qint64(22);
    QTest::newRow("a call that says so in its head")
        << QList{with(cutAfter(12), {}), Answer{.headers = {{"grpc-status", "14"}}, .body = {}},
                 with(whole(), {})}
        << qint64(12);
    QTest::newRow("cut while reading again")
        << QList{with(cutAfter(12), {}), with(cutAfter(6), {}), with(whole(), {})} << qint64(18);
}

void TestResumingTransport::makesOneBodyOfManyAnswers()
{
    QFETCH(const QList<Answer>, script);
    QFETCH(const qint64, readAgain);
    Server server{.script = {script.begin(), script.end()}};
    Collector sink;
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QVERIFY2(end, end ? "" : end.error().toString().c_str());
    QCOMPARE(sink.text, kBody);
    QCOMPARE(sink.heads, 1);
    QVERIFY(server.script.empty());
    QCOMPARE(transport.bytesReadAgain().value(), readAgain);
    QCOMPARE(end->decodedBytes.value(), qint64(kBody.size()));
}

void TestResumingTransport::stopsWhenTheSourceChanged_data()
{
    QTest::addColumn<QList<Answer>>("script");
    Answer other = whole();
    other.body[3] = 'X';
    Answer shorter = whole();
    shorter.body = kBody.substr(0, 8);
    QTest::newRow("206 with another tag") << QList{cutAfter(12), rest(12, "\"v2\"")};
    QTest::newRow("200 with another tag")
        << QList{cutAfter(12), with(whole(), {{"ETag", "\"v2\""}})};
    QTest::newRow("another date and no tag") << QList{with(cutAfter(12), {{"Last-Modified", "d1"}}),
                                                      with(whole(), {{"Last-Modified", "d2"}})};
    QTest::newRow("no validator and other bytes") << QList{with(cutAfter(12), {}), with(other, {})};
    QTest::newRow("no validator and shorter") << QList{with(cutAfter(12), {}), with(shorter, {})};
    QTest::newRow("416 for a shorter one")
        << QList{cutAfter(12), refused(416, {{"Content-Range", "bytes */9"}})};
}

void TestResumingTransport::stopsWhenTheSourceChanged()
{
    QFETCH(const QList<Answer>, script);
    Server server{.script = {script.begin(), script.end()}};
    Collector sink;
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::SourceChanged);
    QCOMPARE(sink.text, kBody.substr(0, 12));
}

void TestResumingTransport::tellsTheStatusOfARepeatedCall()
{
    Server server{.script = {with(cutAfter(12), {}), failedCall(6, "7")}};
    Collector sink;
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QVERIFY(!end);
    QCOMPARE(end.error().detail, std::string("PERMISSION_DENIED: not now"));
    QCOMPARE(sink.text, kBody.substr(0, 12));
}

void TestResumingTransport::givesUpAsThePolicySays_data()
{
    QTest::addColumn<QList<Answer>>("script");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("isSafe");
    QTest::addColumn<int>("asked");
    QTest::newRow("after the last retry")
        << QList<Answer>(9, refused(503)) << QByteArray("GET") << false << 5;
    QTest::newRow("at once for a lasting refusal")
        << QList<Answer>(9, refused(404)) << QByteArray("GET") << false << 1;
    QTest::newRow("at once for 401")
        << QList<Answer>(9, refused(401)) << QByteArray("GET") << false << 1;
    QTest::newRow("at once for a method that is not idempotent")
        << QList<Answer>(9, refused(503)) << QByteArray("POST") << false << 1;
    QTest::newRow("not for one that is marked safe")
        << QList<Answer>(9, refused(503)) << QByteArray("POST") << true << 5;
    QTest::newRow("at once when the server asks for more than the budget")
        << QList<Answer>(9, refused(503, {{"Retry-After", "7200"}})) << QByteArray("GET") << false
        << 1;
}

void TestResumingTransport::givesUpAsThePolicySays()
{
    QFETCH(const QList<Answer>, script);
    QFETCH(const QByteArray, method);
    QFETCH(const bool, isSafe);
    QFETCH(const int, asked);
    Server server{.script = {script.begin(), script.end()}};
    Collector sink;
    RetryPolicy policy = kQuick;
    policy.isSafe = isSafe;
    ResumingTransport transport({.url = "http://127.0.0.1/x", .method = method.toStdString()},
                                {.retry = policy, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::HttpStatus);
    QCOMPARE(int(server.ranges.size()), asked);
}

void TestResumingTransport::goesOnWithAnEarlierDownload_data()
{
    QTest::addColumn<QList<Answer>>("script");
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<qint64>("digestLength");
    QTest::newRow("by range") << QList{rest(12)} << QByteArray("\"v1\"") << qint64(12);
    QTest::newRow("by reading again") << QList{with(whole(), {})} << QByteArray() << qint64(12);
    QTest::newRow("by reading again, digest of a shorter prefix")
        << QList{with(whole(), {})} << QByteArray() << qint64(9);
    QTest::newRow("by range after a failure")
        << QList{refused(503), rest(12)} << QByteArray("\"v1\"") << qint64(12);
}

void TestResumingTransport::goesOnWithAnEarlierDownload()
{
    QFETCH(const QList<Answer>, script);
    QFETCH(const QByteArray, etag);
    QFETCH(const qint64, digestLength);
    Server server{.script = {script.begin(), script.end()}};
    HeldPrefix held{.offset = ByteOffset(12), .validator = {.etag = etag.toStdString()}};
    held.digest.append(std::string_view(kBody).substr(0, static_cast<std::size_t>(digestLength)));
    Collector sink;
    Log log;
    ResumingTransport transport(
        {.url = "http://127.0.0.1/x"},
        {.retry = kQuick, .held = held, .listener = &log, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QVERIFY2(end, end ? "" : end.error().toString().c_str());
    QCOMPARE(sink.text, kBody.substr(12));
    QCOMPARE(sink.heads, 1);
    QCOMPARE(int(log.how.size()), 1);
}

void TestResumingTransport::replaysWhatIsHeld_data()
{
    QTest::addColumn<QList<Answer>>("script");
    QTest::addColumn<bool>("isSame");
    Answer other = with(whole(), {});
    other.body[3] = 'X';
    Answer shorter = with(whole(), {});
    shorter.body = kBody.substr(0, 8);
    Answer lateChange = with(whole(), {});
    lateChange.body[13] = 'X';
    QTest::newRow("the same") << QList{whole()} << true;
    QTest::newRow("the same, cut inside of what is held") << QList{cutAfter(7), rest(7)} << true;
    QTest::newRow("the same, cut behind it") << QList{cutAfter(20), rest(20)} << true;
    QTest::newRow("other bytes behind what is held") << QList{lateChange} << true;
    QTest::newRow("another tag") << QList{with(whole(), {{"ETag", "\"v2\""}})} << false;
    QTest::newRow("other bytes") << QList{other} << false;
    QTest::newRow("shorter") << QList{shorter} << false;
}

void TestResumingTransport::replaysWhatIsHeld()
{
    QFETCH(const QList<Answer>, script);
    QFETCH(const bool, isSame);
    Server server{.script = {script.begin(), script.end()}};
    HeldPrefix held{.validator = {.etag = "\"v1\""}, .isReplayed = true};
    held.digest.append(std::string_view(kBody).substr(0, 12));
    Collector sink;
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .held = held, .makeTransport = server.factory()});
    const auto end = transport.run(sink, CancelToken());
    QCOMPARE(end.has_value(), isSame);
    if (isSame) {
        QCOMPARE(sink.text.size(), kBody.size());
    } else {
        QCOMPARE(end.error().code, ErrorCode::SourceChanged);
        QVERIFY(sink.text.size() <= 12); // nothing new got through
    }
}

void TestResumingTransport::asksForTheRestWithAStrongValidator()
{
    Server server{.script = {cutAfter(12), rest(12)}};
    Collector sink;
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .makeTransport = server.factory()});
    QVERIFY(transport.run(sink, CancelToken()));
    QCOMPARE(server.ranges, (std::vector<std::string>{"", "bytes=12-"}));
    QCOMPARE(server.ifRanges, (std::vector<std::string>{"", "\"v1\""}));
}

void TestResumingTransport::waitsAsLongAsTheServerSays()
{
    Server server{.script = {refused(429, {{"Retry-After", "0"}}), refused(503), whole()}};
    Collector sink;
    Log log;
    ResumingTransport transport(
        {.url = "http://127.0.0.1/x"},
        {.retry = kQuick, .listener = &log, .makeTransport = server.factory()});
    QVERIFY(transport.run(sink, CancelToken()));
    QCOMPARE(int(log.delays.size()), 2);
    QCOMPARE(log.delays[0], 0ms);
    QVERIFY(log.delays[1] >= 1ms && log.delays[1] <= 2ms);
    QCOMPARE(log.begun, 2);
}

void TestResumingTransport::endsAWaitOnDemand()
{
    Server server{.script = {refused(503, {{"Retry-After", "600"}}), whole()}};
    Collector sink;
    struct Impatient final : RetryListener
    {
        void onRetryPlanned(const RetryNotice &) override
        {
            helper = std::thread([this] { transport->retryNow(); });
        }
        void onRetryBegan() override {}
        void onContinued(const std::string &) override {}
        ResumingTransport *transport = nullptr;
        std::thread helper;
    } listener;
    ResumingTransport transport(
        {.url = "http://127.0.0.1/x"},
        {.retry = kQuick, .listener = &listener, .makeTransport = server.factory()});
    listener.transport = &transport;
    const auto end = transport.run(sink, CancelToken());
    listener.helper.join();
    QVERIFY(end);
    QCOMPARE(sink.text, kBody);
}

void TestResumingTransport::endsAWaitOnCancel()
{
    Server server{.script = {refused(503, {{"Retry-After", "600"}}), whole()}};
    Collector sink;
    const CancelToken cancel;
    struct Canceller final : RetryListener
    {
        void onRetryPlanned(const RetryNotice &) override
        {
            helper = std::thread([this] { token.cancel(); });
        }
        void onRetryBegan() override { wentOn = true; }
        void onContinued(const std::string &) override {}
        CancelToken token;
        std::thread helper;
        bool wentOn = false;
    } listener;
    listener.token = cancel;
    ResumingTransport transport(
        {.url = "http://127.0.0.1/x"},
        {.retry = kQuick, .listener = &listener, .makeTransport = server.factory()});
    const auto end = transport.run(sink, cancel);
    listener.helper.join();
    QVERIFY(!end);
    QVERIFY(!listener.wentOn);
    QCOMPARE(int(server.script.size()), 1);
}

void TestResumingTransport::doesNotRepeatWhatTheSinkRefused()
{
    struct Full final : ByteSink
    {
        Status onHead(const ResponseHead &) override { return {}; }
        Status onBytes(std::string_view) override
        {
            return fail(ErrorCode::ConnectionLost, "looks transient, but it is the sink's");
        }
    } sink;
    Server server{.script = {whole(), whole()}};
    ResumingTransport transport({.url = "http://127.0.0.1/x"},
                                {.retry = kQuick, .makeTransport = server.factory()});
    QVERIFY(!transport.run(sink, CancelToken()));
    QCOMPARE(int(server.script.size()), 1);
}

QTEST_APPLESS_MAIN(TestResumingTransport)
#include "tst_resuming_transport.moc"

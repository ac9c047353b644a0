// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/file_fetch.h"
#include "support/raw_server.h"
#include "transfer/file_download.h"
#include "transfer/transfer.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::RawServer;
using freshet::test::Script;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Less than what is waited for the checksum by itself, so that only a hurry passes.
constexpr std::chrono::seconds kPatience{20};
constexpr int kWait = 30;
constexpr int kTooLong = 3600;

QByteArray rows()
{
    QByteArray text;
    for (int row = 0; row < 100; ++row)
        text += "{\"id\":" + QByteArray::number(row) + "}\n";
    return text;
}

Script answer(const QByteArray &body)
{
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                            "ETag: \"1\"\r\nConnection: close\r\nContent-Length: " +
                            QByteArray::number(body.size()) + "\r\n\r\n";
    return Script().send(QByteArray(head + body).toStdString());
}

Script busy(int seconds)
{
    return Script().send("HTTP/1.1 503 Busy\r\nConnection: close\r\nRetry-After: " +
                         std::to_string(seconds) + "\r\nContent-Length: 0\r\n\r\n");
}

/// A file, and the first answer to the question for its checksum; later ones are right.
RawServer::Responder fileWith(const Script &first)
{
    auto asked = std::make_shared<std::atomic<int>>(0);
    return [first, asked](const std::string &request, std::size_t) {
        if (request.find(".sha256 ") == std::string::npos)
            return answer(rows());
        if ((*asked)++ == 0)
            return first;
        return answer(QCryptographicHash::hash(rows(), QCryptographicHash::Sha256).toHex() + '\n');
    };
}

} // namespace

/// The question for the checksum beside a file, which stands before the file: whoever is in a hurry
/// or has had enough is heard during it, too.
class TestDigestQuestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isAskedAgainAtOnce();
    void isNotWaitedForTooLong();
    void isStoppedInSilence();
    void isAskedAgainAtOnceForAFile();

private:
    [[nodiscard]] std::unique_ptr<Transfer> begin(const RawServer &server);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestDigestQuestion::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    m_library = std::move(*library);
}

std::unique_ptr<Transfer> TestDigestQuestion::begin(const RawServer &server)
{
    DownloadRequest wanted;
    wanted.bytes.url = server.url("/rows.ndjson");
    wanted.files = FileSet{.sources = {{.place = wanted.bytes.url}}};
    auto transfer = Transfer::start(m_library, wanted, {});
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    return std::move(*transfer);
}

void TestDigestQuestion::isAskedAgainAtOnce()
{
    const RawServer server(fileWith(busy(kWait)));
    const auto transfer = begin(server);
    QTRY_COMPARE_WITH_TIMEOUT(transfer->progress().state, TransferState::WaitingToRetry, 10'000);
    transfer->retryNow();
    QVERIFY(transfer->waitFor(kPatience));
    const Progress progress = transfer->progress();
    QCOMPARE(progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(progress.rows, RowCount(100));
    QCOMPARE(server.requests().size(), std::size_t(3));
    QByteArray evidence;
    for (const auto &sentence : progress.verdict->evidence)
        evidence += QByteArray::fromStdString(sentence) + '\n';
    QVERIFY2(evidence.contains("which the .sha256 file states"), evidence.constData());
    // The file itself came at the first time of asking.
    QVERIFY2(!evidence.contains("sent again"), evidence.constData());
}

void TestDigestQuestion::isNotWaitedForTooLong()
{
    const RawServer server(fileWith(busy(kTooLong)));
    const auto transfer = begin(server);
    QVERIFY(transfer->waitFor(kPatience));
    QCOMPARE(transfer->progress().verdict->kind, VerdictKind::Verified);
    QCOMPARE(server.requests().size(), std::size_t(2));
}

void TestDigestQuestion::isStoppedInSilence()
{
    const RawServer server(fileWith(Script().stall()));
    const auto transfer = begin(server);
    QTRY_COMPARE_WITH_TIMEOUT(server.hanging(), 1, 10'000);
    transfer->cancel();
    QVERIFY(transfer->waitFor(kPatience));
    QCOMPARE(transfer->progress().state, TransferState::Cancelled);
    QCOMPARE(server.requests().size(), std::size_t(1));
}

void TestDigestQuestion::isAskedAgainAtOnceForAFile()
{
    const RawServer server(fileWith(busy(kWait)));
    FileDownloadRequest wanted;
    wanted.bytes.url = server.url("/rows.ndjson");
    wanted.file = m_folder->filePath(u"rows.ndjson"_s).toStdString();
    wanted.hasSha256Beside = true;
    auto download = FileDownload::create(wanted);
    QVERIFY2(download.has_value(), download ? "" : download.error().toString().c_str());
    FileDownloadReport report;
    std::atomic<bool> isOver = false;
    std::thread fetching([&] {
        report = (*download)->run(CancelToken());
        isOver = true;
    });
    // Once it has been refused it waits, be it a moment later.
    const bool isAsked = QTest::qWaitFor([&] { return !server.requests().empty(); }, 10'000);
    const bool ended = QTest::qWaitFor(
        [&] {
            (*download)->retryNow();
            return isOver.load();
        },
        static_cast<int>(std::chrono::milliseconds(kPatience).count()));
    fetching.join();
    QVERIFY(isAsked && ended);
    QVERIFY2(report.verdict.kind == VerdictKind::Verified, report.verdict.evidence.front().c_str());
    QCOMPARE(test::contentOf(report.file), rows());
}

QTEST_GUILESS_MAIN(TestDigestQuestion)
#include "tst_digest_question.moc"

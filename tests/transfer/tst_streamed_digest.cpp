// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transfer/transfer.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::RawServer;
using freshet::test::Script;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// Rows that stream from a server which states a digest of the body: as they were sent, or not.
class TestStreamedDigest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsTheBodyToIt_data();
    void holdsTheBodyToIt();
    void claimsNothingOfABodyInTwoPieces();
    void asksForTheWholeOfWhatWasAnother();
    void undoesWhatWasPackedForTheWay_data();
    void undoesWhatWasPackedForTheWay();

private:
    static QByteArray lines()
    {
        QByteArray text;
        for (int row = 0; row < 2000; ++row)
            text += "{\"id\":" + QByteArray::number(row) + "}\n";
        return text;
    }
    static std::string answer(const QByteArray &body, const QByteArray &headers)
    {
        return QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: "
                          "close\r\n" +
                          headers + "Content-Length: " + QByteArray::number(body.size()) +
                          "\r\n\r\n" + body)
            .toStdString();
    }
    /// Everything of `server`'s rows, with one try only.
    Progress fetch(const RawServer &server, int retries = 0) const
    {
        auto library = store::Library::open(m_folder.filePath(u"library"_s).toStdString());
        DownloadRequest wanted;
        wanted.bytes.url = server.url("/rows.ndjson");
        wanted.retry = {.maxRetries = retries, .firstDelay = 1ms, .maxDelay = 2ms};
        auto transfer = library ? Transfer::start(*library, wanted, {}) : fail(library.error());
        if (!transfer)
            return {.error = transfer.error()};
        (void)(*transfer)->waitFor(60s);
        return (*transfer)->progress();
    }
    static QByteArray evidenceOf(const Progress &progress)
    {
        QByteArray all;
        if (progress.verdict) {
            for (const auto &sentence : progress.verdict->evidence)
                all += QByteArray::fromStdString(sentence) + '\n';
        }
        return all;
    }

    QTemporaryDir m_folder;
};

void TestStreamedDigest::holdsTheBodyToIt_data()
{
    const auto hash = [](QCryptographicHash::Algorithm algorithm, const QByteArray &bytes) {
        return QCryptographicHash::hash(bytes, algorithm);
    };
    const QByteArray sha = hash(QCryptographicHash::Sha256, lines()).toBase64();
    const QByteArray md5 = hash(QCryptographicHash::Md5, lines());
    const QByteArray other = hash(QCryptographicHash::Md5, "other");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("says");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("Content-Digest") << "Content-Digest: sha-256=:" + sha + ":\r\n"
                                    << QByteArray("which Content-Digest states") << true;
    QTest::newRow("Content-MD5") << "Content-MD5: " + md5.toBase64() + "\r\n"
                                 << QByteArray("which Content-MD5 states") << true;
    QTest::newRow("an object of S3") << "x-amz-request-id: 1\r\nETag: \"" + md5.toHex() + "\"\r\n"
                                     << QByteArray("MD5 of the body = " + md5.toHex()) << true;
    QTest::newRow("Content-MD5 of another") << "Content-MD5: " + other.toBase64() + "\r\n"
                                            << "and not " + other.toHex() << false;
    QTest::newRow("another object of S3")
        << "x-amz-request-id: 1\r\nETag: \"" + other.toHex() + "\"\r\n"
        << "MD5 of the body is " + md5.toHex() << false;
}

void TestStreamedDigest::holdsTheBodyToIt()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, says);
    QFETCH(bool, isRight);
    const RawServer server([&headers](const std::string &, std::size_t) -> Script {
        return Script().send(answer(lines(), headers));
    });
    const Progress progress = fetch(server);
    QVERIFY(progress.verdict.has_value());
    QVERIFY2(evidenceOf(progress).contains(says), evidenceOf(progress).constData());
    QCOMPARE(progress.rows, RowCount(2000)); // none is lost, whatever they are worth
    QCOMPARE(int(progress.verdict->kind),
             int(isRight ? VerdictKind::Verified : VerdictKind::Incomplete));
    QCOMPARE(progress.error.has_value(), !isRight);
    if (!isRight)
        QCOMPARE(int(progress.error->code), int(ErrorCode::CodingCorrupt));
}

void TestStreamedDigest::claimsNothingOfABodyInTwoPieces()
{
    const QByteArray body = lines();
    const QByteArray digest = "Accept-Ranges: bytes\r\nETag: \"1\"\r\nContent-MD5: " +
                              QCryptographicHash::hash(body, QCryptographicHash::Md5).toBase64() +
                              "\r\n";
    const RawServer server([&](const std::string &, std::size_t number) -> Script {
        const std::string whole = answer(body, digest);
        const qsizetype cut = 9000;
        if (number == 0)
            return Script()
                .send(whole.substr(0, whole.size() - std::size_t(body.size() - cut)))
                .reset();
        return Script().send(
            QByteArray("HTTP/1.1 206 Partial\r\nConnection: close\r\nETag: \"1\"\r\n"
                       "Content-Range: bytes " +
                       QByteArray::number(cut) + '-' + QByteArray::number(body.size() - 1) + '/' +
                       QByteArray::number(body.size()) + "\r\nContent-Length: " +
                       QByteArray::number(body.size() - cut) + "\r\n\r\n" + body.mid(cut))
                .toStdString());
    });
    const Progress progress = fetch(server, 3);
    QVERIFY2(!progress.error, progress.error ? progress.error->toString().c_str() : "");
    QCOMPARE(progress.rows, RowCount(2000));
    QVERIFY2(!evidenceOf(progress).contains("MD5"), evidenceOf(progress).constData());
}

void TestStreamedDigest::asksForTheWholeOfWhatWasAnother()
{
    const QByteArray other = QCryptographicHash::hash("other", QCryptographicHash::Md5).toBase64();
    const RawServer server([&other](const std::string &asked, std::size_t) -> Script {
        if (asked.find("Range: bytes=") != std::string::npos)
            return Script().send("HTTP/1.1 416 Range Not Satisfiable\r\nConnection: close\r\n"
                                 "Content-Range: bytes */" +
                                 std::to_string(lines().size()) + "\r\nContent-Length: 0\r\n\r\n");
        return Script().send(answer(
            lines(), "Accept-Ranges: bytes\r\nETag: \"1\"\r\nContent-MD5: " + other + "\r\n"));
    });
    QVERIFY(fetch(server).error.has_value());
    auto library = store::Library::open(m_folder.filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    const auto records = (*library)->list();
    QVERIFY(records.has_value() && !records->empty());
    const auto latest = std::ranges::max_element(
        *records, {}, [](const store::DatasetRecord &record) { return record.created; });
    // Nothing is missing of it, and it is not what it has to be.
    auto again = Transfer::resume(*library, latest->id, {}, {});
    QVERIFY2(again.has_value(), again ? "" : again.error().toString().c_str());
    QVERIFY((*again)->waitFor(60s));
    const Progress progress = (*again)->progress();
    QCOMPARE(int(progress.verdict->kind), int(VerdictKind::Incomplete));
    QVERIFY(progress.error.has_value());
    QCOMPARE(int(progress.error->code), int(ErrorCode::CodingCorrupt));
    QCOMPARE(progress.rows, RowCount(2000));
}

void TestStreamedDigest::undoesWhatWasPackedForTheWay_data()
{
    const QByteArray packed = qCompress(lines()).mid(4); // behind Qt's own length
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("stated");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("the file's") << packed << lines() << true;
    QTest::newRow("that of a file that is kept packed") << packed << packed << true;
    QTest::newRow("another's") << packed << QByteArray("other") << false;
}

void TestStreamedDigest::undoesWhatWasPackedForTheWay()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, stated);
    QFETCH(bool, isRight);
    const QByteArray digest = QCryptographicHash::hash(stated, QCryptographicHash::Sha256).toHex();
    const RawServer server([&](const std::string &asked, std::size_t) -> Script {
        if (asked.find(".sha256 ") != std::string::npos)
            return Script().send(answer(digest + "  rows.ndjson\n", {}));
        return Script().send(answer(body, "Content-Encoding: deflate\r\n"));
    });
    auto library = store::Library::open(m_folder.filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes.url = server.url("/rows.ndjson");
    wanted.files = FileSet{.sources = {{.place = wanted.bytes.url}}};
    auto transfer = Transfer::start(*library, wanted, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QVERIFY((*transfer)->waitFor(60s));
    const Progress progress = (*transfer)->progress();
    QCOMPARE(int(progress.verdict->kind),
             int(isRight ? VerdictKind::Verified : VerdictKind::Incomplete));
    const QByteArray says = digest + ", which the .sha256 file states";
    const QByteArray said =
        progress.error ? QByteArray::fromStdString(progress.error->detail) : evidenceOf(progress);
    QVERIFY2(said.contains(says), said.constData());
    QCOMPARE(progress.rows, RowCount(2000));
}

QTEST_GUILESS_MAIN(TestStreamedDigest)
#include "tst_streamed_digest.moc"

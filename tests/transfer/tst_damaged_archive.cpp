// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_server.h"
#include "support/file_fetch.h"
#include "transfer/transfer.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::Asked;
using freshet::test::RawServer;
using freshet::test::Resource;
using freshet::test::Script;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kPatience = 60s;
using Damage = std::function<void(QByteArray &)>;

QByteArray csv(int first, int end)
{
    QByteArray text = "id,name\n";
    for (int i = first; i < end; ++i)
        text += QByteArray::number(i) + ",row " + QByteArray::number(i) + '\n';
    return text;
}

/// The entry of the first file in the directory at an archive's end. Source: APPNOTE.TXT 4.3.12.
qsizetype directoryIn(const QByteArray &archive)
{
    return archive.indexOf("PK\x01\x02");
}

} // namespace

/// A ZIP archive from a server that is busy, or that was fetched damaged: waits for it are seen,
/// what is kept of it does not stand in the way of the next run, and rows of it that are held are
/// held to what comes then.
class TestDamagedArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isFetchedAnew_data();
    void isFetchedAnew();
    void isWaitedForInSight();

private:
    [[nodiscard]] QByteArray makeArchive() const;

    QTemporaryDir m_folder;
};

/// Of two files, stored as they are.
QByteArray TestDamagedArchive::makeArchive() const
{
    const QString path = m_folder.filePath(u"good.zip"_s);
    if (!test::writeFile(m_folder.filePath(u"a.csv"_s), csv(0, 1000)) ||
        !test::writeFile(m_folder.filePath(u"b.csv"_s), csv(1000, 2000)))
        qFatal("no files to pack");
    QFile::remove(path);
    QProcess zip;
    zip.setWorkingDirectory(m_folder.path());
    zip.start(u"zip"_s, {u"-q"_s, u"-0"_s, path, u"a.csv"_s, u"b.csv"_s});
    if (!zip.waitForFinished() || zip.exitCode() != 0)
        qFatal("zip does not pack");
    return test::contentOf(path.toStdString());
}

void TestDamagedArchive::isFetchedAnew_data()
{
    constexpr qsizetype kCrc = 16; // in an entry of the directory
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<int>("rows"); // held of it before it is mended
    QTest::addColumn<bool>("isMended");
    QTest::newRow("its directory") << Damage([](QByteArray &bytes) {
        bytes.replace(directoryIn(bytes), 20, QByteArray(20, 'x'));
    }) << 0 << true;
    QTest::newRow("its end") << Damage([](QByteArray &bytes) { bytes.chop(10); }) << 0 << true;
    QTest::newRow("the checksum of a file")
        << Damage([](QByteArray &bytes) { bytes.data()[directoryIn(bytes) + kCrc] ^= 1; }) << 1000
        << true;
    // The rows that are held are those of the damaged one, which no other can go on behind.
    QTest::newRow("a row") << Damage([](QByteArray &bytes) {
        bytes.replace(bytes.indexOf("row 500\n"), 7, "row 5OO");
    }) << 1000 << false;
}

void TestDamagedArchive::isFetchedAnew()
{
    if (QStandardPaths::findExecutable(u"zip"_s).isEmpty())
        QSKIP("zip is not installed; packaging/setup.sh installs it");
    QFETCH(const Damage, damage);
    QFETCH(const int, rows);
    QFETCH(const bool, isMended);
    const QByteArray whole = makeArchive();
    std::mutex mutex;
    Resource resource{.body = whole.toStdString(), .contentType = "application/zip"};
    {
        QByteArray damaged = whole;
        damage(damaged);
        QVERIFY(damaged != whole);
        resource.body = damaged.toStdString();
    }
    const RawServer server([&](const std::string &request, std::size_t) -> Script {
        if (request.find(".sha256 ") != std::string::npos)
            return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        const std::lock_guard lock(mutex);
        return Script().send(resource.answerTo(Asked{request}));
    });
    auto library = store::Library::open(
        m_folder.filePath(QString::fromUtf8(QTest::currentDataTag())).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes.url = server.url("/all.zip");
    wanted.files = FileSet{.sources = {{.place = wanted.bytes.url}}};
    auto first = Transfer::start(*library, wanted, {});
    QVERIFY2(first.has_value(), first ? "" : first.error().toString().c_str());
    QVERIFY((*first)->waitFor(kPatience));
    QCOMPARE((*first)->progress().verdict->kind, VerdictKind::Incomplete);
    QCOMPARE((*first)->progress().rows, RowCount(rows));
    const std::string id = (*first)->dataset()->id();
    first->reset();

    {
        const std::lock_guard lock(mutex);
        resource.body = whole.toStdString();
        resource.etag = "\"v2\"";
    }
    auto resumed = Transfer::resume(*library, id, {}, {});
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
    QVERIFY((*resumed)->waitFor(kPatience));
    const Progress progress = (*resumed)->progress();
    const std::string says = progress.error ? progress.error->toString() : std::string();
    QVERIFY2(progress.verdict->kind == (isMended ? VerdictKind::Verified : VerdictKind::Incomplete),
             says.c_str());
    QCOMPARE(progress.rows, RowCount(isMended ? 2000 : rows));
    if (!isMended)
        QVERIFY2(progress.error && progress.error->code == ErrorCode::SourceChanged, says.c_str());
}

void TestDamagedArchive::isWaitedForInSight()
{
    if (QStandardPaths::findExecutable(u"zip"_s).isEmpty())
        QSKIP("zip is not installed; packaging/setup.sh installs it");
    const Resource resource{.body = makeArchive().toStdString(), .contentType = "application/zip"};
    std::atomic<int> asked = 0;
    const RawServer server([&](const std::string &request, std::size_t) -> Script {
        if (request.find(".sha256 ") != std::string::npos)
            return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        if (asked++ == 0)
            return Script().send("HTTP/1.1 503 Busy\r\nRetry-After: 600\r\nConnection: close\r\n"
                                 "Content-Length: 0\r\n\r\n");
        return Script().send(resource.answerTo(Asked{request}));
    });
    auto library = store::Library::open(m_folder.filePath(u"waiting"_s).toStdString());
    QVERIFY(library.has_value());
    DownloadRequest wanted;
    wanted.bytes.url = server.url("/all.zip");
    wanted.files = FileSet{.sources = {{.place = wanted.bytes.url}}};
    const auto transfer = Transfer::start(*library, wanted, {});
    QVERIFY2(transfer.has_value(), transfer ? "" : transfer.error().toString().c_str());
    QTRY_COMPARE_WITH_TIMEOUT((*transfer)->progress().state, TransferState::WaitingToRetry, 30'000);
    (*transfer)->retryNow();
    QVERIFY((*transfer)->waitFor(kPatience));
    const Progress progress = (*transfer)->progress();
    QCOMPARE(progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(progress.rows, RowCount(2000));
    QCOMPARE(progress.retries, 1);
    const auto tellsIt = [](const std::string &sentence) {
        return sentence.find("sent again") != std::string::npos;
    };
    QVERIFY(std::ranges::count_if(progress.verdict->evidence, tellsIt) <= 1);
}

QTEST_GUILESS_MAIN(TestDamagedArchive)
#include "tst_damaged_archive.moc"

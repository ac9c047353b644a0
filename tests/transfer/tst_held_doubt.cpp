// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/stated_rows.h"
#include "support/table_digest.h"
#include "transfer/resume_point.h"
#include "transfer/transfer.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

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
constexpr int kRows = 2000;
constexpr std::size_t kCut = 9000; ///< in its middle

/// What the rows come as. Rows of CSV stay in its decoder until it knows how they are written.
enum class Kind { Answer, File, CsvFile };

QByteArray rows(Kind kind)
{
    const bool isCsv = kind == Kind::CsvFile;
    QByteArray text = isCsv ? "id,name\n" : "";
    for (int row = 0; row < kRows; ++row) {
        const QByteArray id = QByteArray::number(row);
        if (isCsv)
            text += id + ",row\n";
        else
            text += "{\"id\":" + id + ",\"name\":\"row\"}\n";
    }
    return text;
}

QByteArray sha256(const QByteArray &of)
{
    return QCryptographicHash::hash(of, QCryptographicHash::Sha256);
}

/// What a server says at one time.
struct Says
{
    QByteArray body;
    QByteArray stated = {}; ///< what its SHA-256 is said to be of; empty: nothing is said
    bool isCut = false;
};

/// Serves rows with a strong tag and by ranges, and states what they are as it is told to: by a
/// header, or, of files, in `FILE.sha256`.
class Host
{
public:
    explicit Host(Kind kind)
        : m_kind(kind),
          m_server([this](const std::string &asked, std::size_t) { return answer({asked}); })
    {}

    void say(Says says)
    {
        const std::lock_guard lock(m_mutex);
        m_says = std::move(says);
    }
    [[nodiscard]] std::string url() const { return m_server.url('/' + name()); }
    [[nodiscard]] int askedForRanges() const
    {
        int count = 0;
        for (const auto &request : m_server.requests())
            count += Asked{request}.rangeStart() ? 1 : 0;
        return count;
    }

private:
    [[nodiscard]] std::string name() const
    {
        return m_kind == Kind::CsvFile ? "rows.csv" : "rows.ndjson";
    }
    Script answer(const Asked &asked)
    {
        const std::lock_guard lock(m_mutex);
        Resource resource{.body = m_says.body.toStdString(),
                          .contentType =
                              m_kind == Kind::CsvFile ? "text/csv" : "application/x-ndjson"};
        if (asked.target().ends_with(".sha256")) {
            if (m_says.stated.isEmpty())
                return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            resource.body = sha256(m_says.stated).toHex().toStdString() + "  " + name() + '\n';
            return Script().send(resource.whole());
        }
        std::string text = resource.answerTo(asked);
        if (m_kind == Kind::Answer && !m_says.stated.isEmpty())
            text = test::stating(std::move(text), m_says.stated);
        if (!m_says.isCut)
            return Script().send(std::move(text));
        return Script().send(text.substr(0, text.find("\r\n\r\n") + 4 + kCut)).reset();
    }

    const Kind m_kind;
    std::mutex m_mutex;
    Says m_says;
    RawServer m_server; ///< last: its threads use what is above
};

} // namespace

/// Rows that came with a checksum and are not what it states: whatever happens to the runs that
/// read them again, they are never called whole before they are.
class TestHeldDoubt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void comesBackByName();
    void isTakenFromTheError_data();
    void isTakenFromTheError();
    void outlastsARunThatIsCut_data();
    void outlastsARunThatIsCut();
    void endsWithAChecksumOnly_data();
    void endsWithAChecksumOnly();
    void neverJoinsTwoBodies_data();
    void neverJoinsTwoBodies();

private:
    /// A run that fails its checksum.
    void begin(const Says &says);
    /// The verdict of a run that goes on while the server says this.
    [[nodiscard]] Verdict goOn(Says says);
    [[nodiscard]] Verdict ended(Result<std::unique_ptr<Transfer>> transfer);
    [[nodiscard]] ResumePoint point() const;
    [[nodiscard]] std::string differences() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
    std::unique_ptr<Host> m_host;
    Kind m_kind = Kind::Answer;
    std::string m_id;
};

void TestHeldDoubt::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    m_library = std::move(*library);
}

void TestHeldDoubt::comesBackByName()
{
    for (const auto doubt : {HeldDoubt::None, HeldDoubt::Damaged, HeldDoubt::FailedChecksum})
        QCOMPARE(heldDoubtByName(heldDoubtName(doubt)), doubt);
    QCOMPARE(heldDoubtByName("of a newer version"), HeldDoubt::Damaged);
}

void TestHeldDoubt::isTakenFromTheError_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("isStated");
    QTest::addColumn<HeldDoubt>("doubt");
    QTest::newRow("a digest failed")
        << ErrorCode::CodingCorrupt << true << HeldDoubt::FailedChecksum;
    QTest::newRow("a coding is damaged") << ErrorCode::CodingCorrupt << false << HeldDoubt::Damaged;
    QTest::newRow("another source") << ErrorCode::SourceChanged << true << HeldDoubt::Damaged;
    QTest::newRow("cut") << ErrorCode::ConnectionLost << true << HeldDoubt::None;
    QTest::newRow("cut in its coding") << ErrorCode::CodingTruncated << true << HeldDoubt::None;
}

void TestHeldDoubt::isTakenFromTheError()
{
    QFETCH(const ErrorCode, code);
    QFETCH(const bool, isStated);
    transport::ResponseHead head{.status = 200};
    if (isStated)
        head.headers.push_back(
            {"Repr-Digest", "sha-256=:" + sha256("any").toBase64().toStdString() + ':'});
    QTEST(doubtBy({.code = code}, &head), "doubt");
}

Verdict TestHeldDoubt::ended(Result<std::unique_ptr<Transfer>> transfer)
{
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    if (!(*transfer)->waitFor(kPatience))
        qFatal("it does not end");
    m_id = (*transfer)->dataset()->id();
    return *(*transfer)->progress().verdict;
}

void TestHeldDoubt::begin(const Says &says)
{
    m_host = std::make_unique<Host>(m_kind);
    m_host->say(says);
    DownloadRequest wanted;
    wanted.bytes.url = m_host->url();
    wanted.retry = {.maxRetries = 2, .firstDelay = 1ms, .maxDelay = 2ms};
    if (m_kind != Kind::Answer)
        wanted.files = FileSet{.sources = {{.place = wanted.bytes.url}}};
    const Verdict verdict = ended(Transfer::start(m_library, wanted, {}));
    QCOMPARE(verdict.kind, VerdictKind::Incomplete);
    QCOMPARE(point().doubt, HeldDoubt::FailedChecksum);
}

Verdict TestHeldDoubt::goOn(Says says)
{
    m_host->say(std::move(says));
    return ended(Transfer::resume(m_library, m_id, {}, {}));
}

ResumePoint TestHeldDoubt::point() const
{
    const auto record = m_library->find(m_id);
    const auto point = record ? ResumePoint::fromJson(record->resumePoint) : fail(record.error());
    if (!point)
        qFatal("%s", point.error().toString().c_str());
    return *point;
}

/// Of the table from the one that a download without a fault makes.
std::string TestHeldDoubt::differences() const
{
    Host host(m_kind);
    host.say({.body = rows(m_kind)});
    DownloadRequest wanted;
    wanted.bytes.url = host.url();
    const auto faultless = Transfer::start(m_library, wanted, {});
    if (!faultless || !(*faultless)->waitFor(kPatience))
        return "no table to compare with";
    const auto dataset = m_library->dataset(m_id);
    const auto table = dataset ? test::tableDigest((*dataset)->snapshot()) : fail(dataset.error());
    const auto expected = test::tableDigest((*faultless)->dataset()->snapshot());
    return table && expected ? test::differences(*table, *expected) : "a table cannot be read";
}

void TestHeldDoubt::outlastsARunThatIsCut_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::newRow("an answer") << Kind::Answer;
    QTest::newRow("a file") << Kind::File;
    QTest::newRow("a file of CSV") << Kind::CsvFile;
}

void TestHeldDoubt::outlastsARunThatIsCut()
{
    QFETCH(const Kind, kind);
    m_kind = kind;
    const QByteArray right = rows(kind);
    begin({.body = right, .stated = "another"});
    // Each of its tries is cut in the middle; the rest is there for whoever asks for a range.
    const Verdict cut = goOn({.body = right, .stated = right, .isCut = true});
    QCOMPARE(cut.kind, VerdictKind::Incomplete);
    QCOMPARE(point().doubt, HeldDoubt::FailedChecksum);
    QVERIFY2(point().plan().find("checksum") != std::string::npos, point().plan().c_str());

    const Verdict whole = goOn({.body = right, .stated = right});
    QCOMPARE(m_host->askedForRanges(), 0);
    QVERIFY2(whole.kind == VerdictKind::Verified, whole.evidence.front().c_str());
    QCOMPARE(point().doubt, HeldDoubt::None);
    QCOMPARE(differences(), std::string());
}

void TestHeldDoubt::endsWithAChecksumOnly_data()
{
    outlastsARunThatIsCut_data();
}

void TestHeldDoubt::endsWithAChecksumOnly()
{
    QFETCH(const Kind, kind);
    m_kind = kind;
    const QByteArray right = rows(kind);
    begin({.body = right, .stated = "another"});
    // The same again, and nobody says any more what it has to be: it is as doubtful as before.
    const Verdict unstated = goOn({.body = right});
    QCOMPARE(unstated.kind, VerdictKind::Incomplete);
    QVERIFY2(unstated.evidence.front().find("nothing states one of what came now") !=
                 std::string::npos,
             unstated.evidence.front().c_str());
    QCOMPARE(differences(), std::string());
    if (kind != Kind::Answer)
        return; // it has come to the end of its files
    QCOMPARE(point().doubt, HeldDoubt::FailedChecksum);
    QCOMPARE(goOn({.body = right, .stated = right}).kind, VerdictKind::Verified);
    QCOMPARE(m_host->askedForRanges(), 0);
    QCOMPARE(differences(), std::string());
}

void TestHeldDoubt::neverJoinsTwoBodies_data()
{
    outlastsARunThatIsCut_data();
}

void TestHeldDoubt::neverJoinsTwoBodies()
{
    QFETCH(const Kind, kind);
    m_kind = kind;
    const QByteArray right = rows(kind);
    QByteArray damaged = right;
    damaged[damaged.lastIndexOf("row")] = 'R'; // in its last row, behind the cut
    begin({.body = damaged, .stated = right});
    QCOMPARE(goOn({.body = right, .stated = right, .isCut = true}).kind, VerdictKind::Incomplete);
    // What is here belongs to the other one: that is found out each time anew.
    for (int run = 0; run < 2; ++run) {
        const Verdict verdict = goOn({.body = right, .stated = right});
        QCOMPARE(verdict.kind, VerdictKind::Incomplete);
        QCOMPARE(point().doubt, HeldDoubt::FailedChecksum);
    }
    QCOMPARE(m_host->askedForRanges(), 0);
    // Nothing of either is lost or there twice.
    QCOMPARE(m_library->find(m_id)->rows, RowCount(kRows));
}

QTEST_GUILESS_MAIN(TestHeldDoubt)
#include "tst_held_doubt.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_server.h"
#include "transfer/get_anew.h"
#include "transfer/resume_point.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using test::Asked;
using test::RawServer;
using test::Resource;
using test::Script;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

std::string csv(int first, int end)
{
    std::string text = "id\n";
    for (int row = first; row < end; ++row)
        text += std::to_string(row) + '\n';
    return text;
}

std::string jsonOf(const std::string &text)
{
    return Resource{.body = text, .contentType = "application/json"}.whole();
}

} // namespace

/// A file in the middle of several that did not come whole: no later run forgets it, each names it,
/// and it is known that none can mend it.
class TestShortFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void ofASetAreNamed();
    void ofAnExportJobAreNamed();
    void doubtMayNeedANewOne();

private:
    [[nodiscard]] Verdict ended(Result<std::unique_ptr<Transfer>> transfer)
    {
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        if (!(*transfer)->waitFor(60s))
            qFatal("it does not end");
        m_id = (*transfer)->dataset()->id();
        return *(*transfer)->progress().verdict;
    }
    [[nodiscard]] store::DatasetRecord record() const { return *m_library->find(m_id); }
    void checkNamed(const Verdict &verdict, const std::string &words) const
    {
        QCOMPARE(verdict.kind, VerdictKind::Incomplete);
        std::string all;
        for (const std::string &sentence : verdict.evidence)
            all += sentence + '\n';
        QVERIFY2(all.find(words) != std::string::npos, all.c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
    std::string m_id;
};

void TestShortFiles::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
    QVERIFY(library.has_value());
    m_library = std::move(*library);
}

void TestShortFiles::ofASetAreNamed()
{
    const RawServer server([](const std::string &asked, std::size_t) -> Script {
        const std::string target = Asked{asked}.target();
        if (target == "/b.json")
            return Script().send(jsonOf(R"({"total":3,"data":[{"id":2}]})"));
        if (target.ends_with(".json"))
            return Script().send(jsonOf(R"([{"id":1},{"id":5}])"));
        return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    DownloadRequest request;
    request.bytes.url = server.url("/a.json");
    request.files = FileSet{.sources = {{.place = server.url("/a.json")},
                                        {.place = server.url("/b.json")},
                                        {.place = server.url("/c.json")}}};
    request.limit = RowCount(4); // in the last one
    static_cast<void>(ended(Transfer::start(m_library, request, {})));
    const std::string words = "/b.json: $.total 3 ≠ rows 1";
    auto point = ResumePoint::fromJson(record().resumePoint);
    QVERIFY(point && point->planned);
    QCOMPARE(point->planned->fellShort.size(), std::size_t(1));
    QVERIFY2(point->plan().find("that does not mend") != std::string::npos, point->plan().c_str());

    checkNamed(ended(Transfer::resume(m_library, m_id, {}, {})), words);
    QCOMPARE(record().rows, RowCount(5));
    const WaysOn ways = waysOn(record());
    QVERIFY(!ways.canResume && ways.mayNeedNew);
    QVERIFY2(ways.fellShort.front().ends_with(words), ways.fellShort.front().c_str());
    checkNamed(ended(Transfer::resume(m_library, m_id, {}, {})), words);

    const auto anew = requestAnew(record(), {});
    QVERIFY(anew.has_value());
    QCOMPARE(anew->files->sources.size(), std::size_t(3));
    QCOMPARE(anew->name, record().name);
}

void TestShortFiles::ofAnExportJobAreNamed()
{
    const RawServer server([](const std::string &asked, std::size_t) -> Script {
        const std::string target = Asked{asked}.target();
        if (target == "/export")
            return Script().send(
                jsonOf(R"({"results":[{"url":"/1.csv","rows":400},{"url":"/2.csv","rows":200}]})"));
        const Resource file{.body = target == "/1.csv" ? csv(0, 300) : csv(300, 500),
                            .contentType = "text/csv"};
        return Script().send(file.answerTo({asked}));
    });
    DownloadRequest request;
    request.bytes.url = server.url("/export");
    request.job.emplace();
    request.limit = RowCount(420);
    static_cast<void>(ended(Transfer::start(m_library, request, {})));
    // The run that reads the second file has never seen how short the first was.
    checkNamed(ended(Transfer::resume(m_library, m_id, {}, {})),
               "file 1 has 300 rows, but the export job states 400");
    QCOMPARE(record().rows, RowCount(500));
    QVERIFY(waysOn(record()).mayNeedNew);
}

void TestShortFiles::doubtMayNeedANewOne()
{
    store::DatasetRecord kept{.verdict = "incomplete"};
    kept.resumePoint = ResumePoint{.doubt = HeldDoubt::FailedChecksum}.toJson();
    QVERIFY(waysOn(kept).canResume && waysOn(kept).mayNeedNew);
    kept.resumePoint = ResumePoint().toJson();
    QVERIFY(waysOn(kept).canResume && !waysOn(kept).mayNeedNew);
    kept.verdict = "verified";
    QVERIFY(!waysOn(kept).canResume && !waysOn(kept).mayNeedNew);
}

QTEST_GUILESS_MAIN(TestShortFiles)
#include "tst_short_files.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_run.h"

#include "demo/demo_server.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::lab;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

} // namespace

class TestLabRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        auto demo = demo::DemoServer::start();
        QVERIFY(demo);
        m_demo = std::move(*demo);
    }

    void aWholeSession()
    {
        const QTemporaryDir library;
        const std::filesystem::path folder = library.path().toStdString();
        LabPlan plan = planOf("rows=500", {"json", "ndjson", "csv"});
        plan.runs = 2;
        auto lab = LabRun::start(plan, {.library = folder});
        QVERIFY2(lab, lab ? "" : lab.error().toString().c_str());
        QVERIFY((*lab)->waitFor(kPatience));
        const LabProgress progress = (*lab)->progress();
        QVERIFY(progress.isFinished && !progress.error && !progress.current);
        QCOMPARE(progress.done, 9);
        QCOMPARE(progress.total, 9);
        const LabSession session = (*lab)->session();
        QCOMPARE(session.runs.size(), std::size_t(9));
        QCOMPARE(session.plan.name, std::string("users"));
        const auto order = runOrder(plan);
        for (std::size_t i = 0; i < order.size(); ++i) {
            QCOMPARE(session.runs[i].position, int(i));
            QCOMPARE(session.runs[i].variant, order[i].variant);
            QCOMPARE(session.runs[i].isWarmUp, order[i].isWarmUp);
        }
        for (const VariantSummary &summary : session.summaries()) {
            QCOMPARE(summary.runs, 2);
            QCOMPARE(summary.failed, 0);
            QCOMPARE(summary.verdict, transfer::VerdictKind::Verified);
            QCOMPARE(summary.rows.value(), 500);
            QCOMPARE(summary.figures.at(Metric::FirstRow).n, 2);
            QCOMPARE(summary.curve.back().median, 500.0);
        }
        // It is kept, and nothing else is left behind.
        const auto kept = loadSession(folder, "users");
        QVERIFY(kept);
        QCOMPARE(kept->toJson(), session.toJson());
        QCOMPARE(QDir(library.filePath(QStringLiteral("lab"))).entryList(QDir::Files).size(), 1);
        QCOMPARE(QDir(library.filePath(QStringLiteral("lab")))
                     .entryList(QDir::Dirs | QDir::NoDotAndDotDot)
                     .size(),
                 0);
    }

    void oneThatFailsDoesNotStopTheOthers()
    {
        LabPlan plan = planOf("rows=50", {"json", "ndjson"});
        plan.variants[0].request.bytes.url = m_demo->origin() + "/nowhere";
        plan.runs = 2;
        plan.warmUp = false;
        auto lab = LabRun::start(plan, {});
        QVERIFY(lab);
        QVERIFY((*lab)->waitFor(kPatience));
        const auto summaries = (*lab)->session().summaries();
        QCOMPARE(summaries[0].failed, 2);
        QCOMPARE(summaries[0].runs, 0);
        QVERIFY(summaries[0].figures.empty());
        QVERIFY(summaries[0].lastError.find("404") != std::string::npos);
        QCOMPARE(summaries[1].runs, 2);
    }

    void cancellingKeepsWhatWasMeasured()
    {
        const QTemporaryDir library;
        LabPlan plan = planOf("rows=2000", {"ndjson"});
        plan.warmUp = false;
        // The second variant never ends by itself.
        plan.variants.push_back(plan.variants.front());
        plan.variants.back().name = "stalls";
        plan.variants.back().request.bytes.url += "&fault=stall:100";
        auto lab = LabRun::start(plan, {.library = library.path().toStdString()});
        QVERIFY(lab);
        const auto isStalling = [&] {
            const LabProgress progress = (*lab)->progress();
            return progress.current && progress.current->variant == 1 &&
                   progress.transfer.rows.value() == 100 && !progress.rowPoints.empty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(isStalling(), 60'000);
        QVERIFY(!(*lab)->waitFor(0ms));
        (*lab)->cancel();
        QVERIFY((*lab)->waitFor(kPatience));
        const LabSession session = (*lab)->session();
        QVERIFY(session.isCancelled);
        QCOMPARE(session.runs.size(), std::size_t(1));
        const auto kept = loadSession(library.path().toStdString(), session.id);
        QVERIFY(kept && kept->isCancelled);
    }

    void badPlansDoNotBegin()
    {
        QCOMPARE(LabRun::start({}, {}).error().code, ErrorCode::InvalidArgument);
    }

    void aLibraryThatCannotBeWritten()
    {
        const auto lab = LabRun::start(planOf("rows=1", {"json"}), {.library = "/proc/nowhere"});
        QVERIFY(!lab);
        QVERIFY(lab.error().detail.find("/proc/nowhere") != std::string::npos);
    }

private:
    [[nodiscard]] LabPlan planOf(const std::string &query,
                                 const std::vector<std::string> &formats) const
    {
        transfer::DownloadRequest base;
        base.bytes.url = m_demo->origin() + "/api/users?" + query;
        auto variants = variantsOf(base, {.formats = formats});
        if (!variants)
            qFatal("%s", variants.error().toString().c_str());
        return {.variants = std::move(*variants)};
    }

    std::unique_ptr<demo::DemoServer> m_demo;
};

QTEST_GUILESS_MAIN(TestLabRun)
#include "tst_lab_run.moc"

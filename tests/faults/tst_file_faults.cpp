// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_run.h"
#include "support/test_certificate.h"
#include "transfer/file_download.h"

#include <QFile>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;

namespace {

/// What a file holds is not looked at: damaged codings and bad content arrive as they are sent.
bool isAboutContent(const Fault &fault)
{
    return fault.number == 16 || fault.number == 17 || fault.number == 19 || fault.number > 36 ||
           fault.words == "a coding called none" || fault.words == "200 with a login page at once";
}

std::optional<std::string> contentOf(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return file.readAll().toStdString();
}

} // namespace

/// The faults of HTTP against the download of a whole file: in the end it is the server's, byte by
/// byte, and until then it does not stand under its name.
class TestFileFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void resumedByHand_data() { addRows(); }
    void resumedByHand() { download(0); }
    void retriedByItself_data() { addRows(); }
    void retriedByItself() { download(5); }

private:
    void addRows() const;
    void download(int retries);

    QTemporaryDir m_folder;
    RawServer::Tls m_tls;
    const Sample m_sample = Sample::make(Form::Ndjson);
    const std::vector<Fault> m_faults = allFaults();
};

void TestFileFaults::initTestCase()
{
    const auto certificate = TestCertificate::create(m_folder.path());
    QVERIFY(certificate);
    m_tls = {certificate->certificateFile.toStdString(), certificate->keyFile.toStdString()};
}

void TestFileFaults::addRows() const
{
    QTest::addColumn<int>("fault");
    for (std::size_t fault = 0; fault < m_faults.size(); ++fault)
        QTest::newRow(m_faults[fault].name().c_str()) << static_cast<int>(fault);
}

void TestFileFaults::download(int retries)
{
    QFETCH(const int, fault);
    const Fault &which = m_faults[static_cast<std::size_t>(fault)];
    if (isAboutContent(which))
        QSKIP("what a file holds is not looked at");
    FaultRun run(which, m_sample, m_tls);
    const std::string &whole = run.plan().resource.body;
    QTemporaryDir folder;
    FileDownloadRequest request{.bytes = run.request(retries).bytes,
                                .file = folder.filePath(QStringLiteral("rows")).toStdString(),
                                .retry = run.request(retries).retry};
    constexpr int kMostRuns = 8;
    for (int number = 0; number < kMostRuns; ++number) {
        auto download = FileDownload::create(request);
        QVERIFY(download);
        const FileDownloadReport report = (*download)->run(CancelToken());
        const auto file = contentOf(request.file);
        const std::string evidence = report.verdict.evidence.front();
        if (report.verdict.kind == VerdictKind::Incomplete) {
            QVERIFY2(!file, "a file that is not whole stands under its name");
            const auto part = contentOf(request.file.string() + ".part");
            QVERIFY2(!part || whole.starts_with(*part), evidence.c_str());
            continue;
        }
        QVERIFY(file);
        const bool isShort = report.verdict.kind == VerdictKind::Ended && which.number == 6;
        QVERIFY2(*file == whole || (isShort && whole.starts_with(*file)), evidence.c_str());
        const std::string problem = run.checkRequests(false);
        QVERIFY2(problem.empty(), problem.c_str());
        return;
    }
    QFAIL("the file does not become whole");
}

QTEST_GUILESS_MAIN(TestFileFaults)
#include "tst_file_faults.moc"

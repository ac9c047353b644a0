// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_run.h"
#include "support/test_certificate.h"

#include <QTest>

#include <random>
#include <thread>

using namespace freshet;
using namespace freshet::test;

namespace {

constexpr Form kForms[] = {Form::Ndjson, Form::Json, Form::Csv, Form::SniffedCsv};

} // namespace

/// The forty faults against each form of the same table, over real sockets.
class TestFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void resumedByHand_data() { addRows(); }
    void resumedByHand();
    void retriedByItself_data() { addRows(); }
    void retriedByItself();
    void cancelledMeanwhile_data() { addRows(); }
    void cancelledMeanwhile();

private:
    struct Prepared
    {
        Sample sample;
        TableText whole;
    };

    void addRows() const;
    [[nodiscard]] std::unique_ptr<FaultRun> prepare() const;
    [[nodiscard]] const TableText &whole() const;

    QTemporaryDir m_folder;
    RawServer::Tls m_tls;
    std::vector<Fault> m_faults = allFaults();
    std::vector<Prepared> m_prepared;
};

/// Makes the run of the present row, or leaves the test openly.
#define FAULT_RUN(name)                                                                            \
    const std::unique_ptr<FaultRun> name = prepare();                                              \
    if (!name->plan().skipped.empty())                                                             \
    QSKIP(name->plan().skipped.c_str())

#define VERIFY_FINE(expression)                                                                    \
    do {                                                                                           \
        const std::string problem = (expression);                                                  \
        QVERIFY2(problem.empty(), problem.c_str());                                                \
    } while (false)

void TestFaults::initTestCase()
{
    const auto certificate = TestCertificate::create(m_folder.path());
    QVERIFY(certificate);
    m_tls = {certificate->certificateFile.toStdString(), certificate->keyFile.toStdString()};
    for (const Form form : kForms) {
        Sample sample = Sample::make(form);
        TableText whole = faultFreeTable(sample);
        m_prepared.push_back({std::move(sample), std::move(whole)});
    }
}

void TestFaults::addRows() const
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("form");
    for (std::size_t fault = 0; fault < m_faults.size(); ++fault) {
        for (std::size_t form = 0; form < m_prepared.size(); ++form) {
            const std::string name =
                m_faults[fault].name() + " (" + m_prepared[form].sample.name + ')';
            QTest::newRow(name.c_str()) << int(fault) << int(form);
        }
    }
}

std::unique_ptr<FaultRun> TestFaults::prepare() const
{
    QFETCH(const int, fault);
    QFETCH(const int, form);
    return std::make_unique<FaultRun>(m_faults[static_cast<std::size_t>(fault)],
                                      m_prepared[static_cast<std::size_t>(form)].sample, m_tls);
}

const TableText &TestFaults::whole() const
{
    QFETCH(const int, form);
    return m_prepared[static_cast<std::size_t>(form)].whole;
}

void TestFaults::resumedByHand()
{
    FAULT_RUN(run);
    VERIFY_FINE(run->playRuns(whole()));
    VERIFY_FINE(run->finish(whole()));
    VERIFY_FINE(run->checkRequests(true));
}

void TestFaults::retriedByItself()
{
    FAULT_RUN(run);
    {
        const auto transfer = run->start(5);
        QVERIFY(transfer);
        VERIFY_FINE(run->check(**transfer, whole()));
    }
    VERIFY_FINE(run->finish(whole()));
    VERIFY_FINE(run->checkRequests(false));
}

void TestFaults::cancelledMeanwhile()
{
    FAULT_RUN(run);
    static std::minstd_rand random(1);
    {
        const auto transfer = run->start(5);
        QVERIFY(transfer);
        // Any moment will do: the oracle holds at each.
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        (*transfer)->cancel();
        VERIFY_FINE(run->check(**transfer, whole()));
    }
    VERIFY_FINE(run->finish(whole()));
    VERIFY_FINE(run->checkRequests(false));
}

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"

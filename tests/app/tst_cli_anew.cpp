// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_sandbox.h"
#include "support/stated_rows.h"

#include <QTest>

using namespace freshet;
using freshet::test::CliRun;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::StatedRows;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// Rows that are here and wrong, or that lack some in their middle, are never replaced: what helps
/// is a new dataset, and that is said with the command that makes it.
class TestCliAnew : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void wrongBytesAreGotAnew();
    void aWrongChecksumIsSaid();
    void aLocalFileIsFetchedFromWhereItCame();
    void aDownloadedFileBeginsAgain();
    void aSetNamesWhatFellShort();
    void secretsAreGivenAgain();

private:
    [[nodiscard]] CliRun resume(const QStringList &arguments) const
    {
        return m_box->run(u"resume"_s, arguments);
    }

    std::unique_ptr<FileSandbox> m_box;
};

#define TOLD(RUN, WORDS) QVERIFY2(toldBy(RUN).contains(WORDS), toldBy(RUN).constData())

void TestCliAnew::wrongBytesAreGotAnew()
{
    const QByteArray right = lines(0, 1000);
    StatedRows server(right);
    QByteArray damaged = right;
    damaged[damaged.indexOf("row")] = 'R';
    server.send(damaged);
    const QString url = QString::fromStdString(server.url());
    const CliRun failed = m_box->run(u"get"_s, {url, u"--name"_s, u"my rows"_s, u"-q"_s});
    QCOMPARE(failed.exitCode, 3);
    TOLD(failed, "The data is not what its checksum states: SHA-256 of the body is ");
    TOLD(failed, "1,000 rows are kept as \"my rows\".");
    TOLD(failed, "freshet-cli resume 'my rows' --anew gets it again into a new dataset and keeps "
                 "this one; if it fails again, the checksum or the file at the server is wrong.");
    QVERIFY(!failed.errors.contains("identity"));

    // What is here belongs to other bytes: going on finds that out, and says what helps.
    server.sendRight();
    for (int i = 0; i < 2; ++i) {
        const CliRun resumed = resume({u"my rows"_s, u"-q"_s});
        QCOMPARE(resumed.exitCode, 3);
        TOLD(resumed, "freshet-cli resume 'my rows' --anew gets it again into a new dataset");
    }
    const CliRun anew = resume({u"my rows"_s, u"--anew"_s, u"--json"_s});
    QVERIFY2(anew.exitCode == 0, toldBy(anew).constData());
    QCOMPARE(anew.json()[u"verdict"].toString(), u"verified"_s);
    TOLD(anew, "my rows: gets everything again, into \"my rows-2\"; this one is kept");
    TOLD(anew, "freshet-cli rm 'my rows' removes the old one.");
    QCOMPARE(m_box->run(u"show"_s, {u"my rows-2"_s}).output, right);
    QCOMPARE(m_box->run(u"show"_s, {u"my rows"_s}).output, damaged);
    QCOMPARE(m_box->run(u"rm"_s, {u"my rows"_s}).exitCode, 0);
}

void TestCliAnew::aWrongChecksumIsSaid()
{
    StatedRows server(lines(0, 10));
    server.send(lines(0, 11));
    const QString url = QString::fromStdString(server.url());
    QCOMPARE(m_box->run(u"get"_s, {url, u"--name"_s, u"all"_s, u"-q"_s}).exitCode, 3);
    const CliRun anew = resume({u"all"_s, u"--anew"_s, u"-q"_s});
    QCOMPARE(anew.exitCode, 3);
    TOLD(anew, "if it fails again, the checksum or the file at the server is wrong");
    QVERIFY(!anew.errors.contains("freshet-cli rm"));
}

void TestCliAnew::aLocalFileIsFetchedFromWhereItCame()
{
    m_box->write(u"rows.csv"_s, test::csv(0, 100));
    m_box->write(u"rows.csv.sha256"_s, QByteArray(64, '0') + "  rows.csv\n");
    const CliRun failed =
        m_box->run(u"get"_s, {m_box->path(u"rows.csv"_s), u"--name"_s, u"all"_s, u"-q"_s});
    TOLD(failed, "Fetch the file again from where it came; if it fails again, the file or its "
                 "checksum is wrong there. freshet-cli resume all --anew then reads it into a new "
                 "dataset.");
}

void TestCliAnew::aDownloadedFileBeginsAgain()
{
    StatedRows server(lines(0, 10));
    server.send(lines(0, 11));
    const CliRun failed =
        m_box->run(u"get"_s, {QString::fromStdString(server.url()), u"--download"_s,
                              m_box->path(u"rows.ndjson"_s), u"-q"_s});
    QCOMPARE(failed.exitCode, 3);
    TOLD(failed, "the same command begins again. If it fails again, the checksum or the file at "
                 "the server is wrong.");
}

void TestCliAnew::aSetNamesWhatFellShort()
{
    m_box->write(u"in/a.json"_s, R"({"total":2,"data":[{"id":1},{"id":2}]})");
    m_box->write(u"in/b.json"_s, R"({"total":9,"data":[{"id":3}]})");
    m_box->write(u"in/c.json"_s, R"({"total":1,"data":[{"id":4}]})");
    const CliRun loaded =
        m_box->run(u"get"_s, {m_box->path(u"in"_s), u"--name"_s, u"all"_s, u"-q"_s});
    QCOMPARE(loaded.exitCode, 3);
    TOLD(loaded, "The rows are not all there are: ");
    TOLD(loaded, "b.json: $.total 9 ≠ rows 1");
    const QByteArray advice = "No resume reads that file again; freshet-cli resume all --anew gets "
                              "all of it into a new dataset and keeps this one.";
    TOLD(loaded, advice);
    const CliRun resumed = resume({u"all"_s});
    QCOMPARE(resumed.exitCode, 3);
    TOLD(resumed, "b.json");
    TOLD(resumed, advice);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":4,\"d\":4}\n");

    m_box->write(u"in/b.json"_s, R"({"total":2,"data":[{"id":3},{"id":5}]})");
    const CliRun anew = resume({u"all"_s, u"--anew"_s, u"--json"_s});
    QVERIFY2(anew.exitCode == 0, toldBy(anew).constData());
    QCOMPARE(anew.json()[u"rows"].toInt(), 5);
}

void TestCliAnew::secretsAreGivenAgain()
{
    StatedRows server(lines(0, 10));
    server.send(lines(0, 11));
    const QString url = QString::fromStdString(server.url());
    const QString secret = u"Authorization: Bearer s3cret"_s;
    QCOMPARE(m_box->run(u"get"_s, {url, u"--name"_s, u"all"_s, u"-H"_s, secret}).exitCode, 3);
    server.sendRight();
    const CliRun without = resume({u"all"_s, u"--anew"_s});
    QCOMPARE(without.exitCode, 2);
    TOLD(without, "the header Authorization was secret and is not kept; give it again");
    QCOMPARE(resume({u"all"_s, u"--anew"_s, u"-H"_s, secret}).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestCliAnew)
#include "tst_cli_anew.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_sandbox.h"
#include "support/raw_server.h"

#include <QDirIterator>
#include <QTest>

using namespace freshet;
using freshet::test::CliRun;
using freshet::test::FileSandbox;
using freshet::test::RawServer;
using freshet::test::Script;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr char kField[] = "Authorization: Basic em9lOnMzY3JldA=="; // zoe:s3cret
constexpr const char *kSecrets[] = {"s3cret", "em9lOnMzY3JldA"};

} // namespace

/// A login in the address of a lab variant is a header field before anything is named, kept or
/// reported.
class TestCliLabLogin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWrittenNowhere_data();
    void isWrittenNowhere();
    void aWrongAddressIsToldWithoutIt();

private:
    void checkNoSecret(const CliRun &run) const
    {
        for (const char *secret : kSecrets) {
            QVERIFY2(!run.output.contains(secret), run.output.constData());
            QVERIFY2(!run.errors.contains(secret), run.errors.constData());
        }
    }

    FileSandbox m_box;
};

void TestCliLabLogin::isWrittenNowhere_data()
{
    QTest::addColumn<bool>("isRecipe");
    QTest::addColumn<int>("status");
    QTest::newRow("in an operand") << false << 200;
    QTest::newRow("in an operand, refused") << false << 500;
    QTest::newRow("in a recipe that somebody wrote") << true << 200;
}

void TestCliLabLogin::isWrittenNowhere()
{
    QFETCH(bool, isRecipe);
    QFETCH(int, status);
    const RawServer server([status](const std::string &asked, std::size_t) -> Script {
        if (asked.find(kField) == std::string::npos)
            return Script().send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        if (status != 200)
            return Script().send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        return Script().send("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
                             "Content-Length: 7\r\n\r\nid\n1\n2\n");
    });
    const QString address =
        u"http://zoe:s3cret@"_s + QString::fromStdString(server.url("/rows.csv")).mid(7);
    const QString recipe = m_box.path(u"given.recipe.json"_s);
    m_box.write(u"given.recipe.json"_s,
                R"({"freshetRecipe":1,"name":"from a recipe","request":{"url":")" +
                    address.toUtf8() + R"(","method":"GET","format":"csv"}})");
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QStringList arguments{u"--runs"_s, u"1"_s, u"--name"_s, name, u"--json"_s};
    for (const char *kind : {"html", "json", "csv"})
        arguments << u"--report"_s << m_box.path(u"report."_s + QLatin1String(kind));
    if (isRecipe)
        arguments << u"--recipe"_s << recipe;
    else
        arguments << address;
    const CliRun run = m_box.run(u"lab"_s, arguments);
    QCOMPARE(run.exitCode == 0, status == 200);
    checkNoSecret(run);
    QVERIFY(QFile::remove(recipe));
    int files = 0;
    QDirIterator written(m_box.path(QString()), QDir::Files | QDir::Hidden,
                         QDirIterator::Subdirectories);
    while (written.hasNext()) {
        QFile file(written.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const char *secret : kSecrets)
            QVERIFY2(!bytes.contains(secret), qPrintable(file.fileName()));
        ++files;
    }
    QVERIFY(files >= 4); // three reports and the session
    if (status != 200)
        return;
    // The session knows that there was one, and takes it again.
    const QStringList again{u"--repeat"_s, name, u"--json"_s};
    const CliRun without = m_box.run(u"lab"_s, again);
    QCOMPARE(without.exitCode, 2);
    QVERIFY2(without.errors.contains("give it again with -H 'Authorization: …'"),
             without.errors.constData());
    const CliRun with =
        m_box.run(u"lab"_s, again + QStringList{u"-H"_s, QString::fromLatin1(kField)});
    QVERIFY2(with.exitCode == 0, toldBy(with).constData());
}

void TestCliLabLogin::aWrongAddressIsToldWithoutIt()
{
    for (const char *address : {"http://zoe:s3cret@127.0.0.1:99999/rows", "http://zoe:s3cret@/rows",
                                "http://zoe:s3cret@127.0.0.1:1/rows"}) {
        const CliRun run = m_box.run(u"lab"_s, {QLatin1String(address), u"--runs"_s, u"1"_s});
        QVERIFY(run.exitCode != 0);
        checkNoSecret(run);
    }
}

QTEST_GUILESS_MAIN(TestCliLabLogin)
#include "tst_cli_lab_login.moc"

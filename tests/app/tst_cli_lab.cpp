// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/demo_server.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <set>

using namespace freshet;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

/// freshet-cli lab, as scripts use it.
class TestCliLab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto demo = demo::DemoServer::start();
        QVERIFY(demo);
        m_demo = std::move(*demo);
    }

    void allKindsOfVariants()
    {
        const QString report = m_folder.filePath(u"report"_s);
        const CliRun run = m_cli.run(u"lab"_s, {address(u"/api/users?rows=300"_s),
                                                u"--formats"_s,
                                                u"json,ndjson,csv"_s,
                                                u"--encodings"_s,
                                                u"identity,gzip"_s,
                                                u"--pages"_s,
                                                u"50,100"_s,
                                                u"--pages-of"_s,
                                                address(u"/api/users?rows=300&cursor="_s),
                                                u"--grpc"_s,
                                                address({}),
                                                u"--call"_s,
                                                u"users.UserService/StreamUsers"_s,
                                                u"--proto"_s,
                                                QStringLiteral(FRESHET_DEMO_PROTO),
                                                u"--data"_s,
                                                u"{\"rows\":300}"_s,
                                                u"--runs"_s,
                                                u"3"_s,
                                                u"--json"_s,
                                                u"--report"_s,
                                                report + u".html"_s,
                                                u"--report"_s,
                                                report + u".csv"_s,
                                                u"--report"_s,
                                                report + u".json"_s});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const QJsonObject json = run.json();
        const QJsonArray summaries = json[u"summaries"].toArray();
        QCOMPARE(summaries.size(), 11);
        std::set<QString> names;
        for (const auto &entry : summaries) {
            const QJsonObject summary = entry.toObject();
            names.insert(summary[u"variant"].toString());
            QCOMPARE(summary[u"runs"].toInt(), 3);
            QCOMPARE(summary[u"rows"].toInt(), 300);
            QCOMPARE(summary[u"figures"].toObject()[u"first_row_s"].toObject()[u"n"].toInt(), 3);
        }
        QVERIFY(names.contains(u"NDJSON, gzip"_s));
        QVERIFY(names.contains(u"pages of 50, plain"_s));
        QVERIFY(names.contains(u"gRPC-web"_s));
        QCOMPARE(json[u"runs"].toArray().size(), 33);
        QVERIFY(!json[u"advice"].toArray().isEmpty());
        checkHtml(report + u".html"_s, names);
        QCOMPARE(contentOf(report + u".csv"_s).count('\n'), 34);
        QCOMPARE(contentOf(report + u".json"_s), run.output);
    }

    void sessionsAreKeptAndCompared()
    {
        const QStringList asked = {u"direct="_s + address(u"/api/users/stream?rows=50"_s),
                                   u"--runs"_s, u"3"_s, u"--name"_s, u"first"_s};
        QCOMPARE(m_cli.run(u"lab"_s, asked).exitCode, 0);
        const CliRun list = m_cli.run(u"lab"_s, {u"--list"_s});
        QVERIFY(list.output.contains("first"));
        const CliRun again = m_cli.run(u"lab"_s, {u"--repeat"_s, u"first"_s, u"--compare"_s,
                                                  u"first"_s, u"--connections"_s, u"warm"_s});
        QVERIFY2(again.exitCode == 0, again.errors.constData());
        QVERIFY2(again.output.contains("SINCE") && again.output.contains("direct"),
                 again.output.constData());
    }

    void recipesAreVariants()
    {
        const QString recipe = m_folder.filePath(u"users.recipe.json"_s);
        QFile file(recipe);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"freshetRecipe\":1,\"name\":\"from a recipe\",\"request\":{\"url\":\"" +
                   address(u"/api/users.csv?rows=20"_s).toUtf8() +
                   "\",\"method\":\"GET\",\"format\":\"csv\",\"acceptEncoding\":\"identity\"}}");
        file.close();
        const CliRun run =
            m_cli.run(u"lab"_s, {u"--recipe"_s, recipe, u"--runs"_s, u"1"_s, u"--discard"_s});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QVERIFY(run.output.contains("from a recipe"));
    }

    void exitCodes_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nothing to do") << QStringList() << 2 << QByteArray("URLs");
        QTest::newRow("an unknown format")
            << QStringList{u"http://127.0.0.1:1/"_s, u"--formats"_s, u"xml"_s} << 2
            << QByteArray("xml");
        QTest::newRow("an unknown report")
            << QStringList{u"http://127.0.0.1:1/"_s, u"--report"_s, u"report.pdf"_s} << 2
            << QByteArray("report.pdf");
        QTest::newRow("nobody there")
            << QStringList{u"http://127.0.0.1:1/"_s, u"--runs"_s, u"1"_s} << 4 << QByteArray();
        QTest::newRow("a session that is not there")
            << QStringList{u"--repeat"_s, u"nowhere"_s} << 2 << QByteArray("nowhere");
    }

    void exitCodes()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const CliRun run = m_cli.run(u"lab"_s, arguments);
        QVERIFY2(run.errors.contains(says), run.errors.constData());
        QTEST(run.exitCode, "code");
    }

private:
    [[nodiscard]] QString address(const QString &path) const
    {
        return QString::fromStdString(m_demo->origin()) + path;
    }

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// The page stands alone, its pictures are well-formed, and it names every variant.
    static void checkHtml(const QString &path, const std::set<QString> &names)
    {
        const QByteArray page = contentOf(path);
        QVERIFY(!page.isEmpty());
        for (const char *foreign : {"<script", "src=", "href=", "url(", "@import"})
            QVERIFY2(!page.contains(foreign), foreign);
        QVERIFY(page.contains("prefers-color-scheme: dark"));
        for (const QString &name : names)
            QVERIFY2(page.contains(name.toUtf8()), qPrintable(name));
        int pictures = 0;
        for (qsizetype at = page.indexOf("<svg"); at >= 0; at = page.indexOf("<svg", at + 1)) {
            QXmlStreamReader reader(page.mid(at, page.indexOf("</svg>", at) + 6 - at));
            while (!reader.atEnd())
                reader.readNext();
            QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
            ++pictures;
        }
        // The rows once more, if one variant is so slow that it runs out of the first picture.
        QVERIFY(pictures == 2 || pictures == 3);
    }

    std::unique_ptr<demo::DemoServer> m_demo;
    QTemporaryDir m_folder;
    CliProcess m_cli{m_folder.filePath(QStringLiteral("library"))};
};

QTEST_GUILESS_MAIN(TestCliLab)
#include "tst_cli_lab.moc"

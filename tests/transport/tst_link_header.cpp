// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "transport/link_header.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::transport;

namespace {

/// The links as the corpus writes them: one entry for each relation.
QJsonArray refsOf(const std::vector<WebLink> &links)
{
    QJsonArray refs;
    for (const auto &link : links) {
        QJsonObject ref{{QStringLiteral("uri"), QString::fromStdString(link.target)}};
        for (const auto &[name, value] : link.parameters)
            ref[QString::fromStdString(name)] = QString::fromStdString(value);
        for (const auto &relation : link.relations) {
            ref[QStringLiteral("rel")] = QString::fromStdString(relation);
            refs.append(ref);
        }
        if (link.relations.empty())
            refs.append(ref);
    }
    return refs;
}

} // namespace

class TestLinkHeader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheCorpus_data();
    void followsTheCorpus();
    void findsTheNextPage_data();
    void findsTheNextPage();
    void refusesWhatIsNoWebAddress_data();
    void refusesWhatIsNoWebAddress();
    void takesTheFirstOfSeveralFields();
};

void TestLinkHeader::followsTheCorpus_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QJsonArray>("refs");
    QFile file(test::corpusPath(QStringLiteral("http-faults/link_header.json")));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the corpora are not here");
    const QJsonObject corpus = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonArray cases = corpus[QStringLiteral("cases")].toArray();
    QVERIFY(cases.size() > 20);
    for (const auto &entry : cases) {
        const QJsonObject one = entry.toObject();
        QTest::newRow(qPrintable(one[QStringLiteral("name")].toString()))
            << one[QStringLiteral("header")].toString().toUtf8()
            << one[QStringLiteral("refs")].toArray();
    }
}

void TestLinkHeader::followsTheCorpus()
{
    QFETCH(const QByteArray, header);
    QFETCH(QJsonArray, refs);
    // An empty rel and none at all are the same to us.
    for (auto &&entry : refs) {
        QJsonObject ref = entry.toObject();
        if (ref[QStringLiteral("rel")].toString().isEmpty())
            ref.remove(QStringLiteral("rel"));
        entry = ref;
    }
    QCOMPARE(refsOf(parseLinks(header.toStdString())), refs);
}

void TestLinkHeader::findsTheNextPage_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("next"); // empty: none
    const auto row = [](const char *name, const char *header, const char *next) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(next);
    };
    row("absolute", R"(<https://api.test/v1/rows?page=2>; rel="next")",
        "https://api.test/v1/rows?page=2");
    row("without quotes", "<https://api.test/v1/rows?page=2>; rel=next",
        "https://api.test/v1/rows?page=2");
    row("in other case", "<?page=2>; REL=\"Next\"", "https://api.test/v1/rows?page=2");
    row("only a query", R"(<?page=2>; rel="next")", "https://api.test/v1/rows?page=2");
    row("from the root", R"(</v2/rows?page=2>; rel="next")", "https://api.test/v2/rows?page=2");
    row("beside", R"(<more?page=2>; rel="next")", "https://api.test/v1/more?page=2");
    row("without a scheme", R"(<//other.test/rows>; rel="next")", "https://other.test/rows");
    row("one of several relations", R"(<?page=2>; rel="last next")",
        "https://api.test/v1/rows?page=2");
    row("behind other links", R"(<?page=9>; rel="last", <?page=2>; rel="next")",
        "https://api.test/v1/rows?page=2");
    row("a comma in the target", R"(<?ids=1,2;3>; rel="next")",
        "https://api.test/v1/rows?ids=1,2;3");
    row("escapes verbatim", R"(<?_next=d%2Cv%2fx>; rel="next")",
        "https://api.test/v1/rows?_next=d%2Cv%2fx");
    row("previous only", R"(<?page=1>; rel="prev")", "");
    row("a relation that only begins so", R"(<?page=1>; rel="next-archive")", "");
    row("the second rel", R"(<?page=1>; rel="prev"; rel="next")", "");
    row("next of something else", R"(<?page=2>; rel="next"; anchor="/chapter")", "");
    row("not closed", "<?page=2; rel=next", "");
    row("empty", "", "");
}

void TestLinkHeader::findsTheNextPage()
{
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, next);
    const auto found =
        nextLink({{"Content-Type", "application/json"}, {"link", header.toStdString()}},
                 "https://api.test/v1/rows?page=1");
    QVERIFY(found.has_value());
    QCOMPARE(QByteArray::fromStdString(found->value_or("")), next);
}

void TestLinkHeader::refusesWhatIsNoWebAddress_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("code");
    QTest::newRow("a file") << QByteArray("<file:///etc/passwd>; rel=next")
                            << static_cast<int>(ErrorCode::Unsupported);
    QTest::newRow("a script") << QByteArray("<javascript:alert(1)>; rel=next")
                              << static_cast<int>(ErrorCode::UrlInvalid);
}

void TestLinkHeader::refusesWhatIsNoWebAddress()
{
    QFETCH(const QByteArray, header);
    QFETCH(const int, code);
    const auto found = nextLink({{"Link", header.toStdString()}}, "https://api.test/");
    QVERIFY(!found.has_value());
    QCOMPARE(static_cast<int>(found.error().code), code);
}

void TestLinkHeader::takesTheFirstOfSeveralFields()
{
    const auto found = nextLink({{"Link", "<?page=9>; rel=last"},
                                 {"Link", "<?page=2>; rel=next"},
                                 {"Link", "<?page=3>; rel=next"}},
                                "https://api.test/rows");
    QVERIFY(found.has_value());
    QCOMPARE(QString::fromStdString(found->value_or("")),
             QStringLiteral("https://api.test/rows?page=2"));
}

QTEST_APPLESS_MAIN(TestLinkHeader)
#include "tst_link_header.moc"

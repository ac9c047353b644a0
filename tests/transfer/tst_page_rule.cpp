// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_place.h"
#include "transfer/page_rule.h"
#include "transfer/page_size.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

class TestPageRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void changesNothingButTheValue_data();
    void changesNothingButTheValue();
    void readsValues_data();
    void readsValues();
    void adaptsTheSize_data();
    void adaptsTheSize();
};

void TestPageRule::refusesWhatCannotBe_data()
{
    QTest::addColumn<int>("style");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isFine");
    const auto row = [](const char *name, PageStyle style, const char *from, const char *to,
                        int size, bool isFine) {
        QTest::newRow(name) << static_cast<int>(style) << QByteArray(from) << QByteArray(to) << size
                            << isFine;
    };
    row("nothing said", PageStyle::Auto, "", "", 0, true);
    row("a path and a parameter", PageStyle::Cursor, "$.meta.next", "cursor", 10, true);
    row("a header and a body", PageStyle::Cursor, "header:X-Next", "body:$.a.b", 10, true);
    row("a path with an index", PageStyle::Cursor, "$.links[0]", "cursor", 10, false);
    row("a path without an end", PageStyle::Cursor, "$.meta.", "cursor", 10, false);
    row("a header that cannot be", PageStyle::Cursor, "header:X Next", "cursor", 10, false);
    row("a body without a path", PageStyle::Cursor, "$.next", "body:", 10, false);
    row("a negative size", PageStyle::Offset, "", "", -1, false);
    row("a key without its column", PageStyle::Keyset, "", "after", 10, false);
    row("a key without its parameter", PageStyle::Keyset, "id", "", 10, false);
    row("a key whose column has blanks", PageStyle::Keyset, "user id", "after", 10, true);
}

void TestPageRule::refusesWhatCannotBe()
{
    QFETCH(const int, style);
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const int, size);
    QFETCH(const bool, isFine);
    PageRule rule{.style = static_cast<PageStyle>(style),
                  .positionTo = to.toStdString(),
                  .positionFrom = from.toStdString()};
    if (size != 0)
        rule.size = size;
    const auto status = rule.validate();
    QCOMPARE(status.has_value(), isFine);
    if (!status)
        QCOMPARE(status.error().code, ErrorCode::InvalidArgument);
}

void TestPageRule::changesNothingButTheValue_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *url, const char *place, const char *after) {
        QTest::newRow(name) << QByteArray(url) << QByteArray(place) << QByteArray(after);
    };
    row("a new parameter", "http://a.test/x", "cursor", "http://a.test/x?cursor=a%2Fb%3D%3D");
    row("behind others", "http://a.test/x?q=1%2c2", "cursor",
        "http://a.test/x?q=1%2c2&cursor=a%2Fb%3D%3D");
    row("in place of one", "http://a.test/x?cursor=old&q=a+b", "cursor",
        "http://a.test/x?cursor=a%2Fb%3D%3D&q=a+b");
    row("in place of an empty one", "http://a.test/x?cursor=&q=1", "cursor",
        "http://a.test/x?cursor=a%2Fb%3D%3D&q=1");
    row("in place of a bare one", "http://a.test/x?cursor", "cursor",
        "http://a.test/x?cursor=a%2Fb%3D%3D");
    row("not a name that ends so", "http://a.test/x?xcursor=1", "cursor",
        "http://a.test/x?xcursor=1&cursor=a%2Fb%3D%3D");
    row("an escaped name", "http://a.test/x?page%5Bafter%5D=1", "page[after]",
        "http://a.test/x?page%5Bafter%5D=a%2Fb%3D%3D");
    row("a name with a dollar", "http://a.test/x", "$skiptoken",
        "http://a.test/x?$skiptoken=a%2Fb%3D%3D");
    row("before a fragment", "http://a.test/x#top", "cursor",
        "http://a.test/x?cursor=a%2Fb%3D%3D#top");
    row("behind an open query", "http://a.test/x?", "cursor", "http://a.test/x?cursor=a%2Fb%3D%3D");
}

void TestPageRule::changesNothingButTheValue()
{
    QFETCH(const QByteArray, url);
    QFETCH(const QByteArray, place);
    QFETCH(const QByteArray, after);
    transport::ByteRequest request{.url = url.toStdString()};
    QVERIFY(setValueIn(request, place.toStdString(), "a/b==", false).has_value());
    QCOMPARE(QByteArray::fromStdString(request.url), after);
    QCOMPARE(valueIn(request, place.toStdString()).value_or(""), std::string("a/b=="));
}

void TestPageRule::readsValues_data()
{
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("text"); // empty: none
    QTest::newRow("beside the rows") << QByteArray("$.next") << QByteArray("abc");
    QTest::newRow("further down") << QByteArray("$.meta.page.after")
                                  << QByteArray("9007199254740993");
    QTest::newRow("null") << QByteArray("$.meta.none") << QByteArray();
    QTest::newRow("an object") << QByteArray("$.meta.page") << QByteArray();
    QTest::newRow("absent") << QByteArray("$.meta.page.before") << QByteArray();
    QTest::newRow("a header") << QByteArray("header:x-next") << QByteArray("h1");
    QTest::newRow("an empty header") << QByteArray("header:X-Empty") << QByteArray();
}

void TestPageRule::readsValues()
{
    QFETCH(const QByteArray, place);
    QFETCH(const QByteArray, text);
    transport::ResponseHead head;
    head.headers = {{"X-Next", "h1"}, {"X-Empty", ""}};
    decode::DecodeFindings findings;
    findings.envelope = {{"$.next", "\"abc\""},
                         {"$.meta", R"({"page":{"after":9007199254740993},"none":null})"}};
    QCOMPARE(QByteArray::fromStdString(textAt(place.toStdString(), head, findings).value_or("")),
             text);
}

void TestPageRule::adaptsTheSize_data()
{
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<int>("tookMs");
    QTest::addColumn<qint64>("next");
    const auto row = [](const char *name, qint64 rows, qint64 bytes, int tookMs, qint64 next) {
        QTest::newRow(name) << rows << bytes << tookMs << next;
    };
    row("small and quick: four times as many", 100, 10'000, 20, 400);
    row("large enough", 100, 300'000, 20, 100);
    row("slow enough", 100, 10'000, 700, 100);
    row("too large", 100, 9'000'000, 20, 50);
    row("too slow", 100, 10'000, 2'500, 50);
    row("fewer than asked for", 60, 10'000, 20, 100);
}

void TestPageRule::adaptsTheSize()
{
    QFETCH(const qint64, rows);
    QFETCH(const qint64, bytes);
    QFETCH(const int, tookMs);
    QFETCH(const qint64, next);
    const transport::ByteRequest request{.url = "http://a.test/x?limit=100"};
    PageSizer sizer({.style = PageStyle::Cursor}, request);
    QCOMPARE(sizer.asked(), 100);
    sizer.learn(100, rows, ByteCount(bytes), std::chrono::milliseconds(tookMs));
    QCOMPARE(qint64(sizer.asked()), next);
    // Pages by number count in their size: it stays.
    PageSizer numbered({.style = PageStyle::Number}, request);
    numbered.learn(100, 100, ByteCount(10'000), 20ms);
    QCOMPARE(numbered.asked(), 100);
}

QTEST_APPLESS_MAIN(TestPageRule)
#include "tst_page_rule.moc"

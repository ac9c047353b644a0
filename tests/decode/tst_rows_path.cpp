// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/rows_path.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;

class TestRowsPath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
};

void TestRowsPath::parses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("again");
    QTest::addColumn<int>("steps");
    QTest::addColumn<int>("inner");

    const auto row = [](const char *name, const char *text, const char *again, int steps,
                        int inner) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(again) << steps << inner;
    };
    row("the root", "$", "$", 0, 0);
    row("a member", "$.data", "$.data", 1, 0);
    row("a member without $", "data.items", "$.data.items", 2, 0);
    row("every element", "$.data[*]", "$.data", 1, 0);
    row("every element, spelled with a point", "$.data.*", "$.data", 1, 0);
    row("every element of the root", "$[*]", "$", 0, 0);
    row("inside of the elements", "$.hits.hits[*]._source", "$.hits.hits[*]._source", 2, 1);
    row("deep inside", "$.d[*].a.b", "$.d[*].a.b", 1, 2);
    row("elements of elements", "$.a[*].b[*]", "$.a[*].b", 3, 0);
    row("one element", "$[3].a", "$[3].a", 2, 0);
    row("quoted names", "$['a b'][\"c.d\"]", "$['a b']['c.d']", 2, 0);
    row("a quoted quote", "$['it\\'s']", "$['it\\'s']", 1, 0);
    row("a quoted plain name", "$['a']", "$.a", 1, 0);
    row("a member called *", "$['*']", "$['*']", 1, 0);
}

void TestRowsPath::parses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, again);
    QFETCH(int, steps);
    QFETCH(int, inner);
    const Result<RowsPath> path = RowsPath::parse(text.toStdString());
    QVERIFY(path);
    QCOMPARE(static_cast<int>(path->steps.size()), steps);
    QCOMPARE(static_cast<int>(path->inner.size()), inner);
    QCOMPARE(QByteArray::fromStdString(path->toString()), again);
}

void TestRowsPath::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("an open bracket") << QByteArray("$.a[");
    QTest::newRow("an open quote") << QByteArray("$['a");
    QTest::newRow("a quote without bracket") << QByteArray("$['a'");
    QTest::newRow("an empty name") << QByteArray("$..a");
    QTest::newRow("a point at the end") << QByteArray("$.a.");
    QTest::newRow("a slice") << QByteArray("$[1:2]");
    QTest::newRow("a negative index") << QByteArray("$[-1]");
    QTest::newRow("no point") << QByteArray("$a");
    QTest::newRow("an index inside of the elements") << QByteArray("$[*].a[0]");
}

void TestRowsPath::refuses()
{
    QFETCH(QByteArray, text);
    const Result<RowsPath> path = RowsPath::parse(text.toStdString());
    QVERIFY(!path);
    QCOMPARE(path.error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestRowsPath)
#include "tst_rows_path.moc"

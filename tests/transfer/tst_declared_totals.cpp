// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/declared_totals.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

class TestDeclaredTotals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsOneHeader_data();
    void readsOneHeader();
    void keepsTheOrderOfTheHeaders();
};

void TestDeclaredTotals::readsOneHeader_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<qint64>("rows"); // -1: none
    const auto row = [](const char *title, const char *name, const char *value, qint64 rows) {
        QTest::newRow(title) << QString::fromUtf8(name) << QString::fromUtf8(value) << rows;
    };
    row("X-Total-Count", "X-Total-Count", "1000000", 1'000'000);
    row("any case", "x-total-COUNT", "12", 12);
    row("blanks around", "Total-Count", " 12 ", 12);
    row("zero", "X-Row-Count", "0", 0);
    row("X-Total", "X-Total", "7", 7);
    row("Sforce-NumberOfRecords", "Sforce-NumberOfRecords", "7", 7);
    row("range of items", "Content-Range", "items 0-9/100", 100);
    row("range with an equals sign", "Content-Range", "items=0-9/100", 100);
    row("range of bytes", "Content-Range", "bytes 0-9/100", -1);
    row("range without a total", "Content-Range", "items 0-9/*", -1);
    row("no number", "X-Total-Count", "many", -1);
    row("grouped digits", "X-Total-Count", "1,000", -1);
    row("negative", "X-Total-Count", "-1", -1);
    row("empty", "X-Total-Count", "", -1);
    row("beyond 64 bits", "X-Total-Count", "99999999999999999999", -1);
    row("another header", "Content-Length", "100", -1);
}

void TestDeclaredTotals::readsOneHeader()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(qint64, rows);
    const auto totals = declaredTotals({{name.toStdString(), value.toStdString()}});
    if (rows < 0) {
        QVERIFY(totals.empty());
        return;
    }
    QCOMPARE(totals.size(), 1u);
    QCOMPARE(totals.front().rows.value(), rows);
    QCOMPARE(totals.front().from, name.toStdString());
}

void TestDeclaredTotals::keepsTheOrderOfTheHeaders()
{
    const auto totals =
        declaredTotals({{"Content-Range", "rows 0-1/2"}, {"Date", "x"}, {"X-Total", "3"}});
    QCOMPARE(totals, (std::vector<DeclaredTotal>{{RowCount(2), "Content-Range"},
                                                 {RowCount(3), "X-Total"}}));
}

QTEST_APPLESS_MAIN(TestDeclaredTotals)
#include "tst_declared_totals.moc"

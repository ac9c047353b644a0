// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/column_cache.h"

#include <QtTest>

using namespace freshet;
using columnar::Column;
using store::ColumnCache;
using store::ColumnKey;

namespace {

/// A column of `kilobytes` KiB.
Column columnOf(std::size_t kilobytes)
{
    columnar::MutableBuffer values;
    values.resize(kilobytes << 10);
    return {.type = {.kind = columnar::TypeKind::Int64},
            .length = static_cast<std::int64_t>(kilobytes << 7),
            .values = values.finish()};
}

ColumnKey key(int column)
{
    return {.part = 1, .block = ByteOffset(64), .column = column};
}

} // namespace

class TestColumnCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLeastRecentlyUsedGoesFirst()
    {
        ColumnCache cache(35_KiB);
        for (int column = 0; column < 3; ++column)
            cache.insert(key(column), columnOf(10));
        QVERIFY(cache.find(key(0)).has_value()); // now 1 is the oldest
        cache.insert(key(3), columnOf(10));
        QVERIFY(cache.find(key(0)).has_value());
        QVERIFY(!cache.find(key(1)).has_value());
        QVERIFY(cache.find(key(2)).has_value());
        QVERIFY(cache.find(key(3)).has_value());
        QVERIFY(cache.held() <= 35_KiB);
    }

    void everyPartOfTheKeyCounts()
    {
        ColumnCache cache(1_MiB);
        const ColumnKey base = key(0);
        cache.insert(base, columnOf(1));
        ColumnKey other = base;
        other.part = 2;
        QVERIFY(!cache.find(other).has_value());
        other = base;
        other.block = ByteOffset(128);
        QVERIFY(!cache.find(other).has_value());
        other = base;
        other.type = columnar::LogicalType::decimal(18, 2);
        QVERIFY(!cache.find(other).has_value());
        QVERIFY(cache.find(base).has_value());
    }

    void aColumnLargerThanTheCacheIsNotKept()
    {
        ColumnCache cache(8_KiB);
        cache.insert(key(0), columnOf(4));
        cache.insert(key(1), columnOf(9));
        QVERIFY(!cache.find(key(1)).has_value());
        QVERIFY(cache.find(key(0)).has_value());
    }

    void aSmallerBoundTakesEffectAtOnce()
    {
        ColumnCache cache(1_MiB);
        for (int column = 0; column < 10; ++column)
            cache.insert(key(column), columnOf(10));
        cache.setCapacity(25_KiB);
        QVERIFY(cache.held() <= 25_KiB);
        QVERIFY(cache.find(key(9)).has_value());
        QVERIFY(!cache.find(key(0)).has_value());
    }

    void insertingTwiceHoldsItOnce()
    {
        ColumnCache cache(1_MiB);
        cache.insert(key(0), columnOf(10));
        const ByteCount held = cache.held();
        cache.insert(key(0), columnOf(10));
        QCOMPARE(cache.held(), held);
    }
};

QTEST_GUILESS_MAIN(TestColumnCache)
#include "tst_column_cache.moc"

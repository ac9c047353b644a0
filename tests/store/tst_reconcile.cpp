// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/reconcile.h"
#include "store/sample_batches.h"

#include "columnar/batch_builder.h"

#include <map>
#include <random>

using namespace freshet;
using store::ReconcileRule;
using test::LibraryFixture;

namespace {

/// Rows of an int64 "id" and a text "v", written `1a 2b`; `-x` is a row whose id is null.
columnar::RecordBatch batchOf(columnar::BatchBuilder &builder, const QString &rows)
{
    const auto id = builder.column("id");
    const auto value = builder.column("v");
    for (const QString &row : rows.split(u' ', Qt::SkipEmptyParts)) {
        const QString text = row.right(1);
        builder.beginRow();
        if (row.startsWith(u'-'))
            builder.appendNull(id);
        else
            builder.appendInt64(id, row.chopped(1).toLongLong());
        builder.appendText(value, text.toStdString());
        if (!builder.endRow())
            qFatal("no row");
    }
    return builder.seal();
}

QString textOf(const store::DatasetSnapshot &snapshot)
{
    const auto columns = test::texts(snapshot);
    QStringList rows;
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
        const std::string id = columns[0][i] == "‹null›" ? "-" : columns[0][i];
        rows += QString::fromStdString(id + columns[1][i]);
    }
    return rows.join(u' ');
}

struct Outcome
{
    QString rows;
    QString figures;
};

/// A dataset of `older` rows in batches separated by `|`, then the same way `newer` ones.
Outcome reconciled(const QString &older, const QString &newer, const ReconcileRule &rule)
{
    LibraryFixture fixture;
    auto writer = fixture.create();
    columnar::BatchBuilder builder;
    for (const QString &part : older.split(u'|')) {
        if (!writer->append(batchOf(builder, part)) || !writer->commit({}))
            qFatal("the rows cannot be stored");
    }
    const RowIndex from(writer->dataset()->snapshot().rowCount().value());
    for (const QString &part : newer.split(u'|')) {
        if (!writer->append(batchOf(builder, part)))
            qFatal("the rows cannot be stored");
    }
    const auto figures = store::reconcile(*writer, from, rule, {});
    if (!figures)
        return {QString::fromStdString(figures.error().toString()), {}};
    if (!writer->finish(test::completeState()))
        qFatal("the dataset cannot be finished");
    return {textOf(writer->dataset()->snapshot()), QStringLiteral("+%1 ~%2 =%3")
                                                       .arg(figures->added.value())
                                                       .arg(figures->updated.value())
                                                       .arg(figures->duplicates.value())};
}

QStringList sorted(const QString &rows)
{
    QStringList list = rows.split(u' ');
    list.sort();
    return list;
}

} // namespace

class TestReconcile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsMeet_data()
    {
        QTest::addColumn<QString>("older");
        QTest::addColumn<QString>("newer");
        QTest::addColumn<bool>("replaces");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("figures");
        const auto row = [](const char *name, const char *older, const char *newer, bool replaces,
                            const char *rows, const char *figures) {
            QTest::newRow(name) << QString::fromUtf8(older) << QString::fromUtf8(newer) << replaces
                                << QString::fromUtf8(rows) << QString::fromUtf8(figures);
        };
        row("insert: new keys", "1a 2b", "3c 4d", false, "1a 2b 3c 4d", "+2 ~0 =0");
        row("insert: known keys", "1a 2b", "2x 3c", false, "1a 2b 3c", "+1 ~0 =1");
        row("insert: twice among the new", "1a", "2b 2x 1y", false, "1a 2b", "+1 ~0 =2");
        row("insert: older ones stay as they are", "1a 1b", "1c", false, "1a 1b", "+0 ~0 =1");
        row("insert: rows without a key", "-a 1a", "-b -c", false, "-a 1a -b -c", "+2 ~0 =0");
        row("upsert: new keys", "1a 2b", "3c", true, "1a 2b 3c", "+1 ~0 =0");
        row("upsert: a changed row", "1a 2b", "1x", true, "2b 1x", "+0 ~1 =0");
        row("upsert: an unchanged row stays where it was", "1a 2b", "1a", true, "1a 2b",
            "+0 ~0 =1");
        row("upsert: changed twice", "1a 2b", "1x 1y", true, "2b 1y", "+0 ~2 =0");
        row("upsert: changed and back", "1a 2b", "1x 1a", true, "1a 2b", "+0 ~1 =1");
        row("upsert: new and changed", "1a", "2x|2y", true, "1a 2y", "+1 ~1 =0");
        row("upsert: the same twice", "1a", "2x 2x", true, "1a 2x", "+1 ~0 =1");
        row("upsert: over several batches", "1a|2b 3c|4d", "4x 1x|5e", true, "2b 3c 4x 1x 5e",
            "+1 ~2 =0");
        row("upsert: several older ones", "1a 1b 2c", "1x", true, "2c 1x", "+0 ~1 =0");
        row("upsert: several older ones, one the same", "1b 1a 1c", "1a", true, "1a", "+0 ~1 =0");
        row("upsert: rows without a key", "-a", "-a", true, "-a -a", "+1 ~0 =0");
        row("no older rows", "", "1a 1b", true, "1b", "+1 ~1 =0");
        row("no new rows", "1a", "", true, "1a", "+0 ~0 =0");
    }

    /// However many keys fit in memory.
    void rowsMeet()
    {
        QFETCH(const QString, older);
        QFETCH(const QString, newer);
        QFETCH(const bool, replaces);
        QFETCH(const QString, rows);
        QFETCH(const QString, figures);
        const auto outcome = reconciled(older, newer, {.key = {"id"}, .replaces = replaces});
        QCOMPARE(outcome.rows, rows);
        QCOMPARE(outcome.figures, figures);
        const auto passes =
            reconciled(older, newer, {.key = {"id"}, .replaces = replaces, .keysAtOnce = 1});
        // Which of two equal rows stays, and so their order, is left to the passes.
        QCOMPARE(sorted(passes.rows), sorted(rows));
    }

    void keysOfSeveralColumns()
    {
        const auto outcome =
            reconciled(QStringLiteral("1a 1b 2a"), QStringLiteral("1b 2b"), {.key = {"id", "v"}});
        QCOMPARE(outcome.rows, QStringLiteral("1a 1b 2a 2b"));
        QCOMPARE(outcome.figures, QStringLiteral("+1 ~0 =1"));
    }

    void aColumnThatIsNotThere()
    {
        const auto outcome =
            reconciled(QStringLiteral("1a"), QStringLiteral("1b"), {.key = {"no such"}});
        QVERIFY(outcome.rows.contains(QStringLiteral("no such")));
    }

    /// A wider type of the key does not make another key of it.
    void keysWhoseTypeWidens()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        columnar::BatchBuilder builder;
        const auto append = [&](const char *number) {
            builder.beginRow();
            builder.appendNumber(builder.column("id"), number);
            return builder.endRow() && writer->append(builder.seal());
        };
        QVERIFY(append("1") && append("2"));
        QVERIFY(append("18446744073709551615") && append("2"));
        const auto figures = store::reconcile(*writer, RowIndex(2), {.key = {"id"}}, {});
        QVERIFY_OK(figures);
        QCOMPARE(figures->duplicates, RowCount(1));
        QCOMPARE(figures->added, RowCount(1));
    }

    void stopping()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        QVERIFY_OK(writer->append(test::countingBatch(0, 5)));
        CancelToken cancel;
        cancel.cancel();
        const auto stopped = store::reconcile(*writer, RowIndex(2), {.key = {"n"}}, cancel);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void randomRows_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 10; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    /// Against a map from key to the latest value.
    void randomRows()
    {
        QFETCH(const unsigned, seed);
        std::mt19937 random(seed);
        LibraryFixture fixture;
        auto writer = fixture.create();
        columnar::BatchBuilder builder;
        std::map<std::int64_t, std::string> latest;
        std::map<std::int64_t, std::string> first;
        const bool replaces = seed % 2 == 0;
        for (int round = 0; round < 5; ++round) {
            const RowIndex from(writer->dataset()->snapshot().rowCount().value());
            for (unsigned batches = random() % 4; batches != 0; --batches) {
                QString rows;
                for (unsigned i = random() % 300; i != 0; --i) {
                    const std::int64_t id = random() % 500;
                    const std::string value(1, static_cast<char>('a' + random() % 26));
                    rows += QString::number(id) + QString::fromStdString(value) + u' ';
                    latest[id] = value;
                    first.emplace(id, value);
                }
                QVERIFY_OK(writer->append(batchOf(builder, rows)));
            }
            const auto figures = store::reconcile(
                *writer, from, {.key = {"id"}, .replaces = replaces, .keysAtOnce = 100}, {});
            QVERIFY_OK(figures);
            QVERIFY_OK(writer->commit({}));
            std::map<std::int64_t, std::string> held;
            const auto columns = test::texts(writer->dataset()->snapshot());
            for (std::size_t i = 0; !columns.empty() && i < columns[0].size(); ++i)
                QVERIFY(held.emplace(std::stoll(columns[0][i]), columns[1][i]).second);
            QVERIFY(held == (replaces ? latest : first));
            QCOMPARE(figures->added.value(), std::ssize(held) - from.value());
        }
    }
};

QTEST_GUILESS_MAIN(TestReconcile)
#include "tst_reconcile.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_token.h"

#include "transfer/ndjson_batch.h"

#include <QJsonObject>
#include <QtTest>

using namespace freshet;
using transfer::TokenTrack;

namespace {

QString shown(const std::optional<std::string> &text)
{
    return text ? QString::fromStdString(*text) : QStringLiteral("none");
}

/// What a track says of itself: `last×rows before watermark×rows`.
QString described(const TokenTrack &track)
{
    return QStringLiteral("%1×%2 after %3, watermark %4×%5%6")
        .arg(shown(track.last()))
        .arg(track.lastRows())
        .arg(shown(track.beforeLast()), shown(track.watermark()))
        .arg(track.watermarkRows())
        .arg(track.isAscending() ? QString() : QStringLiteral(", disordered"));
}

/// Values of a column "t" as JSON, batches separated by `|`, rows without it as `-`. Between two
/// batches the track is written down and read back, as a resume would.
TokenTrack trackOf(const QString &values)
{
    test::NdjsonBatches batches;
    TokenTrack track;
    for (const QString &batch : values.split(u'|')) {
        QString text;
        for (const QString &value : batch.split(u' ', Qt::SkipEmptyParts))
            text += value == u"-" ? QStringLiteral("{}\n")
                                  : QStringLiteral("{\"t\":") + value + QStringLiteral("}\n");
        const auto rows = batches.next(text.toStdString());
        const auto column = rows.schema->indexOf("t");
        if (column)
            track.note(rows.columns[static_cast<std::size_t>(*column)]);
        else
            track.noteWithout(rows.rowCount);
        track = TokenTrack::fromJson(track.toJson());
    }
    return track;
}

} // namespace

class TestSinceToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tracks_data()
    {
        QTest::addColumn<QString>("values");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *values, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(values) << QString::fromUtf8(expected);
        };
        row("ids", "1 2 3|4 5", "5×1 after 4, watermark 5×1");
        row("one row", "7", "7×1 after none, watermark 7×1");
        row("ids of 64 bits", "9223372036854775806 9223372036854775807",
            "9223372036854775807×1 after 9223372036854775806, watermark 9223372036854775807×1");
        row("ids beyond int64", "1|18446744073709551615",
            "18446744073709551615×1 after 1, watermark 18446744073709551615×1");
        row("equal values at the end", "1 2 2 2", "2×3 after 1, watermark 2×3");
        row("equal values over batches", "1 2|2 2|2", "2×4 after 1, watermark 2×4");
        row("the next value begins with a batch", "1 1|2 2", "2×2 after 1, watermark 2×2");
        row("all equal", "5 5|5", "5×3 after none, watermark 5×3");
        row("rows without a value", "1 2 -|- -", "2×4 after 1, watermark 2×4");
        row("no values at first", "- -|3", "3×1 after none, watermark 3×1");
        row("no values at all", "- -", "none×0 after none, watermark none×0");
        row("times with their zone", R"("2024-01-01T00:00:00Z" "2024-01-01T00:00:01Z")",
            "2024-01-01T00:00:01Z×1 after 2024-01-01T00:00:00Z,"
            " watermark 2024-01-01T00:00:01Z×1");
        row("times in another zone", R"("2024-01-01T00:00:00+02:00" "2023-12-31T23:00:00+01:00")",
            "2023-12-31T23:00:00+01:00×1 after 2024-01-01T00:00:00+02:00,"
            " watermark 2023-12-31T23:00:00+01:00×1");
        row("money", "1.50 2.25 2.50", "2.50×1 after 2.25, watermark 2.50×1");
        row("opaque texts", R"("b" "a"|"a")", "a×2 after b, watermark a×2");
        row("descending", "3 2 1", "1×1 after 2, watermark 3×3, disordered");
        row("the largest in the middle", "1 9 2|9 3", "3×1 after 9, watermark 9×4, disordered");
        row("disorder over batches", "5|4 6", "6×1 after 4, watermark 6×1, disordered");
        row("numbers become texts", R"(1 2|"x")", "x×1 after 2, watermark x×1");
    }

    void tracks()
    {
        QFETCH(const QString, values);
        QFETCH(const QString, expected);
        QCOMPARE(described(trackOf(values)), expected);
    }

    void idsAreKnownByManyOfThem()
    {
        QString values;
        for (int i = 1; i <= 999; ++i)
            values += QString::number(i) + u' ';
        QVERIFY(!trackOf(values).isId());
        QVERIFY(trackOf(values + QStringLiteral("1000")).isId());
        QVERIFY(!trackOf(values + QStringLiteral("1000 1000")).isId());
        QVERIFY(!trackOf(values + QStringLiteral("1000 5")).isId());
        QVERIFY(!trackOf(values + QStringLiteral("1000.5")).isId());
    }

    void overlaps_data()
    {
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("overlap");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *token, const char *overlap, const char *expected) {
            QTest::addRow("%s less %s", token, overlap)
                << QString::fromUtf8(token) << QString::fromUtf8(overlap)
                << QString::fromUtf8(expected);
        };
        row("1000", "1", "999");
        row("5", "100", "0");
        row("18446744073709551615", "15", "18446744073709551600");
        row("2024-03-01", "1d", "2024-02-29");
        row("2024-03-01", "90s", "2024-02-29");
        row("2024-03-01T00:00:00Z", "10m", "2024-02-29T23:50:00Z");
        row("2024-03-01 00:00:30.120", "31s", "2024-02-29 23:59:59.120");
        row("2024-03-01T00:30:00+02:00", "1h", "2024-02-29T23:30:00+02:00");
        row("2024-03-01T00:30:00.5-0330", "1h", "2024-02-29T23:30:00.5-0330");
        row("2024-03-01T00:00:00+00:00", "1s", "2024-02-29T23:59:59+00:00");
        row("abc", "5", "refused");
        row("-5", "5", "refused");
        row("1709251200", "5m", "refused");
        row("2024-03-01", "5", "refused");
        row("12:00:00", "5m", "refused");
        row("", "5", "refused");
    }

    void overlaps()
    {
        QFETCH(const QString, token);
        QFETCH(const QString, overlap);
        QFETCH(const QString, expected);
        const auto parsed = transfer::parseOverlap(overlap.toStdString());
        QVERIFY(parsed.has_value());
        const auto before = transfer::tokenBefore(token.toStdString(), *parsed);
        QCOMPARE(before ? QString::fromStdString(*before) : QStringLiteral("refused"), expected);
        if (!before)
            QCOMPARE(before.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestSinceToken)
#include "tst_since_token.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_appender.h"
#include "columnar/batch_text.h"

#include <QTest>

using namespace freshet;
using namespace freshet::columnar;

namespace {

constexpr std::int64_t kNoon = 43'200'000'000;

RecordBatch timesBatch(std::vector<std::int64_t> micros, TimeForm form)
{
    Column column{.type = LogicalType::timestamp(form),
                  .length = static_cast<std::int64_t>(micros.size()),
                  .values = Buffer::copyOf(std::as_bytes(std::span(micros)))};
    auto schema = std::make_shared<Schema>();
    schema->fields.push_back({"at", column.type});
    return {.schema = schema, .rowCount = column.length, .columns = {column}};
}

std::string typeToken(const BatchBuilder &builder)
{
    return builder.schema()->fields.front().type.encode();
}

} // namespace

/// Rows that are typed already meet rows that came as text.
class TestBatchAppender : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freeTimesTakeTheFormThatWasSent_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("of milliseconds")
            << qint64(kNoon + 5'000) << QByteArray("1970-01-01T12:00:00.123Z")
            << QByteArray("timestamp;T;3;Z");
        QTest::newRow("of whole seconds among milliseconds")
            << qint64(kNoon) << QByteArray("1970-01-01 12:00:00.123+00:00")
            << QByteArray("timestamp;_;3;+");
        QTest::newRow("finer than what was sent")
            << qint64(kNoon + 1) << QByteArray("1970-01-01T12:00:00.123Z") << QByteArray("string");
        QTest::newRow("without a zone")
            << qint64(kNoon) << QByteArray("1970-01-01T12:00:00") << QByteArray("string");
    }
    void freeTimesTakeTheFormThatWasSent()
    {
        QFETCH(const qint64, micros);
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, type);
        const TimeForm form{.fractionDigits = 6, .zone = TimeForm::Zone::Z, .isFree = true};
        for (const bool isTextFirst : {false, true}) {
            BatchBuilder builder;
            const auto addText = [&] {
                builder.beginRow();
                builder.appendText(builder.column("at"), text.toStdString());
                QVERIFY(builder.endRow().has_value());
            };
            if (isTextFirst)
                addText();
            BatchAppender appender(builder);
            QVERIFY(appender.begin(timesBatch({micros}, form)).has_value());
            QVERIFY(appender.append().has_value());
            if (!isTextFirst)
                addText();
            QCOMPARE(QByteArray::fromStdString(typeToken(builder)), type);
        }
    }

    void freeTimesHaveAsManyDigitsAsTheyNeed()
    {
        const TimeForm form{.fractionDigits = 6, .isFree = true};
        BatchBuilder builder;
        BatchAppender appender(builder);
        for (const auto &[micros, type] : {std::pair(kNoon, "timestamp;T;0;;free"),
                                           std::pair(kNoon + 1'000, "timestamp;T;3;;free"),
                                           std::pair(kNoon + 1, "timestamp;T;6;;free"),
                                           std::pair(kNoon, "timestamp;T;6;;free")}) {
            QVERIFY(appender.begin(timesBatch({micros}, form)).has_value());
            QVERIFY(appender.append().has_value());
            QCOMPARE(typeToken(builder), std::string(type));
        }
        QVERIFY(builder.wideningEvents().empty());
        const RecordBatch batch = builder.seal();
        QCOMPARE(batch.columns[0].valueAt<std::int64_t>(2), kNoon + 1);
        // The token says it again.
        QVERIFY(LogicalType::decode(batch.columns[0].type.encode()) == batch.columns[0].type);
    }

    void schemasOfFreeFormsUnify()
    {
        const auto schema = [](TimeForm form) {
            auto made = std::make_shared<Schema>();
            made->fields.push_back({"at", LogicalType::timestamp(form)});
            return made;
        };
        const SchemaPtr free = schema({.fractionDigits = 3, .isFree = true});
        const SchemaPtr sent = schema({.separator = ' ', .fractionDigits = 6});
        for (const auto &unified : {unifySchemas(free, sent), unifySchemas(sent, free)})
            QCOMPARE(unified->fields[0].type.encode(), std::string("timestamp;_;6;"));
        const auto batch = timesBatch({kNoon}, {.fractionDigits = 3, .isFree = true});
        const auto conformed = conform(batch, sent);
        QVERIFY(conformed.has_value());
        QCOMPARE(conformed->columns[0].valueAt<std::int64_t>(0), kNoon);
    }

    void textsStayTexts()
    {
        const std::string text = "2026-01-05";
        const std::array<std::int32_t, 2> bounds = {0, 10};
        Column column{.type = {TypeKind::String},
                      .length = 1,
                      .offsets = Buffer::copyOf(std::as_bytes(std::span(bounds))),
                      .values = Buffer::copyOf(std::as_bytes(std::span(text)))};
        auto schema = std::make_shared<Schema>();
        schema->fields.push_back({"day", column.type});
        BatchBuilder builder;
        BatchAppender appender(builder);
        QVERIFY(appender.begin({.schema = schema, .rowCount = 1, .columns = {column}}).has_value());
        QVERIFY(appender.append().has_value());
        QCOMPARE(typeToken(builder), std::string("string"));
    }

    void stopsWhenTheBuilderIsFull()
    {
        std::vector<std::int64_t> many(static_cast<std::size_t>(kMaxBatchRows) + 10, kNoon);
        BatchBuilder builder;
        BatchAppender appender(builder);
        QVERIFY(appender.begin(timesBatch(many, {.isFree = true})).has_value());
        QCOMPARE(appender.append().value_or(false), true);
        QCOMPARE(builder.seal().rowCount, kMaxBatchRows);
        std::int64_t rest = 0;
        for (bool isMore = true; isMore; rest += builder.seal().rowCount)
            isMore = appender.append().value_or(false);
        QCOMPARE(rest, std::int64_t(10));
    }
};

QTEST_GUILESS_MAIN(TestBatchAppender)
#include "tst_batch_appender.moc"

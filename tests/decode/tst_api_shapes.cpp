// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/json_decoding.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

/// The answers of many kinds of servers against a manifest of their rows, which another program
/// counted.
class TestApiShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasAsManyRows_data();
    void hasAsManyRows();
};

void TestApiShapes::hasAsManyRows_data()
{
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QList<int>>("rows"); // of each file, or of all together
    QFile manifest(corpusPath(u"api-shapes/manifest.json"_s));
    if (!manifest.open(QIODevice::ReadOnly))
        QSKIP("the corpora are not here");
    const QJsonArray shapes = QJsonDocument::fromJson(manifest.readAll())[u"shapes"].toArray();
    for (const auto &entry : shapes) {
        const QJsonObject shape = entry.toObject();
        QStringList files;
        for (const auto &file : shape[u"files"].toArray())
            files << u"api-shapes/"_s + file.toString();
        QList<int> rows;
        for (const auto &count : shape[u"rows_per_page"].toArray())
            rows << count.toInt();
        if (rows.isEmpty() && shape.contains(u"rows_total"_s))
            rows << shape[u"rows_total"].toInt();
        // Where a file holds several pages, the counts are of those: tst_page_corpora.
        if (rows.size() == files.size())
            QTest::newRow(qPrintable(shape[u"id"].toString())) << files << rows;
    }
}

void TestApiShapes::hasAsManyRows()
{
    QFETCH(const QStringList, files);
    QFETCH(const QList<int>, rows);
    for (qsizetype i = 0; i < files.size(); ++i) {
        QFile file(corpusPath(files[i]));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(files[i]));
        const std::string text = file.readAll().toStdString();
        const auto choice =
            chooseFormat({}, files[i].toStdString(), text.substr(0, kFormatSniffBytes));
        QVERIFY2(choice, qPrintable(files[i]));
        columnar::BatchBuilder builder;
        DecodeRecorder recorder;
        const auto decoder = makeDecoder({.format = choice->format}, {builder, recorder, recorder});
        QVERIFY2(decoder, qPrintable(files[i]));
        const Status fed = (*decoder)->feed(text);
        const Status finished = fed ? (*decoder)->finish() : fed;
        std::int64_t count = 0;
        for (const columnar::RecordBatch &batch : recorder.batches)
            count += batch.rowCount;
        QVERIFY2(count == rows[i], qPrintable(u"%1: %2 rows"_s.arg(files[i]).arg(count)));
        // An answer without rows may be a server's error.
        QVERIFY2(finished || (rows[i] == 0 && finished.error().code == ErrorCode::InBandError),
                 qPrintable(files[i]));
    }
}

QTEST_GUILESS_MAIN(TestApiShapes)
#include "tst_api_shapes.moc"

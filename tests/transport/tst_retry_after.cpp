// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "transport/retry_after.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet::transport;
using namespace std::chrono;

namespace {

/// 2019-06-03T11:00:00Z, the moment that the corpus speaks of.
constexpr HttpTime kNow = sys_days(2019y / June / 3) + 11h;
constexpr qint64 kInvalid = -1;

} // namespace

class TestRetryAfter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheValue_data();
    void readsTheValue();
    void followsTheCorpus_data();
    void followsTheCorpus();
    void readsAllThreeDateForms_data();
    void readsAllThreeDateForms();
};

void TestRetryAfter::readsTheValue_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("empty") << QByteArray() << kInvalid;
    QTest::newRow("blanks only") << QByteArray(" \t ") << kInvalid;
    QTest::newRow("one second above the cap") << QByteArray("21601") << qint64(21600);
    QTest::newRow("more digits than any clock")
        << QByteArray("99999999999999999999999") << qint64(21600);
    QTest::newRow("date far ahead") << QByteArray("Wed, 31 Dec 2138 02:26:59 GMT") << qint64(21600);
    QTest::newRow("date without a zone") << QByteArray("Mon, 03 Jun 2019 11:30:12") << kInvalid;
    QTest::newRow("date with an offset")
        << QByteArray("Mon, 03 Jun 2019 11:30:12 +0200") << kInvalid;
    QTest::newRow("day that is not in the month")
        << QByteArray("Mon, 31 Jun 2019 11:30:12 GMT") << kInvalid;
    QTest::newRow("hour 24") << QByteArray("Mon, 03 Jun 2019 24:00:00 GMT") << kInvalid;
    QTest::newRow("text after the date")
        << QByteArray("Mon, 03 Jun 2019 11:30:12 GMT x") << kInvalid;
}

void TestRetryAfter::readsTheValue()
{
    QFETCH(const QByteArray, value);
    QFETCH(const qint64, seconds);
    const auto read = parseRetryAfter(value.toStdString(), kNow);
    QCOMPARE(read ? qint64(read->count()) : kInvalid, seconds);
}

void TestRetryAfter::followsTheCorpus_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("seconds");
    const QString path = freshet::test::corpusPath(QStringLiteral("http-faults/retry_after.json"));
    if (path.isEmpty())
        QSKIP("the corpora are not here");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject document = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonArray cases = document[QStringLiteral("cases")].toArray();
    for (const QJsonValue &one : cases) {
        const QJsonValue value = one[QStringLiteral("value")];
        const QJsonValue seconds = one[QStringLiteral("seconds")];
        const bool isInvalid = one[QStringLiteral("invalid")].toBool();
        if (!value.isString() || !(seconds.isDouble() || isInvalid))
            continue;
        QTest::newRow(
            qPrintable(one[QStringLiteral("src")].toString() + QLatin1Char(' ') + value.toString()))
            << value.toString().toUtf8() << (isInvalid ? kInvalid : qint64(seconds.toInt()));
    }
}

void TestRetryAfter::followsTheCorpus()
{
    readsTheValue();
}

void TestRetryAfter::readsAllThreeDateForms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("IMF-fixdate") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
    QTest::newRow("rfc850") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT");
    QTest::newRow("asctime") << QByteArray("Sun Nov  6 08:49:37 1994");
}

void TestRetryAfter::readsAllThreeDateForms()
{
    QFETCH(const QByteArray, text);
    const auto date = parseHttpDate(text.toStdString(), kNow);
    QVERIFY(date.has_value());
    QCOMPARE(qint64(date->time_since_epoch().count()), qint64(784111777)); // RFC 9110 §5.6.7
}

QTEST_APPLESS_MAIN(TestRetryAfter)
#include "tst_retry_after.moc"

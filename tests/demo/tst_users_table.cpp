// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/users_table.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace freshet::demo;

namespace {

QByteArray jsonRow(std::uint64_t seed, std::int64_t index)
{
    std::string text;
    UsersTable(seed).appendJson(text, index);
    return QByteArray::fromStdString(text);
}

} // namespace

class TestUsersTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheSameRowForTheSameSeed();
    void isValidJsonWithEveryColumn();
    void keepsTwoDecimalsAndLeadingZeros();
    void hasNullsForOneInFour();
    void takesAbout490BytesARow();
};

void TestUsersTable::givesTheSameRowForTheSameSeed()
{
    QCOMPARE(jsonRow(1, 12345), jsonRow(1, 12345));
    QVERIFY(jsonRow(1, 12345) != jsonRow(2, 12345));
    QVERIFY(jsonRow(1, 12345) != jsonRow(1, 12346));
}

void TestUsersTable::isValidJsonWithEveryColumn()
{
    for (int index = 0; index < 2000; ++index) {
        const QByteArray text = jsonRow(7, index);
        QJsonParseError error;
        const QJsonObject row = QJsonDocument::fromJson(text, &error).object();
        QVERIFY2(error.error == QJsonParseError::NoError, text.constData());
        QCOMPARE(row.keys(), (QStringList{QStringLiteral("active"), QStringLiteral("address"),
                                          QStringLiteral("balance"), QStringLiteral("country"),
                                          QStringLiteral("created_at"), QStringLiteral("email"),
                                          QStringLiteral("id"), QStringLiteral("name"),
                                          QStringLiteral("nickname"), QStringLiteral("note"),
                                          QStringLiteral("tags")}));
        QVERIFY(row[QStringLiteral("tags")].isArray());
        QVERIFY(text.startsWith(
            QByteArray("{\"id\":" + QByteArray::number(9007199254740993LL + 71LL * index))));
    }
}

void TestUsersTable::keepsTwoDecimalsAndLeadingZeros()
{
    static const QRegularExpression money(QStringLiteral(R"("balance":-?\d+\.\d\d,)"));
    static const QRegularExpression zip(QStringLiteral(R"("zip":"\d{5}")"));
    for (int index = 0; index < 500; ++index) {
        const QString text = QString::fromUtf8(jsonRow(1, index));
        QVERIFY2(money.match(text).hasMatch(), qPrintable(text));
        QVERIFY2(zip.match(text).hasMatch(), qPrintable(text));
    }
}

void TestUsersTable::hasNullsForOneInFour()
{
    int nulls = 0;
    for (int index = 0; index < 4000; ++index)
        nulls += jsonRow(3, index).contains("\"nickname\":null") ? 1 : 0;
    QVERIFY2(nulls > 900 && nulls < 1100, qPrintable(QString::number(nulls)));
}

void TestUsersTable::takesAbout490BytesARow()
{
    std::string text;
    for (int index = 0; index < 1000; ++index)
        UsersTable(1).appendJson(text, index);
    QVERIFY2(text.size() > 460'000 && text.size() < 520'000,
             qPrintable(QString::number(text.size())));
}

QTEST_APPLESS_MAIN(TestUsersTable)
#include "tst_users_table.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_rule.h"

#include <QtTest>

using namespace freshet;
using transfer::SinceRule;

class TestSinceRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        const auto row = [](const char *name, const char *text, const char *canonical) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(canonical);
        };
        row("a column in a parameter", "param=since,from=id", "param=since,from=column:id");
        row("a header from a header", "header=X-Since,from=header:X-Token",
            "header=X-Since,from=header:X-Token");
        row("an envelope field into a body", "body=$.from,from=body:$.meta.sync_token",
            "body=$.from,from=body:$.meta.sync_token");
        row("an event id", "param=after,from=event-id", "param=after,from=event-id");
        row("a column called event-id", "param=after,from=column:event-id",
            "param=after,from=column:event-id");
        row("inclusive", "param=s,from=t,inclusive", "param=s,from=column:t,inclusive");
        row("exclusive", "param=s,from=t,inclusive,exclusive", "param=s,from=column:t");
        row("a key of two columns", "param=s,from=t,key=a+b", "param=s,from=column:t,key=a+b");
        row("everything", "param=s,from=t,inclusive,overlap=10m,initial=2024,key=id,mode=upsert",
            "param=s,from=column:t,inclusive,overlap=600s,initial=2024,key=id,mode=upsert");
        row("a number as overlap", "param=s,from=t,key=id,overlap=500",
            "param=s,from=column:t,overlap=500,key=id");
        row("commas and plus signs in names", "param=a%2Cb,from=c%2Bd,key=e%2Bf+g%2Ch",
            "param=a%2Cb,from=column:c%2Bd,key=e%2Bf+g%2Ch");
        row("names that are not ASCII", "param=seit,from=geändert",
            "param=seit,from=column:geändert");
    }

    void rulesAreRead()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, canonical);
        const auto rule = SinceRule::parse(text.toStdString());
        QVERIFY2(rule.has_value(), rule ? "" : rule.error().toString().c_str());
        QCOMPARE(QString::fromStdString(rule->text()), canonical);
        const auto again = SinceRule::parse(rule->text());
        QVERIFY(again.has_value());
        QVERIFY(*again == *rule);
    }

    void wrongRulesAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("names");
        const auto row = [](const char *name, const char *text, const char *names) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(names);
        };
        row("nothing", "", "not known");
        row("nowhere to send it", "from=id", "where the token goes");
        row("nothing to take it from", "param=since", "where the token comes from");
        row("an unknown part", "param=since,from=id,foo=1", "foo");
        row("a header that is none", "header=a b,from=id", "header");
        row("an answer's path that is none", "param=s,from=body:$.rows[0]", "rows[0]");
        row("an upsert without a key", "param=s,from=t,mode=upsert", "key");
        row("an overlap without a key", "param=s,from=t,overlap=5", "key");
        row("an overlap that is none", "param=s,from=t,key=id,overlap=5y", "overlap");
        row("an overlap beyond all time", "param=s,from=t,key=id,overlap=99999999999d", "overlap");
        row("an overlap beyond all numbers", "param=s,from=t,key=id,overlap=99999999999999999999",
            "overlap");
        row("a mode that is none", "param=s,from=t,mode=merge", "mode");
        row("a key with a hole", "param=s,from=t,key=a++b", "key");
        row("inclusive with a value", "param=s,from=t,inclusive=1", "inclusive");
    }

    void wrongRulesAreRefused()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, names);
        const auto rule = SinceRule::parse(text.toStdString());
        QVERIFY(!rule);
        QCOMPARE(rule.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(rule.error().detail.find(names.toStdString()) != std::string::npos,
                 rule.error().detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSinceRule)
#include "tst_since_rule.moc"

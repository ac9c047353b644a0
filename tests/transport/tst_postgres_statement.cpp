// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_statement.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

/// What is made of a query before it is sent.
class TestPostgresStatement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trims_data();
    void trims();
    void knowsQueries_data();
    void knowsQueries();
    void wraps_data();
    void wraps();
    void quotes();
    void tables_data();
    void tables();
    void knowsUrls();
};

void TestPostgresStatement::trims_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("trimmed");
    const auto row = [](const char *name, const char *sql, const char *trimmed) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(trimmed);
    };
    row("nothing to do", "select 1", "select 1");
    row("a semicolon", "select 1 ;\n ; ", "select 1");
    row("a comment behind it", "select 1; -- all\n", "select 1");
    row("a nested comment behind it", "select 1 /* a /* b */ ; */;", "select 1");
    row("semicolons in texts", "select ';--', \";/*\" ;", "select ';--', \";/*\"");
    row("a doubled quote", "select 'a'';' ;", "select 'a'';'");
    row("an escaped quote", "select E'a\\';--' ;", "select E'a\\';--'");
    row("no escape in a plain text", "select 'a\\' ; -- '", "select 'a\\'");
    row("a dollar-quoted text", "select $x$;--$$;$x$;", "select $x$;--$$;$x$");
    row("a parameter", "select $1;", "select $1");
    row("a name with an e", "select e 'x';", "select e 'x'");
    row("nothing but a comment", "-- select 1", "");
    row("an open text", "select 'a; --", "select 'a; --");
    row("a comment in the middle", "select /* x */ 1", "select /* x */ 1");
}

void TestPostgresStatement::trims()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, trimmed);
    QCOMPARE(QByteArray::fromStdString(std::string(trimmedQuery(sql.toStdString()))), trimmed);
}

void TestPostgresStatement::knowsQueries_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<bool>("isOne");
    QTest::newRow("select") << QByteArray("SELECT 1") << true;
    QTest::newRow("with") << QByteArray(" with x as (select 1) table x") << true;
    QTest::newRow("values") << QByteArray("Values(1)") << true;
    QTest::newRow("comments first") << QByteArray("-- a\n/* b /* c */ */((table x))") << true;
    QTest::newRow("insert") << QByteArray("insert into a values (1) returning 1") << false;
    QTest::newRow("show") << QByteArray("show all") << false;
    QTest::newRow("a word that begins alike") << QByteArray("selected") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestPostgresStatement::knowsQueries()
{
    QFETCH(QByteArray, sql);
    QFETCH(bool, isOne);
    QCOMPARE(isQuery(sql.toStdString()), isOne);
}

void TestPostgresStatement::wraps_data()
{
    QTest::addColumn<QByteArray>("writer");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QByteArray>("sent"); // or the error
    const auto row = [](const char *name, const char *writer, const char *key, const char *after,
                        int limit, const char *sent) {
        QTest::newRow(name) << QByteArray(writer) << QByteArray(key) << QByteArray(after) << limit
                            << QByteArray(sent);
    };
    row("as it is", "", "", "", 0, "select 1 as a, 2 as b");
    row("written by the server", "pg_catalog.inet_out", "", "", 0,
        "select c1, pg_catalog.inet_out(c2)::text from (select 1 as a, 2 as b\n) as q (c1, c2)");
    row("from the first row", "", "a", "", 0,
        "select c1, c2 from (select 1 as a, 2 as b\n) as q (c1, c2) order by c1");
    row("behind a row", "", "b,a", "x'y,5", 10,
        "select c1, c2 from (select 1 as a, 2 as b\n) as q (c1, c2) "
        "where (c2, c1) > ('x''y', '5') order by c2, c1 limit 10");
    row("an unknown key", "", "z", "", 0, "key: the query gives no column \"z\"");
    row("behind another key's row", "", "a", "1,2", 0,
        "key: the place to go on from is another key's");
}

void TestPostgresStatement::wraps()
{
    QFETCH(QByteArray, writer);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, after);
    QFETCH(int, limit);
    QFETCH(QByteArray, sent);
    const auto listed = [](const QByteArray &text) {
        std::vector<std::string> list;
        for (const QByteArray &part : text.split(','))
            if (!part.isEmpty())
                list.push_back(part.toStdString());
        return list;
    };
    KeyRange range{.columns = listed(key), .after = listed(after)};
    if (limit > 0)
        range.limit = limit;
    const auto text = sentQuery("select 1 as a, 2 as b;",
                                {{.sent = {.name = "a"}, .writer = {}},
                                 {.sent = {.name = "b"}, .writer = writer.toStdString()}},
                                range);
    QCOMPARE(QByteArray::fromStdString(text ? *text : text.error().detail), sent);
}

void TestPostgresStatement::quotes()
{
    QCOMPARE(quotedLiteral("a'b\\"), "'a''b\\'");
    QCOMPARE(quotedIdentifier("a\"b"), "\"a\"\"b\"");
}

void TestPostgresStatement::tables_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("a name") << QByteArray("users") << QByteArray("select * from \"users\"");
    QTest::newRow("a schema") << QByteArray("shop.Users")
                              << QByteArray("select * from \"shop\".\"Users\"");
    QTest::newRow("quoted by hand")
        << QByteArray("\"a.b\".\"c\"\"d\"") << QByteArray("select * from \"a.b\".\"c\"\"d\"");
    QTest::newRow("no way out") << QByteArray("x; drop table y")
                                << QByteArray("select * from \"x; drop table y\"");
    QTest::newRow("an open quote") << QByteArray("\"x") << QByteArray("select * from \"x\"");
}

void TestPostgresStatement::tables()
{
    QFETCH(QByteArray, table);
    QFETCH(QByteArray, sql);
    QCOMPARE(QByteArray::fromStdString(tableQuery(table.toStdString())), sql);
}

void TestPostgresStatement::knowsUrls()
{
    QVERIFY(isPostgresUrl("postgresql://h/d"));
    QVERIFY(isPostgresUrl("Postgres://h/d"));
    QVERIFY(!isPostgresUrl("http://h/postgresql://"));
    QCOMPARE(userOf("postgresql://ada%40x:pw@h/d"), "ada@x");
    QCOMPARE(userOf("postgresql://h/d?user=bob"), "bob");
    QCOMPARE(userOf("postgresql://h/d"), "");
}

QTEST_GUILESS_MAIN(TestPostgresStatement)
#include "tst_postgres_statement.moc"

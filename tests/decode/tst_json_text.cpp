// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_text.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;

namespace {

std::vector<std::string> namesOf(const QString &path)
{
    std::vector<std::string> names;
    for (const auto &name : path.split(QLatin1Char('.'), Qt::SkipEmptyParts))
        names.push_back(name.toStdString());
    return names;
}

} // namespace

class TestJsonText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsValues_data();
    void findsValues();
    void replacesValues_data();
    void replacesValues();
    void refusesToReplaceInsideOfScalars();
    void readsScalars_data();
    void readsScalars();
};

void TestJsonText::findsValues_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("value"); // empty: none
    const auto row = [](const char *name, const char *json, const char *path, const char *value) {
        QTest::newRow(name) << QByteArray(json) << QString::fromUtf8(path) << QByteArray(value);
    };
    row("a member", R"({"a":1,"b":"x"})", "b", R"("x")");
    row("further down", R"({"a":{"b":{"c":[1, 2]}}})", "a.b.c", "[1, 2]");
    row("digits stay as they are", R"({"a": 12345678901234567890.10 })", "a",
        "12345678901234567890.10");
    row("a key with an escape", R"({"\u0061":1})", "a", "1");
    row("the whole", " {} ", "", "{}");
    row("absent", R"({"a":1})", "b", "");
    row("inside of a scalar", R"({"a":1})", "a.b", "");
    row("an empty object", "{}", "a", "");
    row("an array", "[1]", "a", "");
    row("cut off", R"({"a":1)", "a", "");
    row("text behind", R"({"a":1} x)", "a", "");
    row("nothing", "", "a", "");
}

void TestJsonText::findsValues()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, path);
    QFETCH(const QByteArray, value);
    QCOMPARE(QByteArray::fromStdString(jsonAt(json.toStdString(), namesOf(path)).value_or("")),
             value);
}

void TestJsonText::replacesValues_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *json, const char *path, const char *after) {
        QTest::newRow(name) << QByteArray(json) << QString::fromUtf8(path) << QByteArray(after);
    };
    row("a member", R"({"b": 1.50 ,"a":null})", "a", R"({"b": 1.50 ,"a":7})");
    row("further down", R"({"v":{"x":1,"after":"old"}})", "v.after", R"({"v":{"x":1,"after":7}})");
    row("a new member", R"({"q":"{ users }"})", "after", R"({"q":"{ users }","after":7})");
    row("the first member", "{}", "a", R"({"a":7})");
    row("objects on the way", R"({"q":1})", "v.w.after", R"({"q":1,"v":{"w":{"after":7}}})");
    row("in place of null", R"({"v":null})", "v.after", R"({"v":{"after":7}})");
    row("an empty body", "", "after", R"({"after":7})");
}

void TestJsonText::replacesValues()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, path);
    QFETCH(const QByteArray, after);
    const auto replaced = withJsonAt(json.toStdString(), namesOf(path), "7");
    QVERIFY(replaced.has_value());
    QCOMPARE(QByteArray::fromStdString(*replaced), after);
}

void TestJsonText::refusesToReplaceInsideOfScalars()
{
    const auto replaced = withJsonAt(R"({"v":"text"})", namesOf(QStringLiteral("v.after")), "7");
    QVERIFY(!replaced.has_value());
    QCOMPARE(replaced.error().code, ErrorCode::InvalidArgument);
}

void TestJsonText::readsScalars_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("text"); // null: none
    QTest::newRow("a string") << QByteArray(R"("a\u0062\/c")") << QStringLiteral("ab/c");
    QTest::newRow("an empty string") << QByteArray(R"("")") << QStringLiteral("");
    QTest::newRow("a number") << QByteArray("9007199254740993.0")
                              << QStringLiteral("9007199254740993.0");
    QTest::newRow("true") << QByteArray("true") << QStringLiteral("true");
    QTest::newRow("null") << QByteArray("null") << QString();
    QTest::newRow("an object") << QByteArray("{}") << QString();
    QTest::newRow("a string cut off") << QByteArray("\"ab") << QString();
}

void TestJsonText::readsScalars()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, text);
    const auto scalar = scalarOf(json.toStdString());
    QCOMPARE(scalar.has_value(), !text.isNull());
    if (scalar)
        QCOMPARE(QString::fromStdString(*scalar), text);
}

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"
#include "cli/row_range.h"

#include <QTest>

#include <array>

using namespace freshet;
using namespace freshet::cli;

namespace {

constexpr std::array kOptions = {
    Option{"name", '\0', "NAME", ""},
    Option{"header-line", 'H', "'K: V'", ""},
    Option{"quiet", 'q', "", ""},
    Option{"limit", '\0', "N", ""},
};

Result<Arguments> parse(const QByteArray &line)
{
    // Words are separated by one blank; _ stands for a blank inside a word.
    QList<QByteArray> parts;
    if (!line.isEmpty())
        parts = line.split(' ');
    std::vector<std::string> words;
    for (auto part : parts)
        words.push_back(part.replace('_', ' ').toStdString());
    const std::vector<std::string_view> views(words.begin(), words.end());
    return Arguments::parse(kOptions, views);
}

} // namespace

class TestArguments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sortsWords_data();
    void sortsWords();
    void refuses_data();
    void refuses();
    void keepsRepeatedValuesInOrder();
    void readsNumbers_data();
    void readsNumbers();
    void splitsLists();
    void parsesRowRanges_data();
    void parsesRowRanges();
};

void TestArguments::sortsWords_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isQuiet");
    QTest::addColumn<QByteArray>("operands"); // joined by |
    const auto row = [](const char *title, const char *line, const char *name, bool isQuiet,
                        const char *operands) {
        QTest::newRow(title) << QByteArray(line) << QByteArray(name) << isQuiet
                             << QByteArray(operands);
    };
    row("nothing", "", "", false, "");
    row("only operands", "a b", "", false, "a|b");
    row("long option", "a --name x b", "x", false, "a|b");
    row("equals sign", "--name=x a", "x", false, "a");
    row("equals sign in the value", "--name=x=y", "x=y", false, "");
    row("empty value", "--name= a", "", false, "a");
    row("value that looks like an option", "--name --quiet", "--quiet", false, "");
    row("flags", "--quiet a", "", true, "a");
    row("short flag", "-q a", "", true, "a");
    row("options are over", "-- --name -q", "", false, "--name|-q");
    row("lone dash", "- -q", "", true, "-");
    row("the last value counts", "--name x --name y", "y", false, "");
}

void TestArguments::sortsWords()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, name);
    QFETCH(bool, isQuiet);
    QFETCH(QByteArray, operands);
    const auto arguments = parse(line);
    QVERIFY(arguments.has_value());
    QCOMPARE(QByteArray::fromStdString(arguments->value("name").value_or("")), name);
    QCOMPARE(arguments->has("quiet"), isQuiet);
    QByteArray joined;
    for (const auto &operand : arguments->operands())
        joined += (joined.isEmpty() ? "" : "|") + QByteArray::fromStdString(operand);
    QCOMPARE(joined, operands);
}

void TestArguments::refuses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("sentence");
    const auto row = [](const char *title, const char *line, const char *sentence) {
        QTest::newRow(title) << QByteArray(line) << QByteArray(sentence);
    };
    row("unknown long option", "--fast", "there is no option --fast");
    row("unknown with a value", "--token=secret", "there is no option --token");
    row("unknown short option", "-z", "there is no option -z");
    row("joined short options", "-qH", "there is no option -qH");
    row("value missing", "a --name", "--name needs a value: NAME");
    row("short value missing", "-H", "-H needs a value: 'K: V'");
    row("value of a flag", "--quiet=yes", "--quiet takes no value");
}

void TestArguments::refuses()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, sentence);
    const auto arguments = parse(line);
    QVERIFY(!arguments);
    QCOMPARE(arguments.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(QByteArray::fromStdString(arguments.error().detail), sentence);
}

void TestArguments::keepsRepeatedValuesInOrder()
{
    const auto arguments = parse("-H A:_1 x --header-line B:_2");
    QVERIFY(arguments.has_value());
    QCOMPARE(arguments->values("header-line"), (std::vector<std::string>{"A: 1", "B: 2"}));
    QVERIFY(arguments->values("name").empty());
}

void TestArguments::readsNumbers_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isGood");
    QTest::addColumn<qint64>("number"); // -1: absent
    QTest::newRow("absent") << QByteArray("a") << true << qint64(-1);
    QTest::newRow("one") << QByteArray("--limit 1") << true << qint64(1);
    QTest::newRow("beyond 2^53") << QByteArray("--limit 9007199254740993") << true
                                 << qint64(9'007'199'254'740'993);
    QTest::newRow("below the least") << QByteArray("--limit 0") << false << qint64(0);
    QTest::newRow("text behind") << QByteArray("--limit 10k") << false << qint64(0);
    QTest::newRow("empty") << QByteArray("--limit=") << false << qint64(0);
    QTest::newRow("beyond 64 bits")
        << QByteArray("--limit 99999999999999999999") << false << qint64(0);
}

void TestArguments::readsNumbers()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, isGood);
    QFETCH(qint64, number);
    const auto arguments = parse(line);
    QVERIFY(arguments.has_value());
    const auto limit = arguments->number("limit", 1);
    QCOMPARE(limit.has_value(), isGood);
    if (isGood)
        QCOMPARE(limit->value_or(-1), number);
}

void TestArguments::splitsLists()
{
    QCOMPARE(splitList("a,b.c,,d"), (std::vector<std::string>{"a", "b.c", "d"}));
    QVERIFY(splitList("").empty());
}

void TestArguments::parsesRowRanges_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("first"); // -1: refused
    QTest::addColumn<qint64>("end");
    const auto row = [](const char *text, qint64 first, qint64 end) {
        QTest::newRow(text) << QByteArray(text) << first << end;
    };
    row("10:20", 10, 20);
    row(":", 0, 100);
    row(":7", 0, 7);
    row("93:", 93, 100);
    row("5:5", 5, 5);
    row("90:1000", 90, 100);
    row("200:300", 100, 100);
    row("200:", 100, 100);
    row("20:10", -1, 0);
    row("10", -1, 0);
    row("", -1, 0);
    row("-5:10", -1, 0);
    row("a:b", -1, 0);
    row("1:2:3", -1, 0);
}

void TestArguments::parsesRowRanges()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    const auto range = parseRowRange(text.toStdString(), RowCount(100));
    QCOMPARE(range.has_value(), first >= 0);
    if (range) {
        QCOMPARE(range->first.value(), first);
        QCOMPARE(range->end.value(), end);
    }
}

QTEST_APPLESS_MAIN(TestArguments)
#include "tst_arguments.moc"

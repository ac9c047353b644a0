// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/recipe.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

class TestRecipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackWithoutSecrets();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
    void listsAFolder();
    void namesFiles_data();
    void namesFiles();
};

void TestRecipe::comesBackWithoutSecrets()
{
    const QTemporaryDir folder;
    Recipe recipe{.name = "Orders of today"};
    recipe.request.bytes.url = "https://api.example.com/orders?day=1&token=s3cret";
    recipe.request.bytes.headers = {{"Authorization", "Bearer s3cret"}, {"X-Team", "blue"}};
    recipe.request.bytes.method = "POST";
    recipe.request.bytes.body = "{\"all\":true}";
    recipe.request.decode.rowsAt = "$.orders";
    const auto path = recipeFile(folder.path().toStdString(), recipe.name);
    QVERIFY(recipe.save(path).has_value());

    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(!text.contains("s3cret"));
    QVERIFY(text.contains("\n    \"name\"")); // for people to read

    const auto loaded = Recipe::load(path);
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().toString().c_str());
    QCOMPARE(loaded->name, recipe.name);
    QCOMPARE(loaded->request.bytes.body, recipe.request.bytes.body);
    QCOMPARE(loaded->request.bytes.method, recipe.request.bytes.method);
    QCOMPARE(loaded->request.decode.rowsAt, recipe.request.decode.rowsAt);
    QCOMPARE(loaded->request.bytes.headers.size(), std::size_t(1));
    QCOMPARE(loaded->request.missingSecrets, std::vector<std::string>{"Authorization"});
}

void TestRecipe::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const char *text, ErrorCode code) {
        QTest::addRow("%s", name) << QByteArray(text) << static_cast<int>(code);
    };
    row("empty file", "", ErrorCode::SyntaxError);
    row("no JSON", "url = x", ErrorCode::SyntaxError);
    row("another document", "{\"a\":1}", ErrorCode::InvalidArgument);
    row("of a later version", "{\"freshetRecipe\":99}", ErrorCode::InvalidArgument);
    row("without a request", "{\"freshetRecipe\":1,\"name\":\"x\"}", ErrorCode::InvalidArgument);
}

void TestRecipe::refusesWhatIsNone()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, code);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("x.recipe.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
    file.close();
    const auto loaded = Recipe::load(file.fileName().toStdString());
    QVERIFY(!loaded);
    QCOMPARE(static_cast<int>(loaded.error().code), code);
    QCOMPARE(static_cast<int>(Recipe::load("/nowhere/x.recipe.json").error().code),
             static_cast<int>(ErrorCode::FileNotFound));
}

void TestRecipe::listsAFolder()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QCOMPARE(recipesIn(path / "missing")->size(), std::size_t(0));
    Recipe recipe;
    recipe.request.bytes.url = "http://127.0.0.1/x";
    for (const char *name : {"b", "a"}) {
        recipe.name = name;
        QVERIFY(recipe.save(recipeFile(path, name)).has_value());
    }
    QFile other(folder.filePath(QStringLiteral("notes.txt")));
    QVERIFY(other.open(QIODevice::WriteOnly));
    const auto recipes = recipesIn(path);
    QCOMPARE(recipes->size(), std::size_t(2));
    QCOMPARE(recipes->front().filename().string(), std::string("a.recipe.json"));
}

void TestRecipe::namesFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::addRow("words") << "Orders of today"
                           << "Orders of today.recipe.json";
    QTest::addRow("a path") << "../../etc/x"
                            << "recipe..-..-etc-x.recipe.json";
    QTest::addRow("nothing") << ""
                             << "recipe.recipe.json";
    QTest::addRow("umlauts") << "Zahlen für März"
                             << "Zahlen für März.recipe.json";
}

void TestRecipe::namesFiles()
{
    QFETCH(const QString, name);
    QFETCH(const QString, file);
    QCOMPARE(QString::fromStdString(recipeFile("/x", name.toStdString()).filename().string()),
             file);
}

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"

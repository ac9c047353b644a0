// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "error_banner.h"
#include "library/library_model.h"
#include "library/library_panel.h"
#include "source/call_page.h"
#include "source/method_tree.h"
#include "source/source_commands.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "text/trial_text.h"
#include "transfer/shell_words.h"
#include "widgets/detail_list.h"
#include "window_fixture.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabBar>

using namespace freshet;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;
using ui::Trial;

namespace {

constexpr int kPatienceMs = 60'000;

template <typename T>
T *child(const QWidget &widget, const char *name)
{
    return widget.findChild<T *>(QLatin1String(name));
}

DownloadRequest requestFor(const std::string &url)
{
    DownloadRequest request;
    request.bytes.url = url;
    return request;
}

void waitFor(const Trial &trial)
{
    QTRY_VERIFY_WITH_TIMEOUT(!trial.isRunning(), kPatienceMs);
}

} // namespace

/// What the source dialog does with a request: trying it, keeping it, handing it on.
class TestSourceTrial : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void triesARequest_data();
    void triesARequest();
    void saysWhatWentWrong_data();
    void saysWhatWentWrong();
    void aTrialCanBeCancelled();
    void aLaterTrialTakesThePlaceOfAnEarlier();
    void foundPagesAreShownBeforeTheyAreUsed();
    void findsMethods();
    void savesAndRunsARecipe();
    void aRecipeWithSecretsAsksForThem();
    void removesARecipe();
    void aBrokenRecipeSaysWhy();
    void importsACurlCommand();
    void copiesCommands();

private:
    SourceDialog *open(const DownloadRequest &request);
    /// The row of the library's model with a recipe of this name.
    QModelIndex recipe(const QString &name) const;

    std::unique_ptr<WindowFixture> m;
};

SourceDialog *TestSourceTrial::open(const DownloadRequest &request)
{
    m->window->requestBar().setRequest(request);
    m->window->actions()[ui::ActionId::EditSource]->trigger();
    return m->window->findChild<SourceDialog *>();
}

QModelIndex TestSourceTrial::recipe(const QString &name) const
{
    const auto *model = m->window->libraryPanel().findChild<QListView *>()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        if (index.data(ui::LibraryModel::IsRecipeRole).toBool() && index.data().toString() == name)
            return index;
    }
    return {};
}

void TestSourceTrial::triesARequest_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("rows");
    QTest::addColumn<bool>("isCutShort");
    QTest::addColumn<QStringList>("said");
    const auto row = [](const char *name, const char *path, int rows, bool isCutShort,
                        const QStringList &said) {
        QTest::newRow(name) << QByteArray(path) << rows << isCutShort << said;
    };
    const auto list = [](std::initializer_list<const char *> texts) {
        QStringList words;
        for (const char *text : texts)
            words += QString::fromUtf8(text);
        return words;
    };
    row("few rows", "/api/users/stream?rows=7", 7, false,
        list({"Format: NDJSON", "Verified.", "id: integer"}));
    row("a slow stream", "/api/users/stream?rows=100000&rate=2000", 100, true,
        list({"Format: NDJSON", "Not known from the first rows", "created_at"}));
    row("a JSON document", "/api/users?rows=3000", 100, false,
        list({"Format: JSON", "Rows at: $", "Nothing in the answer points to further pages"}));
    row("CSV", "/api/users.csv?rows=50", 50, false, list({"Format: CSV", "Verified."}));
    row("events", "/api/users/sse?rows=50", 50, false, list({"Format: events (SSE)", "Verified."}));
    row("pages", "/api/users?rows=3000&limit=40&page=1", 40, false,
        list({"Pages", "looks like pages by"}));
}

void TestSourceTrial::triesARequest()
{
    QFETCH(QByteArray, path);
    QFETCH(int, rows);
    QFETCH(bool, isCutShort);
    QFETCH(QStringList, said);
    DownloadRequest request = requestFor(m->server->origin() + path.toStdString());
    // Asked for anything, the demo server would stream lines.
    if (said.contains(QStringLiteral("Format: JSON")))
        request.decode.format = decode::Format::Json;
    auto *dialog = open(request);
    child<QPushButton>(*dialog, "tryButton")->click();
    const Trial &trial = dialog->trialView().trial();
    QVERIFY(trial.isRunning());
    QCOMPARE(child<QPushButton>(*dialog, "tryButton")->text(), QStringLiteral("Cancel"));
    waitFor(trial);
    QVERIFY(!trial.error());
    QVERIFY(trial.findings().has_value());
    QCOMPARE(trial.findings()->shownRows, RowCount(rows));
    QCOMPARE(trial.findings()->isCutShort, isCutShort);
    const auto *grid = dialog->findChild<ui::DatasetGrid *>();
    QCOMPARE(grid->rowCount(), RowCount(rows));
    QVERIFY(grid->isVisible());
    const QString explanation = dialog->trialView().explanation().plainText();
    for (const QString &words : said)
        QVERIFY2(explanation.contains(words, Qt::CaseInsensitive), qPrintable(explanation));
    // The library knows nothing of it.
    QVERIFY(m->library->list()->empty());
}

void TestSourceTrial::saysWhatWentWrong_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("next");
    QTest::newRow("nothing there")
        << QByteArray("/nothing") << QStringLiteral("404") << QStringLiteral("Check the path");
    QTest::newRow("nobody there") << QByteArray("http://127.0.0.1:1/x")
                                  << QStringLiteral("could not be reached")
                                  << QStringLiteral("Check host");
}

void TestSourceTrial::saysWhatWentWrong()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, what);
    QFETCH(QString, next);
    const std::string url =
        path.startsWith('/') ? m->server->origin() + path.toStdString() : path.toStdString();
    auto *dialog = open(requestFor(url));
    dialog->tryRequest();
    waitFor(dialog->trialView().trial());
    QVERIFY(dialog->trialView().trial().error().has_value());
    const auto *banner = dialog->findChild<ui::ErrorBanner *>();
    QVERIFY(banner->isVisible());
    QVERIFY2(banner->text().what.contains(what), qPrintable(banner->text().what));
    QVERIFY2(banner->text().next.contains(next), qPrintable(banner->text().next));
    // The next try begins without it.
    child<QLineEdit>(*dialog, "sourceUrl")->setText(QString::fromStdString(m->demoUrl("rows=3")));
    dialog->tryRequest();
    waitFor(dialog->trialView().trial());
    QVERIFY(!banner->isVisible());
    QCOMPARE(dialog->findChild<ui::DatasetGrid *>()->rowCount(), RowCount(3));
}

void TestSourceTrial::aTrialCanBeCancelled()
{
    auto *dialog = open(requestFor(m->demoUrl("rows=1000&rate=1")));
    auto *button = child<QPushButton>(*dialog, "tryButton");
    button->click();
    const Trial &trial = dialog->trialView().trial();
    QVERIFY(trial.isRunning());
    button->click();
    waitFor(trial);
    QCOMPARE(trial.error()->code, ErrorCode::Cancelled);
    QVERIFY(!dialog->findChild<ui::ErrorBanner *>()->isVisible());
    QVERIFY(button->text().contains(u"100"));
}

void TestSourceTrial::aLaterTrialTakesThePlaceOfAnEarlier()
{
    Trial trial;
    QSignalSpy ended(&trial, &Trial::ended);
    trial.start(requestFor(m->demoUrl("rows=1000&rate=1")));
    trial.start(requestFor(m->demoUrl("rows=1000&rate=1")));
    trial.start(requestFor(m->demoUrl("rows=5")));
    QTRY_VERIFY_WITH_TIMEOUT(!trial.isRunning(), kPatienceMs);
    QCOMPARE(trial.rows()->rowCount(), RowCount(5));
    QCOMPARE(ended.count(), 1);
}

void TestSourceTrial::foundPagesAreShownBeforeTheyAreUsed()
{
    DownloadRequest request =
        requestFor(m->server->origin() + "/api/users?rows=300&cursor=&limit=40");
    auto *dialog = open(request);
    QVERIFY(!dialog->request().pages.has_value());
    dialog->tryRequest();
    waitFor(dialog->trialView().trial());
    QCOMPARE(dialog->findChild<ui::DatasetGrid *>()->rowCount(), RowCount(40));
    QVERIFY(!dialog->request().pages.has_value());
    auto *tabs = child<QTabBar>(*dialog, "sourceTabs");
    for (int i = 0; i < tabs->count(); ++i) {
        if (tabs->tabText(i) == QLatin1String("Pages"))
            tabs->setCurrentIndex(i);
    }
    auto *use = child<QPushButton>(*dialog, "useFoundPages");
    QTRY_VERIFY(use->isVisible());
    use->click();
    QVERIFY(dialog->request().pages.has_value());
    QCOMPARE(dialog->request().pages->style, transfer::PageStyle::Cursor);
    // What is chosen now is followed by the next try, as far as it needs.
    dialog->tryRequest();
    waitFor(dialog->trialView().trial());
    QCOMPARE(dialog->findChild<ui::DatasetGrid *>()->rowCount(), RowCount(100));
    child<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(300));
}

void TestSourceTrial::findsMethods()
{
    DownloadRequest request = requestFor(m->server->origin());
    request.grpc = transfer::GrpcCall{.schema = {.protoFiles = {FRESHET_DEMO_PROTO}}};
    auto *dialog = open(request);
    QCOMPARE(QByteArray(dialog->kind().id), QByteArray("grpc-web"));
    child<QPushButton>(*dialog, "findMethods")->click();
    auto *tree = dialog->findChild<ui::MethodTree *>();
    QTRY_VERIFY_WITH_TIMEOUT(tree->topLevelItemCount() == 1, kPatienceMs);
    QCOMPARE(tree->topLevelItem(0)->childCount(), 2);
    tree->setCurrentItem(tree->topLevelItem(0)->child(0));
    QCOMPARE(child<QLineEdit>(*dialog, "grpcMethod")->text(),
             QStringLiteral("users.UserService/ListUsers"));
    auto *message = child<QPlainTextEdit>(*dialog, "grpcMessage");
    QVERIFY2(message->toPlainText().contains(u"batch_size"), qPrintable(message->toPlainText()));
    // What the user wrote stays.
    message->setPlainText(QStringLiteral("{\"rows\": 30}"));
    tree->setCurrentItem(tree->topLevelItem(0)->child(1));
    QCOMPARE(message->toPlainText(), QStringLiteral("{\"rows\": 30}"));
    dialog->tryRequest();
    waitFor(dialog->trialView().trial());
    QCOMPARE(dialog->findChild<ui::DatasetGrid *>()->rowCount(), RowCount(30));
    child<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(30));
    // The source of the dataset can be edited as it was written down.
    m->window->actions()[ui::ActionId::EditSource]->trigger();
    const auto dialogs = m->window->findChildren<SourceDialog *>();
    QCOMPARE(dialogs.back()->request().bytes.url, m->server->origin());
    QCOMPARE(dialogs.back()->request().grpc->requestJson, std::string("{\"rows\": 30}"));
}

void TestSourceTrial::savesAndRunsARecipe()
{
    DownloadRequest request = requestFor(m->demoUrl("rows=25"));
    request.decode.format = decode::Format::Ndjson;
    auto *dialog = open(request);
    child<QPushButton>(*dialog, "saveRecipe")->click();
    auto *field = child<QLineEdit>(*m->window, "recipeName");
    QVERIFY(field != nullptr);
    field->setText(QStringLiteral("Twenty-five users"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(recipe(QStringLiteral("Twenty-five users")).isValid(), kPatienceMs);
    dialog->close();
    const QModelIndex index = recipe(QStringLiteral("Twenty-five users"));
    QCOMPARE(index.data(ui::LibraryModel::FactRole).toString(),
             QStringLiteral("NDJSON · 127.0.0.1"));
    const auto loaded =
        transfer::Recipe::load(index.data(ui::LibraryModel::IdRole).toString().toStdString());
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->request.bytes.url, request.bytes.url);
    // Activating it shows its source, the word under its name gets it.
    auto *view = m->window->libraryPanel().findChild<QListView *>();
    Q_EMIT view->activated(index);
    auto *shown = m->window->findChildren<SourceDialog *>().back();
    QVERIFY(shown->windowTitle().contains(u"Twenty-five users"));
    shown->close();
    Q_EMIT m->window->libraryPanel().recipeGetRequested(
        index.data(ui::LibraryModel::IdRole).toString());
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(25));
    QCOMPARE(m->tab()->session()->name(), QStringLiteral("Twenty-five users"));
}

void TestSourceTrial::aRecipeWithSecretsAsksForThem()
{
    const auto folder = transfer::recipeFolder(m->library->folder());
    std::filesystem::create_directories(folder);
    DownloadRequest request = requestFor(m->demoUrl("rows=5"));
    request.bytes.headers = {{"X-Api-Key", "s3cret"}};
    QVERIFY((transfer::Recipe{.name = "secret", .request = request}.save(
                 transfer::recipeFile(folder, "secret")))
                .has_value());
    m->restart();
    QTRY_VERIFY_WITH_TIMEOUT(recipe(QStringLiteral("secret")).isValid(), kPatienceMs);
    Q_EMIT m->window->libraryPanel().recipeGetRequested(
        recipe(QStringLiteral("secret")).data(ui::LibraryModel::IdRole).toString());
    QVERIFY(m->window->findChild<SourceDialog *>() != nullptr);
    QVERIFY(m->tab() == nullptr);
}

void TestSourceTrial::removesARecipe()
{
    const auto folder = transfer::recipeFolder(m->library->folder());
    std::filesystem::create_directories(folder);
    const auto file = transfer::recipeFile(folder, "old");
    QVERIFY((transfer::Recipe{.name = "old", .request = requestFor("http://h/")}.save(file))
                .has_value());
    m->restart();
    QTRY_VERIFY_WITH_TIMEOUT(recipe(QStringLiteral("old")).isValid(), kPatienceMs);
    auto &panel = m->window->libraryPanel();
    panel.askToRemove(QString::fromStdString(file.string()));
    m->visibleChild<QPushButton>("confirmRemove")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!recipe(QStringLiteral("old")).isValid(), kPatienceMs);
    QVERIFY(!std::filesystem::exists(file));
}

void TestSourceTrial::aBrokenRecipeSaysWhy()
{
    const auto folder = transfer::recipeFolder(m->library->folder());
    std::filesystem::create_directories(folder);
    QFile file(QString::fromStdString(transfer::recipeFile(folder, "broken").string()));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"freshetRecipe\": 1,") > 0);
    file.close();
    m->restart();
    QTRY_VERIFY_WITH_TIMEOUT(recipe(QStringLiteral("broken")).isValid(), kPatienceMs);
    const QModelIndex index = recipe(QStringLiteral("broken"));
    QCOMPARE(index.data(ui::LibraryModel::FactRole).toString(), QStringLiteral("cannot be read"));
    Q_EMIT m->window->libraryPanel().recipeRequested(
        index.data(ui::LibraryModel::IdRole).toString());
    QVERIFY(m->window->findChild<SourceDialog *>() == nullptr);
    QVERIFY(!m->errorWhat().isEmpty());
}

void TestSourceTrial::importsACurlCommand()
{
    auto *dialog = open({});
    child<QPushButton>(*dialog, "importCurl")->click();
    auto *text = child<QPlainTextEdit>(*dialog, "curlText");
    QVERIFY(text != nullptr);
    auto *question = child<QDialog>(*dialog, "importCurl");
    auto *import = question->findChild<QPushButton *>();
    for (auto *button : question->findChildren<QPushButton *>()) {
        if (button->property("primary").toBool())
            import = button;
    }
    text->setPlainText(QStringLiteral("curl 'https://h' --upload-file x"));
    import->click();
    QVERIFY(question->isVisible());
    text->setPlainText(
        QStringLiteral("curl -X PUT 'https://h/rows?a=1' -H 'X-Team: blue' -d '{\"a\":1}'"));
    import->click();
    QCOMPARE(dialog->request().bytes.url, std::string("https://h/rows?a=1"));
    QCOMPARE(dialog->request().bytes.method, std::string("PUT"));
    QCOMPARE(dialog->request().bytes.body, std::string("{\"a\":1}"));
}

void TestSourceTrial::copiesCommands()
{
    DownloadRequest request = requestFor("https://h/rows?token=s3cret");
    request.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    request.limit = RowCount(10);
    for (const auto form : {ui::CommandForm::Curl, ui::CommandForm::FreshetCli}) {
        const auto said = ui::copyAsCommand(request, form);
        QVERIFY(said.has_value());
        QVERIFY(said->contains(u"variables"));
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY2(!text.contains(u"s3cret"), qPrintable(text));
        const auto words = transfer::shellWords(text.toStdString());
        QVERIFY(words.has_value());
        QCOMPARE(words->front(),
                 std::string(form == ui::CommandForm::Curl ? "curl" : "freshet-cli"));
    }
    request.bytes.headers.clear();
    request.bytes.url = "https://h/";
    QVERIFY(!ui::copyAsCommand(request, ui::CommandForm::Curl)->contains(u"variables"));
    request.bytes.url = "wss://h/";
    QVERIFY(!ui::copyAsCommand(request, ui::CommandForm::Curl).has_value());
}

QTEST_MAIN(TestSourceTrial)
#include "tst_source_trial.moc"

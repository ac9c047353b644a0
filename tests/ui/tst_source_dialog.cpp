// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"
#include "demo/users_table.h"
#include "source/header_table.h"
#include "source/kind_list.h"
#include "source/source_dialog.h"
#include "source_fields.h"
#include "widgets/notice_line.h"
#include "window_fixture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>

using namespace freshet;
using test::field;
using test::kindCalled;
using test::requestFor;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;
using ui::SourceKind;

namespace {

/// The dialog's own, not one of its pages'.
ui::NoticeLine *noticeOf(const SourceDialog &dialog)
{
    return dialog.findChild<ui::NoticeLine *>(QString(), Qt::FindDirectChildrenOnly);
}

QStringList tabsOf(const SourceDialog &dialog)
{
    const auto *bar = field<QTabBar>(dialog, "sourceTabs");
    QStringList names;
    for (int i = 0; i < bar->count(); ++i)
        names += bar->tabText(i);
    return names;
}

/// A request with something at everything that the dialog can say about HTTP.
DownloadRequest fullRequest()
{
    DownloadRequest request = requestFor("https://h/rows?a=1", decode::Format::Json);
    request.bytes.method = "POST";
    request.bytes.headers = {{"X-Team", "blue"}, {"Authorization", "Bearer s3cret"}};
    request.bytes.body = "{\"all\": true}";
    request.bytes.acceptEncoding = "gzip";
    request.bytes.version = transport::HttpVersion::Http1;
    request.bytes.proxy = "http://p:3128";
    request.bytes.caFile = "/etc/ca.pem";
    request.decode.rowsAt = "$.rows";
    request.decode.flatten = false;
    request.limit = RowCount(1000);
    request.ring = RowCount(500);
    request.onBadRow = transfer::OnBadRow::Stop;
    request.maxBadRows = 7;
    request.retry.maxRetries = 3;
    request.retry.isSafe = true;

    return request;
}

} // namespace

class TestSourceDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachKindGivesBackWhatItWasGiven_data();
    void eachKindGivesBackWhatItWasGiven();
    void aRequestIsOfItsKind_data();
    void aRequestIsOfItsKind();
    void keepsWhatDoesNotFitUntilItDoes();
    void secretsAreDots();
    void missingSecretsAreAskedFor();
    void namesWhatIsMissing();
    void changesSchemes_data();
    void changesSchemes();
    void theOptionsButtonOpensIt();
    void theStartPageOpensIt();
    void getsFromTheDialog();
    void keepsTheLastRows();
};

void TestSourceDialog::eachKindGivesBackWhatItWasGiven_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const SourceKind &kind : ui::sourceKinds())
        QTest::newRow(kind.id) << QByteArray(kind.id);
}

void TestSourceDialog::eachKindGivesBackWhatItWasGiven()
{
    QFETCH(QByteArray, id);
    const SourceKind &kind = kindCalled(id.constData());
    DownloadRequest request = fullRequest();
    if (id == "s3" || id == "sftp") // which are told by their addresses
        request.bytes.url = id.toStdString() + "://place/rows.csv";
    if (id == "files")
        request.bytes.url = "/data/rows.csv";
    kind.settle(request);
    const ui::Theme theme(*qApp);
    const SourceDialog dialog(request, {}, theme, nullptr);
    QCOMPARE(dialog.kind().id, kind.id);
    QCOMPARE(QByteArray::fromStdString(dialog.request().toJson()),
             QByteArray::fromStdString(request.toJson()));
    QCOMPARE(dialog.request().bytes.headers.size(), request.bytes.headers.size());
    for (std::size_t i = 0; i < request.bytes.headers.size(); ++i)
        QCOMPARE(dialog.request().bytes.headers[i].value, request.bytes.headers[i].value);
    // What was settled once is settled.
    DownloadRequest again = request;
    kind.settle(again);
    QCOMPARE(again.toJson(), request.toJson());
    for (auto *control : dialog.findChildren<QWidget *>()) {
        const bool isField = qobject_cast<QLineEdit *>(control) != nullptr ||
                             qobject_cast<QPlainTextEdit *>(control) != nullptr ||
                             qobject_cast<QComboBox *>(control) != nullptr;
        const bool isInner = qobject_cast<QComboBox *>(control->parentWidget()) != nullptr ||
                             qobject_cast<QAbstractSpinBox *>(control->parentWidget()) != nullptr;
        if (isField && !isInner)
            QVERIFY2(!control->accessibleName().isEmpty(), control->metaObject()->className());
    }
}

void TestSourceDialog::aRequestIsOfItsKind_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("id");
    const auto row = [](const char *name, const DownloadRequest &request, const char *id) {
        QTest::newRow(name) << QByteArray::fromStdString(request.toJson()) << QByteArray(id);
    };
    using decode::Format;
    row("nothing known", requestFor(""), "auto");
    row("JSON", requestFor("https://h/", Format::Json), "json");
    row("events", requestFor("https://h/", Format::Sse), "sse");
    row("a path", requestFor("/data/x.csv"), "files");
    row("a path with its format", requestFor("/data/x", Format::Csv), "files");
    row("a prefix", requestFor("s3://b/x/"), "s3");
    DownloadRequest listed = requestFor("s3://b/x/");
    listed.files = transfer::FileSet{.sources = {{"s3://b/x/1.csv"}, {"s3://b/x/2.csv"}}};
    row("a prefix, and what it stood for", listed, "s3");
    listed.files->sources.push_back({"s3://other/3.csv"});
    row("a prefix and more", listed, "files");
    DownloadRequest several = requestFor("https://h/1.csv");
    several.files = transfer::FileSet{.sources = {{"https://h/1.csv"}, {"https://h/2.csv"}}};
    row("several URLs", several, "files");
}

void TestSourceDialog::aRequestIsOfItsKind()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, id);
    const auto request = DownloadRequest::fromJson(json.toStdString());
    QVERIFY(request.has_value());
    QCOMPARE(QByteArray(ui::kindOf(*request).id), id);
}

void TestSourceDialog::keepsWhatDoesNotFitUntilItDoes()
{
    const ui::Theme theme(*qApp);
    DownloadRequest request = requestFor("https://h/", decode::Format::Csv);
    request.decode.delimiter = ';';
    SourceDialog dialog(request, {}, theme, nullptr);
    QVERIFY(tabsOf(dialog).contains(QStringLiteral("Rows")));
    QVERIFY(field<QLineEdit>(dialog, "rowsAt") == nullptr);
    dialog.chooseKind(kindCalled("json"));
    auto *rowsAt = field<QLineEdit>(dialog, "rowsAt");
    QVERIFY(rowsAt != nullptr);
    rowsAt->setText(QStringLiteral("$.items"));
    QCOMPARE(dialog.request().decode.rowsAt, std::string("$.items"));
    dialog.chooseKind(kindCalled("csv"));
    QCOMPARE(dialog.request().decode.delimiter, ';');
    dialog.chooseKind(kindCalled("json"));
    QCOMPARE(field<QLineEdit>(dialog, "rowsAt")->text(), QStringLiteral("$.items"));
}

void TestSourceDialog::secretsAreDots()
{
    const ui::Theme theme(*qApp);
    SourceDialog dialog(fullRequest(), {}, theme, nullptr);
    dialog.show();
    auto *table = dialog.findChild<ui::HeaderTable *>();
    const QModelIndex secret = table->model()->index(1, 1);
    QCOMPARE(secret.data().toString(), QStringLiteral("Bearer s3cret"));
    const auto *delegate = table->itemDelegate();
    QStyleOptionViewItem option;
    option.initFrom(table);
    option.rect = table->visualRect(secret);
    QImage shown(option.rect.size(), QImage::Format_RGB32);
    const auto painted = [&](const QString &value) {
        table->item(1, 1)->setText(value);
        shown.fill(Qt::white);
        QPainter painter(&shown);
        QStyleOptionViewItem here = option;
        here.rect.moveTo(0, 0);
        delegate->paint(&painter, here, secret);
        return shown.copy();
    };
    // Whatever the secret is, it looks the same.
    const QImage first = painted(QStringLiteral("Bearer s3cret"));
    QCOMPARE(painted(QStringLiteral("x")), first);
    table->item(1, 0)->setText(QStringLiteral("X-Plain"));
    QVERIFY(painted(QStringLiteral("x")) != first);
}

void TestSourceDialog::missingSecretsAreAskedFor()
{
    const ui::Theme theme(*qApp);
    auto kept = DownloadRequest::fromJson(fullRequest().toJson());
    QVERIFY(kept.has_value());
    SourceDialog dialog(*kept, {}, theme, nullptr);
    auto *table = dialog.findChild<ui::HeaderTable *>();
    QCOMPARE(table->item(1, 0)->text(), QStringLiteral("Authorization"));
    QCOMPARE(dialog.request().bytes.headers.size(), std::size_t(1));
    dialog.show();
    QSignalSpy got(&dialog, &SourceDialog::getRequested);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 0);
    QVERIFY(noticeOf(dialog)->sentence().contains(u"Authorization"));
    table->item(1, 1)->setText(QStringLiteral("Bearer again"));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 1);
}

void TestSourceDialog::namesWhatIsMissing()
{
    const ui::Theme theme(*qApp);
    SourceDialog dialog({}, {}, theme, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QSignalSpy got(&dialog, &SourceDialog::getRequested);
    field<QTabBar>(dialog, "sourceTabs")->setCurrentIndex(2);
    field<QPushButton>(dialog, "getSource")->click();
    QCOMPARE(got.count(), 0);
    QVERIFY(noticeOf(dialog)->isVisible());
    QCOMPARE(field<QTabBar>(dialog, "sourceTabs")->currentIndex(), 0);
}

void TestSourceDialog::changesSchemes_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("changed");
    QTest::newRow("plain") << QByteArray("http://h:1/x") << QByteArray("ws://h:1/x");
    QTest::newRow("secure") << QByteArray("https://h") << QByteArray("wss://h");
    QTest::newRow("gRPC") << QByteArray("grpcs://h") << QByteArray("wss://h");
    QTest::newRow("as it is") << QByteArray("ws://h") << QByteArray("ws://h");
    QTest::newRow("a path") << QByteArray("/data/x.csv") << QByteArray("/data/x.csv");
    QTest::newRow("a file") << QByteArray("file:///x") << QByteArray("file:///x");
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TestSourceDialog::changesSchemes()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, changed);
    QCOMPARE(QByteArray::fromStdString(ui::withScheme(url.toStdString(), "ws", "wss")), changed);
}

void TestSourceDialog::theOptionsButtonOpensIt()
{
    WindowFixture fixture;
    auto *url = fixture.window->findChild<QLineEdit *>(QStringLiteral("urlField"));
    url->setText(QStringLiteral("http://127.0.0.1:1/x"));
    fixture.window->actions()[ui::ActionId::EditSource]->trigger();
    auto *dialog = fixture.window->findChild<SourceDialog *>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QCOMPARE(field<QLineEdit>(*dialog, "sourceUrl")->text(), url->text());
    field<QLineEdit>(*dialog, "sourceUrl")->setText(QStringLiteral("http://127.0.0.1:1/y"));
    dialog->chooseKind(kindCalled("msgpack"));
    field<QPushButton>(*dialog, "applySource")->click();
    QCOMPARE(url->text(), QStringLiteral("http://127.0.0.1:1/y"));
    QCOMPARE(fixture.window->requestBar().request().decode.format, decode::Format::MsgPack);
}

void TestSourceDialog::theStartPageOpensIt()
{
    const WindowFixture fixture;
    QPushButton *card = nullptr;
    for (auto *button : fixture.window->findChildren<QPushButton *>())
        if (button->accessibleName() == u"Choose a source")
            card = button;
    QVERIFY(card != nullptr);
    card->click();
    const auto *dialog = fixture.window->findChild<SourceDialog *>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
}

void TestSourceDialog::getsFromTheDialog()
{
    WindowFixture fixture;
    fixture.window->actions()[ui::ActionId::NewSource]->trigger();
    auto *dialog = fixture.window->findChild<SourceDialog *>();
    QVERIFY(dialog != nullptr);
    QTest::keyClicks(field<QLineEdit>(*dialog, "sourceUrl"),
                     QString::fromStdString(fixture.demoUrl("rows=500")));
    field<QSpinBox>(*dialog, "limit")->setValue(200);
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), 30'000);
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(200));
}

void TestSourceDialog::keepsTheLastRows()
{
    WindowFixture fixture;
    fixture.window->actions()[ui::ActionId::NewSource]->trigger();
    auto *dialog = fixture.window->findChild<SourceDialog *>();
    QVERIFY(dialog != nullptr);
    QTest::keyClicks(field<QLineEdit>(*dialog, "sourceUrl"),
                     QString::fromStdString(fixture.demoUrl("rows=30000")));
    field<QSpinBox>(*dialog, "ring")->setValue(2500);
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), 60'000);
    auto *grid = fixture.tab()->grid();
    QTRY_COMPARE_WITH_TIMEOUT(grid->rowCount(), RowCount(2500), 60'000);
    // Those are the newest, and how many went is told.
    const auto first = grid->source()->load(RowIndex(0), 0);
    QVERIFY(first.has_value());
    std::string id;
    columnar::appendText(id, first->column, 0);
    QCOMPARE(demo::UsersTable::indexBehind(std::stoll(id)), 27'501);
    bool isTold = false;
    for (const auto &sentence : fixture.tab()->session()->record().evidence)
        isTold = isTold || sentence.find("27,500 older rows made room") != std::string::npos;
    QVERIFY(isTold);
}

QTEST_MAIN(TestSourceDialog)
#include "tst_source_dialog.moc"

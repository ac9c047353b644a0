// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "window_fixture.h"

#include "dialogs/since_dialog.h"
#include "support/raw_server.h"
#include "view_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>

using namespace freshet;
using test::RawServer;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;

Script rowsFrom(int first, int end)
{
    std::string body;
    for (int id = first; id < end; ++id)
        body += "{\"id\":" + std::to_string(id) +
                ",\"name\":\"user\",\"updated_at\":" + std::to_string(1000 + id) + "}\n";
    return Script().send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                         "Content-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
}

columnar::Schema schemaOf(std::initializer_list<const char *> names)
{
    columnar::Schema schema;
    for (const char *name : names)
        schema.fields.push_back({name, {.kind = columnar::TypeKind::Int64}});
    return schema;
}

} // namespace

/// "Fetch what is new": asked once how, then never again.
class TestFetchNew : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsNewIsFetched();
    void secretsAreAskedFor();
    void itIsOfferedWhereItCanBe();
    void theRuleIsWhatWasChosen_data();
    void theRuleIsWhatWasChosen();
    void whatIsMissingIsSaid_data();
    void whatIsMissingIsSaid();
    void pictures_data() { test::addLooks(); }
    void pictures();
};

void TestFetchNew::whatIsNewIsFetched()
{
    WindowFixture fixture;
    RawServer server({rowsFrom(0, 50), rowsFrom(50, 60), rowsFrom(55, 61)});
    fixture.window->getUrl(QString::fromStdString(server.url("/users?sort=updated_at")));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    auto *action = fixture.window->actions()[ui::ActionId::FetchNew];
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    auto *dialog = fixture.visibleChild<ui::SinceDialog>("sinceDialog");
    QVERIFY(dialog != nullptr && !dialog->isModal());
    QCOMPARE(dialog->rule()->text(),
             std::string("param=since,from=column:updated_at,key=id,mode=upsert"));
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("fetchNew")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.tab()->grid()->rowCount(), RowCount(60), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QVERIFY(fixture.errorWhat().isEmpty());
    const QByteArray sent = QByteArray::fromStdString(server.requests().back());
    QVERIFY2(sent.startsWith("GET /users?sort=updated_at&since=1049 "), sent.constData());
    QVERIFY(fixture.tab()->hasPage(ui::TabPage::Runs));

    // Also after a restart, without another question.
    fixture.restart();
    fixture.window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.window->actions()[ui::ActionId::FetchNew]->trigger();
    QVERIFY(fixture.visibleChild<ui::SinceDialog>("sinceDialog") == nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(server.requests().size(), std::size_t(3), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    // Five of its rows were here; the grid opens what is left of them a moment after the end.
    QTRY_COMPARE_WITH_TIMEOUT(fixture.tab()->grid()->rowCount(), RowCount(61), kPatienceMs);
    QVERIFY(server.requests().back().find("since=1059 ") != std::string::npos);
}

void TestFetchNew::secretsAreAskedFor()
{
    WindowFixture fixture;
    RawServer server({rowsFrom(0, 5), rowsFrom(5, 7)});
    transfer::DownloadRequest request;
    request.bytes.url = server.url("/users");
    request.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    request.since = *transfer::SinceRule::parse("param=since,from=id,key=id");
    fixture.window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.restart();
    fixture.window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.window->actions()[ui::ActionId::FetchNew]->trigger();
    auto *secrets = fixture.visibleChild<QDialog>("secretsDialog");
    QVERIFY(secrets != nullptr);
    QTest::keyClicks(secrets->findChild<QLineEdit *>(), QStringLiteral("Bearer s3cret"));
    QTest::mouseClick(secrets->findChild<QPushButton *>(QStringLiteral("resumeWithSecrets")),
                      Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.tab()->grid()->rowCount(), RowCount(7), kPatienceMs);
    QVERIFY(server.requests().back().find("since=4 ") != std::string::npos);
    QVERIFY(server.requests().back().find("Bearer s3cret") != std::string::npos);
}

void TestFetchNew::itIsOfferedWhereItCanBe()
{
    WindowFixture fixture;
    const auto *action = fixture.window->actions()[ui::ActionId::FetchNew];
    QVERIFY(!action->isEnabled());
    // A file stays as it is.
    QFile file(fixture.folder.filePath(QStringLiteral("rows.ndjson")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"id\":1}\n") > 0);
    file.close();
    fixture.window->getUrl(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QTRY_COMPARE(fixture.tab()->session()->record().verdict, std::string("verified"));
    QVERIFY(!action->isEnabled());
    // What is not whole is resumed.
    RawServer cut({Script()
                       .send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                             "Content-Length: 1000\r\n\r\n{\"id\":1}\n")
                       .reset()});
    transfer::DownloadRequest request;
    request.bytes.url = cut.url("/rows");
    request.retry.maxRetries = 0;
    fixture.window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished() && fixture.badge() == QLatin1String("incomplete"),
                             kPatienceMs);
    QVERIFY(!action->isEnabled());
    QVERIFY(fixture.window->actions()[ui::ActionId::Resume]->isEnabled());
}

void TestFetchNew::theRuleIsWhatWasChosen_data()
{
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("origin");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("overlap");
    QTest::addColumn<QString>("rule");
    const auto row = [](const char *title, int place, const char *name, int origin,
                        const char *from, const char *key, int mode, const char *overlap,
                        const char *rule) {
        QTest::newRow(title) << place << QString::fromUtf8(name) << origin
                             << QString::fromUtf8(from) << QString::fromUtf8(key) << mode
                             << QString::fromUtf8(overlap) << QString::fromUtf8(rule);
    };
    row("parameter from a column", 0, "after", 0, "seq", "", 1, "", "param=after,from=column:seq");
    row("header from a header", 1, "X-Since", 1, "X-Next", "id", 0, "",
        "header=X-Since,from=header:X-Next,key=id");
    row("two keys and an overlap", 0, "since", 0, "seq", "id, seq", 1, "10m",
        "param=since,from=column:seq,overlap=600s,key=id+seq,mode=upsert");
    row("event id", 0, "since", 3, "", "", 0, "", "param=since,from=event-id");
}

void TestFetchNew::theRuleIsWhatWasChosen()
{
    QFETCH(const int, place);
    QFETCH(const QString, name);
    QFETCH(const int, origin);
    QFETCH(const QString, from);
    QFETCH(const int, mode);
    QFETCH(const QString, key);
    QFETCH(const QString, overlap);
    QFETCH(const QString, rule);
    WindowFixture fixture;
    ui::SinceDialog dialog(QStringLiteral("users"), schemaOf({"id", "seq"}), fixture.theme,
                           fixture.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    const auto box = [&dialog](const char *objectName) {
        return dialog.findChild<QComboBox *>(QLatin1String(objectName));
    };
    box("sincePlace")->setCurrentIndex(place);
    box("sinceOrigin")->setCurrentIndex(origin);
    box("sinceMode")->setCurrentIndex(mode);
    box("sinceFrom")->setEditText(from);
    box("sinceKey")->setEditText(key);
    dialog.findChild<QLineEdit *>(QStringLiteral("sinceName"))->setText(name);
    dialog.findChild<QLineEdit *>(QStringLiteral("sinceOverlap"))->setText(overlap);
    const auto made = dialog.rule();
    QVERIFY2(made.has_value(), made ? "" : made.error().detail.c_str());
    QCOMPARE(QString::fromStdString(made->text()), rule);
    QVERIFY(dialog.findChild<QPushButton *>(QStringLiteral("fetchNew"))->isEnabled());
}

void TestFetchNew::whatIsMissingIsSaid_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no name") << QStringLiteral("sinceName") << QString()
                             << QStringLiteral("Say under which name the value is sent.");
    QTest::newRow("no column") << QStringLiteral("sinceFrom") << QString()
                               << QStringLiteral("Say where the value comes from.");
    QTest::newRow("a column that is not there")
        << QStringLiteral("sinceFrom") << QStringLiteral("nope")
        << QStringLiteral("There is no column nope.");
    QTest::newRow("a key that is not there")
        << QStringLiteral("sinceKey") << QStringLiteral("id, nope")
        << QStringLiteral("There is no column nope.");
    QTest::newRow("an overlap that is none")
        << QStringLiteral("sinceOverlap") << QStringLiteral("soon") << QStringLiteral("overlap");
}

void TestFetchNew::whatIsMissingIsSaid()
{
    QFETCH(const QString, field);
    QFETCH(const QString, text);
    QFETCH(const QString, sentence);
    WindowFixture fixture;
    ui::SinceDialog dialog(QStringLiteral("users"), schemaOf({"id", "seq"}), fixture.theme,
                           fixture.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    auto *fetch = dialog.findChild<QPushButton *>(QStringLiteral("fetchNew"));
    QVERIFY(fetch->isEnabled());
    if (auto *box = dialog.findChild<QComboBox *>(field))
        box->setEditText(text);
    else
        dialog.findChild<QLineEdit *>(field)->setText(text);
    QVERIFY(!fetch->isEnabled());
    const QString said = dialog.findChild<QLabel *>(QStringLiteral("sinceOutcome"))->text();
    QVERIFY2(said.contains(sentence), qPrintable(said));
}

void TestFetchNew::pictures()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    ui::SinceDialog dialog(QStringLiteral("orders-2026"),
                           schemaOf({"id", "customer", "total", "updated_at"}), fixture.theme,
                           fixture.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    test::keepChecked(&dialog, look.name, QStringLiteral("since"));
    dialog.findChild<QComboBox *>(QStringLiteral("sinceKey"))->setEditText(QString());
    test::keepChecked(&dialog, look.name, QStringLiteral("since-without-key"));
}

QTEST_MAIN(TestFetchNew)
#include "tst_fetch_new.moc"

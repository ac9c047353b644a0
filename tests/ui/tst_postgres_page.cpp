// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "source_fields.h"

#include "source/postgres_page.h"
#include "source/schema_tree.h"
#include "source/source_dialog.h"
#include "source/trial_view.h"
#include "support/postgres_server.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabBar>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::field;
using test::PostgresServer;
using test::requestFor;
using test::WindowFixture;
using transfer::DownloadRequest;
using ui::SourceDialog;

namespace {

constexpr int kPatienceMs = 60'000;

constexpr auto kTables = R"(
create table users (id bigint primary key, name text not null, balance numeric(12,2), joined date);
insert into users select i, 'user ' || i, i * 1.25, date '2026-01-01' + (i % 300)::int
    from generate_series(1, 20000) i;
comment on table users is 'One row a customer';
create table events (happened_at timestamptz, kind text, payload jsonb);
insert into events select now(), 'click', '{"x": 1}' from generate_series(1, 5000);
create view active_users as select * from users where balance > 100;
create table orders (region text not null, id bigint not null, total numeric(10,2),
    primary key (region, id)) partition by list (region);
create table orders_north partition of orders for values in ('north');
create table orders_south partition of orders for values in ('south');
insert into orders select case when i % 2 = 0 then 'north' else 'south' end, i, i
    from generate_series(1, 9000) i;
create schema "Sales Archive";
create table "Sales Archive"."Order" (id int primary key, note text);
create schema empty_one;
create database warehouse;
create database reporting;
analyze;
)";

/// For a picture of what people have: several schemas, names of full length, keys of many columns.
constexpr auto kReporting = R"(
create schema finance;
create table finance.daily_revenue_by_region_and_product_category_with_forecast (
    region_code text, product_category_identifier text, business_day date,
    revenue_before_tax_in_reporting_currency numeric(38,12),
    forecast double precision, taken_at timestamp with time zone not null,
    primary key (region_code, product_category_identifier, business_day));
insert into finance.daily_revenue_by_region_and_product_category_with_forecast
    select 'r' || i % 7, 'c' || i, date '2026-01-01', i, null, now() from generate_series(1, 21000) i;
create table finance.invoices (invoice_no bigint generated always as identity primary key,
    customer_id bigint not null, issued_on date not null, total numeric(14,2), currency char(3),
    note text, unique (customer_id, issued_on));
insert into finance.invoices (customer_id, issued_on, total, currency)
    select i, date '2026-01-01' + i % 300, i * 1.25, 'EUR' from generate_series(1, 180000) i;
create materialized view finance.revenue_by_month as
    select date_trunc('month', issued_on) as month, sum(total) as revenue from finance.invoices
    group by 1;
create schema telemetry;
create table telemetry.events (at timestamptz not null, device uuid not null, payload jsonb,
    primary key (at, device)) partition by range (at);
create table telemetry.events_2026 partition of telemetry.events
    for values from ('2026-01-01') to ('2027-01-01');
insert into telemetry.events select '2026-01-01'::timestamptz + i * interval '1 second',
    gen_random_uuid(), '{}' from generate_series(1, 50000) i;
create view telemetry.latest as select * from telemetry.events order by at desc limit 100;
create table public.settings (name text primary key, value jsonb);
analyze;
)";

} // namespace

/// The page for PostgreSQL against a real server.
class TestPostgresPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void passwordsLeaveTheAddress_data();
    void passwordsLeaveTheAddress();
    void listsWhatTheServerHas();
    void aTableIsPicked_data();
    void aTableIsPicked();
    void otherDatabasesAreOpened();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void aPickedTableIsTriedAndGot();
    void pictures_data() { test::addLooks(); }
    void pictures();

private:
    [[nodiscard]] std::unique_ptr<SourceDialog> dialogFor(const std::string &url);
    void browse(const SourceDialog &dialog);

    std::unique_ptr<ui::Theme> m_theme;
    PostgresServer m_server;
};

void TestPostgresPage::initTestCase()
{
    m_theme = std::make_unique<ui::Theme>(*qApp);
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed; packaging/setup.sh installs it");
    QVERIFY(m_server.start());
    for (const QString &statement : QString::fromLatin1(kTables).split(QLatin1String(";\n"))) {
        if (!statement.trimmed().isEmpty())
            m_server.run(statement);
    }
    m_server.run(QStringLiteral("select"),
                 {u"-c"_s, u"\\connect reporting"_s, u"-c"_s, QString::fromLatin1(kReporting)});
}

std::unique_ptr<SourceDialog> TestPostgresPage::dialogFor(const std::string &url)
{
    auto dialog = std::make_unique<SourceDialog>(requestFor(url, decode::Format::Postgres),
                                                 QString(), *m_theme, nullptr);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->show();
    return dialog;
}

void TestPostgresPage::browse(const SourceDialog &dialog)
{
    const auto *tree = field<ui::SchemaTree>(dialog, "schemaTree");
    field<QPushButton>(dialog, "browseTables")->click();
    QVERIFY(tree->isAsking());
    QTRY_VERIFY_WITH_TIMEOUT(!tree->isAsking(), kPatienceMs);
}

void TestPostgresPage::passwordsLeaveTheAddress_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("a password") << QByteArray("postgresql://me:p%40ss@h:5432/db")
                                << QByteArray("postgresql://me@h:5432/db") << QByteArray("p@ss");
    QTest::newRow("none") << QByteArray("postgresql://me@h:5432/db")
                          << QByteArray("postgresql://me@h:5432/db") << QByteArray();
    QTest::newRow("a port alone") << QByteArray("postgresql://h:5432/db?x=a@b")
                                  << QByteArray("postgresql://h:5432/db?x=a@b") << QByteArray();
}

void TestPostgresPage::passwordsLeaveTheAddress()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, shown);
    QFETCH(QByteArray, password);
    const auto dialog = dialogFor(url.toStdString());
    QCOMPARE(QByteArray(dialog->kind().id), QByteArray("postgres"));
    QCOMPARE(field<QLineEdit>(*dialog, "sourceUrl")->text().toUtf8(), shown);
    const auto *dots = field<QLineEdit>(*dialog, "databasePassword");
    QCOMPARE(dots->text().toUtf8(), password);
    QCOMPARE(dots->echoMode(), QLineEdit::Password);
    const DownloadRequest made = dialog->request();
    QCOMPARE(QByteArray::fromStdString(made.bytes.postgres.password), password);
    if (!password.isEmpty())
        QVERIFY(!QByteArray::fromStdString(made.toJson()).contains(password));
}

void TestPostgresPage::listsWhatTheServerHas()
{
    const auto dialog = dialogFor(m_server.url());
    browse(*dialog);
    const auto *tree = field<ui::SchemaTree>(*dialog, "schemaTree");
    const QString kPublic = QStringLiteral("public");
    const auto *users = tree->tableItem(kPublic, QStringLiteral("users"));
    QVERIFY(users != nullptr);
    QCOMPARE(users->text(1), QStringLiteral("20,000"));
    QCOMPARE(users->text(2), QStringLiteral("id"));
    QVERIFY(users->toolTip(0).contains(u"One row a customer"));
    QCOMPARE(users->parent()->parent()->text(0), QStringLiteral("postgres"));
    const auto *orders = tree->tableItem(kPublic, QStringLiteral("orders"));
    QVERIFY(orders != nullptr);
    QCOMPARE(orders->text(1), QStringLiteral("9,000"));
    QCOMPARE(orders->text(2), QStringLiteral("region, id · partitioned"));
    QVERIFY(tree->tableItem(kPublic, QStringLiteral("orders_north")) == nullptr);
    QCOMPARE(tree->tableItem(kPublic, QStringLiteral("active_users"))->text(2),
             QStringLiteral("view"));
    QVERIFY(!tree->findItems(QStringLiteral("no tables"), Qt::MatchExactly | Qt::MatchRecursive)
                 .isEmpty());

    auto *opened = tree->tableItem(kPublic, QStringLiteral("users"));
    opened->setExpanded(true);
    QTRY_COMPARE_WITH_TIMEOUT(opened->childCount(), 4, kPatienceMs);
    QCOMPARE(opened->child(0)->text(0), QStringLiteral("id"));
    QCOMPARE(opened->child(0)->text(2), QStringLiteral("primary key"));
    QCOMPARE(opened->child(2)->text(1), QStringLiteral("numeric(12,2)"));
    QCOMPARE(opened->child(2)->text(2), QStringLiteral("may be null"));
}

void TestPostgresPage::aTableIsPicked_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("key");
    QTest::newRow("a table") << u"public"_s << u"users"_s
                             << QStringLiteral(R"(select * from "public"."users")") << u"id"_s;
    QTest::newRow("a key of two") << u"public"_s << u"orders"_s
                                  << QStringLiteral(R"(select * from "public"."orders")")
                                  << u"region, id"_s;
    QTest::newRow("no key") << u"public"_s << u"events"_s
                            << QStringLiteral(R"(select * from "public"."events")") << QString();
    QTest::newRow("names that need quotes")
        << u"Sales Archive"_s << u"Order"_s
        << QStringLiteral(R"(select * from "Sales Archive"."Order")") << u"id"_s;
}

void TestPostgresPage::aTableIsPicked()
{
    QFETCH(QString, schema);
    QFETCH(QString, table);
    QFETCH(QString, query);
    QFETCH(QString, key);
    const auto dialog = dialogFor(m_server.url());
    browse(*dialog);
    auto *tree = field<ui::SchemaTree>(*dialog, "schemaTree");
    auto *item = tree->tableItem(schema, table);
    QVERIFY(item != nullptr);
    item->parent()->setExpanded(true);
    tree->scrollToItem(item);
    QSignalSpy picked(tree, &ui::SchemaTree::picked);
    const QPoint place = tree->visualItemRect(item).center();
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE_WITH_TIMEOUT(picked.count(), 1, kPatienceMs);
    QCOMPARE(field<QPlainTextEdit>(*dialog, "databaseQuery")->toPlainText(), query);
    QCOMPARE(field<QLineEdit>(*dialog, "databaseKey")->text(), key);
    QVERIFY(dialog->pages().front()->validate().has_value());
    const auto names = dialog->request().bytes.postgres.range.columns;
    QCOMPARE(names.size(), static_cast<std::size_t>(key.isEmpty() ? 0 : key.count(u',') + 1));
}

void TestPostgresPage::otherDatabasesAreOpened()
{
    m_server.run(QStringLiteral("create table stock (sku text primary key, pieces int)"),
                 {QStringLiteral("-c"), QStringLiteral("\\connect warehouse")});
    const auto dialog = dialogFor(m_server.url());
    browse(*dialog);
    auto *tree = field<ui::SchemaTree>(*dialog, "schemaTree");
    const auto found = tree->findItems(QStringLiteral("warehouse"), Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    found.front()->setExpanded(true);
    const auto stock = [tree] {
        return tree->tableItem(QStringLiteral("public"), QStringLiteral("stock"));
    };
    QTRY_VERIFY_WITH_TIMEOUT(stock() != nullptr, kPatienceMs);
    QSignalSpy picked(tree, &ui::SchemaTree::picked);
    tree->setCurrentItem(stock());
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(picked.count(), 1, kPatienceMs);
    const QString url = field<QLineEdit>(*dialog, "sourceUrl")->text();
    QVERIFY2(url.endsWith(u"/warehouse"), qPrintable(url));
}

void TestPostgresPage::saysWhatIsWrong_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<QString>("part");
    QTest::newRow("no server") << std::string("postgresql://me:s3cret@127.0.0.1:1/db")
                               << u"could not be reached"_s;
    QTest::newRow("no such database")
        << "postgresql://postgres@127.0.0.1:" + std::to_string(m_server.port()) + "/nowhere"
        << u"nowhere"_s;
    QTest::newRow("a password is wanted")
        << "postgresql://guarded@127.0.0.1:" + std::to_string(m_server.port()) + "/postgres"
        << u"password"_s;
    QTest::newRow("another address") << std::string("https://h/") << u"postgresql://"_s;
}

void TestPostgresPage::saysWhatIsWrong()
{
    QFETCH(std::string, url);
    QFETCH(QString, part);
    const auto dialog = dialogFor(url);
    auto *tree = field<ui::SchemaTree>(*dialog, "schemaTree");
    field<QPushButton>(*dialog, "browseTables")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!tree->isAsking(), kPatienceMs);
    const auto *notice = dialog->findChild<ui::PostgresPage *>()->findChild<ui::NoticeLine *>();
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->sentence().contains(part), qPrintable(notice->sentence()));
    QVERIFY(!notice->sentence().contains(u"s3cret"));
    QCOMPARE(tree->topLevelItemCount(), 0);
}

void TestPostgresPage::aPickedTableIsTriedAndGot()
{
    WindowFixture fixture;
    DownloadRequest request = requestFor(
        "postgresql://guarded@127.0.0.1:" + std::to_string(m_server.port()) + "/postgres",
        decode::Format::Postgres);
    request.bytes.body = "select * from generate_series(1, 700) as id";
    request.bytes.postgres.range.columns = {"id"};
    auto *dialog = new SourceDialog(request, QString(), fixture.theme, fixture.window.get());
    connect(dialog, &SourceDialog::getRequested, fixture.window.get(),
            [&fixture](const DownloadRequest &made) { fixture.window->get(made); });
    dialog->show();
    QTest::keyClicks(field<QLineEdit>(*dialog, "databasePassword"), QStringLiteral("p@ss word/1"));
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    field<QPushButton>(*dialog, "getSource")->click();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    QCOMPARE(fixture.tab()->grid()->rowCount(), RowCount(700));
    QCOMPARE(fixture.badge(), QStringLiteral("verified"));
    // Nothing that was kept holds the password.
    QDir library(fixture.folder.path());
    const auto kept = fixture.library->list();
    QVERIFY(kept.has_value() && kept->size() == 1);
    QVERIFY(!QByteArray::fromStdString(kept->front().request).contains("ss word"));
}

void TestPostgresPage::pictures()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    auto *dialog = new SourceDialog(requestFor(m_server.url(), decode::Format::Postgres), QString(),
                                    fixture.theme, fixture.window.get());
    dialog->show();
    if (look.fontScale > 1)
        dialog->resize(look.size);
    const auto keep = [&](const char *stage) {
        QTest::qWait(60); // for the picture: the grid reads on a worker
        test::keepChecked(dialog, look.name, QStringLiteral("postgres-") + QLatin1String(stage));
    };
    keep("empty");
    browse(*dialog);
    auto *tree = field<ui::SchemaTree>(*dialog, "schemaTree");
    auto *users = tree->tableItem(QStringLiteral("public"), QStringLiteral("users"));
    QVERIFY(users != nullptr);
    QSignalSpy picked(tree, &ui::SchemaTree::picked);
    tree->setCurrentItem(users);
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(picked.count(), 1, kPatienceMs);
    users->setExpanded(true);
    keep("browsed");
    auto *reporting = tree->findItems(u"reporting"_s, Qt::MatchExactly).front();
    reporting->setExpanded(true);
    QTRY_VERIFY_WITH_TIMEOUT(tree->tableItem(u"finance"_s, u"invoices"_s) != nullptr, kPatienceMs);
    for (int i = 0; i < reporting->childCount(); ++i)
        reporting->child(i)->setExpanded(true);
    auto *longest = reporting->child(0)->child(0);
    longest->setExpanded(true);
    QTRY_COMPARE_WITH_TIMEOUT(longest->childCount(), 6, kPatienceMs);
    tree->scrollToItem(reporting, QAbstractItemView::PositionAtTop);
    keep("browsed-far");
    tree->scrollToItem(users);
    dialog->tryRequest();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->trialView().trial().isRunning(), kPatienceMs);
    keep("tried");
    field<QTabBar>(*dialog, "sourceTabs")->setCurrentIndex(1);
    keep("fetching");
    dialog->close();
}

QTEST_MAIN(TestPostgresPage)
#include "tst_postgres_page.moc"

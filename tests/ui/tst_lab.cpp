// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "window_fixture.h"

#include "lab/findings_panel.h"
#include "lab/lab_list.h"
#include "lab/lab_tab.h"
#include "lab/lab_tabs.h"
#include "lab/metric.h"
#include "lab/report.h"
#include "lab/results_page.h"
#include "lab/setup_page.h"
#include "lab/summary_model.h"
#include "library/library_model.h"
#include "library/library_panel.h"
#include "session_list.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QListView>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

using namespace freshet;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// The lab as a user goes through it: set up, run, read, compare, save.
class TestLab : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void startsFromTheDatasetInFront();
    void choicesBecomeVariants_data();
    void choicesBecomeVariants();
    void everyStage_data();
    void everyStage();
    void manyVariantsAreRun();
    void aVariantThatFailsIsNamed();
    void stoppingKeepsTheRuns();
    void theLibraryListsSessions();
    void theLibraryRemovesASession();
    void secretsAreAskedForAgain();
    void sortsByFigures();
    void zoomsAndTellsFigures();
    void savesReportsAndPictures();

private:
    /// A lab of `formats` over the demo table, set up but not started.
    ui::LabTab *setUp(WindowFixture &fixture, const char *formats, const char *parameters,
                      int runs);
    static void finish(ui::LabTab *lab);
    static bool isDone(const ui::LabTab *lab);
    /// The library's entries of the lab, newest first.
    static QModelIndexList entries(const WindowFixture &fixture);
    static void closeTab(WindowFixture &fixture);
    /// Once what has changed is laid out: text that wraps takes several rounds.
    static void keepPicture(const WindowFixture &fixture, const QString &look,
                            const QString &stage);
};

ui::LabTab *TestLab::setUp(WindowFixture &fixture, const char *formats, const char *parameters,
                           int runs)
{
    fixture.window->actions()[ui::ActionId::NewLab]->trigger();
    ui::LabTab *lab = fixture.window->labs().current();
    if (lab == nullptr)
        return nullptr;
    auto *url = lab->findChild<QLineEdit *>(QStringLiteral("labUrl"));
    url->setText(QString::fromStdString(fixture.demoUrl(parameters, "/api/users")));
    for (const QString &format : QString::fromLatin1(formats).split(u' ', Qt::SkipEmptyParts))
        lab->findChild<QCheckBox *>(QStringLiteral("format-") + format)->setChecked(true);
    lab->findChild<QSpinBox *>(QStringLiteral("labRuns"))->setValue(runs);
    lab->findChild<QCheckBox *>(QStringLiteral("labWarmUp"))->setChecked(false);
    return lab;
}

bool TestLab::isDone(const ui::LabTab *lab)
{
    return !lab->isRunning() && lab->figures() && lab->results()->table()->model()->rowCount() > 0;
}

void TestLab::finish(ui::LabTab *lab)
{
    lab->start();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(lab), kPatienceMs);
}

void TestLab::keepPicture(const WindowFixture &fixture, const QString &look, const QString &stage)
{
    for (int round = 0; round < 5; ++round)
        QCoreApplication::processEvents();
    test::keepChecked(fixture.window.get(), look, stage);
}

QModelIndexList TestLab::entries(const WindowFixture &fixture)
{
    QModelIndexList entries;
    const auto *model = fixture.window->libraryPanel().findChild<QListView *>()->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        if (index.data(ui::LibraryModel::IsLabRole).toBool())
            entries += index;
    }
    return entries;
}

void TestLab::closeTab(WindowFixture &fixture)
{
    auto *tabs = fixture.window->findChild<QTabWidget *>();
    Q_EMIT tabs->tabCloseRequested(tabs->currentIndex());
}

void TestLab::startsFromTheDatasetInFront()
{
    WindowFixture fixture;
    fixture.enterUrl(fixture.demoUrl("rows=500"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.window->actions()[ui::ActionId::NewLab]->trigger();
    const auto *lab = fixture.window->labs().current();
    QVERIFY(lab != nullptr);
    QCOMPARE(lab->findChild<QLineEdit *>(QStringLiteral("labUrl"))->text(),
             QString::fromStdString(fixture.demoUrl("rows=500")));
    QVERIFY(!fixture.window->requestBar().isVisible());
    // Closing it gives the window back to the datasets.
    closeTab(fixture);
    QVERIFY(fixture.window->requestBar().isVisible());
    QVERIFY(fixture.tab() != nullptr);
}

void TestLab::choicesBecomeVariants_data()
{
    QTest::addColumn<QString>("checks");
    QTest::addColumn<QString>("pages");
    QTest::addColumn<int>("variants");
    QTest::newRow("nothing chosen: as it is") << QString() << QString() << 1;
    QTest::newRow("formats") << QStringLiteral("format-json format-ndjson") << QString() << 2;
    QTest::newRow("formats by encodings")
        << QStringLiteral("format-json format-ndjson encoding-identity encoding-gzip") << QString()
        << 4;
    QTest::newRow("pages besides")
        << QStringLiteral("format-ndjson") << QStringLiteral("100 1,000") << 3;
    QTest::newRow("a page size that is none") << QString() << QStringLiteral("many") << 0;
}

void TestLab::choicesBecomeVariants()
{
    QFETCH(QString, checks);
    QFETCH(QString, pages);
    WindowFixture fixture;
    auto *lab = setUp(fixture, "", "rows=10", 2);
    QVERIFY(lab != nullptr);
    for (const QString &check : checks.split(u' ', Qt::SkipEmptyParts))
        lab->findChild<QCheckBox *>(check)->setChecked(true);
    lab->findChild<QLineEdit *>(QStringLiteral("labPages"))->setText(pages);
    const auto plan = lab->setupPage()->plan();
    QTEST(plan ? static_cast<int>(plan->variants.size()) : 0, "variants");
    QCOMPARE(lab->findChild<QPushButton *>(QStringLiteral("labRun"))->isEnabled(),
             plan.has_value());
}

void TestLab::everyStage_data()
{
    test::addLooks();
}

void TestLab::everyStage()
{
    QFETCH(test::Look, look);
    WindowFixture fixture;
    test::takeLook(fixture, look);
    auto *lab = setUp(fixture, "json ndjson csv", "rows=20000", 3);
    QVERIFY(lab != nullptr);
    lab->findChild<QCheckBox *>(QStringLiteral("encoding-identity"))->setChecked(true);
    lab->findChild<QCheckBox *>(QStringLiteral("encoding-gzip"))->setChecked(true);
    keepPicture(fixture, look.name, QStringLiteral("lab-setup"));

    QSignalSpy shown(lab, &ui::LabTab::shown);
    lab->start();
    QVERIFY(shown.wait(kPatienceMs));
    keepPicture(fixture, look.name, QStringLiteral("lab-running"));
    QTRY_VERIFY_WITH_TIMEOUT(isDone(lab), kPatienceMs);
    QTRY_COMPARE(lab->figures()->session.runs.size(), 18U);
    QCOMPARE(lab->results()->table()->model()->rowCount(), 6);
    QCOMPARE(lab->results()->chart()->lines().size(), 6);
    QVERIFY(!lab->findings()->text().isEmpty());
    keepPicture(fixture, look.name, QStringLiteral("lab-result"));

    // Once more, and then held against the first.
    const QString first = lab->sessionId();
    lab->start();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(lab) && lab->sessionId() != first, kPatienceMs);
    auto *earlier = lab->findChild<QComboBox *>(QStringLiteral("labEarlier"));
    QTRY_VERIFY(earlier->findData(first) > 0);
    earlier->setCurrentIndex(earlier->findData(first));
    Q_EMIT earlier->activated(earlier->currentIndex());
    QTRY_VERIFY_WITH_TIMEOUT(lab->figures()->before.has_value(), kPatienceMs);
    QCOMPARE(lab->figures()->changes.variants.size(), 6U);
    keepPicture(fixture, look.name, QStringLiteral("lab-comparison"));
}

void TestLab::manyVariantsAreRun()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "json ndjson csv sse msgpack cbor", "rows=2000", 1);
    QVERIFY(lab != nullptr);
    for (const char *encoding : {"identity", "gzip", "zstd", "br"})
        lab->findChild<QCheckBox *>(QStringLiteral("encoding-") + QLatin1String(encoding))
            ->setChecked(true);
    finish(lab);
    auto *chart = lab->results()->chart();
    QTRY_COMPARE(chart->lines().size(), 24);
    QVERIFY(chart->focus().isCrowded());
    chart->setCurrent(-1);
    // The quickest have colours and names; where the pointer is, the others have them too.
    const QString file = fixture.folder.filePath(QStringLiteral("many.svg"));
    QVERIFY(chart->saveSvg(file));
    QFile saved(file);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    const QByteArray svg = saved.readAll();
    for (const std::size_t line : chart->focus().inFront) {
        const QString &name = chart->lines()[static_cast<qsizetype>(line)].name;
        QVERIFY2(svg.contains(QByteArray(">" + name.toUtf8() + "<")), qPrintable(name));
    }
    QVERIFY(svg.contains(">16 others<"));
    keepPicture(fixture, QStringLiteral("light"), QStringLiteral("lab-many"));
}

void TestLab::aVariantThatFailsIsNamed()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson", "rows=1000&fault=cut:400", 2);
    QVERIFY(lab != nullptr);
    finish(lab);
    QCOMPARE(lab->figures()->failedRuns(), 2);
    QVERIFY(!lab->figures()->summaries.front().lastError.empty());
}

void TestLab::stoppingKeepsTheRuns()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson json", "rows=500", 500);
    QVERIFY(lab != nullptr);
    QSignalSpy shown(lab, &ui::LabTab::shown);
    lab->start();
    QVERIFY(shown.wait(kPatienceMs));
    lab->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(lab), kPatienceMs);
    QTRY_VERIFY(lab->figures()->session.isCancelled);
    QVERIFY(!lab->figures()->session.runs.empty());
    QVERIFY(lab->figures()->session.runs.size() < 1000U);
    // It is kept, and opens in a window that is started anew.
    QTRY_COMPARE(fixture.window->labSessions().entries().size(), 1U);
    fixture.restart();
    QTRY_COMPARE(fixture.window->labSessions().entries().size(), 1U);
    auto *again = fixture.window->labs().open(
        QString::fromStdString(fixture.window->labSessions().entries().front().id));
    QTRY_VERIFY_WITH_TIMEOUT(isDone(again), kPatienceMs);
    QCOMPARE(again->results()->table()->model()->rowCount(), 2);
}

void TestLab::theLibraryListsSessions()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson json", "rows=500", 2);
    QVERIFY(lab != nullptr);
    finish(lab);
    const QString id = lab->sessionId();
    closeTab(fixture);
    QTRY_COMPARE(entries(fixture).size(), 1);
    QAbstractItemModelTester tester(
        fixture.window->libraryPanel().findChild<QListView *>()->model());
    const QModelIndex entry = entries(fixture).front();
    QCOMPARE(entry.data(ui::LibraryModel::IdRole).toString(), id);
    const QString fact = entry.data(ui::LibraryModel::FactRole).toString();
    QVERIFY2(fact.startsWith(QStringLiteral("2 variants · 4 runs · ")), qPrintable(fact));
    QCOMPARE(entry.data(ui::LibraryModel::OfferTextRole).toString(), QStringLiteral("Open"));
    keepPicture(fixture, QStringLiteral("light"), QStringLiteral("lab-library"));

    // Opened from there it shows all that it showed when it was made.
    auto &panel = fixture.window->libraryPanel();
    Q_EMIT panel.findChild<QListView *>()->activated(entry);
    auto *again = fixture.window->labs().current();
    QVERIFY(again != nullptr && again != lab);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(again), kPatienceMs);
    QCOMPARE(again->sessionId(), id);
    QCOMPARE(again->results()->table()->model()->rowCount(), 2);
    QCOMPARE(again->results()->chart()->lines().size(), 2);
    QVERIFY(!again->findings()->text().isEmpty());
    // A second time the tab that it has comes to the front.
    Q_EMIT panel.labRequested(id);
    QCOMPARE(fixture.window->labs().current(), again);

    // Run again, it is one session more; the two are held against each other.
    closeTab(fixture);
    Q_EMIT panel.labRepeatRequested(id);
    auto *repeated = fixture.window->labs().current();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(repeated) && repeated->sessionId() != id, kPatienceMs);
    const QString second = repeated->sessionId();
    closeTab(fixture);
    QTRY_COMPARE(entries(fixture).size(), 2);
    QCOMPARE(entries(fixture).front().data(ui::LibraryModel::IdRole).toString(), second);
    const auto *before = fixture.window->labSessions().before(second);
    QVERIFY(before != nullptr);
    QCOMPARE(QString::fromStdString(before->id), id);
    Q_EMIT panel.labCompareRequested(second, id);
    auto *compared = fixture.window->labs().current();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(compared) && compared->figures()->before, kPatienceMs);
    QCOMPARE(compared->figures()->changes.variants.size(), 2U);
}

void TestLab::theLibraryRemovesASession()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson", "rows=100", 1);
    QVERIFY(lab != nullptr);
    finish(lab);
    QTRY_COMPARE(entries(fixture).size(), 1);
    const auto file = fixture.window->labSessions().entries().front().file;
    auto &panel = fixture.window->libraryPanel();
    panel.setVisible(true); // which the lab has put aside
    panel.askToRemove(lab->sessionId());
    fixture.visibleChild<QPushButton>("confirmRemove")->click();
    QTRY_VERIFY(entries(fixture).isEmpty());
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(fixture.window->labs().current() == nullptr);
}

void TestLab::secretsAreAskedForAgain()
{
    WindowFixture fixture;
    transfer::DownloadRequest base;
    base.bytes.url = fixture.demoUrl("rows=100");
    base.bytes.headers = {{"Authorization", "Bearer s3cret"}};
    auto *lab = fixture.window->labs().setUp(base);
    lab->findChild<QSpinBox *>(QStringLiteral("labRuns"))->setValue(1);
    finish(lab);
    const QString id = lab->sessionId();
    closeTab(fixture);
    fixture.restart();
    QTRY_COMPARE(entries(fixture).size(), 1);
    QFile kept(
        QString::fromStdString(fixture.window->labSessions().entries().front().file.string()));
    QVERIFY(kept.open(QIODevice::ReadOnly) && !kept.readAll().contains("s3cret"));

    auto *again = fixture.window->labs().repeat(id);
    QTRY_VERIFY(fixture.visibleChild<QDialog>("secretsDialog") != nullptr);
    QVERIFY(!again->isRunning());
    auto *dialog = fixture.visibleChild<QDialog>("secretsDialog");
    dialog->findChild<QLineEdit *>()->setText(QStringLiteral("Bearer s3cret"));
    dialog->findChild<QPushButton *>(QStringLiteral("resumeWithSecrets"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(isDone(again) && again->sessionId() != id, kPatienceMs);
    QCOMPARE(again->figures()->failedRuns(), 0);
}

void TestLab::sortsByFigures()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson json csv", "rows=3000", 2);
    QVERIFY(lab != nullptr);
    finish(lab);
    auto *table = lab->results()->table();
    QAbstractItemModelTester tester(table->model());
    const int column = ui::SummaryModel::columnOf(lab::Metric::WireBytes);
    table->sortByColumn(column, Qt::DescendingOrder);
    for (int row = 1; row < table->model()->rowCount(); ++row) {
        const auto value = [&](int at) {
            return table->model()->index(at, column).data(ui::SummaryModel::SortRole).toDouble();
        };
        QVERIFY(value(row - 1) >= value(row));
    }
}

void TestLab::zoomsAndTellsFigures()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson", "rows=3000", 2);
    QVERIFY(lab != nullptr);
    finish(lab);
    auto *chart = lab->results()->chart();
    const auto [from, to] = chart->shownSeconds();
    QCOMPARE(from, 0.0);
    chart->zoom(2, to / 2);
    const auto [zoomedFrom, zoomedTo] = chart->shownSeconds();
    QVERIFY(qAbs((zoomedTo - zoomedFrom) - to / 2) < to * 0.01);
    QVERIFY(zoomedFrom > 0);
    chart->resetZoom();
    QCOMPARE(chart->shownSeconds().second, to);
    // Somewhere along a row of the picture the only line is met.
    QString facts;
    for (int x = 0; x < chart->width() && facts.isEmpty(); x += 4)
        facts = chart->factsAt(QPointF(x, chart->height() / 2.0));
    QVERIFY2(facts.startsWith(chart->lines().front().name), qPrintable(facts));
}

void TestLab::savesReportsAndPictures()
{
    WindowFixture fixture;
    auto *lab = setUp(fixture, "ndjson", "rows=1000", 2);
    QVERIFY(lab != nullptr);
    finish(lab);
    const auto begins = [&](const char *name, const char *magic) {
        const QString file = fixture.folder.filePath(QLatin1String(name));
        const bool isSvg = file.endsWith(QLatin1String(".svg"));
        if (!(isSvg ? lab->results()->chart()->saveSvg(file)
                    : lab->results()->chart()->savePng(file)))
            return false;
        QFile saved(file);
        return saved.open(QIODevice::ReadOnly) && saved.readAll().contains(magic);
    };
    QVERIFY(begins("chart.svg", "<svg"));
    QVERIFY(begins("chart.png", "PNG"));
    QVERIFY(!lab->results()->chart()->savePng(QStringLiteral("/nowhere/chart.png")));
    const QString curves = fixture.folder.filePath(QStringLiteral("curves.csv"));
    QVERIFY(lab::writeCurves(curves.toStdString(), lab->figures()->session).has_value());
    QFile table(curves);
    QVERIFY(table.open(QIODevice::ReadOnly));
    QVERIFY(table.readLine().startsWith("variant,seconds,rows_median"));
    QVERIFY(table.readAll().trimmed().endsWith("1000,1000,1000"));
}

QTEST_MAIN(TestLab)
#include "tst_lab.moc"

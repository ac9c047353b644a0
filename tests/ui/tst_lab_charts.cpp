// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/made_session.h"
#include "pictures.h"

#include "lab/arrival_chart.h"
#include "lab/chart_legend.h"
#include "lab/findings_panel.h"
#include "lab/lab_card.h"
#include "lab/lab_tab.h"
#include "lab/lab_tabs.h"
#include "lab/report.h"
#include "lab/results_page.h"

#include <QAbstractScrollArea>
#include <QTableView>

using namespace freshet;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// The chart of arrivals with few variants and with many, in the window, as pictures and in the
/// report.
class TestLabCharts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void looksOf_data();
    void looksOf();
    void coversTheBulkFirst();
    void aRunUnderWayIsSeen();
    void choosingBringsToTheFront();
    void findingsAreNeverBlank();

private:
    /// The lab with a session of so many variants, as it is opened from the library.
    static ui::LabTab *open(WindowFixture &fixture, int variants);
    static void keepPicture(WindowFixture &fixture, const QString &look, const QString &stage);
};

ui::LabTab *TestLabCharts::open(WindowFixture &fixture, int variants)
{
    const auto session = test::madeSession(variants);
    const auto folder = fixture.folder.filePath(QStringLiteral("library")).toStdString();
    if (!lab::saveSession(folder, session))
        return nullptr;
    auto *lab = fixture.window->labs().open(QString::fromStdString(session.id));
    const auto isShown = [lab, variants] {
        return lab->figures() && lab->results()->table()->model()->rowCount() == variants;
    };
    return QTest::qWaitFor(isShown, kPatienceMs) ? lab : nullptr;
}

void TestLabCharts::keepPicture(WindowFixture &fixture, const QString &look, const QString &stage)
{
    for (int round = 0; round < 5; ++round)
        QCoreApplication::processEvents();
    test::keepChecked(fixture.window.get(), look, stage);
}

void TestLabCharts::looksOf_data()
{
    QTest::addColumn<int>("variants");
    QTest::addColumn<ui::SchemeChoice>("scheme");
    for (const int variants : {3, 12, 40}) {
        QTest::addRow("%d, light", variants) << variants << ui::SchemeChoice::Light;
        QTest::addRow("%d, dark", variants) << variants << ui::SchemeChoice::Dark;
    }
}

void TestLabCharts::looksOf()
{
    QFETCH(int, variants);
    QFETCH(ui::SchemeChoice, scheme);
    WindowFixture fixture;
    const test::Look look{scheme == ui::SchemeChoice::Dark ? QStringLiteral("dark")
                                                           : QStringLiteral("light"),
                          scheme};
    test::takeLook(fixture, look);
    auto *lab = open(fixture, variants);
    QVERIFY(lab != nullptr);
    const QString stage = QStringLiteral("lab-of-%1").arg(variants);
    keepPicture(fixture, look.name, stage);

    // What is saved for somebody else.
    const QString folder = qEnvironmentVariable("FRESHET_SCREENSHOTS", fixture.folder.path());
    const QString base = QDir(folder).filePath(look.name + QLatin1Char('-') + stage);
    const auto *chart = lab->results()->chart();
    QVERIFY(chart->savePng(base + QStringLiteral("-chart.png")));
    QVERIFY(chart->saveSvg(base + QStringLiteral("-chart.svg")));
    const QString report = base + QStringLiteral("-report.html");
    QVERIFY(lab::writeReport(report.toStdString(), lab->figures()->session).has_value());
}

void TestLabCharts::coversTheBulkFirst()
{
    WindowFixture fixture;
    auto *lab = open(fixture, 40);
    QVERIFY(lab != nullptr);
    auto *chart = lab->results()->chart();
    const double bulk = chart->focus().seconds;
    QVERIFY(bulk < 5 && chart->focus().whole > 90);
    QCOMPARE(chart->shownSeconds().second, bulk);
    auto *note = chart->findChild<QLabel *>(QStringLiteral("labRunOn"));
    auto *button = chart->findChild<QPushButton *>(QStringLiteral("labSpan"));
    QVERIFY(note->isVisible() && button->isVisible());
    QVERIFY2(note->text().startsWith(QStringLiteral("4 variants run on, the slowest to 9")),
             qPrintable(note->text()));
    const QString file = fixture.folder.filePath(QStringLiteral("chart.svg"));
    const auto saved = [&] {
        QFile svg(file);
        return chart->saveSvg(file) && svg.open(QIODevice::ReadOnly) ? svg.readAll() : QByteArray();
    };
    QVERIFY(saved().contains("4 variants run on"));

    button->click();
    QCOMPARE(chart->shownSeconds().second, chart->focus().whole);
    QVERIFY(note->text().isEmpty());
    QVERIFY(!saved().contains("4 variants run on"));
    keepPicture(fixture, QStringLiteral("light"), QStringLiteral("lab-of-40-whole"));
    button->click();
    QCOMPARE(chart->shownSeconds().second, bulk);
    // The wheel goes on behind the bulk, a double click comes back.
    chart->zoom(0.5, 0);
    QCOMPARE(chart->shownSeconds().second, 2 * bulk);
    auto *view = chart->findChild<QAbstractScrollArea *>(QStringLiteral("arrivalView"))->viewport();
    QTest::mouseDClick(view, Qt::LeftButton, {}, view->rect().center());
    QCOMPARE(chart->shownSeconds().second, bulk);
    QTest::mouseDClick(view, Qt::LeftButton, {}, view->rect().center());
    QCOMPARE(chart->shownSeconds().second, chart->focus().whole);

    // With three alike there is nothing to say.
    lab = open(fixture, 3);
    QVERIFY(lab != nullptr);
    QVERIFY(!lab->results()->chart()->findChild<QLabel *>(QStringLiteral("labRunOn"))->isVisible());
}

void TestLabCharts::aRunUnderWayIsSeen()
{
    ui::Theme theme(*qApp);
    ui::ArrivalChart chart(theme);
    ui::ArrivalLine quick{.name = QStringLiteral("quick"), .median = {{0, 0}, {1, 100}}};
    ui::ArrivalLine live{.name = QStringLiteral("live"), .variant = 1, .isLive = true};
    chart.setLines({quick});
    const double first = chart.shownSeconds().second;
    live.median = {{0, 0}, {30, 50}};
    chart.setLines({quick, live});
    QVERIFY(first < 1.1 && chart.shownSeconds().second > 30);
    QCOMPARE(chart.focus().colours.size(), 1U);
}

void TestLabCharts::choosingBringsToTheFront()
{
    WindowFixture fixture;
    auto *lab = open(fixture, 40);
    QVERIFY(lab != nullptr);
    auto *chart = lab->results()->chart();
    auto *legend = chart->findChild<ui::ChartLegend *>();
    chart->setCurrent(-1);
    QVERIFY2(legend->accessibleDescription().endsWith(QStringLiteral("32 others")),
             qPrintable(legend->accessibleDescription()));
    // The slowest is grey and has no name until it is chosen.
    QVERIFY(!legend->accessibleDescription().contains(chart->lines().back().name));
    chart->setCurrent(39);
    QVERIFY(legend->accessibleDescription().contains(chart->lines().back().name));
    QVERIFY(legend->accessibleDescription().contains(QStringLiteral("31 others")));
    chart->setCurrent(3);
    keepPicture(fixture, QStringLiteral("light"), QStringLiteral("lab-of-40-chosen"));
}

/// Each run of a lab replaces the cards; were they left to the layout, their place would be empty
/// until it gets round to them.
void TestLabCharts::findingsAreNeverBlank()
{
    const ui::Theme theme(*qApp);
    ui::FindingsPanel panel(theme);
    panel.resize(300, 600);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    for (const int variants : {2, 3}) {
        panel.setFigures(ui::figuresOf(test::madeSession(variants), {}));
        const auto cards = panel.findChildren<ui::LabCard *>();
        const auto shown = std::ranges::count_if(
            cards, [](const ui::LabCard *card) { return card->isVisible() && card->height() > 0; });
        // All but that of the phases, which waits for a variant to be chosen.
        QVERIFY(cards.size() > 2);
        QCOMPARE(shown, cards.size() - 1);
    }
}

QTEST_MAIN(TestLabCharts)
#include "tst_lab_charts.moc"

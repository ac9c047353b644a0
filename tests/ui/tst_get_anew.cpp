// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "error_banner.h"
#include "library/library_panel.h"
#include "support/stated_rows.h"
#include "widgets/elided_label.h"

using namespace freshet;
using test::StatedRows;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;

QByteArray rows(int count)
{
    QByteArray text;
    for (int row = 0; row < count; ++row)
        text += "{\"id\":" + QByteArray::number(row) + "}\n";
    return text;
}

} // namespace

/// Rows that are here and wrong: the window says that nothing but a new dataset helps, makes one,
/// and keeps the old one until the user has it removed.
class TestGetAnew : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m = std::make_unique<WindowFixture>(); }
    void cleanup() { m.reset(); }

    void wrongRowsAreGotAnew_data();
    void wrongRowsAreGotAnew();
    void whatIsNotCompleteReplacesNothing();
    void aSetThatFellShortIsGotAnew();

private:
    QPushButton *button(const char *name) { return m->visibleChild<QPushButton>(name); }
    [[nodiscard]] QString plan() const
    {
        const auto *label = m->visibleChild<ui::ElidedLabel>("resumePlan");
        return label != nullptr ? label->text() : QString();
    }
    [[nodiscard]] QString question() const
    {
        const auto *strip = m->visibleChild<QFrame>("removeStrip");
        return strip != nullptr ? strip->findChild<QLabel *>()->text() : QString();
    }
    [[nodiscard]] std::size_t datasets() const { return m->library->list()->size(); }
    void get(const std::string &url)
    {
        transfer::DownloadRequest request;
        request.bytes.url = url;
        m->window->get(request);
        QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    }

    std::unique_ptr<WindowFixture> m;
};

void TestGetAnew::wrongRowsAreGotAnew_data()
{
    QTest::addColumn<bool>("afterRestart");
    QTest::newRow("at once") << false;
    QTest::newRow("after a restart") << true;
}

void TestGetAnew::wrongRowsAreGotAnew()
{
    QFETCH(bool, afterRestart);
    StatedRows server(rows(50));
    server.send(rows(49) + "{\"id\":-9}\n");
    get(server.url());
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QCOMPARE(m->errorWhat(), QStringLiteral("The data is not what its checksum states"));
    QVERIFY2(m->tab()->banner()->text().next.startsWith(QStringLiteral("Get anew fetches it")),
             qPrintable(m->tab()->banner()->text().next));
    WindowFixture::keepPicture(m->window.get(), QStringLiteral("failed-checksum"));

    // Going on cannot help: what is here is of other bytes.
    server.sendRight();
    QVERIFY(button("resumeButton") != nullptr);
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("incomplete"),
                             kPatienceMs);
    const QString old = m->tab()->session()->id();
    if (afterRestart) {
        m->restart();
        m->window->restoreTabs();
    }
    QTRY_VERIFY_WITH_TIMEOUT(button("anewButton"), kPatienceMs);
    QVERIFY2(plan().contains(QStringLiteral("Get anew does so in a new dataset")),
             qPrintable(plan()));
    QTest::mouseClick(button("anewButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == QLatin1String("verified"),
                             kPatienceMs);
    QVERIFY(m->tab()->session()->id() != old);
    QCOMPARE(m->tab()->grid()->rowCount(), RowCount(50));
    QCOMPARE(datasets(), std::size_t(2));
    QTRY_VERIFY_WITH_TIMEOUT(question().contains(QStringLiteral("“rows-2” is complete. Remove "
                                                                "“rows”")),
                             kPatienceMs);
    QVERIFY(!button("confirmRemove")->hasFocus()); // whoever types is not asked
    WindowFixture::keepPicture(m->window.get(), QStringLiteral("got-anew"));
    QTest::mouseClick(button("confirmRemove"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(datasets(), std::size_t(1), kPatienceMs);
    QVERIFY(m->library->find("rows-2").has_value());
}

void TestGetAnew::whatIsNotCompleteReplacesNothing()
{
    StatedRows server(rows(50));
    server.send(rows(51));
    get(server.url());
    const QString old = m->tab()->session()->id();
    m->window->actions()[ui::ActionId::GetAnew]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->tab()->session()->id() != old, kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    QVERIFY(question().isEmpty());
    QCOMPARE(datasets(), std::size_t(2));
}

void TestGetAnew::aSetThatFellShortIsGotAnew()
{
    QDir folder(m->folder.filePath(QStringLiteral("in")));
    const auto write = [&folder](const char *name, const QByteArray &bytes) {
        QFile file(folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    };
    QVERIFY(folder.mkpath(QStringLiteral(".")));
    write("a.json", R"({"total":9,"data":[{"id":3}]})");
    write("b.json", R"({"total":1,"data":[{"id":4}]})");
    get(folder.path().toStdString());
    QCOMPARE(m->badge(), QStringLiteral("incomplete"));
    // One button, which does what helps; and the file that fell short is named.
    QVERIFY(button("anewButton") == nullptr);
    QVERIFY(button("resumeButton") != nullptr);
    QCOMPARE(button("resumeButton")->text(), QStringLiteral("Get anew"));
    QVERIFY2(plan().contains(QStringLiteral("nothing else makes up for")) &&
                 plan().contains(QStringLiteral("a.json")),
             qPrintable(plan()));
    write("a.json", R"({"total":1,"data":[{"id":3}]})");
    const QString old = m->tab()->session()->id();
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->tab()->session()->id() != old, kPatienceMs);
    QCOMPARE(m->badge(), QStringLiteral("verified"));
    QVERIFY(m->library->find(old.toStdString()).has_value());
}

QTEST_MAIN(TestGetAnew)
#include "tst_get_anew.moc"

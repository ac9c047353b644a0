// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "window_fixture.h"

#include "dialogs/export_dialog.h"

using namespace freshet;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 30'000;

} // namespace

/// Goes through what a user sees first, in each look, and keeps the pictures for a person to look
/// at when $FRESHET_SCREENSHOTS names a folder.
class TestWindowPictures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachStage_data();
    void eachStage();

private:
    void keep(QWidget *widget, const QString &stage) { test::keepChecked(widget, m_look, stage); }

    QString m_look;
};

void TestWindowPictures::eachStage_data()
{
    test::addLooks();
}

void TestWindowPictures::eachStage()
{
    QFETCH(test::Look, look);
    m_look = look.name;
    WindowFixture fixture;
    test::takeLook(fixture, look);
    keep(fixture.window.get(), QStringLiteral("empty"));

    fixture.enterUrl(fixture.demoUrl("rows=60000&rate=30000"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab() && fixture.tab()->grid()->rowCount().value() > 20'000,
                             kPatienceMs);
    keep(fixture.window.get(), QStringLiteral("running"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.tab()->grid()->setCurrentCell({RowIndex(6), 3});
    keep(fixture.window.get(), QStringLiteral("finished"));

    const auto tags = fixture.tab()->grid()->source()->schema()->indexOf("tags");
    QVERIFY(tags.has_value());
    fixture.tab()->grid()->setCurrentCell({RowIndex(3), *tags});
    fixture.tab()->setInspectorOpen(true);
    QTest::qWait(100); // for the picture: the inspector reads on a worker
    keep(fixture.window.get(), QStringLiteral("inspector"));

    fixture.tab()->showDetails();
    auto *popover = fixture.window->findChild<QFrame *>(QStringLiteral("popover"));
    QVERIFY(popover != nullptr && popover->isVisible());
    keep(popover, QStringLiteral("details"));
    popover->close();

    fixture.window->exportCurrent();
    auto *dialog = fixture.window->findChild<ui::ExportDialog *>();
    QVERIFY(dialog != nullptr);
    keep(dialog, QStringLiteral("export"));
    dialog->close();

    fixture.enterUrl(fixture.demoUrl("rows=60000&fault=cut:40000"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.errorWhat().isEmpty(), kPatienceMs);
    keep(fixture.window.get(), QStringLiteral("error"));
}

QTEST_MAIN(TestWindowPictures)
#include "tst_window_pictures.moc"

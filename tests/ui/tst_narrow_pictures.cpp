// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "answers.h"
#include "pictures.h"

#include "source/source_dialog.h"
#include "window_fixture.h"

#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QTabBar>

using namespace freshet;
using test::Look;
using test::RawServer;
using test::requestOf;
using test::Script;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;
/// What a small or half-used screen has.
constexpr QSize kSmall{800, 600};

std::string rowsOf(int count)
{
    std::string body;
    for (int i = 0; i < count; ++i)
        body += "{\"id\":" + std::to_string(i) +
                ",\"delivery_address.street_and_number\":\"Long "
                "Street " +
                std::to_string(i) + "\",\"placed\":\"2026-03-01T08:00:00Z\"}\n";
    return body;
}

/// 41,200 of 100,000 rows, of a request with secrets; later ones are asked to wait.
RawServer::Responder cutThenBusy()
{
    return [](const std::string &, std::size_t number) -> Script {
        if (number > 1)
            return test::busy(48);
        return Script().send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nX-Total-Count: 100000\r\n"
            "ETag: \"5f1c\"\r\nContent-Length: 90000000\r\n\r\n" +
            rowsOf(41'200));
    };
}

bool isInScrollArea(const QWidget *widget)
{
    for (const QWidget *parent = widget->parentWidget(); parent != nullptr && !widget->isWindow();
         widget = parent, parent = parent->parentWidget()) {
        if (qobject_cast<const QAbstractScrollArea *>(parent) != nullptr)
            return true;
    }
    return false;
}

/// What a person works with that lies outside of `window` or of what holds it, or is squeezed below
/// what it needs.
QStringList cutWidgets(const QWidget &window)
{
    QStringList cut;
    for (auto *widget : window.findChildren<QWidget *>()) {
        const bool isForWork = qobject_cast<QAbstractButton *>(widget) != nullptr ||
                               qobject_cast<QLineEdit *>(widget) != nullptr ||
                               qobject_cast<QComboBox *>(widget) != nullptr ||
                               qobject_cast<QAbstractSpinBox *>(widget) != nullptr;
        if (!isForWork || !widget->isVisible() || isInScrollArea(widget) ||
            widget->window() != &window || qobject_cast<QTabBar *>(widget->parentWidget()))
            continue;
        const QRect place(widget->mapTo(&window, QPoint()), widget->size());
        const QWidget *parent = widget->parentWidget();
        const bool isInside = window.rect().contains(place) &&
                              (parent == nullptr || parent->rect().contains(widget->geometry()));
        const int needed = widget->hasHeightForWidth() ? widget->heightForWidth(widget->width())
                                                       : widget->minimumSizeHint().height();
        if (!isInside || widget->height() < needed)
            cut += QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                   widget->objectName() + u' ' + widget->accessibleName();
    }
    return cut;
}

} // namespace

/// The window and the source dialog where there is little room, in each look, and by the
/// environment also at two pixels a point: nothing is cut off.
class TestNarrowPictures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theWindow_data();
    void theWindow();
    void theSourceDialog_data() { theWindow_data(); }
    void theSourceDialog();

private:
    void keep(QWidget *widget, const char *stage);

    Look m_look;
};

void TestNarrowPictures::theWindow_data()
{
    QTest::addColumn<Look>("look");
    QTest::newRow("light") << Look{QStringLiteral("narrow-light"), ui::SchemeChoice::Light, 1,
                                   kSmall};
    QTest::newRow("dark") << Look{QStringLiteral("narrow-dark"), ui::SchemeChoice::Dark, 1, kSmall};
    QTest::newRow("as small as it goes")
        << Look{QStringLiteral("narrowest"), ui::SchemeChoice::Light, 1, QSize(1, 1)};
}

void TestNarrowPictures::keep(QWidget *widget, const char *stage)
{
    QCoreApplication::sendPostedEvents();
    const QString scale = widget->devicePixelRatioF() > 1 ? QStringLiteral("-hidpi") : QString();
    QVERIFY2(widget->width() <= kSmall.width() && widget->height() <= kSmall.height(),
             qPrintable(QStringLiteral("%1: %2 x %3")
                            .arg(QLatin1String(stage))
                            .arg(widget->width())
                            .arg(widget->height())));
    const QStringList cut = cutWidgets(*widget);
    WindowFixture::keepPicture(widget, m_look.name + u'-' + QLatin1String(stage) + scale);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral(" | "))));
    test::keepChecked(widget, m_look.name, QLatin1String(stage) + scale);
}

void TestNarrowPictures::theWindow()
{
    QFETCH(const Look, look);
    m_look = look;
    WindowFixture fixture;
    test::takeLook(fixture, look);
    keep(fixture.window.get(), "empty");

    fixture.enterUrl(fixture.demoUrl("rows=60000&rate=30000"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.tab() && fixture.tab()->grid()->rowCount().value() > 9000,
                             kPatienceMs);
    keep(fixture.window.get(), "running");
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
    fixture.tab()->grid()->setCurrentCell({RowIndex(3), 3});
    fixture.tab()->setInspectorOpen(true);
    QTest::qWait(100); // for the picture: the inspector reads on a worker
    keep(fixture.window.get(), "inspector");
    fixture.tab()->setInspectorOpen(false);

    const RawServer cut(cutThenBusy());
    auto incomplete = requestOf(cut.url("/v2/orders?api_key=s"), 0, "orders-of-all-regions-2026");
    fixture.window->get(incomplete);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.badge() == QLatin1String("incomplete"), kPatienceMs);
    keep(fixture.window.get(), "incomplete");
    fixture.window->get(requestOf(cut.url("/v2/invoices"), 5, "invoices"));
    QTRY_VERIFY_WITH_TIMEOUT(fixture.visibleChild<QLabel>("noticeSentence") != nullptr,
                             kPatienceMs);
    keep(fixture.window.get(), "waiting");
    fixture.tab()->session()->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(fixture.isFinished(), kPatienceMs);
}

void TestNarrowPictures::theSourceDialog()
{
    QFETCH(const Look, look);
    m_look = look;
    WindowFixture fixture;
    test::takeLook(fixture, look);
    auto request = requestOf(fixture.demoUrl("rows=5000&cursor=&limit=200", "/api/users"), 5);
    request.bytes.headers = {{"Authorization", "Bearer s3cret"}, {"X-Team", "data platform"}};
    ui::SourceDialog dialog(request, {}, fixture.theme, fixture.window.get());
    dialog.resize(look.size);
    dialog.show();
    auto *tabs = dialog.findChild<QTabBar *>(QStringLiteral("sourceTabs"));
    QVERIFY(tabs != nullptr);
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        keep(&dialog, qPrintable(QStringLiteral("source-%1").arg(tab)));
    }
}

QTEST_MAIN(TestNarrowPictures)
#include "tst_narrow_pictures.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Tab key goes through the source dialog as the eye does: kinds, parts, the fields of a page
// from top to bottom and from left to right, and the buttons below.
#include "source/kind_list.h"
#include "source_fields.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QPushButton>
#include <QTabBar>
#include <QTest>

#include <algorithm>

using namespace freshet;
using test::field;
using test::kindCalled;
using test::requestFor;
using ui::SourceDialog;
using ui::SourceKind;

namespace {

bool isStop(const QWidget *widget)
{
    return widget->isVisible() && widget->isEnabled() &&
           (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->focusProxy() == nullptr;
}

/// Where Tab stops inside of `area`, in its order from `area` on.
QList<QWidget *> stopsIn(QWidget *area)
{
    QList<QWidget *> stops;
    for (QWidget *now = area->nextInFocusChain(); now != area; now = now->nextInFocusChain()) {
        if (area->isAncestorOf(now) && isStop(now))
            stops += now;
    }
    return stops;
}

QString nameOf(const QWidget *widget)
{
    for (const QString &name : {widget->accessibleName(), widget->objectName()}) {
        if (!name.isEmpty())
            return name;
    }
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return button != nullptr ? button->text() : QLatin1String(widget->metaObject()->className());
}

/// The first stop that does not lie below or to the right of the one before; empty if all do.
QString wrongIn(QWidget *page)
{
    const QWidget *before = nullptr;
    QRect last;
    for (const QWidget *stop : stopsIn(page)) {
        const QRect here(stop->mapTo(page, QPoint()), stop->size());
        const bool isBelow = here.top() >= last.bottom();
        const bool isRightOf = here.bottom() > last.top() && here.left() >= last.right();
        if (before != nullptr && !isBelow && !isRightOf)
            return nameOf(before) + QStringLiteral(" → ") + nameOf(stop);
        before = stop;
        last = here;
    }
    return {};
}

ui::SourcePage *shownPage(const SourceDialog &dialog)
{
    for (ui::SourcePage *page : dialog.pages()) {
        if (page->isVisible())
            return page;
    }
    return nullptr;
}

} // namespace

class TestFocusOrder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pagesGoFromTopToBottom_data();
    void pagesGoFromTopToBottom();
    void theDialogGoesFromKindsToButtons_data();
    void theDialogGoesFromKindsToButtons();
    void tabReachesEveryField_data();
    void tabReachesEveryField();

private:
    static void kinds();
    const ui::Theme m_theme{*qApp};
};

void TestFocusOrder::kinds()
{
    QTest::addColumn<QByteArray>("id");
    for (const SourceKind &kind : ui::sourceKinds())
        QTest::newRow(kind.id) << QByteArray(kind.id);
}

void TestFocusOrder::pagesGoFromTopToBottom_data()
{
    kinds();
}

void TestFocusOrder::pagesGoFromTopToBottom()
{
    QFETCH(QByteArray, id);
    SourceDialog dialog(requestFor(""), {}, m_theme, nullptr);
    dialog.chooseKind(kindCalled(id.constData()));
    dialog.show();
    auto *tabs = field<QTabBar>(dialog, "sourceTabs");
    for (int i = 0; i < tabs->count(); ++i) {
        tabs->setCurrentIndex(i);
        ui::SourcePage *page = shownPage(dialog);
        QVERIFY(page != nullptr);
        QVERIFY2(!stopsIn(page).isEmpty(), qPrintable(page->name()));
        QCOMPARE(wrongIn(page), QString());
        // Choices bring other fields up.
        for (auto *choice : page->findChildren<QComboBox *>()) {
            for (int index = 0; choice->isVisible() && index < choice->count(); ++index) {
                choice->setCurrentIndex(index);
                QCoreApplication::processEvents(); // lays out anew
                QCOMPARE(wrongIn(page), QString());
            }
        }
    }
}

void TestFocusOrder::theDialogGoesFromKindsToButtons_data()
{
    kinds();
}

void TestFocusOrder::theDialogGoesFromKindsToButtons()
{
    QFETCH(QByteArray, id);
    SourceDialog dialog(requestFor(""), {}, m_theme, nullptr);
    dialog.chooseKind(kindCalled(id.constData()));
    dialog.show();
    // Which part of the dialog each stop belongs to, in the order they are looked at.
    const QWidget *const parts[] = {dialog.findChild<ui::KindList *>(),
                                    field<QTabBar>(dialog, "sourceTabs"), shownPage(dialog)};
    QList<qsizetype> order;
    for (QWidget *stop : stopsIn(&dialog)) {
        qsizetype part = 0;
        while (part < std::ssize(parts) && stop != parts[part] && !parts[part]->isAncestorOf(stop))
            ++part;
        order += part;
    }
    QVERIFY(order.contains(0) && order.contains(1) && order.contains(2) && order.contains(3));
    QVERIFY2(std::ranges::is_sorted(order), qPrintable(nameOf(stopsIn(&dialog).first())));
    QCOMPARE(nameOf(stopsIn(&dialog).last()), QStringLiteral("getSource"));
}

void TestFocusOrder::tabReachesEveryField_data()
{
    kinds();
}

/// With the key itself, as fields may keep it to themselves.
void TestFocusOrder::tabReachesEveryField()
{
    QFETCH(QByteArray, id);
    SourceDialog dialog(requestFor(""), {}, m_theme, nullptr);
    dialog.chooseKind(kindCalled(id.constData()));
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    dialog.findChild<ui::KindList *>()->setFocus();
    QSet<QWidget *> reached;
    while (QWidget *now = dialog.focusWidget()) {
        if (reached.contains(now))
            break;
        reached += now;
        QTest::keyClick(now, Qt::Key_Tab);
    }
    QVERIFY(reached.contains(field<QPushButton>(dialog, "getSource")));
    for (QWidget *stop : stopsIn(&dialog)) {
        // Of radio buttons in one group Tab stops at one, and the arrows go to the others.
        if (!stop->inherits("QRadioButton"))
            QVERIFY2(reached.contains(stop), qPrintable(nameOf(stop)));
    }
}

QTEST_MAIN(TestFocusOrder)
#include "tst_focus_order.moc"

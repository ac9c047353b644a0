// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/small_dialogs.h"

#include "text/figures.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

/// The answer "stop it", beside QDialog::Accepted and Rejected.
constexpr int kStop = 2;

QString tr(const char *text)
{
    return QCoreApplication::translate("Dialogs", text);
}

QVBoxLayout *paddedLayout(QDialog *dialog, const Theme &theme)
{
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(10));
    return layout;
}

/// The number in "81,233", "81 233" or "81233".
qint64 rowNumber(QString text)
{
    text.remove(QLatin1Char(',')).remove(QLatin1Char(' ')).remove(QChar(0x202f));
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    return isNumber ? number : 0;
}

} // namespace

void askForRow(const Theme &theme, RowCount rows, const std::function<void(RowIndex)> &go,
               QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("goToRow"));
    dialog->setWindowTitle(tr("Go to row"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *field = new QLineEdit;
    field->setAccessibleName(tr("Row number"));
    field->setPlaceholderText(tr("1 to %1").arg(groupedText(rows.value())));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto *ok = buttons->button(QDialogButtonBox::Ok);
    ok->setText(tr("Go"));
    ok->setProperty("primary", true);
    ok->setEnabled(false);
    auto *layout = paddedLayout(dialog, theme);
    layout->addWidget(field);
    layout->addWidget(buttons);
    dialog->setMinimumWidth(theme.px(280));
    QObject::connect(field, &QLineEdit::textChanged, dialog,
                     [ok](const QString &text) { ok->setEnabled(rowNumber(text) > 0); });
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, [dialog, field, rows, go] {
        const qint64 number =
            std::clamp<qint64>(rowNumber(field->text()), 1, std::max<qint64>(1, rows.value()));
        dialog->accept();
        go(RowIndex(number - 1));
    });
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->show();
    field->setFocus();
}

QDialog *askToCloseRunning(const Theme &theme, const QString &dataset,
                           const std::function<void(bool stop)> &close, QWidget *parent)
{
    const QString objectName = QStringLiteral("closeRunning");
    if (auto *open = parent->findChild<QDialog *>(objectName)) {
        open->activateWindow();
        return open;
    }
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(objectName);
    dialog->setWindowTitle(tr("Close tab"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *question =
        new QLabel(tr("“%1” is still being downloaded.\nStopped, it keeps its rows and "
                      "can be resumed. Running on, it stays listed in the library.")
                       .arg(dataset));
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    auto *run = new QPushButton(tr("Let it &run on"));
    auto *stop = new QPushButton(tr("&Stop it"));
    auto *keep = new QPushButton(tr("&Keep the tab"));
    run->setObjectName(QStringLiteral("closeAndRun"));
    stop->setObjectName(QStringLiteral("closeAndStop"));
    run->setProperty("primary", true);
    run->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme.px(8));
    buttons->addWidget(keep);
    buttons->addStretch(1);
    buttons->addWidget(stop);
    buttons->addWidget(run);
    auto *layout = paddedLayout(dialog, theme);
    layout->addWidget(question);
    layout->addLayout(buttons);
    dialog->setMinimumWidth(theme.px(420));
    QObject::connect(keep, &QPushButton::clicked, dialog, &QDialog::reject);
    // The answer may delete the dialog's parent: it is the last thing done.
    QObject::connect(run, &QPushButton::clicked, dialog, &QDialog::accept);
    QObject::connect(stop, &QPushButton::clicked, dialog, [dialog] { dialog->done(kStop); });
    QObject::connect(
        dialog, &QDialog::finished, parent->window(),
        [close](int answer) {
            if (answer != QDialog::Rejected)
                close(answer == kStop);
        },
        Qt::QueuedConnection);
    dialog->show();
    run->setFocus();
    return dialog;
}

void askForLimit(const Theme &theme, int limit, int most, const std::function<void(int)> &use,
                 QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("limitDialog"));
    dialog->setWindowTitle(tr("Downloads at once"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *field = new QSpinBox;
    field->setRange(1, most);
    field->setValue(limit);
    field->setButtonSymbols(QAbstractSpinBox::NoButtons);
    field->setAccessibleName(tr("Downloads at once"));
    auto *label = new QLabel(tr("So many &downloads run at once; others wait for their turn."));
    label->setWordWrap(true);
    label->setBuddy(field);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setProperty("primary", true);
    auto *layout = paddedLayout(dialog, theme);
    layout->addWidget(label);
    layout->addWidget(field, 0, Qt::AlignLeft);
    layout->addWidget(buttons);
    dialog->setMinimumWidth(theme.px(320));
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, [dialog, field, use] {
        dialog->accept();
        use(field->value());
    });
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->show();
    field->setFocus();
    field->selectAll();
}

void showAbout(const Theme &theme, QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setWindowTitle(tr("About Freshet"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *icon = new QLabel;
    icon->setPixmap(iconPixmap(QStringLiteral("freshet"), theme.tokens().accent, theme.px(64),
                               dialog->devicePixelRatioF()));
    auto *name = new QLabel(tr("Freshet %1").arg(QStringLiteral(FRESHET_VERSION)));
    name->setFont(theme.figureFont());
    auto *words = new QLabel(
        tr("Pulls large datasets out of APIs, keeps them, and proves whether they are complete.\n\n"
           "Free software under the GNU General Public License, version 3 or later.\n"
           "Built on Qt %1, libcurl, simdjson, ISA-L, Arrow’s format and DuckDB.")
            .arg(QLatin1String(qVersion())));
    words->setWordWrap(true);
    auto *texts = new QVBoxLayout;
    texts->addWidget(name);
    texts->addWidget(words);
    texts->addStretch(1);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme.px(14));
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = paddedLayout(dialog, theme);
    layout->addLayout(row);
    layout->addWidget(buttons);
    dialog->resize(theme.px(440), theme.px(200));
    dialog->show();
}

} // namespace freshet::ui

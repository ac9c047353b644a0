// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/verify_dialog.h"

#include "text/dataset_text.h"
#include "text/details_text.h"
#include "text/error_text.h"
#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/notice_line.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

constexpr int kSteps = 1000;
/// More than that nobody reads; the first ones say what is the matter.
constexpr std::size_t kMostDamage = 20;

QStringList findings(const store::DatasetCheck &check)
{
    QStringList lines;
    const std::size_t shown = std::min(check.damage.size(), kMostDamage);
    for (std::size_t i = 0; i < shown; ++i)
        lines += asSentence(QString::fromStdString(check.damage[i].toString()));
    if (shown < check.damage.size())
        lines += VerifyDialog::tr("And %1 more.").arg(check.damage.size() - shown);
    if (check.superseded > RowCount())
        lines +=
            VerifyDialog::tr("%1 are superseded by newer ones.").arg(rowsText(check.superseded));
    if (check.batchesWithoutChecksum > 0) {
        lines += VerifyDialog::tr("%1 of %2 batches were stored without a checksum by an older "
                                  "version: a changed bit in their uncompressed values would go "
                                  "unnoticed.")
                     .arg(groupedText(check.batchesWithoutChecksum), groupedText(check.batches));
    }
    if (check.rejects > 0)
        lines += VerifyDialog::tr("%1 bad rows are kept aside.").arg(groupedText(check.rejects));
    lines += VerifyDialog::tr("The download itself: %1.").arg(markWord(markOf(check.record)));
    return lines + evidenceOf(check.record);
}

} // namespace

VerifyDialog::VerifyDialog(std::shared_ptr<store::Library> library,
                           const store::DatasetRecord &record, const Theme &theme, QWidget *parent)
    : QDialog(parent),
      m_library(std::move(library)),
      m_id(record.id),
      m_name(QString::fromStdString(record.name)),
      m_progress(new QProgressBar),
      m_outcome(new NoticeLine(theme)),
      m_state(new QLabel),
      m_close(new QPushButton(tr("Cancel")))
{
    setObjectName(QStringLiteral("verifyDialog"));
    setWindowTitle(tr("Verify %1").arg(m_name));
    setAttribute(Qt::WA_DeleteOnClose);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of reading"));
    m_progress->setRange(0, 0);
    m_state->setObjectName(QStringLiteral("verifyState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_progress);
    layout->addWidget(m_outcome);
    layout->addWidget(m_state);
    layout->addStretch(1);
    layout->addLayout(buttons);
    resize(theme.px(480), theme.px(160));
    connect(m_close, &QPushButton::clicked, this, &VerifyDialog::reject);
}

VerifyDialog::~VerifyDialog()
{
    m_cancel.cancel();
}

void VerifyDialog::start()
{
    m_state->setText(tr("Reading…"));
    const auto tell = [guard = QPointer<VerifyDialog>(this)](RowCount done, RowCount total) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [guard, done, total] {
            if (guard)
                guard->showProgress(done, total);
        });
    };
    m_runner.run([library = m_library, id = m_id, cancel = m_cancel,
                  tell] { return library->check(id, cancel, tell); },
                 [this](const Result<store::DatasetCheck> &check) { showCheck(check); });
}

void VerifyDialog::showProgress(RowCount done, RowCount total)
{
    // The last news may come behind the outcome, whose place it must not take.
    if (total == RowCount() || m_progress->isHidden())
        return;
    m_progress->setRange(0, kSteps);
    m_progress->setValue(static_cast<int>(static_cast<double>(done.value()) * kSteps /
                                          static_cast<double>(total.value())));
    m_state->setText(tr("%1 of %2").arg(groupedText(done.value()), rowsText(total)));
}

void VerifyDialog::showCheck(const Result<store::DatasetCheck> &check)
{
    m_progress->hide();
    m_close->setText(tr("Close"));
    const bool isSound = check && check->damage.empty();
    if (!check) {
        m_outcome->say(Mark::Failed, tr("It could not be verified."));
        m_state->setText(errorText(check.error(), m_name).toPlainText());
    } else {
        const QString read =
            tr("%1 in %2, %3")
                .arg(rowsText(check->rows),
                     check->parts == 1 ? tr("1 file") : tr("%1 files").arg(check->parts),
                     bytesText(check->bytes));
        m_outcome->say(isSound ? Mark::Verified : Mark::Failed,
                       isSound ? tr("Read again: %1, all as the library says.").arg(read)
                               : tr("Damaged. What could be read: %1.").arg(read));
        m_state->setText(findings(*check).join(QLatin1Char('\n')));
    }
    m_outcome->show();
    adjustSize();
    Q_EMIT checked(isSound);
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bad_rows/bad_rows_page.h"

#include "bad_rows/bad_row_model.h"
#include "exporters/bad_rows.h"
#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/detail_table.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

/// What a bad row may be long, as the decoders cut it.
constexpr qsizetype kWholeText = 64 * 1024;

QString placeOf(const store::StoredReject &reject)
{
    const QString byte = BadRowsPage::tr("byte %1").arg(groupedText(reject.byteOffset));
    return reject.line > 0 ? BadRowsPage::tr("Line %1, %2").arg(groupedText(reject.line), byte)
                           : BadRowsPage::tr("At %1").arg(byte);
}

QString tabSeparated(const std::vector<store::StoredReject> &rejects)
{
    QString text;
    for (const auto &reject : rejects)
        text += QStringLiteral("%1\t%2\t").arg(reject.line).arg(reject.byteOffset) +
                QString::fromStdString(reject.reason) + QLatin1Char('\t') +
                shownText(reject.rawText, kWholeText).simplified() + QLatin1Char('\n');
    return text;
}

} // namespace

BadRowsPage::BadRowsPage(std::shared_ptr<store::Library> library, std::string id,
                         const QString &name, const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_library(std::move(library)),
      m_id(std::move(id)),
      m_name(name),
      m_model(new BadRowModel(m_library, m_id, this)),
      m_table(new DetailTable(m_model, theme))
{
    auto *table = m_table->table();
    table->setObjectName(QStringLiteral("badRows"));
    table->setAccessibleName(tr("Bad rows of %1").arg(name));
    table->setColumnWidth(BadRowModel::Line, theme.px(90));
    table->setColumnWidth(BadRowModel::Byte, theme.px(120));
    table->setColumnWidth(BadRowModel::Reason, theme.px(300));
    auto *exporting = m_table->addButton(tr("Export bad rows…"));
    exporting->setObjectName(QStringLiteral("exportBadRows"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    setFocusProxy(m_table);
    connect(m_table, &DetailTable::currentRowChanged, this, &BadRowsPage::showDetail);
    connect(m_table, &DetailTable::copyRequested, this, &BadRowsPage::copy);
    connect(m_model, &BadRowModel::readFailed, this, &BadRowsPage::failed);
    connect(exporting, &QPushButton::clicked, this, &BadRowsPage::askForFile);
}

void BadRowsPage::setCount(std::int64_t count)
{
    m_table->setSentence(
        count == 1 ? tr("1 row could not be read. It is not in the table and is kept here as sent.")
                   : tr("%1 rows could not be read. They are not in the table and are kept here as "
                        "sent.")
                         .arg(groupedText(count)));
    m_model->setCount(count);
}

void BadRowsPage::showDetail(int row)
{
    if (row < 0) {
        m_table->setDetail({});
        return;
    }
    m_detail.runLatest(
        [library = m_library, id = m_id, row] { return library->rejects(id, 1, row); },
        [this](const Result<std::vector<store::StoredReject>> &rejects) {
            if (!rejects || rejects->empty())
                return;
            const auto &reject = rejects->front();
            m_table->setDetail(placeOf(reject) + QStringLiteral(": ") +
                               QString::fromStdString(reject.reason) + QStringLiteral("\n\n") +
                               shownText(reject.rawText, kWholeText));
        });
}

void BadRowsPage::copy()
{
    const auto [first, selected] = m_table->selectedRows();
    const int count = std::min(selected, kMostCopied);
    if (count == 0)
        return;
    m_runner.run([library = m_library, id = m_id, first = first,
                  count] { return library->rejects(id, count, first).map(tabSeparated); },
                 [this, count, selected = selected](const Result<QString> &text) {
                     if (!text) {
                         Q_EMIT failed(text.error());
                         return;
                     }
                     QGuiApplication::clipboard()->setText(*text);
                     Q_EMIT said(
                         count < selected
                             ? tr("Copied the first %1 of %2 bad rows; an export takes them all")
                                   .arg(groupedText(count), groupedText(selected))
                         : count == 1 ? tr("Copied 1 bad row")
                                      : tr("Copied %1 bad rows").arg(groupedText(count)));
                 });
}

void BadRowsPage::askForFile()
{
    auto *dialog = new QFileDialog(this, tr("Export bad rows"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("NDJSON (*.ndjson *.jsonl);;CSV (*.csv)"));
    dialog->selectFile(m_name + QStringLiteral("-bad-rows.ndjson"));
    connect(dialog, &QFileDialog::fileSelected, this, &BadRowsPage::exportTo);
    dialog->show();
}

void BadRowsPage::exportTo(const QString &file)
{
    m_runner.run([library = m_library, id = m_id,
                  file] { return exporters::exportBadRows(*library, id, file.toStdString()); },
                 [this, file](const Result<std::int64_t> &count) {
                     if (!count)
                         Q_EMIT failed(count.error());
                     else
                         Q_EMIT said(tr("Saved %1 bad rows to %2").arg(groupedText(*count), file));
                 });
}

} // namespace freshet::ui

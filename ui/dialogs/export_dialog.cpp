// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/export_dialog.h"

#include "export_job.h"
#include "grid/type_words.h"
#include "text/error_text.h"
#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/fitting_size.h"
#include "widgets/notice_line.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

using exporters::ExportFormat;
using exporters::TextCompression;

struct FormatText
{
    ExportFormat format;
    const char *text;
    const char *suffix;
};
constexpr FormatText kFormats[] = {
    {ExportFormat::Parquet, "Parquet", "parquet"},
    {ExportFormat::Csv, "CSV", "csv"},
    {ExportFormat::Tsv, "TSV", "tsv"},
    {ExportFormat::Ndjson, QT_TRANSLATE_NOOP("ExportDialog", "NDJSON (one object a line)"),
     "ndjson"},
    {ExportFormat::JsonArray, QT_TRANSLATE_NOOP("ExportDialog", "JSON array"), "json"},
    {ExportFormat::Arrow, "Arrow", "arrow"},
};

bool isTable(ExportFormat format)
{
    return format == ExportFormat::Csv || format == ExportFormat::Tsv;
}

/// The file without what an earlier choice of format added to it.
QString withoutSuffixes(QString file)
{
    const auto chop = [&file](QLatin1String suffix) {
        if (file.endsWith(suffix, Qt::CaseInsensitive))
            file.chop(suffix.size());
    };
    chop(QLatin1String(".gz"));
    chop(QLatin1String(".zst"));
    for (const auto &format : kFormats) {
        const QString suffix = QLatin1Char('.') + QLatin1String(format.suffix);
        if (file.endsWith(suffix, Qt::CaseInsensitive)) {
            file.chop(suffix.size());
            break;
        }
    }
    return file;
}

QString safeFileName(QString name)
{
    for (QChar &c : name) {
        if (c == QLatin1Char('/') || c.unicode() < 0x20)
            c = QLatin1Char('-');
    }
    return name;
}

} // namespace

ExportDialog::ExportDialog(store::DatasetSnapshot snapshot, store::DatasetRecord record,
                           const QString &name, const QString &folder, const Theme &theme,
                           QWidget *parent)
    : QDialog(parent),
      m_snapshot(std::move(snapshot)),
      m_record(std::move(record)),
      m_theme(theme),
      m_job(new ExportJob(this)),
      m_notice(new NoticeLine(theme)),
      m_format(new QComboBox),
      m_compression(new QComboBox),
      m_header(new QCheckBox(tr("First line names the columns"))),
      m_columns(new QListWidget),
      m_columnCount(new QLabel),
      m_file(new QLineEdit),
      m_browse(new QPushButton(tr("Browse…"))),
      m_progress(new QProgressBar),
      m_state(new QLabel),
      m_export(new QPushButton(tr("Export"))),
      m_close(new QPushButton(tr("Close"))),
      m_settings(new QWidget)
{
    setWindowTitle(tr("Export %1").arg(name));
    setAttribute(Qt::WA_DeleteOnClose);
    build(name, folder);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        fillCompressions();
        updateSuffix();
    });
    connect(m_compression, &QComboBox::currentIndexChanged, this, &ExportDialog::updateSuffix);
    connect(m_columns, &QListWidget::itemChanged, this, &ExportDialog::updateColumnCount);
    connect(m_browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_job, &ExportJob::progressed, this, &ExportDialog::showProgress);
    connect(m_job, &ExportJob::failed, this, &ExportDialog::showError);
    connect(m_job, &ExportJob::succeeded, this, &ExportDialog::showReport);
    fillCompressions();
    updateSuffix();
    updateColumnCount();
    setBusy(false);
}

void ExportDialog::build(const QString &name, const QString &folder)
{
    for (const auto &format : kFormats)
        m_format->addItem(tr(format.text), static_cast<int>(format.format));
    m_header->setChecked(true);
    m_file->setText(QDir(folder).filePath(safeFileName(name)));
    m_file->setAccessibleName(tr("File"));
    m_export->setObjectName(QStringLiteral("exportButton"));
    m_export->setProperty("primary", true);
    m_export->setDefault(true);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the export"));
    m_state->setObjectName(QStringLiteral("exportState"));
    m_state->setWordWrap(true);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *fileRow = new QHBoxLayout;
    fileRow->setSpacing(m_theme.px(8));
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(m_browse);
    auto *form = new QFormLayout(m_settings);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(m_theme.px(14));
    form->setVerticalSpacing(m_theme.px(10));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Compression"), m_compression);
    form->addRow(QString(), m_header);
    auto *columnsLabel = new QLabel(tr("Co&lumns"));
    columnsLabel->setBuddy(m_columns);
    form->addRow(columnsLabel, buildColumns());
    // A row that holds a layout has no field its label could stand for.
    auto *fileLabel = new QLabel(tr("F&ile"));
    fileLabel->setBuddy(m_file);
    form->addRow(fileLabel, fileRow);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(m_theme.px(8));
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_export);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(m_theme.px(14), m_theme.px(14), m_theme.px(14), m_theme.px(14));
    layout->setSpacing(m_theme.px(12));
    layout->addWidget(m_notice);
    layout->addWidget(m_settings, 1);
    layout->addWidget(m_progress);
    layout->addLayout(buttons);
    resize(fittingSize(*this, {m_theme.px(560), m_theme.px(440)}));
}

void ExportDialog::setNotice(const QString &notice)
{
    m_notice->say(Mark::Incomplete, notice);
    m_notice->setVisible(!notice.isEmpty());
}

QWidget *ExportDialog::buildColumns()
{
    for (const auto &field : m_snapshot.schema()->fields) {
        auto *item = new QListWidgetItem(QString::fromStdString(field.name), m_columns);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setCheckState(Qt::Checked);
        item->setToolTip(typeWords(field.type));
    }
    m_columns->setAccessibleName(tr("Columns to export"));
    m_columns->setUniformItemSizes(true);
    m_columns->setSpacing(m_theme.px(2));
    m_columnCount->setProperty("role", QStringLiteral("small"));
    auto *all = new QPushButton(tr("All"));
    auto *none = new QPushButton(tr("None"));
    const auto check = [this](Qt::CheckState state) {
        const QSignalBlocker blocker(m_columns);
        for (int i = 0; i < m_columns->count(); ++i)
            m_columns->item(i)->setCheckState(state);
        updateColumnCount();
    };
    connect(all, &QPushButton::clicked, this, [check] { check(Qt::Checked); });
    connect(none, &QPushButton::clicked, this, [check] { check(Qt::Unchecked); });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(m_theme.px(6));
    for (QPushButton *button : {all, none}) {
        button->setProperty("flat", true);
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    buttons->addWidget(m_columnCount);
    auto *box = new QWidget;
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(4));
    layout->addWidget(m_columns, 1);
    layout->addLayout(buttons);
    return box;
}

void ExportDialog::fillCompressions()
{
    const QSignalBlocker blocker(m_compression);
    const auto format = static_cast<ExportFormat>(m_format->currentData().toInt());
    m_compression->clear();
    if (format == ExportFormat::Parquet) {
        for (const char *name : {"zstd", "snappy", "gzip", "none"})
            m_compression->addItem(tr(name), QLatin1String(name));
    } else if (format == ExportFormat::Arrow) {
        m_compression->addItem(tr("zstd"));
    } else {
        m_compression->addItem(tr("none"), static_cast<int>(TextCompression::None));
        m_compression->addItem(tr("gzip (.gz)"), static_cast<int>(TextCompression::Gzip));
        m_compression->addItem(tr("zstd (.zst)"), static_cast<int>(TextCompression::Zstd));
    }
    m_compression->setEnabled(m_compression->count() > 1);
    m_header->setVisible(isTable(format));
}

void ExportDialog::updateSuffix()
{
    const auto made = options();
    QString file = withoutSuffixes(m_file->text());
    for (const auto &format : kFormats) {
        if (format.format == made.format)
            file += QLatin1Char('.') + QLatin1String(format.suffix);
    }
    if (made.compression == TextCompression::Gzip)
        file += QStringLiteral(".gz");
    else if (made.compression == TextCompression::Zstd)
        file += QStringLiteral(".zst");
    m_file->setText(file);
}

void ExportDialog::updateColumnCount()
{
    int chosen = 0;
    for (int i = 0; i < m_columns->count(); ++i)
        chosen += m_columns->item(i)->checkState() == Qt::Checked ? 1 : 0;
    m_columnCount->setText(tr("%1 of %2 columns, %3")
                               .arg(chosen)
                               .arg(m_columns->count())
                               .arg(rowsText(m_snapshot.rowCount())));
    m_export->setEnabled(chosen > 0);
}

exporters::ExportOptions ExportDialog::options() const
{
    exporters::ExportOptions options;
    options.format = static_cast<ExportFormat>(m_format->currentData().toInt());
    if (options.format == ExportFormat::Parquet)
        options.parquetCompression = m_compression->currentData().toString().toStdString();
    else if (options.format != ExportFormat::Arrow)
        options.compression = static_cast<TextCompression>(m_compression->currentData().toInt());
    options.header = m_header->isChecked();
    for (int i = 0; i < m_columns->count(); ++i) {
        if (m_columns->item(i)->checkState() == Qt::Checked)
            options.columns.push_back(
                m_snapshot.schema()->fields[static_cast<std::size_t>(i)].name);
    }
    if (static_cast<int>(options.columns.size()) == m_columns->count())
        options.columns.clear();
    return options;
}

QString ExportDialog::file() const
{
    return m_file->text();
}

void ExportDialog::setFile(const QString &file)
{
    m_file->setText(file);
    updateSuffix();
}

void ExportDialog::setFormat(ExportFormat format)
{
    m_format->setCurrentIndex(m_format->findData(static_cast<int>(format)));
}

void ExportDialog::browse()
{
    auto *dialog = new QFileDialog(this, tr("Export to"), m_file->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    // The overwriting is asked about where the name is chosen; it happens only when all is written.
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::setFile);
    dialog->show();
}

void ExportDialog::start()
{
    setBusy(true);
    m_state->setText(tr("Starting…"));
    m_job->start(m_snapshot, m_record, m_file->text().toStdString(), options());
}

void ExportDialog::setBusy(bool isBusy)
{
    m_settings->setEnabled(!isBusy);
    m_progress->setVisible(isBusy);
    m_export->setEnabled(!isBusy);
    m_close->setText(isBusy ? tr("Cancel") : tr("Close"));
    if (isBusy)
        m_progress->setRange(0, 0);
}

void ExportDialog::showProgress(const exporters::ExportProgress &progress)
{
    QString text =
        tr("%1, %2 written").arg(rowsText(progress.rows), bytesText(progress.bytesWritten));
    const auto rows = progress.rows.value();
    if (progress.totalRows && progress.totalRows->value() > 0 && rows > 0) {
        constexpr int kSteps = 1000;
        const double share =
            static_cast<double>(rows) / static_cast<double>(progress.totalRows->value());
        m_progress->setRange(0, kSteps);
        m_progress->setValue(static_cast<int>(share * kSteps));
        const auto left = std::chrono::microseconds(static_cast<std::int64_t>(
            static_cast<double>(progress.elapsed.count()) * (1 - share) / share));
        text += tr(", %1 left").arg(durationText(left));
    }
    m_state->setText(text);
}

void ExportDialog::showError(const Error &error)
{
    setBusy(false);
    updateColumnCount();
    if (error.code == ErrorCode::Cancelled) {
        m_state->setText(tr("Cancelled; nothing was written."));
        return;
    }
    m_state->setText(errorText(error).toPlainText());
}

void ExportDialog::showReport(const exporters::ExportReport &report)
{
    setBusy(false);
    updateColumnCount();
    m_state->setText(
        tr("Saved %1, %2 in %3.")
            .arg(rowsText(report.rows), bytesText(report.bytes), durationText(report.elapsed)));
    m_close->setFocus();
    Q_EMIT saved(report);
}

void ExportDialog::reject()
{
    if (m_job->isRunning())
        m_job->cancel();
    else
        QDialog::reject();
}

} // namespace freshet::ui

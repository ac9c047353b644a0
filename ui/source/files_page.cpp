// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/files_page.h"

#include "source/file_formats.h"
#include "source/header_table.h"
#include "source/place_edit.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace freshet::ui {

using transfer::FileSet;

FilesPage::FilesPage(const Theme &theme)
    : FormPage(theme),
      m_places(new PlaceEdit),
      m_format(choice()),
      m_naming(choice()),
      m_column(codeEdit(QLatin1StringView(transfer::kDefaultFileColumn))),
      m_headers(new HeaderTable(theme))
{
    m_places->setObjectName(QStringLiteral("filePlaces"));
    m_format->setObjectName(QStringLiteral("fileFormat"));
    m_naming->setObjectName(QStringLiteral("fileNaming"));
    m_column->setObjectName(QStringLiteral("fileColumn"));
    adopt(m_places, tr("/data/exports/2026-*.csv.gz"), 6);
    setFocusProxy(m_places);
    addField(tr("&Files"), m_places);
    auto *files = new QPushButton(tr("&Add files…"));
    auto *folder = new QPushButton(tr("Add f&older…"));
    auto *line = new QHBoxLayout;
    line->setSpacing(theme.px(8));
    for (QPushButton *button : {files, folder}) {
        button->setAutoDefault(false);
        line->addWidget(button);
    }
    line->addStretch(1);
    addLayout(QString(), line);
    addHint(tr("One a line, in the order of their rows: paths, folders with all that is below "
               "them, patterns with * and ?, URLs. Files can be dropped here."));
    addFileFormats(m_format);
    addField(tr("For&mat"), m_format);
    m_naming->addItem(tr("where there are several files"), WhereSeveral);
    m_naming->addItem(tr("always"), Always);
    m_naming->addItem(tr("never"), Never);
    addField(tr("&Name the file"), m_naming);
    addField(tr("in the col&umn"), m_column);
    addHint(tr("Columns of the files meet by their names; one that a file lacks is null there."));
    addField(tr("&Headers"), m_headers);
    m_headersHint = addHint(tr("Sent to web servers; those that are secret only to the first one, "
                               "shown as dots and kept nowhere."));
    connect(m_headers, &HeaderTable::edited, this, &SourcePage::edited);
    connect(m_places, &QPlainTextEdit::textChanged, this, &FilesPage::updateHeaders);
    connect(files, &QPushButton::clicked, this,
            [this] { pick(QFileDialog::ExistingFiles, tr("Add files of rows")); });
    connect(folder, &QPushButton::clicked, this,
            [this] { pick(QFileDialog::Directory, tr("Add a folder of files")); });
    connect(m_naming, &QComboBox::currentIndexChanged, this, &FilesPage::updateNaming);
}

void FilesPage::updateNaming()
{
    m_column->setEnabled(m_naming->currentData().toInt() != Never);
}

bool FilesPage::isOfTheWeb(const std::string &place)
{
    return place.starts_with("http://") || place.starts_with("https://");
}

void FilesPage::updateHeaders()
{
    const bool isSent = std::ranges::any_of(places(), isOfTheWeb);
    setFieldVisible(m_headers, isSent);
    setFieldVisible(m_headersHint, isSent);
}

void FilesPage::pick(QFileDialog::FileMode mode, const QString &title)
{
    auto *dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    dialog->setOption(QFileDialog::ShowDirsOnly, mode == QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, this, &FilesPage::append);
    dialog->show();
}

void FilesPage::append(const QStringList &places)
{
    for (const QString &place : places)
        m_places->appendPlainText(place);
}

std::vector<std::string> FilesPage::places() const
{
    std::vector<std::string> places;
    for (const QString &line : m_places->toPlainText().split(QLatin1Char('\n'))) {
        QString place = line.trimmed();
        if (place.startsWith(QStringLiteral("~/"))) // as a shell would
            place.replace(0, 1, QDir::homePath());
        if (!place.isEmpty())
            places.push_back(place.toStdString());
    }
    return places;
}

void FilesPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_loaded = request.files.value_or(FileSet());
    QStringList lines;
    for (const auto &source : m_loaded.sources)
        lines += QString::fromStdString(source.place);
    if (!request.files && !request.bytes.url.empty())
        lines += QString::fromStdString(request.bytes.url);
    m_places->setPlainText(lines.join(QLatin1Char('\n')));
    const auto format = m_loaded.areArchives ? decode::Format::Zip : request.decode.format;
    chooseData(m_format, static_cast<int>(format));
    const bool isNamed = !m_loaded.fileColumn.empty();
    m_column->setText(isNamed ? QString::fromStdString(m_loaded.fileColumn)
                              : QLatin1StringView(transfer::kDefaultFileColumn));
    chooseData(m_naming, !request.files                ? WhereSeveral
                         : !isNamed                    ? Never
                         : m_loaded.sources.size() > 1 ? WhereSeveral
                                                       : Always);
    updateNaming();
    m_headers->setHeaders(request.bytes.headers, request.missingSecrets);
    updateHeaders();
}

void FilesPage::store(transfer::DownloadRequest &request) const
{
    const auto named = places();
    request.bytes.url = named.empty() ? std::string() : named.front();
    request.decode.format = static_cast<decode::Format>(m_format->currentData().toInt());
    request.files.reset();
    request.bytes.headers = m_headers->headers();
    const int naming = m_naming->currentData().toInt();
    const std::string column = m_column->text().trimmed().toStdString();
    // One place alone may be a folder or a pattern: whether it is, is found out when it is read.
    const bool isPlain =
        named.size() == 1 && naming == WhereSeveral && column == transfer::kDefaultFileColumn;
    if (named.empty() || isPlain)
        return;
    FileSet &files = request.files.emplace();
    for (const auto &place : named)
        files.sources.push_back({.place = place, .name = nameOf(place)});
    if (naming != Never)
        files.fileColumn = column;
}

std::string FilesPage::nameOf(const std::string &place) const
{
    const auto known = std::ranges::find(m_loaded.sources, place, &transfer::FileSource::place);
    return known == m_loaded.sources.end() ? std::string() : known->name;
}

Status FilesPage::validate() const
{
    if (places().empty())
        return fail(ErrorCode::InvalidArgument, "name a file, a folder, a pattern or a URL");
    if (m_naming->currentData().toInt() != Never && m_column->text().trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, "the column that names the file has no name");
    return {};
}

} // namespace freshet::ui

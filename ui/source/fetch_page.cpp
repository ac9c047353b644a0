// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/fetch_page.h"

#include "theme/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace freshet::ui {

namespace {

using transport::PostgresVia;

constexpr double kMostSeconds = 2'000'000; // what PostgreSQL takes

} // namespace

FetchPage::FetchPage(const Theme &theme)
    : FormPage(theme),
      m_via(choice()),
      m_meaning(nullptr),
      m_batchRows(number(1, INT_MAX)),
      m_timeout(new QDoubleSpinBox),
      m_caFile(codeEdit(tr("as sslmode in the address says")))
{
    m_via->setObjectName(QStringLiteral("databaseVia"));
    m_via->addItem(tr("by COPY"), static_cast<int>(PostgresVia::Copy));
    m_via->addItem(tr("by a cursor"), static_cast<int>(PostgresVia::Cursor));
    m_via->addItem(tr("in pages by the key"), static_cast<int>(PostgresVia::Keyset));
    m_timeout->setRange(0, kMostSeconds);
    m_timeout->setDecimals(3);
    m_timeout->setSuffix(tr(" s"));
    m_timeout->setSpecialValueText(tr("the server’s own"));
    m_timeout->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_timeout->setGroupSeparatorShown(true);
    m_timeout->setMaximumWidth(theme.px(160));
    addField(tr("&Rows come"), m_via);
    m_meaning = addHint({});
    addField(tr("Rows at a &time"), m_batchRows);
    addField(tr("Stop the &query after"), m_timeout);
    addHint(tr("The server ends a statement that takes longer."));
    addField(tr("Ce&rtificates"), filePicker(m_caFile, tr("File of certificates to trust")));
    addHint(tr("With a PEM file the connection has to be encrypted, and the server has to prove "
               "its name by it."));
    connect(m_via, &QComboBox::currentIndexChanged, this, &FetchPage::updateMeaning);
    connect(m_timeout, &QDoubleSpinBox::valueChanged, this, &SourcePage::edited);
    updateMeaning();
}

void FetchPage::updateMeaning()
{
    const auto via = static_cast<PostgresVia>(m_via->currentData().toInt());
    setFieldVisible(m_batchRows, via != PostgresVia::Copy);
    switch (via) {
    case PostgresVia::Copy:
        m_meaning->setText(tr("All rows in one binary stream: the fastest."));
        break;
    case PostgresVia::Cursor:
        m_meaning->setText(tr("DECLARE and FETCH, for servers that cannot COPY."));
        break;
    case PostgresVia::Keyset:
        m_meaning->setText(tr("Each page is a transaction of its own, so that none stays open for "
                              "long. Needs a key; rows that change meanwhile may be seen old or "
                              "new."));
        break;
    }
}

void FetchPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    const transport::PostgresFetch &fetch = request.bytes.postgres;
    chooseData(m_via, static_cast<int>(fetch.via));
    m_batchRows->setValue(static_cast<int>(std::clamp<std::int64_t>(fetch.batchRows, 1, INT_MAX)));
    m_timeout->setValue(std::chrono::duration<double>(fetch.statementTimeout).count());
    m_caFile->setText(QString::fromStdString(request.bytes.caFile));
}

void FetchPage::store(transfer::DownloadRequest &request) const
{
    transport::PostgresFetch &fetch = request.bytes.postgres;
    fetch.via = static_cast<PostgresVia>(m_via->currentData().toInt());
    fetch.batchRows = m_batchRows->value();
    fetch.statementTimeout = std::chrono::milliseconds(qRound64(m_timeout->value() * 1000));
    request.bytes.caFile = m_caFile->text().trimmed().toStdString();
}

} // namespace freshet::ui

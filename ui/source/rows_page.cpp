// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/rows_page.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>

namespace freshet::ui {

namespace {

enum HeaderLine { Found, FirstLine, NoLine };

/// A character of the CSV dialect as a combo box keeps it; 0 stands for "found by itself".
QVariant characterData(char character)
{
    return static_cast<int>(character);
}

} // namespace

RowsPage::RowsPage(Shows shown, const Theme &theme) : FormPage(theme), m_shown(shown)
{
    if (shown != Shows::Table)
        addObjects();
    if (shown == Shows::Table || shown == Shows::Everything)
        addTable();
}

void RowsPage::addObjects()
{
    if (m_shown != Shows::Objects) {
        addSection(m_shown == Shows::Everything ? tr("If it is JSON") : tr("Document"));
        m_rowsAt = codeEdit(tr("found by itself, or for example $.result.records"));
        m_rowsAt->setObjectName(QStringLiteral("rowsAt"));
        addField(tr("&Rows at"), m_rowsAt);
        addHint(tr("The list of rows, written $.result.records; a part of each of its items, "
                   "$.hits.hits[*]._source."));
    }
    addSection(tr("Nested values"));
    m_flatten = check(tr("Objects become columns of their own: user.address.city"));
    m_flatten->setObjectName(QStringLiteral("flatten"));
    addField(QString(), m_flatten);
    m_flatten->setAccessibleName(m_flatten->text());
    addHint(tr("Arrays stay JSON in one column in any case."));
}

void RowsPage::addTable()
{
    addSection(m_shown == Shows::Everything ? tr("If it is CSV") : tr("How it is written"));
    m_delimiter = choice();
    m_delimiter->addItem(tr("found by itself"), characterData('\0'));
    m_delimiter->addItem(tr("comma ,"), characterData(','));
    m_delimiter->addItem(tr("semicolon ;"), characterData(';'));
    m_delimiter->addItem(tr("tab"), characterData('\t'));
    m_delimiter->addItem(tr("bar |"), characterData('|'));
    m_quote = choice();
    m_quote->addItem(tr("found by itself"), characterData('\0'));
    m_quote->addItem(tr("double \""), characterData('"'));
    m_quote->addItem(tr("single '"), characterData('\''));
    m_header = choice();
    m_header->addItem(tr("found by itself"), Found);
    m_header->addItem(tr("names the columns"), FirstLine);
    m_header->addItem(tr("is a row"), NoLine);
    addField(tr("&Delimiter"), m_delimiter);
    addField(tr("&Quote"), m_quote);
    addField(tr("&First line"), m_header);
}

void RowsPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    const auto &decode = request.decode;
    if (m_rowsAt != nullptr)
        m_rowsAt->setText(QString::fromStdString(decode.rowsAt));
    if (m_flatten != nullptr)
        m_flatten->setChecked(decode.flatten);
    if (m_delimiter == nullptr)
        return;
    for (const auto &[box, character] :
         {std::pair(m_delimiter, decode.delimiter), std::pair(m_quote, decode.quote)}) {
        // One that is none of the usual ones came from the command line.
        if (box->findData(characterData(character)) < 0)
            box->addItem(QString(QLatin1Char(character)), characterData(character));
        chooseData(box, characterData(character));
    }
    m_header->setCurrentIndex(!decode.hasHeader ? Found : *decode.hasHeader ? FirstLine : NoLine);
}

void RowsPage::store(transfer::DownloadRequest &request) const
{
    auto &decode = request.decode;
    if (m_rowsAt != nullptr)
        decode.rowsAt = m_rowsAt->text().trimmed().toStdString();
    if (m_flatten != nullptr)
        decode.flatten = m_flatten->isChecked();
    if (m_delimiter == nullptr)
        return;
    decode.delimiter = static_cast<char>(m_delimiter->currentData().toInt());
    decode.quote = static_cast<char>(m_quote->currentData().toInt());
    decode.hasHeader.reset();
    if (m_header->currentIndex() != Found)
        decode.hasHeader = m_header->currentIndex() == FirstLine;
}

} // namespace freshet::ui

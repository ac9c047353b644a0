// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/options_dialog.h"

#include "theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <climits>

namespace freshet::ui {

namespace {

using transfer::OnBadRow;

constexpr int kMostRetries = 1000;

enum HeaderRow { Found, FirstRow, NoHeader };

QLabel *sectionTitle(const QString &text)
{
    auto *label = new QLabel(text);
    label->setProperty("role", QStringLiteral("section"));
    return label;
}

void select(QComboBox *box, const QVariant &data)
{
    const int index = box->findData(data);
    box->setCurrentIndex(index < 0 ? 0 : index);
}

/// A character of the CSV dialect as a combo box keeps it; 0 stands for "found out".
QVariant dialectData(char character)
{
    return static_cast<int>(character);
}

} // namespace

OptionsDialog::OptionsDialog(const transfer::DownloadRequest &request, const Theme &theme,
                             QWidget *parent)
    : QDialog(parent),
      m_request(request),
      m_method(new QComboBox),
      m_body(new QPlainTextEdit),
      m_encoding(new QComboBox),
      m_rowsAt(new QLineEdit),
      m_flatten(new QCheckBox(tr("Nested objects become columns (user.city)"))),
      m_delimiter(new QComboBox),
      m_quote(new QComboBox),
      m_header(new QComboBox),
      m_onBadRow(new QComboBox),
      m_maxBadRows(new QSpinBox),
      m_retries(new QSpinBox),
      m_isSafe(new QCheckBox(tr("Sending it twice does no harm, whatever its method")))
{
    setWindowTitle(tr("Options of the request"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_method->setEditable(true);
    m_method->addItems({QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
                        QStringLiteral("PATCH"), QStringLiteral("QUERY")});
    m_body->setPlaceholderText(tr("Sent as it stands here"));
    m_body->setFont(theme.monospaceFont());
    m_body->setFixedHeight(theme.px(84));
    m_body->setTabChangesFocus(true);
    m_encoding->setEditable(true);
    m_encoding->addItems({QStringLiteral("zstd, br, gzip, deflate"), QStringLiteral("gzip"),
                          QStringLiteral("zstd"), QStringLiteral("identity")});
    m_rowsAt->setPlaceholderText(tr("found by itself, or for example $.result.records"));
    fillChoices();

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme.px(14));
    form->setVerticalSpacing(theme.px(8));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(sectionTitle(tr("Request")));
    form->addRow(tr("&Method"), m_method);
    form->addRow(tr("&Body"), m_body);
    form->addRow(tr("&Accept-Encoding"), m_encoding);
    form->addRow(sectionTitle(tr("JSON")));
    form->addRow(tr("&Rows at"), m_rowsAt);
    form->addRow(QString(), m_flatten);
    form->addRow(sectionTitle(tr("CSV")));
    form->addRow(tr("&Delimiter"), m_delimiter);
    form->addRow(tr("&Quote"), m_quote);
    form->addRow(tr("&Header"), m_header);
    form->addRow(sectionTitle(tr("When something goes wrong")));
    form->addRow(tr("At a bad ro&w"), m_onBadRow);
    form->addRow(tr("S&top after bad rows"), m_maxBadRows);
    form->addRow(tr("Tr&y again, times"), m_retries);
    form->addRow(QString(), m_isSafe);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setProperty("primary", true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(14));
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(theme.px(480));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_onBadRow, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_maxBadRows->setEnabled(index == 0); });
    fill();
}

void OptionsDialog::fillChoices()
{
    m_delimiter->addItem(tr("found by itself"), dialectData('\0'));
    m_delimiter->addItem(tr("comma ,"), dialectData(','));
    m_delimiter->addItem(tr("semicolon ;"), dialectData(';'));
    m_delimiter->addItem(tr("tab"), dialectData('\t'));
    m_delimiter->addItem(tr("bar |"), dialectData('|'));
    m_quote->addItem(tr("found by itself"), dialectData('\0'));
    m_quote->addItem(tr("double \""), dialectData('"'));
    m_quote->addItem(tr("single '"), dialectData('\''));
    m_header->addItem(tr("found by itself"), Found);
    m_header->addItem(tr("first line names the columns"), FirstRow);
    m_header->addItem(tr("no line of names"), NoHeader);
    m_onBadRow->addItem(tr("set it aside and go on"), static_cast<int>(OnBadRow::Keep));
    m_onBadRow->addItem(tr("stop"), static_cast<int>(OnBadRow::Stop));
    m_maxBadRows->setRange(1, INT_MAX);
    m_maxBadRows->setGroupSeparatorShown(true);
    m_retries->setRange(0, kMostRetries);
    for (QSpinBox *box : {m_maxBadRows, m_retries})
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_retries->setSpecialValueText(tr("never"));
}

void OptionsDialog::fill()
{
    const auto &decode = m_request.decode;
    m_method->setCurrentText(QString::fromStdString(m_request.bytes.method));
    m_body->setPlainText(QString::fromStdString(m_request.bytes.body));
    m_encoding->setCurrentText(QString::fromStdString(m_request.bytes.acceptEncoding));
    m_rowsAt->setText(QString::fromStdString(decode.rowsAt));
    m_flatten->setChecked(decode.flatten);
    select(m_delimiter, dialectData(decode.delimiter));
    select(m_quote, dialectData(decode.quote));
    m_header->setCurrentIndex(!decode.hasHeader ? Found : *decode.hasHeader ? FirstRow : NoHeader);
    select(m_onBadRow, static_cast<int>(m_request.onBadRow));
    m_maxBadRows->setValue(static_cast<int>(std::min<std::int64_t>(m_request.maxBadRows, INT_MAX)));
    m_maxBadRows->setEnabled(m_request.onBadRow == OnBadRow::Keep);
    m_retries->setValue(m_request.retry.maxRetries);
    m_isSafe->setChecked(m_request.retry.isSafe);
}

transfer::DownloadRequest OptionsDialog::request() const
{
    transfer::DownloadRequest request = m_request;
    request.bytes.method = m_method->currentText().trimmed().toUpper().toStdString();
    request.bytes.body = m_body->toPlainText().toStdString();
    request.bytes.acceptEncoding = m_encoding->currentText().trimmed().toStdString();
    auto &decode = request.decode;
    decode.rowsAt = m_rowsAt->text().trimmed().toStdString();
    decode.flatten = m_flatten->isChecked();
    decode.delimiter = static_cast<char>(m_delimiter->currentData().toInt());
    decode.quote = static_cast<char>(m_quote->currentData().toInt());
    decode.hasHeader.reset();
    if (m_header->currentIndex() != Found)
        decode.hasHeader = m_header->currentIndex() == FirstRow;
    request.onBadRow = static_cast<OnBadRow>(m_onBadRow->currentData().toInt());
    request.maxBadRows = m_maxBadRows->value();
    request.retry.maxRetries = m_retries->value();
    request.retry.isSafe = m_isSafe->isChecked();
    return request;
}

} // namespace freshet::ui

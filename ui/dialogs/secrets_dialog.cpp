// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/secrets_dialog.h"

#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

SecretsDialog::SecretsDialog(const QString &dataset, const QString &word,
                             const transfer::DownloadRequest &request, const Theme &theme,
                             QWidget *parent)
    : QDialog(parent), m_missing(transfer::missingSecrets(request)), m_maskedUrl(request.bytes.url)
{
    setObjectName(QStringLiteral("secretsDialog"));
    setWindowTitle(tr("%1: %2").arg(dataset, word));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *why = new QLabel(tr("The request held secrets, which the library does not keep. They are "
                              "used for this download and forgotten with it."));
    why->setWordWrap(true);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme.px(14));
    form->setVerticalSpacing(theme.px(8));
    for (const auto &name : m_missing.headers)
        m_headers.push_back(addField(form, tr("Header %1").arg(QString::fromStdString(name))));
    for (const auto &name : m_missing.parameters)
        m_parameters.push_back(
            addField(form, tr("%1 in the URL").arg(QString::fromStdString(name))));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto *resume = buttons->button(QDialogButtonBox::Ok);
    resume->setObjectName(QStringLiteral("resumeWithSecrets"));
    resume->setText(word);
    resume->setProperty("primary", true);
    resume->setEnabled(false);
    for (auto *field : findChildren<QLineEdit *>()) {
        connect(field, &QLineEdit::textChanged, this, [this, resume] {
            const auto fields = findChildren<QLineEdit *>();
            resume->setEnabled(std::none_of(fields.begin(), fields.end(),
                                            [](QLineEdit *one) { return one->text().isEmpty(); }));
        });
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(14));
    layout->addWidget(why);
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(theme.px(440));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QLineEdit *SecretsDialog::addField(QFormLayout *form, const QString &label)
{
    // Parented at once, so that the dialog finds its fields before it has a layout.
    auto *field = new QLineEdit(this);
    field->setEchoMode(QLineEdit::Password);
    field->setAccessibleName(label);
    form->addRow(label, field);
    return field;
}

transfer::RequestSecrets SecretsDialog::secrets() const
{
    transfer::RequestSecrets secrets;
    for (std::size_t i = 0; i < m_headers.size(); ++i)
        secrets.headers.push_back({m_missing.headers[i], m_headers[i]->text().toStdString()});
    if (m_parameters.empty())
        return secrets;
    std::vector<std::string> values;
    for (const QLineEdit *field : m_parameters)
        values.push_back(field->text().toStdString());
    secrets.url = transfer::withParameters(m_maskedUrl, values);
    return secrets;
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/source_commands.h"

#include "text/error_text.h"
#include "theme/theme.h"
#include "transfer/cli_command.h"
#include "transfer/curl_command.h"
#include "transfer/request_secrets.h"
#include "widgets/notice_line.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Sources", text);
}

struct Question
{
    QDialog *dialog;
    QVBoxLayout *layout;
    QDialogButtonBox *buttons;
    QPushButton *ok;
};

Question ask(const char *name, const QString &title, const QString &word, const Theme &theme,
             QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QLatin1String(name));
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(10));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto *ok = buttons->button(QDialogButtonBox::Ok);
    ok->setText(word);
    ok->setProperty("primary", true);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return {dialog, layout, buttons, ok};
}

bool holdsSecrets(const transfer::DownloadRequest &request)
{
    const auto isSecret = [](const transport::Header &header) {
        return transport::isSecretHeader(header.name);
    };
    const auto &headers = request.bytes.headers;
    return transport::withoutSecrets(request.bytes.url) != request.bytes.url ||
           !transfer::missingSecrets(request).isEmpty() ||
           std::any_of(headers.begin(), headers.end(), isSecret) ||
           (request.grpc &&
            std::any_of(request.grpc->metadata.begin(), request.grpc->metadata.end(), isSecret));
}

} // namespace

Result<QString> copyAsCommand(const transfer::DownloadRequest &request, CommandForm form)
{
    const bool isCurl = form == CommandForm::Curl;
    auto command = isCurl ? curlCommandFor(request) : cliCommandFor(request);
    if (!command)
        return fail(std::move(command).error());
    QGuiApplication::clipboard()->setText(QString::fromStdString(*command));
    const QString program = isCurl ? QStringLiteral("curl") : QStringLiteral("freshet-cli");
    if (!holdsSecrets(request))
        return tr("Copied as a command for %1.").arg(program);
    return tr("Copied as a command for %1; shell variables stand in place of secrets.")
        .arg(program);
}

void askForCurl(const Theme &theme, const std::function<void(transfer::DownloadRequest)> &use,
                QWidget *parent)
{
    const Question question =
        ask("importCurl", tr("Import a curl command"), tr("Import"), theme, parent);
    auto *field = new QPlainTextEdit;
    field->setObjectName(QStringLiteral("curlText"));
    field->setAccessibleName(tr("curl command"));
    field->setPlaceholderText(tr("curl 'https://…' -H '…', as browsers copy it"));
    field->setFont(theme.monospaceFont());
    field->setTabChangesFocus(true);
    const QString copied = QGuiApplication::clipboard()->text();
    if (transfer::isCurlCommand(copied.toStdString()))
        field->setPlainText(copied);
    auto *notice = new NoticeLine(theme);
    question.layout->addWidget(field, 1);
    question.layout->addWidget(notice);
    question.layout->addWidget(question.buttons);
    question.dialog->resize(theme.px(560), theme.px(260));
    QObject::connect(field, &QPlainTextEdit::textChanged, notice, &QWidget::hide);
    QObject::connect(
        question.buttons, &QDialogButtonBox::accepted, question.dialog,
        [dialog = question.dialog, field, notice, use] {
            auto request = transfer::requestFromCurl(field->toPlainText().toStdString());
            if (!request) {
                notice->say(Mark::Incomplete, errorText(request.error()).toPlainText());
                notice->show();
                return;
            }
            dialog->accept();
            use(std::move(*request));
        });
    question.dialog->show();
    field->setFocus();
}

void askForRecipeName(const Theme &theme, const QString &suggestion,
                      const std::function<void(const QString &)> &use, QWidget *parent)
{
    const Question question = ask("saveRecipe", tr("Save as recipe"), tr("Save"), theme, parent);
    auto *field = new QLineEdit(suggestion);
    field->setObjectName(QStringLiteral("recipeName"));
    field->setAccessibleName(tr("Name of the recipe"));
    field->selectAll();
    auto *hint = new QLabel(tr("A text file in the library, without secrets. freshet-cli runs it "
                               "too: get --recipe NAME."));
    hint->setProperty("role", QStringLiteral("small"));
    hint->setWordWrap(true);
    question.layout->addWidget(field);
    question.layout->addWidget(hint);
    question.layout->addWidget(question.buttons);
    question.dialog->setMinimumWidth(theme.px(380));
    question.ok->setEnabled(!suggestion.isEmpty());
    QObject::connect(
        field, &QLineEdit::textChanged, question.ok,
        [ok = question.ok](const QString &text) { ok->setEnabled(!text.trimmed().isEmpty()); });
    QObject::connect(question.buttons, &QDialogButtonBox::accepted, question.dialog,
                     [dialog = question.dialog, field, use] {
                         const QString name = field->text().simplified();
                         dialog->accept();
                         use(name);
                     });
    question.dialog->show();
    field->setFocus();
}

} // namespace freshet::ui

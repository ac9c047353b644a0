// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/call_page.h"

#include "source/method_tree.h"
#include "source/request_page.h"
#include "text/error_text.h"
#include "theme/theme.h"
#include "widgets/notice_line.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace freshet::ui {

namespace {

using transfer::GrpcCall;
using transfer::GrpcFlavour;

enum Types { Reflection, Files, DescriptorSet };

std::vector<std::string> linesOf(const QPlainTextEdit *field)
{
    std::vector<std::string> lines;
    for (const QString &line : field->toPlainText().split(QLatin1Char('\n'))) {
        if (const QString text = line.trimmed(); !text.isEmpty())
            lines.push_back(text.toStdString());
    }
    return lines;
}

QString asLines(const std::vector<std::string> &texts)
{
    QStringList lines;
    for (const auto &text : texts)
        lines += QString::fromStdString(text);
    return lines.join(QLatin1Char('\n'));
}

/// Members of a message's example that are lists: what may hold the rows.
QStringList listsIn(const std::string &example)
{
    QStringList names;
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(example)).object();
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (member->isArray())
            names += member.key();
    }
    return names;
}

} // namespace

CallPage::CallPage(Speaks speaks, const Theme &theme)
    : FormPage(theme),
      m_speaks(speaks),
      m_url(codeEdit(speaks == Speaks::Grpc ? QStringLiteral("grpcs://api.example.com:443")
                                            : QStringLiteral("https://api.example.com"))),
      m_flavour(choice()),
      m_types(choice()),
      m_files(textEdit(tr("/path/of/service.proto, one a line"), 2)),
      m_folders(textEdit(tr("folders that imports are looked for in, one a line"), 2)),
      m_set(codeEdit(tr("what protoc --descriptor_set_out writes"))),
      m_find(new QPushButton(tr("Find &methods"))),
      m_notice(new NoticeLine(theme)),
      m_method(codeEdit(QStringLiteral("package.Service/Method"))),
      m_tree(new MethodTree(theme)),
      m_message(textEdit(QStringLiteral("{}"), 7)),
      m_rowsField(choice())
{
    addServer();
    addTypes();
    addMethod();
    setFocusProxy(m_url);
    connect(m_types, &QComboBox::currentIndexChanged, this, &CallPage::updateTypes);
    connect(m_find, &QPushButton::clicked, this, &CallPage::findMethods);
    connect(m_tree, &MethodTree::methodChosen, this, [this](const QString &path) {
        chooseMethod(path);
        Q_EMIT edited();
    });
    connect(m_method, &QLineEdit::textEdited, m_tree, &MethodTree::choose);
    connect(m_rowsField, &QComboBox::editTextChanged, this, &SourcePage::edited);
}

CallPage::~CallPage()
{
    m_cancel.cancel();
}

void CallPage::addServer()
{
    m_url->setObjectName(QStringLiteral("sourceUrl"));
    addField(tr("&Server"), m_url);
    const auto add = [this](const QString &text, GrpcFlavour flavour) {
        m_flavour->addItem(text, static_cast<int>(flavour));
    };
    if (m_speaks == Speaks::Grpc)
        add(tr("binary"), GrpcFlavour::Native);
    if (m_speaks == Speaks::GrpcWeb) {
        add(tr("binary"), GrpcFlavour::Web);
        add(tr("base64 text"), GrpcFlavour::WebText);
    }
    if (m_speaks == Speaks::Connect) {
        add(tr("binary"), GrpcFlavour::Connect);
        add(tr("JSON"), GrpcFlavour::ConnectJson);
    }
    addField(tr("M&essages"), m_flavour);
    setFieldVisible(m_flavour, m_flavour->count() > 1);
}

void CallPage::addTypes()
{
    m_types->setObjectName(QStringLiteral("protoTypes"));
    m_files->setObjectName(QStringLiteral("protoFiles"));
    if (m_speaks == Speaks::Grpc)
        m_types->addItem(tr("ask the server (reflection)"), Reflection);
    m_types->addItem(tr(".proto files"), Files);
    m_types->addItem(tr("a descriptor set"), DescriptorSet);
    m_find->setObjectName(QStringLiteral("findMethods"));
    auto *line = new QHBoxLayout;
    line->setSpacing(theme().px(8));
    line->addWidget(m_types, 1);
    line->addWidget(m_find);
    m_types->setAccessibleName(tr("Where the types come from"));
    addLayout(tr("Types"), line);
    addField(tr("&Files"), m_files);
    addField(tr("&Imports"), m_folders);
    m_setPicker = filePicker(m_set, tr("Descriptor set"));
    addField(tr("Descriptor &set"), m_setPicker);
    addWide(tr("Methods that were found"), m_notice);
}

void CallPage::addMethod()
{
    m_method->setObjectName(QStringLiteral("grpcMethod"));
    m_message->setObjectName(QStringLiteral("grpcMessage"));
    m_message->setAccessibleName(tr("Request as JSON"));
    m_rowsField->setEditable(true);
    m_rowsField->addItem(QString());
    m_rowsField->lineEdit()->setPlaceholderText(tr("each message is a row"));
    addField(tr("Met&hod"), m_method);
    auto *both = new QWidget;
    auto *line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(theme().px(8));
    line->addWidget(m_tree, 1);
    line->addWidget(m_message, 1);
    addField(tr("Re&quest"), both);
    addField(tr("Ro&ws in"), m_rowsField);
    addHint(tr("The repeated field of a message whose elements are the rows."));
}

void CallPage::updateTypes()
{
    const int types = m_types->currentData().toInt();
    setFieldVisible(m_files, types == Files);
    setFieldVisible(m_folders, types == Files);
    setFieldVisible(m_setPicker, types == DescriptorSet);
}

void CallPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_request = request;
    const GrpcCall call = request.grpc.value_or(GrpcCall());
    m_url->setText(QString::fromStdString(request.bytes.url));
    m_url->setCursorPosition(0);
    chooseData(m_flavour, static_cast<int>(call.flavour));
    m_files->setPlainText(asLines(call.schema.protoFiles));
    m_folders->setPlainText(asLines(call.schema.importFolders));
    m_set->setText(QString::fromStdString(call.schema.descriptorSetFile));
    chooseData(m_types, !call.schema.descriptorSetFile.empty() ? DescriptorSet
                        : !call.schema.protoFiles.empty()      ? Files
                                                               : Reflection);
    m_method->setText(QString::fromStdString(call.method));
    m_message->setPlainText(QString::fromStdString(call.requestJson));
    m_skeleton = QString::fromStdString(GrpcCall().requestJson);
    m_rowsField->setEditText(QString::fromStdString(call.rowsField));
    updateTypes();
}

void CallPage::store(transfer::DownloadRequest &request) const
{
    request.bytes.url = m_url->text().trimmed().toStdString();
    if (!request.grpc)
        request.grpc.emplace();
    GrpcCall &call = *request.grpc;
    call.flavour = static_cast<GrpcFlavour>(m_flavour->currentData().toInt());
    const int types = m_types->currentData().toInt();
    call.schema = {};
    if (types == Files)
        call.schema = {.protoFiles = linesOf(m_files), .importFolders = linesOf(m_folders)};
    else if (types == DescriptorSet)
        call.schema.descriptorSetFile = m_set->text().trimmed().toStdString();
    call.method = m_method->text().trimmed().toStdString();
    const QString message = m_message->toPlainText();
    call.requestJson = message.trimmed().isEmpty() ? GrpcCall().requestJson : message.toStdString();
    call.rowsField = m_rowsField->currentText().trimmed().toStdString();
}

Status CallPage::validate() const
{
    FRESHET_TRY(checkUrl(m_url->text()));
    const int types = m_types->currentData().toInt();
    if (types == Files && linesOf(m_files).empty())
        return fail(ErrorCode::InvalidArgument, "name the .proto files that describe the service");
    if (types == DescriptorSet && m_set->text().trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, "name the file of the descriptor set");
    if (m_method->text().trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, "choose the method to call");
    transfer::DownloadRequest request;
    store(request);
    return request.grpc->validate();
}

void CallPage::findMethods()
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    transfer::DownloadRequest request = m_request;
    store(request);
    m_find->setEnabled(false);
    m_notice->say(Mark::Waiting, tr("Looking for methods…"));
    m_notice->show();
    m_runner.runLatest(
        [request = std::move(request), cancel = m_cancel] {
            return schemaOfCall(request, {}, cancel);
        },
        [this](Result<decode::ProtoSchema> schema) { showMethods(std::move(schema)); });
}

void CallPage::showMethods(Result<decode::ProtoSchema> schema)
{
    m_find->setEnabled(true);
    if (!schema) {
        m_schema.reset();
        m_tree->setMethods({});
        m_notice->say(Mark::Failed, errorText(schema.error(), m_url->text()).toPlainText());
        return;
    }
    m_schema = std::move(*schema);
    m_tree->setMethods(m_schema->methods());
    const auto count = m_schema->methods().size();
    m_notice->say(count == 0 ? Mark::Incomplete : Mark::Verified,
                  count == 1 ? tr("1 method.") : tr("%1 methods.").arg(count));
    if (count == 1 && m_method->text().trimmed().isEmpty())
        chooseMethod(QString::fromStdString(m_schema->methods().front().path));
    m_tree->choose(m_method->text().trimmed());
}

void CallPage::chooseMethod(const QString &path)
{
    m_method->setText(path);
    const auto method = m_schema ? m_schema->method(path.toStdString())
                                 : Result<decode::ProtoMethod>(decode::ProtoMethod());
    if (!m_schema || !method)
        return;
    const QString written = m_message->toPlainText().trimmed();
    if (const auto skeleton = m_schema->exampleJson(method->requestType);
        skeleton && (written.isEmpty() || written == m_skeleton.trimmed())) {
        m_skeleton = QString::fromStdString(*skeleton);
        m_message->setPlainText(m_skeleton);
    }
    const QString rows = m_rowsField->currentText();
    m_rowsField->clear();
    m_rowsField->addItem(QString());
    if (const auto answer = m_schema->exampleJson(method->responseType))
        m_rowsField->addItems(listsIn(*answer));
    m_rowsField->setEditText(rows);
}

} // namespace freshet::ui

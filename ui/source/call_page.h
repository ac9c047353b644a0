// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"
#include "source/form_page.h"
#include "task_runner.h"

#include <optional>

class QPushButton;
class QStackedWidget;

namespace freshet::ui {

class MethodTree;
class NoticeLine;

/// A gRPC call: the server, where its types come from, which method, and its request as JSON.
///
/// Methods are found on a worker, from files or by asking the server. Choosing one fills the
/// request with a skeleton of its type, unless the user has written something.
class CallPage : public FormPage
{
    Q_OBJECT
public:
    /// How the messages travel, as the kind of source says; the page offers the forms it has.
    enum class Speaks { Grpc, GrpcWeb, Connect };

    CallPage(Speaks speaks, const Theme &theme);
    ~CallPage() override;

    [[nodiscard]] QString name() const override { return tr("Call"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;
    /// Look the methods up; answered later.
    void findMethods();

private:
    void addServer();
    void addTypes();
    void addMethod();
    void updateTypes();
    void showMethods(Result<decode::ProtoSchema> schema);
    void chooseMethod(const QString &path);

    const Speaks m_speaks;
    transfer::DownloadRequest m_request; ///< as loaded
    std::optional<decode::ProtoSchema> m_schema;
    QString m_skeleton; ///< what was filled in last
    CancelToken m_cancel;
    TaskRunner m_runner;

    QLineEdit *m_url;
    QComboBox *m_flavour;
    QComboBox *m_types;
    QPlainTextEdit *m_files;
    QPlainTextEdit *m_folders;
    QLineEdit *m_set;
    QWidget *m_setPicker = nullptr;
    QPushButton *m_find;
    NoticeLine *m_notice;
    QLineEdit *m_method;
    MethodTree *m_tree;
    QPlainTextEdit *m_message;
    QComboBox *m_rowsField;
};

} // namespace freshet::ui

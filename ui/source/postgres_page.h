// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

class QPushButton;

namespace freshet::ui {

class NoticeLine;
class SchemaTree;
struct PickedTable;

/// A query to a PostgreSQL server: where it is, the query and its key, and a browser of the
/// server's tables that fills them in.
///
/// The password is shown as dots and goes into the requests that are made, and nowhere else.
class PostgresPage : public FormPage
{
    Q_OBJECT
public:
    explicit PostgresPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Query"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;
    [[nodiscard]] SchemaTree &tree() const { return *m_tree; }
    /// Ask the server what it has, or give that up while it is being asked.
    void browse();

private:
    void addServer();
    void addQuery();
    [[nodiscard]] Status checkServer() const;
    /// Move a password out of the address into its own field.
    void hidePassword();
    void take(const PickedTable &table);
    void updateBrowsing();

    transport::ByteRequest m_request; ///< as loaded
    QLineEdit *m_url;
    QLineEdit *m_password;
    QPushButton *m_browse;
    NoticeLine *m_notice;
    SchemaTree *m_tree;
    QPlainTextEdit *m_query;
    QLineEdit *m_key;
};

} // namespace freshet::ui

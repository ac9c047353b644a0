// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "task_runner.h"
#include "transport/postgres_catalogue.h"
#include "widgets/hinted_tree.h"

#include <functional>
#include <map>

namespace freshet::ui {

/// A table that was picked, as a request asks for it.
struct PickedTable
{
    std::string url; ///< of its database
    std::string query;
    std::vector<std::string> key; ///< empty: it has none that rows can be told apart by
};

/// What there is on a PostgreSQL server: databases, in them schemas, in them tables and views with
/// the server's estimate of their rows and their primary key, in them columns.
///
/// The server is asked on workers, for a database or a table when it is opened; each question is a
/// short session of its own. Double click or Enter on a table picks it. Threads: GUI thread only.
class SchemaTree : public HintedTree
{
    Q_OBJECT
public:
    explicit SchemaTree(const Theme &theme, QWidget *parent = nullptr);
    ~SchemaTree() override;

    /// Begin anew with the server and database of `server`, whose body does not matter.
    void browse(const transport::ByteRequest &server);
    /// Give up what is being asked.
    void stop();
    [[nodiscard]] bool isAsking() const { return m_asking > 0; }
    /// The item of a table that was listed; null if there is none.
    [[nodiscard]] QTreeWidgetItem *tableItem(const QString &schema, const QString &name) const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// What is shown, or whether the server is being asked, has changed.
    void changed();
    void failed(const freshet::Error &error);
    void picked(const freshet::ui::PickedTable &table);

private:
    struct Contents
    {
        std::string database;
        std::vector<std::string> databases;
        std::vector<std::string> schemas;
        std::vector<transport::PostgresRelation> relations;
    };

    [[nodiscard]] static Result<Contents> read(transport::ByteRequest server, CancelToken cancel);
    template <typename Work, typename Answer>
    void ask(Work work, Answer answer);
    void showServer(const Contents &contents);
    void fillDatabase(QTreeWidgetItem *item, const Contents &contents);
    void addRelation(QTreeWidgetItem *schema, const transport::PostgresRelation &relation);
    void openDatabase(QTreeWidgetItem *item);
    /// Ask for the columns and keys of a table, unless they are known, and then go on.
    void openTable(QTreeWidgetItem *item, const std::function<void()> &then);
    void fillTable(QTreeWidgetItem *item, transport::PostgresTable table);
    void expandItemLater(QTreeWidgetItem *item);
    void activate(QTreeWidgetItem *item);
    void pick(QTreeWidgetItem *item);
    [[nodiscard]] transport::ByteRequest requestOf(const QTreeWidgetItem *item) const;
    QTreeWidgetItem *addNote(QTreeWidgetItem *parent, const QString &text);

    void updateHint();

    transport::ByteRequest m_server;
    std::map<const QTreeWidgetItem *, transport::PostgresTable> m_tables;
    CancelToken m_cancel;
    TaskRunner m_runner;
    int m_round = 0; ///< answers of earlier ones are dropped
    int m_asking = 0;
};

} // namespace freshet::ui

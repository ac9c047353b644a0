// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "task_runner.h"

#include <QWidget>

namespace freshet::ui {

class DetailTable;
class RunModel;
class Theme;

/// The runs that wrote a dataset, each with what it added and how the columns changed with it.
class RunsPage : public QWidget
{
    Q_OBJECT
public:
    RunsPage(std::shared_ptr<store::Library> library, std::string id, const QString &name,
             const Theme &theme, QWidget *parent = nullptr);

    /// Read the runs again; `counted` follows.
    void refresh();
    [[nodiscard]] DetailTable *table() const { return m_table; }

Q_SIGNALS:
    void counted(int runs);
    void failed(const freshet::Error &error);
    void said(const QString &words);

private:
    void copy();

    std::shared_ptr<store::Library> m_library;
    std::string m_id;
    RunModel *m_model;
    DetailTable *m_table;
    TaskRunner m_runner;
};

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "task_runner.h"

#include <QWidget>

namespace freshet::ui {

class BadRowModel;
class DetailTable;
class Theme;

/// The rows of a dataset that could not be read: where, why, and what was sent; to be looked at,
/// copied and exported.
class BadRowsPage : public QWidget
{
    Q_OBJECT
public:
    /// At most so many are copied at once; an export takes them all.
    static constexpr int kMostCopied = 1000;

    BadRowsPage(std::shared_ptr<store::Library> library, std::string id, const QString &name,
                const Theme &theme, QWidget *parent = nullptr);

    void setCount(std::int64_t count);
    [[nodiscard]] DetailTable *table() const { return m_table; }
    void copy();
    /// Write all of them to `file`; `said` or `failed` follows.
    void exportTo(const QString &file);

Q_SIGNALS:
    void said(const QString &words);
    void failed(const freshet::Error &error);

private:
    void showDetail(int row);
    void askForFile();

    std::shared_ptr<store::Library> m_library;
    std::string m_id;
    QString m_name;
    BadRowModel *m_model;
    DetailTable *m_table;
    TaskRunner m_detail;
    TaskRunner m_runner;
};

} // namespace freshet::ui

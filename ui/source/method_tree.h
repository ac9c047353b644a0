// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"

#include <QTreeWidget>

namespace freshet::ui {

class Theme;

/// The services of a schema with their methods: what they take and give, and which can be called
/// for rows. Methods that want a stream of requests are shown and cannot be chosen.
class MethodTree : public QTreeWidget
{
    Q_OBJECT
public:
    explicit MethodTree(const Theme &theme, QWidget *parent = nullptr);

    void setMethods(const std::vector<decode::ProtoMethod> &methods);
    /// By its path, with a dot or a slash before the method's name; nothing if it is not there.
    void choose(const QString &method);
    [[nodiscard]] QString chosen() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// By the user.
    void methodChosen(const QString &path);

private:
    const Theme &m_theme;
};

} // namespace freshet::ui

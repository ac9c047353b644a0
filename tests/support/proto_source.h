// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"

#include <QFile>
#include <QTemporaryDir>

namespace freshet::test {

/// .proto files in a folder that goes away with this.
class ProtoSource
{
public:
    /// Write a file; its folder within the source is made.
    ProtoSource &add(const QString &name, QByteArrayView text)
    {
        const QString path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(text.data(), text.size());
        return *this;
    }
    [[nodiscard]] std::string path(const QString &name = {}) const
    {
        return m_folder.filePath(name).toStdString();
    }
    [[nodiscard]] Result<decode::ProtoSchema> load(const QString &name) const
    {
        return decode::ProtoSchema::load({.protoFiles = {path(name)}});
    }

private:
    QTemporaryDir m_folder;
};

} // namespace freshet::test

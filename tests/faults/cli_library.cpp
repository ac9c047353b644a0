// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/cli_library.h"

#include <QDir>

namespace freshet::test {

namespace {

QStringList words(const QString &folder, const QString &command, const QStringList &arguments)
{
    return QStringList{command, QStringLiteral("--library"), folder} + arguments;
}

} // namespace

QString CliLibrary::program()
{
    return QDir(qEnvironmentVariable("FRESHET_BIN", QStringLiteral(".")))
        .filePath(QStringLiteral("freshet-cli"));
}

void CliLibrary::start(ChildProcess &process, const QString &command,
                       const QStringList &arguments) const
{
    if (!process.start(program(), words(m_folder, command, arguments)))
        qFatal("%s cannot be started", qPrintable(program()));
}

ChildProcess::Ended CliLibrary::run(const QString &command, const QStringList &arguments) const
{
    return ChildProcess::run(program(), words(m_folder, command, arguments), 100'000);
}

Result<store::DatasetRecord> CliLibrary::record(const std::string &name) const
{
    const auto library = store::Library::open(m_folder.toStdString());
    if (!library)
        return fail(library.error());
    return (*library)->find(name);
}

Result<TableText> CliLibrary::table(const std::string &name) const
{
    const auto library = store::Library::open(m_folder.toStdString());
    if (!library)
        return fail(library.error());
    const auto record = (*library)->find(name);
    if (!record)
        return fail(record.error());
    const auto dataset = (*library)->dataset(record->id);
    if (!dataset)
        return fail(dataset.error());
    return tableText((*dataset)->snapshot());
}

} // namespace freshet::test

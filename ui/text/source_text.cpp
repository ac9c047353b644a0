// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/source_text.h"

#include "source/source_kind.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUrl>

namespace freshet::ui {

QString recipeFact(const RecipeEntry &recipe)
{
    if (recipe.error)
        return QCoreApplication::translate("Sources", "cannot be read");
    const SourceKind &kind = kindOf(recipe.request);
    const QString name = QCoreApplication::translate("SourceKinds", kind.name);
    const QString source = QString::fromStdString(recipe.request.bytes.url);
    const QString host = QUrl(source).host();
    const QString place = host.isEmpty() ? QFileInfo(source).fileName() : host;
    return place.isEmpty() ? name : name + QStringLiteral(" · ") + place;
}

} // namespace freshet::ui

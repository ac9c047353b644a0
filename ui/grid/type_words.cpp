// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/type_words.h"

#include <QCoreApplication>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TypeWords", text);
}

QString zoned(const QString &word, const columnar::LogicalType &type)
{
    return type.form.zone == columnar::TimeForm::Zone::None ? word : tr("%1, UTC").arg(word);
}

} // namespace

QString typeWords(const columnar::LogicalType &type)
{
    using columnar::TypeKind;
    switch (type.kind) {
    case TypeKind::Null:
        return tr("no value yet");
    case TypeKind::Bool:
        return tr("boolean");
    case TypeKind::Int64:
        return tr("integer");
    case TypeKind::UInt64:
        return tr("integer, unsigned");
    case TypeKind::Double:
        return tr("number");
    case TypeKind::Decimal:
        return tr("decimal(%1,%2)").arg(int{type.precision}).arg(int{type.scale});
    case TypeKind::Date:
        return tr("date");
    case TypeKind::Time:
        return zoned(tr("time"), type);
    case TypeKind::Timestamp:
        return zoned(tr("timestamp"), type);
    case TypeKind::String:
        return tr("text");
    case TypeKind::Binary:
        return tr("bytes");
    case TypeKind::Json:
        return tr("json");
    }
    return {};
}

} // namespace freshet::ui

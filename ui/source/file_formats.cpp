// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/file_formats.h"

#include <QComboBox>
#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::ui {

namespace {

using decode::Format;

constexpr auto kFormats = std::to_array<std::pair<Format, const char *>>({
    {Format::Auto, QT_TRANSLATE_NOOP("FileFormats", "found by itself")},
    {Format::Parquet, "Parquet"},
    {Format::Arrow, "Arrow, Feather"},
    {Format::Csv, "CSV"},
    {Format::Tsv, "TSV"},
    {Format::Ndjson, "NDJSON"},
    {Format::Json, "JSON"},
    {Format::MsgPack, "MessagePack"},
    {Format::Cbor, "CBOR"},
    {Format::Zip, QT_TRANSLATE_NOOP("FileFormats", "ZIP archives of such files")},
});

} // namespace

void addFileFormats(QComboBox *box)
{
    for (const auto &[format, name] : kFormats)
        box->addItem(QCoreApplication::translate("FileFormats", name), static_cast<int>(format));
}

bool isFileFormat(decode::Format format)
{
    return std::ranges::any_of(kFormats, [format](const auto &one) { return one.first == format; });
}

} // namespace freshet::ui

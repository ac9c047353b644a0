// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/exporter.h"

#include <algorithm>
#include <array>
#include <set>

namespace freshet::exporters {

namespace {

struct FormatName
{
    ExportFormat format;
    std::string_view name;
};

constexpr std::array kFormatNames = {
    FormatName{ExportFormat::Csv, "csv"},         FormatName{ExportFormat::Tsv, "tsv"},
    FormatName{ExportFormat::Ndjson, "ndjson"},   FormatName{ExportFormat::JsonArray, "json"},
    FormatName{ExportFormat::Parquet, "parquet"}, FormatName{ExportFormat::Arrow, "arrow"},
};

struct Suffix
{
    std::string_view text;
    ExportFormat format;
};

constexpr std::array kSuffixes = {
    Suffix{".csv", ExportFormat::Csv},        Suffix{".tsv", ExportFormat::Tsv},
    Suffix{".ndjson", ExportFormat::Ndjson},  Suffix{".jsonl", ExportFormat::Ndjson},
    Suffix{".json", ExportFormat::JsonArray}, Suffix{".parquet", ExportFormat::Parquet},
    Suffix{".arrow", ExportFormat::Arrow},    Suffix{".feather", ExportFormat::Arrow},
};

constexpr std::array<std::string_view, 5> kParquetCompressions = {"zstd", "snappy", "gzip", "none",
                                                                  "uncompressed"};

bool isText(ExportFormat format)
{
    return format != ExportFormat::Parquet && format != ExportFormat::Arrow;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return text;
}

Result<ExportOptions> unknownSuffix(const std::filesystem::path &file)
{
    std::string known;
    for (const Suffix &suffix : kSuffixes)
        known += (known.empty() ? "" : ", ") + std::string(suffix.text);
    return fail(ErrorCode::InvalidArgument,
                file.filename().string() +
                    ": the file's name does not tell its format; known are " + known +
                    ", text formats also with .gz or .zst");
}

} // namespace

std::string_view exportFormatName(ExportFormat format)
{
    for (const FormatName &entry : kFormatNames) {
        if (entry.format == format)
            return entry.name;
    }
    return {};
}

std::optional<ExportFormat> exportFormatByName(std::string_view name)
{
    for (const FormatName &entry : kFormatNames) {
        if (entry.name == name)
            return entry.format;
    }
    // What files of these formats are also called.
    const std::string suffix = "." + std::string(name);
    for (const Suffix &entry : kSuffixes) {
        if (entry.text == suffix)
            return entry.format;
    }
    return std::nullopt;
}

Result<ExportOptions> optionsForFile(const std::filesystem::path &file)
{
    ExportOptions options;
    std::string name = lowered(file.filename().string());
    if (name.ends_with(".gz")) {
        options.compression = TextCompression::Gzip;
        name.resize(name.size() - 3);
    } else if (name.ends_with(".zst")) {
        options.compression = TextCompression::Zstd;
        name.resize(name.size() - 4);
    }
    for (const Suffix &suffix : kSuffixes) {
        if (!name.ends_with(suffix.text))
            continue;
        if (!isText(suffix.format) && options.compression != TextCompression::None)
            return unknownSuffix(file);
        options.format = suffix.format;
        return options;
    }
    return unknownSuffix(file);
}

Status ExportOptions::validate() const
{
    if (!isText(format) && compression != TextCompression::None) {
        return fail(ErrorCode::InvalidArgument,
                    "compression: " + std::string(exportFormatName(format)) +
                        " files are compressed inside; .gz and .zst are for text formats");
    }
    if (std::find(kParquetCompressions.begin(), kParquetCompressions.end(), parquetCompression) ==
        kParquetCompressions.end()) {
        return fail(ErrorCode::InvalidArgument, "parquetCompression: \"" + parquetCompression +
                                                    "\" is none of zstd, snappy, gzip, none");
    }
    std::set<std::string_view> seen;
    for (const std::string &column : columns) {
        if (!seen.insert(column).second) {
            return fail(Error{.code = ErrorCode::InvalidArgument,
                              .detail = "columns: \"" + column + "\" is named twice",
                              .column = column});
        }
    }
    return {};
}

} // namespace freshet::exporters

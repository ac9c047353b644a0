// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/row_counter.h"

#include "query/parquet_rows.h"
#include "store/arrow_file.h"
#include "transport/file_transport.h"

#include <algorithm>

namespace freshet::exporters {

namespace {

/// Feeds the decompressed text of a file to a counter.
class CountingSink final : public transport::ByteSink
{
public:
    explicit CountingSink(TextRowCounter &counter) : m_counter(counter) {}
    Status onHead(const transport::ResponseHead &) override { return {}; }
    Status onBytes(std::string_view bytes) override
    {
        m_counter.feed(bytes);
        return {};
    }

private:
    TextRowCounter &m_counter;
};

Result<RowCount> countText(const std::filesystem::path &file, const Manifest &manifest,
                           ExportFormat format, const CancelToken &cancel)
{
    transport::ByteRequest request;
    // A path, whatever its name looks like.
    request.url = std::filesystem::absolute(file).string();
    request.undoCodings = !manifest.compression.empty();
    const auto transport = transport::FileTransport::create(std::move(request));
    if (!transport)
        return fail(transport.error());
    TextRowCounter counter(format, manifest.header);
    CountingSink sink(counter);
    if (const auto end = (*transport)->run(sink, cancel); !end)
        return fail(end.error());
    return counter.finish();
}

/// Every column of every batch is read, so that the checksums in it are checked as well.
Result<RowCount> countArrow(const std::filesystem::path &path, const CancelToken &cancel)
{
    const auto file = store::ArrowFileReader::open(path);
    if (!file)
        return fail(file.error());
    RowCount rows;
    const auto &blocks = (*file)->blocks();
    for (std::size_t block = 0; block < blocks.size(); ++block) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        for (int column = 0; column < (*file)->schema()->columnCount(); ++column) {
            if (const auto read = (*file)->column(block, column); !read)
                return fail(read.error());
        }
        rows += blocks[block].rows;
    }
    return rows;
}

} // namespace

TextRowCounter::TextRowCounter(ExportFormat format, bool hasHeader)
    : m_format(format), m_hasHeader(hasHeader)
{}

void TextRowCounter::feed(std::string_view text)
{
    if (m_firstTwo.size() < 2)
        m_firstTwo.append(text.substr(0, 2 - m_firstTwo.size()));
    m_lastThree.append(text.substr(text.size() - std::min<std::size_t>(text.size(), 3)));
    m_lastThree.erase(0, m_lastThree.size() - std::min<std::size_t>(m_lastThree.size(), 3));
    if (m_format != ExportFormat::Csv && m_format != ExportFormat::Tsv) {
        m_lines += std::count(text.begin(), text.end(), '\n');
        return;
    }
    // A quote inside of quotes is doubled, so that each one changes sides.
    for (const char c : text) {
        m_isQuoted ^= c == '"';
        m_lines += static_cast<int>(c == '\n' && !m_isQuoted);
    }
}

Result<RowCount> TextRowCounter::finish() const
{
    const bool isArray = m_format == ExportFormat::JsonArray;
    const bool isEmptyArray = isArray && m_firstTwo == "[]";
    const bool endsWell = isArray ? isEmptyArray || m_lastThree == "\n]\n"
                                  : m_lastThree.empty() || m_lastThree.back() == '\n';
    if (m_isQuoted || !endsWell || (m_hasHeader && m_lines == 0))
        return fail(ErrorCode::Truncated, "the file stops in the middle of a row");
    if (isEmptyArray)
        return RowCount(0);
    // The lines of the brackets.
    return RowCount(m_lines - (isArray ? 2 : 0) - (m_hasHeader ? 1 : 0));
}

Result<RowCount> countRows(const std::filesystem::path &file, const Manifest &manifest,
                           const CancelToken &cancel)
{
    const auto format = exportFormatByName(manifest.format);
    if (!format)
        return fail(ErrorCode::Unsupported,
                    "the manifest names no format that is known: \"" + manifest.format + '"');
    switch (*format) {
    case ExportFormat::Parquet:
        return query::countParquetRows(file, cancel);
    case ExportFormat::Arrow:
        return countArrow(file, cancel);
    default:
        return countText(file, manifest, *format, cancel);
    }
}

} // namespace freshet::exporters

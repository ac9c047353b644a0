// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/table_decoder.h"

#include "base/file.h"
#include "columnar/batch_appender.h"
#include "transfer/table_file.h"

#include <utility>

namespace freshet::transfer {

namespace {

class TableDecoder final : public decode::RowDecoder
{
public:
    TableDecoder(const decode::DecodeOptions &options, decode::DecodeOutputs outputs,
                 TableInput input)
        : m_options(options), m_outputs(outputs), m_input(std::move(input))
    {
        m_findings.format = options.format;
    }
    ~TableDecoder() override { removeSpool(); }

    Status feed(std::string_view bytes) override
    {
        if (!m_input.file.empty())
            return {}; // what told its format
        if (!m_spool.isOpen())
            FRESHET_TRY(openSpool());
        return m_spool.write(bytes);
    }

    Status finish() override
    {
        if (m_input.file.empty() && !m_spool.isOpen())
            FRESHET_TRY(openSpool()); // an empty body
        if (m_spool.isOpen())
            FRESHET_TRY(m_spool.close()); // what is not on the disk is not there to be read
        auto table = openTable({.path = m_input.file.empty() ? m_input.spool : m_input.file,
                                .format = m_options.format,
                                .flatten = m_options.flatten,
                                .firstRow = m_input.firstRow},
                               m_input.cancel);
        if (!table)
            return fail(std::move(table).error());
        m_progress = {.done = RowCount(), .total = (*table)->totalRows()};
        m_findings.notes = (*table)->notes();
        FRESHET_TRY(takeRows(**table));
        m_findings.endStated = (*table)->endStated();
        m_findings.declaredTotal = m_progress.total;
        m_findings.declaredTotalFrom = "the file's own count";
        return {};
    }

    Status flush() override
    {
        if (m_outputs.builder.pendingRows() == 0)
            return {};
        return m_outputs.batches.accept(m_outputs.builder.seal(), ByteOffset());
    }

    void reset() override { removeSpool(); }
    ByteOffset position() const override { return {}; }
    decode::DecodeFindings findings() const override { return m_findings; }
    std::optional<decode::DeclaredProgress> declaredProgress() const override { return m_progress; }

private:
    Status openSpool()
    {
        std::error_code problem;
        std::filesystem::create_directories(m_input.spool.parent_path(), problem);
        if (problem)
            return fail(systemError(problem.value(), m_input.spool.parent_path().string()));
        auto file = File::open(m_input.spool, File::Mode::Truncate);
        if (!file)
            return fail(std::move(file).error());
        m_spool = std::move(*file);
        m_hasSpool = true;
        return {};
    }

    void removeSpool()
    {
        if (!std::exchange(m_hasSpool, false))
            return;
        m_spool = File();
        std::error_code ignored; // what is left goes with the dataset's folder
        std::filesystem::remove(m_input.spool, ignored);
    }

    Status takeRows(TableReader &table)
    {
        columnar::BatchAppender appender(m_outputs.builder);
        FRESHET_TRY(appender.declare(*table.schema()));
        while (true) {
            auto batch = table.next();
            if (!batch)
                return fail(std::move(batch).error());
            if (!*batch)
                return flush();
            FRESHET_TRY(appender.begin(std::move(**batch)));
            for (bool isMore = true; isMore;) {
                const auto appended = appender.append();
                if (!appended)
                    return fail(appended.error());
                isMore = *appended;
                FRESHET_TRY(flush());
            }
        }
    }

    decode::DecodeOptions m_options;
    decode::DecodeOutputs m_outputs;
    TableInput m_input;
    File m_spool; ///< until it is whole
    bool m_hasSpool = false;
    decode::DecodeFindings m_findings;
    decode::DeclaredProgress m_progress;
};

} // namespace

Result<std::unique_ptr<decode::RowDecoder>> makeTableDecoder(const decode::DecodeOptions &options,
                                                             decode::DecodeOutputs outputs,
                                                             TableInput input)
{
    if (!decode::isTableFormat(options.format))
        return fail(ErrorCode::InvalidArgument, "a table decoder is for Parquet and Arrow");
    return std::make_unique<TableDecoder>(options, outputs, std::move(input));
}

} // namespace freshet::transfer

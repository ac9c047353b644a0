// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_reader.h"

#include "base/file.h"
#include "columnar/time_text.h"
#include "query/database.h"
#include "query/parquet_columns.h"
#include "query/result_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace freshet::query {

using columnar::Column;
using columnar::Field;
using columnar::LogicalType;
using columnar::RecordBatch;
using columnar::TypeKind;

namespace {

constexpr std::size_t kMagic = 4;

/// Say before DuckDB does, and in clearer words, what is no whole Parquet file.
Status checkEnds(const File &file)
{
    const auto size = file.size();
    if (!size)
        return fail(size.error());
    std::array<char, kMagic> start{};
    std::array<char, kMagic> end{};
    constexpr ByteCount kSmallest(12);
    if (*size < kSmallest)
        return fail(ErrorCode::Truncated, "too short for a Parquet file");
    FRESHET_TRY(file.readAt(ByteOffset(), start));
    FRESHET_TRY(file.readAt(ByteOffset(size->value()) - ByteCount(kMagic), end));
    if (std::memcmp(end.data(), "PARE", kMagic) == 0 ||
        std::memcmp(start.data(), "PARE", kMagic) == 0)
        return fail(ErrorCode::Unsupported, "an encrypted Parquet file");
    if (std::memcmp(start.data(), "PAR1", kMagic) != 0)
        return fail(ErrorCode::SyntaxError, "not a Parquet file");
    if (std::memcmp(end.data(), "PAR1", kMagic) != 0)
        return fail(Error{.code = ErrorCode::Truncated,
                          .detail = "the Parquet file is cut: its footer is not there",
                          .byteOffset = ByteOffset(size->value())});
    return {};
}

/// What DuckDB said of a file, as an error of the file and not of a query.
Error ofFile(Error error)
{
    if (error.code != ErrorCode::SqlError && error.code != ErrorCode::IoError)
        return error;
    error.detail.resize(std::min(error.detail.size(), error.detail.find('\n')));
    if (error.detail.find("Out of Memory") != std::string::npos)
        return {.code = ErrorCode::Unsupported,
                .detail = "the Parquet file has a part that takes more memory than there is for "
                          "reading: " +
                          error.detail};
    const bool isRefused = error.detail.find("Not implemented") != std::string::npos ||
                           error.detail.find("MAP_KEY_VALUE") != std::string::npos ||
                           error.detail.find("nsupported") != std::string::npos;
    error.code = isRefused ? ErrorCode::Unsupported : ErrorCode::SyntaxError;
    error.detail = "the Parquet file cannot be read: " + error.detail;
    return error;
}

constexpr std::int64_t kNanosPerMicro = 1'000;
constexpr columnar::TimeForm kFreeMicros{.fractionDigits = 6, .isFree = true};

bool fitsMicroseconds(const Column &column)
{
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (!column.isNull(row) && column.valueAt<std::int64_t>(row) % kNanosPerMicro != 0)
            return false;
    }
    return true;
}

/// Give a column of text its bytes and offsets; `write` appends those of one row.
template <typename Write>
void fillTexts(Column &column, Write write)
{
    columnar::MutableBuffer texts;
    columnar::MutableBuffer offsets;
    for (std::int64_t row = 0; row <= column.length; ++row) {
        const auto end = static_cast<std::int32_t>(texts.size());
        offsets.append(&end, sizeof end);
        if (row < column.length && !column.isNull(row))
            write(texts, row);
    }
    column.offsets = offsets.finish();
    column.values = texts.finish();
}

void writeNanoseconds(columnar::MutableBuffer &texts, std::int64_t nanos)
{
    std::int64_t micros = nanos / kNanosPerMicro;
    std::int64_t rest = nanos % kNanosPerMicro;
    if (rest < 0) {
        --micros;
        rest += kNanosPerMicro;
    }
    std::array<char, 64> text{};
    char *at = columnar::writeTimestamp(text.data(), micros, kFreeMicros);
    for (const std::int64_t unit : {100, 10, 1})
        *at++ = static_cast<char>('0' + rest / unit % 10);
    texts.append(text.data(), static_cast<std::size_t>(at - text.data()));
}

/// Microseconds or, where one value is finer, text with nine digits.
void settleNanoseconds(Column &column, Field &field)
{
    const Column nanos = column;
    if (fitsMicroseconds(nanos)) {
        columnar::MutableBuffer micros;
        micros.resize(static_cast<std::size_t>(nanos.length) * sizeof(std::int64_t));
        for (std::int64_t row = 0; row < nanos.length; ++row)
            micros.as<std::int64_t>()[row] = nanos.valueAt<std::int64_t>(row) / kNanosPerMicro;
        column.values = micros.finish();
        field.type = LogicalType::timestamp(kFreeMicros);
    } else {
        fillTexts(column, [&](columnar::MutableBuffer &texts, std::int64_t row) {
            writeNanoseconds(texts, nanos.valueAt<std::int64_t>(row));
        });
        field.type = {.kind = TypeKind::String};
    }
    column.type = field.type;
}

Status checkInt96(const Column &column, const Field &field)
{
    constexpr std::int64_t kYear1 = -62'135'596'800'000'000;
    constexpr std::int64_t kYear10000 = 253'402'300'800'000'000;
    const auto *values = column.values.as<std::int64_t>();
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (!column.isNull(row) && (values[row] < kYear1 || values[row] >= kYear10000))
            return fail(Error{.code = ErrorCode::Unsupported,
                              .detail = "an INT96 time outside of the years 1 to 9999, which the "
                                        "Parquet reader does not give exactly",
                              .column = field.name});
    }
    return {};
}

void quoteFloats(Column &column)
{
    const Column bare = column;
    fillTexts(column, [&](columnar::MutableBuffer &texts, std::int64_t row) {
        const std::string quoted = withQuotedFloats(bare.textAt(row));
        texts.append(quoted.data(), quoted.size());
    });
}

/// What has to be done with a column's values before they are its values.
Status finishColumn(Column &column, Field &field, ParquetColumn::Kind kind)
{
    switch (kind) {
    case ParquetColumn::Kind::AsTheyAre:
        break;
    case ParquetColumn::Kind::Nanoseconds:
        settleNanoseconds(column, field);
        break;
    case ParquetColumn::Kind::Int96:
        return checkInt96(column, field);
    case ParquetColumn::Kind::FloatJson:
        quoteFloats(column);
        break;
    }
    return {};
}

} // namespace

struct ParquetReader::Impl
{
    File file;
    std::vector<ParquetColumn> columns;
    std::vector<std::string> notes;
    RowCount totalRows;
    std::int64_t rowGroups = 0;
    columnar::SchemaPtr schema;
    std::unique_ptr<columnar::BatchReader> rows; ///< goes before the file it reads

    [[nodiscard]] Status begin(const ParquetReadOptions &options, const CancelToken &cancel);
    [[nodiscard]] Status readFooter(duckdb_connection connection, const std::string &path);
    void nameColumns();
    [[nodiscard]] Result<std::optional<RecordBatch>> next();
};

Status ParquetReader::Impl::begin(const ParquetReadOptions &options, const CancelToken &cancel)
{
    // By its descriptor: what is a pattern in a file's name is none to DuckDB then, and the file
    // stays the same however its name is used meanwhile.
    const std::string path = "/proc/self/fd/" + std::to_string(file.descriptor());
    auto database = Database::open({.threads = options.threads,
                                    .memoryLimit = options.memoryLimit,
                                    .temporaryFolder = {},
                                    .allowedFile = path});
    if (!database)
        return fail(std::move(database).error());
    const auto connection = (*database)->connect();
    if (!connection)
        return fail(connection.error());
    FRESHET_TRY(readFooter(connection->get(), path));
    auto plan = planParquetColumns(connection->get(), path, options.flatten);
    if (!plan)
        return fail(std::move(plan).error());
    columns = std::move(plan->columns);
    notes = std::move(plan->notes);

    std::string selected;
    for (std::size_t i = 0; i < columns.size(); ++i)
        selected += (i != 0 ? ", " : "") + columns[i].expression + " AS v" + std::to_string(i);
    std::string sql = "SELECT " + selected + " FROM read_parquet(" + quotedText(path) + ") AS t(" +
                      plan->aliases + ")";
    if (options.firstRow.value() > 0)
        sql += " OFFSET " + std::to_string(options.firstRow.value());
    auto begun = ResultReader::start(*database, std::make_shared<SnapshotRegistry>(), sql, cancel);
    if (!begun)
        return fail(std::move(begun).error());
    rows = std::move(*begun);
    nameColumns();
    return {};
}

Status ParquetReader::Impl::readFooter(duckdb_connection connection, const std::string &path)
{
    const std::string sql = "SELECT num_rows::BIGINT, num_row_groups::BIGINT FROM "
                            "parquet_file_metadata(" +
                            quotedText(path) + ")";
    ResultHandle result;
    if (duckdb_query(connection, sql.c_str(), result.get()) != DuckDBSuccess)
        return fail(duckdbError(result.error()));
    const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk || duckdb_data_chunk_get_size(chunk.get()) != 1)
        return fail(ErrorCode::SyntaxError, "no footer");
    const auto figure = [&chunk](idx_t column) {
        return *static_cast<const std::int64_t *>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), column)));
    };
    totalRows = RowCount(figure(0));
    rowGroups = figure(1);
    return {};
}

void ParquetReader::Impl::nameColumns()
{
    auto named = std::make_shared<columnar::Schema>(*rows->schema());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        Field &field = named->fields[i];
        field.name = columns[i].name;
        if (columns[i].kind == ParquetColumn::Kind::Nanoseconds)
            field.type = LogicalType::timestamp(kFreeMicros);
        if (columnar::isTime(field.type.kind))
            field.type.form.isFree = true;
    }
    schema = std::move(named);
}

Result<std::optional<RecordBatch>> ParquetReader::Impl::next()
{
    auto batch = rows->next();
    if (!batch)
        return fail(ofFile(std::move(batch).error()));
    if (!*batch)
        return std::nullopt;
    auto settled = std::make_shared<columnar::Schema>(*schema);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        (*batch)->columns[i].type = settled->fields[i].type;
        FRESHET_TRY(finishColumn((*batch)->columns[i], settled->fields[i], columns[i].kind));
    }
    (*batch)->schema = *settled == *schema ? schema : columnar::SchemaPtr(std::move(settled));
    return batch;
}

ParquetReader::ParquetReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ParquetReader::~ParquetReader() = default;

Result<std::unique_ptr<ParquetReader>> ParquetReader::open(const std::filesystem::path &path,
                                                           const ParquetReadOptions &options,
                                                           const CancelToken &cancel)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(checkEnds(*file));
    auto impl = std::make_unique<Impl>();
    impl->file = std::move(*file);
    if (auto begun = guarded([&] { return impl->begin(options, cancel); }); !begun)
        return fail(ofFile(std::move(begun).error()));
    return std::unique_ptr<ParquetReader>(new ParquetReader(std::move(impl)));
}

columnar::SchemaPtr ParquetReader::schema() const
{
    return m_impl->schema;
}

Result<std::optional<RecordBatch>> ParquetReader::next()
{
    return m_impl->next();
}

std::optional<RowCount> ParquetReader::totalRows() const
{
    return m_impl->totalRows;
}

std::int64_t ParquetReader::rowGroups() const
{
    return m_impl->rowGroups;
}

const std::vector<std::string> &ParquetReader::notes() const
{
    return m_impl->notes;
}

} // namespace freshet::query

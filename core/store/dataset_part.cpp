// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_part.h"

#include <atomic>
#include <cstdio>

namespace freshet::store {

namespace {

constexpr std::string_view kPartPrefix = "part-";
constexpr std::string_view kTailPrefix = "tail-";
constexpr std::string_view kSuffix = ".arrow";

std::uint64_t nextIdentity()
{
    static std::atomic<std::uint64_t> counter{0};
    return ++counter;
}

} // namespace

std::string partFileName(int number, bool isTail)
{
    char digits[16];
    const int length = std::snprintf(digits, sizeof digits, "%06d", number);
    std::string name(isTail ? kTailPrefix : kPartPrefix);
    name.append(digits, static_cast<std::size_t>(length));
    return name.append(kSuffix);
}

bool isPartFileName(std::string_view name)
{
    return (name.starts_with(kPartPrefix) || name.starts_with(kTailPrefix)) &&
           name.ends_with(kSuffix);
}

DatasetPart::DatasetPart(std::filesystem::path path, columnar::SchemaPtr schema)
    : m_path(std::move(path)), m_schema(std::move(schema)), m_identity(nextIdentity())
{}

Result<const ArrowBlockReader *> DatasetPart::reader() const
{
    const std::lock_guard lock(m_opening);
    if (m_reader)
        return m_reader.get();
    auto opened = ArrowBlockReader::open(m_path);
    if (!opened)
        return fail(std::move(opened).error());
    if (*(*opened)->schema().schema != *m_schema) {
        return fail(ErrorCode::LibraryDamaged,
                    m_path.string() + ": other columns than the catalogue says");
    }
    m_reader = std::move(*opened);
    return m_reader.get();
}

Status DatasetPart::open() const
{
    auto opened = reader();
    if (!opened)
        return fail(std::move(opened).error());
    return {};
}

Result<columnar::Column> DatasetPart::column(const ArrowBlock &block, int column) const
{
    const auto opened = reader();
    if (!opened)
        return fail(opened.error());
    auto result = (*opened)->column(block, column);
    if (result && result->length != block.rows.value()) {
        return fail(Error{.code = ErrorCode::LibraryDamaged,
                          .detail = m_path.string() + ": a batch with another count of rows than "
                                                      "the catalogue says",
                          .byteOffset = block.offset});
    }
    return result;
}

} // namespace freshet::store

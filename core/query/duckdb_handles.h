// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <duckdb.h>

#include <exception>
#include <string>
#include <utility>

namespace freshet::query {

/// Owns one object of DuckDB's C API and destroys it.
template <typename T, void (*destroy)(T *)>
class Handle
{
public:
    Handle() = default;
    explicit Handle(T object) : m_object(object) {}
    Handle(Handle &&other) noexcept : m_object(std::exchange(other.m_object, nullptr)) {}
    Handle &operator=(Handle &&other) noexcept
    {
        std::swap(m_object, other.m_object);
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle()
    {
        if (m_object != nullptr)
            destroy(&m_object);
    }

    [[nodiscard]] T get() const { return m_object; }
    [[nodiscard]] explicit operator bool() const { return m_object != nullptr; }
    /// Where a C function puts a new object; only while empty.
    [[nodiscard]] T *receive() { return &m_object; }

private:
    T m_object = nullptr;
};

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using StatementHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using PendingHandle = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;
using TableFunctionHandle = Handle<duckdb_table_function, duckdb_destroy_table_function>;

/// Owns a duckdb_result, which the C API passes by value.
class ResultHandle
{
public:
    ResultHandle() = default;
    ResultHandle(ResultHandle &&other) noexcept
        : m_result(std::exchange(other.m_result, duckdb_result{}))
    {}
    ResultHandle &operator=(ResultHandle &&other) noexcept
    {
        std::swap(m_result, other.m_result);
        return *this;
    }
    ResultHandle(const ResultHandle &) = delete;
    ResultHandle &operator=(const ResultHandle &) = delete;
    ~ResultHandle() { duckdb_destroy_result(&m_result); }

    [[nodiscard]] duckdb_result *get() { return &m_result; }
    /// DuckDB's text if the result failed, else null.
    [[nodiscard]] const char *error() { return duckdb_result_error(&m_result); }

private:
    duckdb_result m_result = {};
};

/// A text that DuckDB allocated; empty if it gave none.
[[nodiscard]] inline std::string takeText(const char *text)
{
    std::string copy = text != nullptr ? text : "";
    duckdb_free(const_cast<char *>(text));
    return copy;
}

/// Run calls into DuckDB that may let a C++ exception through (out of memory, an internal check):
/// it becomes an Error here. `work` returns a Status or Result.
template <typename Work>
[[nodiscard]] auto guarded(Work &&work) -> decltype(work())
{
    try {
        return work();
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, std::string("DuckDB: ") + exception.what());
    }
}

} // namespace freshet::query

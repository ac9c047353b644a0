# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Finds DuckDB's C API: target DuckDB::DuckDB, variables DuckDB_FOUND, DuckDB_VERSION,
# DuckDB_LIBRARY, DuckDB_INCLUDE_DIR. Looks in -DDuckDB_ROOT=FOLDER (libduckdb.so and duckdb.h, or
# lib/ and include/), else in the folder that packaging/duckdb.sh fills.
#
# Programs in the build folder find the library by their build RPATH, which CMake sets from the
# imported location.

set(_duckdb_version 1.4.4)
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(_duckdb_cache "$ENV{XDG_CACHE_HOME}/freshet/duckdb-${_duckdb_version}")
else()
    set(_duckdb_cache "$ENV{HOME}/.cache/freshet/duckdb-${_duckdb_version}")
endif()

# DuckDB_ROOT is searched first by find_library and find_path themselves (policy CMP0074).
find_library(DuckDB_LIBRARY NAMES duckdb HINTS ${_duckdb_cache} PATH_SUFFIXES lib)
find_path(DuckDB_INCLUDE_DIR NAMES duckdb.h HINTS ${_duckdb_cache} PATH_SUFFIXES include)

set(DuckDB_VERSION "")
if(DuckDB_LIBRARY)
    get_filename_component(_duckdb_folder "${DuckDB_LIBRARY}" DIRECTORY)
    if(_duckdb_folder STREQUAL _duckdb_cache)
        set(DuckDB_VERSION ${_duckdb_version})
    endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB
    REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "run packaging/setup.sh, or pass -DDuckDB_ROOT=FOLDER with libduckdb.so and duckdb.h of version ${_duckdb_version}")

if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
    add_library(DuckDB::DuckDB SHARED IMPORTED)
    set_target_properties(DuckDB::DuckDB PROPERTIES
        IMPORTED_LOCATION "${DuckDB_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${DuckDB_INCLUDE_DIR}"
        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${DuckDB_INCLUDE_DIR}")
endif()
mark_as_advanced(DuckDB_LIBRARY DuckDB_INCLUDE_DIR)

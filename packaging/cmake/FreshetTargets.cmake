# SPDX-FileCopyrightText: The Freshet developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compiler set-up shared by every target, and the three ways a target is declared:
#   freshet_library(NAME SOURCES … LINKS …)      a static library, one a folder
#   freshet_program(NAME SOURCES … LINKS …)      a program in build/bin
#   freshet_test(FOLDER FILE LINKS …)            tests/<folder>/<file>.cpp as a ctest of its own

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Told that this is C++20, moc 6.4 stumbles over <concepts>; it needs nothing from the predefined macros.
set(CMAKE_AUTOMOC_COMPILER_PREDEFINES OFF)

find_program(FRESHET_CCACHE ccache)
if(FRESHET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Precompiled headers and ccache agree only when time stamps inside the header are ignored. Paths
    # relative to the project let the presets share what they compile alike.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${FRESHET_CCACHE})
endif()

find_program(FRESHET_MOLD mold)
if(FRESHET_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_link_options(-fuse-ld=mold)
endif()

# Two hundred test programs link the same libraries. What a debugger reads stays beside the objects
# (.dwo) in place of being copied into each of them: 23 GB of programs would fill a small disk.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    add_compile_options(-gsplit-dwarf)
    # Or the names for a debugger's index stay in each program: half of what is left of it.
    if(FRESHET_MOLD)
        add_link_options(-Wl,--gdb-index)
    endif()
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core)

add_library(freshet_options INTERFACE)
target_compile_definitions(freshet_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_URL_CAST_FROM_STRING
    QT_NO_CAST_FROM_BYTEARRAY QT_USE_QSTRINGBUILDER
    FRESHET_VERSION="${PROJECT_VERSION}"
    FRESHET_MAX_BATCH_ROWS=${FRESHET_MAX_BATCH_ROWS})
target_compile_options(freshet_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-qual -Wold-style-cast
    -Wno-missing-field-initializers
    $<$<BOOL:${FRESHET_WERROR}>:-Werror>)
target_link_libraries(freshet_options INTERFACE Threads::Threads tl::expected)
target_include_directories(freshet_options INTERFACE ${CMAKE_SOURCE_DIR}/core)

if(FRESHET_SANITIZE)
    # Instrumented code has GCC see paths that are none, and warn of what they would leave unset.
    add_compile_options(-fsanitize=${FRESHET_SANITIZE} -fno-omit-frame-pointer
        $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
    add_link_options(-fsanitize=${FRESHET_SANITIZE})
endif()

function(freshet_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC freshet_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

function(freshet_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE freshet_options ${arg_LINKS})
endfunction()

# A test is one Qt Test program: tests/<folder>/tst_<name>.cpp → ctest "<folder>/tst_<name>".
# It runs offscreen, in UTC, and with the folder's name as its label; the target tests_<folder> builds
# all tests of a folder.
function(freshet_test folder name)
    cmake_parse_arguments(arg "" "TIMEOUT" "LINKS;SOURCES;LABELS" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    set(target ${folder}_${name})
    add_executable(${target} ${CMAKE_SOURCE_DIR}/tests/${folder}/${name}.cpp ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES AUTOMOC ON
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE freshet_options Qt6::Test ${arg_LINKS})
    add_test(NAME ${folder}/${name} COMMAND ${target})
    if(NOT TARGET tests_${folder})
        add_custom_target(tests_${folder})
    endif()
    add_dependencies(tests_${folder} ${target})
    set_tests_properties(${folder}/${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${folder};${arg_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=UTC;FRESHET_BIN=${CMAKE_BINARY_DIR}/bin;FRESHET_SOURCE=${CMAKE_SOURCE_DIR};TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp die_after_fork=0")
endfunction()

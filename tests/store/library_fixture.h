// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace freshet::test {

/// A library in a folder that goes away with the fixture.
struct LibraryFixture
{
    QTemporaryDir temporary;
    std::shared_ptr<store::Library> library;

    LibraryFixture() { reopen(); }
    std::filesystem::path folder() const
    {
        return std::filesystem::path(temporary.path().toStdString()) / "library";
    }
    std::filesystem::path folderOf(const std::string &id) const
    {
        return folder() / "datasets" / id;
    }
    void reopen()
    {
        library.reset();
        auto opened = store::Library::open(folder());
        if (!opened)
            qFatal("%s", opened.error().toString().c_str());
        library = std::move(*opened);
    }
    std::unique_ptr<store::DatasetWriter> create(const std::string &name = "users")
    {
        auto writer = library->create({.name = name,
                                       .source = "http://localhost/" + name,
                                       .request = "{}",
                                       .state = "Receiving"});
        if (!writer)
            qFatal("%s", writer.error().toString().c_str());
        return std::move(*writer);
    }
    /// Names of the part files, sorted.
    std::vector<std::string> files(const std::string &id) const
    {
        std::vector<std::string> names;
        for (const auto &entry : std::filesystem::directory_iterator(folderOf(id))) {
            if (entry.path().extension() == ".arrow")
                names.push_back(entry.path().filename().string());
        }
        std::ranges::sort(names);
        return names;
    }
};

inline store::FinalState completeState()
{
    return {.state = "Complete", .verdict = "verified", .evidence = {"the array was closed"}};
}

} // namespace freshet::test

/// Check a Status or Result and show its error.
#define QVERIFY_OK(expression)                                                                     \
    do {                                                                                           \
        const auto &checked = (expression);                                                        \
        QVERIFY2(checked.has_value(), checked ? "" : checked.error().toString().c_str());          \
    } while (false)

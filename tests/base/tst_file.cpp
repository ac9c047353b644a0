// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace freshet;
namespace fs = std::filesystem;

namespace {

std::string contentOf(const fs::path &path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

} // namespace

class TestFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAFileThatIsNotThere();
    void readsAtAnyOffsetAndNamesAnEarlyEnd();
    void writesAtAnOffset();
    void reportsAFullDevice();
    void takesTheTargetsPlaceOnCommit();
    void leavesTheTargetAloneWithoutCommit();
    void namesTheFolderThatIsNotThere();
    void closesOnceOnly();

private:
    QTemporaryDir m_folder;
    fs::path path(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
};

void TestFile::namesAFileThatIsNotThere()
{
    const auto file = File::open(path("absent"), File::Mode::Read);
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::FileNotFound);
    QVERIFY(file.error().detail.find("absent") != std::string::npos);
}

void TestFile::readsAtAnyOffsetAndNamesAnEarlyEnd()
{
    std::ofstream(path("digits")) << "0123456789";
    const auto file = File::open(path("digits"), File::Mode::Read);
    QVERIFY(file);
    std::array<char, 4> bytes;
    QVERIFY(file->readAt(ByteOffset(6), bytes));
    QCOMPARE(std::string(bytes.data(), 4), std::string("6789"));
    const auto late = file->readAt(ByteOffset(8), bytes);
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Truncated);
    QCOMPARE(late.error().byteOffset->value(), 10);
}

void TestFile::writesAtAnOffset()
{
    auto file = File::open(path("patched"), File::Mode::Truncate);
    QVERIFY(file);
    QVERIFY(file->write("aaaaaa"));
    QVERIFY(file->writeAt(ByteOffset(2), "bb"));
    QVERIFY(file->truncate(ByteOffset(5)));
    QVERIFY(file->close());
    QCOMPARE(contentOf(path("patched")), std::string("aabba"));
}

void TestFile::reportsAFullDevice()
{
    auto file = File::open("/dev/full", File::Mode::ReadWrite);
    QVERIFY(file);
    const auto written = file->write("x");
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::DiskFull);
}

void TestFile::takesTheTargetsPlaceOnCommit()
{
    std::ofstream(path("target")) << "old";
    auto file = AtomicFile::create(path("target"));
    QVERIFY(file);
    QVERIFY(file->write("new"));
    QCOMPARE(contentOf(path("target")), std::string("old"));
    QVERIFY(file->commit());
    QCOMPARE(contentOf(path("target")), std::string("new"));
    QVERIFY(!fs::exists(path("target.part")));
}

void TestFile::leavesTheTargetAloneWithoutCommit()
{
    std::ofstream(path("kept")) << "old";
    {
        auto file = AtomicFile::create(path("kept"));
        QVERIFY(file);
        QVERIFY(file->write("half of the new one"));
        QVERIFY(fs::exists(path("kept.part")));
    }
    QCOMPARE(contentOf(path("kept")), std::string("old"));
    QVERIFY(!fs::exists(path("kept.part")));
}

void TestFile::namesTheFolderThatIsNotThere()
{
    const auto file = AtomicFile::create(path("no folder") / "target");
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::FileNotFound);
    QCOMPARE(file.error().detail, "there is no folder " + path("no folder").string());
}

void TestFile::closesOnceOnly()
{
    auto file = File::open(path("closed"), File::Mode::Truncate);
    QVERIFY(file);
    QVERIFY(file->close());
    QVERIFY(file->close());
    QVERIFY(!file->isOpen());
}

QTEST_APPLESS_MAIN(TestFile)
#include "tst_file.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/cli_library.h"
#include "faults/small_disk.h"
#include "store/catalogue_surgery.h"
#include "store/sample_batches.h"
#include "transfer/download_request.h"

#include <QTemporaryDir>
#include <QTest>

#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace freshet;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

namespace fs = std::filesystem;

namespace {

constexpr int kRows = 500;
constexpr int kLocalFailure = 5;
constexpr const char *kWriterMode = "--write-until-killed";

/// The child: commits rows of a second dataset and then stays, as a download does.
int writeUntilKilled(const char *folder)
{
    const transfer::DownloadRequest request{.bytes = {.url = "/etc/hostname"}};
    const auto library = store::Library::open(folder);
    const auto writer =
        library ? (*library)->create(
                      {.name = "growing", .request = request.toJson(), .state = "Receiving"})
                : fail(library.error());
    if (!writer || !(*writer)->append(countingBatch(0, kRows)) ||
        !(*writer)->commit({.state = "Receiving"}))
        return 1;
    std::puts("committed");
    std::fflush(stdout);
    while (true)
        ::pause();
}

} // namespace

/// A library that this process may not write: it can be read all the same, whatever state it is in
/// and whoever writes it meanwhile, and it is not changed by that.
class TestReadOnly : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isReadButNotWritten_data();
    void isReadButNotWritten();
    void noLibraryIsMade();

private:
    enum class Way { Mount, Permissions };
    enum class State { AtRest, Killed, LogAlone, BeingWritten, Version2 };

    [[nodiscard]] QString place(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] ChildProcess::Ended run(const QString &command, const QStringList &arguments);
    [[nodiscard]] bool make(State state);
    [[nodiscard]] bool protect(Way way);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SmallDisk> m_disk;
    std::unique_ptr<ChildProcess> m_writer;
    Way m_way = Way::Mount;
    QString m_view; ///< the path by which it cannot be written
};

void TestReadOnly::init()
{
    m_writer.reset();
    m_disk.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    fs::permissions(m_folder->path().toStdString(), fs::perms(0755));
}

ChildProcess::Ended TestReadOnly::run(const QString &command, const QStringList &arguments)
{
    ChildProcess process;
    if (m_way == Way::Permissions) {
        process.setModifier([] {
            // Root without this is bound to the permissions of files as anybody.
            if (::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) != 0)
                ::_exit(99);
        });
    }
    CliLibrary(m_view).start(process, command, arguments);
    const auto code = process.waitForEnd(60'000);
    return {code.value_or(-1), process.output()};
}

bool TestReadOnly::make(State state)
{
    const std::string folder = place(u"disk/library"_s).toStdString();
    {
        const auto library = store::Library::open(folder);
        if (!library)
            return false;
        const auto writer = (*library)->create({.name = "whole", .state = "Receiving"});
        if (!writer || !(*writer)->append(countingBatch(0, kRows)) ||
            !(*writer)->finish({.state = "Complete", .verdict = "verified"}))
            return false;
    }
    if (state == State::AtRest)
        return true;
    if (state == State::Version2)
        return changeCatalogue(folder, {u"ALTER TABLE blocks DROP COLUMN checksum"_s,
                                        u"ALTER TABLE parts DROP COLUMN footer_checksum"_s,
                                        u"PRAGMA user_version = 2"_s})
            .isEmpty();
    m_writer = std::make_unique<ChildProcess>();
    if (!m_writer->start(QCoreApplication::applicationFilePath(),
                         {QString::fromLatin1(kWriterMode), QString::fromStdString(folder)}) ||
        !QTest::qWaitFor([this] { return m_writer->output().contains("committed"); }, 60'000))
        return false;
    if (state != State::BeingWritten)
        m_writer->kill();
    if (state == State::LogAlone)
        return QFile::remove(QString::fromStdString(folder) + u"/library.sqlite-shm"_s);
    return true;
}

bool TestReadOnly::protect(Way way)
{
    m_way = way;
    m_view = place(u"disk/library"_s);
    if (way == Way::Permissions) {
        constexpr auto kWrite = fs::perms::owner_write | fs::perms::group_write;
        const fs::path folder = m_view.toStdString();
        for (const auto &entry : fs::recursive_directory_iterator(folder))
            fs::permissions(entry.path(), kWrite, fs::perm_options::remove);
        fs::permissions(folder, kWrite, fs::perm_options::remove);
        return true;
    }
    // A second view of it, so that who has it open for writing goes on.
    m_view = place(u"view"_s);
    QDir().mkpath(m_view);
    const std::string from = place(u"disk/library"_s).toStdString();
    const std::string to = m_view.toStdString();
    return ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
           ::mount(nullptr, to.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

void TestReadOnly::isReadButNotWritten_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<int>("state");
    const std::pair<Way, const char *> ways[] = {
        {Way::Mount, "a read-only mount"},
        {Way::Permissions, "a folder without the permission to write"}};
    const std::pair<State, const char *> states[] = {
        {State::AtRest, "at rest"},
        {State::Killed, "whose writer was killed"},
        {State::LogAlone, "whose writer was killed, copied without the log's index"},
        {State::BeingWritten, "being written"},
        {State::Version2, "of an older version"}};
    for (const auto &[way, wayName] : ways) {
        for (const auto &[state, stateName] : states)
            QTest::addRow("%s, %s", wayName, stateName) << int(way) << int(state);
    }
}

void TestReadOnly::isReadButNotWritten()
{
    QFETCH(const int, way);
    QFETCH(const int, state);
    if (::geteuid() != 0)
        QSKIP("only root may mount");
    m_disk = std::make_unique<SmallDisk>(place(u"disk"_s));
    QVERIFY(m_disk->isMounted() && m_disk->remount(0, "size=16m"));
    QVERIFY(make(State(state)));
    QVERIFY(protect(Way(way)));
    const auto umount = qScopeGuard([this] {
        if (m_way == Way::Mount)
            ::umount2(m_view.toStdString().c_str(), MNT_DETACH);
    });
    const bool hasSecond = State(state) != State::AtRest && State(state) != State::Version2;
    const bool isAbandoned = hasSecond && State(state) != State::BeingWritten;

    const auto listed = run(u"ls"_s, {});
    QVERIFY2(listed.exitCode == 0 && listed.output.contains("verified"), listed.output.constData());
    QCOMPARE(listed.output.contains("growing"), hasSecond);
    QCOMPARE(listed.output.contains("incomplete"), isAbandoned);
    QStringList names{u"whole"_s};
    if (hasSecond)
        names += u"growing"_s;
    for (const QString &name : names) {
        const auto shown = run(u"show"_s, {name});
        QVERIFY2(shown.exitCode == 0, shown.output.constData());
        QCOMPARE(shown.output.count('\n'), kRows);
        const auto asked = run(u"sql"_s, {name, u"select sum(n) as s from data"_s});
        QVERIFY2(asked.exitCode == 0, asked.output.constData());
        QVERIFY(asked.output.contains(QByteArray::number(kRows * (kRows - 1) / 2)));
    }
    QCOMPARE(run(u"verify"_s, {u"whole"_s}).exitCode, 0);
    if (isAbandoned) // sound, and incomplete
        QCOMPARE(run(u"verify"_s, {u"growing"_s}).exitCode, 3);
    if (m_way == Way::Mount) {
        const QString file = place(u"whole.csv"_s);
        const auto saved = run(u"save"_s, {u"whole"_s, file});
        QVERIFY2(saved.exitCode == 0, saved.output.constData());
        QVERIFY(QFile::exists(file));
    }

    for (const QStringList &words :
         {QStringList{u"get"_s, u"/etc/hostname"_s, u"--format"_s, u"csv"_s},
          QStringList{u"rm"_s, u"whole"_s}, QStringList{u"resume"_s, u"growing"_s}}) {
        if (words.front() == u"resume" && !isAbandoned)
            continue;
        const auto refused = run(words.front(), words.mid(1));
        QVERIFY2(refused.output.contains("this library can be read here, not written"),
                 refused.output.constData());
        QCOMPARE(refused.exitCode, kLocalFailure);
    }

    // The writer was not disturbed, and what a crash left is put right where that may be done.
    m_writer.reset();
    const CliLibrary writable(place(u"disk/library"_s));
    const auto table = writable.table("whole");
    QVERIFY(table);
    QCOMPARE(table->rows.size(), std::size_t(kRows));
    if (hasSecond)
        QCOMPARE(writable.record("growing")->verdict, std::string("incomplete"));
}

void TestReadOnly::noLibraryIsMade()
{
    if (::geteuid() != 0)
        QSKIP("only root may mount");
    m_disk = std::make_unique<SmallDisk>(place(u"disk"_s));
    QVERIFY(m_disk->isMounted() && m_disk->remount(MS_RDONLY, nullptr));
    m_way = Way::Mount;
    m_view = place(u"disk"_s);
    const auto listed = run(u"ls"_s, {});
    QCOMPARE(listed.exitCode, kLocalFailure);
    QVERIFY2(listed.output.contains("there is no library, and none may be made here"),
             listed.output.constData());
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == kWriterMode)
        return writeUntilKilled(argv[2]);
    TestReadOnly test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_read_only.moc"

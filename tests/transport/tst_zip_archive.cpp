// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/transport.h"
#include "transport/zip_archive.h"

#include "transport/collecting_sink.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using transport::ZipArchive;
using namespace Qt::Literals::StringLiterals;

/// Archives made by zip, and what can be wrong with them.
class TestZipArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(u"zip"_s).isEmpty())
            QSKIP("zip is not installed");
        write(u"rows.csv"_s, "id\n1\n2\n");
        write(u"zeros"_s, QByteArray(80 << 20, '\0'));
        QVERIFY(zip({u"a.zip"_s, u"rows.csv"_s}));
        QVERIFY(zip({u"locked.zip"_s, u"-P"_s, u"secret"_s, u"rows.csv"_s}));
        QVERIFY(zip({u"stored.zip"_s, u"-0"_s, u"rows.csv"_s}));
    }

    void readsAMember_data()
    {
        QTest::addColumn<QString>("archive");
        QTest::newRow("packed") << u"a.zip"_s;
        QTest::newRow("stored") << u"stored.zip"_s;
    }
    void readsAMember()
    {
        QFETCH(const QString, archive);
        auto opened = ZipArchive::open(path(archive));
        QVERIFY(opened.has_value());
        QCOMPARE(opened->members().size(), std::size_t(1));
        QCOMPARE(opened->members()[0].name, std::string("rows.csv"));
        QCOMPARE(opened->members()[0].size, ByteCount(7));
        QVERIFY(opened->openMember("rows.csv").has_value());
        std::string text(100, '\0');
        const auto size = opened->read(text);
        QVERIFY(size.has_value());
        QCOMPARE(text.substr(0, *size), std::string("id\n1\n2\n"));
        QCOMPARE(opened->read(text).value_or(99), std::size_t(0));
    }

    void streamsAMember()
    {
        const transport::ByteRequest request{.url = path(u"a.zip"_s), .member = "rows.csv"};
        auto member = transport::makeTransport(request);
        QVERIFY(member.has_value());
        test::CollectingSink sink;
        const auto end = (*member)->run(sink, CancelToken());
        QVERIFY(end.has_value());
        QCOMPARE(end->decodedBytes, ByteCount(7));
        QCOMPARE(sink.text, std::string("id\n1\n2\n"));
        CancelToken cancelled;
        cancelled.cancel();
        auto again = transport::makeTransport(request);
        QCOMPARE((*again)->run(sink, cancelled).error().code, ErrorCode::Cancelled);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("archive");
        QTest::addColumn<QString>("member");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no file") << u"none.zip"_s << u"x"_s << ErrorCode::FileNotFound;
        QTest::newRow("no archive") << u"rows.csv"_s << u"x"_s << ErrorCode::CodingTruncated;
        QTest::newRow("no member") << u"a.zip"_s << u"x"_s << ErrorCode::InvalidArgument;
        QTest::newRow("encrypted") << u"locked.zip"_s << u"rows.csv"_s << ErrorCode::Unsupported;
    }
    void refuses()
    {
        QFETCH(const QString, archive);
        QFETCH(const QString, member);
        QFETCH(const ErrorCode, code);
        auto opened = ZipArchive::open(path(archive));
        const Status status =
            opened ? opened->openMember(member.toStdString()) : fail(opened.error());
        QVERIFY(!status.has_value());
        QCOMPARE(status.error().code, code);
    }

    void findsDamage_data()
    {
        QTest::addColumn<int>("offset");
        for (int offset = 38; offset < 45; ++offset) // the stored bytes behind header and name
            QTest::addRow("byte %d", offset) << offset;
    }
    void findsDamage()
    {
        QFETCH(const int, offset);
        QVERIFY(QFile::copy(m_folder.filePath(u"stored.zip"_s), m_folder.filePath(u"bad.zip"_s)));
        QFile file(m_folder.filePath(u"bad.zip"_s));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray bytes = file.readAll();
        const qsizetype start = bytes.indexOf("id\n1");
        QVERIFY(file.seek(start + offset - 38));
        QCOMPARE(file.write("#"), 1);
        file.close();
        auto opened = ZipArchive::open(path(u"bad.zip"_s));
        QVERIFY(opened && opened->openMember("rows.csv"));
        std::string text(100, '\0');
        Result<std::size_t> got = 1;
        while (got && *got > 0)
            got = opened->read(text);
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().code, ErrorCode::CodingCorrupt);
        QVERIFY(file.remove());
    }

    void boundsWhatItUnpacks()
    {
        // Twice over: 80 MiB of zeros shrink to 80 KiB, which is within the limit …
        QVERIFY(zip({u"zeros.zip"_s, u"zeros"_s}));
        auto once = ZipArchive::open(path(u"zeros.zip"_s));
        QVERIFY(once && once->openMember("zeros"));
        // … but not when the directory lies about what there is.
        QFile file(m_folder.filePath(u"zeros.zip"_s));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const qsizetype entry = bytes.lastIndexOf("PK\x01\x02");
        QVERIFY(entry > 0);
        QVERIFY(file.seek(entry + 24)); // uncompressed size
        QCOMPARE(file.write(QByteArray::fromHex("00000010")), 4);
        file.close();
        auto lying = ZipArchive::open(path(u"zeros.zip"_s));
        QVERIFY(lying.has_value());
        QVERIFY(!lying->openMember("zeros") || !readAll(*lying));
    }

private:
    [[nodiscard]] static bool readAll(ZipArchive &archive)
    {
        std::string block(1 << 20, '\0');
        while (true) {
            const auto got = archive.read(block);
            if (!got || *got == 0)
                return got.has_value();
        }
    }
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    [[nodiscard]] std::string path(const QString &name) const
    {
        return m_folder.filePath(name).toStdString();
    }
    [[nodiscard]] bool zip(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(u"zip"_s, QStringList{u"-q"_s} + arguments);
        return process.waitForFinished() && process.exitCode() == 0;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestZipArchive)
#include "tst_zip_archive.moc"

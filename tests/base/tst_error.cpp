// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <QTest>

#include <cerrno>

using namespace freshet;

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysThePlaceInOneLine();
    void cutsAnExcerptAtACharacterBorder_data();
    void cutsAnExcerptAtACharacterBorder();
    void mapsSystemErrors_data();
    void mapsSystemErrors();
    void namesEveryCodeDifferently();
};

void TestError::saysThePlaceInOneLine()
{
    const Error error{.code = ErrorCode::SyntaxError,
                      .detail = "unexpected ','",
                      .byteOffset = ByteOffset(512),
                      .row = RowIndex(6),
                      .line = 7,
                      .column = "id"};
    QCOMPARE(error.toString(),
             std::string("SyntaxError: unexpected ',', column \"id\" (line 7, row 6, byte 512)"));
    QCOMPARE((Error{.code = ErrorCode::Cancelled, .detail = "by the user"}).toString(),
             std::string("Cancelled: by the user"));
}

void TestError::cutsAnExcerptAtACharacterBorder_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("keptBytes");
    const int most = static_cast<int>(Error::kMaxExcerpt);
    QTest::newRow("short text stays") << QByteArray("abc") << 3;
    QTest::newRow("exactly the limit stays") << QByteArray(most, 'a') << most;
    QTest::newRow("cut between letters") << QByteArray(most + 1, 'a') << most;
    QTest::newRow("cut before a two-byte letter")
        << QByteArray(most - 1, 'a') + QByteArray("\xC3\xA4\xC3\xA4") << most - 1;
    QTest::newRow("cut before a four-byte letter")
        << QByteArray(most - 3, 'a') + QByteArray("\xF0\x9F\x98\x80zz") << most - 3;
}

void TestError::cutsAnExcerptAtACharacterBorder()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, keptBytes);
    const std::string excerpt = Error::excerptOf(text.toStdString());
    const bool isCut = text.size() > keptBytes;
    QCOMPARE(excerpt, text.left(keptBytes).toStdString() + (isCut ? "…" : ""));
}

void TestError::mapsSystemErrors_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no such file") << ENOENT << ErrorCode::FileNotFound;
    QTest::newRow("read-only file system") << EROFS << ErrorCode::PermissionDenied;
    QTest::newRow("disk full") << ENOSPC << ErrorCode::DiskFull;
    QTest::newRow("quota exceeded") << EDQUOT << ErrorCode::DiskFull;
    QTest::newRow("anything else") << EIO << ErrorCode::IoError;
}

void TestError::mapsSystemErrors()
{
    QFETCH(const int, number);
    QFETCH(const ErrorCode, code);
    const Error error = systemError(number, "/some/file");
    QCOMPARE(error.code, code);
    QCOMPARE(error.nativeCode, number);
    QVERIFY(error.detail.starts_with("/some/file: "));
}

void TestError::namesEveryCodeDifferently()
{
    QSet<QByteArray> names;
    const int last = static_cast<int>(ErrorCode::SqlError);
    for (int code = 0; code <= last; ++code) {
        const auto name = errorCodeName(static_cast<ErrorCode>(code));
        names.insert(QByteArray(name.data(), static_cast<qsizetype>(name.size())));
    }
    QCOMPARE(names.size(), last + 1);
}

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"

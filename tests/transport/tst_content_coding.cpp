// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "transport/coding_error.h"
#include "transport/content_coding.h"
#include "transport/encoded.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <functional>
#include <random>
#include <zstd.h>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(freshet::ErrorCode)

namespace {

using Codings = std::vector<std::string>;
/// Cuts an input of so many bytes into pieces: gives the size of the piece that starts at a place.
using Split = std::function<std::size_t(std::size_t)>;

const Split kWhole = [](std::size_t) {
    return std::string::npos;
};
const Split kByteByByte = [](std::size_t) {
    return 1;
};

Split atOneCut(std::size_t cut)
{
    return [cut](std::size_t place) {
        return place < cut ? cut - place : std::string::npos;
    };
}

Split atRandom(unsigned seed)
{
    return [random = std::mt19937(seed)](std::size_t) mutable {
        return 1 + random() % 700;
    };
}

struct Decoded
{
    std::string text;
    std::size_t largestPiece = 0;
    std::optional<Error> error;
};

Decoded decode(const Codings &codings, std::string_view bytes, Split split = kWhole,
               const Limits &limits = {})
{
    Decoded result;
    auto decoder = makeContentDecoder(codings, limits);
    if (!decoder) {
        result.error = decoder.error();
        return result;
    }
    const auto keep = [&result](std::string_view piece) -> Status {
        result.text.append(piece);
        result.largestPiece = std::max(result.largestPiece, piece.size());
        return {};
    };
    Status status;
    for (std::size_t place = 0; place < bytes.size() && status;) {
        const std::string_view piece = bytes.substr(place, split(place));
        status = (*decoder)->feed(piece, keep);
        place += piece.size();
    }
    if (status)
        status = (*decoder)->finish(keep);
    if (!status)
        result.error = status.error();
    return result;
}

QString codeName(const std::optional<Error> &error)
{
    return error ? QString::fromStdString(error->toString()) : QStringLiteral("no error");
}

QString codingOfCorpus(const QString &name)
{
    return name.startsWith(QStringLiteral("brotli")) ? QStringLiteral("br")
                                                     : name.section(QLatin1Char('/'), 0, 0);
}

QJsonObject corpusAnswers()
{
    QFile file(corpusPath(QStringLiteral("compression/expected.json")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll())[QStringLiteral("files")].toObject();
}

/// Rows: every file of the compression corpus.
void addCorpusRows()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonObject>("answer");
    const QJsonObject answers = corpusAnswers();
    if (answers.isEmpty())
        QSKIP("the compression corpus is not here");
    for (auto it = answers.begin(); it != answers.end(); ++it)
        QTest::newRow(qPrintable(it.key())) << it.key() << it.value().toObject();
}

std::string corpusBytes(const QString &name)
{
    QFile file(corpusPath(QStringLiteral("compression/") + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace

class TestContentCoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void corpusFileDecodes_data() { addCorpusRows(); }
    void corpusFileDecodes();
    void corpusFileCutIsAnError_data() { addCorpusRows(); }
    void corpusFileCutIsAnError();

    void anySplitGivesTheSame_data() { addSamples(); }
    void anySplitGivesTheSame();
    void anyCutIsAnError_data() { addSamples(); }
    void anyCutIsAnError();
    void piecesAreBounded_data() { addSamples(); }
    void piecesAreBounded();

    void damageIsFound_data();
    void damageIsFound();
    void everyBitOfTheGzipTrailerCounts();
    void errorTellsThePlace();
    void errorStays();
    void errorOfTheSinkIsPassedOn();

    void namesOfCodings_data();
    void namesOfCodings();
    void unknownCodingIsNamed();
    void bombIsStopped_data();
    void bombIsStopped();
    void highRatioOfALittleIsFine();
    void windowBeyondTheLimitIsRefused();

    void codingOfFile_data();
    void codingOfFile();

private:
    void addSamples();
};

void TestContentCoding::corpusFileDecodes()
{
    QFETCH(const QString, name);
    QFETCH(const QJsonObject, answer);
    const std::string bytes = corpusBytes(name);
    const Codings codings{codingOfCorpus(name).toStdString()};
    const bool mustFail = name.startsWith(QStringLiteral("zstd/error"));
    if (answer.contains(QStringLiteral("note")) && ZSTD_versionNumber() < 10507)
        QSKIP("libzstd before 1.5.7 judges this file otherwise, see the note in the corpus");

    const Decoded whole = decode(codings, bytes);
    if (mustFail) {
        QVERIFY2(whole.error && whole.error->code == ErrorCode::CodingCorrupt,
                 qPrintable(codeName(whole.error)));
        return;
    }
    QVERIFY2(!whole.error, qPrintable(codeName(whole.error)));
    QCOMPARE(qint64(whole.text.size()), answer[QStringLiteral("decoded_size")].toInteger());
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(whole.text.data(), qsizetype(whole.text.size())),
                                 QCryptographicHash::Sha256)
            .toHex();
    QCOMPARE(QString::fromLatin1(hash), answer[QStringLiteral("decoded_sha256")].toString());
    QVERIFY(decode(codings, bytes, kByteByByte).text == whole.text);
    for (unsigned seed = 0; seed < 5; ++seed)
        QVERIFY(decode(codings, bytes, atRandom(seed)).text == whole.text);
}

void TestContentCoding::corpusFileCutIsAnError()
{
    QFETCH(const QString, name);
    QFETCH(const QJsonObject, answer);
    if (answer.contains(QStringLiteral("note")))
        QSKIP("whole, this file is no proper one for every libzstd");
    const std::string bytes = corpusBytes(name);
    const std::string whole = decode({codingOfCorpus(name).toStdString()}, bytes).text;
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 300);
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
        const Decoded part =
            decode({codingOfCorpus(name).toStdString()}, std::string_view(bytes).substr(0, cut));
        QVERIFY2(part.error && part.error->code == ErrorCode::CodingTruncated,
                 qPrintable(QStringLiteral("cut at %1: %2").arg(cut).arg(codeName(part.error))));
        QVERIFY(whole.starts_with(part.text));
    }
}

void TestContentCoding::addSamples()
{
    QTest::addColumn<QStringList>("codings");
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("text");
    const std::string text = sampleText(3'000);
    const auto row = [](const char *name, const QStringList &codings, const std::string &bytes,
                        const std::string &expected) {
        QTest::newRow(name) << codings << bytes << expected;
    };
    const QString gzip = QStringLiteral("gzip");
    const QString deflate = QStringLiteral("deflate");
    const QString zstd = QStringLiteral("zstd");
    const QString br = QStringLiteral("br");
    const QString lz4 = QStringLiteral("lz4");

    row("gzip", {gzip}, gzipOf(text), text);
    row("gzip of nothing", {gzip}, gzipOf(""), "");
    row("gzip with every header field", {gzip},
        gzipOf(text, {"extra field", "file name", "a comment", true}), text);
    row("gzip with a name and a header checksum", {gzip}, gzipOf(text, {{}, "file name", {}, true}),
        text);
    row("gzip with a name of 2000 bytes", {gzip}, gzipOf(text, {{}, std::string(2'000, 'n')}),
        text);
    row("deflate with zlib header", {deflate}, zlibOf(text), text);
    row("deflate with zlib header, of nothing", {deflate}, zlibOf(""), "");
    row("bare deflate", {deflate}, rawDeflateOf(text), text);
    row("zstd", {zstd}, zstdOf(text), text);
    row("br", {br}, brotliOf(text), text);
    row("lz4", {lz4}, lz4Of(text), text);
    row("deflate, then gzip", {deflate, gzip}, gzipOf(zlibOf(text)), text);
    row("gzip, then gzip", {gzip, gzip}, gzipOf(gzipOf(text)), text);
    row("gzip, identity, then zstd", {gzip, QStringLiteral("identity"), zstd}, zstdOf(gzipOf(text)),
        text);
}

namespace {

Codings toCodings(const QStringList &list)
{
    Codings codings;
    for (const QString &coding : list)
        codings.push_back(coding.toStdString());
    return codings;
}

} // namespace

void TestContentCoding::anySplitGivesTheSame()
{
    QFETCH(const QStringList, codings);
    QFETCH(const std::string, bytes);
    QFETCH(const std::string, text);
    const Codings list = toCodings(codings);
    const auto check = [&](const Split &split) {
        const Decoded decoded = decode(list, bytes, split);
        return !decoded.error && decoded.text == text;
    };
    QVERIFY(check(kWhole));
    QVERIFY(check(kByteByByte));
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
        QVERIFY2(check(atOneCut(cut)), qPrintable(QString::number(cut)));
    for (unsigned seed = 0; seed < 20; ++seed)
        QVERIFY2(check(atRandom(seed)), qPrintable(QString::number(seed)));
}

void TestContentCoding::anyCutIsAnError()
{
    QFETCH(const QStringList, codings);
    QFETCH(const std::string, bytes);
    QFETCH(const std::string, text);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        const Decoded part =
            decode(toCodings(codings), std::string_view(bytes).substr(0, cut), kWhole);
        QVERIFY2(part.error && part.error->code == ErrorCode::CodingTruncated,
                 qPrintable(QStringLiteral("cut at %1: %2").arg(cut).arg(codeName(part.error))));
        QVERIFY(text.starts_with(part.text));
    }
}

void TestContentCoding::piecesAreBounded()
{
    QFETCH(const QStringList, codings);
    const std::string text = sampleText(3'000'000);
    std::string bytes = text;
    for (const QString &coding : codings) {
        if (coding == QStringLiteral("gzip"))
            bytes = gzipOf(bytes);
        else if (coding == QStringLiteral("deflate"))
            bytes = zlibOf(bytes);
        else if (coding == QStringLiteral("zstd"))
            bytes = zstdOf(bytes);
        else if (coding == QStringLiteral("br"))
            bytes = brotliOf(bytes);
        else if (coding == QStringLiteral("lz4"))
            bytes = lz4Of(bytes);
    }
    const Decoded decoded = decode(toCodings(codings), bytes);
    QVERIFY2(!decoded.error, qPrintable(codeName(decoded.error)));
    QVERIFY(decoded.text == text);
    QVERIFY(decoded.largestPiece <= kDecodedPiece);
}

void TestContentCoding::damageIsFound_data()
{
    QTest::addColumn<QString>("coding");
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<bool>("isFine");
    QTest::addColumn<std::string>("text");
    const std::string a = sampleText(500);
    const std::string b = "second\n";
    const auto flipped = [](std::string bytes, std::size_t place) {
        bytes[place] = static_cast<char>(bytes[place] ^ 0x10);
        return bytes;
    };
    const auto row = [](const char *name, const char *coding, const std::string &bytes, bool isFine,
                        const std::string &text = {}) {
        QTest::newRow(name) << QString::fromLatin1(coding) << bytes << isFine << text;
    };
    const std::string zeros(1'000, '\0');
    row("gzip: two members", "gzip", gzipOf(a) + gzipOf(b), true, a + b);
    row("gzip: an empty member between two", "gzip", gzipOf(a) + gzipOf("") + gzipOf(b), true,
        a + b);
    row("gzip: zero padding", "gzip", gzipOf(a) + zeros, true, a);
    row("gzip: rubbish after the last member", "gzip", gzipOf(a) + "rubbish", false);
    row("gzip: one byte of rubbish after two members", "gzip", gzipOf(a) + gzipOf(b) + "x", false);
    row("gzip: rubbish after the padding", "gzip", gzipOf(a) + zeros + "x", false);
    row("gzip: a member after the padding", "gzip", gzipOf(a) + zeros + gzipOf(b), false);
    row("gzip: padding only", "gzip", zeros, false);
    row("gzip: wrong magic", "gzip", flipped(gzipOf(a), 1), false);
    row("gzip: unknown method", "gzip", flipped(gzipOf(a), 2), false);
    row("gzip: wrong header checksum", "gzip", flipped(gzipOf(a, {{}, "name", {}, true}), 15),
        false);
    row("gzip: plain text", "gzip", a, false);
    row("deflate: wrong Adler-32", "deflate", flipped(zlibOf(a), zlibOf(a).size() - 1), false);
    row("deflate: rubbish after the end", "deflate", zlibOf(a) + "x", false);
    row("deflate: much rubbish after the end", "deflate", zlibOf(a) + zeros, false);
    row("bare deflate: rubbish after the end", "deflate", rawDeflateOf(a) + "x", false);
    row("deflate: plain text", "deflate", a, false);
    row("zstd: two frames", "zstd", zstdOf(a) + zstdOf(b), true, a + b);
    row("zstd: a skippable frame between two", "zstd",
        zstdOf(a) + std::string("\x51\x2a\x4d\x18\x03\0\0\0abc", 11) + zstdOf(b), true, a + b);
    row("zstd: wrong content checksum", "zstd", flipped(zstdOf(a), zstdOf(a).size() - 1), false);
    row("zstd: rubbish after the frame", "zstd", zstdOf(a) + "rubbish", false);
    row("zstd: wrong magic", "zstd", flipped(zstdOf(a), 0), false);
    row("br: rubbish after the end", "br", brotliOf(a) + "x", false);
    row("br: two streams", "br", brotliOf(a) + brotliOf(b), false);
    row("lz4: two frames", "lz4", lz4Of(a) + lz4Of(b), true, a + b);
    row("lz4: wrong content checksum", "lz4", flipped(lz4Of(a), lz4Of(a).size() - 1), false);
    row("lz4: rubbish after the frame", "lz4", lz4Of(a) + "rubbish", false);
}

void TestContentCoding::damageIsFound()
{
    QFETCH(const QString, coding);
    QFETCH(const std::string, bytes);
    QFETCH(const bool, isFine);
    QFETCH(const std::string, text);
    const Codings codings{coding.toStdString()};
    std::vector<Split> splits{kWhole, kByteByByte};
    for (unsigned seed = 0; seed < 10; ++seed)
        splits.push_back(atRandom(seed));
    for (const Split &split : splits) {
        const Decoded decoded = decode(codings, bytes, split);
        if (isFine) {
            QVERIFY2(!decoded.error, qPrintable(codeName(decoded.error)));
            QVERIFY(decoded.text == text);
        } else {
            QVERIFY2(decoded.error && decoded.error->code == ErrorCode::CodingCorrupt,
                     qPrintable(codeName(decoded.error)));
            QVERIFY(decoded.error->byteOffset.has_value());
        }
    }
}

void TestContentCoding::everyBitOfTheGzipTrailerCounts()
{
    const std::string good = gzipOf(sampleText(2'000));
    for (std::size_t bit = 0; bit < 64; ++bit) {
        std::string bytes = good;
        char &byte = bytes[bytes.size() - 8 + bit / 8];
        byte = static_cast<char>(byte ^ (1 << (bit % 8)));
        for (const Split &split : {kWhole, kByteByByte}) {
            const Decoded decoded = decode({"gzip"}, bytes, split);
            QVERIFY2(decoded.error && decoded.error->code == ErrorCode::CodingCorrupt,
                     qPrintable(QStringLiteral("bit %1").arg(bit)));
        }
    }
}

void TestContentCoding::errorTellsThePlace()
{
    const std::string member = gzipOf(sampleText(500));
    const Decoded decoded = decode({"gzip"}, member + "rubbish", kByteByByte);
    QVERIFY(decoded.error && decoded.error->byteOffset);
    const auto place = std::size_t(decoded.error->byteOffset->value());
    QVERIFY2(place >= member.size() && place <= member.size() + 3,
             qPrintable(QString::number(place)));
}

void TestContentCoding::errorStays()
{
    auto decoder = makeContentDecoder({"gzip"}, {});
    QVERIFY(decoder);
    const auto drop = [](std::string_view) -> Status {
        return {};
    };
    QVERIFY(!(*decoder)->feed("no gzip at all", drop));
    const Status again = (*decoder)->feed(gzipOf("good"), drop);
    QVERIFY(!again && again.error().code == ErrorCode::CodingCorrupt);
    const Status end = (*decoder)->finish(drop);
    QVERIFY(!end && end.error().code == ErrorCode::CodingCorrupt);
}

void TestContentCoding::errorOfTheSinkIsPassedOn()
{
    for (const char *coding : {"gzip", "identity"}) {
        auto decoder = makeContentDecoder({coding}, {});
        QVERIFY(decoder);
        const Status status = (*decoder)->feed(gzipOf("good"), [](std::string_view) -> Status {
            return fail(ErrorCode::DiskFull, "full");
        });
        QVERIFY(!status && status.error().code == ErrorCode::DiskFull);
    }
}

void TestContentCoding::namesOfCodings_data()
{
    QTest::addColumn<QStringList>("codings");
    QTest::addColumn<std::string>("bytes");
    const std::string text = "hello\n";
    const auto row = [](const char *name, const QStringList &codings, const std::string &bytes) {
        QTest::newRow(name) << codings << bytes;
    };
    row("none", {}, text);
    row("identity", {QStringLiteral("identity")}, text);
    row("in capitals", {QStringLiteral("GZIP")}, gzipOf(text));
    row("x-gzip", {QStringLiteral("X-Gzip")}, gzipOf(text));
    row("Deflate", {QStringLiteral("Deflate")}, zlibOf(text));
    row("Br", {QStringLiteral("Br")}, brotliOf(text));
    row("ZSTD", {QStringLiteral("ZSTD")}, zstdOf(text));
    row("LZ4", {QStringLiteral("LZ4")}, lz4Of(text));
}

void TestContentCoding::namesOfCodings()
{
    QFETCH(const QStringList, codings);
    QFETCH(const std::string, bytes);
    const Decoded decoded = decode(toCodings(codings), bytes);
    QVERIFY2(!decoded.error, qPrintable(codeName(decoded.error)));
    QVERIFY(decoded.text == "hello\n");
}

void TestContentCoding::unknownCodingIsNamed()
{
    const auto decoder = makeContentDecoder({"gzip", "none"}, {});
    QVERIFY(!decoder);
    QCOMPARE(decoder.error().code, ErrorCode::CodingUnsupported);
    QVERIFY(decoder.error().detail.find("\"none\"") != std::string::npos);
}

void TestContentCoding::bombIsStopped_data()
{
    QTest::addColumn<QStringList>("codings");
    QTest::addColumn<std::string>("bytes");
    const std::string zeros(80 * 1024 * 1024, '\0');
    const QString gzip = QStringLiteral("gzip");
    QTest::newRow("gzip") << QStringList{gzip} << gzipOf(zeros);
    QTest::newRow("zstd") << QStringList{QStringLiteral("zstd")} << zstdOf(zeros);
    QTest::newRow("br") << QStringList{QStringLiteral("br")} << brotliOf(zeros);
    QTest::newRow("gzip in gzip") << QStringList{gzip, gzip} << gzipOf(gzipOf(zeros));
}

void TestContentCoding::bombIsStopped()
{
    QFETCH(const QStringList, codings);
    QFETCH(const std::string, bytes);
    Limits limits;
    limits.compressionRatio = 100;
    const Decoded decoded = decode(toCodings(codings), bytes, kWhole, limits);
    QVERIFY2(decoded.error && decoded.error->code == ErrorCode::SizeLimitExceeded,
             qPrintable(codeName(decoded.error)));
    QVERIFY(decoded.text.size() <= std::size_t((64_MiB).value()));
}

void TestContentCoding::highRatioOfALittleIsFine()
{
    const std::string zeros(60 * 1024 * 1024, '\0');
    Limits limits;
    limits.compressionRatio = 100;
    const Decoded decoded = decode({"br"}, brotliOf(zeros), kWhole, limits);
    QVERIFY2(!decoded.error, qPrintable(codeName(decoded.error)));
    QVERIFY(decoded.text == zeros);
}

void TestContentCoding::windowBeyondTheLimitIsRefused()
{
    // Frame header of RFC 8878 §3.1.1: no content size, window descriptor for 2^31 bytes.
    const std::string header("\x28\xb5\x2f\xfd\x00\xa8", 6);
    const Decoded decoded = decode({"zstd"}, header + std::string(20, '\0'));
    QVERIFY2(decoded.error && decoded.error->code == ErrorCode::SizeLimitExceeded,
             qPrintable(codeName(decoded.error)));
}

void TestContentCoding::codingOfFile_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("coding");
    const auto row = [](const char *title, const std::string &name, const std::string &bytes,
                        const std::string &coding) {
        QTest::newRow(title) << name << bytes << coding;
    };
    row("gzip by its signature", "x.csv", gzipOf("a"), "gzip");
    row("zstd by its signature", "x", zstdOf("a"), "zstd");
    row("lz4 by its signature", "x", lz4Of("a"), "lz4");
    row("br by its suffix", "x.json.BR", brotliOf("a"), "br");
    row("plain text named .gz", "x.gz", "a,b\n", "");
    row("an empty file", "x.csv", "", "");
    row("less than a signature", "x.csv", "\x1f\x8b", "");
}

void TestContentCoding::codingOfFile()
{
    QFETCH(const std::string, name);
    QFETCH(const std::string, bytes);
    QFETCH(const std::string, coding);
    QCOMPARE(transport::codingOfFile(name, bytes), coding);
}

QTEST_APPLESS_MAIN(TestContentCoding)
#include "tst_content_coding.moc"

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/variant.h"

#include <QTest>

using namespace freshet;
using namespace freshet::lab;

namespace {

transfer::DownloadRequest baseRequest()
{
    transfer::DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/api/users";
    request.bytes.headers = {{"accept", "text/html"}, {"X-Tenant", "a"}};
    return request;
}

std::vector<std::string> namesOf(const std::vector<Variant> &variants)
{
    std::vector<std::string> names;
    for (const Variant &variant : variants)
        names.push_back(variant.name);
    return names;
}

using Names = std::vector<std::string>;

} // namespace

class TestVariant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCombination()
    {
        const auto variants = variantsOf(
            baseRequest(), {.formats = {"json", "ndjson"}, .encodings = {"identity", "gzip"}});
        QVERIFY(variants);
        QCOMPARE(namesOf(*variants),
                 (Names{"JSON, plain", "JSON, gzip", "NDJSON, plain", "NDJSON, gzip"}));
        const auto &last = variants->back().request;
        QCOMPARE(findHeader(last.bytes.headers, "Accept"),
                 std::optional<std::string_view>("application/x-ndjson, application/jsonl"));
        QCOMPARE(findHeader(last.bytes.headers, "X-Tenant"), std::optional<std::string_view>("a"));
        QCOMPARE(last.bytes.headers.size(), std::size_t(2));
        QCOMPARE(last.bytes.acceptEncoding, std::string("gzip"));
        QCOMPARE(last.decode.format, decode::Format::Auto);
    }

    void namesTellOnlyWhatDiffers()
    {
        const auto one = variantsOf(baseRequest(), {.encodings = {"gzip"}});
        QVERIFY(one);
        QCOMPARE(namesOf(*one), Names{"users"});
        QCOMPARE(one->front().detail, std::string("text/html · gzip"));
        transfer::DownloadRequest secure = baseRequest();
        secure.bytes.url = "https://127.0.0.1/api/users";
        const auto versions = variantsOf(
            secure, {.versions = {transport::HttpVersion::Http1, transport::HttpVersion::Http2}});
        QVERIFY(versions);
        QCOMPARE(namesOf(*versions), (Names{"HTTP/1.1", "HTTP/2"}));
    }

    void http2IsAgreedOnWithinTls()
    {
        const std::vector both = {transport::HttpVersion::Http1, transport::HttpVersion::Http2};
        const auto plain = variantsOf(baseRequest(), {.versions = both});
        QVERIFY(plain);
        QCOMPARE(namesOf(*plain), Names{"HTTP/1.1"});
        // Asked for alone, it is what the server is known to speak.
        const auto known = variantsOf(baseRequest(), {.versions = {both.back()}});
        QVERIFY(known);
        QCOMPARE(known->front().request.bytes.version, transport::HttpVersion::Http2);
    }

    void otherProtocolsAreNotVaried_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("WebSocket") << QByteArray("ws://127.0.0.1/feed") << QByteArray("WebSocket");
        QTest::newRow("PostgreSQL")
            << QByteArray("postgresql://127.0.0.1/shop") << QByteArray("PostgreSQL");
        QTest::newRow("a file") << QByteArray("/tmp/users.ndjson") << QByteArray("users");
    }

    void otherProtocolsAreNotVaried()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, name);
        transfer::DownloadRequest base;
        base.bytes.url = url.toStdString();
        if (url.startsWith("postgresql"))
            base.bytes.body = "select 1";
        const auto variants = variantsOf(
            base,
            {.formats = {"json", "csv"}, .encodings = {"gzip", "br"}, .pageSizes = {10, 100}});
        QVERIFY2(variants, variants ? "" : variants.error().detail.c_str());
        QCOMPARE(namesOf(*variants), Names{name.toStdString()});
        QVERIFY(variants->front().request.bytes.headers.empty());
        QVERIFY(!variants->front().request.pages);
    }

    void pagesOfSeveralSizes()
    {
        auto base = baseRequest();
        base.pages = transfer::PageRule{.style = transfer::PageStyle::Cursor, .sizeTo = "limit"};
        const auto variants = variantsOf(base, {.formats = {"ndjson"}, .pageSizes = {1000, 50000}});
        QVERIFY(variants);
        QCOMPARE(namesOf(*variants), (Names{"NDJSON", "pages of 1,000", "pages of 50,000"}));
        const auto &pages = variants->back().request.pages;
        QVERIFY(pages && pages->size == 50000);
        QCOMPARE(pages->sizeTo, std::string("limit"));
        QVERIFY(variants->front().request.pages);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("size");
        QTest::newRow("unknown format") << "xml" << 1;
        QTest::newRow("a format that Accept cannot ask for") << "ws" << 1;
        QTest::newRow("empty pages") << "json" << 0;
    }

    void refusals()
    {
        QFETCH(QString, format);
        QFETCH(int, size);
        const auto variants =
            variantsOf(baseRequest(), {.formats = {format.toStdString()}, .pageSizes = {size}});
        QVERIFY(!variants);
        QCOMPARE(variants.error().code, ErrorCode::InvalidArgument);
    }

    void sameNamesGetNumbers()
    {
        std::vector<Variant> variants(3);
        for (Variant &variant : variants)
            variant.name = "users";
        makeNamesUnique(variants);
        QCOMPARE(namesOf(variants), (Names{"users", "users 2", "users 3"}));
    }

    void secretsAreNotTold()
    {
        transfer::DownloadRequest request;
        request.bytes.url = "http://127.0.0.1/users?token=hush";
        QVERIFY(describe(request).find("hush") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestVariant)
#include "tst_variant.moc"

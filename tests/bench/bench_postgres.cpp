// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PostgreSQL → durable, browsable dataset: `freshet-cli get postgresql://…` against what psql does
// with the same query when it keeps nothing: `\copy (…) to /dev/null`, as text (its default) and
// binary. One server, started here, over loopback; in turns, in one run.
// Usage: bench_postgres [ROWS] [RUNS]
#include "support/postgres_server.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using Clock = std::chrono::steady_clock;

/// Ids, names, addresses, money, times, flags, measures, uuids, a column with nulls.
constexpr auto kTable =
    "create unlogged table users as select i as id, 'user' || i as name, "
    "'user' || i || '@example.com' as email, "
    "((i::bigint * 7919 % 100000) / 100.0)::numeric(12,2) as balance, "
    "timestamptz '2020-01-01 00:00+00' + i * interval '37 seconds' as created, "
    "i % 3 = 0 as active, (i * 1.37)::float8 as score, md5(i::text)::uuid as token, "
    "case when i % 5 <> 0 then 'Country ' || i % 200 end as country, "
    "i::bigint * 1000003 as big from generate_series(1, %1) i";

struct Figures
{
    double seconds = 0;
    qint64 rows = 0;
    double peakMebibytes = 0;
};

/// Output: seconds 0 on failure.
Figures timed(const QString &program, const QStringList &arguments)
{
    QProcess process;
    const auto start = Clock::now();
    process.start(program, arguments);
    Figures figures;
    if (!process.waitForFinished(-1) || process.exitCode() != 0) {
        std::fprintf(stderr, "%s", process.readAllStandardError().constData());
        return figures;
    }
    figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const QByteArray output = process.readAllStandardOutput();
    const auto summary = QJsonDocument::fromJson(output).object();
    figures.rows = summary.isEmpty() ? output.trimmed().mid(5).toLongLong() // COPY 1000000
                                     : summary[u"rows"].toInteger();
    figures.peakMebibytes = summary[u"peak_rss_bytes"].toDouble() / (1 << 20);
    return figures;
}

Figures download(const QString &url, const QString &library, const QStringList &more)
{
    return timed(QDir(QCoreApplication::applicationDirPath()).filePath(u"freshet-cli"_s),
                 QStringList{u"get"_s, url, u"--sql"_s, u"select * from users"_s, u"--json"_s,
                             u"--library"_s, library} +
                     more);
}

Figures copyByPsql(const QString &url, const QString &format)
{
    return timed(test::PostgresServer::program(u"psql"_s),
                 {u"-X"_s, url, u"-c"_s,
                  u"\\copy (select * from users) to '/dev/null' with (format %1)"_s.arg(format)});
}

Figures best(const std::vector<Figures> &all)
{
    return *std::ranges::min_element(all, {}, &Figures::seconds);
}

void print(const char *name, const Figures &figures)
{
    std::printf("%-44s %7.2f s %9.0f rows/s", name, figures.seconds,
                static_cast<double>(figures.rows) / figures.seconds);
    if (figures.peakMebibytes > 0)
        std::printf("   peak %.0f MiB", figures.peakMebibytes);
    std::printf("\n");
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const qint64 rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
    test::PostgresServer server;
    if (!test::PostgresServer::isInstalled() || !server.start()) {
        std::fprintf(stderr, "PostgreSQL is not there\n");
        return 1;
    }
    server.run(QString::fromLatin1(kTable).arg(rows));
    server.run(u"vacuum analyze users"_s);
    const QString url = QString::fromStdString(server.url());
    const QTemporaryDir folder;
    std::vector<Figures> copy, cursor, text, binary;
    for (int run = 0; run < runs; ++run) {
        copy.push_back(download(url, folder.filePath(u"copy%1"_s.arg(run)), {}));
        text.push_back(copyByPsql(url, u"text"_s));
        cursor.push_back(
            download(url, folder.filePath(u"cursor%1"_s.arg(run)), {u"--via"_s, u"cursor"_s}));
        binary.push_back(copyByPsql(url, u"binary"_s));
        for (const auto *figures : {&copy, &text, &cursor, &binary}) {
            if (figures->back().rows != rows) {
                std::fprintf(stderr, "rows are missing\n");
                return 1;
            }
        }
    }
    std::printf("%lld rows; best of %d\n", static_cast<long long>(rows), runs);
    print("freshet-cli get, COPY", best(copy));
    print("freshet-cli get, cursor", best(cursor));
    print("psql \\copy to /dev/null, text", best(text));
    print("psql \\copy to /dev/null, binary", best(binary));
    std::printf("ratio %.2f to text (goal 0.9), %.2f to binary\n",
                best(text).seconds / best(copy).seconds, best(binary).seconds / best(copy).seconds);
    return 0;
}

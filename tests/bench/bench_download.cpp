// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NDJSON → durable, browsable dataset: `freshet-cli get` from nginx over HTTP on loopback, against
// DuckDB's `create table … as select * from read_ndjson(…)` in a database file, side by side in one
// run. DuckDB reads the same file from the disk, which spares it the network: its npm build has no
// httpfs. Both may use every core.
// Usage: bench_download [MEBIBYTES] [RUNS]
#include "demo/users_table.h"
#include "support/nginx_server.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <duckdb.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using Clock = std::chrono::steady_clock;

struct Figures
{
    double seconds = 0;
    qint64 rows = 0;
    double peakMebibytes = 0;
};

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Output: rows written, 0 on failure.
qint64 writeUsers(const QString &path, qint64 bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return 0;
    const demo::UsersTable table(1);
    std::string text;
    qint64 rows = 0;
    while (file.pos() < bytes) {
        text.clear();
        for (int i = 0; i < 1000; ++i, ++rows) {
            table.appendJson(text, rows);
            text += '\n';
        }
        if (file.write(text.data(), std::ssize(text)) != std::ssize(text))
            return 0;
    }
    return rows;
}

Figures download(const QString &url, const QString &library)
{
    QProcess cli;
    const auto start = Clock::now();
    cli.start(QDir(QCoreApplication::applicationDirPath()).filePath(u"freshet-cli"_s),
              {u"get"_s, url, u"--json"_s, u"--library"_s, library});
    Figures figures;
    if (!cli.waitForFinished(-1) || cli.exitCode() != 0)
        return figures;
    figures.seconds = secondsSince(start);
    const auto summary = QJsonDocument::fromJson(cli.readAllStandardOutput()).object();
    figures.rows = summary[u"rows"].toInteger();
    figures.peakMebibytes = summary[u"peak_rss_bytes"].toDouble() / (1 << 20);
    return figures;
}

Figures importByDuckDb(const QString &file, const QString &database)
{
    Figures figures;
    duckdb_database db = nullptr;
    duckdb_connection connection = nullptr;
    const auto start = Clock::now();
    if (duckdb_open(database.toUtf8().constData(), &db) != DuckDBSuccess ||
        duckdb_connect(db, &connection) != DuckDBSuccess)
        return figures;
    const QByteArray sql =
        "create table t as select * from read_ndjson('" + file.toUtf8() + "'); checkpoint;";
    const bool isDone = duckdb_query(connection, sql.constData(), nullptr) == DuckDBSuccess;
    figures.seconds = secondsSince(start);
    duckdb_result result;
    if (isDone && duckdb_query(connection, "select count(*) from t", &result) == DuckDBSuccess) {
        figures.rows = duckdb_value_int64(&result, 0, 0);
        duckdb_destroy_result(&result);
    }
    duckdb_disconnect(&connection);
    duckdb_close(&db);
    return figures;
}

void print(const char *name, const Figures &figures, double megabytes)
{
    std::printf("%-44s %7.2f s %8.0f MB/s", name, figures.seconds, megabytes / figures.seconds);
    if (figures.peakMebibytes > 0)
        std::printf("   peak %.0f MiB", figures.peakMebibytes);
    std::printf("\n");
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const qint64 mebibytes = argc > 1 ? std::atoll(argv[1]) : 512;
    const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"users.ndjson"_s);
    const qint64 rows = writeUsers(file, mebibytes << 20);
    test::NginxServer server;
    if (rows == 0 || !server.start({.folder = folder.path()})) {
        std::fprintf(stderr, "the file or nginx is not there\n");
        return 1;
    }
    const QString url = server.url(test::NginxServer::Scheme::Plain, u"/users.ndjson"_s);
    const double megabytes = static_cast<double>(QFile(file).size()) / 1e6;
    std::printf("%lld rows, %.0f MB of NDJSON; best of %d\n", static_cast<long long>(rows),
                megabytes, runs);

    // Taken in turns, so that both meet the same machine.
    std::vector<Figures> ours, theirs;
    for (int run = 0; run < runs; ++run) {
        ours.push_back(download(url, folder.filePath(u"library%1"_s.arg(run))));
        theirs.push_back(importByDuckDb(file, folder.filePath(u"peer%1.duckdb"_s.arg(run))));
        if (ours.back().rows != rows || theirs.back().rows != rows) {
            std::fprintf(stderr, "rows are missing\n");
            return 1;
        }
    }
    const auto best = [](const std::vector<Figures> &all) {
        return *std::ranges::min_element(all, {}, &Figures::seconds);
    };
    print("freshet-cli get, nginx over loopback", best(ours), megabytes);
    print("DuckDB read_ndjson of the file to a table", best(theirs), megabytes);
    std::printf("ratio %.2f (first goal 2)\n", best(theirs).seconds / best(ours).seconds);
    return 0;
}

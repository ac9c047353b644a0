// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/value_text.h"
#include "transfer/scripted_transport.h"
#include "transfer/sync.h"

#include <QTemporaryDir>
#include <QtTest>

#include <deque>
#include <map>
#include <mutex>

namespace freshet::test {

using namespace std::chrono_literals;
using transfer::DownloadRequest;
using transfer::Progress;
using transfer::SinceRule;
using transfer::SyncChange;
using transfer::Transfer;
using transfer::VerdictKind;

constexpr auto kPatience = 60s;
constexpr int kNoCut = -1;

/// Answers 304.
class NotModified final : public transport::Transport
{
public:
    Result<transport::TransportEnd> run(transport::ByteSink &, const CancelToken &) override
    {
        return fail(Error{.code = ErrorCode::HttpStatus, .nativeCode = 304});
    }
    transport::TransportProgress progress() const override { return {}; }
};

/// A table behind an API: each change of a row gets the next number, by which rows are asked for.
struct SyncSource
{
    struct Row
    {
        int id;
        std::string value;
    };

    std::map<int, Row> bySequence;
    std::map<int, int> sequenceOf; ///< id → sequence
    int last = 0;
    bool isInclusive = false;
    std::string extra; ///< members added to each row
    std::string etag;
    bool fallsSilent = false;
    bool ignoresSince = false;
    bool sendsTokens = false; ///< as a header
    /// Cut the next answers after so many rows.
    std::deque<int> cuts;

    std::mutex mutex;
    std::vector<std::string> asked; ///< queries

    void put(int id, const std::string &value)
    {
        if (const auto known = sequenceOf.find(id); known != sequenceOf.end())
            bySequence.erase(known->second);
        bySequence[++last] = {id, value};
        sequenceOf[id] = last;
    }
    /// Change a row and leave its number: no since rule finds that.
    void change(int id, const std::string &value) { bySequence[sequenceOf[id]].value = value; }
    void fill(int first, int end)
    {
        for (int id = first; id < end; ++id)
            put(id, "v" + std::to_string(id));
    }
    /// Rows as `id=value`, by id.
    QString oracle() const
    {
        std::map<int, std::string> values;
        for (const auto &[sequence, row] : bySequence)
            values[row.id] = row.value;
        QString text;
        for (const auto &[id, value] : values)
            text += QStringLiteral("%1=%2 ").arg(id).arg(QString::fromStdString(value));
        return text;
    }

    Result<std::unique_ptr<transport::Transport>> open(const transport::ByteRequest &request)
    {
        const std::lock_guard lock(mutex);
        const auto query = request.url.find("since=");
        int since = query == std::string::npos ? 0 : std::stoi(request.url.substr(query + 6));
        asked.push_back(query == std::string::npos ? "all" : std::to_string(since));
        Script script;
        script.head.headers.push_back({"Content-Type", "application/x-ndjson"});
        if (ignoresSince)
            since = 0;
        if (sendsTokens)
            script.head.headers.push_back({"X-Next", std::to_string(last)});
        if (!etag.empty()) {
            script.head.headers.push_back({"ETag", etag});
            if (findHeader(request.headers, "If-None-Match") == etag)
                return std::make_unique<NotModified>();
        }
        const int most = cuts.empty() ? kNoCut : cuts.front();
        if (!cuts.empty())
            cuts.pop_front();
        std::string body;
        int count = 0;
        for (const auto &[sequence, row] : bySequence) {
            if (isInclusive && since > 0 ? sequence < since : sequence <= since)
                continue;
            if (count++ == most) {
                body += "{\"id\":"; // in the middle of a row
                break;
            }
            body += "{\"id\":" + std::to_string(row.id) + ",\"value\":\"" + row.value +
                    "\",\"seq\":" + std::to_string(sequence) + extra + "}\n";
        }
        script.piece = Script::of(body).piece;
        script.staysSilent = fallsSilent;
        if (most >= 0)
            script.error = Error{.code = ErrorCode::ConnectionLost, .detail = "cut"};
        return std::make_unique<ScriptedTransport>(std::move(script));
    }
};

inline SinceRule ruleOf(const QString &text)
{
    auto rule = SinceRule::parse(text.toStdString());
    if (!rule)
        qFatal("%s", rule.error().toString().c_str());
    return *std::move(rule);
}

inline const QString kUpsert = QStringLiteral("param=since,from=seq,key=id,mode=upsert");

/// A library, and a source that it syncs with.
struct SyncFixture
{
    QTemporaryDir folder;
    std::shared_ptr<store::Library> library;
    std::shared_ptr<SyncSource> source = std::make_shared<SyncSource>();
    std::string id;

    SyncFixture() { reopen(); }
    void reopen()
    {
        library.reset();
        auto opened = store::Library::open(folder.path().toStdString());
        if (!opened)
            qFatal("%s", opened.error().toString().c_str());
        library = *opened;
    }
    Transfer::Options options() const
    {
        Transfer::Options options;
        options.makeTransport = [source = source](const transport::ByteRequest &request) {
            return source->open(request);
        };
        return options;
    }
    DownloadRequest request(const QString &rule, int retries = 5) const
    {
        DownloadRequest request;
        request.bytes.url = "http://localhost/rows";
        request.name = "rows";
        if (!rule.isEmpty())
            request.since = ruleOf(rule);
        request.retry.firstDelay = 1ms;
        request.retry.maxRetries = retries;
        return request;
    }
    Progress wait(Result<std::unique_ptr<Transfer>> transfer)
    {
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        if (!(*transfer)->waitFor(kPatience))
            qFatal("the transfer does not end");
        id = (*transfer)->dataset()->id();
        return (*transfer)->progress();
    }
    Progress get(const QString &rule, int retries = 5)
    {
        return wait(Transfer::start(library, request(rule, retries), options()));
    }
    Progress sync(const SyncChange &change = {})
    {
        return wait(Transfer::sync(library, id, change, {}, options()));
    }
    Progress resume() { return wait(Transfer::resume(library, id, {}, options())); }

    store::DatasetSnapshot snapshot()
    {
        const auto dataset = library->dataset(id);
        if (!dataset)
            qFatal("%s", dataset.error().toString().c_str());
        return (*dataset)->snapshot();
    }
    /// As SyncSource::oracle, a row that is there twice twice.
    QString rows()
    {
        std::multimap<int, std::string> values;
        const auto shown = snapshot();
        for (std::int64_t batch = 0; batch < shown.batchCount(); ++batch) {
            const auto ids = shown.column(batch, *shown.schema()->indexOf("id"));
            const auto texts = shown.column(batch, *shown.schema()->indexOf("value"));
            for (std::int64_t row = 0; row < ids->length; ++row) {
                std::string number;
                columnar::appendText(number, *ids, row);
                values.emplace(std::stoi(number), texts->textAt(row));
            }
        }
        QString text;
        for (const auto &[number, value] : values)
            text += QStringLiteral("%1=%2 ").arg(number).arg(QString::fromStdString(value));
        return text;
    }
    store::RunRecord lastRun() const { return library->runs(id)->back(); }
    QString figures() const
    {
        const auto run = lastRun();
        return QStringLiteral("%1 +%2 ~%3 =%4")
            .arg(run.rowsBefore.value())
            .arg(run.figures.added.value())
            .arg(run.figures.updated.value())
            .arg(run.figures.duplicates.value());
    }
};

inline QString evidenceOf(const Progress &progress)
{
    QString text;
    for (const auto &sentence : progress.verdict->evidence)
        text += QString::fromStdString(sentence) + u'\n';
    return text;
}

} // namespace freshet::test

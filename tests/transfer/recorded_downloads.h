// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/table_text.h"
#include "transfer/recorded_download.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <memory>

namespace freshet::test {

/// Downloads into a library of their own that are recorded and made again.
class RecordedDownloads
{
public:
    /// What came of a download.
    struct Outcome
    {
        transfer::Progress progress;
        TableText table;
    };

    RecordedDownloads()
    {
        auto library =
            store::Library::open(m_folder.filePath(QStringLiteral("library")).toStdString());
        if (!library)
            qFatal("%s", library.error().toString().c_str());
        m_library = *library;
    }

    [[nodiscard]] const std::shared_ptr<store::Library> &library() const { return m_library; }
    /// The recording that was made last.
    [[nodiscard]] std::filesystem::path file() const
    {
        return m_folder.filePath(QStringLiteral("one.freshet-recording")).toStdString();
    }

    [[nodiscard]] Outcome record(const transfer::DownloadRequest &request) const
    {
        auto writer = transfer::beginRecording(file(), request);
        if (!writer)
            qFatal("%s", writer.error().toString().c_str());
        Outcome outcome =
            download(request, {.makeTransport = transfer::recordingTransports(*writer)});
        if (const auto closed = (*writer)->close(); !closed)
            qFatal("%s", closed.error().toString().c_str());
        return outcome;
    }

    [[nodiscard]] Outcome download(const transfer::DownloadRequest &request,
                                   transfer::Transfer::Options options) const
    {
        auto transfer = transfer::Transfer::start(m_library, request, std::move(options));
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        if (!(*transfer)->waitFor(std::chrono::seconds(60)))
            qFatal("the download does not end");
        auto table = tableText((*transfer)->dataset()->snapshot());
        if (!table)
            qFatal("%s", table.error().toString().c_str());
        return {(*transfer)->progress(), std::move(*table)};
    }

    /// Plays the last recording as it was made, but waits for nothing.
    [[nodiscard]] Outcome replay() const
    {
        const auto recorded = transfer::RecordedDownload::load(file());
        if (!recorded)
            qFatal("%s", recorded.error().toString().c_str());
        const auto waitForNothing = [](transport::ReplayPace::Clock::time_point,
                                       const CancelToken &) {
        };
        return download(recorded->request, {.makeTransport = recorded->transports(
                                                {.speed = 1, .waitUntil = waitForNothing})});
    }

    static void compare(const Outcome &live, const Outcome &again)
    {
        QVERIFY(again.table == live.table);
        QCOMPARE(again.progress.rows.value(), live.progress.rows.value());
        QCOMPARE(again.progress.wireBytes.value(), live.progress.wireBytes.value());
        QCOMPARE(again.progress.decodedBytes.value(), live.progress.decodedBytes.value());
        QCOMPARE(again.progress.requests, live.progress.requests);
        QCOMPARE(again.progress.verdict->kind, live.progress.verdict->kind);
        QCOMPARE(again.progress.error.has_value(), live.progress.error.has_value());
        if (live.progress.error)
            QCOMPARE(again.progress.error->code, live.progress.error->code);
    }

    /// The evidence as well, and the times that the network gave.
    static void compareWhole(const Outcome &live, const Outcome &again)
    {
        compare(live, again);
        QCOMPARE(again.progress.verdict->evidence, live.progress.verdict->evidence);
        const auto &recorded = live.progress.timeline.transport;
        const auto &replayed = again.progress.timeline.transport;
        QVERIFY(replayed.connected == recorded.connected);
        QVERIFY(replayed.requestSent == recorded.requestSent);
        QVERIFY(replayed.answerBegan == recorded.answerBegan);
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<store::Library> m_library;
};

} // namespace freshet::test

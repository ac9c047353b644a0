// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset_session.h"
#include "grid/grid_source.h"

#include <QTemporaryDir>

#include <memory>
#include <mutex>
#include <optional>

namespace freshet::ui {

/// What a trial found out about a source.
struct TrialFindings
{
    store::DatasetRecord record; ///< evidence and facts
    transfer::Progress progress; ///< the last of it
    columnar::SchemaPtr schema;
    RowCount shownRows;
    /// The trial stopped by itself once it had its rows; what came behind them is not known.
    bool isCutShort = false;
};

/// Makes a request for its first rows, into a library of its own that goes away with it.
///
/// Rows are shown up to `kRows`. The trial stops as soon as these are there; a JSON document is
/// read on to its end, or up to `kMostRead`, since what says how the server hands out the rest
/// often stands there. Pages are got only where their rule is given: one that is to be found by
/// itself is told by `TrialFindings` and not followed. Failures are not tried again. Threads: GUI
/// thread only; everything that waits is done on workers.
class Trial : public QObject
{
    Q_OBJECT
public:
    static constexpr RowCount kRows{100};
    static constexpr ByteCount kMostRead = 4_MiB;
    static constexpr std::chrono::seconds kMostTime{10};

    explicit Trial(QObject *parent = nullptr);
    ~Trial() override;

    /// Begin anew; one that is under way is cancelled.
    void start(const transfer::DownloadRequest &request);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] const QString &source() const { return m_source; }
    /// Of the last trial, so far; null before the first rows.
    [[nodiscard]] GridSourcePtr rows() const;
    [[nodiscard]] std::optional<transfer::Progress> progress() const;
    /// After `ended`, if there was an answer.
    [[nodiscard]] const std::optional<TrialFindings> &findings() const { return m_findings; }
    /// After `ended`: what stopped it; Cancelled if the user did.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

Q_SIGNALS:
    void changed();
    void ended();

private:
    /// Where its rows go; in use by workers as well.
    class Place
    {
    public:
        [[nodiscard]] Result<std::shared_ptr<store::Library>> library();

    private:
        std::mutex m_opening;
        QTemporaryDir m_folder;
        std::shared_ptr<store::Library> m_library;
    };
    struct Started
    {
        std::shared_ptr<store::Library> library;
        std::shared_ptr<transfer::Transfer> transfer;
    };

    [[nodiscard]] static Result<Started> begin(const std::shared_ptr<Place> &place,
                                               transfer::DownloadRequest request,
                                               const CancelToken &cancel);
    void follow(Started started, const CancelToken &cancel);
    void stopWhereEnough();
    void conclude();
    void end(std::optional<Error> error);

    std::shared_ptr<Place> m_place = std::make_shared<Place>();
    std::unique_ptr<DatasetSession> m_session;
    TaskRunner m_runner;
    CancelToken m_cancel;
    QString m_source;
    bool m_isRunning = false;
    bool m_hasPages = false;
    bool m_isCutShort = false;
    std::optional<TrialFindings> m_findings;
    std::optional<Error> m_error;
};

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/resume_text.h"

#include "text/dataset_text.h"
#include "text/error_text.h"
#include "text/figures.h"
#include "transfer/earlier_run.h"
#include "transfer/get_anew.h"
#include "transfer/resume_point.h"
#include "transfer/sent_once.h"

#include <QCoreApplication>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Resume", text);
}

/// What goes out by its method or as a call: "the POST".
QString requestWord(const transfer::DownloadRequest &request)
{
    return request.grpc ? tr("call") : QString::fromStdString(request.bytes.method);
}

/// Only a person sends what may do something each time once more: they are to know that they do.
QString sendsOnceMore(const store::DatasetRecord &record)
{
    const auto request = transfer::DownloadRequest::fromJson(record.request);
    if (!request || !transfer::isSentOnceMore(*request, record.resumePoint))
        return {};
    return QLatin1Char(' ') +
           tr("The %1 is sent once more: if it does something each time, it does that again.")
               .arg(requestWord(*request));
}

QString resumePlanOf(const store::DatasetRecord &record)
{
    if (const auto point = transfer::ResumePoint::fromJson(record.resumePoint))
        return tr("Resume %1.").arg(QString::fromStdString(point->plan()));
    return tr("Resume reads everything again from the start and passes over the %1 that are here.")
        .arg(rowsText(record.rows));
}

QString anewPlan(const transfer::WaysOn &ways)
{
    if (!ways.canResume)
        return tr("Get anew fetches everything into a new dataset and keeps this one until that is "
                  "complete: nothing else makes up for %1.")
            .arg(QString::fromStdString(ways.fellShort.front()));
    return tr("Get anew does so in a new dataset and keeps this one until that is complete.");
}

QString planOf(const store::DatasetRecord &record)
{
    if (record.rows == RowCount())
        return tr("Sends the same request again.");
    const auto ways = transfer::waysOn(record);
    if (ways.mayNeedNew && !ways.canResume)
        return anewPlan(ways);
    const QString plan = resumePlanOf(record);
    return ways.mayNeedNew ? plan + QLatin1Char(' ') + anewPlan(ways) : plan;
}

} // namespace

bool canResume(const store::DatasetRecord &record)
{
    return transfer::isResumable(record);
}

bool mayNeedNew(const store::DatasetRecord &record)
{
    return record.rows > RowCount() && transfer::waysOn(record).mayNeedNew;
}

bool onlyNewHelps(const store::DatasetRecord &record)
{
    const auto ways = transfer::waysOn(record);
    return record.rows > RowCount() && ways.mayNeedNew && !ways.canResume;
}

bool canFetchNew(const store::DatasetRecord &record)
{
    const bool isRemote =
        record.source.find("://") != std::string::npos && !record.source.starts_with("file://");
    return isRemote && !record.verdict.empty() && !canResume(record);
}

QString resumeWord(const store::DatasetRecord &record)
{
    if (record.rows == RowCount())
        return tr("Try again");
    if (onlyNewHelps(record))
        return tr("Get anew");
    const auto point = transfer::ResumePoint::fromJson(record.resumePoint);
    return point && point->beginsAgain() ? tr("Begin again") : tr("Resume");
}

QString resumePlan(const store::DatasetRecord &record)
{
    return planOf(record) + sendsOnceMore(record);
}

QString whyNotTriedAgain(const store::DatasetRecord &record, const Error &error)
{
    const auto request = transfer::DownloadRequest::fromJson(record.request);
    if (!request || transfer::sentOnceMethod(*request, error).empty())
        return {};
    return tr("The %1 was not tried again, for that may do something twice: where it does no harm, "
              "say so under Options.")
        .arg(requestWord(*request));
}

QString retrySentence(const transfer::Progress &progress)
{
    const QString cause = progress.retryCause ? errorText(*progress.retryCause).what
                                              : tr("The server does not answer");
    return tr("%1; trying again in %2.").arg(cause, waitText(progress.retryIn));
}

QStringList interruptionsOf(const transfer::Progress &progress)
{
    QStringList sentences;
    if (progress.retries > 0)
        sentences +=
            progress.retries == 1 ? tr("1 retry.") : tr("%1 retries.").arg(progress.retries);
    for (const auto &how : progress.continuations)
        sentences += asSentence(QString::fromStdString(how));
    if (progress.bytesReadAgain > ByteCount())
        sentences += tr("%1 were received a second time and passed over.")
                         .arg(bytesText(progress.bytesReadAgain));
    return sentences;
}

} // namespace freshet::ui

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/export_job_answer.h"

#include <string_view>

namespace freshet::transfer {

/// What the names in the answers of export jobs mean. Compared in lower case, without anything but
/// letters and digits: `download_url`, `downloadUrl` and `download-url` are one name.
enum class JobSign {
    None,
    StatusUrl,   ///< `statusUrl`, `polling_url`, `operationLocation`
    State,       ///< `status`, `state`, `jobStatus`
    IsDone,      ///< true once it is done: `done`, `isReady`
    Progress,    ///< `progress`, `percentComplete`
    ResultUrl,   ///< `downloadUrl`, `resourceLocation`, `signedUrl`
    ResultMaybe, ///< `url`, `href`, `location`: an address, of the file if the job is done
    Results,     ///< an array of files: `results`, `files`, `output`
    Rows,        ///< `rowCount`, `totalRecords`
    Count,       ///< `count`: rows, if it stands beside a file's address
    Bytes,       ///< `size`, `contentLength`
    FileName,    ///< `name`, `fileName`
    Message,     ///< `error`, `message`
    AskAgainIn,  ///< seconds: `retryAfter`
};

[[nodiscard]] JobSign jobSignOf(std::string_view memberName);
/// Whether an object of this name is looked into: `data`, `job`, `_links` …
[[nodiscard]] bool tellsAboutJob(std::string_view memberName);
/// Whether a state says no more than that there is an answer: `success`, `ok`.
[[nodiscard]] bool isStateOfAnswer(std::string_view word);
/// What a state's word means; the words of `rule` come before the usual ones.
[[nodiscard]] JobState jobStateOf(std::string_view word, const ExportJobRule &rule);

} // namespace freshet::transfer

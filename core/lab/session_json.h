// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <QJsonObject>

namespace freshet::lab {

/// The parts of a session as JSON objects. Times are whole microseconds, sizes bytes; what did not
/// happen is absent. Reading takes what is missing for not having happened.
[[nodiscard]] QJsonObject runToJson(const RunRecord &run);
[[nodiscard]] RunRecord runFromJson(const QJsonObject &object);
[[nodiscard]] QJsonObject planToJson(const LabPlan &plan);
/// Errors: those of `DownloadRequest::fromJson`.
[[nodiscard]] Result<LabPlan> planFromJson(const QJsonObject &object);
[[nodiscard]] QJsonObject healthToJson(const StreamHealth &health);
[[nodiscard]] StreamHealth healthFromJson(const QJsonObject &object);

} // namespace freshet::lab

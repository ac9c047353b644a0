// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/transport.h"

#include <QJsonDocument>
#include <QJsonValue>

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// A small answer that is taken in whole: its head and, if its body is JSON, what that holds.
struct JsonAnswer
{
    transport::ResponseHead head;
    QJsonValue body; ///< undefined if there is none
};

/// Whether `text` is meant as a place: it begins with `$` or `header:`.
[[nodiscard]] bool isJsonPlace(std::string_view text);

/// A place in an answer: `$.job.results[].url`, `$.files[0]`, `header:Location`.
class JsonPlace
{
public:
    /// Errors: InvalidArgument, quoting the text.
    [[nodiscard]] static Result<JsonPlace> parse(std::string_view text);

    /// All values there, in order; none if the place does not exist.
    [[nodiscard]] std::vector<QJsonValue> valuesIn(const JsonAnswer &answer) const;

private:
    struct Step
    {
        enum class Kind { Member, Element, EachElement } kind = Kind::Member;
        QString name;
        qsizetype index = 0;
    };
    std::string m_header;
    std::vector<Step> m_steps;
};

/// A single value as plain text; empty for null, arrays and objects.
[[nodiscard]] std::string textOf(const QJsonValue &value);

/// `template_` with each `{PLACE}` replaced by the text there, percent-encoded as one segment of a
/// URL. Errors: InvalidArgument for a place that cannot be read; ProtocolViolation if nothing is
/// there.
[[nodiscard]] Result<std::string> filledTemplate(std::string_view template_,
                                                 const JsonAnswer &answer);

} // namespace freshet::transfer

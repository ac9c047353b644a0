// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "transport/transport.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freshet::transfer {

/// Reading and writing the places that a PageRule names.

/// Errors: InvalidArgument for what is neither `NAME`, `header:NAME` nor `body:PATH`.
[[nodiscard]] Status checkRequestPlace(std::string_view place);
/// Errors: InvalidArgument for what is neither a path of names nor `header:NAME`.
[[nodiscard]] Status checkAnswerPlace(std::string_view place);

/// The plain text at `place` of an answer; nothing if it is absent, null, empty or no single value.
[[nodiscard]] std::optional<std::string> textAt(std::string_view place,
                                                const transport::ResponseHead &head,
                                                const decode::DecodeFindings &findings);

/// The value at `place` of a request, decoded; nothing if it is not there.
[[nodiscard]] std::optional<std::string> valueIn(const transport::ByteRequest &request,
                                                 std::string_view place);
/// Put `value` there: every other byte of the URL and the body stays. In a body it is a number if
/// `isNumber`, else a string. Errors: InvalidArgument if the body is no JSON object.
[[nodiscard]] Status setValueIn(transport::ByteRequest &request, std::string_view place,
                                std::string_view value, bool isNumber);

/// Names and values of a URL's query, decoded, in order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
queryParameters(std::string_view url);

/// The single values that a document has beside its rows, by path: those around the rows, and those
/// in members that tell about the result (`meta`, `pagination`, `links` …), two levels down.
[[nodiscard]] std::map<std::string, std::string>
fieldsBesideRows(const decode::DecodeFindings &findings);

} // namespace freshet::transfer

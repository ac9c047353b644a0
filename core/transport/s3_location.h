// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <string>
#include <string_view>

namespace freshet::transport {

/// What `s3://bucket/key` names. The key is taken as it stands: nothing in it is percent-decoded,
/// and `?` and `#` belong to it.
struct S3Location
{
    std::string bucket;
    std::string key; ///< or the prefix of several; may be empty

    /// Errors: UrlInvalid.
    [[nodiscard]] static Result<S3Location> parse(std::string_view url);
    [[nodiscard]] std::string url() const { return "s3://" + bucket + '/' + key; }
};

/// The https address of an object. Source: Amazon S3, "Methods for accessing a bucket".
[[nodiscard]] std::string s3ObjectUrl(const S3Location &location, const S3Access &access);
/// The address that lists the objects whose keys begin with `location.key`, behind `token` if
/// there is one. Its query is sorted and encoded as signatures demand. Source: ListObjectsV2.
[[nodiscard]] std::string s3ListUrl(const S3Location &location, const S3Access &access,
                                    std::string_view token);

} // namespace freshet::transport

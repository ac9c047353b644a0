// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/transfer.h"

#include <string>
#include <vector>

namespace freshet::transfer {

/// What a kept request lacks and only the user can give again: the values of secret headers and of
/// secret parameters of the URL, which the library masks, and keys and passwords that were typed.
struct MissingSecrets
{
    std::vector<std::string> headers;    ///< by name
    std::vector<std::string> parameters; ///< names in the URL, in its order; a name may come twice
    std::vector<std::string> logins;     ///< by the origin that they are for
    std::vector<TypedSecret> typed;

    [[nodiscard]] bool isEmpty() const
    {
        return headers.empty() && parameters.empty() && logins.empty() && typed.empty();
    }
};

[[nodiscard]] MissingSecrets missingSecrets(const DownloadRequest &request);

/// The secrets of a request that was made in this run of the program and still has them.
[[nodiscard]] RequestSecrets secretsOf(const DownloadRequest &request);

/// `maskedUrl` with its masked values replaced by `values`, in order. They are taken as they stood
/// in a URL; characters that would end the value there are escaped.
[[nodiscard]] std::string withParameters(const std::string &maskedUrl,
                                         const std::vector<std::string> &values);

} // namespace freshet::transfer

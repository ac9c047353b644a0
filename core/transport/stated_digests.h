// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/stated_digest.h"
#include "transport/transport.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// What was stated beforehand (`ResponseHead::stated`), then what an answer's headers state of the
/// encoded bytes of the whole representation: Repr-Digest,
/// Digest, x-goog-hash, x-amz-checksum-…, the ETag of an S3 object that was sent as one part, and
/// of a whole answer Content-Digest and Content-MD5.
///
/// Unknown algorithms and values of the wrong length are passed over. Google's hashes count only
/// if the object is sent with the coding it is stored in. The ETag of an S3 object that was
/// uploaded in one part and is not encrypted with a key of its own is its MD5. Source: RFC 9530,
/// RFC 3230, RFC 1864, the documentation of Google Cloud Storage and Amazon S3.
[[nodiscard]] std::vector<StatedDigest> statedDigests(const ResponseHead &head);

/// What a checksum file states of `fileName`: MD5, SHA-1, SHA-256 or SHA-512, told by the count of
/// its digits. Forms as below; `from` is who the digest is from. Errors: SyntaxError if it states
/// none for the file.
[[nodiscard]] Result<StatedDigest> digestFromText(std::string_view text, std::string_view fileName,
                                                  std::string from);

/// The SHA-256 of `fileName` in the text of a checksum file: `HEX`, lines of `HEX  NAME` or
/// `HEX *NAME`, or `SHA256 (NAME) = HEX`. Output: 32 bytes.
/// Errors: SyntaxError if it states none for the file.
[[nodiscard]] Result<std::string> sha256FromText(std::string_view text, std::string_view fileName);

/// `what` ("the body", "the file") has the digest `actual`, which is not the one that is stated: a
/// CodingCorrupt that `isNotAsStated` tells from a coding that is damaged.
[[nodiscard]] Error notAsStated(const StatedDigest &stated, std::string_view what,
                                std::string_view actual);
/// The same for a file that came whole, about which `sentence` says why it is another.
[[nodiscard]] Error notAsStated(std::string sentence);
[[nodiscard]] bool isNotAsStated(const Error &error);

} // namespace freshet::transport

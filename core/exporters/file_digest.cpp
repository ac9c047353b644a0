// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/file_digest.h"

#include <algorithm>
#include <vector>

namespace freshet::exporters {

Status digestFile(const File &file, Digest &digest, const CancelToken &cancel,
                  const std::function<void(ByteCount)> &progress)
{
    constexpr ByteCount kBlock = 1_MiB;
    const auto size = file.size();
    if (!size)
        return fail(size.error());
    std::vector<char> block(kBlock.asSize());
    for (ByteCount done; done < *size;) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const ByteCount step = std::min(kBlock, *size - done);
        FRESHET_TRY(file.readAt(ByteOffset() + done, {block.data(), step.asSize()}));
        digest.append({block.data(), step.asSize()});
        done += step;
        if (progress)
            progress(done);
    }
    return {};
}

} // namespace freshet::exporters

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/file_check.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/grouped_digits.h"
#include "exporters/file_digest.h"
#include "exporters/row_counter.h"

namespace freshet::exporters {

namespace {

std::string bytesText(ByteCount bytes)
{
    return groupedDigits(bytes.value()) + " bytes";
}

void compare(FileCheck &check, bool isSame, const std::string &same, const std::string &different)
{
    (isSame ? check.agreements : check.differences).push_back(isSame ? same : different);
}

void compareRows(FileCheck &check, const Result<RowCount> &rows)
{
    if (!rows) {
        check.differences.push_back("it cannot be read as " + check.manifest.format + ": " +
                                    rows.error().toString());
        return;
    }
    check.rows = *rows;
    const std::string counted = groupedDigits(rows->value()) + " rows counted";
    compare(check, check.manifest.rows == *rows, counted + " = rows of the manifest",
            counted + " ≠ " + groupedDigits(check.manifest.rows.value_or(RowCount()).value()) +
                " of the manifest");
}

} // namespace

Result<FileCheck> checkFile(const std::filesystem::path &path, const CancelToken &cancel,
                            const std::function<void(ByteCount, ByteCount)> &progress)
{
    const auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(file.error());
    auto manifest = readManifest(path);
    if (!manifest)
        return fail(std::move(manifest).error());
    const auto size = file->size();
    auto digest = Digest::create(DigestKind::Sha256);
    if (!size || !digest)
        return fail(size ? digest.error() : size.error());

    FileCheck check{.manifest = *std::move(manifest), .bytes = *size};
    FRESHET_TRY(digestFile(*file, *digest, cancel, [&](ByteCount done) {
        if (progress)
            progress(done, *size);
    }));
    check.sha256 = hexText(digest->value());
    compare(check, check.bytes == check.manifest.bytes,
            bytesText(check.bytes) + " = size of the manifest",
            bytesText(check.bytes) + " ≠ " + bytesText(check.manifest.bytes) + " of the manifest");
    compare(check, check.sha256 == check.manifest.sha256,
            "SHA-256 " + check.sha256 + " = that of the manifest",
            "SHA-256 " + check.sha256 + " ≠ " + check.manifest.sha256 + " of the manifest");
    if (check.manifest.rows) {
        auto rows = countRows(path, check.manifest, cancel);
        if (!rows && rows.error().code == ErrorCode::Cancelled)
            return fail(std::move(rows).error());
        compareRows(check, rows);
    }
    return check;
}

} // namespace freshet::exporters

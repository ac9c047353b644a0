// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/recipe.h"

#include "base/file.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <system_error>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr auto kVersionKey = "freshetRecipe"_L1;
constexpr int kVersion = 1;
constexpr ByteCount kLargest = 16_MiB;

} // namespace

Status Recipe::save(const std::filesystem::path &path) const
{
    const auto kept = QJsonDocument::fromJson(QByteArray::fromStdString(request.toJson()));
    const QJsonObject object{
        {kVersionKey, kVersion},
        {"name"_L1, QString::fromStdString(name)},
        {"request"_L1, kept.object()},
    };
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->write(QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString()));
    return file->commit();
}

Result<Recipe> Recipe::load(const std::filesystem::path &path)
{
    const auto text = readFile(path, kLargest);
    if (!text)
        return fail(text.error());
    QJsonParseError problem;
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromStdString(*text), &problem).object();
    if (problem.error != QJsonParseError::NoError)
        return fail(Error{.code = ErrorCode::SyntaxError,
                          .detail = path.string() + ": " + problem.errorString().toStdString(),
                          .byteOffset = ByteOffset(problem.offset)});
    if (object[kVersionKey].toInt() != kVersion)
        return fail(ErrorCode::InvalidArgument,
                    path.string() + ": not a recipe of this version of Freshet");
    const QJsonDocument kept(object["request"_L1].toObject());
    auto request = DownloadRequest::fromJson(kept.toJson(QJsonDocument::Compact).toStdString());
    if (!request)
        return fail(std::move(request).error());
    if (request->bytes.url.empty())
        return fail(ErrorCode::InvalidArgument, path.string() + ": the recipe has no URL");
    return Recipe{object["name"_L1].toString().toStdString(), std::move(*request)};
}

std::filesystem::path recipeFolder(const std::filesystem::path &library)
{
    return library / "recipes";
}

Result<std::vector<std::filesystem::path>> recipesIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> recipes;
    std::error_code problem;
    if (!std::filesystem::exists(folder, problem) && !problem)
        return recipes;
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (entry->path().string().ends_with(Recipe::kSuffix))
            recipes.push_back(entry->path());
    }
    if (problem)
        return fail(systemError(problem.value(), folder.string()));
    std::ranges::sort(recipes);
    return recipes;
}

std::filesystem::path recipeFile(const std::filesystem::path &folder, std::string_view name)
{
    constexpr std::string_view kForbidden = "/\\:*?\"<>|";
    std::string safe(name);
    for (char &c : safe) {
        if (kForbidden.find(c) != std::string_view::npos || static_cast<unsigned char>(c) < 0x20)
            c = '-';
    }
    if (safe.empty() || safe.front() == '.')
        safe.insert(0, "recipe");
    return folder / (safe + std::string(Recipe::kSuffix));
}

} // namespace freshet::transfer

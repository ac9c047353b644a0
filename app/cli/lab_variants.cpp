// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lab_variants.h"

#include "cli/get_options.h"
#include "cli/grpc_options.h"
#include "cli/page_options.h"
#include "cli/postgres_options.h"
#include "cli/recipe_options.h"
#include "cli/recording_options.h"
#include "transport/postgres_fetch.h"
#include "transport/web_socket_transport.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace freshet::cli {

namespace {

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

struct Source
{
    std::string name; ///< empty: none was given
    std::string url;
};

/// `NAME=URL`: a name has none of the characters that come before the first = of an address.
Source sourceFrom(const std::string &operand)
{
    const auto equals = operand.find('=');
    const bool isNamed = equals != std::string::npos && equals > 0 &&
                         operand.substr(0, equals).find_first_of(":/?&#") == std::string::npos;
    return isNamed ? Source{operand.substr(0, equals), operand.substr(equals + 1)}
                   : Source{{}, operand};
}

Result<std::vector<std::int64_t>> sizesFrom(const std::string &list)
{
    std::vector<std::int64_t> sizes;
    for (const std::string &text : splitList(list)) {
        std::int64_t size = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (problem != std::errc() || end != text.data() + text.size() || size < 1)
            return usage("--pages takes numbers of rows, not \"" + text + '"');
        sizes.push_back(size);
    }
    return sizes;
}

Result<lab::VariantChoices> choicesFrom(const Arguments &arguments)
{
    lab::VariantChoices choices;
    choices.formats = splitList(arguments.value("formats").value_or(""));
    choices.encodings = splitList(arguments.value("encodings").value_or(""));
    for (const std::string &version : splitList(arguments.value("http").value_or(""))) {
        if (version != "1.1" && version != "2")
            return usage("--http takes 1.1 and 2, not \"" + version + '"');
        choices.versions.push_back(version == "2" ? transport::HttpVersion::Http2
                                                  : transport::HttpVersion::Http1);
    }
    auto sizes = sizesFrom(arguments.value("pages").value_or(""));
    if (!sizes)
        return fail(std::move(sizes).error());
    choices.pageSizes = std::move(*sizes);
    return choices;
}

/// Makes the variants one source after the other.
class VariantList
{
public:
    explicit VariantList(const Arguments &arguments) : m_arguments(arguments) {}

    [[nodiscard]] Result<std::vector<lab::Variant>> all()
    {
        FRESHET_TRY(addOperands());
        FRESHET_TRY(addCalls());
        FRESHET_TRY(addRecipes());
        lab::makeNamesUnique(m_variants);
        return std::move(m_variants);
    }

private:
    [[nodiscard]] Status addOperands()
    {
        auto choices = choicesFrom(m_arguments);
        if (!choices)
            return fail(std::move(choices).error());
        const auto base = baseRequest();
        if (!base)
            return fail(base.error());
        const auto pagesOf = m_arguments.value("pages-of");
        if (!pagesOf) {
            for (const std::string &operand : m_arguments.operands())
                FRESHET_TRY(addSource(sourceFrom(operand), *base, *choices));
            return {};
        }
        if (choices->pageSizes.empty())
            return usage("--pages-of goes with --pages");
        lab::VariantChoices pages = *choices;
        pages.formats.clear();
        choices->pageSizes.clear();
        transfer::DownloadRequest whole = *base;
        whole.pages.reset();
        for (const std::string &operand : m_arguments.operands())
            FRESHET_TRY(addSource(sourceFrom(operand), whole, *choices));
        return addSource(sourceFrom(*pagesOf), *base, pages);
    }

    /// What all operands have in common.
    [[nodiscard]] Result<transfer::DownloadRequest> baseRequest() const
    {
        transfer::DownloadRequest base;
        auto headers = headersFrom(m_arguments);
        if (!headers)
            return fail(std::move(headers).error());
        base.bytes.headers = std::move(*headers);
        base.bytes.caFile = m_arguments.value("cacert").value_or("");
        base.decode.rowsAt = m_arguments.value("rows-at").value_or("");
        if (m_arguments.has("pages"))
            base.pages.emplace();
        FRESHET_TRY(readPages(m_arguments, base.pages));
        return base;
    }

    [[nodiscard]] Status addSource(const Source &source, transfer::DownloadRequest request,
                                   const lab::VariantChoices &choices)
    {
        if (transfer::isRecordingName(source.url))
            return addRecording(source);
        request.bytes.url = source.url;
        if (transport::isWebSocketUrl(source.url))
            request.bytes.body = m_arguments.value("message").value_or("");
        if (transport::isPostgresUrl(source.url))
            FRESHET_TRY(readPostgres(m_arguments, request));
        auto variants = lab::variantsOf(request, choices);
        if (!variants)
            return fail(std::move(variants).error());
        for (lab::Variant &variant : *variants) {
            if (!source.name.empty())
                variant.name =
                    variants->size() == 1 ? source.name : source.name + ": " + variant.name;
            m_variants.push_back(std::move(variant));
        }
        return {};
    }

    [[nodiscard]] Status addRecording(const Source &source)
    {
        const auto speed = replaySpeedFrom(m_arguments);
        if (!speed)
            return fail(speed.error());
        auto recorded = transfer::RecordedDownload::load(source.url);
        if (!recorded)
            return fail(std::move(recorded).error());
        lab::Variant &variant = m_variants.emplace_back();
        variant.name = source.name.empty() ? recorded->request.name + ", recorded" : source.name;
        variant.detail = "recording of " + lab::describe(recorded->request);
        variant.request = std::move(recorded->request);
        variant.recording = source.url;
        variant.speed = *speed;
        return {};
    }

    [[nodiscard]] Status addCalls()
    {
        const auto &operands = m_arguments.values("grpc");
        if (operands.empty() != !m_arguments.has("call"))
            return usage("--grpc URL and --call SERVICE/METHOD go together");
        for (const std::string &operand : operands) {
            const Source source = sourceFrom(operand);
            lab::Variant variant;
            auto call =
                grpcCallFrom(m_arguments, source.url, m_arguments.value("data").value_or(""));
            if (!call)
                return fail(std::move(call).error());
            variant.request.bytes.url = source.url;
            variant.request.grpc = std::move(*call);
            transfer::liftUrlLogin(variant.request);
            FRESHET_TRY(transfer::prepareGrpcCall(variant.request, CancelToken()));
            variant.name = source.name;
            if (source.name.empty())
                variant.name = source.url.starts_with("grpc") ? "gRPC" : "gRPC-web";
            variant.detail = lab::describe(variant.request);
            m_variants.push_back(std::move(variant));
        }
        return {};
    }

    [[nodiscard]] Status addRecipes()
    {
        const auto headers = headersFrom(m_arguments);
        if (!headers)
            return fail(headers.error());
        for (const std::string &file : m_arguments.values("recipe")) {
            const auto recipe = transfer::Recipe::load(file);
            if (!recipe)
                return fail(recipe.error());
            lab::Variant variant = lab::variantOf(*recipe);
            std::ranges::copy(*headers, std::back_inserter(variant.request.bytes.headers));
            FRESHET_TRY(checkSecretsGiven(variant.request));
            m_variants.push_back(std::move(variant));
        }
        return {};
    }

    const Arguments &m_arguments;
    std::vector<lab::Variant> m_variants;
};

} // namespace

Result<std::vector<lab::Variant>> variantsFrom(const Arguments &arguments)
{
    return VariantList(arguments).all();
}

} // namespace freshet::cli

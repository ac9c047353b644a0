// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "simdjson_walk.h"

#include <simdjson.h>

#include <cstring>
#include <utility>

namespace freshet::bench {

namespace {

using namespace simdjson;

/// Adds something of every value to a sum, so that none can be left out.
template <WalkDepth depth>
class Walker
{
public:
    std::uint64_t checksum = 0;

    bool object(ondemand::object object)
    {
        for (auto member : object) {
            ondemand::raw_json_string key;
            ondemand::value inner;
            if (member.key().get(key) != SUCCESS || member.value().get(inner) != SUCCESS ||
                !value(inner))
                return false;
            checksum += static_cast<unsigned char>(*key.raw());
        }
        return true;
    }

private:
    bool array(ondemand::array array)
    {
        for (auto element : array) {
            ondemand::value inner;
            if (element.get(inner) != SUCCESS || !value(inner))
                return false;
        }
        return true;
    }

    bool value(ondemand::value value)
    {
        ondemand::json_type type;
        if (value.type().get(type) != SUCCESS)
            return false;
        if (type == ondemand::json_type::object) {
            ondemand::object inner;
            return value.get_object().get(inner) == SUCCESS && object(inner);
        }
        if (type == ondemand::json_type::array) {
            ondemand::array inner;
            return value.get_array().get(inner) == SUCCESS && array(inner);
        }
        if constexpr (depth == WalkDepth::Tokens) {
            checksum += value.raw_json_token().size();
            return true;
        } else {
            return scalar(value, type);
        }
    }

    bool scalar(ondemand::value value, ondemand::json_type type)
    {
        if (type == ondemand::json_type::string) {
            std::string_view text;
            const bool ok = value.get_string().get(text) == SUCCESS;
            checksum += text.size();
            return ok;
        }
        if (type == ondemand::json_type::number) {
            ondemand::number number;
            if (value.get_number().get(number) != SUCCESS)
                return false;
            checksum += number.is_double() ? static_cast<std::uint64_t>(number.get_double())
                                           : number.get_uint64();
            return true;
        }
        if (type == ondemand::json_type::boolean) {
            bool truth = false;
            const bool ok = value.get_bool().get(truth) == SUCCESS;
            checksum += truth ? 1 : 0;
            return ok;
        }
        return value.is_null();
    }
};

template <WalkDepth depth>
WalkResult lines(std::string_view text)
{
    WalkResult result;
    Walker<depth> walker;
    ondemand::parser parser;
    const char *at = text.data();
    const char *const end = at + text.size();
    while (at < end) {
        const auto *lineEnd =
            static_cast<const char *>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        if (lineEnd == nullptr)
            lineEnd = end;
        const auto size = static_cast<std::size_t>(lineEnd - at);
        ondemand::document document;
        ondemand::object object;
        result.isWhole =
            result.isWhole &&
            parser.iterate(at, size, size + SIMDJSON_PADDING).get(document) == SUCCESS &&
            document.get_object().get(object) == SUCCESS && walker.object(object);
        ++result.documents;
        at = lineEnd + 1;
    }
    result.checksum = walker.checksum;
    return result;
}

template <WalkDepth depth>
WalkResult many(std::string_view text)
{
    WalkResult result;
    Walker<depth> walker;
    ondemand::parser parser;
    ondemand::document_stream stream;
    if (parser.iterate_many(text.data(), text.size(), 1 << 20).get(stream) != SUCCESS) {
        result.isWhole = false;
        return result;
    }
    for (auto &&document : stream) {
        ondemand::document_reference reference;
        ondemand::object object;
        result.isWhole = result.isWhole && std::move(document).get(reference) == SUCCESS &&
                         reference.get_object().get(object) == SUCCESS && walker.object(object);
        ++result.documents;
    }
    result.checksum = walker.checksum;
    return result;
}

} // namespace

WalkResult walkLines(std::string_view text, WalkDepth depth)
{
    return depth == WalkDepth::Values ? lines<WalkDepth::Values>(text)
                                      : lines<WalkDepth::Tokens>(text);
}

WalkResult walkMany(std::string_view text, WalkDepth depth)
{
    return depth == WalkDepth::Values ? many<WalkDepth::Values>(text)
                                      : many<WalkDepth::Tokens>(text);
}

std::string simdjsonImplementation()
{
#define FRESHET_TEXT_OF(name) #name
#define FRESHET_NAME_OF(name) FRESHET_TEXT_OF(name)
    return std::string(get_active_implementation()->name()) + ", " +
           FRESHET_NAME_OF(SIMDJSON_BUILTIN_IMPLEMENTATION);
}

} // namespace freshet::bench

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/single_run.h"
#include "support/fault_server.h"
#include "support/raw_server.h"

#include <QTemporaryDir>
#include <QtGlobal>

#include <chrono>
#include <memory>
#include <string>

namespace freshet::test {

/// Row `number` of a table as NDJSON, about 200 bytes, or more with more noise.
[[nodiscard]] inline std::string rowText(int number, int noiseWords = 14)
{
    std::string noise; // compresses as real rows do, and not to nothing
    std::uint64_t state = static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15U + 1;
    for (int i = 0; i < noiseWords; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        noise += std::to_string(state >> 24);
    }
    return "{\"id\":" + std::to_string(number) + ",\"noise\":\"" + noise + "\"}\n";
}

[[nodiscard]] inline std::string rowsText(int first, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += rowText(first + i);
    return text;
}

[[nodiscard]] inline std::string ndjsonHead(std::string_view more = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n" + std::string(kChunked) +
           std::string(more) + "\r\n";
}

/// A library, and runs with it.
class RunBench
{
public:
    RunBench()
    {
        auto library = store::Library::open(m_folder.path().toStdString());
        if (!library)
            qFatal("%s", library.error().toString().c_str());
        m_environment.library = *library;
        m_environment.onRun = [](auto, auto) {
        };
    }

    [[nodiscard]] lab::RunEnvironment &environment() { return m_environment; }
    [[nodiscard]] lab::RunRecord run(const std::string &url,
                                     const std::string &acceptEncoding = "identity",
                                     transport::HttpVersion version = transport::HttpVersion::Auto)
    {
        lab::Variant variant{.name = "one"};
        variant.request.bytes.url = url;
        variant.request.bytes.acceptEncoding = acceptEncoding;
        variant.request.bytes.version = version;
        return run(variant);
    }
    [[nodiscard]] lab::RunRecord run(const lab::Variant &variant)
    {
        auto record = lab::makeRun(variant, m_environment, CancelToken());
        if (!record)
            qFatal("%s", record.error().toString().c_str());
        return std::move(*record);
    }

private:
    QTemporaryDir m_folder;
    lab::RunEnvironment m_environment;
};

/// What a health says, for the message of a test that fails.
[[nodiscard]] inline QByteArray told(const lab::StreamHealth &health)
{
    std::string text(lab::streamKindName(health.kind));
    for (const auto &finding : health.findings) {
        text += "; " + finding.sentence;
        for (const auto &evidence : finding.evidence)
            text += " | " + evidence;
    }
    return QByteArray::fromStdString(text);
}

} // namespace freshet::test

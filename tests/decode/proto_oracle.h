// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace freshet::test {

/// What libprotobuf's own reflection makes of messages, to compare with.
class ProtoOracle
{
public:
    /// A cell as it is expected; how it is compared depends on the sort.
    struct Cell
    {
        enum class Sort { Null, Text, Json, Float, Double, Unknown } sort = Sort::Null;
        std::string text;
        double number = 0;
    };

    ProtoOracle(const std::string &descriptorSet, const std::string &type);
    ~ProtoOracle();

    /// The bytes of a message with random fields.
    [[nodiscard]] std::string randomMessage(unsigned seed) const;
    /// The bytes of a message given in protobuf's text format; empty if it is not valid.
    [[nodiscard]] std::string fromText(const std::string &text) const;
    /// The columns of a message, by dotted name.
    [[nodiscard]] std::map<std::string, Cell> cells(const std::string &bytes) const;
    /// The whole message as JSON with the names of the schema.
    [[nodiscard]] std::string json(const std::string &bytes) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::test

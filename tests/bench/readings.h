// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/user_stream.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <string>

namespace freshet::bench {

/// A row of numbers, a function of its index: bench.Reading of readings.proto.
struct Reading
{
    explicit Reading(std::int64_t index)
        : id(index + 1),
          at(1'700'000'000'000 + index * 137),
          celsius(static_cast<double>(index * 7919 % 6000) / 100 - 20),
          pascal(95'000 + static_cast<double>(index * 104'729 % 1'000'000) / 100),
          humidity(static_cast<double>(index * 31 % 1000) / 1000),
          station(static_cast<std::uint32_t>(index % 500)),
          isGood(index % 17 != 0),
          drift(static_cast<std::int32_t>(index % 41) - 20),
          serial(static_cast<std::uint64_t>(index) * 1'000'003)
    {}

    void appendJson(std::string &out) const
    {
        const auto number = [&out](const char *name, const auto &value) {
            out += name;
            out += std::to_string(value);
        };
        const auto decimal = [&out](const char *name, double value) {
            char text[32];
            out.append(name).append(text, std::to_chars(text, text + sizeof text, value).ptr);
        };
        number("{\"id\":", id);
        number(",\"at\":", at);
        decimal(",\"celsius\":", celsius);
        decimal(",\"pascal\":", pascal);
        decimal(",\"humidity\":", humidity);
        number(",\"station\":", station);
        out += isGood ? ",\"good\":true" : ",\"good\":false";
        number(",\"drift\":", drift);
        number(",\"serial\":", serial);
        out += "}\n";
    }

    void appendProto(std::string &out) const
    {
        const auto varint = [&out](unsigned field, std::uint64_t value) {
            if (value == 0)
                return; // as proto3 has it
            demo::appendProtoVarint(out, field << 3);
            demo::appendProtoVarint(out, value);
        };
        const auto fixed = [&out](unsigned field, std::uint64_t bits) {
            if (bits == 0)
                return;
            demo::appendProtoVarint(out, field << 3 | 1U);
            for (int shift = 0; shift < 64; shift += 8)
                out += static_cast<char>(bits >> shift & 0xFF);
        };
        varint(1, static_cast<std::uint64_t>(id));
        varint(2, static_cast<std::uint64_t>(at));
        fixed(3, std::bit_cast<std::uint64_t>(celsius));
        fixed(4, std::bit_cast<std::uint64_t>(pascal));
        fixed(5, std::bit_cast<std::uint64_t>(humidity));
        varint(6, station);
        varint(7, isGood ? 1 : 0);
        varint(8, static_cast<std::uint32_t>(drift << 1 ^ drift >> 31));
        fixed(9, serial);
    }

    std::int64_t id;
    std::int64_t at; ///< milliseconds
    double celsius;
    double pascal;
    double humidity;
    std::uint32_t station;
    bool isGood;
    std::int32_t drift;
    std::uint64_t serial;
};

} // namespace freshet::bench

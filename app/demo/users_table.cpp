// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/users_table.h"

#include "demo/binary_writer.h"

#include "demo/user_stream.h"

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

namespace freshet::demo {

namespace {

using namespace std::string_view_literals;

constexpr std::array kFirstNames = {
    "Alice"sv, "Bob"sv,  "Charlie"sv, "Dana"sv,  "Eve"sv,    "Frank"sv, "Grace"sv, "Heidi"sv,
    "Ivan"sv,  "Judy"sv, "Zoë"sv,     "Søren"sv, "Łukasz"sv, "Mei"sv,   "Noor"sv,  "Olga"sv};
constexpr std::array kLastNames = {"Aliceson"sv, "Bobson"sv,   "Danason"sv,  "Eveson"sv,
                                   "Frankson"sv, "Graceson"sv, "Heidison"sv, "Ivanson"sv,
                                   "Judyson"sv,  "Müller"sv,   "O'Neill"sv,  "García"sv,
                                   "Nguyễn"sv,   "Smith"sv,    "Kowalska"sv, "Sato"sv};
constexpr std::array kCountries = {"DE"sv, "FR"sv, "US"sv, "GB"sv, "PL"sv, "JP"sv, "BR"sv, "IN"sv};
constexpr std::array kStreets = {"Oak Avenue"sv,     "Mill Lane"sv,         "Hauptstraße"sv,
                                 "Rue de la Paix"sv, "Station Road"sv,      "High Street"sv,
                                 "Lindenallee"sv,    "Calle Mayor, 2.º B"sv};
constexpr std::array kCities = {"Dresden"sv, "Lyon"sv,   "Portland"sv, "Leeds"sv,
                                "Kraków"sv,  "Nagoya"sv, "Recife"sv,   "Pune"sv};
constexpr std::array kTags = {"new"sv,     "vip"sv,   "beta"sv, "trial"sv,
                              "partner"sv, "staff"sv, "eu"sv,   "legacy"sv};
constexpr std::array kNotes = {
    "Asked for the quarterly export as one file; prefers Parquet, will take CSV."sv,
    "Said \"call me back\" twice. Time zone unclear, so write an e-mail first."sv,
    "Moved from the old plan in spring; the discount runs until the end of the year."sv,
    "First line of the address is wrong on the invoice,\nthe second line is right."sv,
    "Größenwahn und Übermut: der Kunde möchte zwölf Benutzer auf einmal anlegen."sv,
    "Path on their side is C:\\exports\\users\\today, mounted read-only for us."sv,
    "Keeps 64-bit ids in a spreadsheet; explained why the last digits turn to zero."sv,
    "Wants a weekly mail, not a daily one, and never on a public holiday, please."sv,
};
constexpr std::string_view kFiller =
    "Contract reviewed, nothing to change; next contact in the second half of the month, by phone rather than mail."sv;

constexpr std::int64_t kFirstId = 9'007'199'254'740'993; // 2^53 + 1
constexpr std::int64_t kIdStep = 71;

/// splitmix64: a good mixer that needs no state between rows.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/// Hands out small choices from one random word.
class Dice
{
public:
    explicit Dice(std::uint64_t word) : m_word(word) {}

    unsigned below(unsigned bound)
    {
        const unsigned value = static_cast<unsigned>(m_word % bound);
        m_word /= bound;
        return value;
    }
    template <typename Array>
    std::string_view pick(const Array &choices)
    {
        return choices[below(static_cast<unsigned>(choices.size()))];
    }

private:
    std::uint64_t m_word;
};

void appendNumber(std::string &out, std::int64_t value)
{
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void appendPadded(std::string &out, unsigned value, int width)
{
    std::array<char, 10> digits;
    for (int i = width; i-- > 0; value /= 10)
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), static_cast<std::size_t>(width));
}

/// The pools hold nothing but printable text, quotes, backslashes and line feeds.
void appendJsonText(std::string &out, std::string_view text)
{
    for (std::size_t special; (special = text.find_first_of("\"\\\n")) != text.npos;
         text.remove_prefix(special + 1)) {
        out.append(text.substr(0, special));
        out += '\\';
        out += text[special] == '\n' ? 'n' : text[special];
    }
    out.append(text);
}

void appendCsvText(std::string &out, std::string_view text)
{
    if (text.find_first_of(",\"\n") == text.npos) {
        out.append(text);
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

} // namespace

struct UsersTable::Row
{
    std::int64_t id;
    std::int64_t number;
    std::string_view firstName, lastName, country, street, city, note;
    unsigned house, zip, balance, tagCount;
    std::array<std::string_view, 3> tags;
    bool debt, active, nickname;
    unsigned month, day, hour, minute, second;

    void appendMoney(std::string &out) const
    {
        if (debt)
            out += '-';
        appendNumber(out, balance / 100);
        out += '.';
        appendPadded(out, balance % 100, 2);
    }
    void appendTime(std::string &out) const
    {
        out += "2026-"sv;
        appendPadded(out, month, 2);
        out += '-';
        appendPadded(out, day, 2);
        out += 'T';
        appendPadded(out, hour, 2);
        out += ':';
        appendPadded(out, minute, 2);
        out += ':';
        appendPadded(out, second, 2);
        out += 'Z';
    }
    /// Since 1970.
    [[nodiscard]] std::int64_t seconds() const
    {
        const std::chrono::sys_days date =
            std::chrono::year(2026) / std::chrono::month(month) / std::chrono::day(day);
        return std::chrono::sys_seconds(date).time_since_epoch().count() + hour * 3600 +
               minute * 60 + second;
    }
    void appendEmail(std::string &out) const
    {
        out += "user"sv;
        appendNumber(out, number);
        out += "@mail"sv;
        appendNumber(out, static_cast<std::int64_t>(zip % 97));
        out += ".example.com"sv;
    }
    void appendStreet(std::string &out) const
    {
        appendNumber(out, house);
        out += ' ';
        out += street;
    }
    void appendTags(std::string &out, std::string_view quote) const
    {
        out += '[';
        for (unsigned i = 0; i < tagCount; ++i) {
            if (i != 0)
                out += ',';
            out.append(quote).append(tags[i]).append(quote);
        }
        out += ']';
    }
};

UsersTable::Row UsersTable::row(std::int64_t index) const
{
    const std::uint64_t word =
        mixed(m_seed * 0xD1B54A32D192ED03ULL + static_cast<std::uint64_t>(index));
    Dice text(word);
    Dice figures(mixed(word));
    Row row;
    row.id = kFirstId + index * kIdStep;
    row.number = index + 1;
    row.firstName = text.pick(kFirstNames);
    row.lastName = text.pick(kLastNames);
    row.country = text.pick(kCountries);
    row.street = text.pick(kStreets);
    row.city = text.pick(kCities);
    row.note = text.pick(kNotes);
    row.tagCount = text.below(4);
    for (auto &tag : row.tags)
        tag = text.pick(kTags);
    row.nickname = text.below(4) != 0;
    row.active = text.below(3) != 0;
    row.debt = text.below(50) == 0;
    row.balance = figures.below(1'000'000);
    row.zip = figures.below(100'000);
    row.house = 1 + figures.below(240);
    Dice times(mixed(word + 1));
    row.month = 1 + times.below(10);
    row.day = 1 + times.below(28);
    row.hour = times.below(24);
    row.minute = times.below(60);
    row.second = times.below(60);
    return row;
}

void UsersTable::appendJson(std::string &out, std::int64_t index) const
{
    const Row r = row(index);
    out += R"({"id":)"sv;
    appendNumber(out, r.id);
    out += R"(,"name":")"sv;
    out.append(r.firstName).append(" "sv).append(r.lastName);
    out += R"(","email":")"sv;
    r.appendEmail(out);
    out += R"(","balance":)"sv;
    r.appendMoney(out);
    out += R"(,"active":)"sv;
    out += r.active ? "true"sv : "false"sv;
    out += R"(,"created_at":")"sv;
    r.appendTime(out);
    out += R"(","country":")"sv;
    out += r.country;
    out += R"(","address":{"street":")"sv;
    r.appendStreet(out);
    out += R"(","city":")"sv;
    out += r.city;
    out += R"(","zip":")"sv;
    appendPadded(out, r.zip, 5);
    out += R"("},"tags":)"sv;
    r.appendTags(out, "\""sv);
    out += R"(,"nickname":)"sv;
    if (r.nickname)
        out.append("\""sv).append(r.firstName).append("_"sv).append(r.city).append("\""sv);
    else
        out += "null"sv;
    out += R"(,"note":")"sv;
    appendJsonText(out, r.note);
    out += ' ';
    out += kFiller;
    out += R"("})"sv;
}

std::string_view UsersTable::country(std::int64_t index) const
{
    return row(index).country;
}

std::int64_t UsersTable::indexBehind(std::int64_t id)
{
    return id < kFirstId ? 0 : (id - kFirstId) / kIdStep + 1;
}

void UsersTable::appendProto(std::string &out, std::int64_t index) const
{
    const Row r = row(index);
    const auto number = [&out](unsigned field, std::uint64_t value) {
        appendProtoVarint(out, field << 3);
        appendProtoVarint(out, value);
    };
    std::string text;
    const auto made = [&text](const auto &append) -> std::string_view {
        text.clear();
        append(text);
        return text;
    };
    number(1, static_cast<std::uint64_t>(r.id));
    appendProtoText(out, 2, made([&](std::string &name) {
                        name.append(r.firstName).append(" "sv).append(r.lastName);
                    }));
    appendProtoText(out, 3, made([&](std::string &email) { r.appendEmail(email); }));
    appendProtoText(out, 4, made([&](std::string &money) { r.appendMoney(money); }));
    if (r.active) // the default is not sent
        number(5, 1);
    appendProtoText(out, 6, made([&](std::string &time) {
                        appendProtoVarint(time, 1u << 3);
                        appendProtoVarint(time, static_cast<std::uint64_t>(r.seconds()));
                    }));
    appendProtoText(out, 7, r.country);
    std::string address;
    appendProtoText(address, 1, made([&](std::string &street) { r.appendStreet(street); }));
    appendProtoText(address, 2, r.city);
    appendProtoText(address, 3, made([&](std::string &zip) { appendPadded(zip, r.zip, 5); }));
    appendProtoText(out, 8, address);
    for (unsigned i = 0; i < r.tagCount; ++i)
        appendProtoText(out, 9, r.tags[i]);
    if (r.nickname)
        appendProtoText(out, 10, made([&](std::string &name) {
                            name.append(r.firstName).append("_"sv).append(r.city);
                        }));
    appendProtoText(out, 11, made([&](std::string &note) {
                        note.append(r.note).append(" "sv).append(kFiller);
                    }));
}

void UsersTable::appendCsvHeader(std::string &out)
{
    out += "id,name,email,balance,active,created_at,country,"
           "address.street,address.city,address.zip,tags,nickname,note\n"sv;
}

void UsersTable::appendCsv(std::string &out, std::int64_t index) const
{
    const Row r = row(index);
    appendNumber(out, r.id);
    out += ',';
    out.append(r.firstName).append(" "sv).append(r.lastName);
    out += ',';
    r.appendEmail(out);
    out += ',';
    r.appendMoney(out);
    out += r.active ? ",true,"sv : ",false,"sv;
    r.appendTime(out);
    out += ',';
    out += r.country;
    out += ',';
    std::string street;
    r.appendStreet(street);
    appendCsvText(out, street);
    out += ',';
    out += r.city;
    out += ',';
    appendPadded(out, r.zip, 5);
    out += ",\""sv;
    r.appendTags(out, "\"\""sv);
    out += "\","sv;
    if (r.nickname)
        out.append(r.firstName).append("_"sv).append(r.city);
    out += ',';
    std::string note(r.note);
    note.append(" "sv).append(kFiller);
    appendCsvText(out, note);
    out += '\n';
}

template <typename Writer>
void UsersTable::write(Writer writer, std::int64_t index) const
{
    const Row r = row(index);
    const auto made = [](auto append) {
        std::string text;
        append(text);
        return text;
    };
    writer.map(11);
    writer.text("id"sv);
    writer.integer(r.id);
    writer.text("name"sv);
    writer.text(std::string(r.firstName).append(" "sv).append(r.lastName));
    writer.text("email"sv);
    writer.text(made([&](std::string &out) { r.appendEmail(out); }));
    writer.text("balance"sv);
    writer.cents(r.debt ? -static_cast<std::int64_t>(r.balance) : r.balance);
    writer.text("active"sv);
    writer.boolean(r.active);
    writer.text("created_at"sv);
    writer.time(made([&](std::string &out) { r.appendTime(out); }));
    writer.text("country"sv);
    writer.text(r.country);
    writer.text("address"sv);
    writer.map(3);
    writer.text("street"sv);
    writer.text(made([&](std::string &out) { r.appendStreet(out); }));
    writer.text("city"sv);
    writer.text(r.city);
    writer.text("zip"sv);
    writer.text(made([&](std::string &out) { appendPadded(out, r.zip, 5); }));
    writer.text("tags"sv);
    writer.array(r.tagCount);
    for (unsigned i = 0; i < r.tagCount; ++i)
        writer.text(r.tags[i]);
    writer.text("nickname"sv);
    if (r.nickname)
        writer.text(std::string(r.firstName).append("_"sv).append(r.city));
    else
        writer.null();
    writer.text("note"sv);
    writer.text(std::string(r.note).append(" "sv).append(kFiller));
}

void UsersTable::appendMsgPack(std::string &out, std::int64_t index) const
{
    write(MsgPackWriter(out), index);
}

void UsersTable::appendCbor(std::string &out, std::int64_t index) const
{
    write(CborWriter(out), index);
}

} // namespace freshet::demo

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/csv_dialect.h"

#include "columnar/number_text.h"
#include "columnar/time_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace freshet::decode {

namespace {

constexpr std::size_t kMaxSampleRecords = 1000;
constexpr std::size_t kMaxPreamble = 20;
/// The first is the rarest in prose and in numbers, so it wins among equals.
constexpr std::array kUsual = {'\t', '|', ';', ','};

/// How well a dialect explains a sample.
struct Fit
{
    CsvDialect dialect;
    std::size_t records = 0;
    std::size_t fields = 0; ///< that most records have
    double consistency = 0; ///< the share of records that have them and are not faulty
    std::size_t quotedFields = 0;
    std::size_t faults = 0;        ///< records whose quotes do not work out
    std::size_t quotedRecords = 0; ///< records whose quotes do

    [[nodiscard]] bool divides() const { return fields >= 2; }
};

/// Calls `look` for each record of the sample that is not blank and surely whole.
template <typename Look>
void eachRecord(std::string_view sample, bool isWhole, CsvDialect dialect, const Look &look)
{
    CsvScanner scanner(dialect);
    scanner.setInput(sample.data(), sample.data() + sample.size(), true);
    std::size_t seen = 0;
    while (seen < kMaxSampleRecords && scanner.next()) {
        if (scanner.record().isBlank())
            continue;
        const bool mayBeCut = !isWhole && !scanner.record().hasLineEnd;
        if (mayBeCut && seen > 0)
            return;
        look(scanner);
        ++seen;
    }
}

Fit fitOf(std::string_view sample, bool isWhole, CsvDialect dialect)
{
    Fit fit{.dialect = dialect};
    std::map<std::size_t, std::size_t> recordsByFields;
    eachRecord(sample, isWhole, dialect, [&](const CsvScanner &scanner) {
        const CsvScanner::Record &record = scanner.record();
        ++fit.records;
        const auto quoted = std::ranges::count_if(record.fields, &CsvField::isQuoted);
        fit.quotedFields += static_cast<std::size_t>(quoted);
        const bool isFaulty = record.strayAt || record.openedAt;
        fit.faults += isFaulty ? 1 : 0;
        fit.quotedRecords += !isFaulty && quoted != 0 ? 1 : 0;
        if (!isFaulty)
            ++recordsByFields[record.fields.size()];
    });
    std::size_t most = 0;
    for (const auto &[fields, records] : recordsByFields) {
        if (records >= most) {
            most = records;
            fit.fields = fields;
        }
    }
    if (fit.records != 0)
        fit.consistency = static_cast<double>(most) / static_cast<double>(fit.records);
    return fit;
}

/// Whether `a` explains the sample better than `b`, which comes first in order of trust.
bool isBetter(const Fit &a, const Fit &b)
{
    if (a.divides() != b.divides())
        return a.divides();
    return a.consistency > b.consistency;
}

/// The best of the ways to quote, for one delimiter. Less usual ways need a reason.
Fit bestQuoting(std::string_view sample, bool isWhole, char delimiter, const DecodeOptions &options)
{
    const bool hasBackslashes = sample.find('\\') != std::string_view::npos;
    const auto withBackslashes = [&](Fit fit) {
        if (fit.faults == 0 || !hasBackslashes)
            return fit;
        CsvDialect dialect = fit.dialect;
        dialect.hasBackslash = true;
        const Fit other = fitOf(sample, isWhole, dialect);
        return isBetter(other, fit) ? other : fit;
    };
    if (options.quote != '\0')
        return withBackslashes(fitOf(sample, isWhole, {delimiter, options.quote, false}));

    Fit best = withBackslashes(fitOf(sample, isWhole, {delimiter, '"', false}));
    if (best.quotedFields == 0 && sample.find('\'') != std::string_view::npos) {
        const Fit single = withBackslashes(fitOf(sample, isWhole, {delimiter, '\'', false}));
        if (single.quotedFields != 0 && single.faults == 0 && !isBetter(best, single))
            best = single;
    }
    if (best.faults > 1 && best.faults > best.quotedRecords) {
        const Fit none = fitOf(sample, isWhole, {delimiter, '\0', false});
        if (none.divides() && isBetter(none, best))
            best = none;
    }
    return best;
}

Fit bestFit(std::string_view sample, bool isWhole, const DecodeOptions &options)
{
    const char given = options.delimiter != '\0'       ? options.delimiter
                       : options.format == Format::Tsv ? '\t'
                                                       : '\0';
    if (given != '\0')
        return bestQuoting(sample, isWhole, given, options);

    std::optional<Fit> best;
    for (const char delimiter : kUsual) {
        const Fit fit = bestQuoting(sample, isWhole, delimiter, options);
        const bool isOnlyRecord = best && best->records == 1 && fit.records == 1;
        if (!best || isBetter(fit, *best) || (isOnlyRecord && fit.fields > best->fields))
            best = fit;
    }
    if (best->divides())
        return *best;
    const Fit colons = bestQuoting(sample, isWhole, ':', options);
    if (colons.divides() && colons.consistency == 1 && colons.records > 1)
        return colons;
    return bestQuoting(sample, isWhole, ',', options);
}

/// A sample's records as text, the first 100 or so.
using TextRecords = std::vector<std::vector<std::string>>;

TextRecords textRecords(std::string_view sample, bool isWhole, CsvDialect dialect)
{
    constexpr std::size_t kMostRecords = 100;
    TextRecords records;
    eachRecord(sample, isWhole, dialect, [&](const CsvScanner &scanner) {
        if (records.size() == kMostRecords)
            return;
        std::string scratch;
        std::vector<std::string> &texts = records.emplace_back();
        for (const CsvField &field : scanner.record().fields)
            texts.emplace_back(scanner.textOf(field, scratch));
    });
    return records;
}

/// Whether a text is a value rather than a name: a boolean, or digits without a letter, which
/// covers numbers in any country's spelling, dates and times.
bool isTyped(const std::string &text)
{
    const auto isDigit = [](char c) {
        return c >= '0' && c <= '9';
    };
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    if (text == "true" || text == "false" || columnar::scanNumber(text).isValid ||
        columnar::parseTime(text).kind != columnar::TypeKind::Null)
        return true;
    return std::ranges::any_of(text, isDigit) && std::ranges::none_of(text, isLetter);
}

/// Whether the records below the first have numbers, dates or booleans in this column, and nothing
/// else.
bool isTypedColumn(const TextRecords &records, std::size_t column)
{
    bool hasValue = false;
    for (std::size_t row = 1; row < records.size(); ++row) {
        if (column >= records[row].size() || records[row][column].empty())
            continue;
        if (!isTyped(records[row][column]))
            return false;
        hasValue = true;
    }
    return hasValue;
}

bool comesAgain(const TextRecords &records, std::size_t column)
{
    return std::any_of(records.begin() + 1, records.end(), [&](const auto &record) {
        return column < record.size() && record[column] == records[0][column];
    });
}

bool looksLikeHeader(const TextRecords &records)
{
    if (records.empty())
        return false;
    const std::vector<std::string> &names = records.front();
    if (std::ranges::any_of(names, isTyped))
        return false;
    if (std::ranges::all_of(names, &std::string::empty))
        return false;
    for (std::size_t column = 0; column < names.size(); ++column)
        if (!names[column].empty() && isTypedColumn(records, column))
            return true;
    const std::set<std::string> distinct(names.begin(), names.end());
    if (distinct.size() != names.size() || distinct.contains(std::string()))
        return false;
    for (std::size_t column = 0; column < names.size(); ++column)
        if (comesAgain(records, column))
            return false;
    return true;
}

/// Whether one delimiter, and no other, divides each of the sample's records into as many fields.
bool isOnlyDelimiter(const Fit &fit, std::string_view sample, const DecodeOptions &options)
{
    const auto isPlain = [](const Fit &some) {
        return some.consistency == 1 && some.faults == 0 && !some.dialect.hasBackslash;
    };
    if (!fit.divides() || !isPlain(fit))
        return false;
    if (options.delimiter != '\0' || options.format == Format::Tsv)
        return true;
    return std::ranges::all_of(kUsual, [&](char delimiter) {
        if (delimiter == fit.dialect.delimiter)
            return true;
        const Fit other = fitOf(sample, false, {delimiter, fit.dialect.quote, false});
        return !other.divides() && isPlain(other);
    });
}

/// Whether no record to come can change what the first one is taken for.
bool isHeaderSure(const TextRecords &records, const DecodeOptions &options)
{
    if (options.hasHeader || std::ranges::any_of(records.front(), isTyped))
        return true;
    for (std::size_t column = 0; column < records.front().size(); ++column)
        if (!records.front()[column].empty() && isTypedColumn(records, column))
            return true;
    return false;
}

std::string shownCharacter(char c)
{
    return c == '\t' ? std::string("tab") : std::string{'\'', c, '\''};
}

} // namespace

std::string CsvFindings::note() const
{
    std::string note = "delimiter " + shownCharacter(dialect.delimiter);
    if (dialect.quote == '\0')
        note += ", no quotes";
    else if (dialect.quote != '"')
        note += ", quote \"" + std::string(1, dialect.quote) + '"';
    if (dialect.hasBackslash)
        note += ", backslash escapes";
    note += hasHeader ? ", header found" : ", no header";
    return note;
}

CsvFindings sniffCsv(std::string_view sample, bool isWhole, const DecodeOptions &options)
{
    const Fit fit = bestFit(sample, isWhole, options);
    CsvFindings findings{.dialect = fit.dialect};
    TextRecords records = textRecords(sample, isWhole, findings.dialect);
    if (fit.divides() && fit.consistency > 0.5) {
        const auto isTable = [](const auto &record) {
            return record.size() != 1;
        };
        const auto table = std::ranges::find_if(records, isTable);
        const auto before = static_cast<std::size_t>(table - records.begin());
        if (table != records.end() && before <= kMaxPreamble && table->size() == fit.fields) {
            findings.preamble = before;
            records.erase(records.begin(), table);
        }
    }
    findings.hasHeader = options.hasHeader ? *options.hasHeader : looksLikeHeader(records);
    return findings;
}

bool isEnoughCsv(std::string_view sample, const DecodeOptions &options)
{
    constexpr std::size_t kEnough = 3;
    const Fit fit = bestFit(sample, false, options);
    const TextRecords records = textRecords(sample, false, fit.dialect);
    if (records.size() + 1 != kEnough)
        return records.size() >= kEnough;
    return isOnlyDelimiter(fit, sample, options) && isHeaderSure(records, options);
}

std::vector<std::string> uniqueColumnNames(std::vector<std::string> names)
{
    std::set<std::string> taken(names.begin(), names.end());
    std::set<std::string> used;
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string name = names[i].empty() ? "column" + std::to_string(i) : names[i];
        if (used.contains(name) || (names[i].empty() && taken.contains(name))) {
            const std::string stem = name;
            for (int number = 2; used.contains(name) || taken.contains(name); ++number)
                name = stem + '_' + std::to_string(number);
        }
        used.insert(name);
        names[i] = std::move(name);
    }
    return names;
}

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/binary_boundary.h"
#include "decode/binary_row.h"
#include "decode/windowed_decoder.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace freshet::decode {

/// MessagePack or CBOR, decoded while it arrives: a row is in the builder as soon as its last byte
/// is here.
///
/// Shape: items one after another. An array holds rows, one an element; any other item is a row
/// (see `BinaryRow`), but for one envelope: a map that is all there is, or that has not ended after
/// `kSearchBytes`, has its rows in the first of its members that is an array of maps, one with a
/// usual name (`rows_rules.h`) going first. Of the members beside it those that came before, and
/// those behind, are kept. A CBOR sequence by its content type has no envelope.
///
/// An item that breaks a rule inside goes to the RejectSink and decoding goes on; where no item can
/// be told from the next, the stream is broken: SyntaxError, NestingTooDeep, RowTooLarge with the
/// place. Truncated if the input ends inside an item, an array or an envelope.
class BinaryDecoder final : public WindowedDecoder
{
public:
    static constexpr std::int64_t kSearchBytes = 1024 * 1024;

    BinaryDecoder(const DecodeOptions &options, const BinaryReader &reader, DecodeOutputs outputs);

    [[nodiscard]] DecodeFindings findings() const override;

private:
    enum class State {
        Item,    ///< an item at the top, or the end
        Element, ///< an element of the rows, or their end
        Member,  ///< a member of the envelope behind its rows, or its end
        Over     ///< nothing
    };
    /// Items until a container ends.
    struct Awaited
    {
        std::uint64_t left = 0;
        bool isIndefinite = false;
    };
    /// An array of maps in the envelope.
    struct RowsInside
    {
        std::string key;
        std::int64_t at = 0; ///< behind the head of the array
        Awaited elements;
        Awaited members; ///< behind it
        std::vector<std::pair<std::string, std::string_view>> before;
    };
    /// Whether something was taken; false if more input is needed.
    using Moved = Result<bool>;

    [[nodiscard]] Status decode(bool atEnd) override;
    void restart() override;

    [[nodiscard]] Moved step(bool atEnd);
    [[nodiscard]] Moved takeTop(bool atEnd);
    [[nodiscard]] Moved takeFirstMap(bool atEnd);
    [[nodiscard]] Moved takeElement();
    [[nodiscard]] Moved takeMember();
    /// Whether the container ends here; a Break is stepped over. Nothing: more input is needed.
    [[nodiscard]] std::optional<bool> isAtEnd(Awaited &awaited);
    [[nodiscard]] Moved findItemEnd(int depth);
    [[nodiscard]] Status takeRow(std::int64_t after);
    /// Look for rows in the map at `m_at`, as far as it lies before `end`.
    [[nodiscard]] std::optional<RowsInside> rowsInside(const char *end) const;
    void enter(const RowsInside &rows);
    void keepMember(const std::string &key, std::string_view item);
    void endRows();
    [[nodiscard]] Error brokenAt(ErrorCode code, std::string_view reason,
                                 std::int64_t offset) const;
    /// Read the token at `at`, behind any tags.
    BinaryReader::Answer head(const char *&at, const char *end, BinaryToken &token) const;

    const DecodeOptions m_options;
    const BinaryReader &m_reader;
    BinaryRow m_row;
    BinaryBoundary m_boundary;
    State m_state = State::Item;
    bool m_isFirstItem = true;
    bool m_isPlainMap = false; ///< the first item was looked into: it has no rows inside
    Awaited m_elements;
    std::optional<Awaited> m_members; ///< of the envelope, once it is entered
    std::optional<std::string> m_key; ///< of the member whose value comes next
    std::string m_rowsAt;
    std::map<std::string, std::string> m_envelope;
    std::size_t m_envelopeBytes = 0;
    std::optional<std::int64_t> m_closedAt;
};

/// For Format::MsgPack and Format::Cbor. Errors: InvalidArgument: `rowsAt` is for text.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeBinaryDecoder(const DecodeOptions &options,
                                                                    DecodeOutputs outputs);

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/input_window.h"
#include "decode/row_decoder.h"
#include "decode/row_output.h"

#include <optional>

namespace freshet::decode {

/// What the JSON decoders have in common: the window on the input, the way out for rows, and that a
/// broken stream hands on what it held, then stays broken.
class WindowedDecoder : public RowDecoder
{
public:
    [[nodiscard]] Status feed(std::string_view bytes) final;
    [[nodiscard]] Status finish() final;
    [[nodiscard]] Status finishUnproven() final;
    [[nodiscard]] Status flush() override;
    void reset() final;
    [[nodiscard]] ByteOffset position() const final { return m_output.position(); }

protected:
    explicit WindowedDecoder(DecodeOutputs outputs) : m_output(outputs) {}

    /// Take from the window, from `m_at` on, what can be taken; `atEnd`: nothing follows, so
    /// everything must be.
    [[nodiscard]] virtual Status decode(bool atEnd) = 0;
    virtual void restart() = 0;
    /// Take whole units that lie in `bytes`, which go on at `m_at`, where they lie, and move `m_at`
    /// behind them. Called while the window holds nothing that is needed.
    [[nodiscard]] virtual Status decodeInPlace(std::string_view) { return {}; }
    /// How many bytes the window wants next, at most.
    [[nodiscard]] virtual std::size_t wantedBytes() const { return InputWindow::kSlice; }
    /// Bytes from here on must stay in the window.
    [[nodiscard]] virtual std::int64_t neededFrom() const { return m_at; }

    /// Whether the end of the stream is its transport's word only, see `finishUnproven`.
    [[nodiscard]] bool isEndUnproven() const { return m_isEndUnproven; }

    /// Step over a byte order mark at the start. Output: false if more input must tell.
    [[nodiscard]] bool passByteOrderMark(bool atEnd);

    InputWindow m_window;
    RowOutput m_output;
    /// Stream offset of the first byte not decoded yet.
    std::int64_t m_at = 0;

private:
    [[nodiscard]] Status settle(Status decoded);

    std::optional<Error> m_broken;
    bool m_isPastMark = false;
    bool m_isEndUnproven = false;
};

} // namespace freshet::decode

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/gzip_decoder.h"

#include "transport/coding_error.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace freshet::transport {

namespace {

std::string_view inflateReason(int code)
{
    switch (code) {
    case ISAL_INVALID_BLOCK:
        return "invalid block";
    case ISAL_INVALID_SYMBOL:
        return "invalid symbol";
    case ISAL_INVALID_LOOKBACK:
        return "a distance reaches before the start";
    case ISAL_INVALID_WRAPPER:
        return "no valid header";
    case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
        return "checksum or length does not match";
    case ISAL_NEED_DICT:
        return "it needs a preset dictionary";
    default:
        return "invalid data";
    }
}

/// ISA-L's inflate over input that comes in pieces.
class Inflater
{
public:
    enum class Wrapper : std::uint32_t {
        None = ISAL_DEFLATE,
        Gzip = ISAL_GZIP_NO_HDR_VER, // the header is read apart
        Zlib = ISAL_ZLIB,
    };

    explicit Inflater(std::string_view coding) : m_coding(coding), m_output(kDecodedPiece) {}

    void start(Wrapper wrapper)
    {
        isal_inflate_init(&m_state);
        m_state.crc_flag = static_cast<std::uint32_t>(wrapper);
    }
    [[nodiscard]] bool isFinished() const { return m_state.block_state == ISAL_BLOCK_FINISH; }
    [[nodiscard]] ByteOffset offset() const { return m_offset; }
    /// Whether bytes after the end of the stream were taken in with its last bits.
    [[nodiscard]] bool swallowedMore() const { return m_state.read_in_length >= 8; }

    /// Inflate from the front of `bytes` and drop from it what was used.
    [[nodiscard]] Status run(std::string_view &bytes, const ContentDecoder::Output &output)
    {
        offer(bytes);
        bool outputFilled = false;
        do {
            m_state.next_out = m_output.data();
            m_state.avail_out = static_cast<std::uint32_t>(m_output.size());
            const int code = isal_inflate(&m_state);
            const std::size_t produced = m_output.size() - m_state.avail_out;
            outputFilled = m_state.avail_out == 0;
            if (produced > 0)
                FRESHET_TRY(output({reinterpret_cast<const char *>(m_output.data()), produced}));
            if (code != ISAL_DECOMP_OK) {
                taken(bytes);
                return fail(corruptCoding(m_coding, inflateReason(code), m_offset));
            }
        } while (!isFinished() && (m_state.avail_in > 0 || outputFilled));
        taken(bytes);
        return {};
    }

    /// Read a gzip header piecewise; true once it is whole. ISA-L forgets the header's flags
    /// between its own calls, so that `header` has to live as long as the header does.
    [[nodiscard]] Result<bool> readGzipHeader(std::string_view &bytes, isal_gzip_header &header)
    {
        offer(bytes);
        const int code = isal_read_gzip_header(&m_state, &header);
        taken(bytes);
        if (code == ISAL_DECOMP_OK)
            return true;
        if (code == ISAL_END_INPUT)
            return false;
        return fail(corruptCoding(m_coding, inflateReason(code), m_offset));
    }

    void skip(std::string_view &bytes, std::size_t count)
    {
        bytes.remove_prefix(count);
        m_offset += ByteCount(static_cast<std::int64_t>(count));
    }

private:
    void offer(std::string_view bytes)
    {
        const std::size_t most = std::numeric_limits<std::uint32_t>::max();
        // ISA-L's input pointer is not const, but it only reads through it.
        m_state.next_in =
            const_cast<std::uint8_t *>(reinterpret_cast<const std::uint8_t *>(bytes.data()));
        m_state.avail_in = static_cast<std::uint32_t>(std::min(bytes.size(), most));
        m_offered = m_state.avail_in;
    }
    void taken(std::string_view &bytes) { skip(bytes, m_offered - m_state.avail_in); }

    std::string_view m_coding;
    inflate_state m_state{};
    std::vector<std::uint8_t> m_output;
    std::uint32_t m_offered = 0;
    ByteOffset m_offset;
};

class GzipDecoder final : public ContentDecoder
{
public:
    Status feed(std::string_view bytes, const Output &output) override
    {
        while (!bytes.empty()) {
            switch (m_state) {
            case State::BeforeMember:
                if (m_hasMember && bytes.front() == '\0') {
                    m_state = State::Padding;
                    break;
                }
                m_inflater.start(Inflater::Wrapper::Gzip);
                isal_gzip_header_init(&m_header);
                m_magicSeen = 0;
                m_state = State::Header;
                break;
            case State::Header:
                FRESHET_TRY(readHeader(bytes));
                break;
            case State::Body:
                FRESHET_TRY(m_inflater.run(bytes, output));
                if (m_inflater.isFinished()) {
                    m_hasMember = true;
                    m_state = State::BeforeMember;
                }
                break;
            case State::Padding:
                FRESHET_TRY(skipPadding(bytes));
                break;
            }
        }
        return {};
    }

    Status finish(const Output &) override
    {
        const bool isWhole =
            m_hasMember && (m_state == State::BeforeMember || m_state == State::Padding);
        return isWhole ? Status() : fail(truncatedCoding("gzip", m_inflater.offset()));
    }

private:
    enum class State { BeforeMember, Header, Body, Padding };

    Status readHeader(std::string_view &bytes)
    {
        // ISA-L looks at nothing before it has ten bytes; a few bytes of rubbish must not pass for
        // a member that was cut.
        constexpr std::string_view kMagic = "\x1f\x8b\x08";
        for (std::size_t i = 0; i < bytes.size() && m_magicSeen < kMagic.size(); ++i) {
            if (bytes[i] != kMagic[m_magicSeen++])
                return fail(corruptCoding(
                    "gzip", m_hasMember ? "bytes after the last member" : "no gzip header",
                    m_inflater.offset()));
        }
        const auto isWhole = m_inflater.readGzipHeader(bytes, m_header);
        if (!isWhole)
            return fail(isWhole.error());
        if (*isWhole)
            m_state = State::Body;
        return {};
    }

    Status skipPadding(std::string_view &bytes)
    {
        const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
        m_inflater.skip(bytes, zeros);
        if (!bytes.empty())
            return fail(corruptCoding("gzip", "bytes after the last member", m_inflater.offset()));
        return {};
    }

    Inflater m_inflater{"gzip"};
    isal_gzip_header m_header{};
    State m_state = State::BeforeMember;
    std::size_t m_magicSeen = 0;
    bool m_hasMember = false;
};

class DeflateDecoder final : public ContentDecoder
{
public:
    Status feed(std::string_view bytes, const Output &output) override
    {
        while (m_start.size() < 2 && !bytes.empty()) {
            m_start += bytes.front();
            bytes.remove_prefix(1);
            if (m_start.size() == 2) {
                m_inflater.start(hasZlibHeader(m_start) ? Inflater::Wrapper::Zlib
                                                        : Inflater::Wrapper::None);
                std::string_view start = m_start;
                FRESHET_TRY(run(start, output));
            }
        }
        return run(bytes, output);
    }

    Status finish(const Output &) override
    {
        const bool isWhole = m_start.size() == 2 && m_inflater.isFinished();
        return isWhole ? Status() : fail(truncatedCoding("deflate", m_inflater.offset()));
    }

private:
    static bool hasZlibHeader(std::string_view start)
    {
        const unsigned cmf = static_cast<unsigned char>(start[0]);
        const unsigned flg = static_cast<unsigned char>(start[1]);
        // Bare deflate cannot look like this unless its encoder sets the padding bits of a stored
        // block, which none does.
        return (cmf & 0x0F) == 8 && (cmf >> 4) <= 7 && (cmf * 256 + flg) % 31 == 0;
    }

    Status run(std::string_view bytes, const Output &output)
    {
        if (bytes.empty())
            return {};
        if (!m_inflater.isFinished())
            FRESHET_TRY(m_inflater.run(bytes, output));
        if (m_inflater.isFinished() && (!bytes.empty() || m_inflater.swallowedMore()))
            return fail(corruptCoding("deflate", "bytes after the end", m_inflater.offset()));
        return {};
    }

    Inflater m_inflater{"deflate"};
    std::string m_start;
};

} // namespace

std::unique_ptr<ContentDecoder> makeGzipDecoder()
{
    return std::make_unique<GzipDecoder>();
}

std::unique_ptr<ContentDecoder> makeDeflateDecoder()
{
    return std::make_unique<DeflateDecoder>();
}

} // namespace freshet::transport

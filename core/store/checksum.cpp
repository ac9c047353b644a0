// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace freshet::store {

struct Checksum::State
{
    XXH3_state_t xxh;
};

Checksum::Checksum() : m_state(std::make_unique<State>())
{
    XXH3_64bits_reset(&m_state->xxh);
}

Checksum::~Checksum() = default;

void Checksum::append(std::string_view bytes)
{
    XXH3_64bits_update(&m_state->xxh, bytes.data(), bytes.size());
}

std::uint64_t Checksum::value() const
{
    return XXH3_64bits_digest(&m_state->xxh);
}

} // namespace freshet::store

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset.h"

#include "store/dataset_impl.h"

namespace freshet::store {

void Dataset::Impl::publish(DatasetState next, bool grew)
{
    std::shared_ptr<const DatasetState> replaced =
        std::make_shared<const DatasetState>(std::move(next));
    {
        const std::lock_guard lock(mutex);
        state.swap(replaced);
    }
    // The earlier state is destroyed here, without the lock, if nobody else holds it.
    if (grew)
        generation.fetch_add(1, std::memory_order_release);
}

void Dataset::Impl::publishLoaded(DatasetState next, std::int64_t ofRevision)
{
    std::shared_ptr<const DatasetState> replaced =
        std::make_shared<const DatasetState>(std::move(next));
    {
        const std::lock_guard lock(mutex);
        if (isWritten)
            return;
        state.swap(replaced);
        revision = ofRevision;
    }
    generation.fetch_add(1, std::memory_order_release);
}

void Dataset::Impl::setWritten(bool written)
{
    const std::lock_guard lock(mutex);
    isWritten = written;
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Dataset::~Dataset() = default;

const std::string &Dataset::id() const
{
    return m_impl->id;
}

DatasetSnapshot Dataset::snapshot() const
{
    const std::lock_guard lock(m_impl->mutex);
    return DatasetSnapshot(m_impl->state);
}

std::uint64_t Dataset::generation() const
{
    return m_impl->generation.load(std::memory_order_acquire);
}

} // namespace freshet::store

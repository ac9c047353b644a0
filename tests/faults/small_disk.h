// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

#include <string>
#include <sys/mount.h>

namespace freshet::test {

/// A file system of its own in memory, as small as it is told to be. Needs root.
class SmallDisk
{
public:
    explicit SmallDisk(const QString &place) : m_place(place.toStdString())
    {
        QDir().mkpath(place);
        m_isMounted = ::mount("freshet-test", m_place.c_str(), "tmpfs", 0, "size=1536k") == 0;
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            ::umount2(m_place.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    [[nodiscard]] bool isMounted() const { return m_isMounted; }
    [[nodiscard]] bool remount(unsigned long flags, const char *options) const
    {
        return ::mount("freshet-test", m_place.c_str(), "tmpfs", MS_REMOUNT | flags, options) == 0;
    }

private:
    std::string m_place;
    bool m_isMounted;
};

} // namespace freshet::test

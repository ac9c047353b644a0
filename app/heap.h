// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>

namespace freshet::app {

/// Keep the heap of a program flat that fills and drops large buffers on several threads for hours.
///
/// Left alone, glibc raises its threshold for mapped blocks to the size of the largest buffer that
/// was freed and keeps an arena per thread; the buffers of a download then leave holes everywhere.
/// To be called before the first thread starts.
inline void keepHeapFlat()
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

} // namespace freshet::app

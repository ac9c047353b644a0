// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/advice_sheet.h"

namespace freshet::lab {

/// Say of each coding whether it pays on this link, and whose compressor holds rows back.
void adviseCompression(const AdviceFacts &facts, AdviceSheet &sheet);

} // namespace freshet::lab

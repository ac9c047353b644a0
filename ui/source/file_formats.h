// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

class QComboBox;

namespace freshet::ui {

/// Fill `box` with the formats that files can have, `found by itself` first; the data of each is
/// its `decode::Format`.
void addFileFormats(QComboBox *box);
/// Whether a file can be of this format.
[[nodiscard]] bool isFileFormat(decode::Format format);

} // namespace freshet::ui

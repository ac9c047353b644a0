// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/svg_writer.h"

#include <string>
#include <vector>

namespace freshet::lab {

/// Tick marks for an axis from 0 to `most`: up to six, at 1, 2 or 5 times a power of ten.
[[nodiscard]] std::vector<double> ticksFor(double most);

/// The part of a picture that shows rows against seconds, and how those become places.
struct PlotArea
{
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
    double seconds = 1; ///< at the right edge
    double rows = 1;    ///< at the upper edge

    [[nodiscard]] SvgWriter::Point at(double second, double row) const
    {
        return {left + second / seconds * width, top + height - row / rows * height};
    }
    [[nodiscard]] double right() const { return left + width; }

    /// Lines and labels of both axes.
    void drawGrid(SvgWriter &svg) const;
};

} // namespace freshet::lab

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freshet::lab {

/// `text` as it may stand in HTML and XML, in attributes too.
[[nodiscard]] std::string escapedMarkup(std::string_view text);

/// Writes one picture as SVG, element by element. Colours come from classes, so that one style
/// sheet serves light and dark.
///
/// Source: SVG 1.1. Threads: one thread at a time.
class SvgWriter
{
public:
    struct Point
    {
        double x = 0;
        double y = 0;
    };
    enum class Anchor { Start, Middle, End };

    /// `title` is what is read out in place of the picture.
    SvgWriter(double width, double height, std::string_view title);

    void line(Point from, Point to, std::string_view classes);
    void polyline(const std::vector<Point> &points, std::string_view classes,
                  std::string_view tip = {});
    void polygon(const std::vector<Point> &points, std::string_view classes);
    void rectangle(Point corner, double width, double height, std::string_view classes,
                   std::string_view tip = {});
    void text(Point at, std::string_view content, std::string_view classes,
              Anchor anchor = Anchor::Start);
    /// The whole picture.
    [[nodiscard]] std::string finish() &&;

private:
    void element(std::string_view name, const std::string &attributes, std::string_view classes,
                 std::string_view tip);

    std::string m_text;
};

} // namespace freshet::lab

// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/svg_writer.h"

#include <array>
#include <cstdio>

namespace freshet::lab {

namespace {

/// A tenth of a pixel is enough.
std::string number(double value)
{
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.1f", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string attribute(std::string_view name, double value)
{
    return ' ' + std::string(name) + "=\"" + number(value) + '"';
}

std::string pointList(const std::vector<SvgWriter::Point> &points)
{
    std::string list = " points=\"";
    for (const auto &[x, y] : points)
        list += number(x) + ',' + number(y) + ' ';
    list.back() = '"';
    return list;
}

} // namespace

std::string escapedMarkup(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

SvgWriter::SvgWriter(double width, double height, std::string_view title)
{
    m_text = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " +
             number(width) + ' ' + number(height) + "\"><title>" + escapedMarkup(title) +
             "</title>\n";
}

void SvgWriter::element(std::string_view name, const std::string &attributes,
                        std::string_view classes, std::string_view tip)
{
    m_text.append("<").append(name).append(attributes);
    m_text.append(" class=\"").append(classes).append("\"");
    if (tip.empty())
        m_text += "/>\n";
    else
        m_text.append("><title>")
            .append(escapedMarkup(tip))
            .append("</title></")
            .append(name)
            .append(">\n");
}

void SvgWriter::line(Point from, Point to, std::string_view classes)
{
    element("line",
            attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) +
                attribute("y2", to.y),
            classes, {});
}

void SvgWriter::polyline(const std::vector<Point> &points, std::string_view classes,
                         std::string_view tip)
{
    if (!points.empty())
        element("polyline", pointList(points), classes, tip);
}

void SvgWriter::polygon(const std::vector<Point> &points, std::string_view classes)
{
    if (!points.empty())
        element("polygon", pointList(points), classes, {});
}

void SvgWriter::rectangle(Point corner, double width, double height, std::string_view classes,
                          std::string_view tip)
{
    element("rect",
            attribute("x", corner.x) + attribute("y", corner.y) + attribute("width", width) +
                attribute("height", height),
            classes, tip);
}

void SvgWriter::text(Point at, std::string_view content, std::string_view classes, Anchor anchor)
{
    constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};
    m_text.append("<text").append(attribute("x", at.x)).append(attribute("y", at.y));
    m_text.append(" text-anchor=\"").append(kAnchors[static_cast<std::size_t>(anchor)]);
    m_text.append("\" class=\"").append(classes).append("\">");
    m_text.append(escapedMarkup(content)).append("</text>\n");
}

std::string SvgWriter::finish() &&
{
    return std::move(m_text) + "</svg>\n";
}

} // namespace freshet::lab

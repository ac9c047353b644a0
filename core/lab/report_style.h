// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::lab {

/// The style sheet of HTML reports: the window's colours, light and dark by the reader's system.
inline constexpr std::string_view kReportStyle = R"(
:root { color-scheme: light dark; --window: #f6f7f9; --panel: #fff; --line: #e1e5ea; --text: #1b2430;
  --dim: #5f6b7a; --accent: #1f6feb; --good: #1a7f4b; --good-bg: #e6f4ec; --warn: #a15c00;
  --warn-bg: #fdf1dd; --bad: #b3261e; --c0: #1f6feb; --c1: #c2690a; --c2: #8250df; --c3: #bf2251;
  --c4: #177545; --c5: #b0259b; --c6: #0b7a8c; --c7: #8a6a1f; --rest: #b3bcc8; --grey: #6b7787; }
@media (prefers-color-scheme: dark) { :root { --window: #14181d; --panel: #1b2026; --line: #2b323b;
  --text: #e4e9ef; --dim: #97a3b2; --accent: #6aa4ff; --good: #5cc990; --good-bg: #173325;
  --warn: #f0b458; --warn-bg: #3a2c12; --bad: #ff8a80; --c0: #6aa4ff; --c1: #f0a45a; --c2: #b48bf2;
  --c3: #f07a9a; --c4: #5cc990; --c5: #f08be0; --c6: #4fc3d9; --c7: #d6bd6a; --rest: #515b67; --grey: #9aa6b5; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 28px 32px 48px; background: var(--window); color: var(--text);
  font: 14px/1.5 Inter, "Segoe UI", system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 0 0 2px; }
.dim { color: var(--dim); font-size: 13px; } p { margin: 2px 0; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 16px 18px; margin-top: 14px; overflow-x: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 14px;
  margin-top: 14px; align-items: start; } .cards section { margin: 0; }
.cards .dim + p { margin-top: 10px; }
.decided { border-color: var(--good); background: var(--good-bg); }
.health { border-color: var(--warn); background: var(--warn-bg); }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; }
th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap; } th { font-weight: 600; color: var(--dim); font-size: 13px; }
details th:first-child, details td:first-child { position: sticky; left: 0; background: var(--panel); }
th:first-child, td:first-child, td.word, th.word { text-align: left; }
td:first-child { min-width: 150px; white-space: normal; } tr:last-child td { border-bottom: 0; }
.range { color: var(--dim); font-size: 12px; } .verified { color: var(--good); }
.ended { color: var(--dim); } .incomplete { color: var(--warn); } .worse { color: var(--warn); }
.better { color: var(--good); } ul { margin: 4px 0 0; padding-left: 18px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0; }
.legend span { display: inline-flex; align-items: center; gap: 7px; font-size: 13px; }
i.key { width: 14px; height: 4px; border-radius: 2px; display: inline-block; }
svg { width: 100%; height: auto; display: block; } svg text { font: 12px Inter, "Segoe UI", system-ui,
  sans-serif; } .label { fill: var(--dim); } .name { fill: var(--text); }
.axis { stroke: var(--dim); stroke-width: 1; } .grid { stroke: var(--line); stroke-width: 1; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .band { opacity: .14; stroke: none; }
.p-connect { fill: var(--grey); background: var(--grey); } .p-wait { fill: var(--c1); background: var(--c1); }
.p-first { fill: var(--c7); background: var(--c7); } .p-receive { fill: var(--c0); background: var(--c0); }
.p-finish { fill: var(--c2); background: var(--c2); }
.s0 { stroke: var(--c0); } .band.s0, .mark.s0 { fill: var(--c0); }
.s1 { stroke: var(--c1); } .band.s1, .mark.s1 { fill: var(--c1); }
.s2 { stroke: var(--c2); } .band.s2, .mark.s2 { fill: var(--c2); }
.s3 { stroke: var(--c3); } .band.s3, .mark.s3 { fill: var(--c3); }
.s4 { stroke: var(--c4); } .band.s4, .mark.s4 { fill: var(--c4); }
.s5 { stroke: var(--c5); } .band.s5, .mark.s5 { fill: var(--c5); }
.s6 { stroke: var(--c6); } .band.s6, .mark.s6 { fill: var(--c6); }
.s7 { stroke: var(--c7); } .band.s7, .mark.s7 { fill: var(--c7); }
.rest { stroke: var(--rest); stroke-width: 1; } .mark.rest { fill: var(--rest); }
.mark { stroke: none; } .curve:hover { stroke-width: 4; }
summary { cursor: pointer; font-weight: 600; }
@media print { body { background: #fff; padding: 0; } section { break-inside: avoid; } }
)";

} // namespace freshet::lab

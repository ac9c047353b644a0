// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::lab {

/// The style sheet of HTML reports: the window's colours, light and dark by the reader's system.
inline constexpr std::string_view kReportStyle = R"(
:root { color-scheme: light dark; --window: #f6f7f9; --panel: #fff; --line: #e1e5ea; --text: #1b2430;
  --dim: #5f6b7a; --accent: #1f6feb; --good: #1a7f4b; --good-bg: #e6f4ec; --warn: #a15c00;
  --warn-bg: #fdf1dd; --bad: #b3261e; --c0: #1f6feb; --c1: #d9730d; --c2: #8250df; --c3: #c2255c;
  --c4: #1a7f4b; --c5: #6b7787; --c6: #0c8599; --c7: #a07800; --c8: #d6336c; --c9: #4c6ef5; }
@media (prefers-color-scheme: dark) { :root { --window: #14181d; --panel: #1b2026; --line: #2b323b;
  --text: #e4e9ef; --dim: #97a3b2; --accent: #6aa4ff; --good: #5cc990; --good-bg: #173325;
  --warn: #f0b458; --warn-bg: #3a2c12; --bad: #ff8a80; --c0: #6aa4ff; --c1: #f0883e; --c2: #b392f0;
  --c3: #f06595; --c4: #5cc990; --c5: #97a3b2; --c6: #3bc9db; --c7: #e0b83c; --c8: #faa2c1;
  --c9: #91a7ff; } }
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
.many .band { opacity: .05; }
.dashed { stroke-dasharray: 7 4; } .dotted { stroke-dasharray: 1.5 4; } .dashdot { stroke-dasharray: 8 3 1.5 3; }
.p-connect { fill: var(--c5); background: var(--c5); } .p-wait { fill: var(--c1); background: var(--c1); }
.p-first { fill: var(--c7); background: var(--c7); } .p-receive { fill: var(--c0); background: var(--c0); }
.p-finish { fill: var(--c2); background: var(--c2); }
.s0 { stroke: var(--c0); } .band.s0 { fill: var(--c0); }
.s1 { stroke: var(--c1); } .band.s1 { fill: var(--c1); }
.s2 { stroke: var(--c2); } .band.s2 { fill: var(--c2); }
.s3 { stroke: var(--c3); } .band.s3 { fill: var(--c3); }
.s4 { stroke: var(--c4); } .band.s4 { fill: var(--c4); }
.s5 { stroke: var(--c5); } .band.s5 { fill: var(--c5); }
.s6 { stroke: var(--c6); } .band.s6 { fill: var(--c6); }
.s7 { stroke: var(--c7); } .band.s7 { fill: var(--c7); }
.s8 { stroke: var(--c8); } .band.s8 { fill: var(--c8); }
.s9 { stroke: var(--c9); } .band.s9 { fill: var(--c9); }
summary { cursor: pointer; font-weight: 600; }
@media print { body { background: #fff; padding: 0; } section { break-inside: avoid; } }
)";

} // namespace freshet::lab

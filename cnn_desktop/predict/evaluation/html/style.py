"""What the page of an evaluation adds to the style of all pages."""

STYLE = """
:root { --wrong: 213, 94, 0; --right: 0, 114, 178; }
@media (prefers-color-scheme: dark) { :root { --wrong: 240, 128, 48; --right: 74, 163, 255; } }
.tile small { display: block; color: var(--muted); font-size: 12px; }
.alone { margin: 20px 0 0; } .scroll { overflow-x: auto; }
.side { display: flex; flex-wrap: wrap; gap: 24px 36px; align-items: flex-start; }
.matrix th, .matrix td { padding: 0; height: 34px; min-width: 34px; text-align: center; vertical-align: middle; }
.matrix td { border: 1px solid var(--card); border-radius: 4px; }
.matrix td.zero { color: transparent; background: var(--ground); }
.matrix th { max-width: 11em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.matrix tr > th:first-child { text-align: right; padding-right: 8px; }
.matrix .across th { height: auto; vertical-align: bottom; padding-bottom: 4px; }
.matrix .across span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9em; overflow: hidden; }
.picture { width: 100%; max-width: 720px; aspect-ratio: 1; image-rendering: pixelated; background: var(--ground);
  border-radius: 6px; }
.pairs td:nth-child(n+3), .pairs th:nth-child(n+3) { text-align: right; }
.figures td, .figures th { text-align: right; } .figures th:first-child { text-align: left; color: var(--text); }
.figures td:last-child, .figures th:last-child { padding-right: 0; }
summary { cursor: pointer; color: var(--muted); margin-bottom: 8px; }
.chart { width: 306px; }
svg { width: 100%; max-width: 100%; height: auto; display: block; }
svg text { fill: var(--muted); font-size: 11px; } svg .grid { stroke: var(--border); }
svg .chance { stroke: var(--muted); stroke-dasharray: 3 4; } svg polyline { fill: none; stroke-width: 1.6; }
svg .bar { fill: rgba(var(--right), .75); } svg .gap { fill: rgba(var(--wrong), .3); }
.legend { list-style: none; padding: 0; margin: 6px 0 0; font-size: 12px; }
.legend svg { width: 26px; height: 8px; display: inline-block; margin-right: 8px; }
"""

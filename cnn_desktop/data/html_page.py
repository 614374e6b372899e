"""The pages that the program writes: in the window's colours, light or dark as the reader's system is."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #ffffff; --border: #dfe2e7; --text: #1d2127;
  --muted: #69717d; --accent: #0b6bcb; --warning: #b26a00; --ok: #00795a; }
@media (prefers-color-scheme: dark) { :root { --ground: #17191d; --card: #262a30; --border: #3a404a; --text: #e8eaed;
  --muted: #9aa1ac; --accent: #4aa3ff; --warning: #e0a33e; --ok: #3fcf9b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 48px; display: grid; gap: 16px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0; } h2 { font-size: 16px; margin: 0 0 8px; }
p { margin: 4px 0; max-width: 90ch; } ul { margin: 12px 0 0; padding-left: 20px; color: var(--muted); }
.source, .more, figcaption, .tile span, th { color: var(--muted); font-weight: normal; }
.source { overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--border); border-radius: 10px; min-width: 0;
  padding: 16px 20px; }
.warning { border-left: 4px solid var(--warning); } .note { border-left: 4px solid var(--accent); }
.well { border-left: 4px solid var(--ok); } .well h2 { margin: 0; }
.tiles { display: flex; flex-wrap: wrap; gap: 8px 40px; margin-top: 16px; }
.tile span { display: block; font-size: 12px; } .tile b { font-size: 22px; font-weight: 600; }
.groups { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 12px; align-items: flex-start; }
.groups:empty { display: none; }
.group { display: flex; flex-wrap: wrap; gap: 4px; padding: 8px; background: var(--ground); border-radius: 8px; }
figure { margin: 0; width: 108px; } figure img, .none { width: 108px; height: 108px; object-fit: contain;
  border-radius: 4px; display: block; }
.none { display: grid; place-items: center; color: var(--muted); border: 1px dashed var(--border); }
figcaption { font-size: 11px; line-height: 1.35; margin-top: 4px; overflow-wrap: anywhere; }
figcaption b { display: block; color: var(--text); font-weight: 600; }
.more { padding: 8px; font-size: 12px; }
table { border-collapse: collapse; } th, td { padding: 3px 16px 3px 0; text-align: left; vertical-align: top; }
"""


def html_page(title: str, style: str, body: str) -> str:
    """A whole page that needs nothing beside itself; `style` is added to that of all pages, `body` is HTML."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}{style}</style></head><body><main>{body}</main></body></html>\n"
    )

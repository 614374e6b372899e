"""What the page of a health report adds to the style of all pages."""

STYLE = """
.columns { display: flex; flex-wrap: wrap; gap: 20px 64px; } .columns td { text-align: right; }
.columns td:last-child { color: var(--muted); padding-right: 0; }
.balance { width: 100%; } .balance th:first-child { width: 1%; white-space: nowrap; color: var(--text); }
.balance td { position: relative; padding: 5px 16px 5px 0; }
.balance i { display: inline-block; height: 10px; min-width: 1px; max-width: calc(100% - 64px); margin-right: 8px;
  border-radius: 3px; background: var(--accent); vertical-align: baseline; }
.reasons th { color: var(--text); overflow-wrap: anywhere; min-width: 12em; } .reasons td { color: var(--muted); }
"""

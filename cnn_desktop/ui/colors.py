"""Every colour that is drawn, in light and dark."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Colors:
    """Colours as `#rrggbb`; `series` are Okabe–Ito's, in the order in which charts use them; `mark` frames what is
    chosen in a picture."""

    is_dark: bool
    ground: str
    chrome: str
    card: str
    field: str
    hover: str
    border: str
    grid: str
    track: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    ok: str
    mark: str
    series: tuple[str, ...]


LIGHT = Colors(
    is_dark=False,
    ground="#f4f5f7",
    chrome="#ffffff",
    card="#ffffff",
    field="#ffffff",
    hover="#f4f5f7",
    border="#dfe2e7",
    grid="#e6e8ec",
    track="#dfe2e7",
    text="#1d2127",
    muted="#69717d",
    accent="#0b6bcb",
    accent_hover="#0a5cae",
    accent_soft="#e4effb",
    on_accent="#ffffff",
    danger="#c0271b",
    danger_soft="#fdeceb",
    warning="#b26a00",
    warning_soft="#fdf3e1",
    ok="#00795a",
    mark="#e69f00",
    series=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"),
)

DARK = Colors(
    is_dark=True,
    ground="#17191d",
    chrome="#1f2227",
    card="#262a30",
    field="#1f2227",
    hover="#2f343b",
    border="#3a404a",
    grid="#353b44",
    track="#3c424c",
    text="#e8eaed",
    muted="#9aa1ac",
    accent="#4aa3ff",
    accent_hover="#6db5ff",
    accent_soft="#2b3442",
    on_accent="#0d1b2a",
    danger="#ff8a80",
    danger_soft="#3f2a2c",
    warning="#e0a33e",
    warning_soft="#3a3325",
    ok="#3fcf9b",
    mark="#e69f00",
    series=("#56b4e9", "#e69f00", "#2fc999", "#cc79a7", "#f0e442", "#0072b2"),
)


def contrasting(colors: Colors) -> Colors:
    """The same look for a projector in a bright room: text against its ground by 15 to 1 and more, clear edges."""
    if colors.is_dark:
        ground = {"ground": "#000000", "chrome": "#000000", "card": "#101215", "field": "#000000"}
        lines = {"border": "#7c8694", "grid": "#4b535f", "track": "#59616d"}
        return replace(colors, **ground, **lines, text="#ffffff", muted="#d3d9e1", accent="#7cc0ff")
    ground = {"ground": "#ffffff", "chrome": "#ffffff", "card": "#ffffff", "field": "#ffffff"}
    lines = {"border": "#7b8491", "grid": "#c3c8d0", "track": "#a9b0bb"}
    return replace(colors, **ground, **lines, text="#000000", muted="#353b44", accent="#004f9e")

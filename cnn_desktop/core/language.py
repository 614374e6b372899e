"""Every text that a person reads goes through `_`, at any layer."""

import gettext
import os

from cnn_desktop.core.paths import resources

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_translation = gettext.translation("cnn_desktop", resources() / "translations", fallback=True)


def _(text: str) -> str:
    """Translate `text` into the language that the environment asks for."""
    return _translation.gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that holds a count, in the number that `count` asks for."""
    return _translation.ngettext(singular, plural, count)


def languages() -> list[str]:
    """The languages that the environment asks for, best first, as gettext does: “de_AT” is followed by “de”."""
    asked = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    codes: dict[str, None] = {}
    for entry in asked.split(":"):
        full = entry.partition(".")[0].partition("@")[0]
        codes |= dict.fromkeys((full, full.partition("_")[0]))
    return [code for code in codes if code]

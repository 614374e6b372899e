"""Every text that a person reads goes through `_`, at any layer."""

import gettext

from cnn_desktop.core.paths import resources

_translation = gettext.translation("cnn_desktop", resources() / "translations", fallback=True)


def _(text: str) -> str:
    """Translate `text` into the language that the environment asks for."""
    return _translation.gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that holds a count, in the number that `count` asks for."""
    return _translation.ngettext(singular, plural, count)

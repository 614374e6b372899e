"""Whether a window can be shown here."""

import os
import sys


def has_display() -> bool:
    """True where a desktop session is reached, or Qt was told to draw without one."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

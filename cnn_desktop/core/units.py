"""Numbers as a person reads them: megabytes, minutes, percentages."""

from cnn_desktop.core.language import _


def bytes_text(count: float) -> str:
    """528 MB, 1.2 GB: decimal units, as file managers show them."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.1f} {unit}" if count < 10 and unit != "B" else f"{count:.0f} {unit}"
        count /= 1000
    raise AssertionError("unreachable")


def duration_text(seconds: float) -> str:
    """0.3 s, 45 s, 3 min 20 s, 2 h 05 min."""
    if 0 < seconds < 0.95:
        return _("{seconds:.1f} s").format(seconds=seconds)
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{seconds} s").format(seconds=whole)
    if whole < 3600:
        return _("{minutes} min {seconds:02d} s").format(minutes=whole // 60, seconds=whole % 60)
    return _("{hours} h {minutes:02d} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


def percent_text(share: float, digits: int = 1) -> str:
    """A share of 1 as a percentage: 84.2 %; what would be rounded to nothing is said to be less than the last digit."""
    smallest = 10.0**-digits
    if 0 < 100 * share < smallest / 2:
        return f"< {smallest:.{digits}f} %"
    return f"{100 * share:.{digits}f} %"

"""A run's facts as short texts."""

from datetime import datetime, timedelta

from PySide6.QtCore import QLocale

from cnn_desktop.core.language import _
from cnn_desktop.core.units import duration_text, percent_text
from cnn_desktop.train.runs.run_summary import RunSummary


def accuracy_text(share: float | None) -> str:
    """84.2 %, or a dash."""
    return "–" if share is None else percent_text(share)


def time_text(run: RunSummary) -> str:
    """How long it trained."""
    return duration_text(run.seconds) if run.seconds else "–"


def device_text(run: RunSummary) -> str:
    """On what, in which precision."""
    return f"{run.device} · {run.precision}" if run.device else "–"


def epochs_text(run: RunSummary) -> str:
    """7 of 12."""
    if run.planned_epochs is None or run.planned_epochs == run.epochs:
        return f"{run.epochs:,}"
    return _("{done:,} of {planned:,}").format(done=run.epochs, planned=run.planned_epochs)


def when_text(moment: datetime, now: datetime) -> str:
    """14:05 today, yesterday, or the date; the year only where it is another one."""
    locale = QLocale()
    if moment.date() == now.date():
        return _("today {time}").format(time=f"{moment:%H:%M}")
    if moment.date() == (now - timedelta(days=1)).date():
        return _("yesterday {time}").format(time=f"{moment:%H:%M}")
    date = f"{moment.day} {locale.monthName(moment.month, QLocale.FormatType.ShortFormat)}"
    return date if moment.year == now.year else f"{date} {moment.year}"

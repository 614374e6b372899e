"""Exceptions that nobody caught: a sentence in the window, the traceback under Details…, and the program lives on."""

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from cnn_desktop.core.errors import one_line
from cnn_desktop.core.language import _
from cnn_desktop.ui.jobs.ui_thread import call_in_ui

Show = Callable[[str, str], None]
"""Called on the UI thread with a sentence and its details."""


def details_of(error: BaseException) -> str:
    """The traceback of an exception, as text."""
    return "".join(traceback.format_exception(error))


def install_exception_hook(show: Show, note: Callable[[str], None]) -> None:
    """Send every uncaught exception, of any thread, to `show` and to the terminal, and its traceback to `note`."""

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if sys.stderr is not None:  # a program without a terminal has none
            sys.__excepthook__(kind, error, trace)
        note(details_of(error))
        sentence = _("Something went wrong that the program didn't expect: {error}").format(error=one_line(error))
        call_in_ui(lambda: show(sentence, details_of(error)))

    def on_thread_exception(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception

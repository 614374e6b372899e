"""The one entry point: a command of `cli`, or the window of `ui`, or the main job in the terminal."""

import sys
from collections.abc import Sequence

from cnn_desktop.cli import WindowRequest, run
from cnn_desktop.core.display import has_display
from cnn_desktop.core.language import _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; `arguments` None means the process's own. Returns the exit code."""
    answer = run(arguments)
    if not isinstance(answer, WindowRequest):
        return answer
    if not has_display():
        from cnn_desktop.cli.tour import tour

        print(_("There is no display here, so the window can't open; this is the same main job in the terminal."))
        return tour()
    from cnn_desktop.ui import app

    return app.run(safe_mode=answer.safe_mode)


if __name__ == "__main__":
    sys.exit(main())

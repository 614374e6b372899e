"""`datasets download`: a dataset that somebody publishes, into the data root."""

import time
from dataclasses import dataclass, field
from typing import Annotated

import typer

from cnn_desktop.cli.options import DataRoot, Json
from cnn_desktop.cli.output import EXIT_INTERRUPTED, EXIT_OK, ProgressLine, print_json, print_message, print_text
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root as default_data_root
from cnn_desktop.core.transfer import TransferMeter

_JSON_EVERY = 0.5
"""Seconds between two lines of progress."""


def download_dataset(
    name: Annotated[str, typer.Argument(help=_("The dataset's registered name."))],
    data_root: DataRoot = None,
    as_json: Json = False,
) -> int:
    """Download a dataset; what was cut or interrupted goes on where it ended. One that is here is only checked."""
    from cnn_desktop.data.dataset import datasets
    from cnn_desktop.data.sets import open_dataset as _registers  # noqa: F401 - importing it fills the registry

    root = data_root or default_data_root()
    source = datasets[name]
    was_present = source.is_present(root)
    report = _Report(name, as_json)
    try:
        if was_present:
            source.load(root)
        else:
            source.download(root, report.show)
    except KeyboardInterrupt:
        report.line.clear()
        print_message(_("Interrupted; what has arrived is kept."))
        return EXIT_INTERRUPTED
    report.line.clear()
    if as_json:
        finished = {"event": "download_finished", "name": name, "data_root": str(root), "was_present": was_present}
        print_json(finished)
    else:
        sentence = _("{title} is in {folder} already, and whole.") if was_present else _("{title} is in {folder} now.")
        print_text(sentence.format(title=source.title, folder=root))
    return EXIT_OK


@dataclass
class _Report:
    name: str
    as_json: bool
    line: ProgressLine = field(default_factory=ProgressLine)
    _meter: TransferMeter = field(default_factory=TransferMeter)
    _last: float = 0.0

    def show(self, done: int, total: int) -> None:
        transfer = self._meter.tell(done, total)
        if not self.as_json:
            self.line.show(str(transfer), done, total)
        elif time.monotonic() - self._last >= _JSON_EVERY or done == total > 0:
            self._last = time.monotonic()
            print_json(
                {
                    "event": "download_progress",
                    "name": self.name,
                    "done": transfer.done,
                    "total": transfer.total,
                    "bytes_per_second": transfer.speed,
                    "seconds_left": transfer.seconds_left,
                }
            )

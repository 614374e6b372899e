"""Opens every file named on the command line as a model, in a process of its own, and says what came of it.

A line of JSON a file: its name, the sentence that refused it (empty where it loaded), and by how many megabytes the
process grew at most meanwhile.
"""

import json
import sys
from pathlib import Path

import torch

from cnn_desktop.core.errors import CnnDesktopError
from cnn_desktop.models.weights import open_model


def main() -> None:
    torch.set_num_threads(1)
    for name in sys.argv[1:]:
        before, sentence = _start_counting(), ""
        try:
            open_model(name)
        except CnnDesktopError as error:
            sentence = str(error)
        print(json.dumps({"file": Path(name).name, "sentence": sentence, "grown": _most() - before}), flush=True)


def _start_counting() -> int:
    """Forget the most memory that the process had so far; that of its parent counts in it."""
    Path("/proc/self/clear_refs").write_text("5")
    return _most()


def _most() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


if __name__ == "__main__":
    main()

"""Opens a tree of 100,000 JPEGs in the real Data page and measures how long the window stands still meanwhile.

    python -m tests.soak.many_files [--pictures 100000] [--classes 100]

Prints JSON, in which `alone` leaves out what the event loop waited for a processor that another program had. Exit code
1 when it stood still for more than 50 ms, or when Cancel didn't end the scan.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

LIMIT_MS = 50
_DISTINCT = 48
_SIZE = 320, 240


def make_tree(folder: Path, pictures: int, classes: int) -> None:
    """Class folders with links to a few dozen JPEGs that differ; names as a camera gives them."""
    source = folder / ".source"
    source.mkdir(parents=True)
    random = np.random.default_rng(0)
    for number in range(_DISTINCT):
        blocks = Image.fromarray(random.integers(0, 256, (12, 16, 3), np.uint8))
        blocks.resize(_SIZE, Image.Resampling.BICUBIC).save(source / f"{number}.jpg", quality=88)
    for number in range(pictures):
        place = folder / f"class {number % classes:03}"
        if number < classes:
            place.mkdir()
        os.link(source / f"{number % _DISTINCT}.jpg", place / f"DSC{number:06}.jpg")


def megabytes(name: str) -> float:
    """A figure of this process's memory, by its name in /proc."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return round(int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024, 1)


def measure(tree: Path) -> dict[str, Any]:
    """Open the window, and do with the tree what a person would do with it."""
    from PySide6.QtWidgets import QApplication

    from cnn_desktop.core.settings import Settings
    from cnn_desktop.ui.context import SettingsStore
    from cnn_desktop.ui.main_window import MainWindow
    from cnn_desktop.ui.theme import apply_theme

    app = QApplication.instance() or QApplication(sys.argv[:1])
    apply_theme(app, "light")  # pyright: ignore[reportArgumentType]
    window = MainWindow(SettingsStore(Settings(page="Data", dataset="digits"), None))
    window.show()
    try:
        return _Tour(window).run(tree)
    finally:
        window.leave()


class _Tour:
    def __init__(self, window: Any) -> None:
        from cnn_desktop.ui.pages.data import DataPage
        from tests.soak.event_loop import Watch

        self.window = window
        self.page = window.findChild(DataPage)
        self.session = self.page.session
        self.watch = Watch()
        self.found = 0
        self.cancel_from: int | None = None
        self.session.opening_progressed.connect(self._note)

    def run(self, tree: Path) -> dict[str, Any]:
        phase = self.watch.phase
        phase("start", lambda: None, lambda: self.panel is not None and self.panel.grid.count > 1000)
        phase("idle", lambda: None, self._after(3))
        before = megabytes("VmRSS")
        cancelled_at = self._cancel_in_the_middle(tree)
        first = self.session.dataset.source
        phase("scan", lambda: self.session.open(str(tree)), lambda: self.session.dataset.source != first)
        phase("first look", lambda: None, self._is_seen)
        bar = self.panel.grid.verticalScrollBar()
        phase("scroll by wheel", self._scroller(bar, 120), self._after(8))
        phase("scroll far", self._scroller(bar, bar.maximum() // 100), self._after(8))
        phase("rest", lambda: None, self._is_seen)
        phase("filter by name", lambda: self.panel.filters.text.setText("7"), self._shows(0.2, 0.9))
        phase("filter off", self.panel.filters.clear, self._shows(1.0, 1.0))
        phase("choose all", self.panel.grid.choose_all, self._after(1))
        phase("leave one out", self._leave_one_out, lambda: self.panel.grid.count == self.total - 1)
        phase("change page", lambda: self.window.show_page("Train"), self._after(1))
        phase("change back", lambda: self.window.show_page("Data"), self._after(1))
        self.watch.end()
        return {
            "pictures": self.total,
            "cancelled_at": cancelled_at,
            "memory_before_mb": before,
            "memory_after_mb": megabytes("VmRSS"),
            "memory_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            "longest_stall_ms": self._longest("longest_stall_ms"),
            "longest_stall_alone_ms": self._longest("longest_stall_alone_ms"),
            "phases": {phase.name: phase.summary() for phase in self.watch.phases},
        }

    def _longest(self, figure: str) -> float:
        """The worst of all phases, but for the start of the program, which is no matter of the tree."""
        return max(phase.summary()[figure] for phase in self.watch.phases[2:])

    @property
    def panel(self) -> Any:
        from cnn_desktop.ui.pages.data.pictures_panel import PicturesPanel

        return self.page.findChild(PicturesPanel)

    @property
    def total(self) -> int:
        return sum(map(len, self.session.found.splits.values()))

    def _cancel_in_the_middle(self, tree: Path) -> int:
        """Stop the scan; how many files were found by then. The threads must end, and what was open stay open."""
        first, self.found, self.cancel_from = self.session.dataset, 0, 5000
        self.watch.phase("scan and cancel", lambda: self.session.open(str(tree)), self._is_cancelled, timeout=10)
        self.cancel_from = None
        assert self.session.dataset is first, "the scan went on"
        return self.found

    def _leave_one_out(self) -> None:
        self.panel.grid.choose(77)
        self.panel.actions_.leave_out.trigger()

    def _note(self, done: int, total: int) -> None:
        self.found = done
        if self.cancel_from is not None and done > self.cancel_from:
            self.session.cancel()

    def _is_cancelled(self) -> bool:
        """Whether Cancel was pressed, and the thread that scanned is gone."""
        return self.found > 5000 and not any(thread.name.startswith("job open") for thread in threading.enumerate())

    def _is_seen(self) -> bool:
        grid = self.panel.grid
        return grid.count > 10_000 and all(grid.is_loaded(place) for place in grid.places_in_sight())

    def _shows(self, least: float, most: float) -> Callable[[], bool]:
        return lambda: least * self.total <= self.panel.grid.count <= most * self.total

    def _scroller(self, bar: Any, step: int) -> Callable[[], None]:
        """Scroll on at every frame, as a person who doesn't stop."""
        from PySide6.QtCore import QTimer

        timer = QTimer(self.window, interval=16)
        timer.timeout.connect(lambda: bar.setValue(bar.value() + step))
        QTimer.singleShot(7500, timer.stop)
        return timer.start

    def _after(self, seconds: float) -> Callable[[], bool]:
        begin: list[float] = []

        def is_over() -> bool:
            begin.append(time.perf_counter())
            return begin[-1] - begin[0] > seconds

        return is_over


def main() -> int:
    """Make the tree, measure, and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=100)
    chosen = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="many-files-"))
    os.environ.update(HOME=str(place / "home"), QT_QPA_PLATFORM="offscreen", OMP_WAIT_POLICY="PASSIVE")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "CNN_DESKTOP_DATA"):
        os.environ.pop(name, None)
    try:
        (place / "home").mkdir()
        make_tree(place / "pictures", chosen.pictures, chosen.classes)
        result = measure(place / "pictures")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(json.dumps(result, indent=1))
    return int(result["longest_stall_ms"] > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())

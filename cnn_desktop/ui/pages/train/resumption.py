"""Going on with runs: finding the one that a crash broke off, offering it, and fetching what going on needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.events import Event, TrainingStarted
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.train.run_banners import RunBanners

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.going_on import KilledRun, RunToGoOn

_RUNS_LEFT_KEPT = 50


class Resumption(QObject):
    """Asks the run folders in the background and the person by a banner."""

    ready = Signal(RunConfig, Path, object)
    """Settings and folder of the run to go on with, and the learning rate to change to, or None."""

    def __init__(self, banners: RunBanners, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._banners = banners
        self._context = context
        self._search = JobRunner(self)
        self._fetching = JobRunner(self)
        self._fetched: RunToGoOn | None = None
        banners.go_on_asked.connect(self.fetch)
        banners.go_on_at_rate_asked.connect(self.fetch)
        banners.offer_declined.connect(self._leave)

    def look_for_killed_run(self) -> None:
        """Offer the newest run that its program's end broke off, where there is one."""
        from cnn_desktop.ui.pages.train.going_on import newest_killed_run

        unwanted = self._context.settings.settings.runs_left
        self._search.start(newest_killed_run, unwanted, on_done=self._offer, on_error=self._context.notify_error)

    def fetch(self, run_dir: Path, rate: float | None = None) -> None:
        """Read the run in `run_dir`; answers by `ready`."""
        from cnn_desktop.ui.pages.train.going_on import read_run_to_go_on

        def tell(run: "RunToGoOn") -> None:
            self._fetched = run
            self.ready.emit(run.config, run.path, rate)

        self._search.cancel()
        self._fetching.start(read_run_to_go_on, run_dir, on_done=tell, on_error=self._context.notify_error)

    def begin(self, run_dir: Path | None) -> None:
        """A run begins, that in `run_dir` or a new one: nothing is offered or fetched any more."""
        self._search.cancel()
        self._fetching.cancel()
        if self._fetched is not None and self._fetched.path != run_dir:
            self._fetched = None

    def with_past(self, events: Sequence[Event]) -> list[Event]:
        """The news of a run; where it goes on, with what it had told before, so that its curves are drawn whole."""
        whole: list[Event] = []
        for event in events:
            whole.append(event)
            if isinstance(event, TrainingStarted) and self._fetched is not None:
                whole += self._fetched.before(event.first_step)
        return whole

    def shutdown(self) -> None:
        """End the work in the background."""
        self._search.cancel()
        self._fetching.cancel()
        self._search.wait()
        self._fetching.wait()

    def _offer(self, run: "KilledRun | None") -> None:
        if run is not None:
            self._banners.show_offer(run)

    def _leave(self, run_dir: Path) -> None:
        """Don't ask again for this run."""
        store = self._context.settings
        store.change(runs_left=(run_dir.name, *store.settings.runs_left)[:_RUNS_LEFT_KEPT])
        try:
            store.save()
        except OSError as error:
            self._context.notify_error(error)

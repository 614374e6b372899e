"""Going on with runs: finding the one that a crash broke off, offering it, and fetching what going on needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.train.run_banners import RunBanners

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.going_on import KilledRun

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
        banners.go_on_asked.connect(self.fetch)
        banners.go_on_at_rate_asked.connect(self.fetch)
        banners.offer_declined.connect(self._leave)

    def look_for_killed_run(self) -> None:
        """Offer the newest run that its program's end broke off, where there is one."""
        from cnn_desktop.ui.pages.train.going_on import newest_killed_run

        unwanted = self._context.settings.settings.runs_left
        self._search.start(newest_killed_run, unwanted, on_done=self._offer, on_error=self._context.notify_error)

    def fetch(self, run_dir: Path, rate: float | None = None) -> None:
        """Read the settings of the run in `run_dir`; answers by `ready`."""
        from cnn_desktop.ui.pages.train.going_on import settings_of

        self._search.cancel()
        self._fetching.start(
            settings_of,
            run_dir,
            on_done=lambda config: self.ready.emit(config, run_dir, rate),
            on_error=self._context.notify_error,
        )

    def cancel(self) -> None:
        """Offer nothing and fetch nothing any more; another run begins."""
        self._search.cancel()
        self._fetching.cancel()

    def shutdown(self) -> None:
        """End the work in the background."""
        self.cancel()
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

"""What happens between a changed setting and the start: the schedule is drawn, rates are tried, a run is estimated."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.pages.train.settings_card import SettingsCard

if TYPE_CHECKING:
    from types import ModuleType

    from cnn_desktop.train.control import Control
    from cnn_desktop.train.estimate import Estimate
    from cnn_desktop.ui.pages.train.finder_dialog import FinderDialog
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan


class Preparation(QObject):
    """Drives what the settings card shows of a run to come; `cancel` before one begins."""

    problems_changed = Signal()
    """Whether something stands in the way of a start may have changed."""

    def __init__(self, settings: SettingsCard, context: AppContext) -> None:
        super().__init__(settings)
        self._settings = settings
        self._context = context
        self._engine: ModuleType | None = None
        self._plan: NetworkPlan | None = None
        self._measuring = JobRunner(self)
        self._listing = JobRunner(self)
        self._control: Control | None = None
        self._finder: FinderDialog | None = None
        self.has_problem = False
        settings.edited.connect(self._on_edited)
        settings.estimate.asked.connect(self._measure)
        settings.estimate.cancelled.connect(self.cancel)
        settings.form.essentials.find_asked.connect(self._find_rate)
        context.runs_changed.connect(self.list_starts)

    def use_engine(self, engine: "ModuleType") -> None:
        """From now on there is something to ask."""
        self._engine = engine
        self.list_starts()

    def show_plan(self, plan: "NetworkPlan | None") -> None:
        """Take up what dataset and architecture come to, and draw the schedule over its steps."""
        self._plan = plan
        self._show_schedule()

    def list_starts(self) -> None:
        """List the runs that can be started from, in the background."""
        if self._engine is not None:
            self._listing.start(
                self._engine.start_choices,
                on_done=self._settings.start.show_choices,
                on_error=self._context.notify_error,
            )

    def cancel(self) -> None:
        """End the measuring, and forget what was measured."""
        if self._control is not None:
            self._control.stop()
        self._measuring.cancel()
        self._settings.estimate.clear()
        self._show_problem(False)

    def shutdown(self) -> None:
        """Cancel and wait for everything."""
        self.cancel()
        self._listing.cancel()
        if self._finder is not None:
            self._finder.reject()
            self._finder.wait(30_000)
        for job in (self._measuring, self._listing):
            job.wait(30_000)

    def _on_edited(self) -> None:
        self.cancel()
        self._show_schedule()

    def _show_schedule(self) -> None:
        config = self._config()
        points = []
        if self._engine is not None and self._plan is not None and config is not None:
            points = self._engine.rate_points(config, self._plan.data)
        self._settings.form.rate.show_curve(points)

    def _measure(self) -> None:
        config = self._config()
        if self._engine is None or config is None:
            return
        from cnn_desktop.train.control import Control

        self.cancel()
        self._control = Control()
        self._settings.estimate.show_measuring(0, 0)
        self._measuring.start(
            self._engine.measure,
            config,
            self._control,
            on_done=self._show_estimate,
            on_error=self._on_error,
            on_progress=self._settings.estimate.show_measuring,
        )

    def _show_estimate(self, estimate: "Estimate") -> None:
        self._settings.estimate.show_estimate(estimate)
        self._show_problem(any(problem.stops for problem in estimate.problems))

    def _on_error(self, error: Exception) -> None:
        self._settings.estimate.clear()
        self._context.notify_error(error)

    def _find_rate(self) -> None:
        config = self._config()
        if self._engine is None or config is None:
            return
        from cnn_desktop.ui.pages.train.finder_dialog import FinderDialog

        self.cancel()
        self._finder = FinderDialog(self._settings.window())
        self._finder.rate_chosen.connect(self._settings.form.essentials.learning_rate.write)
        self._finder.finished.connect(self._finder.deleteLater)
        self._finder.destroyed.connect(self._forget_finder)
        self._finder.find(self._engine.find_rate, config)

    def _forget_finder(self) -> None:
        self._finder = None

    def _config(self) -> RunConfig | None:
        try:
            return self._settings.config()
        except BadInputError:  # a half-chosen form; Start says what is wrong with it
            return None

    def _show_problem(self, has_problem: bool) -> None:
        if has_problem != self.has_problem:
            self.has_problem = has_problem
            self.problems_changed.emit()

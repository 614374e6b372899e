"""What happens between a changed setting and the start: the schedule is drawn, rates are tried, a run is estimated."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CnnDesktopError, one_line
from cnn_desktop.core.events import Event
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.train_thread import Train
from cnn_desktop.ui.pages.train.finder_dialog import FinderDialog
from cnn_desktop.ui.pages.train.settings_card import SettingsCard

if TYPE_CHECKING:
    from types import ModuleType

    from cnn_desktop.train.control import Control
    from cnn_desktop.train.planning.estimate import Estimate
    from cnn_desktop.train.planning.problem import Problem
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan

_CHECK_AFTER = 300
"""Milliseconds of rest after a change."""
_PATIENCE = 30_000
"""Milliseconds for work that was cancelled to notice."""


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
        self._checking = JobRunner(self)
        self._check_soon = QTimer(self)
        self._check_soon.setSingleShot(True)
        self._check_soon.setInterval(_CHECK_AFTER)
        self._check_soon.timeout.connect(self._check)
        self._finding = JobRunner(self)
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
        self._check()

    def list_starts(self) -> None:
        """List the runs that can be started from, in the background."""
        if self._engine is not None:
            self._listing.start(
                self._engine.start_choices,
                on_done=self._settings.start.show_choices,
                on_error=self._context.notify_error,
            )

    def cancel(self) -> None:
        """End what is going on, and forget what was measured."""
        if self._control is not None:
            self._control.stop()
        self._check_soon.stop()
        self._checking.cancel()
        self._measuring.cancel()
        self._settings.estimate.clear()

    def wait(self) -> None:
        """Hold the calling thread until nothing computes any more: two at once would share their random numbers."""
        for job in (self._checking, self._measuring, self._finding):
            job.wait(_PATIENCE)

    def then(self, train: Train) -> Train:
        """`train`, begun once nothing computes here any more."""

        def begin(config: RunConfig, control: "Control", resume_from: Path | None = None) -> Iterator[Event]:
            self.wait()
            yield from train(config, control, resume_from)

        return begin

    def shutdown(self) -> None:
        """Cancel and wait for everything."""
        self.cancel()
        self._listing.cancel()
        if self._finder is not None:
            self._finder.reject()
        self.wait()
        self._listing.wait(_PATIENCE)

    def _on_edited(self) -> None:
        self.cancel()
        self._show_schedule()
        self._check_soon.start()

    def _check(self) -> None:
        """Look for what would fail later; nothing is computed, so that it may follow every change."""
        config = self._config()
        if self._engine is None or self._plan is None or config is None:
            self._show_problems(())
        else:
            self._checking.start(self._engine.check, config, on_done=self._show_problems, on_error=self._show_refusal)

    def _show_refusal(self, error: Exception) -> None:
        if not isinstance(error, CnnDesktopError):
            self._context.notify_error(error)
            return
        from cnn_desktop.train.planning.problem import Problem

        self._show_problems((Problem(one_line(error), stops=True),))

    def _show_schedule(self) -> None:
        config = self._config()
        points = []
        if self._engine is not None and self._plan is not None and config is not None:
            points = self._engine.rate_points(config, self._plan.dataset)
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
        if estimate.precision is not None and estimate.precision_reason:
            self._settings.form.exactness.show_automatic(estimate.precision)
        self._show_problems(estimate.problems)

    def _on_error(self, error: Exception) -> None:
        self._settings.estimate.clear()
        self._context.notify_error(error)

    def _find_rate(self) -> None:
        config = self._config()
        if self._engine is None or config is None:
            return
        self.cancel()
        self._finder = FinderDialog(self._finding, self._settings.window())
        self._finder.rate_chosen.connect(self._settings.form.essentials.learning_rate.write)
        self._finder.finished.connect(self._finder.deleteLater)
        self._finder.destroyed.connect(self._forget_finder)
        self._finder.search(self._engine.find_rate, config)

    def _forget_finder(self) -> None:
        self._finder = None

    def _config(self) -> RunConfig | None:
        try:
            return self._settings.config()
        except BadInputError:  # a half-chosen form; Start says what is wrong with it
            return None

    def _show_problems(self, problems: Sequence["Problem"]) -> None:
        self._settings.estimate.show_problems(problems)
        self.has_problem = any(problem.stops for problem in problems)
        self.problems_changed.emit()

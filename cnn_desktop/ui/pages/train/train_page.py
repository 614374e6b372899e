"""Choose data and a network, start, and watch it learn."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import BadInputError, CnnDesktopError, one_line
from cnn_desktop.core.events import Event, OutOfMemory, RunStarted, StepsDone, TrainingStarted
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.jobs.ending_run import end_run
from cnn_desktop.ui.jobs.job import JobRunner
from cnn_desktop.ui.jobs.live_run import LiveRun
from cnn_desktop.ui.jobs.train_thread import Ending, Train
from cnn_desktop.ui.pages.data.ways_in import is_bundle
from cnn_desktop.ui.pages.page import MenuName, Page
from cnn_desktop.ui.pages.train.designing import Designing
from cnn_desktop.ui.pages.train.dropping import dropped_place, is_model
from cnn_desktop.ui.pages.train.preparation import Preparation
from cnn_desktop.ui.pages.train.resumption import Resumption
from cnn_desktop.ui.pages.train.run_banners import RunBanners
from cnn_desktop.ui.pages.train.run_buttons import State
from cnn_desktop.ui.pages.train.run_panel import RunPanel
from cnn_desktop.ui.pages.train.settings_card import SettingsCard
from cnn_desktop.ui.pages.train.wishes import Wishes
from cnn_desktop.ui.theme import S16

if TYPE_CHECKING:
    from types import ModuleType

    from cnn_desktop.ui.pages.train.engine import Survey
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan


class TrainPage(Page):
    """Wires the settings, the run, and what is shown of it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._engine: ModuleType | None = None
        self._problem = ""
        self._has_failed = self._was_left = False
        self._run = LiveRun(self)
        self._survey_job = JobRunner(self)
        self._plan_job = JobRunner(self)
        self._download_job = JobRunner(self)
        self._config: RunConfig | None = None
        self._banners = RunBanners()
        self._resumption = Resumption(self._banners, context, self)
        self._settings = SettingsCard()
        self._designing = Designing(self._settings, self.window, self)
        self._wishes = Wishes(self._settings, context, lambda: self._run.is_running, self)
        self._preparation = Preparation(self._settings, context)
        self._panel = RunPanel()
        row = QHBoxLayout()
        row.setSpacing(S16)
        row.addWidget(self._settings)
        row.addWidget(self._panel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(self._banners)
        column.addLayout(row, 1)
        self.setAcceptDrops(True)
        self._settings.show_state("loading")
        self._panel.progress.show_idle(_("Loading the engine…"))
        self._connect()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_place(event.mimeData()) is not None and self._engine is not None and not self._run.is_running:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        place = dropped_place(event.mimeData())
        if place is None:
            return
        if is_model(place):
            self._settings.start.choose_file(place)
        elif is_bundle(place):
            self.context.open_page("Data")
            self.context.pictures_given.emit([place])
        else:
            self._settings.dataset.choose_folder(place)
        event.acceptProposedAction()

    @override
    def engine_ready(self) -> None:
        from cnn_desktop.ui.pages.train import engine

        self._engine = engine
        self._designing.action.setEnabled(True)
        self._preparation.use_engine(engine)
        self._survey()
        self._resumption.look_for_killed_run()

    @override
    def menu_actions(self) -> Mapping[MenuName, Sequence[QAction]]:
        actions = self._settings.buttons.actions_
        folder = QAction(_("Choose folder of pictures…"), self)
        folder.setShortcut(QKeySequence(QKeySequence.StandardKey.Open))
        folder.triggered.connect(self._settings.dataset.browse)
        copy = QAction(_("Copy settings"), self)
        copy.setShortcut(QKeySequence("Ctrl+Shift+C"))
        copy.triggered.connect(self._copy_settings)
        paste = QAction(_("Paste settings"), self)
        paste.setShortcut(QKeySequence("Ctrl+Shift+V"))
        paste.triggered.connect(self._paste_settings)
        design = self._designing.action
        return {
            "file": [folder],
            "edit": [copy, paste],
            "run": [actions.start, actions.pause, actions.pause_freeing, actions.finish, actions.stop, design],
        }

    @override
    def is_busy(self) -> bool:
        return self._run.is_running

    @override
    def end_work(self) -> bool:
        if self._run.is_running and not self._was_left:
            end_run(self._run, self.window())
            self._was_left = self._run.is_running
        return not self._has_failed

    @override
    def shutdown(self) -> None:
        self._preparation.shutdown()
        self._resumption.shutdown()
        self.end_work()
        self._panel.live.shutdown()
        jobs = (self._survey_job, self._plan_job, self._download_job)
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait()

    def go_on(self, run_dir: Path) -> None:
        """Go on with the run in `run_dir` from its last checkpoint."""
        if self._run.is_running:
            self.context.notify(_("A run is under way; stop it before you go on with another."))
        elif self._engine is not None:
            self._resumption.fetch(run_dir)

    def _connect(self) -> None:
        settings, actions = self._settings, self._settings.buttons.actions_
        settings.plan_changed.connect(self._make_plan)
        settings.form.data.validation.edited.connect(self._tell_validation_part)
        self._designing.kept.connect(self._take_designs)
        self._designing.chosen.connect(self._wishes.choose_architecture)
        settings.dataset.download_asked.connect(self._download)
        settings.dataset.cancel_asked.connect(self._cancel_download)
        settings.form.essentials.device.edited.connect(self._show_precision)
        settings.architecture.edited.connect(self._show_precision)
        settings.form.essentials.rate_asked.connect(self._run.change_rate)
        self._preparation.problems_changed.connect(self._show_state)
        actions.start.triggered.connect(self._start)
        actions.pause.triggered.connect(self._pause_or_resume)
        actions.pause_freeing.triggered.connect(self._pause_and_free)
        actions.finish.triggered.connect(self._finish)
        actions.stop.triggered.connect(self._stop)
        self._resumption.ready.connect(self._go_on)
        self._banners.start_at_rate_asked.connect(self._start_at_rate)
        self._banners.answered.connect(self._run.answer)
        self._banners.place_chosen.connect(self._run.move)
        self._run.news.connect(self._take_news)
        self._run.ended.connect(self._take_ending)
        self._panel.live.follow(self._run)
        self._panel.training_started.connect(self._show_device)
        self.context.go_on_asked.connect(self.go_on)
        self.context.dataset_changed.connect(self._read_again)
        self._panel.progress.try_asked.connect(lambda: self.context.open_page("Predict", self._panel.run_dir))
        self._panel.inspect_asked.connect(lambda: self.context.open_page("Inspect", self._panel.run_dir))

    def _survey(self) -> None:
        """Ask what datasets, architectures and devices there are."""
        if self._engine is not None:
            self._survey_job.start(self._engine.survey, on_done=self._show_survey, on_error=self.context.notify_error)

    def _show_survey(self, survey: "Survey") -> None:
        remembered = self.context.settings.settings
        architecture = remembered.architecture
        if architecture not in {choice.name for choice in survey.architectures}:
            architecture = survey.architectures[0].name
        self._settings.form.essentials.show_devices(survey.devices)
        self._settings.show_choices(
            survey.datasets, survey.architectures, remembered.folders, remembered.dataset, architecture
        )
        self._wishes.fulfil()
        self._make_plan()  # of the same name, but perhaps of other layers
        self._show_state()

    def _take_designs(self) -> None:
        """A person's own designs have changed: so have the choices, and perhaps the layers of what is chosen."""
        self._settings.forget_design()
        self._survey()

    def _read_again(self, dataset: str) -> None:
        """More or less of a dataset is here now, or something else of it is used."""
        if self._engine is not None:
            self._engine.forget(dataset)
            if self._settings.has_choices:  # else the first survey is still under way, and will tell
                self._survey()

    def _tell_validation_part(self) -> None:
        self.context.validation_part_changed.emit(self._settings.form.data.validation.read())

    def _make_plan(self) -> None:
        """Ask what dataset and architecture come to; Start stays possible meanwhile, since the trainer checks too."""
        self._problem = ""
        if self._engine is None or self._run.is_running:
            return
        self._plan_job.cancel()
        self._settings.estimate.show_reason("")
        if self._settings.dataset.is_present:
            config = self._settings.config()
            self._plan_job.start(self._engine.make_plan, config, on_done=self._show_plan, on_error=self._show_problem)
        else:
            self._show_plan(None)
        self._show_state()

    def _show_plan(self, plan: "NetworkPlan | None") -> None:
        self._settings.show_plan(plan)
        self._preparation.show_plan(plan)
        if plan is not None:
            self._designing.show_pictures(plan)
        self._show_state()

    def _show_problem(self, error: Exception) -> None:
        self._problem = one_line(error)
        self._show_plan(None)
        self._settings.estimate.show_reason(self._problem)
        if not isinstance(error, CnnDesktopError):
            self.context.notify_error(error)
        self._show_state()

    def _start(self) -> None:
        if self._engine is None or self._run.is_running:
            return
        try:
            config = self._settings.config()
        except BadInputError as error:
            self.context.notify_error(error)
            return
        self._remember(config)
        self._begin(config)

    def _start_at_rate(self, rate: float) -> None:
        """Start the last run again from its beginning, at another learning rate."""
        if self._config is not None and not self._run.is_running:
            config = self._config.changed(recipe=self._config.recipe.changed(learning_rate=rate), run_dir=None)
            self._settings.show_config(config)
            self._begin(config)

    def _begin(self, config: RunConfig, resume_from: Path | None = None) -> None:
        if self._engine is None:
            return
        self._plan_job.cancel()
        self._preparation.cancel()
        self._resumption.begin(resume_from)
        self._config = config
        self._has_failed = False
        self._panel.begin()
        self._banners.begin()
        self._settings.buttons.offer_freeing(self._engine.has_memory_of_its_own(config.device))
        train: Train = self._engine.train
        if self.context.settings.settings.tensorboard:
            from cnn_desktop.train.runs.tensorboard import followed

            train = followed(train)
        self._run.start(self._preparation.then(train), config, resume_from)
        self._show_state()

    def _go_on(self, config: RunConfig, run_dir: Path, rate: float | None) -> None:
        self._settings.show_config(config)
        self._begin(config, run_dir)
        if rate is not None:
            self._run.change_rate(rate)

    def _pause_or_resume(self) -> None:
        self._run.resume() if self._run.is_paused else self._run.pause()
        self._show_state()

    def _pause_and_free(self) -> None:
        self._run.pause(free_device=True)
        self._show_state()

    def _finish(self) -> None:
        self._run.finish()
        self._panel.progress.show_status(_("Ending…"))
        self._show_state()

    def _stop(self) -> None:
        self._run.stop()
        self._panel.progress.show_status(_("Stopping…"))
        self._show_state()

    def _take_news(self, events: list[Event]) -> None:
        self._panel.take(self._resumption.with_past(events))
        self._banners.take(events)
        for event in events:
            if isinstance(event, RunStarted):
                self.context.runs_changed.emit()
                self.context.noted.emit(f"training {event.dataset}, {event.architecture} in {event.run_dir}")
        rates = [event.learning_rate for event in events if isinstance(event, StepsDone)]
        if rates:
            self._settings.form.essentials.show_running_rate(rates[-1])
        if any(isinstance(event, OutOfMemory) for event in events):
            self._call_for_answer()

    def _call_for_answer(self) -> None:
        """Make a person who looks elsewhere come back."""
        self._panel.progress.show_status(_("Waiting for your answer"))
        QApplication.alert(self)
        if not self.isVisible():
            self.context.notify(_("Memory ran out; the training waits for your answer on the Train page."))

    def _take_ending(self, ending: Ending) -> None:
        self._has_failed = ending.outcome == "failed"
        self._panel.show_ending(ending)
        self._banners.show_ending(ending)
        if self._config is not None and self._config.pretrained:
            self._survey()  # its weights are on this machine now
        self._wishes.fulfil()
        self._show_state()
        self.context.runs_changed.emit()
        self.context.noted.emit(f"training ended: {ending.outcome}. {ending.message}\n{ending.details}".rstrip())
        if ending.outcome == "failed" and not self.isVisible():
            self.context.notify(_("The training failed: {reason}").format(reason=ending.message), ending.details)

    def _show_state(self) -> None:
        state: State = "idle"
        if self._engine is None:
            state = "loading"
        elif self._run.is_running:
            state = "stopping" if self._run.is_ending else "paused" if self._run.is_paused else "running"
        elif self._problem or self._preparation.has_problem or not self._settings.dataset.is_present:
            state = "impossible"
        self._settings.show_state(state)
        if state in ("idle", "impossible"):
            self._panel.show_readiness(can_start=state == "idle", why=self._readiness())
            if not self._panel.run_dir:
                self._panel.progress.show_idle(self._readiness())

    def _readiness(self) -> str:
        if not self._settings.dataset.is_present:
            return _("The dataset is not on this machine yet")
        return _("These can't be trained together") if self._problem else _("Ready")

    def _show_device(self, event: TrainingStarted) -> None:
        self.context.device_changed.emit(f"{event.device} · {event.precision}")

    def _show_precision(self) -> None:
        if self._engine is not None:
            device = self._settings.form.essentials.device.choice()
            is_processor = not self._engine.has_memory_of_its_own(device)
            self._settings.form.exactness.show_device(is_processor, self._engine.automatic_precision(device))

    def _download(self, name: str) -> None:
        if self._engine is None:
            return
        field = self._settings.dataset
        field.show_download(name, 0, 0)
        self._download_job.start(
            self._engine.download,
            name,
            on_done=lambda _nothing: self._survey(),
            on_error=lambda error: field.show_download_error(name, one_line(error)),
            on_progress=partial(field.show_download, name),
        )

    def _cancel_download(self) -> None:
        self._download_job.cancel()
        self._settings.dataset.absent.show_cancelled()

    def _remember(self, config: RunConfig) -> None:
        store = self.context.settings
        store.choose_dataset(config.dataset, is_folder=self._settings.dataset.is_folder)
        store.change(architecture=config.architecture)

    def _copy_settings(self) -> None:
        QGuiApplication.clipboard().setText(self._settings.config().to_json())

    def _paste_settings(self) -> None:
        if self._run.is_running:
            return
        try:
            config = RunConfig.from_json(QGuiApplication.clipboard().text())
        except BadInputError as error:
            self.context.notify_error(error)
        else:
            self._settings.show_config(config)

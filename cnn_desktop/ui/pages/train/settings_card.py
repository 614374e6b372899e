"""The left column of the Train page: everything that describes a run, and the buttons that rule it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.dataset_field import DatasetField
from cnn_desktop.ui.pages.train.estimate_card import EstimateCard
from cnn_desktop.ui.pages.train.run_buttons import RunButtons, State
from cnn_desktop.ui.pages.train.settings_form import SettingsForm
from cnn_desktop.ui.pages.train.start_field import StartField
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, labelled
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.engine import ArchitectureChoice, DatasetChoice
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan

_WIDTH = 336
_FOR_THE_PLAN = ("image_size",)
"""Settings that change what dataset and architecture come to."""


class SettingsCard(Card):
    """The fields of a RunConfig. `plan_changed` comes when dataset, architecture, start or picture size do."""

    plan_changed = Signal()
    edited = Signal()
    """Anything changed of a run to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedWidth(_WIDTH)
        self._choices: dict[str, ArchitectureChoice] = {}
        self.dataset = DatasetField()
        self.architecture = Picker("architecturePicker")
        self.architecture.setMaxVisibleItems(20)
        self.architecture.setToolTip(_("The design of the network; small ones learn in minutes, large ones know more."))
        self.start = StartField()
        self.start.setToolTip(_("Start from weights that know pictures already when you have few of your own."))
        self.form = SettingsForm()
        self.estimate = EstimateCard()
        self.buttons = RunButtons()
        self._fields = QWidget()
        self._scroll = QScrollArea()
        self._is_showing = self._was_filled = False
        self._lay_out()
        self.dataset.chosen.connect(lambda _name: self._on_edited(needs_plan=True))
        self.architecture.edited.connect(self._on_architecture)
        self.start.edited.connect(lambda: self._on_edited(needs_plan=True))
        self.form.edited.connect(lambda key: self._on_edited(needs_plan=key in ("", *_FOR_THE_PLAN)))
        self.form.section_opened.connect(self._bring_into_sight)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, S4, S4)
        column.setSpacing(S8)
        column.addWidget(self.dataset)
        column.addLayout(labelled(_("Architecture"), self.architecture))
        column.addLayout(labelled(_("Start from"), self.start))
        column.addWidget(self.form)
        column.addStretch()
        scroll = self._scroll
        scroll.setObjectName("settingsScroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        # The bar keeps its place in the card's padding, so that nothing moves when it is needed.
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._fields)
        self.body.setSpacing(S8)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.estimate)
        self.body.addWidget(self.buttons)
        bar = scroll.verticalScrollBar().sizeHint().width() + S4
        self.setContentsMargins(0, 0, -bar, 0)
        for below in (self.estimate, self.buttons):
            below.setContentsMargins(0, 0, bar, 0)

    def show_choices(
        self,
        datasets: Sequence["DatasetChoice"],
        architectures: Sequence["ArchitectureChoice"],
        folders: Sequence[str],
        dataset: str,
        architecture: str,
    ) -> None:
        """Offer what there is, with `dataset` and `architecture` chosen the first time; later the choice stays."""
        is_first = not self.has_choices
        self._choices = {choice.name: choice for choice in architectures}
        chosen = self.architecture.choice()
        self.architecture.blockSignals(True)
        self.architecture.clear()
        for choice in architectures:
            self.architecture.addItem(choice.title, choice.name)
            self.architecture.setItemData(self.architecture.count() - 1, choice.summary, Qt.ItemDataRole.ToolTipRole)
        self.architecture.choose(architecture if is_first else chosen)
        self.architecture.blockSignals(False)
        if is_first:
            self._on_architecture()
        else:
            self.start.show_architecture(self._choices[chosen])  # its weights may have arrived
        self.dataset.show_choices(datasets, folders, dataset if is_first else self.dataset.picker.choice())

    @property
    def has_choices(self) -> bool:
        """Whether there is anything to choose from yet."""
        return bool(self._choices)

    def config(self) -> RunConfig:
        """The run that the fields describe.

        Raises:
            BadInputError: a field doesn't fit; the sentence names it.
        """
        return RunConfig.checked(
            {
                "dataset": self.dataset.picker.choice(),
                "architecture": self.architecture.choice(),
                **self.start.values(),
                **self.form.values(),
            }
        )

    def show_config(self, config: RunConfig) -> None:
        """Fill every field in from a run's settings."""
        self._is_showing = True
        self.architecture.choose(config.architecture)
        self.dataset.choose(config.dataset)
        self.start.show_values(pretrained=config.pretrained, start_from=config.start_from)
        self.form.show_config(config)
        self._is_showing = False
        self._on_edited(needs_plan=True)

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Fill in how training pictures are varied, and open the section where that stands."""
        self.form.show_augmentation(augmentation)

    def show_plan(self, plan: "NetworkPlan | None") -> None:
        """Show what dataset and architecture come to; None hides the layers."""
        self.form.show_plan(plan)
        if plan is not None:
            self.dataset.show_size(plan.pictures, len(plan.dataset.classes))
        for index, choice in enumerate(self._choices.values()):
            text = choice.title
            if plan is not None and index == self.architecture.currentIndex():
                text = _("{title} · {count:,} parameters").format(title=choice.title, count=plan.parameters)
            self.architecture.setItemText(index, text)

    def show_state(self, state: State) -> None:
        """Let the fields be changed before a run; during one they hold still but for the rate."""
        is_editable = state in ("idle", "impossible")
        for field in (self.dataset, self.architecture, self.start):
            field.setEnabled(is_editable)
        essentials = self.form.essentials
        self.form.set_editable(is_editable)
        essentials.show_use("live" if state in ("running", "paused", "stopping") else "planned")
        essentials.learning_rate.setEnabled(state not in ("loading", "stopping"))
        self.estimate.setVisible(is_editable)
        self.buttons.show_state(state)

    def _on_architecture(self) -> None:
        choice = self._choices.get(self.architecture.choice())
        if choice is None:
            return
        recommended = RunConfig(dataset="", architecture=choice.name, recipe=choice.recipe)
        is_showing, self._is_showing = self._is_showing, True
        self.start.show_architecture(choice)
        self.form.recommend(recommended)
        self.form.use_recipe() if self._was_filled else self.form.use_recommended()
        self._was_filled = True
        self._is_showing = is_showing
        self._on_edited(needs_plan=True)

    def _on_edited(self, *, needs_plan: bool) -> None:
        if self._is_showing:
            return
        self.edited.emit()
        if needs_plan:
            self.plan_changed.emit()

    def _bring_into_sight(self, section: QWidget) -> None:
        """Scroll as far as an opened section needs, once it has its new height."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(section, 0, S16))

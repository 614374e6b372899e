"""The left column of the Train page: everything that describes a run, and the buttons that rule it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.design import Design
from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.train.dataset_field import DatasetField
from cnn_desktop.ui.pages.train.estimate_card import EstimateCard
from cnn_desktop.ui.pages.train.run_buttons import RunButtons, State
from cnn_desktop.ui.pages.train.settings_form import SettingsForm
from cnn_desktop.ui.pages.train.start_field import StartField
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, caption, labelled
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
    design_asked = Signal()
    """A network of the person's own shall be put together, or changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedWidth(_WIDTH)
        self._choices: dict[str, ArchitectureChoice] = {}
        self.dataset = DatasetField()
        self.architecture = Picker("architecturePicker")
        self.architecture.setMaxVisibleItems(20)
        self.architecture.setToolTip(_("The design of the network; small ones learn in minutes, large ones know more."))
        self.design_button = QPushButton(_("Design…"))
        self.design_button.setObjectName("designButton")
        self.design_button.setProperty("role", "link")
        self.design_button.setProperty("place", "caption")
        self.design_button.setAccessibleName(_("Design a network"))
        self.design_button.setToolTip(_("Put a network together, layer by layer, or change one of your own."))
        self.design_button.clicked.connect(self.design_asked)
        self._given: Design | None = None
        self.start = StartField()
        self.start.setToolTip(_("Start from weights that know pictures already when you have few of your own."))
        self.form = SettingsForm()
        self.estimate = EstimateCard()
        self.buttons = RunButtons()
        self._fields = QWidget()
        self._scroll = QScrollArea()
        self._is_showing = self._was_filled = False
        self._lay_out()
        self.dataset.chosen.connect(lambda _name: self._on_dataset())
        self.architecture.edited.connect(self._on_architecture)
        self.start.edited.connect(lambda: self._on_edited(needs_plan=True))
        self.form.edited.connect(lambda key: self._on_edited(needs_plan=key in ("", *_FOR_THE_PLAN)))
        self.form.section_opened.connect(self._bring_into_sight)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, S4, S4)
        column.setSpacing(S8)
        column.addWidget(self.dataset)
        column.addLayout(self._architecture_field())
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

    def _architecture_field(self) -> QVBoxLayout:
        label = caption(_("Architecture"))
        label.setBuddy(self.architecture)
        self.architecture.setAccessibleName(label.text())
        above = QHBoxLayout()
        above.addWidget(label)
        above.addStretch()
        above.addWidget(self.design_button)
        column = QVBoxLayout()
        column.setSpacing(S4)
        column.addLayout(above)
        column.addWidget(self.architecture)
        return column

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
        chosen = architecture if is_first else self.architecture.choice()
        self.architecture.blockSignals(True)
        self.architecture.clear()
        for choice in architectures:
            self.architecture.addItem(choice.title, choice.name)
            self.architecture.setItemData(self.architecture.count() - 1, choice.summary, Qt.ItemDataRole.ToolTipRole)
        self._take_design(self._given)
        is_there = self.architecture.choose(chosen)
        self.architecture.blockSignals(False)
        if is_first or not is_there:
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
                "design": self._design(),
                **self.start.values(),
                **self.form.values(),
            }
        )

    def show_config(self, config: RunConfig) -> None:
        """Fill every field in from a run's settings."""
        self._is_showing = True
        self._take_design(config.design)
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
        for field in (self.dataset, self.architecture, self.design_button, self.start):
            field.setEnabled(is_editable)
        essentials = self.form.essentials
        self.form.set_editable(is_editable)
        essentials.show_use("live" if state in ("running", "paused", "stopping") else "planned")
        essentials.learning_rate.setEnabled(state not in ("loading", "stopping"))
        self.estimate.setVisible(is_editable)
        self.buttons.show_state(state)

    def _design(self) -> Design | None:
        """The layers of the run whose settings are shown, while its architecture is chosen."""
        given = self._given
        return given if given is not None and given.name == self.architecture.choice() else None

    def _take_design(self, design: Design | None) -> None:
        """Keep to the layers of a run, whatever has become of the design of that name since."""
        self._given = design
        if design is not None and design.name not in self._choices:
            from cnn_desktop.ui.pages.train.engine import choice_of

            self._choices[design.name] = choice_of(design)
            self.architecture.addItem(design.title, design.name)

    def forget_design(self) -> None:
        """Take the design that is chosen as it is kept now, not as a run had it."""
        self._given = None

    def follow_design(self, was: str, name: str) -> None:
        """Let a design stay chosen, with all that was set for it, whose name has changed."""
        place = self.architecture.findData(was)
        if place >= 0:
            self.architecture.setItemData(place, name)
            choices = (
                replace(choice, name=name) if choice.name == was else choice for choice in self._choices.values()
            )
            self._choices = {choice.name: choice for choice in choices}

    def _on_architecture(self) -> None:
        choice = self._choices.get(self.architecture.choice())
        if choice is None:
            return
        is_showing, self._is_showing = self._is_showing, True
        self.start.show_architecture(choice)
        self.form.recommend(self._recommended(choice))
        self.form.use_recipe() if self._was_filled else self.form.use_recommended()
        self._was_filled = True
        self._is_showing = is_showing
        self._on_edited(needs_plan=True)

    def _on_dataset(self) -> None:
        choice = self._choices.get(self.architecture.choice())
        if choice is not None:
            is_showing, self._is_showing = self._is_showing, True
            self.form.follow(self._recommended(choice))
            self._is_showing = is_showing
        self._on_edited(needs_plan=True)

    def _recommended(self, choice: "ArchitectureChoice") -> RunConfig:
        recipe = choice.recipe_for(self.dataset.picker.choice())
        return RunConfig(dataset="", architecture=choice.name, recipe=recipe)

    def _on_edited(self, *, needs_plan: bool) -> None:
        if self._is_showing:
            return
        self.edited.emit()
        if needs_plan:
            self.plan_changed.emit()

    def _bring_into_sight(self, section: QWidget) -> None:
        """Scroll as far as an opened section needs, once it has its new height."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(section, 0, S16))

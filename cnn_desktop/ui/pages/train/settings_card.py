"""The left column of the Train page: everything that describes a run, and the buttons that rule it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.core.units import bytes_text
from cnn_desktop.ui.pages.train.dataset_field import DatasetField
from cnn_desktop.ui.pages.train.layers_list import LayersList
from cnn_desktop.ui.pages.train.more_fields import MoreFields
from cnn_desktop.ui.pages.train.recipe_fields import RecipeFields
from cnn_desktop.ui.pages.train.run_buttons import RunButtons
from cnn_desktop.ui.theme import S4, S8, S16
from cnn_desktop.ui.widgets.card import Card, labelled
from cnn_desktop.ui.widgets.fields import Picker

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.engine import ArchitectureChoice, DatasetChoice, Plan

_WIDTH = 336


class SettingsCard(Card):
    """The fields of a RunConfig. `plan_changed` comes when dataset, architecture or picture size do."""

    plan_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedWidth(_WIDTH)
        self._choices: dict[str, ArchitectureChoice] = {}
        self.dataset = DatasetField()
        self.architecture = Picker("architecturePicker")
        self.architecture.setMaxVisibleItems(20)
        self.pretrained = QCheckBox()
        self.pretrained.setObjectName("pretrainedCheck")
        self.pretrained.setMinimumWidth(64)
        self.layers = LayersList()
        self.recipe = RecipeFields()
        self.more = MoreFields()
        self.buttons = RunButtons()
        self._problem = QLabel()
        self._problem.setObjectName("planProblem")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._fields = QWidget()
        self._lay_out()
        self.dataset.chosen.connect(lambda _name: self._on_choice())
        self.architecture.currentIndexChanged.connect(lambda _index: self._on_choice())
        self.pretrained.toggled.connect(lambda _checked: self.plan_changed.emit())
        self.more.steps.valueChanged.connect(self.recipe.show_step_limit)
        self.more.image_size.valueChanged.connect(lambda _side: self.plan_changed.emit())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, S4, S4)
        column.setSpacing(S8)
        column.addWidget(self.dataset)
        column.addLayout(labelled(_("Architecture"), self.architecture))
        column.addWidget(self.pretrained)
        column.addWidget(self._problem)
        column.addWidget(self.layers)
        column.addWidget(self.recipe)
        column.addWidget(self.more)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("settingsScroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        # The bar keeps its place in the card's padding, so that nothing moves when it is needed.
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._fields)
        self.body.setSpacing(S16)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.buttons)
        bar = scroll.verticalScrollBar().sizeHint().width() + S4
        self.setContentsMargins(0, 0, -bar, 0)
        self.buttons.setContentsMargins(0, 0, bar, 0)

    def show_choices(
        self,
        datasets: Sequence["DatasetChoice"],
        architectures: Sequence["ArchitectureChoice"],
        folders: Sequence[str],
        dataset: str,
        architecture: str,
    ) -> None:
        """Offer what there is, with `dataset` and `architecture` chosen."""
        self._choices = {choice.name: choice for choice in architectures}
        self.architecture.blockSignals(True)
        self.architecture.clear()
        for choice in architectures:
            self.architecture.addItem(choice.title, choice.name)
            self.architecture.setItemData(self.architecture.count() - 1, choice.summary, Qt.ItemDataRole.ToolTipRole)
        self.architecture.choose(architecture)
        self.architecture.blockSignals(False)
        self.dataset.show_choices(datasets, folders, dataset)

    def config(self) -> RunConfig:
        """The run that the fields describe.

        Raises:
            BadInputError: a field doesn't fit; the sentence names it.
        """
        return RunConfig.checked(
            {
                "dataset": self.dataset.picker.choice(),
                "architecture": self.architecture.choice(),
                "recipe": {**self.recipe.recipe_values(), **self.more.recipe_values()},
                "pretrained": self.pretrained.isChecked() and not self.pretrained.isHidden(),
                "freeze": self.layers.freeze.value(),
                **self.recipe.run_values(),
                **self.more.run_values(),
            }
        )

    def show_config(self, config: RunConfig) -> None:
        """Fill every field in from a run's settings."""
        self.architecture.choose(config.architecture)
        self.dataset.picker.choose(config.dataset)
        self.pretrained.setChecked(config.pretrained)
        self.recipe.show_config(config)
        self.more.show_config(config)
        self.layers.freeze.setMaximum(max(config.freeze, self.layers.freeze.maximum()))  # the plan sets the true one
        self.layers.freeze.setValue(config.freeze)

    def show_problem(self, problem: str) -> None:
        """Say why dataset and architecture can't work together; an empty text takes it back."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def show_plan(self, plan: "Plan | None") -> None:
        """Show what dataset and architecture come to; None hides the layers."""
        self.layers.show_plan(plan)
        if plan is not None:
            self.dataset.show_size(plan.data.pictures, plan.data.classes)
        for index, choice in enumerate(self._choices.values()):
            text = choice.title
            if plan is not None and index == self.architecture.currentIndex():
                text = _("{title} · {count:,} parameters").format(title=choice.title, count=plan.parameters)
            self.architecture.setItemText(index, text)

    def set_editable(self, editable: bool) -> None:
        """Let the fields be changed, or hold them still while a run uses them."""
        self._fields.setEnabled(editable)

    def _on_choice(self) -> None:
        choice = self._choices.get(self.architecture.choice())
        if choice is None:
            return
        self.recipe.show_recipe(choice.recipe)
        self.more.show_recipe(choice.recipe)
        self.layers.freeze.setValue(0)
        self._offer_pretrained(choice)
        self.plan_changed.emit()

    def _offer_pretrained(self, choice: "ArchitectureChoice") -> None:
        self.pretrained.blockSignals(True)
        self.pretrained.setVisible(bool(choice.pretrained_bytes))
        if not choice.pretrained_bytes:
            self.pretrained.setChecked(False)
        text = _("Pretrained weights")
        if choice.pretrained_bytes and not choice.pretrained_present:
            text = _("Pretrained ({size} to download)").format(size=bytes_text(choice.pretrained_bytes))
        self.pretrained.setText(text)
        self.pretrained.setAccessibleName(text)
        self.pretrained.setToolTip(_("Start from weights learnt on ImageNet, with a new last layer."))
        self.pretrained.blockSignals(False)

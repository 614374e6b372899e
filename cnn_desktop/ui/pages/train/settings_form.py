"""Every setting of a run but its dataset, architecture and start: the essentials, and sections that open."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.pages.train.data_section import DataSection
from cnn_desktop.ui.pages.train.essentials import Essentials
from cnn_desktop.ui.pages.train.exactness_section import ExactnessSection
from cnn_desktop.ui.pages.train.fine_tuning_section import FineTuningSection
from cnn_desktop.ui.pages.train.rate_section import RateSection
from cnn_desktop.ui.pages.train.regularisation_section import RegularisationSection
from cnn_desktop.ui.pages.train.setting import Setting, SettingsGroup, value_at
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.section import Section

if TYPE_CHECKING:
    from cnn_desktop.ui.pages.train.network_plan import NetworkPlan


class SettingsForm(QWidget):
    """Reads and shows the settings by their names in a RunConfig, and marks those that differ from recommended."""

    edited = Signal(str)
    """The key of the setting that changed; an empty text when many did."""
    section_opened = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.essentials = Essentials()
        self.fine_tuning = FineTuningSection()
        self.rate = RateSection()
        self.exactness = ExactnessSection()
        self.data = DataSection()
        self._sections = {
            self.fine_tuning: Section("fineTuningSection", _("Layers and fine-tuning"), self.fine_tuning),
            self.rate: Section("rateSection", _("Learning rate"), self.rate),
            (regularisation := RegularisationSection()): Section(
                "regularisationSection", _("Regularisation"), regularisation
            ),
            self.exactness: Section("exactnessSection", _("Exactness and device"), self.exactness),
            self.data: Section("dataSection", _("Data"), self.data),
        }
        self._changes = QWidget()
        self._changes_text = caption()
        self._use_recommended = QPushButton(_("Use recommended"))
        self._is_writing = False
        self._is_editable = True
        self._lay_out()
        for setting in self._settings():
            setting.edited.connect(lambda key=setting.key: self._on_edited(key))
        self._sections[self.fine_tuning].set_open(True)
        self._show_dependents()

    def _lay_out(self) -> None:
        self._changes_text.setObjectName("changesText")
        self._use_recommended.setObjectName("useRecommendedButton")
        self._use_recommended.setAccessibleName(_("Use the recommended settings"))
        self._use_recommended.setProperty("role", "link")
        self._use_recommended.clicked.connect(self.use_recommended)
        row = QHBoxLayout(self._changes)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._changes_text)
        row.addStretch()
        row.addWidget(self._use_recommended)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        column.addWidget(self.essentials)
        column.addWidget(self._changes)
        column.addSpacing(S4)
        for section in self._sections.values():
            column.addWidget(section)
            section.opened.connect(lambda section=section: self.section_opened.emit(section))

    def _settings(self) -> Iterator[Setting]:
        for group in self._groups():
            yield from group.settings

    def _groups(self) -> Iterator[SettingsGroup]:
        yield self.essentials
        yield from self._sections

    def values(self) -> dict[str, Any]:
        """Fields of the RunConfig, those of the recipe under `recipe`."""
        values: dict[str, Any] = {"recipe": {}}
        for setting in self._settings():
            part, dot, name = setting.key.partition(".")
            if dot:
                values[part][name] = setting.read()
            else:
                values[part] = setting.read()
        values["recipe"]["learning_rate"] = self.essentials.planned_rate
        return values

    def show_config(self, config: RunConfig) -> None:
        """Fill in a whole run's settings."""
        self._write_all(lambda setting: setting.write(value_at(config, setting.key)))

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Fill in how training pictures are varied, in its opened section."""
        self.data.show_augmentation(augmentation)
        self._sections[self.data].set_open(True)

    def recommend(self, config: RunConfig) -> None:
        """Mark, from now on, what differs from `config`; what the fields hold stays."""
        for setting in self._settings():
            setting.recommend(value_at(config, setting.key))
        self._show_changes()

    def follow(self, config: RunConfig) -> None:
        """Recommend `config`, and fill in what holds the value that was recommended until now."""
        followers = {setting for setting in self._settings() if not setting.is_changed}
        self.recommend(config)
        self._write_all(lambda setting: setting.use_recommended() if setting in followers else None)

    def use_recommended(self) -> None:
        """Fill in what is recommended."""
        self._write_all(Setting.use_recommended)

    def use_recipe(self) -> None:
        """Fill in the recommended recipe, and freeze nothing; seed, device and the like stay."""
        self._write_all(
            lambda setting: setting.use_recommended() if setting.key.startswith(("recipe.", "freeze")) else None
        )

    def show_plan(self, plan: "NetworkPlan | None") -> None:
        """Show the layers that dataset and architecture come to."""
        self.fine_tuning.show_plan(plan)
        self._show_changes()

    def set_editable(self, editable: bool) -> None:
        """Let the settings be changed, or hold them still; sections open and close all the same."""
        for setting in self._settings():
            if setting is not self.essentials.learning_rate:
                setting.setEnabled(editable)
        self._is_editable = editable
        self._show_changes()

    def _write_all(self, write: Any) -> None:
        self._is_writing = True
        for setting in self._settings():
            write(setting)
        self._is_writing = False
        self._on_edited("")

    def _on_edited(self, key: str) -> None:
        if not self._is_writing:
            self._show_dependents()
            self._show_changes()
            self.edited.emit(key)

    def _show_dependents(self) -> None:
        values = self.values()["recipe"]
        self.rate.show_optimizer(values["optimizer"])
        self.essentials.show_step_limit(values["steps"])

    def _show_changes(self) -> None:
        for group, section in self._sections.items():
            count = sum(setting.is_changed for setting in group.settings)
            text = ngettext("{count} changed", "{count} changed", count) if count else ""
            section.show_note(text.format(count=count))
        count = sum(setting.is_changed for setting in self._settings())
        text = ngettext("{count} setting differs", "{count} settings differ", count)
        self._changes_text.setText(text.format(count=count))
        self._changes.setVisible(bool(count) and self._is_editable)

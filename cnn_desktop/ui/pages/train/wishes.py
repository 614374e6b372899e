"""What other pages and this one want of each other: the next run, and the dataset in use."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.ui.context import AppContext
from cnn_desktop.ui.pages.train.settings_card import SettingsCard


class Wishes(QObject):
    """Fills in the settings when asked; before there is anything to choose from, it keeps what was asked.

    Args:
        settings: to fill in.
        context: through which pages ask.
        is_running: whether a run is under way, whose settings hold still.
    """

    def __init__(
        self, settings: SettingsCard, context: AppContext, is_running: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._settings, self._context, self._is_running = settings, context, is_running
        self._kept: list[Callable[[], None]] = []
        self._dataset = ""
        settings.dataset.chosen.connect(self._keep_dataset)
        context.dataset_chosen.connect(self.choose_dataset)
        context.repeat_asked.connect(self.show_config)
        context.augmentation_asked.connect(self.show_augmentation)

    def choose_dataset(self, source: str) -> None:
        """Choose the dataset that is looked at elsewhere; during a run that waits for its end."""
        if self._is_running():
            self._kept.append(lambda: self._settings.dataset.choose(source))
        else:
            self._fill_in(lambda: self._settings.dataset.choose(source))

    def choose_architecture(self, name: str) -> None:
        """Choose an architecture that may be listed only in a moment."""
        picker = self._settings.architecture
        if self._is_running():
            self._context.notify(_("A run is under way; its settings can't be changed now."))
        elif not picker.choose(name):
            self._kept.append(lambda: picker.write(name))

    def show_config(self, config: RunConfig) -> None:
        """Fill in the settings of a run, to repeat it with changes; its folder stays its own."""
        config = config.model_copy(update={"run_dir": None})
        self._fill_in(lambda: self._settings.show_config(config))

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Choose how training pictures are varied, and show where."""
        self._fill_in(lambda: self._settings.show_augmentation(augmentation))

    def fulfil(self) -> None:
        """Fill in what was asked for too early."""
        kept, self._kept = self._kept, []
        for fill_in in kept:
            fill_in()

    def _keep_dataset(self, source: str) -> None:
        """Let the other pages know what is chosen here; lists that are only filled anew choose nothing."""
        if source != self._dataset:
            self._dataset = source
            self._context.settings.change(dataset=source)

    def _fill_in(self, fill_in: Callable[[], None]) -> None:
        if self._is_running():
            self._context.notify(_("A run is under way; its settings can't be changed now."))
        elif self._settings.has_choices:
            fill_in()
        else:
            self._kept.append(fill_in)

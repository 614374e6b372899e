"""What pages may ask of the window, without knowing it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.settings import Settings, save_settings
from cnn_desktop.ui.failures import details_of

_FOLDERS_KEPT = 20


class SettingsStore:
    """The settings in use, and where they are kept.

    Args:
        settings: as loaded.
        file: where `save` writes; None keeps them in memory only (safe mode).
    """

    def __init__(self, settings: Settings, file: Path | None) -> None:
        self.settings = settings
        self._file = file

    def change(self, **values: Any) -> None:
        """Replace fields of the settings by name; they are written at `save`."""
        self.settings = self.settings.model_copy(update=values)

    def choose_dataset(self, source: str, *, is_folder: bool) -> None:
        """Remember a dataset as the one in use; a folder becomes the newest of those that are offered again."""
        folders = self.settings.folders
        if is_folder:
            folders = (source, *(folder for folder in folders if folder != source))[:_FOLDERS_KEPT]
        self.change(dataset=source, folders=folders)

    def save(self) -> None:
        """Write the settings.

        Raises:
            OSError: the folder can't be written.
        """
        if self._file is not None:
            save_settings(self._file, self.settings)


class AppContext(QObject):
    """Settings, messages to the person, ways to other pages, and news that more than one page needs."""

    message_sent = Signal(str, str)
    page_asked = Signal(str, str)
    runs_changed = Signal()
    """A run began or ended: lists of runs and models are out of date."""
    dataset_chosen = Signal(str)
    """The dataset, by name or folder, that the Data page shows: the next run shall use it."""
    pictures_given = Signal(list)
    """Archives or tables, as a list of `Path`, that the Data page shall bring in."""
    validation_part_changed = Signal(float)
    """The part of the training pictures that the next run keeps for validation where no split is decided."""
    dataset_changed = Signal(str)
    """A dataset, by name or folder, of which more or less is here now, or about which something was decided."""
    inspection_asked = Signal(str, object)
    """A model, by run folder, file or name, and a `GivenPicture` that the Inspect page shall look at with it."""
    model_changed = Signal(str)
    """A model file, by itself or its run folder, that holds other facts than before, such as its temperature."""
    dataset_decided = Signal(str)
    """A dataset about which another page than Data decided something; `dataset_changed` comes as well."""
    repeat_asked = Signal(object)
    """A `RunConfig` to fill the Train page with."""
    augmentation_asked = Signal(object)
    """An `Augmentation` for the run that the Train page prepares."""
    go_on_asked = Signal(object)
    """The folder of a run to go on with."""
    device_changed = Signal(str)
    """A line about the device and precision in use, for the status bar."""
    noted = Signal(str)
    """A line for the report that a crash would leave."""

    def __init__(self, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = store

    def notify(self, message: str, details: str = "") -> None:
        """Show a sentence in the window; `details` (a traceback, a list) opens on demand."""
        self.message_sent.emit(message, details)

    def notify_error(self, error: BaseException) -> None:
        """Show what went wrong: our own sentence as it is, anything else with its traceback under Details…"""
        self.notify(one_line(error), "" if isinstance(error, CnnDesktopError) else details_of(error))

    def open_page(self, name: str, model: str = "") -> None:
        """Show the page `name` (“Train”, “Predict”, “Inspect”), with `model` taken up where one is named."""
        self.page_asked.emit(name, model)

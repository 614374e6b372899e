"""What can be dropped on the Train page."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from cnn_desktop.ui.pages.data.ways_in import is_bundle


def dropped_place(data: QMimeData) -> Path | None:
    """The one folder, model, archive or table on this machine that is being dropped."""
    files = [url.toLocalFile() for url in data.urls()]
    place = Path(files[0]) if len(files) == 1 and files[0] else None
    return place if place is not None and (place.is_dir() or is_model(place) or is_bundle(place)) else None


def is_model(place: Path) -> bool:
    """Whether a run can start from it: a model file, or the folder of a run."""
    return place.suffix == ".cnnmodel" or (place / "config.json").is_file()

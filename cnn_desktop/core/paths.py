"""Every folder that the program uses. `CNN_DESKTOP_DATA` and `TORCH_HOME` are honoured."""

import os
from pathlib import Path

import platformdirs

_APP = "cnn-desktop"


def data_root() -> Path:
    """The folder of datasets in torchvision's layout: `CNN_DESKTOP_DATA`, or one of our own."""
    chosen = os.environ.get("CNN_DESKTOP_DATA")
    return Path(chosen).expanduser() if chosen else _user_data() / "datasets"


def runs_dir() -> Path:
    """The folder in which every run gets a folder of its own."""
    return _user_data() / "runs"


def decisions_dir() -> Path:
    """Where what a person decided about their datasets is kept: a file for each, none in the datasets' own folders."""
    return _user_data() / "decisions"


def designs_dir() -> Path:
    """Where the networks that a person put together are kept: a file for each."""
    return _user_data() / "designs"


def batches_dir() -> Path:
    """Where what a batch of pictures found out is kept until the batch has ended."""
    return _user_data() / "batches"


def imports_dir() -> Path:
    """Where archives that a person drops are unpacked: a folder for each."""
    return _user_data() / "imported"


def downloads_dir() -> Path:
    """Where the SHA-256 of what was once downloaded whole is kept."""
    return _user_data() / "downloads"


def pretrained_dir() -> Path:
    """Where torch.hub keeps downloaded weights: `TORCH_HOME`/hub/checkpoints, shared with other programs."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = os.environ.get("TORCH_HOME") or str(Path(cache) / "torch")
    return Path(home).expanduser() / "hub" / "checkpoints"


def cache_dir() -> Path:
    """Where what can be found out again is kept."""
    return Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def settings_file() -> Path:
    """The file of the window's settings."""
    return Path(platformdirs.user_config_dir(_APP, appauthor=False)) / "settings.json"


def state_dir() -> Path:
    """Where the window notes that it is open, and how it ended."""
    return Path(platformdirs.user_state_dir(_APP, appauthor=False))


def resources() -> Path:
    """Icons, sample pictures and translations: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def _user_data() -> Path:
    return Path(platformdirs.user_data_dir(_APP, appauthor=False))

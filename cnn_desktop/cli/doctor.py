"""`doctor` and `--info`: what works on this machine, what is missing, and the exact fix."""

import ctypes
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from cnn_desktop import __version__
from cnn_desktop.cli.options import Json
from cnn_desktop.cli.output import EXIT_OK, print_json, print_table
from cnn_desktop.core.display import has_display
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import data_root, pretrained_dir, runs_dir, settings_file
from cnn_desktop.core.units import bytes_text

# What Qt's plugin for X11 loads at start, by Debian package.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
_PACKAGES = (
    "torch",
    "torchvision",
    "PySide6-Essentials",
    "numpy",
    "pillow",
    "simplejpeg",
    "scikit-learn",
    "safetensors",
    "pydantic",
)
_ROOM_WANTED = 2_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `fix` says what to do where it isn't well."""

    what: str
    is_well: bool
    says: str
    fix: str = ""


def doctor_command(as_json: Json = False) -> None:
    """Say what works on this machine, what is missing, and the exact fix."""
    findings = list(_examine())
    if as_json:
        for finding in findings:
            print_json(asdict(finding))
    else:
        rows: list[list[str]] = []
        for finding in findings:
            rows.append(["✓" if finding.is_well else "✗", finding.what, finding.says])
            if finding.fix:
                rows.append(["", "", f"→ {finding.fix}"])
        print_table(rows)


def print_info(as_json: bool) -> int:
    """Print versions and folders."""
    facts = {
        "CNN Desktop": __version__,
        "Python": platform.python_version(),
        "platform": platform.platform(),
        **{package: _version(package) for package in _PACKAGES},
        "datasets": str(data_root()),
        "runs": str(runs_dir()),
        "pretrained weights": str(pretrained_dir()),
        "settings": str(settings_file()),
    }
    if as_json:
        print_json(facts)
    else:
        print_table([[name, value] for name, value in facts.items()])
    return EXIT_OK


def _examine() -> Iterator[Finding]:
    yield Finding(_("Python"), sys.version_info >= (3, 11), platform.python_version())
    yield from _packages()
    yield from _window()
    yield _devices()
    for what, folder in (
        (_("datasets"), data_root()),
        (_("runs"), runs_dir()),
        (_("weights"), pretrained_dir()),
    ):
        yield _folder(what, folder)


def _packages() -> Iterator[Finding]:
    for package in _PACKAGES:
        found = _version(package)
        fix = "" if found else f"pip install {package}"
        yield Finding(package, bool(found), found or _("not installed"), fix)


def _window() -> Iterator[Finding]:
    if sys.platform.startswith("linux"):
        missing = [package for library, package in QT_LIBRARIES.items() if not _loads(library)]
        fix = f"sudo apt-get install {' '.join(missing)}" if missing else ""
        says = _("missing: {names}").format(names=", ".join(missing)) if missing else _("all there")
        yield Finding(_("Qt's libraries"), not missing, says, fix)
    there = has_display()
    says = _("there") if there else _("none: the window can't open, commands work")
    fix = "" if there else _("start from a desktop session, or: xvfb-run cnn-desktop")
    yield Finding(_("display"), there, says, fix)


def _devices() -> Finding:
    if find_spec("torch") is None:
        return Finding(_("device"), False, _("torch is not installed"), "pip install torch torchvision")
    from cnn_desktop.models.device import choose_device, choose_precision, device_title

    device = choose_device("auto")
    return Finding(_("device"), True, f"{device_title(device)} · {choose_precision('auto', device)}")


def _folder(what: str, folder: Path) -> Finding:
    """Whether `folder`, or what of it exists, can be written and has room."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(existing, os.W_OK):
        says = _("{folder} can't be written").format(folder=folder)
        return Finding(what, False, says, f'sudo chown -R "$USER" "{existing}"')
    free = shutil.disk_usage(existing).free
    fix = "" if free > _ROOM_WANTED else _("make room on the disk of {folder}").format(folder=existing)
    return Finding(what, free > _ROOM_WANTED, f"{folder} · {bytes_text(free)} " + _("free"), fix)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True

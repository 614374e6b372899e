"""The layers, as running code sees them: nothing below the window needs Qt, and core needs neither torch nor numpy."""

import os
import subprocess
import sys
from pathlib import Path

_BLOCK = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocked())
"""

_IMPORT_BELOW_UI = """
import importlib, pkgutil
import cnn_desktop
for module in pkgutil.walk_packages(cnn_desktop.__path__, "cnn_desktop."):
    if not module.name.startswith(("cnn_desktop.ui", "cnn_desktop.__main__")):
        importlib.import_module(module.name)
"""

_TRAIN_ONE_STEP = """
from pathlib import Path
from cnn_desktop.core.events import RunFinished
from cnn_desktop.train.control import Control
from cnn_desktop.train.setup import default_config
from cnn_desktop.train.trainer import train
config = default_config("digits", "mnist_cnn", run_dir=Path(sys.argv[1]) / "run", device="cpu")
config = config.changed(recipe=config.recipe.changed(steps=1))
last = list(train(config, Control()))[-1]
assert isinstance(last, RunFinished) and last.outcome == "done" and last.steps == 1, last
"""


def _run(code: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_everything_below_the_window_works_without_qt(tmp_path: Path) -> None:
    _run(_BLOCK.format(names=("PySide6", "shiboken6")) + _IMPORT_BELOW_UI + _TRAIN_ONE_STEP, str(tmp_path))


def test_core_needs_neither_torch_nor_numpy() -> None:
    code = _IMPORT_BELOW_UI.replace("not module.name.startswith((", "module.name.startswith((").replace(
        '"cnn_desktop.ui", "cnn_desktop.__main__"', '"cnn_desktop.core",'
    )
    _run(_BLOCK.format(names=("torch", "torchvision", "numpy", "PySide6")) + code)


def test_the_command_line_starts_without_torch() -> None:
    _run("import sys, cnn_desktop.__main__; assert 'torch' not in sys.modules and 'PySide6' not in sys.modules")

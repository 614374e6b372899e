"""The environment that Keras and TensorFlow live in, away from the program's own."""

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.places import KERAS_ENVIRONMENT, KERAS_REQUIREMENTS


def keras_python() -> Path:
    """The interpreter of the environment, which is made first, or made anew when the pins have changed."""
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = KERAS_ENVIRONMENT / folder / "python"
    installed = KERAS_ENVIRONMENT / "installed"
    if not installed.is_file() or installed.read_text() != KERAS_REQUIREMENTS.read_text():
        print("Installing Keras and TensorFlow, once …", file=sys.stderr, flush=True)
        venv.create(KERAS_ENVIRONMENT, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "--requirement", KERAS_REQUIREMENTS], check=True)
        installed.write_text(KERAS_REQUIREMENTS.read_text())
    return python

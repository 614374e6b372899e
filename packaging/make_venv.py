"""Make a virtual environment, or say in one sentence what is missing: make_venv.py FOLDER."""

import subprocess
import sys

OLDEST = (3, 11)


def main() -> int:
    """Make it; returns the exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            f"CNN Desktop needs Python {OLDEST[0]}.{OLDEST[1]} or newer; {sys.executable} is "
            f"{sys.version_info.major}.{sys.version_info.minor}. Name another: make PYTHON=python3.12 …\n"
        )
        return 1
    made = subprocess.run([sys.executable, "-m", "venv", sys.argv[1]], check=False)
    if made.returncode:
        sys.stderr.write("Python's venv doesn't work here; on Debian and Ubuntu: sudo apt-get install python3-venv\n")
    return made.returncode


if __name__ == "__main__":
    sys.exit(main())

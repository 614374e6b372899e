import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnn_desktop.core import file_lock
from cnn_desktop.core.file_lock import FileLock, is_locked

_HOLDING = """
import sys, time
from pathlib import Path
from cnn_desktop.core.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire("mine")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "running.lock"


def test_one_holder_at_a_time(file: Path) -> None:
    assert not is_locked(file)
    first, second = FileLock(file), FileLock(file)
    assert first.acquire(json.dumps({"pid": 1}))
    assert is_locked(file) and not second.acquire("other")
    assert json.loads(file.read_text()) == {"pid": 1}
    first.release()
    assert not is_locked(file) and not file.exists()
    assert second.acquire("other") and is_locked(file)
    first.release()
    assert is_locked(file), "what isn't held isn't given back"
    second.release()


def test_a_killed_holder_holds_no_longer(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLDING, str(file)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert is_locked(file) and not FileLock(file).acquire("me")
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert file.exists() and not is_locked(file)
    lock = FileLock(file)
    assert lock.acquire("me") and file.read_text() == "me"
    lock.release()


def test_asking_keeps_nobody_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from cnn_desktop.core.file_lock import is_locked\n"
            "print('asking', flush=True)\n"
            "while True: is_locked(Path(sys.argv[1]))",
            str(file),
        ],
        stdout=subprocess.PIPE,
    ) as asker:
        assert asker.stdout is not None and asker.stdout.readline()
        for _again in range(100):
            lock = FileLock(file)
            assert lock.acquire("me")
            lock.release()
        asker.kill()


def test_a_removed_file_locks_nobody_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "_PATIENCE_SECONDS", 0.0)
    first = FileLock(file)
    assert first.acquire("first")
    file.unlink()
    assert not is_locked(file)
    second = FileLock(file)
    assert second.acquire("second")
    first.release()
    assert file.read_text() == "second", "only its own file is removed"
    second.release()


def test_waiting_for_a_held_lock_is_short(file: Path) -> None:
    lock = FileLock(file)
    assert lock.acquire("me")
    began = time.monotonic()
    assert not FileLock(file).acquire("other")
    assert time.monotonic() - began < 10
    lock.release()

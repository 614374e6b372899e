import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_desktop.core import files
from cnn_desktop.core.files import atomic_path, copy_new, sha256, sweep, write_atomic


def test_writes_text_and_bytes(tmp_path: Path) -> None:
    write_atomic(tmp_path / "new" / "a.txt", "grün")
    write_atomic(tmp_path / "b.bin", b"\x00\x01")
    assert (tmp_path / "new" / "a.txt").read_text(encoding="utf-8") == "grün"
    assert (tmp_path / "b.bin").read_bytes() == b"\x00\x01"


def test_a_failing_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError, match="half way"), atomic_path(target) as temporary:
        temporary.write_text("new")
        raise RuntimeError("half way")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    script = (
        "import signal, sys; from pathlib import Path; from cnn_desktop.core.files import write_atomic\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: write_atomic(Path(sys.argv[1]), bytes(1_000_000))\n"
        "except OSError: sys.exit(7)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(target)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        check=False,
    )
    assert done.returncode == 7
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_a_killed_writer_leaves_what_a_sweep_removes(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from cnn_desktop.core.files import atomic_path\n"
        "with atomic_path(Path(sys.argv[1])) as part: part.write_text('half'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.txt")], check=False)
    assert not (tmp_path / "a.txt").exists()
    (tmp_path / "other.txt").write_text("mine")
    assert len(sweep(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


def test_sha256(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abc" * 1000)
    assert sha256(file) == hashlib.sha256(b"abc" * 1000).hexdigest()


def test_a_copy_keeps_its_date_and_takes_no_others_place(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "new" / "b"
    source.write_text("content")
    os.utime(source, ns=(10**18, 10**18))
    copy_new(source, target)
    assert target.read_text() == "content" and target.stat().st_mtime_ns == 10**18
    source.write_text("other")
    with pytest.raises(FileExistsError):
        copy_new(source, target)
    assert target.read_text() == "content"
    assert [path.name for path in target.parent.iterdir()] == ["b"]


def test_a_copy_gives_way_to_who_takes_the_name_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a", tmp_path / "new" / "b"
    source.write_text("content")
    monkeypatch.setattr(files.shutil, "copystat", lambda _source, _copy: target.write_text("somebody's"))
    with pytest.raises(FileExistsError):
        copy_new(source, target)
    assert target.read_text() == "somebody's"
    assert [path.name for path in target.parent.iterdir()] == ["b"]


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(file: Path) -> None:
        raise OSError(5, "Input/output error")

    (tmp_path / "a").write_text("content")
    monkeypatch.setattr(files, "sync_file", fail)
    with pytest.raises(OSError, match="Input/output"):
        copy_new(tmp_path / "a", tmp_path / "new" / "b")
    assert list((tmp_path / "new").iterdir()) == []

"""What every test shares: an isolated home, no display, and the way to the real test data."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Waiting threads that spin starve a machine that does something else too, such as the other half of the tests.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the test's own, so that nothing of the person's is read or written; it takes no disk afterwards."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TORCH_HOME", "CNN_DESKTOP_DATA"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def room_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with room for decoded pixels, however full this machine's is."""
    monkeypatch.setattr("cnn_desktop.data.caches.pixel_cache.free_bytes", lambda _folder: 1 << 40)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real datasets, weights and broken files that `CNN_DESKTOP_TEST_DATA` names."""
    given = os.environ.get("CNN_DESKTOP_TEST_DATA")
    if not given:
        sentence = "CNN_DESKTOP_TEST_DATA doesn't name the folder of real test data"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    folder = Path(given)
    if not folder.is_dir():
        pytest.fail(f"CNN_DESKTOP_TEST_DATA names {folder}, which is no folder")
    return folder

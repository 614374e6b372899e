"""Moving pictures: every frame, its words, and nothing half written."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_desktop.core.errors import BadInputError, CancelledError
from cnn_desktop.explain.animation import Frame, with_names, write_animation


def _frames(count: int) -> list[Frame]:
    return [Frame(np.full((40, 60, 3), 10 * at, np.uint8), f"step {at}") for at in range(count)]


@pytest.mark.parametrize("suffix", [".gif", ".png", ".apng"])
def test_every_frame_is_there_for_its_time(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"moving{suffix}"
    reports: list[tuple[int, int]] = []
    write_animation(target, "Title", _frames(5), 5, 0.2, lambda done, total: reports.append((done, total)))
    with Image.open(target) as picture:
        assert getattr(picture, "n_frames", 1) == 5
        durations, middles = [], []
        for at in range(5):
            picture.seek(at)
            shown = picture.convert("RGB")
            durations.append(picture.info["duration"])
            middles.append(shown.getpixel((shown.width // 2, shown.height - 30)))
    assert durations == [200, 200, 200, 200, 800]
    assert middles == [(10 * at,) * 3 for at in range(5)]
    assert reports[0] == (0, 5) and reports[-1] == (5, 5)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_title_and_words_are_written_in(tmp_path: Path) -> None:
    pages = []
    for title, words in (("", ""), ("Title", ""), ("Title", "epoch 3")):
        write_animation(tmp_path / "one.png", title, [Frame(np.zeros((40, 60, 3), np.uint8), words)], 1, 0.1)
        with Image.open(tmp_path / "one.png") as picture:
            pages.append(np.asarray(picture.convert("RGB")).astype(int)[:50])
    dark = [(page < 200).any(axis=2).sum() for page in pages]
    assert 0 == dark[0] < dark[1] < dark[2]


def test_cancelled_it_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "moving.gif"
    target.write_bytes(b"before")

    def cancel(done: int, _total: int) -> None:
        if done == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_animation(target, "Title", _frames(5), 5, 0.2, cancel)
    assert target.read_bytes() == b"before" and len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"\.gif"):
        write_animation(tmp_path / "moving.mp4", "Title", _frames(2), 2, 0.2)
    with pytest.raises(BadInputError, match="nothing"):
        write_animation(tmp_path / "moving.gif", "Title", [], 0, 0.2)


def test_rows_get_their_names() -> None:
    named = with_names(np.zeros((40, 60, 3), np.uint8), ["cat", "a very long name of a class"], 20)
    assert named.shape[0] == 40 and 60 < named.shape[1] < 260
    assert not named[:, -60:].any() and (named[:, :-60] < 200).any()

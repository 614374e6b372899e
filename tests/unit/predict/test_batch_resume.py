"""A batch that is interrupted at any place, and gone on with."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch
from PIL import Image

from cnn_desktop.core.paths import batches_dir
from cnn_desktop.models.fingerprint import fingerprint
from cnn_desktop.models.model import Model
from cnn_desktop.predict.batch import Answer, Batch
from cnn_desktop.predict.batch.classifying import group_size
from cnn_desktop.predict.classifier import Classifier

SIDE = 112
"""So many pixels that a group has few pictures."""


class Counting(Classifier):
    """Notes how many pictures it was asked about."""

    computed = 0

    def logits(self, pixels: torch.Tensor) -> torch.Tensor:
        answer = super().logits(pixels)
        self.computed += len(pixels)
        return answer


@pytest.fixture
def model(grey_model: Callable[..., Model]) -> Model:
    return grey_model("black", "grey", "white", side=SIDE)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(200):
        Image.new("RGB", (8, 8), (number,) * 3).save(folder / f"{number:03}.png")
    return sorted(folder.iterdir())


def classifier(model: Model) -> Counting:
    return Counting(model, "cpu")


def interrupted(model: Model, paths: Sequence[Path], after: int) -> int:
    """Take so many answers of a batch and leave; how many pictures were computed."""
    asked = classifier(model)
    with Batch(asked, paths) as batch:
        assert len(list(islice(batch.answers(), after))) == after
    return asked.computed


def whole(model: Model, paths: Sequence[Path]) -> tuple[list[Answer], int, int]:
    """All answers, how many were remembered, and how many computed."""
    asked = classifier(model)
    with Batch(asked, paths) as batch:
        answers, remembered = list(batch.answers()), batch.remembered
        batch.finish()
    return answers, remembered, asked.computed


def journals() -> list[Path]:
    return sorted(batches_dir().glob("*"))


def test_nothing_is_computed_twice_and_nothing_is_missing(model: Model, paths: list[Path]) -> None:
    straight, remembered, computed = whole(model, paths)
    assert (remembered, computed) == (0, 200) and journals() == []
    first = interrupted(model, paths, 130)
    answers, remembered, second = whole(model, paths)
    assert answers == straight
    assert remembered == first and first + second == 200
    assert journals() == [], "the batch has ended"


def test_what_is_changed_meanwhile_is_computed_again(model: Model, paths: list[Path]) -> None:
    first = interrupted(model, paths, 130)
    Image.new("RGB", (8, 8), (255,) * 3).save(paths[3])
    os.utime(paths[7], ns=(1, 1))
    paths[9].unlink()
    answers, remembered, _computed = whole(model, paths)
    assert remembered == first - 3
    assert answers[3].top is not None and answers[3].top[0].label == "white"
    assert answers[9].error is not None


def test_another_model_remembers_nothing_of_it(model: Model, paths: list[Path]) -> None:
    interrupted(model, paths, 130)
    with torch.no_grad():
        model.module.greys[1] += 0.001  # pyright: ignore[reportIndexIssue, reportOperatorIssue]
    assert whole(model, paths)[1] == 0
    assert len(list(batches_dir().glob("*.jsonl"))) == 1, "the other model's journal waits for it"


@pytest.mark.parametrize("change", [{"temperature": 2.0}, {"classes": ("a", "b", "c")}])
def test_a_fingerprint_is_of_all_that_decides_an_answer(model: Model, change: dict[str, object]) -> None:
    assert fingerprint(model) == fingerprint(replace(model, title="another title", figures={"epochs": 3}))
    assert fingerprint(model) != fingerprint(replace(model, **change))  # pyright: ignore[reportArgumentType]


def test_a_torn_line_and_a_damaged_one_cost_only_themselves(model: Model, paths: list[Path]) -> None:
    first = interrupted(model, paths, 130)
    (journal,) = batches_dir().glob("*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == first
    journal.write_bytes(
        b"".join([*lines[:5], b"\xff\x00 nothing\n", b'["a", 1, 2, [["b", "c"]]]\n', *lines[6:-1]]) + lines[-1][:-9]
    )
    interrupted(model, paths, 199)
    entries = [line for line in journal.read_bytes().splitlines() if line.startswith(b'["/')]
    assert all(json.loads(line) for line in entries), "what follows a torn line is whole"
    assert whole(model, paths)[1] >= 190


def test_refusals_are_tried_again(model: Model, paths: list[Path]) -> None:
    good = paths[2].read_bytes()
    paths[2].write_bytes(b"no picture")
    before = paths[2].stat().st_mtime_ns
    interrupted(model, paths, 130)
    paths[2].write_bytes(good)
    os.utime(paths[2], ns=(before, before))
    assert whole(model, paths)[0][2].top is not None


def test_an_unfinished_batch_survives_one_of_other_pictures(model: Model, paths: list[Path]) -> None:
    first = interrupted(model, paths[:150], 100)
    assert whole(model, paths[150:] * 4)[1] == 0
    assert whole(model, paths[:150])[1] == first


def test_two_batches_of_one_model_at_once(model: Model, paths: list[Path]) -> None:
    with Batch(classifier(model), paths) as one:
        list(islice(one.answers(), 100))
        with Batch(classifier(model), paths) as other:
            assert other.trouble and not other.can_go_on
            assert len(list(other.answers())) == 200
            other.finish()
        assert one.can_go_on
    assert whole(model, paths)[1] >= 100, "the second one took nothing from the first"


def test_a_group_alone_needs_no_journal(model: Model, paths: list[Path]) -> None:
    asked = classifier(model)
    with Batch(asked, paths[: group_size(asked)]) as batch:
        list(islice(batch.answers(), 2))
        assert not batch.can_go_on and not batch.trouble
    assert not batches_dir().exists()


def test_a_disk_that_takes_nothing_is_said_and_the_batch_goes_on(model: Model, paths: list[Path]) -> None:
    batches_dir().parent.mkdir(parents=True)
    batches_dir().write_text("a file where the folder should be")
    with Batch(classifier(model), paths) as batch:
        assert len(list(batch.answers())) == 200
        assert "can't be kept" in batch.trouble
        batch.finish()


def test_a_disk_that_fills_up_is_said_too(model: Model, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, content: bytes) -> int:
            raise OSError(28, os.strerror(28))

        def close(self) -> None:
            raise OSError(28, os.strerror(28))

    with Batch(classifier(model), paths) as batch:
        assert batch._journal is not None
        monkeypatch.setattr(batch._journal, "_stream", Full())
        assert len(list(batch.answers())) == 200
        assert os.strerror(28) in batch.trouble


def test_old_journals_are_swept(model: Model, paths: list[Path]) -> None:
    batches_dir().mkdir(parents=True)
    old, young = batches_dir() / "old.jsonl", batches_dir() / "young.jsonl"
    for file, days in ((old, 61), (young, 50)):
        file.touch()
        when = time.time() - days * 86_400
        os.utime(file, (when, when))
    interrupted(model, paths, 1)
    assert young.exists() and not old.exists()

"""When an export counts as one that answers alike."""

import numpy as np
import pytest

from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.progress import no_progress
from cnn_desktop.predict.export.proof import Pictures, Proof, in_batches, prove
from cnn_desktop.predict.export.sample_pictures import sample_pictures

WANTED = np.array([[-3.0, 1.0, 5.0]])


def proof_of(given: np.ndarray, wanted: np.ndarray = WANTED) -> Proof:
    picture = np.zeros((1, 1, 3), np.uint8)
    return prove("Net", "a runtime", lambda _: wanted, lambda _: given, [[picture]], 1e-4, no_progress)


def test_the_difference_is_a_share_of_the_range_of_the_models_logits() -> None:
    proof = proof_of(WANTED + np.array([0, 4e-4, -2e-4]))
    assert proof.difference == pytest.approx(5e-5)
    assert (proof.what, proof.runtime, proof.pictures) == ("Net", "a runtime", 1)
    assert str(proof) == (
        "Net: largest difference 5e-05 of the logits’ range on 1 pictures, where 0.0001 is allowed (a runtime)"
    )


@pytest.mark.parametrize(
    "given",
    [WANTED + np.array([0, 0, 9e-4]), WANTED * np.nan, WANTED[:, :2], WANTED + np.array([np.inf, 0, 0])],
    ids=["too far", "no number", "another count of classes", "infinite"],
)
def test_what_answers_something_else_fails(given: np.ndarray) -> None:
    with pytest.raises(ExportError, match=r"The export failed.*a runtime"):
        proof_of(given)


def test_logits_that_are_all_equal_must_be_met() -> None:
    flat = np.ones((1, 3))
    assert proof_of(flat, flat).difference == 0
    with pytest.raises(ExportError):
        proof_of(flat + np.array([0, 1e-9, 0]), flat)


def test_pictures_come_in_batches_of_several_sizes() -> None:
    batches = in_batches(sample_pictures(16))
    assert [len(batch) for batch in batches] == [1, 3, 4, 4, 4]
    assert len({picture.tobytes() for batch in batches for picture in batch}) == 16


def test_sample_pictures_are_the_same_each_time_and_use_the_whole_range() -> None:
    first, second = sample_pictures(16), sample_pictures(16)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    assert len({picture.shape for picture in first}) == 4
    values = np.concatenate([picture.ravel() for picture in first])
    assert (values.min(), values.max()) == (0, 255)
    assert values.std() > 50


def test_progress_counts_batches() -> None:
    seen: list[tuple[int, int]] = []

    def answer(pictures: Pictures) -> np.ndarray:
        return np.arange(3.0) * np.ones((len(pictures), 1))

    pictures = in_batches(sample_pictures(8))
    prove("Net", "a runtime", answer, answer, pictures, 1e-4, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3)]

"""Contestant: photos through MobileNetV2. Run as: batch_contestant.py WAY FOLDER WEIGHTS, empty for random ones.

WAY is `ours` or `ours-bf16` (as `predict` and the window do it, journal included, in the automatic precision or in
bf16), `loop` (Image.open, the published transforms, a
forward pass in fp32, one photo after the other) or `loader` (the same by torch's DataLoader: two workers, 32 at once).
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.models import MobileNet_V2_Weights, mobilenet_v2

from benchmarks.answering import Answer, Answers

_WEIGHTS = MobileNet_V2_Weights.IMAGENET1K_V1
_TOP = 10
_AT_ONCE = 32

Pass = Callable[[Sequence[Path]], list[list[str]]]
"""The best classes of each photo, best first."""


def main() -> None:
    """Make ready, then answer whenever told to."""
    answers = Answers()
    way, folder, weights = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    paths = sorted(folder.iterdir())
    with tempfile.TemporaryDirectory() as place:
        file = Path(weights) if weights else _random_weights(Path(place))
        ways = {"ours": partial(_ours, precision="auto"), "ours-bf16": partial(_ours, precision="bf16")}
        answer, precision = {**ways, "loop": _loop, "loader": _loader}[way](file)
        answers.serve({"precision": precision}, lambda count: _timed(answer, paths[:count]))


def _timed(answer: Pass, paths: Sequence[Path]) -> Answer:
    began = time.perf_counter()
    tops = answer(paths)
    return {"seconds": time.perf_counter() - began, "tops": tops}


def _random_weights(folder: Path) -> Path:
    torch.manual_seed(0)
    file = folder / "random.pth"
    torch.save(mobilenet_v2().state_dict(), file)
    return file


def _ours(weights: Path, precision: str) -> tuple[Pass, str]:
    from cnn_desktop.models.weights import open_model  # noqa: PLC0415 - the others do without the program
    from cnn_desktop.predict.batch import Batch  # noqa: PLC0415
    from cnn_desktop.predict.classifier import Classifier  # noqa: PLC0415

    classifier = Classifier(open_model("mobilenet_v2", weights), precision=precision)

    def answer(paths: Sequence[Path]) -> list[list[str]]:
        with Batch(classifier, paths, _TOP) as batch:
            tops = [[guess.label for guess in found.top or ()] for found in batch.answers()]
            batch.finish()
        return tops

    return answer, classifier.precision


def _plain_model(weights: Path) -> nn.Module:
    model = mobilenet_v2()
    model.load_state_dict(torch.load(weights, weights_only=True))
    return model.eval()


def _named(logits: torch.Tensor) -> list[list[str]]:
    best = logits.softmax(1).topk(_TOP).indices.tolist()
    return [[_WEIGHTS.meta["categories"][index] for index in row] for row in best]


def _loop(weights: Path) -> tuple[Pass, str]:
    model, transforms = _plain_model(weights), _WEIGHTS.transforms()

    def answer(paths: Sequence[Path]) -> list[list[str]]:
        tops: list[list[str]] = []
        with torch.inference_mode():
            for path in paths:
                with Image.open(path) as photo:
                    tops += _named(model(transforms(photo.convert("RGB")).unsqueeze(0)))
        return tops

    return answer, "fp32"


class _Photos(Dataset[torch.Tensor]):
    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._transforms = _WEIGHTS.transforms()

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        with Image.open(self._paths[index]) as photo:
            return self._transforms(photo.convert("RGB"))


def _loader(weights: Path) -> tuple[Pass, str]:
    model = _plain_model(weights)

    def answer(paths: Sequence[Path]) -> list[list[str]]:
        with torch.inference_mode():
            batches = DataLoader(_Photos(paths), batch_size=_AT_ONCE, num_workers=2)
            return [top for batch in batches for top in _named(model(batch))]

    return answer, "fp32"


if __name__ == "__main__":
    main()

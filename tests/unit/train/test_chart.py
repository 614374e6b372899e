import json
from pathlib import Path

from PIL import Image

from cnn_desktop.core.events import EpochDone
from cnn_desktop.train.runs.chart import write_chart


def test_the_chart_shows_both_curves(tmp_path: Path) -> None:
    events = [EpochDone(n, n * 10, 1 / n, 1 - 1 / (n + 1), 1.2 / n, 0.5, 0.1, 100.0, n, True) for n in (1, 2, 3)]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(event.to_json()) + "\n" for event in events))
    picture = Image.open(write_chart(tmp_path)).convert("RGB")
    colours = {colour for _count, colour in picture.getcolors(maxcolors=2**24) or []}
    assert (0, 114, 178) in colours and (213, 94, 0) in colours


def test_a_run_without_validation_has_one_curve(tmp_path: Path) -> None:
    event = EpochDone(1, 10, 0.5, 0.9, None, None, 0.1, 100.0, 1.0, True)
    (tmp_path / "metrics.jsonl").write_text(json.dumps(event.to_json()) + "\n")
    picture = Image.open(write_chart(tmp_path)).convert("RGB")
    colours = {colour for _count, colour in picture.getcolors(maxcolors=2**24) or []}
    assert (0, 114, 178) in colours and (213, 94, 0) not in colours

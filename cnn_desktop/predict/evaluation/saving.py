"""An evaluation as files: a page for people, JSON for programs, a table for spreadsheets."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import Dataset
from cnn_desktop.predict.evaluation.answers import Answers
from cnn_desktop.predict.evaluation.comparing import Comparison
from cnn_desktop.predict.evaluation.confusion import Confusion
from cnn_desktop.predict.evaluation.figures import evaluate
from cnn_desktop.predict.evaluation.html import page
from cnn_desktop.predict.evaluation.mistakes import answered


def report_json(answers: Answers, comparison: Comparison | None = None) -> dict[str, Any]:
    """All figures as one object; `confusion` holds [label, answer, count], as places in `classes`, where it isn't 0."""
    counts = Confusion(answers).counts
    rows, columns = np.nonzero(counts)
    cells = zip(rows.tolist(), columns.tolist(), counts[rows, columns].tolist(), strict=True)
    compared = {} if comparison is None else {"comparison": comparison.to_json()}
    return {**evaluate(answers).to_json(), "confusion": [list(cell) for cell in cells], **compared}


def write_html(
    path: Path,
    answers: Answers,
    dataset: Dataset,
    comparison: Comparison | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write the page that `html.page` makes.

    Raises:
        CnnDesktopError: the file can't be written.
        CancelledError: `progress` raised it.
    """
    _write(path, page(answers, dataset, comparison, progress).encode())


def write_json(path: Path, answers: Answers, comparison: Comparison | None = None) -> None:
    """Write `report_json`.

    Raises:
        CnnDesktopError: the file can't be written.
    """
    _write(path, (json.dumps(report_json(answers, comparison), ensure_ascii=False, indent=1) + "\n").encode())


def write_csv(path: Path, answers: Answers) -> None:
    """Write a row a picture, in the order of the split; UTF-8 with a mark, so that spreadsheets read it right.

    Raises:
        CnnDesktopError: the file can't be written.
    """
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["picture", "label", "answer", "right", "probability", "probability of the label", "loss"])
    for one in answered(answers, np.arange(len(answers))):
        shares = f"{one.probability:.6f}", f"{one.label_probability:.6f}", f"{one.loss:.6f}"
        table.writerow([one.key, one.label, one.answer, int(one.is_right), *shares])
    _write(path, text.getvalue().encode("utf-8-sig"))


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomic(path, content)
    except OSError as error:
        message = _("{file} can't be written: {reason}.")
        raise CnnDesktopError(message.format(file=path, reason=error.strerror or one_line(error))) from error

"""Answers as tables: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cnn_desktop.core.errors import CnnDesktopError, one_line
from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.language import _
from cnn_desktop.core.path_text import shown
from cnn_desktop.predict.batch.answer import Answer


def write_csv(path: Path, answers: Iterable[Answer], threshold: float = 0.0) -> None:
    """Write a row a picture: file, error, then class and probability of each guess, best first.

    UTF-8 with a mark, so that spreadsheets read it right. With a `threshold`, a column says which answers are unsure.

    Raises:
        CnnDesktopError: the file can't be written.
    """
    rows = list(answers)
    widest = max((len(answer.top or ()) for answer in rows), default=0)
    text = io.StringIO()
    table = csv.writer(text)
    unsure = ["unsure"] if threshold else []
    guesses = [name for k in range(1, widest + 1) for name in (f"class {k}", f"probability {k}")]
    table.writerow(["image", "error", *unsure, *guesses])
    table.writerows(_cells(answer, threshold) for answer in rows)
    _write(path, text.getvalue().encode("utf-8-sig"))


def write_json(path: Path, answers: Sequence[Answer], threshold: float = 0.0) -> None:
    """Write a list with an object a picture, as `as_json` makes them, one on each line.

    Raises:
        CnnDesktopError: the file can't be written.
    """
    lines = ",\n".join(json.dumps(as_json(answer, threshold)) for answer in answers)
    _write(path, f"[\n{lines}\n]\n".encode())


def as_json(answer: Answer, threshold: float = 0.0) -> dict[str, Any]:
    """`{"image": …, "top": [{"class": …, "probability": …}, …]}` or `{"image": …, "error": …}`.

    With a `threshold`, `"unsure"` says whether the best class is less probable.
    """
    image = os.fspath(answer.image)
    if answer.top is None:
        return {"image": image, "error": answer.error}
    top = [{"class": guess.label, "probability": guess.probability} for guess in answer.top]
    unsure = {"unsure": answer.is_unsure(threshold)} if threshold else {}
    return {"image": image, "top": top, **unsure}


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomic(path, content)
    except OSError as error:
        text = _("The answers can't be saved as {file} ({reason}); choose another place.")
        reason = error.strerror or one_line(error)
        raise CnnDesktopError(text.format(file=shown(path), reason=reason)) from error


def _cells(answer: Answer, threshold: float) -> list[str]:
    unsure = [("yes" if answer.is_unsure(threshold) else "") if answer.top else ""] if threshold else []
    guesses = [cell for guess in answer.top or () for cell in (guess.label, f"{guess.probability:.6f}")]
    return [shown(answer.image), answer.error or "", *unsure, *guesses]

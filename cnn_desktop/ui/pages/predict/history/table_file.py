"""The history as a file: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from cnn_desktop.core.files import write_atomic
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.ui.pages.predict.history.entries import HistoryEntry


def write_table(
    target: Path, entries: Sequence[HistoryEntry], unsure_below: float, progress: Progress = no_progress
) -> None:
    """Write an entry a row, as JSON where `target` is called so, else as CSV (UTF-8 with a mark, for spreadsheets).

    Raises:
        OSError: the file can't be written.
    """
    progress(0, 0)
    if target.suffix.lower() == ".json":
        rows = [_as_json(entry, unsure_below) for entry in entries]
        write_atomic(target, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        write_atomic(target, _as_csv(entries, unsure_below).encode("utf-8-sig"))


def _as_json(entry: HistoryEntry, unsure_below: float) -> dict[str, object]:
    return {
        "image": entry.address,
        "inverted": entry.is_inverted,
        "model": entry.model,
        "unsure": entry.is_unsure(unsure_below),
        "top": [{"class": name, "probability": share} for name, share in entry.classes],
    }


def _as_csv(entries: Sequence[HistoryEntry], unsure_below: float) -> str:
    widest = max((len(entry.classes) for entry in entries), default=0)
    text = io.StringIO()
    table = csv.writer(text)
    numbered = [name for place in range(1, widest + 1) for name in (f"class {place}", f"probability {place}")]
    table.writerow(["image", "inverted", "model", "unsure", *numbered])
    for entry in entries:
        cells = [cell for name, share in entry.classes for cell in (name, f"{share:.6f}")]
        flags = ["yes" if flag else "no" for flag in (entry.is_inverted, entry.is_unsure(unsure_below))]
        table.writerow([entry.address, flags[0], entry.model, flags[1], *cells])
    return text.getvalue()

"""From a dataset to what a person should know about it before an hour of training goes into it."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence

from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.dataset import SPLIT_NAMES, Dataset, SplitName
from cnn_desktop.data.health.balance import Keys, balance_findings
from cnn_desktop.data.health.duplicates import duplicate_findings
from cnn_desktop.data.health.examining import Examined, Unreadable, examine
from cnn_desktop.data.health.left_out import left_out_findings
from cnn_desktop.data.health.report import Facts, HealthReport, in_order_of_harm
from cnn_desktop.data.health.shortcuts import shortcut_findings


def check_dataset(dataset: Dataset, progress: Progress = no_progress) -> HealthReport:
    """Read every picture of `dataset` once and say what is odd about them; `progress` counts pictures.

    Leaks are those between the splits that it has: give it the ones that training will use.

    Raises:
        CancelledError: `progress` raised it; no thread is left behind.
    """
    pictures: list[Examined] = []
    unreadable: list[Unreadable] = []
    for result in examine(dataset, progress):
        if isinstance(result, Examined):
            pictures.append(result)
        else:
            unreadable.append(result)
    keys = _keys(dataset, pictures)
    findings = [
        *duplicate_findings(dataset, pictures),
        *shortcut_findings(pictures, dataset.classes),
        *balance_findings(keys),
        *left_out_findings(unreadable, dataset.skipped),
    ]
    return HealthReport(
        title=_printable(dataset.title),
        source=_printable(dataset.source),
        rule=dataset.rule,
        classes=dataset.classes,
        notices=dataset.notices,
        facts=_facts(keys, pictures),
        findings=in_order_of_harm(findings),
    )


def _keys(dataset: Dataset, pictures: Sequence[Examined]) -> Keys:
    keys: dict[SplitName, dict[str, list[str]]] = {
        split: {name: [] for name in dataset.classes} for split in SPLIT_NAMES if split in dataset.splits
    }
    for picture in pictures:
        keys[picture.ref.split][dataset.classes[picture.label]].append(picture.key)
    return keys


def _facts(keys: Keys, pictures: Sequence[Examined]) -> Facts:
    return Facts(
        counts={split: {name: len(of_class) for name, of_class in classes.items()} for split, classes in keys.items()},
        sizes=_counted("{}×{}".format(*picture.size) for picture in pictures),
        modes=_counted(picture.mode for picture in pictures),
        file_types=_counted(picture.file_type for picture in pictures if picture.file_type),
    )


def _printable(text: str) -> str:
    """A folder's name with whatever bytes, as it can be written into a file."""
    return os.fsencode(text).decode(errors="replace")


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each is there, the most frequent first."""
    return dict(Counter(values).most_common())

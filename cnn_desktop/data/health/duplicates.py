"""Findings on pictures that are there more than once, as they are or in another size, quality or mirrored."""

from collections import defaultdict
from collections.abc import Sequence

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.dataset import Dataset, split_title
from cnn_desktop.data.health.examining import Examined, looks_of
from cnn_desktop.data.health.likeness import like_groups
from cnn_desktop.data.health.report import Finding

Group = Sequence[Examined]


def duplicate_findings(dataset: Dataset, pictures: Sequence[Examined]) -> list[Finding]:
    """The same picture twice, copies that differ a little, and those of both that do harm by where they lie."""
    by_content: dict[bytes, list[Examined]] = defaultdict(list)
    for picture in pictures:
        by_content[picture.digest].append(picture)
    contents = list(by_content.values())
    exact = [group for group in contents if len(group) > 1]
    near_places = like_groups(looks_of([group[0] for group in contents]))
    near = [[picture for place in places for picture in contents[place]] for places in near_places]
    alone = set(range(len(contents))) - {int(place) for places in near_places for place in places}
    alike = [*near, *(group for place in sorted(alone) if len(group := contents[place]) > 1)]
    findings = [
        _leaks([group for group in alike if len({picture.ref.split for picture in group}) > 1]),
        _torn([group for group in alike if len({picture.label for picture in group}) > 1], dataset.classes),
        _exact(exact),
        _near(near),
    ]
    return [finding for finding in findings if finding is not None]


def _exact(groups: list[list[Examined]]) -> Finding | None:
    if not groups:
        return None
    title = ngettext(
        "{count} picture is there more than once", "{count} pictures are there more than once", len(groups)
    )
    sentence = _("They are the same to the last bit. A picture that is there twice counts twice; leave the others out.")
    return Finding("exact_duplicates", "note", title.format(count=len(groups)), sentence, _keys(groups))


def _near(groups: list[list[Examined]]) -> Finding | None:
    if not groups:
        return None
    title = ngettext(
        "{count} picture has copies that differ a little",
        "{count} pictures have copies that differ a little",
        len(groups),
    )
    sentence = _("They are one picture in another size, quality or brightness, or mirrored. Keep the best of each.")
    return Finding("near_duplicates", "note", title.format(count=len(groups)), sentence, _keys(groups))


def _leaks(groups: list[list[Examined]]) -> Finding | None:
    if not groups:
        return None
    title = ngettext(
        "{count} picture is in more than one split", "{count} pictures are in more than one split", len(groups)
    )
    sentence = _(
        "What was learned by heart in training is measured again: the accuracy will look better than it is. "
        "Leave out the copies, or those in training."
    )
    marks = {picture.key: split_title(picture.ref.split) for group in groups for picture in group}
    return Finding("leaks", "warning", title.format(count=len(groups)), sentence, _keys(groups), marks)


def _torn(groups: list[list[Examined]], classes: Sequence[str]) -> Finding | None:
    if not groups:
        return None
    title = ngettext(
        "{count} picture is in more than one class", "{count} pictures are in more than one class", len(groups)
    )
    sentence = _("No network can be right about both. Keep the copy in the right class, and leave out the others.")
    marks = {picture.key: classes[picture.label] for group in groups for picture in group}
    return Finding("torn", "warning", title.format(count=len(groups)), sentence, _keys(groups), marks)


def _keys(groups: list[list[Examined]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(picture.key for picture in group) for group in groups)

"""Keeping designs: which names are free, saving under a new name, deleting. Imported once torch is there."""

from cnn_desktop.core.design import Design
from cnn_desktop.core.language import _
from cnn_desktop.models.archs import architectures
from cnn_desktop.models.design.reading import design_of, plain_architectures
from cnn_desktop.models.design.store import delete_design, design_names, name_for, save_design, saved_designs
from cnn_desktop.models.zoo.families import family_of

__all__ = ["delete_design", "designs_to_start_from", "kept", "name_of", "saved_designs", "untaken_title"]


_LONGEST = 50
"""Characters of a title that leave room for a number."""


def designs_to_start_from() -> list[Design]:
    """The registered architectures that are plain stacks, as designs."""
    return [design for architecture in plain_architectures() if (design := design_of(architecture)) is not None]


def name_of(title: str, opened: str) -> str:
    """The name under which a design of that title would be kept; `opened` is the one that it has so far, or empty."""
    name = name_for(title, {*architectures, *design_names()} - {opened})
    return name if family_of(name) is None else name_for(f"my_{name}", {*design_names()} - {opened})


def kept(design: Design, opened: str) -> Design:
    """Save `design` under the name that its title gives it, in place of the one called `opened`.

    Raises:
        CnnDesktopError: it can't be written; what was there stays.
    """
    named = design.changed(name=name_of(design.title, opened))
    save_design(named)
    if opened and opened != named.name:
        delete_design(opened)
    return named


def untaken_title(title: str) -> str:
    """`title`, with a number behind it where a design or an architecture of the program is called so already."""
    taken = {architectures[name].title for name in architectures} | {design.title for design in saved_designs()}
    number, found = 2, title
    while found in taken:
        found = _("{title} {number}").format(title=title[:_LONGEST], number=number)
        number += 1
    return found

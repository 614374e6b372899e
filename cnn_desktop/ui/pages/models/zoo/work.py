"""What the jobs of the dialog do. The engine is imported inside, after first paint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cnn_desktop.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from cnn_desktop.models.zoo import ZooEntry


@dataclass(frozen=True)
class ZooRow:
    """Published weights, and whether they are on this machine."""

    entry: ZooEntry
    is_present: bool

    @property
    def weights(self) -> str:
        """The publisher's name of the weights, without what all of them begin with."""
        return self.entry.weights.removeprefix("IMAGENET1K_")

    @property
    def line(self) -> str:
        """Which network it is, and which weights where they aren't the usual ones."""
        return self.entry.name if self.entry.ref == self.entry.name else f"{self.entry.name} · {self.weights}"

    @cached_property
    def searched(self) -> str:
        """In what the search looks."""
        entry = self.entry
        return " ".join((entry.name, entry.title, entry.summary, entry.weights)).casefold()


def list_networks(progress: Progress = no_progress) -> list[ZooRow]:
    """Everything that torchvision publishes."""
    from cnn_desktop.models.zoo import zoo_entries

    progress(0, 0)
    return [ZooRow(entry, entry.is_present()) for entry in zoo_entries()]


def download(ref: str, progress: Progress = no_progress) -> None:
    """Fetch the weights of a network; `progress` counts bytes.

    Raises:
        CnnDesktopError: in one sentence, why they didn't come.
    """
    from cnn_desktop.models.weights import fetch_pretrained

    fetch_pretrained(ref, progress)


def remove(ref: str, progress: Progress = no_progress) -> None:
    """Remove the weights of a network from this machine.

    Raises:
        CnnDesktopError: in one sentence, why they stay.
    """
    from cnn_desktop.models.weights import remove_pretrained

    progress(0, 0)
    remove_pretrained(ref)

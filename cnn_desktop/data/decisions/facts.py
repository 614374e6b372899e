"""What can be decided about a dataset, as plain facts."""

from collections.abc import Iterable

from pydantic import Field

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.validated import Validated
from cnn_desktop.data.dataset import SplitName


class SplitPlan(Validated):
    """Which pictures are held out, once and for all runs."""

    validation: float = Field(ge=0, lt=1)
    """The share of all pictures that are divided."""
    test: float = Field(ge=0, lt=1)
    """The same; at 0 a test split that the dataset brings stays what it is."""
    seed: int
    members: dict[str, SplitName]
    """Keys of the pictures in validation and test; all others are for training."""


class Decisions(Validated):
    """What is left out, renamed, moved and held out; the order in which it was decided doesn't matter."""

    renamed: dict[str, str] = Field(default_factory=dict)
    """Class as found → as the person calls it; classes that come to one name are one class."""
    left_out_classes: tuple[str, ...] = ()
    """By the names that they have after renaming."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Key of a picture → why."""
    moved: dict[str, str] = Field(default_factory=dict)
    """Key of a picture → its class, by the name that it has after renaming."""
    split: SplitPlan | None = None
    kept: dict[str, tuple[tuple[str, ...], ...]] = Field(default_factory=dict)
    """Kind of finding → groups of pictures that are as they should be, whatever it says of them."""

    def without(self, keys: Iterable[str], why: str) -> "Decisions":
        """The same with pictures left out."""
        return self.changed(left_out=self.left_out | dict.fromkeys(keys, why))

    def with_back(self, keys: Iterable[str]) -> "Decisions":
        """The same with pictures that were left out, or else moved, where they were before."""
        back = set(keys)
        return self.changed(
            left_out={key: why for key, why in self.left_out.items() if key not in back},
            moved={key: name for key, name in self.moved.items() if key not in back or key in self.left_out},
            kept={
                kind: others
                for kind, groups in self.kept.items()
                if (others := tuple(group for group in groups if back.isdisjoint(group)))
            },
        )

    def with_kept(self, kind: str, groups: Iterable[tuple[str, ...]]) -> "Decisions":
        """The same with groups of pictures that a finding of that kind shall not name any more."""
        return self.changed(kept=self.kept | {kind: tuple(dict.fromkeys((*self.kept.get(kind, ()), *groups)))})

    def with_class(self, keys: Iterable[str], name: str) -> "Decisions":
        """The same with pictures moved to a class; those that were left out stay so."""
        return self.changed(moved=self.moved | dict.fromkeys(keys, _required(name)))

    def with_name(self, old: str, new: str) -> "Decisions":
        """The same with a class under another name; where a class has that name already, the two are one.

        Raises:
            BadInputError: no name, or that of a class which is left out.
        """
        new = _required(new).strip()
        if new != old and new in self.left_out_classes:
            message = _("A class {name} is left out; take it back, or choose another name.")
            raise BadInputError(message.format(name=new))
        renamed = {found: new if name == old else name for found, name in ({old: old} | self.renamed).items()}
        return self.changed(
            renamed={found: name for found, name in renamed.items() if found != name},
            left_out_classes=tuple(new if name == old else name for name in self.left_out_classes),
            moved={key: new if name == old else name for key, name in self.moved.items()},
        )

    def without_class(self, name: str) -> "Decisions":
        """The same with a class left out."""
        return self.changed(left_out_classes=(*(left for left in self.left_out_classes if left != name), name))

    def with_class_back(self, name: str) -> "Decisions":
        """The same with a class that was left out."""
        return self.changed(left_out_classes=tuple(left for left in self.left_out_classes if left != name))

    def with_split(self, plan: SplitPlan | None) -> "Decisions":
        """The same with pictures held out as planned; None: as the dataset brings them."""
        return self.model_copy(update={"split": plan})


def _required(name: str) -> str:
    if not name.strip():
        raise BadInputError(_("A class needs a name."))
    return name

"""Which architecture a run's settings or a model mean: one known by its name, or a person's own, which they carry."""

import hashlib
from typing import Protocol

from cnn_desktop.core.design import Design
from cnn_desktop.core.errors import ModelError
from cnn_desktop.core.language import _
from cnn_desktop.models.architecture import Architecture, architectures, find_architecture
from cnn_desktop.models.design.architecture import DesignedArchitecture
from cnn_desktop.models.design.store import has_design, load_design, saved_designs


class Described(Protocol):
    """A run's settings or a model: they say what their architecture is called, and carry it where it is designed."""

    @property
    def architecture(self) -> str:
        """Its name."""
        ...

    @property
    def design(self) -> Design | None:
        """The layers of a person's own design as they were then; None: `architecture` is known by its name."""
        ...


def architecture_of(described: Described) -> Architecture:
    """The architecture of a model or of a run's settings.

    Raises:
        BadInputError: it is known by its name only, and nothing has that name.
    """
    return (
        find_architecture(described.architecture)
        if described.design is None
        else DesignedArchitecture(described.design)
    )


def trainable(described: Described) -> Architecture:
    """What a run with these settings trains: a design, or what is registered.

    Raises:
        BadInputError: nothing that can be trained has that name; the message lists the nearest names.
        ModelError: a design of that name can't be read.
    """
    if described.design is not None:
        return DesignedArchitecture(described.design)
    name = described.architecture
    return (None if name in architectures else own_design(name)) or architectures[name]


def all_trainable() -> list[Architecture]:
    """The registered architectures, then a person's own designs by title."""
    import cnn_desktop.models.archs  # noqa: F401, PLC0415 - registers them

    return [*(architectures[name] for name in architectures), *map(DesignedArchitecture, saved_designs())]


def require_same(found: Architecture, wanted: Architecture, place: object, way_out: str) -> None:
    """Refuse the model at `place`, of the architecture `found`, where one of `wanted` is needed.

    Raises:
        ModelError: it is another; the sentence ends with `way_out`.
    """
    if found.name != wanted.name:
        text = _("“{file}” holds a {there}, not a {wanted}: {way_out}.")
    elif found != wanted:
        text = _("“{file}” has other layers than {wanted} has now: {way_out}.")
    else:
        return
    raise ModelError(text.format(file=place, there=found.title, wanted=wanted.title, way_out=way_out))


def identity(described: Described) -> str:
    """What tells an architecture from all others: its name, and of a person's own design a digest of its layers."""
    if described.design is None:
        return described.architecture
    digest = hashlib.sha256(described.design.model_dump_json().encode()).hexdigest()
    return f"{described.architecture}:{digest[:16]}"


def own_design(name: str) -> Architecture | None:
    """The saved design called `name`; None where there is none.

    Raises:
        ModelError: its file can't be read.
    """
    return DesignedArchitecture(load_design(name)) if has_design(name) else None

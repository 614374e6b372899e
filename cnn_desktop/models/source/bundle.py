"""Functions, classes and constants of this program as one piece of source, with all that they need and no more."""

import ast
import builtins
import importlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from cnn_desktop.models.source.definitions import (
    NOT_NEEDED,
    definitions,
    imports,
    is_assignment,
    names_in,
    parsed_method,
)
from cnn_desktop.models.source.imports import import_block

PROGRAM = "cnn_desktop"

_SPEECH = {"_", "ngettext"}
"""What translates."""


class Bundle:
    """Collects definitions; whatever they name in this program comes with them, before them.

    So a script computes what the program computes: it holds the very same lines.

    Args:
        own: names that the script defines itself, and what it puts in their place; nothing is followed from there.
    """

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._own = dict(own or {})
        self._sources: dict[str, str] = {}
        self._constants: set[str] = set()
        self._origins: dict[str, str] = {}
        self._imports: set[str] = set()

    def add(self, *things: Callable[..., Any] | type) -> None:
        """Take in functions and classes that stand at the top of a module.

        Raises:
            ValueError: something else of the same name is in the bundle already, or a part can't stand alone.
            ExportError: this installation of the program holds no source.
        """
        for thing in things:
            self._add(sys.modules[thing.__module__], thing.__name__)

    def add_method(self, method: Callable[..., Any], owner: object, name: str) -> None:
        """Take in a method as the function `name` without `self`.

        What it asks `owner` for becomes a constant, and `super().method` the function `base_method`.
        """
        node, source = parsed_method(method)
        source = source.replace(f"def {method.__name__}(self, ", f"def {name}(", 1)
        source = re.sub(r"\{self\.(\w+)\}", lambda found: str(getattr(owner, found[1])), source)
        source = re.sub(r"\bself\.(\w+)\b", lambda found: _literal(getattr(owner, found[1])), source)
        source = re.sub(r"\bsuper\(\)\.(\w+)", r"base_\1", source)
        self._follow(sys.modules[method.__module__], node)
        self.write(name, source)

    def write(self, name: str, source: str) -> None:
        """Take in a definition that was written for the script."""
        self._sources[name] = source.rstrip()

    def need(self, *imports: str) -> None:
        """Take in import statements."""
        self._imports.update(imports)

    @property
    def imports(self) -> str:
        """All import statements, in their order."""
        return import_block(self._imports)

    def take(self) -> str:
        """The definitions since the last call, in an order in which each finds what it needs; constants first."""
        names = [name for name in self._sources if self._sources[name]]
        names.sort(key=lambda name: name not in self._constants)
        text = _spaced([self._sources[name] for name in names])
        self._sources.update(dict.fromkeys(names, ""))
        return text

    def _add(self, module: ModuleType, name: str) -> None:
        origin = f"{module.__name__}.{name}"
        if name in self._origins:
            if self._origins[name] != origin:
                raise ValueError(f"{origin} and {self._origins[name]} can't both be called {name}")
            return
        self._origins[name] = origin
        if name in self._own:
            self.write(name, self._own[name])
            return
        definition = definitions(module)[name]
        needed = self._follow(module, definition.node)
        if is_assignment(definition.node) and self._constants.issuperset(needed):
            self._constants.add(name)
        self.write(name, definition.source)

    def _follow(self, module: ModuleType, node: ast.AST) -> set[str]:
        """Take in what `node` names; these of this program are returned."""
        defined, imported = definitions(module), imports(module)
        needed: set[str] = set()
        for name in names_in(node):
            if name in defined:
                self._add(module, name)
                needed.add(name)
            elif name in imported:
                if self._import(name, *imported[name]):
                    needed.add(name)
            elif not hasattr(builtins, name) and hasattr(module, name):
                raise ValueError(f"{module.__name__}.{name} has no source")
        return needed

    def _import(self, name: str, source: str, attribute: str) -> bool:
        """Take in an imported name; whether it is one of this program."""
        if name in NOT_NEEDED:
            return False
        if source.partition(".")[0] == PROGRAM:
            if attribute in _SPEECH:
                raise ValueError("what speaks to people can't stand alone")
            self._add(importlib.import_module(source), attribute)
            return True
        given = "" if name in (source, attribute) else f" as {name}"
        self.need(f"from {source} import {attribute}{given}" if attribute else f"import {source}{given}")
        return False


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _is_block(source: str) -> bool:
    return re.search(r"^(def|class|@)", source, re.MULTILINE) is not None


def _spaced(sources: list[str]) -> str:
    """Definitions as a formatter would set them: two empty lines around functions and classes."""
    text = ""
    for before, source in zip(["", *sources], sources, strict=False):
        gap = "\n\n\n" if _is_block(before) or _is_block(source) else "\n"
        text += (gap if before else "") + source
    return text

"""Functions, classes and constants of this program as one piece of source, with all that they need and no more."""

import ast
import builtins
import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

PROGRAM = "cnn_desktop"

_NOT_NEEDED = {"override"}
"""Marks for type checkers."""
_SPEECH = {"_", "ngettext"}
"""What translates."""


class Definition(NamedTuple):
    """A statement at the top of a module, with the comment above and the text below that belong to it."""

    node: ast.stmt
    source: str


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
        """
        for thing in things:
            self._add(sys.modules[thing.__module__], thing.__name__)

    def add_method(self, method: Callable[..., Any], owner: object, name: str) -> None:
        """Take in a method as the function `name` without `self`.

        What it asks `owner` for becomes a constant, and `super().method` the function `base_method`.
        """
        node, source = _method(method)
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
        """All import statements as isort would have them: the standard library, then the others."""
        statements = sorted(self._imports, key=_import_order)
        standard = [line for line in statements if _top(line) in sys.stdlib_module_names]
        others = [line for line in statements if _top(line) not in sys.stdlib_module_names]
        return "\n\n".join("\n".join(_merged(lines)) for lines in (standard, others) if lines)

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
        definition = _definitions(module)[name]
        needed = self._follow(module, definition.node)
        if _is_assignment(definition.node) and self._constants.issuperset(needed):
            self._constants.add(name)
        self.write(name, definition.source)

    def _follow(self, module: ModuleType, node: ast.AST) -> set[str]:
        """Take in what `node` names; these of this program are returned."""
        definitions, imports = _definitions(module), _imports(module)
        needed: set[str] = set()
        for name in _names(node):
            if name in definitions:
                self._add(module, name)
                needed.add(name)
            elif name in imports:
                if self._import(name, *imports[name]):
                    needed.add(name)
            elif not hasattr(builtins, name) and hasattr(module, name):
                raise ValueError(f"{module.__name__}.{name} has no source")
        return needed

    def _import(self, name: str, source: str, attribute: str) -> bool:
        """Take in an imported name; whether it is one of this program."""
        if name in _NOT_NEEDED:
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


@lru_cache
def _definitions(module: ModuleType) -> dict[str, Definition]:
    lines = inspect.getsource(module).splitlines()
    body = ast.parse("\n".join(lines)).body
    found: dict[str, Definition] = {}
    for place, node in enumerate(body):
        after = body[place + 1] if place + 1 < len(body) else None
        last = after if _is_assignment(node) and _is_text(after) else node
        for name in _defined(node):
            found[name] = Definition(node, _cut(lines, node, last or node))
    return found


@lru_cache
def _imports(module: ModuleType) -> dict[str, tuple[str, str]]:
    """What each imported name of a module is: where it is from, and what it is called there (empty: a module)."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        match node:
            case ast.Import():
                found |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
            case ast.ImportFrom(module=str(source)):
                found |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
            case _:
                pass
    return found


def _method(method: Callable[..., Any]) -> tuple[ast.AST, str]:
    source = inspect.cleandoc("\n" + inspect.getsource(method))
    return ast.parse(source), _without_marks(source)


def _cut(lines: list[str], node: ast.stmt, last: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return _without_marks("\n".join(lines[first : last.end_lineno]))


def _without_marks(source: str) -> str:
    lines = [line for line in source.splitlines() if line.strip() not in {f"@{name}" for name in _NOT_NEEDED}]
    return "\n".join(re.sub(r"  # (noqa|pyright): .*$", "", line) for line in lines)


def _names(node: ast.AST) -> Iterator[str]:
    """Everything that is named within `node`, once each, in its order; of `a.b` the a."""
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
    yield from dict.fromkeys(names)


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _is_assignment(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign)


def _is_text(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_block(source: str) -> bool:
    return re.search(r"^(def|class|@)", source, re.MULTILINE) is not None


def _spaced(sources: list[str]) -> str:
    """Definitions as a formatter would set them: two empty lines around functions and classes."""
    text = ""
    for before, source in zip(["", *sources], sources, strict=False):
        gap = "\n\n\n" if _is_block(before) or _is_block(source) else "\n"
        text += (gap if before else "") + source
    return text


def _top(statement: str) -> str:
    return statement.split()[1].partition(".")[0]


def _import_order(statement: str) -> tuple[bool, str, str]:
    return statement.startswith("from"), statement.split()[1], statement


def _merged(statements: list[str]) -> list[str]:
    """Names that come from one module in one statement."""
    merged: dict[str, set[str]] = {}
    for statement in statements:
        head, _import, names = statement.partition(" import ")
        merged.setdefault(head, set()).update(names.split(", ") if names else [])
    return [
        f"{head} import {', '.join(sorted(names, key=_name_order))}" if names else head
        for head, names in merged.items()
    ]


def _name_order(name: str) -> tuple[int, str]:
    """As isort has them: constants, then classes, then the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2), name

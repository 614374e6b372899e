"""What stands at the top of this program's modules, as parsed and as text."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

from cnn_desktop.core.errors import ExportError
from cnn_desktop.core.language import _

NOT_NEEDED = {"override"}
"""Marks for type checkers."""


class Definition(NamedTuple):
    """A statement at the top of a module, with the comment above and the text below that belong to it."""

    node: ast.stmt
    source: str


@lru_cache
def definitions(module: ModuleType) -> Mapping[str, Definition]:
    """What stands at the top of a module, by its names.

    Raises:
        ExportError: there is no source.
    """
    lines = source_of(module).splitlines()
    body = ast.parse("\n".join(lines)).body
    found: dict[str, Definition] = {}
    for place, node in enumerate(body):
        after = body[place + 1] if place + 1 < len(body) else None
        last = after if is_assignment(node) and _is_text(after) else node
        for name in _defined(node):
            found[name] = Definition(node, _cut(lines, node, last or node))
    return found


@lru_cache
def imports(module: ModuleType) -> Mapping[str, tuple[str, str]]:
    """What each imported name of a module is: where it is from, and what it is called there (empty: a module)."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(source_of(module)).body:
        match node:
            case ast.Import():
                found |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
            case ast.ImportFrom(module=str(source)):
                found |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
            case _:
                pass
    return found


def parsed_method(method: Callable[..., Any]) -> tuple[ast.AST, str]:
    """A method as it would stand at the top of a module, parsed and as text."""
    source = inspect.cleandoc("\n" + source_of(method))
    return ast.parse(source), _without_marks(source)


def _cut(lines: list[str], node: ast.stmt, last: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return _without_marks("\n".join(lines[first : last.end_lineno]))


def _without_marks(source: str) -> str:
    lines = [line for line in source.splitlines() if line.strip() not in {f"@{name}" for name in NOT_NEEDED}]
    return "\n".join(re.sub(r"  # (noqa|pyright): .*$", "", line) for line in lines)


def names_in(node: ast.AST) -> Iterator[str]:
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


def is_assignment(node: ast.stmt) -> bool:
    """Whether it gives a name a value."""
    return isinstance(node, ast.Assign | ast.AnnAssign)


def _is_text(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def source_of(thing: ModuleType | Callable[..., Any]) -> str:
    """The text of a module or a function.

    Raises:
        ExportError: the program was installed without it.
    """
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError) as error:
        raise ExportError(
            _("This installation of the program holds no source to make a script of; install it by pip for that.")
        ) from error

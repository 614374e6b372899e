"""Import statements, as isort sets them."""

import sys
from collections.abc import Iterable


def import_block(statements: Iterable[str]) -> str:
    """The statements once each: the standard library, an empty line, then the others."""
    ordered = sorted(statements, key=_import_order)
    standard = [line for line in ordered if _top(line) in sys.stdlib_module_names]
    others = [line for line in ordered if _top(line) not in sys.stdlib_module_names]
    return "\n\n".join("\n".join(_merged(lines)) for lines in (standard, others) if lines)


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

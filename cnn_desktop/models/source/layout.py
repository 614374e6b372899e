"""The outer form of a script: its text at the top, imports, and sections under headings."""

from collections.abc import Mapping, Sequence

_WIDTH = 120


def script(summary: str, imports: str, sections: Mapping[str, str]) -> str:
    """A whole Python file, as ruff would format it.

    Args:
        summary: what stands at the top.
        imports: all of them.
        sections: definitions by heading, the last of which is `main`; empty ones are left out.
    """
    end = "\n" if "\n" in summary else ""
    parts = [f'"""{summary}{end}"""', "", imports, ""]
    for heading, text in sections.items():
        if text:
            above = [""] if text.startswith(("def ", "class ", "@")) else []
            below = [""] if text.splitlines()[-1].startswith(" ") else []
            parts += [f"# ---- {heading}", "", *above, text, *below, ""]
    parts += ['if __name__ == "__main__":', "    main()", ""]
    return "\n".join(parts)


def wanted_lines(template: str, conditions: Mapping[str, object]) -> str:
    """The lines of a template that are wanted: `…  #? a -b` is one where `a` holds and `b` doesn't.

    Raises:
        KeyError: a line asks for a condition that isn't given.
    """
    lines: list[str] = []
    for line in template.splitlines():
        text, _mark, asked = line.partition("  #? ")
        if all(bool(conditions[name.removeprefix("-")]) != name.startswith("-") for name in asked.split()):
            lines.append(text)
    return "\n".join(lines)


def assignment(name: str, value: object, comment: str = "") -> str:
    """`name = value`, over as many lines as it takes."""
    line = f"{name} = {literal(value)}"
    if len(line) > _WIDTH and isinstance(value, tuple | list):
        opening, closing = "()" if isinstance(value, tuple) else "[]"
        line = "\n".join([f"{name} = {opening}", *(f"    {literal(item)}," for item in value), closing])
    return f"{line}  # {comment}" if comment else line


def signature(name: str, parameters: Sequence[str], result: str) -> list[str]:
    """The head of a function, over as many lines as it takes."""
    together = ", ".join(parameters)
    if len(line := f"def {name}({together}) -> {result}:") <= _WIDTH:
        return [line]
    inner = [f"    {together}"] if len(together) + 4 <= _WIDTH else [f"    {parameter}," for parameter in parameters]
    return [f"def {name}(", *inner, f") -> {result}:"]


def call(name: str, arguments: Mapping[str, object]) -> str:
    """`name(key=value, …)`, over as many lines as it takes, where it stands to the right of a short name."""
    parts = [f"{key}={literal(value)}" for key, value in arguments.items()]
    line = f"{name}({', '.join(parts)})"
    return line if len(line) + 20 <= _WIDTH else "\n".join([f"{name}(", *(f"    {part}," for part in parts), ")"])


def literal(value: object) -> str:
    """A value as it is written in source, texts in double quotes."""
    match value:
        case str():
            return _quoted(value)
        case tuple():
            items = [literal(item) for item in value]
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        case list():
            return f"[{', '.join(literal(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    plain = repr(text)
    if plain.startswith("'") and '"' not in text:
        return f'"{plain[1:-1]}"'
    return plain

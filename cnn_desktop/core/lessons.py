"""The texts of the lessons: one Markdown file a lesson and language, in `resources/lessons`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cnn_desktop.core.language import languages
from cnn_desktop.core.paths import resources

_ORIGINAL = "en"


@dataclass(frozen=True)
class LessonText:
    """What a lesson says, as Markdown.

    A file begins with the title (`# …`) and a paragraph that is its summary; then come paragraphs, a section that says
    why (`## …`), and a section with a list of things to try (`## …`). Which is which is told by the order alone, so
    that headings can be translated.
    """

    title: str
    summary: str
    paragraphs: tuple[str, ...]
    why_title: str
    why: tuple[str, ...]
    hints_title: str
    hints: tuple[str, ...]


def lesson_names() -> tuple[str, ...]:
    """The lessons in their order, by the names of their files without the number."""
    files = sorted((resources() / "lessons" / _ORIGINAL).glob("*.md"))
    return tuple(file.stem.partition("-")[2] for file in files)


def lesson_text(name: str, wanted: Sequence[str] | None = None) -> LessonText:
    """The text of a lesson in the first of the `wanted` languages that has one, else in English.

    Args:
        name: as `lesson_names` gives it.
        wanted: codes such as “de”; None: what the environment asks for.

    Raises:
        FileNotFoundError: there is no such lesson.
    """
    folder = resources() / "lessons"
    for language in (*(languages() if wanted is None else wanted), _ORIGINAL):
        for file in sorted((folder / language).glob(f"*-{name}.md")):
            return parsed(file.read_text("utf-8"))
    raise FileNotFoundError(folder / _ORIGINAL / f"{name}.md")


def parsed(text: str) -> LessonText:
    """Take a lesson's file apart.

    Raises:
        ValueError: it has another shape than `LessonText` describes.
    """
    head, *sections = re.split(r"^## +", text, flags=re.MULTILINE)
    title, *paragraphs = _paragraphs(head)
    if not title.startswith("# ") or not paragraphs or len(sections) != 2:
        raise ValueError("a lesson has a title, a summary, and two sections")
    (why_title, why), (hints_title, hints) = (section.split("\n", 1) for section in sections)
    return LessonText(
        title.removeprefix("# "),
        paragraphs[0],
        tuple(paragraphs[1:]),
        why_title.strip(),
        tuple(_paragraphs(why)),
        hints_title.strip(),
        tuple(" ".join(hint.split()) for hint in re.split(r"^[-*] +", hints, flags=re.MULTILINE) if hint.strip()),
    )


def _paragraphs(text: str) -> list[str]:
    """Text between empty lines, each on one line; a heading is one of its own."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]

from pathlib import Path

import pytest

from cnn_desktop.core import lessons
from cnn_desktop.core.language import languages
from cnn_desktop.core.lessons import lesson_names, lesson_text, parsed

LESSON = """# Edges

What an edge is.

First paragraph,
over two lines.

Second.

## Why

Because.

## Try

- One
  thing.
- Another *thing*.
"""


def test_a_file_is_taken_apart() -> None:
    text = parsed(LESSON)
    assert (text.title, text.summary) == ("Edges", "What an edge is.")
    assert text.paragraphs == ("First paragraph, over two lines.", "Second.")
    assert (text.why_title, text.why) == ("Why", ("Because.",))
    assert (text.hints_title, text.hints) == ("Try", ("One thing.", "Another *thing*."))


@pytest.mark.parametrize("broken", [LESSON.replace("# Edges", "Edges"), LESSON.replace("## Try", "Try"), "# Only\n"])
def test_a_file_of_another_shape_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="a lesson has"):
        parsed(broken)


@pytest.mark.parametrize("name", lesson_names())
def test_every_lesson_says_why_and_what_to_try(name: str) -> None:
    text = lesson_text(name, [])
    assert text.paragraphs
    assert text.why
    assert len(text.hints) >= 4
    assert len(text.summary) < 130


@pytest.mark.parametrize("name", lesson_names())
def test_every_lesson_is_there_in_german_too(name: str) -> None:
    english, german = lesson_text(name, []), lesson_text(name, ["de_AT", "de"])
    assert german.why_title == "Warum das wichtig ist"
    assert german.summary != english.summary
    for part in ("paragraphs", "why", "hints"):
        assert len(getattr(german, part)) == len(getattr(english, part)), part


def test_there_are_twelve_lessons_in_their_order() -> None:
    names = lesson_names()
    assert len(names) == 12
    assert names[0] == "pictures"
    assert names[2] == "convolution"
    assert names[-1] == "fine-tuning"


def test_a_translation_is_taken_and_english_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, title in (("en", "Edges"), ("de", "Kanten")):
        (tmp_path / "lessons" / language).mkdir(parents=True)
        (tmp_path / "lessons" / language / "03-edges.md").write_text(LESSON.replace("Edges", title), "utf-8")
    monkeypatch.setattr(lessons, "resources", lambda: tmp_path)
    assert lesson_text("edges", ["fr", "de"]).title == "Kanten"
    assert lesson_text("edges", ["fr"]).title == "Edges"
    with pytest.raises(FileNotFoundError):
        lesson_text("corners", ["de"])


def test_the_environment_says_which_languages_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert languages() == []
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    assert languages() == ["de_AT", "de"]
    monkeypatch.setenv("LANGUAGE", "fr:de_DE")
    assert languages() == ["fr", "de_DE", "de"]

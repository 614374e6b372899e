"""Groups of pictures that a person found to be as they should be."""

from pathlib import Path

from cnn_desktop.data.decisions import DecisionBook, Decisions

PAIR, OTHER = ("a/1.png", "a/2.png"), ("b/1.png", "b/2.png")


def test_what_is_kept_is_remembered_by_kind_and_undone(tmp_path: Path) -> None:
    book = DecisionBook.of("digits", tmp_path)
    book.keep("exact_duplicates", [PAIR])
    book.keep("exact_duplicates", [OTHER, PAIR])
    book.keep("leaks", [PAIR])
    again = DecisionBook.of("digits", tmp_path)
    assert again.decisions.kept == {"exact_duplicates": (PAIR, OTHER), "leaks": (PAIR,)}
    assert book.undo() == "Keep 1 group"
    assert book.undo() == "Keep 2 groups"
    assert DecisionBook.of("digits", tmp_path).decisions.kept == {"exact_duplicates": (PAIR,)}


def test_taking_a_picture_back_forgets_the_groups_that_it_was_kept_in() -> None:
    kept = Decisions().with_kept("torn", [PAIR, OTHER])
    assert kept.with_back([PAIR[1]]).kept == {"torn": (OTHER,)}

from pathlib import Path

import pytest

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.train.runs.notes import RunNotes, all_tags, parse_tags, read_notes, write_notes


def test_notes_are_kept_as_they_were_written(tmp_path: Path) -> None:
    notes = RunNotes(text="Learnt faster,\nwith “quotes” and 🎈.", tags=("baseline", "für den Vortrag"))
    write_notes(tmp_path, notes)
    assert read_notes(tmp_path) == notes
    assert read_notes(tmp_path / "elsewhere") == RunNotes()
    assert [file.name for file in tmp_path.iterdir()] == ["notes.json"]


def test_tags_from_a_line() -> None:
    assert parse_tags(" a, b  c ,a,, ,\tD") == ("a", "b c", "D")
    assert parse_tags("") == ()
    assert all_tags([RunNotes(tags=("b", "a")), RunNotes(tags=("C", "a"))]) == ("a", "b", "C")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'{"text": 3', b'{"tags": "x"}', b'{"other": 1}'])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.json").write_bytes(content)
    assert read_notes(tmp_path) == RunNotes()
    write_notes(tmp_path, RunNotes(text="new"))
    assert read_notes(tmp_path).text == "new"
    assert (tmp_path / "notes.json.broken").read_bytes() == content


def test_a_folder_that_is_gone_is_said_and_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="run-7"):
        write_notes(tmp_path / "run-7", RunNotes(text="lost"))
    assert not (tmp_path / "run-7").exists()

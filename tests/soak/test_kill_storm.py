"""A small storm; `make soak` blows the large ones."""

from pathlib import Path

from tests.soak.kill_storm import Storm, write_digits


def test_a_killed_run_ends_with_the_bits_of_an_undisturbed_one(tmp_path: Path) -> None:
    write_digits(tmp_path / "digits", 200)
    storm = Storm("files", str(tmp_path / "digits"), {"CNN_DESKTOP_PIXEL_MEMORY": "0"})
    storm.blow(tmp_path, steps=240, kills=3, seed=1)
    assert storm.wrong == []
    killed = [start for start in storm.starts if start.outcome == "killed"]
    assert len(killed) == 3
    assert any(start.first_step > 0 for start in storm.starts), "starting over would end with the same bits, too"

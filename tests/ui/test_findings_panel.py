"""The findings panel, driven as a person would drive it, over a folder in which things were planted."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QListView, QProgressBar
from pytestqt.qtbot import QtBot

from cnn_desktop.core.settings import Settings
from cnn_desktop.data.health import Finding
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.ui.context import AppContext, SettingsStore
from cnn_desktop.ui.pages.data.findings import mislabels_dialog
from cnn_desktop.ui.pages.data.findings.finding_rows import LINE_ROLE
from cnn_desktop.ui.pages.data.findings_panel import FindingsPanel
from cnn_desktop.ui.pages.data.session import DatasetSession
from cnn_desktop.ui.pages.models.chooser import ModelChooser
from tests.ui.conftest import child
from tests.ui.picture_folders import make_folder

COPIES = {"train/bird/000.png": "train/bird/copy.png", "train/cat/003.png": "train/cat/again.png"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two copies, one of them three times; a leak; a torn pair; a file that can't be read."""
    folder = tmp_path / "animals"
    make_folder(folder / "train", {"bird": 13, "cat": 15, "dog": 17})
    for name, last in (("bird", "012.png"), ("cat", "014.png"), ("dog", "016.png")):
        (folder / "validation" / name).mkdir(parents=True)
        (folder / "train" / name / last).rename(folder / "validation" / name / last)
    for source, copy in COPIES.items():
        shutil.copy(folder / source, folder / copy)
    shutil.copy(folder / "train/cat/003.png", folder / "train/cat/thrice.png")
    shutil.copy(folder / "train/dog/001.png", folder / "validation/dog/leak.png")
    shutil.copy(folder / "train/dog/002.png", folder / "train/bird/torn.png")
    (folder / "train/cat/broken.png").write_bytes(b"nothing")
    return folder


@pytest.fixture
def panel(qtbot: QtBot, themed: QApplication, folder: Path) -> Iterator[FindingsPanel]:
    session = DatasetSession()
    panel = FindingsPanel(AppContext(SettingsStore(Settings(), None)), session)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.show()
    with qtbot.waitSignal(session.opened, timeout=10_000):
        session.open(str(folder))
    yield panel
    panel.shutdown()
    session.shutdown()


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for models on the disk; a test says which one is opened."""
    monkeypatch.setattr(ModelChooser, "refresh", lambda _chooser: None)


@pytest.fixture
def checked(qtbot: QtBot, panel: FindingsPanel) -> FindingsPanel:
    click(panel, "checkButton")
    qtbot.waitUntil(lambda: panel._session.report is not None, timeout=20_000)
    settle(qtbot, panel)
    return panel


def settle(qtbot: QtBot, panel: FindingsPanel) -> None:
    qtbot.waitUntil(lambda: not panel._session.is_changing and not panel._looking.is_running, timeout=10_000)


def click(panel: FindingsPanel, name: str) -> None:
    (button,) = (button for button in panel.findChildren(QAbstractButton, name) if button.isVisible())
    assert button.isEnabled(), name
    button.click()


def choose(panel: FindingsPanel, kind: str) -> Finding:
    panel.show_finding(kind)
    finding = panel.list.finding
    assert finding is not None and finding.kind == kind
    return finding


def shown(panel: FindingsPanel) -> dict[str, str]:
    """The badge of each picture that is shown, by its key."""
    return {picture.key: picture.badge for picture in panel.detail.grid._pictures}


def select(panel: FindingsPanel, *keys: str) -> None:
    grid = panel.detail.grid
    places = [place for place, picture in enumerate(grid._pictures) if picture.key in keys]
    assert len(places) == len(keys)
    grid.choose(places[0])
    grid.selection.chosen = set(places)
    grid.selection_changed.emit()


def used(folder: Path) -> dict[str, str]:
    """The class of each picture, by its key, as a training would find it."""
    dataset = open_dataset(str(folder))
    return {
        key: dataset.classes[int(label)]
        for split in dataset.splits.values()
        for key, label in zip(split.all_keys(), split.labels, strict=True)
    }


def test_before_the_check_there_is_one_button(panel: FindingsPanel) -> None:
    assert panel._stack.currentWidget() is panel._waiting
    assert child(panel, QAbstractButton, "checkButton").isVisible()


def test_without_a_dataset_it_says_what_to_do(qtbot: QtBot, themed: QApplication) -> None:
    panel = FindingsPanel(AppContext(SettingsStore(Settings(), None)), DatasetSession())
    qtbot.addWidget(panel)
    assert "Open a dataset" in panel._empty.message.text()
    assert not panel._empty.button.isVisibleTo(panel)
    panel.shutdown()


def test_the_check_can_be_cancelled(qtbot: QtBot, panel: FindingsPanel) -> None:
    click(panel, "checkButton")
    assert panel._stack.currentWidget() is panel._busy
    click(panel, "checkCancel")
    assert panel._stack.currentWidget() is panel._waiting
    qtbot.wait(50)
    assert panel._session.report is None


def test_the_check_says_how_far_it_is(panel: FindingsPanel) -> None:
    panel._progress.begin()
    panel._session.check_progressed.emit(30, 120)
    assert child(panel, QProgressBar, "checkProgress").value() == 250
    assert "30 of 120 pictures" in child(panel, QLabel, "checkStatus").text()
    panel._session.check_progressed.emit(120, 120)
    assert "Comparing" in child(panel, QLabel, "checkStatus").text()


def test_what_was_planted_is_listed_the_most_harmful_first(checked: FindingsPanel) -> None:
    report = checked._session.report
    assert report is not None
    rows = [checked.list.model.index(row, 0).data() for row in range(checked.list.model.rowCount())]
    assert rows == ["Figures", *(finding.title for finding in report.findings)]
    kinds = [finding.kind for finding in report.findings]
    assert {"leaks", "torn", "exact_duplicates", "unreadable"} <= set(kinds)
    assert kinds.index("leaks") < kinds.index("exact_duplicates")


def test_figures_are_those_of_the_report(checked: FindingsPanel) -> None:
    report = checked._session.report
    assert report is not None
    assert checked.detail._stack.currentWidget() is checked.detail.overview
    bars = checked.detail.overview.bars
    assert [name for name, _counts in bars["Pictures by class"].rows] == ["bird", "cat", "dog"]
    counts = {name: dict(counts) for name, counts in bars["Pictures by class"].rows}
    assert counts["cat"] == {"train": 16, "validation": 1}
    assert bars["Sizes"].rows == [("8×8", {"": report.facts.picture_count})]
    assert [name for name, _counts in bars["File types"].rows] == ["PNG"]


def test_a_finding_shows_its_groups_side_by_side(checked: FindingsPanel) -> None:
    finding = choose(checked, "exact_duplicates")
    grid = checked.detail.grid
    assert list(shown(checked)) == [key for group in finding.groups for key in group]
    for group in finding.groups:
        cells = [grid.cell_rect(list(shown(checked)).index(key)) for key in group]
        assert len({cell.top() for cell in cells}) == 1
        assert [cell.left() for cell in cells] == sorted({cell.left() for cell in cells})
    captions = {picture.key: picture.caption for picture in grid._pictures}
    assert captions["train/bird/copy.png"] == "training · bird"
    assert captions["validation/dog/leak.png"] == "validation · dog"
    assert child(checked, QLabel, "findingSentence").text() == finding.sentence


def test_files_that_are_no_pictures_are_listed_with_their_reasons(checked: FindingsPanel) -> None:
    finding = choose(checked, "unreadable")
    table = checked.detail.files.model()
    assert checked.detail._stack.currentWidget() is checked.detail.files
    assert table.index(0, 0).data() == "train/cat/broken.png"
    assert table.index(0, 1).data() == finding.marks["train/cat/broken.png"]


def test_the_first_of_each_is_kept_and_the_others_left_out(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    finding = choose(checked, "exact_duplicates")
    copies = [key for group in finding.groups for key in group[1:]]
    assert checked.detail.main.text() == f"Leave out {len(copies)} copies"
    click(checked, "settleFindingButton")
    settle(qtbot, checked)
    assert not used(folder).keys() & set(copies)
    assert {group[0] for group in finding.groups} <= used(folder).keys()
    assert {key for key, badge in shown(checked).items() if badge == "left out"} == set(copies)
    assert all(picture.is_dimmed == (picture.key in copies) for picture in checked.detail.grid._pictures)
    assert not checked.detail.main.isEnabled()
    line = checked.list.view.currentIndex().data(LINE_ROLE)
    assert f"{len(finding.groups)} decided" in line


def test_what_is_left_out_is_drawn_pale(qtbot: QtBot, checked: FindingsPanel) -> None:
    choose(checked, "exact_duplicates")
    grid = checked.detail.grid
    place = list(shown(checked)).index("train/bird/copy.png")

    def darkness() -> float:
        qtbot.waitUntil(lambda: grid.is_loaded(place) and grid.is_loaded(0))
        cell = grid.cell_rect(place)
        drawn = grid.viewport().grab(cell.adjusted(30, 40, -30, -40)).toImage()
        colors = [drawn.pixelColor(x, y) for x in range(drawn.width()) for y in range(drawn.height())]
        return 255 - sum(color.lightness() for color in colors) / len(colors)

    before = darkness()
    checked._session.leave_out(["train/bird/copy.png"], "by hand")
    settle(qtbot, checked)
    assert darkness() < 0.6 * before


def test_only_the_groups_of_chosen_pictures_are_settled(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    choose(checked, "exact_duplicates")
    select(checked, "train/bird/copy.png")
    assert checked.detail.main.text() == "Leave out 1 copy"
    click(checked, "settleFindingButton")
    settle(qtbot, checked)
    assert [key for key, badge in shown(checked).items() if badge] == ["train/bird/copy.png"]


def test_chosen_pictures_are_left_out_and_undo_takes_them_back(
    qtbot: QtBot, checked: FindingsPanel, folder: Path
) -> None:
    choose(checked, "torn")
    select(checked, "train/bird/torn.png")
    click(checked, "leaveOutPicturesButton")
    settle(qtbot, checked)
    assert shown(checked)["train/bird/torn.png"] == "left out"
    assert "train/bird/torn.png" not in used(folder)
    checked._session.undo()
    settle(qtbot, checked)
    assert shown(checked)["train/bird/torn.png"] == ""
    assert "train/bird/torn.png" in used(folder)


def test_chosen_pictures_are_moved_and_taken_back(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    choose(checked, "torn")
    select(checked, "train/bird/torn.png")
    checked.detail.actions_.move_asked.emit("dog")
    settle(qtbot, checked)
    assert shown(checked)["train/bird/torn.png"] == "moved"
    assert used(folder)["train/bird/torn.png"] == "dog"
    assert "1 decided" in checked.list.view.currentIndex().data(LINE_ROLE)
    select(checked, "train/bird/torn.png")
    click(checked, "takeBackPicturesButton")
    settle(qtbot, checked)
    assert used(folder)["train/bird/torn.png"] == "bird"


def test_a_group_is_kept_as_it_is(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    finding = choose(checked, "exact_duplicates")
    select(checked, "train/bird/copy.png")
    click(checked, "keepPicturesButton")
    settle(qtbot, checked)
    kept = {key for key, badge in shown(checked).items() if badge == "kept"}
    assert kept == {"train/bird/000.png", "train/bird/copy.png"}
    assert kept <= used(folder).keys()
    assert "1 decided" in checked.list.view.currentIndex().data(LINE_ROLE)
    checked.detail.grid.selection.clear()
    checked.detail.grid.selection_changed.emit()
    others = [key for group in finding.groups for key in group[1:] if not kept & set(group)]
    assert checked.detail.main.text() == f"Leave out {len(others)} copies"  # those kept aren't among them
    checked._session.undo()
    settle(qtbot, checked)
    assert "kept" not in shown(checked).values()


def test_what_was_chosen_stays_chosen_after_a_decision(qtbot: QtBot, checked: FindingsPanel) -> None:
    choose(checked, "exact_duplicates")
    select(checked, "train/bird/copy.png")
    click(checked, "leaveOutPicturesButton")
    settle(qtbot, checked)
    assert checked.detail.grid.chosen_keys() == ["train/bird/copy.png"]


def test_a_picture_is_opened_large_and_decided_about_there(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    choose(checked, "exact_duplicates")
    grid, keys = checked.detail.grid, list(shown(checked))
    grid.choose(0)
    grid.picture_opened.emit(grid.picture(0).ref)
    assert checked._stack.currentWidget() is checked.large
    assert checked.large.name.text() == keys[0]
    qtbot.keyClick(checked.large, Qt.Key.Key_Right)
    assert checked.large.name.text() == keys[1]
    qtbot.keyClick(checked.large, Qt.Key.Key_Delete)
    settle(qtbot, checked)
    assert keys[1] not in used(folder)
    assert "left out" in checked.large._known
    assert checked._stack.currentWidget() is checked.large
    qtbot.keyClick(checked.large, Qt.Key.Key_Escape)
    assert checked._stack.currentWidget() is checked._told


def test_the_report_stays_while_the_dataset_does(qtbot: QtBot, checked: FindingsPanel, folder: Path) -> None:
    choose(checked, "exact_duplicates")
    click(checked, "settleFindingButton")
    settle(qtbot, checked)
    assert checked._stack.currentWidget() is checked._told
    with qtbot.waitSignal(checked._session.opened, timeout=10_000):
        checked._session.open("digits")
    assert checked._stack.currentWidget() is checked._waiting


def test_after_the_next_check_what_was_settled_is_gone(qtbot: QtBot, checked: FindingsPanel) -> None:
    choose(checked, "exact_duplicates")
    click(checked, "settleFindingButton")
    settle(qtbot, checked)
    before = checked._session.report
    click(checked, "checkAgainButton")
    qtbot.waitUntil(lambda: checked._session.report is not before, timeout=20_000)
    assert checked._session.report is not None
    assert "exact_duplicates" not in {finding.kind for finding in checked._session.report.findings}


@pytest.mark.parametrize("kind", ["html", "json"])
def test_the_report_is_saved(
    qtbot: QtBot, checked: FindingsPanel, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "report"), ""))
    with qtbot.waitSignal(checked._context.message_sent, timeout=10_000) as told:
        checked.list.save_asked.emit(kind)
    text = (tmp_path / f"report.{kind}").read_text("utf-8")
    assert f"report.{kind}" in told.args[0]
    assert "copy.png" in text
    if kind == "json":
        assert {finding["kind"] for finding in json.loads(text)["findings"]} >= {"leaks", "torn"}


def test_likely_mislabels_join_the_findings_and_are_moved_as_suggested(
    qtbot: QtBot, checked: FindingsPanel, folder: Path, monkeypatch: pytest.MonkeyPatch, no_models: None
) -> None:
    keys = ("train/cat/001.png", "train/cat/002.png")
    found = Finding(
        "mislabels", "note", "2 likely mislabels", "They look like others.", tuple((key,) for key in keys),
        dict.fromkeys(keys, "looks like dog"), dict.fromkeys(keys, "dog"),
    )  # fmt: skip
    monkeypatch.setattr(mislabels_dialog, "_likely_mislabels", lambda _dataset, _model, progress: found)
    click(checked, "findMislabelsButton")
    dialog = checked._mislabels
    assert dialog is not None and dialog.isVisible()
    search = child(dialog, QAbstractButton, "searchMislabelsButton")
    assert not search.isEnabled()
    dialog.chooser.opened.emit(object())
    search.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=10_000)
    settle(qtbot, checked)
    assert checked.list.finding == found
    assert shown(checked) == dict.fromkeys(keys, "→ dog")
    assert not checked.detail.main.isEnabled()
    select(checked, keys[0])
    click(checked, "settleFindingButton")
    settle(qtbot, checked)
    assert shown(checked)[keys[0]] == "moved"
    assert used(folder)[keys[0]] == "dog" and used(folder)[keys[1]] == "cat"


def test_a_search_for_mislabels_that_finds_none_or_fails_says_so(
    qtbot: QtBot, checked: FindingsPanel, monkeypatch: pytest.MonkeyPatch, no_models: None
) -> None:
    click(checked, "findMislabelsButton")
    dialog = checked._mislabels
    assert dialog is not None
    dialog.chooser.opened.emit(object())
    none = Finding("mislabels", "note", "No label looks wrong", "All are where they belong.")
    answers: list[Finding | Exception] = [none, ValueError("the model broke")]

    def answer(*_args: object, progress: object) -> Finding:
        now = answers.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    monkeypatch.setattr(mislabels_dialog, "_likely_mislabels", answer)
    for sentence in ("All are where they belong.", "the model broke"):
        child(dialog, QAbstractButton, "searchMislabelsButton").click()
        qtbot.waitUntil(lambda: not dialog._searching.is_running)
        assert sentence in dialog._error.text()
    dialog.reject()


def test_a_very_large_finding_is_shown_in_part(
    qtbot: QtBot, checked: FindingsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnn_desktop.ui.pages.data.findings.detail_card._MOST", 3)
    finding = choose(checked, "exact_duplicates")
    assert len(shown(checked)) == 3
    assert checked.detail._note.text() == f"3 of {len(finding.keys)} pictures are shown."


def test_a_picture_that_is_gone_from_the_folder_is_passed_over(
    qtbot: QtBot, checked: FindingsPanel, folder: Path
) -> None:
    report = checked._session.report
    assert report is not None
    ghost = replace(report.findings[0], groups=(("train/bird/ghost.png", "train/bird/000.png"),))
    checked._session.add_finding(ghost)
    settle(qtbot, checked)
    choose(checked, ghost.kind)
    assert list(shown(checked)) == ["train/bird/000.png"]


def test_severity_is_told_in_words_too(checked: FindingsPanel) -> None:
    view = child(checked, QListView, "findingsList")
    texts = [view.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(1, 4)]
    assert all(text.startswith(("Warning, ", "Note, ")) for text in texts)

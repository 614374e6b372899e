"""What narrows down the pictures that are shown: class, split, finding, part of the name; and how large they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.pages.data.pictures.listing import LEFT_OUT, PictureFilter
from cnn_desktop.ui.theme import S8
from cnn_desktop.ui.widgets.fields import Picker, WheelGuard
from cnn_desktop.ui.widgets.picture_grid import LARGEST, SMALLEST

if TYPE_CHECKING:
    from cnn_desktop.data.health.report import Finding
    from cnn_desktop.ui.pages.data.pictures.listing import Catalogue

_TYPING_PAUSE = 150
"""Milliseconds without a key, after which the pictures are filtered by what was typed."""


class FilterBar(QWidget):
    """Three pickers in a row; `text` and `side` belong to it, and are placed by the owner where there is room."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: Mapping[str, Finding] = {}
        self.classes = self._picker("pictureClassPicker", _("Class"))
        self.splits = self._picker("pictureSplitPicker", _("Split"))
        self.findings = self._picker("pictureFindingPicker", _("Finding"))
        self.text = QLineEdit()
        self.text.setObjectName("pictureNameFilter")
        self.text.setAccessibleName(_("Part of the file name"))
        self.text.setPlaceholderText(_("Part of the name"))
        self.text.setClearButtonEnabled(True)
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setObjectName("thumbnailSide")
        self.side.setAccessibleName(_("Size of the thumbnails"))
        self.side.setToolTip(_("Size of the thumbnails; also Ctrl and the wheel"))
        self.side.setRange(SMALLEST, LARGEST)
        self.side.setMinimumHeight(24)
        self.side.installEventFilter(WheelGuard(self.side))
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.text.textChanged.connect(lambda _text: self._pause.start())
        for picker in (self.classes, self.splits, self.findings):
            picker.edited.connect(self.changed)
        self._lay_out()

    def read(self) -> PictureFilter:
        """What is asked for."""
        return PictureFilter(
            self.classes.choice(),
            self.splits.choice(),
            self._findings.get(self.findings.choice()),
            self.text.text().strip(),
        )

    def clear(self) -> None:
        """Ask for all pictures."""
        self._quietly(self._choose_all)
        self.changed.emit()

    def offer(self, catalogue: Catalogue) -> None:
        """Offer the classes and splits of a dataset; what was chosen stays where it is still there."""
        from cnn_desktop.data.dataset import split_title

        dataset = catalogue.used.dataset
        splits = {
            name: _("{split} · {count:,}").format(split=split_title(name).capitalize(), count=len(split))
            for name, split in dataset.splits.items()
        }
        if catalogue.left_out.keys:
            splits[LEFT_OUT] = _("Left out · {count:,}").format(count=len(catalogue.left_out.keys))
        self._quietly(lambda: _fill(self.classes, _("All classes"), {name: name for name in dataset.classes}))
        self._quietly(lambda: _fill(self.splits, _("All splits"), splits))

    def offer_findings(self, findings: Sequence[Finding]) -> None:
        """Offer the findings of a report that name pictures."""
        self._findings = {f"{place} {finding.kind}": finding for place, finding in enumerate(findings)}
        titles = {name: finding.title for name, finding in self._findings.items() if finding.groups}
        none = _("With and without findings") if titles else _("No findings")
        self._quietly(lambda: _fill(self.findings, none, titles))
        self.findings.setEnabled(bool(titles))

    def choose_finding(self, finding: Finding) -> None:
        """Show the pictures of a finding, all of them."""
        self._quietly(self._choose_all)
        name = next((name for name, offered in self._findings.items() if offered == finding), "")
        self._quietly(lambda: self.findings.choose(name))
        self.changed.emit()

    def _choose_all(self) -> None:
        for picker in (self.classes, self.splits, self.findings):
            picker.setCurrentIndex(0)
        self.text.clear()
        self._pause.stop()

    def _quietly(self, change: Callable[[], object]) -> None:
        pickers = (self.classes, self.splits, self.findings, self.text)
        before = [picker.blockSignals(True) for picker in pickers]
        change()
        for picker, was_blocked in zip(pickers, before, strict=True):
            picker.blockSignals(was_blocked)

    def _picker(self, name: str, title: str) -> Picker:
        picker = Picker(name)
        picker.setAccessibleName(title)
        picker.setToolTip(title)
        return picker

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        for picker in (self.classes, self.splits, self.findings):
            row.addWidget(picker, 1)
        self.text.setMinimumWidth(96)
        self.text.setMaximumWidth(240)
        self.side.setMinimumWidth(72)
        self.side.setMaximumWidth(140)


def _fill(picker: Picker, everything: str, titles: Mapping[str, str]) -> None:
    chosen = picker.choice()
    picker.clear()
    picker.addItem(everything, "")
    for data, title in titles.items():
        picker.addItem(title, data)
    picker.write(chosen)

"""The classes that are recorded: rows with buttons to hold, keys for them, and one row more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import set_icon
from cnn_desktop.ui.pages.data.capture.class_row import ClassRow
from cnn_desktop.ui.pages.data.capture.places import objection_to
from cnn_desktop.ui.theme import S8, S16
from cnn_desktop.ui.widgets.card import Card

_AT_FIRST = 2


class ClassesCard(Card):
    """Rows by the name of their class; whoever records listens to `begun` and `ended`."""

    begun = Signal(str)
    """The class whose button or key is held down."""
    ended = Signal()
    count_asked = Signal(str)
    """A class that is new here: its folder may hold pictures already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Classes"), parent)
        self.rows: list[ClassRow] = []
        self._held: ClassRow | None = None
        self._is_recordable = False
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, S8, 0)
        self._list.setSpacing(S16)
        self._add = QPushButton(_("Add a class"))
        self._add.setObjectName("captureAddClass")
        self._add.setAccessibleName(self._add.text())
        self._add.setProperty("role", "link")
        self._add.setAutoDefault(False)
        set_icon(self._add, "plus")
        self._add.clicked.connect(self._add_new)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S16)
        column.addLayout(self._list)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self.body.addWidget(self._area, 1)

    def show_classes(self, names: Sequence[str]) -> None:
        """Show a row for each class, or two to be named where there is none."""
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()  # deleted only when the event loop comes by
            row.deleteLater()
        self.rows = []
        self._held = None
        for name in names:
            self._add_row(name)
        if not names:
            for _number in range(_AT_FIRST):
                self._add_row(self._free_name())
            self.rows[0].edit_name()

    def show_count(self, class_name: str, count: int) -> None:
        """Say how many pictures a class has."""
        for row in self.rows:
            if row.name == class_name:
                row.show_count(count)

    def show_picture(self, class_name: str, picture: QImage) -> None:
        """Show what was recorded of a class last."""
        for row in self.rows:
            if row.name == class_name:
                row.show_picture(picture)

    def set_recordable(self, is_recordable: bool) -> None:
        """Whether there is anything to record."""
        self._is_recordable = is_recordable
        for row in self.rows:
            row.set_recordable(is_recordable)

    @property
    def filled(self) -> int:
        """Classes that have pictures."""
        return sum(row.count > 0 for row in self.rows)

    def hold(self, number: int) -> bool:
        """Hold the button of row `number` (from 1) as its key does; False where there is no such row."""
        row = next((row for row in self.rows if row.number == number and row.button.isEnabled()), None)
        if row is not None and self._held is None:
            row.button.setDown(True)
            self._begin(row)
        return row is not None

    def release(self) -> None:
        """Let go of whatever is held."""
        if self._held is not None:
            self._held.button.setDown(False)
            self._held = None
            self.ended.emit()

    def _begin(self, row: ClassRow) -> None:
        self._held = row
        self.begun.emit(row.name)

    def _on_held(self, row: ClassRow, is_held: bool) -> None:
        if not is_held:
            self.release()
        elif self._held is None:
            self._begin(row)

    def _add_new(self) -> None:
        row = self._add_row(self._free_name())
        row.edit_name()
        self._area.ensureWidgetVisible(self._add)

    def _add_row(self, name: str) -> ClassRow:
        row = ClassRow(len(self.rows) + 1, name)
        row.set_recordable(self._is_recordable)
        row.held.connect(lambda is_held: self._on_held(row, is_held))
        row.renamed.connect(lambda wanted: self._rename(row, wanted))
        self.rows.append(row)
        self._list.addWidget(row)
        self.count_asked.emit(name)
        return row

    def _rename(self, row: ClassRow, wanted: str) -> None:
        if wanted == row.name:
            row.show_objection("")
            return
        objection = objection_to(wanted, [other.name for other in self.rows if other is not row])
        if objection:
            row.show_objection(objection)
        else:
            row.show_name(wanted)
            self.count_asked.emit(wanted)

    def _free_name(self) -> str:
        number = len(self.rows) + 1
        while objection_to(name := _("Class {number}").format(number=number), [row.name for row in self.rows]):
            number += 1
        return name

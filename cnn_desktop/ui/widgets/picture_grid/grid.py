"""The picture grid: pictures are chosen and opened by mouse and keys, as in a file manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.widgets.picture_grid.view import PictureView

if TYPE_CHECKING:
    from cnn_desktop.data.dataset import Dataset, PictureRef

_WHEEL_STEP = 16
"""Pixels by which thumbnails grow at a step of the wheel."""


class PictureGrid(PictureView):
    """Any number of thumbnails: click, Ctrl, Shift or a drawn frame choose, Enter or a double click opens.

    Args:
        name: what screen readers call it.
    """

    picture_opened = Signal(object)
    """The `PictureRef` of a picture that was double-clicked, or the current one when Enter was pressed."""
    picture_clicked = Signal(object)
    """The `PictureRef` of a picture that was clicked once, without a key held or a frame drawn."""
    selection_changed = Signal()
    context_menu_asked = Signal(QPoint)
    """Where on the screen; what the menu is about is chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._pressed: QPoint | None = None
        """Where a frame would begin, in coordinates of the whole content."""
        self._chosen_before: set[int] = set()

    def show_pictures(
        self, dataset: Dataset | None, refs: Sequence[PictureRef], marks: Mapping[str, str] | None = None
    ) -> None:
        """Show these pictures of `dataset` in that order, with words on those that `marks` names by their keys.

        None is chosen afterwards. `refs` may be any sequence, also one that makes its members when they are asked for.
        """
        current = self.selection.current
        self.replace(dataset, refs, marks or {})
        self.selection.current = min(current, self.count - 1)  # the keys go on where pictures were taken out
        self._tell()

    def selected(self) -> list[PictureRef]:
        """The chosen pictures, in the order in which they are shown."""
        return [self.shown.refs[place] for place in sorted(self.selection.chosen)]

    @property
    def current(self) -> int:
        """The place of the picture that keys go on from, or -1."""
        return self.selection.current

    @property
    def selected_count(self) -> int:
        """How many pictures are chosen; `selected` takes its time where these are tens of thousands."""
        return len(self.selection.chosen)

    def choose(self, place: int) -> None:
        """Choose the picture at `place` and no other, and bring it into sight."""
        self.selection.choose(place)
        self._go_to_current()

    def choose_all(self) -> None:
        """Choose all that are shown."""
        self.selection.choose_all()
        self._tell()

    def _go_to_current(self) -> None:
        if self.selection.current >= 0:
            self.bring_into_sight(self.selection.current)
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleDescription(self._described())
        self.viewport().update()
        self.selection_changed.emit()

    def _described(self) -> str:
        """What a screen reader says: the current picture, and how many are chosen."""
        place = self.selection.current
        if place < 0:
            return _("{count:,} pictures").format(count=self.count)
        text = _("{name}, {class_name}, {at:,} of {count:,}; {chosen:,} chosen")
        return text.format(
            name=self.shown.key(place),
            class_name=self.shown.class_name(place),
            at=place + 1,
            count=self.count,
            chosen=self.selected_count,
        )

    # ---- the mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, modifiers = self.place_at(event.position().toPoint()), event.modifiers()
        adds = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if event.button() == Qt.MouseButton.RightButton:
            if place >= 0 and place not in self.selection.chosen:
                self.selection.choose(place)
                self._tell()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._chosen_before = set(self.selection.chosen) if adds else set()
        self._pressed = self._in_content(event)
        if place < 0 and not adds:
            self.selection.clear()
        elif place >= 0 and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.selection.extend(place)
        elif place >= 0 and adds:
            self.selection.toggle(place)
        elif place >= 0:
            self.selection.choose(place)
        self._tell()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        here = self._in_content(event)
        if self.band.isEmpty() and (here - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        outside = event.position().toPoint().y() - min(max(event.position().toPoint().y(), 0), self.viewport().height())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + outside)
        self.band = QRect(self._pressed, here).normalized()
        self.selection.chosen = self._chosen_before | self.layout_of_cells.inside(self.band)
        self._tell()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        is_click = self._pressed is not None and self.band.isEmpty() and self.selection.chosen == {place}
        self._pressed = None
        self.band = QRect()
        self.viewport().update()
        if is_click and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.picture_clicked.emit(self.shown.refs[place])

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.picture_opened.emit(self.shown.refs[place])

    def _in_content(self, event: QMouseEvent) -> QPoint:
        return event.position().toPoint() + QPoint(0, self.verticalScrollBar().value())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        if event.angleDelta().y():
            self.set_thumbnail_side(self.thumbnail_side + (_WHEEL_STEP if event.angleDelta().y() > 0 else -_WHEEL_STEP))
        event.accept()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().viewportEvent(event)
        place = self.place_at(event.pos())
        text = "" if place < 0 else self.reason_at(place) or self.shown.key(place)
        QToolTip.showText(event.globalPos(), text, self.viewport(), self.cell_rect(place) if place >= 0 else QRect())
        return True

    # ---- the keys

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.selection.current
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard and place >= 0
        self.context_menu_asked.emit(
            self.viewport().mapToGlobal(self.cell_rect(place).center()) if by_key else event.globalPos()
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.selection.current
        by = self._step(Qt.Key(event.key()))
        if by:
            self.selection.step(by, extending=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._go_to_current()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current >= 0:
            self.picture_opened.emit(self.shown.refs[current])
        elif event.key() == Qt.Key.Key_Space and current >= 0:
            self.selection.toggle(current)
            self._tell()
        elif event.key() == Qt.Key.Key_Escape and self.selection.chosen:
            self.selection.clear()
            self._tell()
        else:
            super().keyPressEvent(event)

    def _step(self, key: Qt.Key) -> int:
        """By how many places a key goes on; 0: it isn't one of these."""
        cells = self.layout_of_cells
        page = max(1, self.viewport().height() // cells.cell_height) * cells.columns
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -cells.columns,
            Qt.Key.Key_Down: cells.columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -self.count,
            Qt.Key.Key_End: self.count,
        }
        return steps.get(key, 0)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

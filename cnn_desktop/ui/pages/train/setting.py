"""One setting of a run: its caption, its field, a sentence on it, and whether it is as recommended."""

from functools import reduce
from typing import Any, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.language import _
from cnn_desktop.ui.theme import S4, S8
from cnn_desktop.ui.widgets.card import caption
from cnn_desktop.ui.widgets.fields import Editor


class Setting(QWidget):
    """A field of a RunConfig; `key` is its name there, such as `seed` or `recipe.epochs`.

    Args:
        key: where the value belongs.
        title: short, with the unit where there is one.
        tip: one sentence on what it does and when to touch it.
        editor: the widget that holds the value.
    """

    edited = Signal()

    def __init__(self, key: str, title: str, tip: str, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.editor = editor
        self._title = title
        self._tip = tip
        self._recommended: Any = None
        self._compares = True
        self._written: tuple[Any, Any] = (None, object())
        self._caption = caption(title)
        self._caption.setWordWrap(False)
        self._head = QHBoxLayout()
        self._head.setSpacing(S4)
        self._head.addWidget(self._caption)
        self._head.addStretch()
        field = cast("QWidget", editor)
        self._caption.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addLayout(self._head)
        column.addWidget(field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        editor.edited.connect(self._on_edited)
        self._show_mark()

    @property
    def is_changed(self) -> bool:
        """Whether the value differs from the recommended one."""
        return self._compares and self._recommended is not None and self.read() != self._recommended[0]

    def read(self) -> Any:
        """The value; one that was written comes back exactly, though the field may show fewer digits."""
        value = self.editor.read()
        written, shown = self._written
        return written if value == shown else value

    def write(self, value: Any) -> None:
        """Hold `value`."""
        self.editor.write(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        self._written = (value, self.editor.read()) if is_number else (None, object())
        self._show_mark()

    def recommend(self, value: Any) -> None:
        """From now on `value` is the recommended one; what the field holds stays."""
        self._recommended = (value,)
        self._show_mark()

    def use_recommended(self) -> None:
        """Hold the recommended value."""
        if self._recommended is not None:
            self.write(self._recommended[0])

    def set_comparing(self, compares: bool) -> None:
        """Whether the field holds something that could be compared with the recommended value."""
        self._compares = compares
        self._show_mark()

    def add_link(self, object_name: str, text: str) -> QPushButton:
        """A quiet button at the right of the caption."""
        link = QPushButton(text)
        link.setObjectName(object_name)
        link.setAccessibleName(text)
        link.setProperty("role", "link")
        link.setProperty("place", "caption")
        link.setFixedHeight(self._caption.sizeHint().height())
        self._head.addWidget(link)
        return link

    def set_title(self, title: str) -> None:
        """Change the caption."""
        self._title = title
        self._show_mark()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self._show_mark()
        super().changeEvent(event)

    def _on_edited(self) -> None:
        self._show_mark()
        self.edited.emit()

    def _show_mark(self) -> None:
        """A dot and the accent colour on what was changed; the tool tip tells what is recommended."""
        is_changed = self.is_changed
        self._caption.setText(f"{self._title} •" if is_changed else self._title)
        if self._caption.property("changed") != is_changed:
            self._caption.setProperty("changed", is_changed)
            self._caption.style().unpolish(self._caption)
            self._caption.style().polish(self._caption)
        tip = self._tip
        if is_changed:
            recommended = _("Recommended: {value}.").format(value=self.editor.words(self._recommended[0]))
            tip = f"{tip}\n{recommended}"
        self.setToolTip(tip)


class SettingsGroup(QWidget):
    """Settings in two columns, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings: list[Setting] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S8)
        self._grid.setVerticalSpacing(S8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def add(self, *row: Setting) -> None:
        """Add a row of one or two settings."""
        self.settings += row
        self.add_widgets(*row)

    def add_widgets(self, *row: QWidget) -> None:
        """Add a row of one or two widgets that are no settings."""
        at = self._grid.rowCount()
        for column, widget in enumerate(row):
            self._grid.addWidget(widget, at, column, 1, 1 if len(row) > 1 else 2, Qt.AlignmentFlag.AlignTop)


def value_at(config: RunConfig, key: str) -> Any:
    """The value of the field `key` in a run's settings."""
    return reduce(getattr, key.split("."), config)

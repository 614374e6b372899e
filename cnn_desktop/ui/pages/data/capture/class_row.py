"""A class that can be recorded: its name, its newest picture, how many there are, and the button to hold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _, ngettext
from cnn_desktop.ui.theme import S4, S8, colors
from cnn_desktop.ui.widgets.card import caption

_THUMBNAIL = QSize(64, 48)
_KEYS = 9


class ClassRow(QWidget):
    """The name can be changed as long as there is no picture: then it is the name of a folder.

    Args:
        number: from 1; the first nine have a key of that number.
    """

    held = Signal(bool)
    """Whether the button is held down."""
    renamed = Signal(str)
    """The name that is wanted; `show_objection` answers where it can't be had."""

    def __init__(self, number: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.number = number
        self.count = 0
        self._is_recordable = True
        self._thumbnail = _Thumbnail()
        self._edit = QLineEdit(name)
        self._edit.setObjectName(f"captureName{number}")
        self._edit.setAccessibleName(_("Name of class {number}").format(number=number))
        self._edit.editingFinished.connect(lambda: self.renamed.emit(self._edit.text().strip()))
        self._edit.returnPressed.connect(lambda: self.button.setFocus(Qt.FocusReason.OtherFocusReason))
        self._about = caption()
        self._about.setObjectName(f"captureCount{number}")
        self._objection = QLabel()
        self._objection.setProperty("role", "error")
        self._objection.setWordWrap(True)
        self._objection.hide()
        self.button = QPushButton(_("Hold to record"))
        self.button.setObjectName(f"captureHold{number}")
        self.button.setAutoDefault(False)
        self.button.pressed.connect(lambda: self.held.emit(True))
        self.button.released.connect(lambda: self.held.emit(False))
        self._lay_out()
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Say how many pictures there are."""
        self.count = count
        text = ngettext("{count:,} picture", "{count:,} pictures", count).format(count=count)
        key = _("key {number}").format(number=self.number) if self.number <= _KEYS else ""
        self._about.setText(" · ".join(filter(None, (text, key))))
        self._edit.setReadOnly(count > 0)
        self._edit.setToolTip(_("A class that has pictures keeps its name.") if count else "")
        self.button.setAccessibleName(_("Hold to record {name}").format(name=self.name))

    def show_picture(self, picture: QImage) -> None:
        """Show what was recorded last."""
        self._thumbnail.show_picture(picture)

    def show_name(self, name: str) -> None:
        """Take a name that was found right."""
        self.name = name
        self._edit.setText(name)
        self.show_objection("")
        self.show_count(self.count)

    def show_objection(self, sentence: str) -> None:
        """Say why the name can't be had; empty: it can."""
        self._objection.setText(sentence)
        self._objection.setVisible(bool(sentence))
        self.set_recordable(self._is_recordable)

    def set_recordable(self, is_recordable: bool) -> None:
        """Whether there is anything to record; with a name that can't be had nothing is, either."""
        self._is_recordable = is_recordable
        self.button.setEnabled(is_recordable and not self._objection.text())

    def edit_name(self) -> None:
        """Let the person write the name at once."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.selectAll()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(S4)
        words.addWidget(self._edit)
        words.addWidget(self._about)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self._thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addLayout(row)
        column.addWidget(self._objection)


class _Thumbnail(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_THUMBNAIL)
        self._picture = QPixmap()

    def show_picture(self, picture: QImage) -> None:
        way = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        self._picture = QPixmap.fromImage(picture.scaled(_THUMBNAIL, way, Qt.TransformationMode.SmoothTransformation))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(self.rect(), 4, 4)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), colors().hover)
        left = (self.width() - self._picture.width()) // 2
        painter.drawPixmap(left, (self.height() - self._picture.height()) // 2, self._picture)
        painter.end()

"""Where pictures come in: dropped, pasted or browsed; the picture is shown in the same place."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget
from typing_extensions import override

from cnn_desktop.core.language import _
from cnn_desktop.ui.icons import draw_icon
from cnn_desktop.ui.theme import S8, S16, colors
from cnn_desktop.ui.widgets.dropped import paths_in, picture_in

_RADIUS = 6


@dataclass(frozen=True)
class Overlay:
    """A picture with transparency that lies over a part of another."""

    image: QImage
    part: QRectF
    """Which part, in shares of the picture's width and height."""


class DropZone(QWidget):
    """Takes files, folders and picture data; Enter, Space or a click on the empty zone browses, arrows turn over.

    Args:
        hint: what the empty zone says, in one or two lines.
    """

    paths_given = Signal(list)
    """Files and folders, as a list of `Path`."""
    picture_given = Signal(QImage)
    """A picture that has no file: pasted, or dragged out of another program."""
    refused = Signal(str)
    """Why what was dropped or pasted can't be used, in one sentence."""

    stepped = Signal(int)
    """An arrow key asks for the picture before (-1) or the next (1)."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self._picture: QImage | None = None
        self._overlay: Overlay | None = None
        self._overlay_opacity = 1.0
        self._mark: QRectF | None = None
        self._is_drag_over = False
        self._last_folder = ""
        self.setObjectName("dropZone")
        self.setAccessibleName(_("Picture: drop, paste or browse"))
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def picture(self) -> QImage | None:
        """The picture shown."""
        return self._picture

    def show_picture(self, picture: QImage | None, name: str = "") -> None:
        """Show a picture fitted into the zone, or with None the hint again."""
        self._picture = picture
        self._overlay = self._mark = None
        self.setAccessibleDescription(name)
        self.setCursor(Qt.CursorShape.ArrowCursor if picture else Qt.CursorShape.PointingHandCursor)
        self.update()

    @property
    def overlay(self) -> Overlay | None:
        """What lies over the picture."""
        return self._overlay

    def show_overlay(self, overlay: Overlay | None) -> None:
        """Lay something over the picture until the next picture is shown, or nothing."""
        self._overlay = overlay
        self.update()

    @property
    def mark(self) -> QRectF | None:
        """The part that is framed."""
        return self._mark

    def show_mark(self, part: QRectF | None) -> None:
        """Frame a part of the picture, in shares of its width and height, until the next is shown; or none."""
        self._mark = part
        self.update()

    def set_overlay_opacity(self, opacity: float) -> None:
        """How much of what lies over the picture is seen, 0…1."""
        self._overlay_opacity = opacity
        self.update()

    def browse(self) -> None:
        """Let the person choose files."""
        patterns = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.avif *.ppm *.pgm *.ico *.jp2"
        chosen, _filter = QFileDialog.getOpenFileNames(
            self,
            _("Open pictures"),
            self._last_folder,
            _("Pictures ({patterns});;All files (*)").format(patterns=patterns),
        )
        if chosen:
            self._last_folder = str(Path(chosen[0]).parent)
            self.paths_given.emit([Path(name) for name in chosen])

    def browse_folder(self) -> None:
        """Let the person choose a folder, with those in it."""
        chosen = QFileDialog.getExistingDirectory(self, _("Open a folder of pictures"), self._last_folder)
        if chosen:
            self._last_folder = chosen
            self.paths_given.emit([Path(chosen)])

    def paste(self) -> None:
        """Take what the clipboard holds: files, the addresses of files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        if self.take(data):
            return
        if data.hasText():
            self.refused.emit(_("The text on the clipboard is no address of a file on this machine."))
        else:
            self.refused.emit(_("The clipboard holds no picture: copy one, or a picture file, and paste again."))

    def take(self, data: QMimeData) -> bool:
        """Take files or a picture as if they were dropped here; whether there were any."""
        if paths := paths_in(data):
            self.paths_given.emit(paths)
            return True
        if (image := picture_in(data)) is not None:
            self.picture_given.emit(image)
            return True
        return False

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Links are taken too, so that dropping one is answered with a reason and not with silence.
        data = event.mimeData()
        if data.hasUrls() or data.hasImage() or data.hasText():
            event.acceptProposedAction()
            self._highlight(True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._highlight(False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._highlight(False)
        event.acceptProposedAction()
        if not self.take(event.mimeData()):
            self.refused.emit(
                _("Only pictures on this machine can be opened: save the picture first, then drop its file.")
            )

    def _highlight(self, on: bool) -> None:
        self._is_drag_over = on
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self._picture is None
            and self.rect().contains(event.position().toPoint())
        ):
            self.browse()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.browse()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._picture is None:
            self._paint_hint(painter, area)
        else:
            area = self._fitted(self._picture, area)
            self._paint_picture(painter, area, self._picture)
        if self._is_drag_over or self.hasFocus():
            painter.setPen(QPen(QColor(colors().accent), 2 if self._is_drag_over else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)

    def _paint_hint(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(QColor(colors().border), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(colors().accent_soft if self._is_drag_over else colors().hover))
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        lines = self._hint.count("\n") + 1
        text_height = lines * painter.fontMetrics().lineSpacing()
        side = 40.0 if area.height() > 160 else 0.0
        top = area.center().y() - (side + S16 + text_height) / 2
        if side:
            draw_icon(painter, "picture", QRectF(area.center().x() - side / 2, top, side, side), colors().muted)
        painter.setPen(QColor(colors().muted))
        words = QRectF(area.left() + S8, top + side + S16 / 2, area.width() - 2 * S8, text_height + S16)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)

    def _fitted(self, picture: QImage, area: QRectF) -> QRectF:
        scale = min(area.width() / picture.width(), area.height() / picture.height())
        width, height = picture.width() * scale, picture.height() * scale
        return QRectF(
            area.left() + (area.width() - width) / 2, area.top() + (area.height() - height) / 2, width, height
        )

    def _paint_picture(self, painter: QPainter, area: QRectF, picture: QImage) -> None:
        if area.width() > 3 * picture.width():
            # A tiny picture is shown as the pixels that it is.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        rounded = QPainterPath()
        rounded.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(rounded)
        painter.drawImage(area, picture)
        if self._overlay is not None:
            self._paint_overlay(painter, area, self._overlay)
        if self._mark is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(QColor(colors().mark), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(_placed(self._mark, area).adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_overlay(self, painter: QPainter, area: QRectF, overlay: Overlay) -> None:
        part = overlay.part
        place = _placed(part, area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._overlay_opacity)
        painter.drawImage(place, overlay.image)
        if part.width() < 1 or part.height() < 1:
            painter.setPen(QPen(QColor(255, 255, 255, 150), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))


def _placed(part: QRectF, area: QRectF) -> QRectF:
    """A part in shares of `area`, where it lies in it."""
    return QRectF(
        area.left() + part.left() * area.width(),
        area.top() + part.top() * area.height(),
        part.width() * area.width(),
        part.height() * area.height(),
    )

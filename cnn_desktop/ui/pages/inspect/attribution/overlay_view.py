"""A picture with a map laid over it, as strongly as one likes."""

from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from cnn_desktop.ui.widgets.pixel_view import PixelView

_COARSE = 64
"""A map with sides no longer than this shows its places as squares."""


class OverlayView(PixelView):
    """`PixelView` draws the picture; the map covers it whole."""

    def __init__(self, object_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(object_name, name, parent=parent)
        self.overlay: QImage | None = None
        self._opacity = 1.0

    @property
    def opacity(self) -> float:
        """How much of the map is seen, 0…1."""
        return self._opacity

    def set_opacity(self, opacity: float) -> None:
        """Show more or less of the map, 0…1."""
        self._opacity = opacity
        self.update()

    def lay_over(self, overlay: QImage | None) -> None:
        """Show a map, with transparency, over the picture; None takes it away."""
        self.overlay = overlay
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.overlay is None or self.image is None:
            return
        painter = QPainter(self)
        painter.setOpacity(self._opacity)
        is_smooth = max(self.overlay.width(), self.overlay.height()) > _COARSE
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(self.place(), self.overlay)
        painter.end()
